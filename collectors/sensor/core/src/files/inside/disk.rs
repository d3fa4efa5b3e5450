//! ISO 9660 (ECMA-119) with Joliet names.

use std::collections::VecDeque;

use super::bytes::{at, long};
use super::{NESTED, Search};
use crate::text::lossless;

const SECTOR: usize = 2_048;
/// Directories walked; a loop among them ends here too.
const DIRECTORIES_MAX: usize = 128;
/// Bytes of one directory that are read.
const DIRECTORY_MAX: usize = 262_144;
/// Volume descriptors looked at.
const DESCRIPTORS_MAX: usize = 16;

/// Files of all directories, by their long names where the image has them.
pub(super) fn iso(search: &mut Search, bytes: &[u8], path: &str) {
    // Many have both; those of UDF alone come from Windows and from films.
    let Some((root, wide)) = volume(bytes) else { return super::udf::read(search, bytes, path) };
    let mut waiting = VecDeque::from([(root, path.to_owned())]);
    for _ in 0..DIRECTORIES_MAX {
        let Some((extent, path)) = waiting.pop_front() else { return };
        let records = extent_of(bytes, extent, DIRECTORY_MAX);
        if !directory(search, bytes, records, (&path, wide), &mut waiting) {
            return;
        }
    }
}

type Extent = (usize, usize);

fn volume(bytes: &[u8]) -> Option<(Extent, bool)> {
    let mut found = None;
    for number in 0..DESCRIPTORS_MAX {
        let Some(descriptor) = at(bytes, (16 + number) * SECTOR, SECTOR) else { break };
        if descriptor[1..6] != *b"CD001" || descriptor[0] == 255 {
            break;
        }
        let root = (long(descriptor, 158)?, long(descriptor, 166)?);
        let joliet = descriptor[0] == 2 && descriptor[88..90] == *b"%/";
        if joliet {
            return Some((root, true));
        }
        if descriptor[0] == 1 {
            found = found.or(Some((root, false)));
        }
    }
    found
}

fn extent_of(bytes: &[u8], (sector, size): Extent, most: usize) -> &[u8] {
    let rest = sector.checked_mul(SECTOR).and_then(|start| bytes.get(start..)).unwrap_or(&[]);
    &rest[..rest.len().min(size).min(most)]
}

fn directory(
    search: &mut Search,
    bytes: &[u8],
    records: &[u8],
    (path, wide): (&str, bool),
    waiting: &mut VecDeque<(Extent, String)>,
) -> bool {
    let mut place = 0;
    while let Some(&length) = records.get(place) {
        let length = usize::from(length);
        if length == 0 {
            // Records do not cross sectors: the rest of this one is empty.
            place = (place + 1).next_multiple_of(SECTOR);
            continue;
        }
        let Some(record) = at(records, place, length).filter(|record| record.len() > 33) else { return true };
        place += length;
        let Some(name) =
            at(record, 33, usize::from(record[32])).filter(|name| name.len() > 1 || name[..] > [1][..])
        else {
            continue;
        };
        let name = named(name, wide);
        let extent = (long(record, 2).unwrap_or(0), long(record, 10).unwrap_or(0));
        if record[25] & 2 != 0 {
            if waiting.len() < DIRECTORIES_MAX {
                waiting.push_back((extent, super::bounded(&format!("{path}{name}/"))));
            }
        } else {
            if !search.member(path, &name) {
                return false;
            }
            let content = extent_of(bytes, extent, NESTED);
            if !content.is_empty() && search.may_taste() {
                search.content(content, path, &name);
            }
        }
    }
    true
}

/// Without the version behind the semicolon.
fn named(name: &[u8], wide: bool) -> String {
    let text = if wide {
        let units: Vec<u16> = name.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        String::from_utf16_lossy(&units)
    } else {
        lossless(name).into_owned()
    };
    text.split(';').next().unwrap_or("").trim_end_matches('.').to_owned()
}
