//! Disks as files: VHD, VHDX and raw images. Containers map their blocks about and volumes theirs, so that names are
//! read where the structures of file systems lie, whatever maps them: records of NTFS, directories of FAT and exFAT.

use super::Search;
use super::bytes::{at, long, short, u16_at};
use crate::text::lossless;

const SECTOR: usize = 512;
const ENTRY: usize = 32;
/// Files that NTFS itself has stand in its first records.
const NTFS_OWN: usize = 24;
/// Longest chain of entries that hold a name: 255 letters of 13 each.
const LONG_MAX: u8 = 20;

/// Names of files in all volumes.
pub(super) fn read(search: &mut Search, bytes: &[u8], path: &str) {
    let mut place = 0;
    while let Some(sector) = at(bytes, place, SECTOR) {
        let record = sector.starts_with(b"FILE").then(|| at(bytes, place, 1_024)).flatten();
        let more = match record {
            Some(record) => ntfs(record).is_none_or(|name| search.member(path, &name)),
            None => fat(search, sector, path) && exfat(search, sector, path),
        };
        if !more {
            return;
        }
        place += SECTOR;
    }
}

/// Name of a file in use, by its record in the master file table; folders, streams and the volume's own have none.
fn ntfs(record: &[u8]) -> Option<String> {
    const IN_USE: u16 = 1;
    let mut place = short(record, 20)?;
    let fixups = short(record, 4)?;
    let sound = matches!(fixups, 42 | 48) && place >= fixups && u16_at(record, 22)? == IN_USE;
    if !sound || (fixups == 48 && long(record, 44)? < NTFS_OWN) {
        return None;
    }
    let mut found = None;
    loop {
        let (kind, size) = (long(record, place)?, long(record, place + 4)?);
        if kind == 0xffff_ffff || size < 24 {
            return found;
        }
        if kind == 0x30 && record.get(place + 8) == Some(&0) {
            let value = place + short(record, place + 20)?;
            let letters = usize::from(*record.get(value + 64)?);
            // The short name beside a long one is told by its name space.
            if *record.get(value + 65)? != 2 {
                found = Some(wide(at(record, value + 66, letters * 2)?));
            }
        }
        place = place.checked_add(size)?;
    }
}

/// Names in a sector of a FAT directory; `false` once no more are wanted. Long names carry a sum over the short one,
/// which no other data has; a sector without any counts as directory when it begins as directories do.
fn fat(search: &mut Search, sector: &[u8], path: &str) -> bool {
    let begins = sector.starts_with(b".          \x10") || is_label(sector);
    let mut long_name = LongName::default();
    for entry in sector.as_chunks::<ENTRY>().0 {
        match (entry[0], entry[11]) {
            (0, _) => return true,
            (0xe5, _) => long_name = LongName::default(),
            (order, 0x0f) => long_name.add(order, entry),
            (_, attributes) if attributes & 0x18 == 0 => {
                let name = long_name.of(entry).or_else(|| begins.then(|| short_name(entry)).flatten());
                if name.is_some_and(|name| !search.member(path, &name)) {
                    return false;
                }
                long_name = LongName::default();
            }
            _ => long_name = LongName::default(),
        }
    }
    true
}

/// The name of a volume comes first in its root; the letters are those of short names, size and place are 0.
fn is_label(sector: &[u8]) -> bool {
    let Some(entry) = sector.first_chunk::<ENTRY>() else { return false };
    matches!(entry[11], 8 | 0x28)
        && entry[26..32] == [0; 6]
        && entry[20..22] == [0; 2]
        && letters(&entry[..11])
}

fn letters(name: &[u8]) -> bool {
    name[0] != b' ' && name.iter().all(|&byte| byte == b' ' || byte.is_ascii_graphic() || byte >= 0x80)
}

fn short_name(entry: &[u8; ENTRY]) -> Option<String> {
    if !letters(&entry[..11]) {
        return None;
    }
    let part = |bytes: &[u8], lower: bool| {
        let text = lossless(bytes.trim_ascii_end()).into_owned();
        if lower { text.to_lowercase() } else { text }
    };
    // How the letters are written where a long name would say no more.
    let (stem, end) = (part(&entry[..8], entry[12] & 8 != 0), part(&entry[8..11], entry[12] & 16 != 0));
    Some(if end.is_empty() { stem } else { format!("{stem}.{end}") })
}

/// The entries before a short name that hold the long one, last part first.
#[derive(Default)]
struct LongName {
    units: Vec<u16>,
    next: u8,
    sum: u8,
}

impl LongName {
    fn add(&mut self, order: u8, entry: &[u8; ENTRY]) {
        let number = order & 0x3f;
        let first = order & 0x40 != 0 && (1..=LONG_MAX).contains(&number);
        if !first && (number == 0 || number != self.next || entry[13] != self.sum) {
            *self = Self::default();
            return;
        }
        if first {
            *self = Self { sum: entry[13], ..Self::default() };
        }
        let pairs = [&entry[1..11], &entry[14..26], &entry[28..32]].concat();
        let units = pairs.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair));
        let mut units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        units.append(&mut self.units);
        (self.units, self.next) = (units, number - 1);
    }

    fn of(&self, entry: &[u8; ENTRY]) -> Option<String> {
        let sum = entry[..11].iter().fold(0_u8, |sum, byte| sum.rotate_right(1).wrapping_add(*byte));
        let whole = self.next == 0 && !self.units.is_empty() && sum == self.sum;
        whole.then(|| String::from_utf16_lossy(&self.units))
    }
}

/// Names in a sector of an exFAT directory: sets of entries with a sum over all of them.
fn exfat(search: &mut Search, sector: &[u8], path: &str) -> bool {
    let mut place = 0;
    while let Some(entry) = at(sector, place, ENTRY) {
        let set = (entry[0] == 0x85 && matches!(entry[1], 2..=18))
            .then(|| at(sector, place, ENTRY * (1 + usize::from(entry[1]))))
            .flatten()
            .filter(|set| set[32] == 0xc0 && u16_at(set, 2) == Some(sum_of(set)));
        let Some(set) = set else {
            place += ENTRY;
            continue;
        };
        let folder = set[4] & 0x10 != 0;
        let names = set[64..].as_chunks::<ENTRY>().0.iter().filter(|entry| entry[0] == 0xc1);
        let text: Vec<u8> = names.flat_map(|entry| entry[2..].to_vec()).collect();
        let text = &text[..text.len().min(2 * usize::from(set[35]))];
        if !folder && !text.is_empty() && !search.member(path, &wide(text)) {
            return false;
        }
        place += set.len();
    }
    true
}

pub(super) fn sum_of(set: &[u8]) -> u16 {
    let counted = set.iter().enumerate().filter(|(place, _)| !matches!(place, 2 | 3));
    counted.fold(0_u16, |sum, (_, byte)| sum.rotate_right(1).wrapping_add(u16::from(*byte)))
}

fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units)
}
