//! As much of DER (X.690) as certificates need.

use crate::text::lossless;
use crate::time::Micros;

/// BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
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

/// Elements one after the other.
pub struct Der<'a>(pub &'a [u8]);

impl<'a> Der<'a> {
    /// The next element: tag and content. `None` at the end, and where it is no DER.
    pub fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, short], rest) = self.0.split_first_chunk::<2>()?;
        let (length, rest) = if short < 0x80 {
            (usize::from(short), rest)
        } else {
            let (octets, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            if octets.is_empty() || octets.len() > 4 {
                return None;
            }
            (octets.iter().fold(0_usize, |length, octet| length << 8 | usize::from(*octet)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next element, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    /// The content of the next element if it has this tag; otherwise it stays.
    pub fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        if self.0.first() == Some(&tag) { self.expect(tag) } else { None }
    }
}

/// An object identifier with dots.
#[must_use]
pub fn oid(content: &[u8]) -> String {
    let (mut arcs, mut arc) = (Vec::new(), 0_u64);
    for byte in content {
        arc = arc << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first.to_string());
                arc -= 40 * first;
            }
            arcs.push(arc.to_string());
            arc = 0;
        }
        if arcs.len() >= ARCS_MAX {
            break;
        }
    }
    arcs.join(".")
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
