//! Identifiers of 16 bytes (C706 appendix A): their first three parts follow the byte order of the sender.

use std::fmt;

use super::pdu::Order;
use crate::text::push_hex;

/// One identifier, its bytes in the order in which they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// As it stands in a message.
    #[must_use]
    pub fn read(bytes: &[u8], order: Order) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, rest @ ..] = *bytes.first_chunk::<16>()?;
        let [i, j, k, l, m, n, o, p] = rest;
        Some(Self(match order {
            Order::Big => [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p],
            Order::Little => [d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p],
        }))
    }

    /// As it is written: `e1af8308-5d1f-11c9-91a4-08002b14a0fa`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits =
            text.bytes().filter(|byte| *byte != b'-').map(|digit| char::from(digit).to_digit(16));
        let mut uuid = [0; 16];
        for byte in &mut uuid {
            *byte = u8::try_from(digits.next()?? << 4 | digits.next()??).ok()?;
        }
        digits.next().is_none().then_some(Self(uuid))
    }

    /// The same in the byte order of Windows.
    #[must_use]
    pub fn little(self) -> [u8; 16] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = self.0;
        [d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p]
    }

    /// All zeros: none.
    #[must_use]
    pub fn is_nil(self) -> bool {
        self.0 == [0; 16]
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(36);
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            push_hex(*byte, &mut text);
        }
        f.write_str(&text)
    }
}
