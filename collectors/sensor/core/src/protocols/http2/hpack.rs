//! Fields out of header blocks (HPACK, RFC 7541): each side's encoder builds a table that its blocks refer to.

use std::collections::VecDeque;

use super::huffman;

/// The table that both sides begin with (RFC 7541 appendix A).
#[rustfmt::skip]
const STATIC: [(&str, &str); 61] = [
    (":authority", ""),
    (":method", "GET"),
    (":method", "POST"),
    (":path", "/"),
    (":path", "/index.html"),
    (":scheme", "http"),
    (":scheme", "https"),
    (":status", "200"),
    (":status", "204"),
    (":status", "206"),
    (":status", "304"),
    (":status", "400"),
    (":status", "404"),
    (":status", "500"),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    ("accept-language", ""),
    ("accept-ranges", ""),
    ("accept", ""),
    ("access-control-allow-origin", ""),
    ("age", ""),
    ("allow", ""),
    ("authorization", ""),
    ("cache-control", ""),
    ("content-disposition", ""),
    ("content-encoding", ""),
    ("content-language", ""),
    ("content-length", ""),
    ("content-location", ""),
    ("content-range", ""),
    ("content-type", ""),
    ("cookie", ""),
    ("date", ""),
    ("etag", ""),
    ("expect", ""),
    ("expires", ""),
    ("from", ""),
    ("host", ""),
    ("if-match", ""),
    ("if-modified-since", ""),
    ("if-none-match", ""),
    ("if-range", ""),
    ("if-unmodified-since", ""),
    ("last-modified", ""),
    ("link", ""),
    ("location", ""),
    ("max-forwards", ""),
    ("proxy-authenticate", ""),
    ("proxy-authorization", ""),
    ("range", ""),
    ("referer", ""),
    ("refresh", ""),
    ("retry-after", ""),
    ("server", ""),
    ("set-cookie", ""),
    ("strict-transport-security", ""),
    ("transfer-encoding", ""),
    ("user-agent", ""),
    ("vary", ""),
    ("via", ""),
    ("www-authenticate", ""),
];

/// What an entry counts besides its bytes (RFC 7541 §4.1).
const ENTRY_BYTES: usize = 32;

/// Size of the table until an encoder says otherwise (RFC 9113 §6.5.2).
const TABLE_BYTES: usize = 4_096;

/// Largest table that is kept: browsers offer this much, nobody offers more.
pub const TABLE_MAX: usize = 65_536;

/// Bytes that one block may come to: a byte of it can stand for an entry of thousands.
pub const DECODED_MAX: usize = 256 << 10;

/// What is wrong with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It breaks the code.
    Broken,
    /// It comes to more than [`DECODED_MAX`].
    Bomb,
}

/// Name and value.
type Entry = (Vec<u8>, Vec<u8>);
/// The same, where they stand.
type Field<'a> = (&'a [u8], &'a [u8]);

/// The table of one direction.
pub struct Table {
    entries: VecDeque<Entry>,
    bytes: usize,
    limit: usize,
    /// Blocks were lost, so that entries are missing: what refers to them is passed over.
    torn: bool,
}

impl Default for Table {
    fn default() -> Self {
        Self { entries: VecDeque::new(), bytes: 0, limit: TABLE_BYTES, torn: false }
    }
}

impl Table {
    /// Blocks were lost. Entries are numbered from the newest, so that later ones can still be told.
    pub fn lost(&mut self) {
        self.entries.clear();
        (self.bytes, self.torn) = (0, true);
    }

    /// Hands the fields of a whole block to `sink`.
    pub fn read(&mut self, mut block: &[u8], sink: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), Fault> {
        let mut decoded = 0;
        while let Some(&first) = block.first() {
            let kept = match first {
                0x80.. => {
                    let index = integer(&mut block, 7).ok_or(Fault::Broken)?;
                    if let Some((name, value)) = self.entry(index)?.filter(|(name, _)| !name.is_empty()) {
                        decoded += name.len() + value.len();
                        sink(name, value);
                    }
                    None
                }
                0x20..0x40 => {
                    self.resize(integer(&mut block, 5).ok_or(Fault::Broken)?);
                    None
                }
                _ => {
                    let (bits, keep) = if first & 0x40 != 0 { (6, true) } else { (4, false) };
                    let (name, value) = self.literal(&mut block, bits)?;
                    decoded += name.len() + value.len();
                    // A name that was lost; its entry counts all the same.
                    if !name.is_empty() {
                        sink(&name, &value);
                    }
                    keep.then_some((name, value))
                }
            };
            if let Some(entry) = kept {
                self.insert(entry);
            }
            if decoded > DECODED_MAX {
                return Err(Fault::Bomb);
            }
        }
        Ok(())
    }

    fn literal(&self, block: &mut &[u8], bits: u32) -> Result<Entry, Fault> {
        let index = integer(block, bits).ok_or(Fault::Broken)?;
        let name = match index {
            0 => string(block).ok_or(Fault::Broken)?,
            _ => self.entry(index)?.map(|(name, _)| name.to_vec()).unwrap_or_default(),
        };
        Ok((name, string(block).ok_or(Fault::Broken)?))
    }

    /// An entry by its number: the static ones first, then the newest. `Ok(None)`: it was lost.
    fn entry(&self, index: usize) -> Result<Option<Field<'_>>, Fault> {
        let Some(index) = index.checked_sub(1) else { return Err(Fault::Broken) };
        if let Some((name, value)) = STATIC.get(index) {
            return Ok(Some((name.as_bytes(), value.as_bytes())));
        }
        match self.entries.get(index - STATIC.len()) {
            Some((name, value)) => Ok(Some((name, value))),
            None if self.torn => Ok(None),
            None => Err(Fault::Broken),
        }
    }

    fn insert(&mut self, entry: Entry) {
        self.bytes += size(&entry);
        self.entries.push_front(entry);
        self.evict();
    }

    /// The encoder sets the size of the table. One beyond ours only means that old entries are lost here.
    fn resize(&mut self, limit: usize) {
        self.torn |= limit > TABLE_MAX;
        self.limit = limit.min(TABLE_MAX);
        self.evict();
    }

    fn evict(&mut self) {
        while self.bytes > self.limit
            && let Some(oldest) = self.entries.pop_back()
        {
            self.bytes -= size(&oldest);
        }
    }
}

fn size(entry: &Entry) -> usize {
    entry.0.len() + entry.1.len() + ENTRY_BYTES
}

/// A number behind a prefix of some bits of the first byte (RFC 7541 §5.1).
fn integer(block: &mut &[u8], bits: u32) -> Option<usize> {
    let (first, mut rest) = block.split_first()?;
    let most = (1_usize << bits) - 1;
    let mut value = usize::from(*first) & most;
    let mut shift = 0;
    if value == most {
        loop {
            let (byte, behind) = rest.split_first()?;
            rest = behind;
            value = value.checked_add(usize::from(byte & 0x7f) << shift)?;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
            // Nothing honest is longer than a block, which has some thousands of bytes.
            if shift > 28 {
                return None;
            }
        }
    }
    *block = rest;
    Some(value)
}

fn string(block: &mut &[u8]) -> Option<Vec<u8>> {
    let coded = block.first()? & 0x80 != 0;
    let length = integer(block, 7)?;
    let (bytes, rest) = block.split_at_checked(length)?;
    *block = rest;
    if coded { huffman::decode(bytes) } else { Some(bytes.to_vec()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &mut Table, block: &[u8]) -> Result<Vec<String>, Fault> {
        let mut told = Vec::new();
        table.read(block, &mut |name, value| {
            told.push(format!("{}: {}", String::from_utf8_lossy(name), String::from_utf8_lossy(value)));
        })?;
        Ok(told)
    }

    /// The requests of RFC 7541 §C.4.
    const FIRST: &[u8] = b"\x82\x86\x84\x41\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff";
    const SECOND: &[u8] = b"\x82\x86\x84\xbe\x58\x86\xa8\xeb\x10\x64\x9c\xbf";

    #[test]
    fn requests_of_the_standard_are_read() {
        let mut table = Table::default();
        let first = read(&mut table, FIRST).expect("sound");
        assert_eq!(first, [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"]);
        let second = read(&mut table, SECOND).expect("sound");
        assert_eq!(second[3..], [":authority: www.example.com", "cache-control: no-cache"]);
        assert_eq!(table.bytes, 57 + 53);
    }

    #[test]
    fn what_was_lost_is_passed_over() {
        let mut table = Table::default();
        assert_eq!(read(&mut table, SECOND), Err(Fault::Broken));
        table.lost();
        let told = read(&mut table, SECOND).expect("torn");
        assert_eq!(told, [":method: GET", ":scheme: http", ":path: /", "cache-control: no-cache"]);
        assert_eq!(read(&mut table, b"\xbe"), Ok(vec!["cache-control: no-cache".to_owned()]));
    }

    #[test]
    fn tables_and_blocks_are_bounded() {
        let mut table = Table::default();
        // A table of 4 KiB keeps one entry of 4,000 bytes.
        let entry = [&b"\x40\x01a\x7f\xa1\x1e"[..], &[b'x'; 4_000]].concat();
        for _ in 0..3 {
            read(&mut table, &entry).expect("sound");
        }
        assert_eq!((table.entries.len(), table.bytes), (1, 4_033));
        assert_eq!(read(&mut table, &[0xbe; 100]), Err(Fault::Bomb));
        read(&mut table, b"\x20").expect("sound");
        assert_eq!((table.entries.len(), table.bytes), (0, 0));
        assert_eq!(read(&mut table, b"\x3f\xff\xff\xff\xff\xff\xff"), Err(Fault::Broken));
        assert_eq!(read(&mut table, b"\x80"), Err(Fault::Broken));
    }
}
