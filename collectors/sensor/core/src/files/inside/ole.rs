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
    for _ in 0..CHAIN_MAX {
        let Some(held) = place(sector, size).and_then(|start| at(bytes, start, size)) else { break };
        for entry in held.as_chunks::<128>().0 {
            entries += 1;
            let Some(name) = stream_name(entry) else { continue };
            macros |= matches!(name.as_str(), "_VBA_PROJECT" | "VBA");
            if name == "EncryptedPackage" {
                search.encrypted(true);
            }
            if entries > ENTRIES_MAX || !search.member(path, &name) {
                return;
            }
        }
        let Some(next) = following(bytes, sector, size) else { break };
        sector = next;
    }
    search.inside.macros = Some(macros || search.inside.macros == Some(true));
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
