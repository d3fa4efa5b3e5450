//! What a TCP connection has shown so far, as letters.

use crate::protocols::Direction;

/// Letters of `vonggac.flow.history`, in order of first occurrence.
#[derive(Clone, Copy, Debug, Default)]
pub struct History {
    letters: [u8; 12],
    count: u8,
    seen: u16,
}

impl History {
    const LOWER: [u8; 6] = *b"shadfr";

    pub(super) fn note(&mut self, kind: u8, direction: Direction) {
        let index = usize::from(kind) + 6 * direction.index();
        if self.seen & 1 << index == 0 {
            self.seen |= 1 << index;
            let letter = Self::LOWER[usize::from(kind)];
            let upper = direction == Direction::ToServer;
            self.letters[usize::from(self.count)] = if upper { letter.to_ascii_uppercase() } else { letter };
            self.count += 1;
        }
    }

    /// How many different ones there were.
    pub(super) fn letters(&self) -> u8 {
        self.count
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters[..usize::from(self.count)]).unwrap_or_default()
    }

    /// Client and server change places.
    pub(super) fn turn(&mut self) {
        for letter in &mut self.letters {
            *letter ^= if letter.is_ascii_alphabetic() { 0x20 } else { 0 };
        }
        self.seen = self.seen >> 6 | (self.seen & 0x3f) << 6;
    }

    #[inline]
    pub(super) fn has(&self, letter: u8) -> bool {
        let kind = Self::LOWER.iter().position(|other| *other == letter.to_ascii_lowercase()).unwrap_or(0);
        self.seen & 1 << (kind + if letter.is_ascii_lowercase() { 6 } else { 0 }) != 0
    }
}
