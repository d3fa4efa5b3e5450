//! UDF (ECMA-167, OSTA UDF 2.60): names in directories, found by their descriptors, which carry a sum.

use super::Search;
use super::bytes::{at, long, short};
use crate::text::lossless;

const SECTOR: usize = 2_048;
/// Sectors before the volume's recognition area.
const RESERVED: usize = 16;

/// Descriptors looked for (ECMA-167 §4/14).
const IDENTIFIER: usize = 257;
const FILE_ENTRY: usize = 261;
const EXTENDED_FILE_ENTRY: usize = 266;

/// Names of files in all directories.
pub(super) fn read(search: &mut Search, bytes: &[u8], path: &str) {
    let mut place = RESERVED * SECTOR;
    let mut end = place;
    while let Some(sector) = bytes.get(place..) {
        if sector.is_empty() {
            return;
        }
        let names = match tag(sector) {
            Some(IDENTIFIER) if place >= end => Some((place, bytes.len())),
            Some(FILE_ENTRY) => {
                embedded(sector, 176).map(|(start, size)| (place + start, place + start + size))
            }
            Some(EXTENDED_FILE_ENTRY) => {
                embedded(sector, 216).map(|(start, size)| (place + start, place + start + size))
            }
            _ => None,
        };
        if let Some((start, until)) = names {
            match identifiers(search, bytes.get(..until.min(bytes.len())).unwrap_or(&[]), start, path) {
                Some(behind) => end = behind,
                None => return,
            }
        }
        place += SECTOR;
    }
}

/// Which descriptor begins here.
fn tag(bytes: &[u8]) -> Option<usize> {
    let head = at(bytes, 0, 16)?;
    let sum = head.iter().enumerate().filter(|(place, _)| *place != 4).map(|(_, byte)| *byte);
    (sum.fold(0_u8, u8::wrapping_add) == head[4]).then(|| short(head, 0)).flatten()
}

/// Where a small directory stands within its own entry.
fn embedded(entry: &[u8], start: usize) -> Option<(usize, usize)> {
    let directory = *entry.get(27)? == 4 && short(entry, 34)? & 7 == 3;
    let (attributes, size) = (long(entry, start - 8)?, long(entry, start - 4)?);
    directory.then_some((start.checked_add(attributes)?, size.min(SECTOR)))
}

/// Names that stand one behind the other; gives where they end, `None` once no more are wanted.
fn identifiers(search: &mut Search, bytes: &[u8], mut place: usize, path: &str) -> Option<usize> {
    const FOLDER: u8 = 2;
    const DELETED: u8 = 4;
    const PARENT: u8 = 8;
    while let Some(descriptor) = bytes.get(place..).filter(|rest| tag(rest) == Some(IDENTIFIER)) {
        let Some((flags, letters)) = descriptor.get(18).zip(descriptor.get(19)) else { break };
        let (letters, private) = (usize::from(*letters), short(descriptor, 36).unwrap_or(0));
        let Some(name) = at(descriptor, 38 + private, letters) else { break };
        if flags & (FOLDER | DELETED | PARENT) == 0 && !search.member(path, &text(name)) {
            return None;
        }
        place += (38 + private + letters).next_multiple_of(4);
    }
    Some(place)
}

/// The first byte tells how many bits a letter has.
fn text(name: &[u8]) -> String {
    match name.split_first() {
        Some((16, wide)) => {
            let units: Vec<u16> = wide.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16_lossy(&units)
        }
        Some((_, plain)) => lossless(plain).into_owned(),
        None => String::new(),
    }
}
