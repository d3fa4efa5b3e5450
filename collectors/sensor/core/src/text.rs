//! Bytes from the wire as text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::IpAddr;

/// UTF-8 as it is; every byte that is not part of valid UTF-8 as `\xNN`, so that nothing is lost.
#[must_use]
pub fn lossless(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    Cow::Owned(out)
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        push_hex(*byte, &mut text);
    }
    text
}

/// Adds one byte in lower-case hexadecimal: digests and fingerprints are most of what a sensor writes, and the general
/// formatter takes ten times as long.
#[inline]
pub fn push_hex(byte: u8, text: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    text.push_str(std::str::from_utf8(&pair).unwrap_or_default());
}

/// Adds a number in decimal, as the formatter would.
pub fn push_decimal(mut number: u32, text: &mut String) {
    // The longest has ten digits.
    let mut digits = [0; 10];
    let mut first = digits.len();
    while first > 0 {
        first -= 1;
        digits[first] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.push_str(std::str::from_utf8(&digits[first..]).unwrap_or_default());
}

/// Adds an address. Answers are full of them, and the general formatter costs more than the rest of the record.
pub fn push_address(address: IpAddr, text: &mut String) {
    match address {
        IpAddr::V4(address) => {
            let mut separator = "";
            for octet in address.octets() {
                text.push_str(separator);
                push_decimal(octet.into(), text);
                separator = ".";
            }
        }
        IpAddr::V6(address) => drop(write!(text, "{address}")),
    }
}

/// UTF-16 in little endian, up to its end or the first zero; halves of pairs that stand alone as `\u{dNNN}`, so that
/// nothing is lost. An odd last byte is left out.
#[must_use]
pub fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let mut out = String::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units.take_while(|unit| *unit != 0)) {
        match unit {
            Ok(character) => out.push(character),
            Err(half) => {
                let _ = write!(out, "\\u{{{:04x}}}", half.unpaired_surrogate());
            }
        }
    }
    out
}

/// The first line of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The line without its end, and how many bytes it takes with it.
    Whole {
        /// Without CR LF or LF.
        text: &'a [u8],
        /// With its end.
        length: usize,
    },
    /// Its end has not come yet.
    Incomplete,
    /// It has more bytes than the protocol allows.
    TooLong,
}

/// Finds the end of the first line: LF, with or without CR before it.
#[must_use]
pub fn line(bytes: &[u8], longest: usize) -> Line<'_> {
    match memchr::memchr(b'\n', &bytes[..bytes.len().min(longest)]) {
        Some(end) => {
            let text = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
            Line::Whole { text, length: end + 1 }
        }
        None if bytes.len() >= longest => Line::TooLong,
        None => Line::Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, hex, line, lossless, push_address, push_decimal, utf16};
    use proptest::prelude::*;
    use std::net::IpAddr;

    proptest! {
        #[test]
        fn numbers_are_written_as_the_library_does(number: u32) {
            let mut text = String::new();
            push_decimal(number, &mut text);
            prop_assert_eq!(text, number.to_string());
        }

        #[test]
        fn addresses_are_written_as_the_library_does(address: IpAddr) {
            let mut text = String::new();
            push_address(address, &mut text);
            prop_assert_eq!(text, address.to_string());
        }
    }

    #[test]
    fn bytes_in_hexadecimal() {
        assert_eq!(hex(&[0, 9, 0xaf, 0xff]), "0009afff");
    }

    #[test]
    fn lines_end_with_or_without_a_carriage_return() {
        assert_eq!(line(b"USER a\r\nPASS", 99), Line::Whole { text: b"USER a", length: 8 });
        assert_eq!(line(b"USER a\nPASS", 99), Line::Whole { text: b"USER a", length: 7 });
        assert_eq!(line(b"USER a", 99), Line::Incomplete);
        assert_eq!(line(b"USER a", 6), Line::TooLong);
    }

    #[test]
    fn keeps_utf8_and_escapes_the_rest() {
        assert_eq!(lossless("Tỉnh ủy".as_bytes()), "Tỉnh ủy");
        assert_eq!(lossless(b"a\xff\xc3b"), "a\\xff\\xc3b");
    }

    #[test]
    fn wide_text_ends_at_its_zero_and_keeps_torn_pairs() {
        let wide =
            |units: &[u16]| utf16(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>());
        assert_eq!(wide(&"Tỉnh ủy 🏛".encode_utf16().collect::<Vec<_>>()), "Tỉnh ủy 🏛");
        assert_eq!(wide(&[0x61, 0, 0x62]), "a");
        assert_eq!(wide(&[0x61, 0xd800, 0x62]), "a\\u{d800}b");
    }
}
