//! Shell links (MS-SHLLINK): what a double click runs.

use super::bytes::{at, long, short, u32_at, zero_ended};
use crate::text::{lossless, utf16};

/// Longest command told, characters; a shortcut's own fields end at 4,096.
const COMMAND_MAX: usize = 4_096;
/// Longest path in a link, bytes.
const PATH_MAX: usize = 1_024;
/// Signature of the block that names the target by environment variables.
const ENVIRONMENT: &[u8] = b"\x14\x03\0\0\x01\0\0\xa0";

/// Target and arguments.
pub(super) fn command(bytes: &[u8]) -> Option<String> {
    let flags = u32_at(bytes, 20)?;
    let has = |bit: u32| flags & (1 << bit) != 0;
    let mut place = 76;
    if has(0) {
        place += 2 + short(bytes, place)?;
    }
    let mut target = None;
    if has(1) {
        target = local_path(bytes.get(place..)?);
        place = place.checked_add(long(bytes, place)?)?;
    }
    let mut strings = [const { None }; 5];
    for (number, string) in strings.iter_mut().enumerate() {
        if flags & (4 << number) != 0 {
            let Some((text, end)) = string_at(bytes, place, has(7)) else { break };
            *string = Some(text);
            place = end;
        }
    }
    let [_, relative, _, arguments, _] = strings;
    let target = target.or(relative).or_else(|| environment(bytes));
    let parts: Vec<String> =
        [target, arguments].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" ").chars().take(COMMAND_MAX).collect())
}

fn local_path(info: &[u8]) -> Option<String> {
    let here = u32_at(info, 8)? & 1 == 1;
    let path = zero_ended(info, long(info, 16)?, PATH_MAX)?;
    (here && !path.is_empty()).then(|| lossless(path).into_owned())
}

fn string_at(bytes: &[u8], place: usize, wide: bool) -> Option<(String, usize)> {
    let length = short(bytes, place)? * if wide { 2 } else { 1 };
    let text = at(bytes, place + 2, length)?;
    let text = if wide { utf16(text) } else { lossless(text).into_owned() };
    Some((text, place + 2 + length))
}

fn environment(bytes: &[u8]) -> Option<String> {
    let block = memchr::memmem::find(bytes, ENVIRONMENT)?;
    zero_ended(bytes, block + 8, 260).map(|path| lossless(path).into_owned())
}
