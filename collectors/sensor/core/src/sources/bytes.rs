//! Numbers in the byte order of the machine that wrote a capture.

/// Byte order of a capture file or of one pcapng section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Order {
    /// 16 bits at an offset; 0 where the bytes end (callers check lengths; a mistake there must not panic).
    #[inline]
    pub(super) fn u16(self, bytes: &[u8], at: usize) -> u16 {
        match bytes.get(at..at + 2) {
            Some(&[a, b]) => self.pick(u16::from_le_bytes([a, b]), u16::from_be_bytes([a, b])),
            _ => 0,
        }
    }

    /// 32 bits at an offset.
    #[inline]
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> u32 {
        match bytes.get(at..at + 4) {
            Some(&[a, b, c, d]) => {
                self.pick(u32::from_le_bytes([a, b, c, d]), u32::from_be_bytes([a, b, c, d]))
            }
            _ => 0,
        }
    }

    /// 64 bits at an offset.
    pub(super) fn u64(self, bytes: &[u8], at: usize) -> u64 {
        let (first, second) = (u64::from(self.u32(bytes, at)), u64::from(self.u32(bytes, at + 4)));
        self.pick(second << 32 | first, first << 32 | second)
    }

    /// A length: 32 bits as a size.
    #[inline]
    pub(super) fn length(self, bytes: &[u8], at: usize) -> usize {
        usize::try_from(self.u32(bytes, at)).unwrap_or(usize::MAX)
    }

    #[inline]
    fn pick<T>(self, little: T, big: T) -> T {
        match self {
            Self::Little => little,
            Self::Big => big,
        }
    }
}
