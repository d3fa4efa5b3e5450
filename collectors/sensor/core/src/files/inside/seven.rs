//! 7z: the names of members, whose list is mostly packed by LZMA itself (7zFormat.txt of the LZMA SDK).

use std::io::Read as _;

use lzma_rs::decompress::{Options, UnpackedSize};

use super::bytes::{at, u64_at};
use super::{NESTED, Search};

/// Identifiers of parts of a header.
mod part {
    pub(super) const END: u8 = 0;
    pub(super) const HEADER: u8 = 1;
    pub(super) const PROPERTIES: u8 = 2;
    pub(super) const ADDITIONAL: u8 = 3;
    pub(super) const STREAMS: u8 = 4;
    pub(super) const FILES: u8 = 5;
    pub(super) const PACKED: u8 = 6;
    pub(super) const UNPACKED: u8 = 7;
    pub(super) const SUBSTREAMS: u8 = 8;
    pub(super) const SIZES: u8 = 9;
    pub(super) const DIGESTS: u8 = 10;
    pub(super) const FOLDERS: u8 = 11;
    pub(super) const UNPACKED_SIZES: u8 = 12;
    pub(super) const COUNTS: u8 = 13;
    pub(super) const NAMES: u8 = 17;
    pub(super) const ENCODED: u8 = 23;
}

const LZMA: &[u8] = &[3, 1, 1];
const AES: &[u8] = &[6, 0xf1, 7, 1];

/// Packed groups of members; solid archives have one, others one for each member.
const FOLDERS_MAX: usize = 65_536;
/// Packed streams and members with a digest.
const STREAMS_MAX: usize = 1 << 20;
/// Coders of a group; branch filters and encryption make four.
const CODERS_MAX: usize = 32;
/// A list that is packed is packed once; a second time leaves room for odd writers, and ends.
const LAYERS: usize = 2;

/// Names of members, and whether a password is needed.
pub(super) fn read(search: &mut Search, bytes: &[u8], path: &str) {
    let place = |offset| u64_at(bytes, offset).and_then(|place| usize::try_from(place).ok());
    let header = place(12).and_then(|start| at(bytes, start.checked_add(32)?, place(20)?));
    let Some(mut header) = header.filter(|header| !header.is_empty()).map(<[u8]>::to_vec) else { return };
    for _ in 0..LAYERS {
        if header.first() != Some(&part::ENCODED) {
            break;
        }
        match unpacked(search, bytes, &header) {
            Some(plain) => header = plain,
            None => {
                search.inside.hidden = Some(true);
                break;
            }
        }
    }
    search.encrypted(memchr::memmem::find(&header, AES).is_some());
    if header.first() == Some(&part::HEADER) {
        search.inside.hidden = Some(names(search, &header, path).is_none());
    }
}

/// The list of members that `header` says where to find and how to undo.
fn unpacked(search: &mut Search, bytes: &[u8], header: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader { bytes: header, place: 1 };
    let streams = reader.streams()?;
    let coder = streams.coder.filter(|_| streams.folders.len() == 1)?;
    let size = *streams.sizes.first()?;
    if size > NESTED.min(search.left) {
        return None;
    }
    let packed = at(bytes, streams.start.checked_add(32)?, streams.packed)?;
    let mut input = coder.chain(packed);
    let mut out = Vec::with_capacity(size);
    let options = Options {
        unpacked_size: UnpackedSize::UseProvided(Some(size as u64)),
        memlimit: Some(2 * NESTED),
        allow_incomplete: false,
    };
    lzma_rs::lzma_decompress_with_options(&mut input, &mut out, &options).ok()?;
    search.left = search.left.saturating_sub(out.len());
    Some(out)
}

fn names(search: &mut Search, header: &[u8], path: &str) -> Option<()> {
    let mut reader = Reader { bytes: header, place: 1 };
    loop {
        match reader.byte()? {
            part::PROPERTIES => reader.properties()?,
            part::ADDITIONAL | part::STREAMS => drop(reader.streams()?),
            part::FILES => break,
            _ => return None,
        }
    }
    let files = reader.number()?;
    loop {
        let kind = reader.byte()?;
        if kind == part::END {
            return (files == 0).then_some(());
        }
        let size = reader.number()?;
        let property = at(header, reader.place, size)?;
        reader.place += size;
        if let Some((0, text)) = property.split_first().filter(|_| kind == part::NAMES) {
            let units: Vec<u16> = text.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
            for name in units.split(|unit| *unit == 0).take(files) {
                if !search.member(path, &String::from_utf16_lossy(name)) {
                    break;
                }
            }
            return Some(());
        }
    }
}

/// What is needed of a description of streams.
#[derive(Default)]
struct Streams<'a> {
    start: usize,
    packed: usize,
    /// For each folder, whether it has a digest.
    folders: Vec<bool>,
    /// Unpacked sizes of all outputs.
    sizes: Vec<usize>,
    /// Properties of the one coder of the first folder, if that is LZMA.
    coder: Option<&'a [u8]>,
}

struct Reader<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.place)?;
        self.place += 1;
        Some(byte)
    }

    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let taken = at(self.bytes, self.place, size)?;
        self.place += size;
        Some(taken)
    }

    /// The set bits at the top of the first byte tell how many bytes follow, lowest first.
    fn number(&mut self) -> Option<usize> {
        let first = self.byte()?;
        let more = first.leading_ones();
        let mut value = 0_u64;
        for step in 0..more.min(8) {
            value |= u64::from(self.byte()?) << (8 * step);
        }
        if more < 7 {
            value |= u64::from(first & (0x7f >> more)) << (8 * more);
        }
        usize::try_from(value).ok()
    }

    fn properties(&mut self) -> Option<()> {
        while self.byte()? != part::END {
            let size = self.number()?;
            self.take(size)?;
        }
        Some(())
    }

    fn streams(&mut self) -> Option<Streams<'a>> {
        let mut streams = Streams::default();
        loop {
            match self.byte()? {
                part::END => return Some(streams),
                part::PACKED => self.packed(&mut streams)?,
                part::UNPACKED => self.unpacked(&mut streams)?,
                part::SUBSTREAMS => self.substreams(&streams)?,
                _ => return None,
            }
        }
    }

    fn packed(&mut self, streams: &mut Streams<'a>) -> Option<()> {
        streams.start = self.number()?;
        let count = self.number()?;
        loop {
            match self.byte()? {
                part::END => return Some(()),
                part::SIZES => {
                    for number in 0..count {
                        let size = self.number()?;
                        if number == 0 {
                            streams.packed = size;
                        }
                    }
                }
                part::DIGESTS => drop(self.digests(count)?),
                _ => return None,
            }
        }
    }

    fn unpacked(&mut self, streams: &mut Streams<'a>) -> Option<()> {
        let mut outputs = 0;
        loop {
            match self.byte()? {
                part::END => return Some(()),
                part::FOLDERS => {
                    let count = self.number().filter(|count| *count <= FOLDERS_MAX)?;
                    // The folders may stand elsewhere, which nobody writes.
                    if self.byte()? != 0 {
                        return None;
                    }
                    for number in 0..count {
                        let (made, coder) = self.folder()?;
                        outputs += made;
                        if number == 0 {
                            streams.coder = coder;
                        }
                    }
                    streams.folders = vec![false; count];
                }
                part::UNPACKED_SIZES => {
                    for _ in 0..outputs {
                        let size = self.number()?;
                        streams.sizes.push(size);
                    }
                }
                part::DIGESTS => streams.folders = self.digests(streams.folders.len())?,
                _ => return None,
            }
        }
    }

    /// Number of outputs; properties of the only coder if that is LZMA.
    fn folder(&mut self) -> Option<(usize, Option<&'a [u8]>)> {
        let coders = self.number().filter(|count| (1..=CODERS_MAX).contains(count))?;
        let (mut inputs, mut outputs, mut found) = (0_usize, 0_usize, None);
        for _ in 0..coders {
            let flags = self.byte()?;
            let method = self.take(usize::from(flags & 15))?;
            let (reads, makes) = if flags & 0x10 == 0 { (1, 1) } else { (self.number()?, self.number()?) };
            if reads > CODERS_MAX || makes > CODERS_MAX {
                return None;
            }
            (inputs, outputs) = (inputs + reads, outputs + makes);
            let size = if flags & 0x20 == 0 { 0 } else { self.number()? };
            let properties = self.take(size)?;
            found = Some(properties).filter(|properties| method == LZMA && properties.len() == 5);
        }
        let pairs = outputs.checked_sub(1)?;
        for _ in 0..pairs {
            self.number()?;
            self.number()?;
        }
        let packed = inputs.checked_sub(pairs)?;
        if packed > 1 {
            for _ in 0..packed {
                self.number()?;
            }
        }
        Some((outputs, found.filter(|_| coders == 1)))
    }

    fn substreams(&mut self, streams: &Streams<'a>) -> Option<()> {
        let mut counts = vec![1_usize; streams.folders.len()];
        loop {
            match self.byte()? {
                part::END => return Some(()),
                part::COUNTS => {
                    for count in &mut counts {
                        *count = self.number()?;
                    }
                }
                part::SIZES => {
                    for count in &counts {
                        for _ in 1..*count {
                            self.number()?;
                        }
                    }
                }
                part::DIGESTS => {
                    let known =
                        |(count, known): (&usize, &bool)| if *count == 1 && *known { 0 } else { *count };
                    let missing = counts
                        .iter()
                        .zip(&streams.folders)
                        .map(known)
                        .try_fold(0_usize, |sum, count| sum.checked_add(count))?;
                    self.digests(missing)?;
                }
                _ => return None,
            }
        }
    }

    /// For each of `count`, whether it has a digest; the digests are passed over.
    fn digests(&mut self, count: usize) -> Option<Vec<bool>> {
        if count > STREAMS_MAX {
            return None;
        }
        let known = if self.byte()? == 0 {
            let bits = self.take(count.div_ceil(8))?;
            (0..count).map(|number| bits[number / 8] & (0x80 >> (number % 8)) != 0).collect()
        } else {
            vec![true; count]
        };
        self.take(known.iter().filter(|known| **known).count().checked_mul(4)?)?;
        Some(known)
    }
}
