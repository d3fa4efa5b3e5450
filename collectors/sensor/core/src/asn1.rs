//! The one reader of BER and DER (X.690) for certificates, Kerberos, LDAP and SNMP. It reads definite lengths and tags of
//! one byte, which is all that these protocols allow, copies nothing and never looks beyond its bytes. It does not
//! recurse; who reads nested elements bounds the depth.

use std::fmt::Write as _;

use crate::text::{lossless, push_decimal};
use crate::time::Micros;

/// BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// NULL.
pub const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// UTCTime: two digits of year.
const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// SET.
pub const SET: u8 = 0x31;
/// `[0]`, constructed: the version.
pub const CONTEXT_0: u8 = 0xa0;
/// `[1]`: the issuer's unique id.
pub const CONTEXT_1_PRIMITIVE: u8 = 0x81;
/// `[2]`: the subject's unique id.
pub const CONTEXT_2_PRIMITIVE: u8 = 0x82;
/// `[3]`, constructed: the extensions.
pub const CONTEXT_3: u8 = 0xa3;

/// Arcs of an object identifier shown: real ones have at most a dozen.
const ARCS_MAX: usize = 32;
/// Room that most object identifiers find enough.
const OID_USUAL: usize = 32;

/// Octets of a length (X.690 §8.1.3.5): four count to 4 GiB.
const LENGTH_OCTETS_MAX: usize = 4;

/// The part of a tag that says that its number stands in more bytes.
const LONG_TAG: u8 = 0x1f;

/// What the first bytes of an element say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Tag, and the bytes of tag and length, and of the content behind them.
    Known {
        /// Class, form and number.
        tag: u8,
        /// Bytes of tag and length.
        head: usize,
        /// Bytes of the content, which need not have come yet.
        content: usize,
    },
    /// The length has not come yet.
    Incomplete,
    /// No definite length, or a tag of several bytes.
    Invalid,
}

impl Head {
    /// Reads tag and length.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let Some(&tag) = bytes.first() else { return Self::Incomplete };
        if tag & LONG_TAG == LONG_TAG {
            return Self::Invalid;
        }
        let Some(&short) = bytes.get(1) else { return Self::Incomplete };
        if short < 0x80 {
            return Self::Known { tag, head: 2, content: usize::from(short) };
        }
        let octets = usize::from(short & 0x7f);
        if octets == 0 || octets > LENGTH_OCTETS_MAX {
            return Self::Invalid;
        }
        let Some(length) = bytes.get(2..2 + octets) else { return Self::Incomplete };
        let content = length.iter().fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
        Self::Known { tag, head: 2 + octets, content }
    }

    /// All bytes of the element: head and content.
    #[must_use]
    pub fn total(self) -> Option<usize> {
        match self {
            Self::Known { head, content, .. } => head.checked_add(content),
            Self::Incomplete | Self::Invalid => None,
        }
    }
}

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(pub &'a [u8]);

/// Tag and content of each; the end is also where it is no DER.
impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let Head::Known { tag, head, content } = Head::of(self.0) else { return None };
        let (content, rest) = self.0.get(head..)?.split_at_checked(content)?;
        self.0 = rest;
        Some((tag, content))
    }
}

impl<'a> Elements<'a> {
    /// The content of the next element, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    /// The content of the next element if it has this tag; otherwise it stays.
    pub fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        if self.0.first() == Some(&tag) { self.expect(tag) } else { None }
    }
}

/// An INTEGER or ENUMERATED that fits 64 bits.
#[must_use]
pub fn integer(content: &[u8]) -> Option<i64> {
    let (first, _) = content.split_first()?;
    let sign = if first & 0x80 == 0 { 0 } else { -1 };
    (content.len() <= 8).then(|| content.iter().fold(sign, |value: i64, byte| value << 8 | i64::from(*byte)))
}

/// An object identifier with dots.
#[must_use]
pub fn oid(content: &[u8]) -> String {
    let (mut text, mut arcs, mut arc) = (String::with_capacity(OID_USUAL), 0, 0_u64);
    for byte in content {
        arc = arc << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if arcs == 0 {
                let first = (arc / 40).min(2);
                push_arc(first, &mut text);
                arc -= 40 * first;
                arcs = 1;
            }
            push_arc(arc, &mut text);
            (arcs, arc) = (arcs + 1, 0);
        }
        if arcs >= ARCS_MAX {
            break;
        }
    }
    text
}

fn push_arc(arc: u64, text: &mut String) {
    if !text.is_empty() {
        text.push('.');
    }
    match u32::try_from(arc) {
        Ok(arc) => push_decimal(arc, text),
        Err(_) => drop(write!(text, "{arc}")),
    }
}

/// The text of any of the string types. NUL shows as `\x00`: it hides the rest of a name from careless programs.
#[must_use]
pub fn text(tag: u8, content: &[u8]) -> String {
    let text = match tag {
        // BMPString and UniversalString.
        0x1e => {
            let units = content.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]]));
            char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        0x1c => content
            .chunks_exact(4)
            .map(|c| u32::from_be_bytes([c[0], c[1], c[2], c[3]]))
            .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        // T61String is Latin-1 in practice, or UTF-8 under the wrong tag.
        0x14 if std::str::from_utf8(content).is_err() => {
            content.iter().map(|byte| char::from(*byte)).collect()
        }
        _ => lossless(content).into_owned(),
    };
    if text.contains('\0') { text.replace('\0', "\\x00") } else { text }
}

/// UTCTime or GeneralizedTime, with seconds or without, in UTC or with an offset. `None` for what is no time.
#[must_use]
pub fn time(tag: u8, content: &[u8]) -> Option<Micros> {
    let (year, rest) = match tag {
        UTC_TIME => {
            let (digits, rest) = content.split_at_checked(2)?;
            let year = number(digits)?;
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        GENERALIZED_TIME => {
            let (digits, rest) = content.split_at_checked(4)?;
            (number(digits)?, rest)
        }
        _ => return None,
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fields, mut zone) = rest.split_at(digits);
    let mut fields = fields.chunks(2).map(number);
    let [month, day, hour, minute] = [fields.next()??, fields.next()??, fields.next()??, fields.next()??];
    let second = fields.next().unwrap_or(Some(0))?;
    if fields.next().is_some() || digits % 2 != 0 {
        return None;
    }
    if let Some(fraction) = zone.strip_prefix(b".") {
        zone = &fraction[fraction.iter().take_while(|byte| byte.is_ascii_digit()).count()..];
    }
    let offset = match zone {
        b"Z" | b"" => 0,
        [sign @ (b'+' | b'-'), offset @ ..] if offset.len() == 4 => {
            let minutes = number(&offset[..2])? * 60 + number(&offset[2..])?;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return None,
    };
    let days = days(year, month, day)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    Some(Micros(seconds * 1_000_000))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Years are counted from March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let since_march = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(365 * year + year / 4 - year / 100 + year / 400 + since_march - 719_468)
}

/// Elements written for tests.
#[cfg(test)]
pub mod writing {
    /// One element of this tag; the length in the shortest form.
    pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = match content.len() {
            short @ 0..=0x7f => vec![short as u8],
            medium @ 0x80..=0xff => vec![0x81, medium as u8],
            long => vec![0x82, (long >> 8) as u8, long as u8],
        };
        [&[tag], length.as_slice(), content].concat()
    }

    /// One element that holds others.
    pub fn holding(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
        element(tag, &parts.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::{Elements, Head, integer};

    #[test]
    fn lengths_have_one_form_or_the_other() {
        assert_eq!(Head::of(&[0x30, 5]), Head::Known { tag: 0x30, head: 2, content: 5 });
        assert_eq!(Head::of(&[0x30, 0x82, 1, 2]), Head::Known { tag: 0x30, head: 4, content: 258 });
        assert_eq!(Head::of(&[0x30, 0x84, 0, 0, 0, 5]).total(), Some(11), "Windows writes four octets");
        assert_eq!(Head::of(&[0x30, 0x82, 1]), Head::Incomplete);
        assert_eq!(Head::of(&[]), Head::Incomplete);
        assert_eq!(Head::of(&[0x30, 0x80]), Head::Invalid, "indefinite");
        assert_eq!(Head::of(&[0x30, 0x85, 0, 0, 0, 0, 1]), Head::Invalid);
        assert_eq!(Head::of(&[0x7f, 0x81, 1]), Head::Invalid, "a tag of two bytes");
    }

    #[test]
    fn elements_never_reach_beyond_their_bytes() {
        let mut elements = Elements(&[4, 1, 7, 4, 3, 1, 2]);
        assert_eq!(elements.optional(2), None);
        assert_eq!(elements.next(), Some((4, &[7][..])));
        assert_eq!(elements.next(), None);
        assert_eq!(Elements(&[4, 0x84, 0xff, 0xff, 0xff, 0xff, 1]).next(), None);
    }

    #[test]
    fn integers_have_a_sign() {
        assert_eq!(integer(&[0x7f]), Some(127));
        assert_eq!(integer(&[0, 0x80]), Some(128));
        assert_eq!(integer(&[0x80]), Some(-128));
        assert_eq!(integer(&[0xff, 0x79]), Some(-135));
        assert_eq!(integer(&[]), None);
        assert_eq!(integer(&[1; 9]), None);
    }
}
