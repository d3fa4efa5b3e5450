//! Compound files (MS-CFB): old Office documents, installers, messages.

use super::Search;
use super::bytes::{at, long, short, u16_at};

/// Entries of the directory read; documents have tens, installers some thousands.
const ENTRIES_MAX: usize = 4_096;
/// Sectors of the directory followed; a loop among them ends here too.
const CHAIN_MAX: usize = 1_024;

/// Names of storages and streams.
pub(super) fn read(search: &mut Search, bytes: &[u8], path: &str) {
    let shift = short(bytes, 30).filter(|shift| matches!(shift, 9 | 12)).unwrap_or(9);
    let size = 1_usize << shift;
    let Some(mut sector) = long(bytes, 48) else { return };
    let mut macros = false;
    let mut entries = 0;
    'chain: for _ in 0..CHAIN_MAX {
        let Some(held) = place(sector, size).and_then(|start| at(bytes, start, size)) else { break };
        for entry in held.as_chunks::<128>().0 {
            entries += 1;
            let Some(name) = stream_name(entry) else { continue };
            macros |= matches!(name.as_str(), "_VBA_PROJECT" | "VBA");
            if matches!(name.as_str(), "Workbook" | "Book") {
                macros |= macro_sheet(bytes, entry, size);
            }
            if name == "EncryptedPackage" {
                search.encrypted(true);
            }
            if entries > ENTRIES_MAX || !search.member(path, &name) {
                break 'chain;
            }
        }
        let Some(next) = following(bytes, sector, size) else { break };
        sector = next;
    }
    search.inside.macros = Some(macros || search.inside.macros == Some(true));
}

/// Streams below this size lie elsewhere, in parts; a workbook is longer.
const SMALL: usize = 4_096;
/// Sectors of a workbook read: its sheets are named in the first kilobytes.
const WORKBOOK_MAX: usize = 64;

/// Whether a workbook has a sheet of macros of Excel 4.0 (MS-XLS §2.4.28), which need no project.
fn macro_sheet(bytes: &[u8], entry: &[u8; 128], size: usize) -> bool {
    const SHEET: usize = 0x85;
    let (Some(mut sector), Some(length)) = (long(entry, 116), long(entry, 120)) else { return false };
    let mut stream = Vec::new();
    for _ in 0..WORKBOOK_MAX {
        let Some(held) = place(sector, size).and_then(|start| at(bytes, start, size)) else { break };
        stream.extend_from_slice(held);
        let Some(next) = following(bytes, sector, size).filter(|_| length >= SMALL) else { break };
        sector = next;
    }
    let mut next = 0;
    while let (Some(kind), Some(length)) = (short(&stream, next), short(&stream, next + 2)) {
        if kind == SHEET && stream.get(next + 9) == Some(&1) {
            return true;
        }
        next += 4 + length;
    }
    false
}

fn place(sector: usize, size: usize) -> Option<usize> {
    sector.checked_add(1)?.checked_mul(size)
}

/// The next sector of a chain, by the allocation table; its first 109 parts are named in the header.
fn following(bytes: &[u8], sector: usize, size: usize) -> Option<usize> {
    let each = size / 4;
    let part = Some(sector / each).filter(|&part| part < 109)?;
    let table = place(long(bytes, 76 + part * 4)?, size)?;
    long(bytes, table.checked_add(sector % each * 4)?)
}

/// Name of a storage (1) or stream (2); the root and empty places have none to tell.
fn stream_name(entry: &[u8; 128]) -> Option<String> {
    let length = usize::from(u16_at(entry, 64)?).min(64).checked_sub(2)?;
    let units = entry[..length].as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair));
    matches!(entry[66], 1 | 2).then(|| installer_name(units)).filter(|name| !name.is_empty())
}

/// Installers pack two letters into one unit above 0x3800.
fn installer_name(units: impl Iterator<Item = u16>) -> String {
    const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";
    let letter = |number: u16| LETTERS[usize::from(number & 63)];
    let mut plain = Vec::new();
    for unit in units {
        match unit {
            0x3800..0x4800 => {
                plain.push(u16::from(letter(unit - 0x3800)));
                plain.push(u16::from(letter((unit - 0x3800) >> 6)));
            }
            0x4800..0x4840 => plain.push(u16::from(letter(unit - 0x4800))),
            0x4840 => plain.push(u16::from(b'!')),
            // Streams of properties begin with a control character.
            0..0x20 => {}
            _ => plain.push(unit),
        }
    }
    String::from_utf16_lossy(&plain)
}
