//! Little-endian numbers at fixed places of a message: what all structures of SMB are made of.

use crate::text;
use crate::time::Micros;

/// Longest name or path taken from the wire, in bytes: the limit of Windows for ordinary paths is 260 characters. What is
/// longer is cut, not refused.
pub const NAME_MAX: usize = 1_024;

/// 100 ns units from 1601 to 1970.
const EPOCH_1601: u64 = 116_444_736_000_000_000;

/// A structure; what lies outside of it is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Wire<'a>(pub &'a [u8]);

impl<'a> Wire<'a> {
    /// `N` bytes at `at`.
    pub fn array<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk::<N>().copied()
    }

    /// One byte.
    pub fn u8(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    /// Two bytes.
    pub fn u16(self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    /// Four bytes.
    pub fn u32(self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    /// Eight bytes.
    pub fn u64(self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }

    /// `length` bytes at `at`, or those of them that are there.
    pub fn part(self, at: usize, length: usize) -> &'a [u8] {
        let rest = self.0.get(at..).unwrap_or_default();
        &rest[..length.min(rest.len())]
    }

    /// A time in units of 100 ns since 1601 (FILETIME); 0 and what no clock says are none.
    pub fn time(self, at: usize) -> Option<Micros> {
        let ticks = self.u64(at).filter(|ticks| (1..1 << 62).contains(ticks))?;
        let since = i64::try_from(ticks).ok()? - i64::try_from(EPOCH_1601).ok()?;
        Some(Micros(since.div_euclid(10)))
    }

    /// UTF-16 text of `length` bytes at `at`, cut at [`NAME_MAX`].
    pub fn wide(self, at: usize, length: usize) -> String {
        text::utf16(self.part(at, length.min(NAME_MAX)))
    }
}

/// A number that no column can be too small for.
pub fn long(number: u64) -> i64 {
    number.cast_signed()
}
