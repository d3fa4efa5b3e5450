//! Reading arguments (C706 chapter 14; MS-RPCE §2.2.5 for the 64-bit form): as far as strings and numbers go.

use super::pdu::Order;
use crate::text;

/// Longest text taken, in bytes: command lines of attacks are long, and their beginning is telling.
const TEXT_MAX: usize = 4_096;

/// Arguments of a call, read in order. What is cut off reads as nothing.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    order: Order,
    wide: bool,
}

impl<'a> Reader<'a> {
    /// `wide`: pointers and counts have 64 bits.
    #[must_use]
    pub fn new(bytes: &'a [u8], order: Order, wide: bool) -> Self {
        Self { bytes, at: 0, order, wide }
    }

    /// Where the next value begins, from the start.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    fn align(&mut self, to: usize) {
        self.at = self.at.next_multiple_of(to);
    }

    /// Bytes as they are.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(bytes)
    }

    /// One byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// A number of 16 bits.
    pub fn u16(&mut self) -> Option<u16> {
        self.align(2);
        let value = self.order.u16(self.bytes, self.at)?;
        self.at += 2;
        Some(value)
    }

    /// A number of 32 bits.
    pub fn u32(&mut self) -> Option<u32> {
        self.align(4);
        let value = self.order.u32(self.bytes, self.at)?;
        self.at += 4;
        Some(value)
    }

    /// A count, or the number that stands for a pointer.
    pub fn size(&mut self) -> Option<usize> {
        if !self.wide {
            return usize::try_from(self.u32()?).ok();
        }
        self.align(8);
        let value = self.order.u64(self.bytes, self.at)?;
        self.at += 8;
        usize::try_from(value).ok()
    }

    /// A pointer: does it point to something?
    pub fn pointer(&mut self) -> Option<bool> {
        self.size().map(|value| value != 0)
    }

    /// A handle to something that the server keeps.
    pub fn handle(&mut self) -> Option<()> {
        self.align(4);
        self.take(20).map(drop)
    }

    /// A text with its counts, of UTF-16 or of bytes; the end may be cut off.
    pub fn string(&mut self, utf16: bool) -> Option<String> {
        let (_, _, count) = (self.size()?, self.size()?, self.size()?);
        self.characters(count, utf16)
    }

    /// The next text with its counts, behind others.
    pub fn text(&mut self) -> Option<String> {
        self.align(4);
        self.string(true)
    }

    /// As many characters.
    pub fn characters(&mut self, count: usize, utf16: bool) -> Option<String> {
        let length = count.checked_mul(if utf16 { 2 } else { 1 })?;
        let there = self.bytes.get(self.at..)?;
        let bytes = &there[..there.len().min(length).min(TEXT_MAX)];
        self.at = self.at.checked_add(length)?;
        Some(match (utf16, self.order) {
            (true, Order::Little) => text::utf16(bytes),
            (true, Order::Big) => {
                text::utf16(&bytes.chunks_exact(2).flat_map(|unit| [unit[1], unit[0]]).collect::<Vec<_>>())
            }
            (false, _) => {
                let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
                text::lossless(&bytes[..end]).into_owned()
            }
        })
    }
}
