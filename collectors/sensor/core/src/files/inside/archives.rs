//! Archives other than ZIP: gzip (RFC 1952), tar (POSIX ustar), RAR 4 and 5, cabinets (MS-CAB).

use super::bytes::{at, long, short, zero_ended};
use super::{NAME_MAX, NESTED, Search};
use crate::text::lossless;

/// Name of the one member, and what it is.
pub(super) fn gzip(search: &mut Search, bytes: &[u8], path: &str) {
    let Some((name, start)) = gzip_head(bytes) else { return };
    let name = lossless(name);
    search.member(path, &name);
    let content = search.inflate(bytes.get(start..).unwrap_or(&[]), NESTED);
    if !content.is_empty() {
        search.content(&content, path, &name);
    }
}

fn gzip_head(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let flags = *bytes.get(3)?;
    let mut place = 10;
    if flags & 4 != 0 {
        place += 2 + short(bytes, place)?;
    }
    let mut name = &[][..];
    if flags & 8 != 0 {
        name = zero_ended(bytes, place, NAME_MAX)?;
        place += name.len() + 1;
    }
    if flags & 16 != 0 {
        place += zero_ended(bytes, place, usize::MAX)?.len() + 1;
    }
    if flags & 2 != 0 {
        place += 2;
    }
    Some((name, place))
}

/// Members of a tar, in order.
pub(super) fn tar(search: &mut Search, bytes: &[u8], path: &str) {
    let mut place = 0;
    while let Some(header) = at(bytes, place, 512).filter(|header| header[257..262] == *b"ustar") {
        let part = |start, most| zero_ended(&header[..start + most], start, most).unwrap_or(&[]);
        let (prefix, name) = (lossless(part(345, 155)), lossless(part(0, 100)));
        let full = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}/{name}") };
        let size = octal(&header[124..136]);
        let data = bytes.get(place + 512..).unwrap_or(&[]);
        let file = matches!(header[156], 0 | b'0');
        if file || matches!(header[156], b'1' | b'2' | b'5') {
            if !search.member(path, &full) {
                return;
            }
            if file && size > 0 && search.may_taste() {
                search.content(&data[..data.len().min(size).min(NESTED)], path, &full);
            }
        }
        let Some(next) = size.checked_next_multiple_of(512).and_then(|size| place.checked_add(512 + size))
        else {
            return;
        };
        place = next;
    }
}

fn octal(text: &[u8]) -> usize {
    let digits = text.iter().skip_while(|&&byte| byte == b' ').take_while(|byte| byte.is_ascii_digit());
    digits
        .fold(0_usize, |size, digit| size.saturating_mul(8).saturating_add(usize::from(digit - b'0')))
        // A tar of more is not within the limit of files anyway; keeps additions from overflowing.
        .min(1 << 40)
}

/// Members of a RAR, of either format, as far as its headers are in clear.
pub(super) fn rar(search: &mut Search, bytes: &[u8], path: &str) {
    search.encrypted(false);
    if bytes.starts_with(b"Rar!\x1a\x07\x01\0") {
        let mut place = 8;
        while let Some(next) = rar5(search, bytes, place, path) {
            place = next;
        }
    } else {
        let mut place = 7;
        while let Some(next) = rar4(search, bytes, place, path) {
            place = next;
        }
    }
}

fn rar4(search: &mut Search, bytes: &[u8], place: usize, path: &str) -> Option<usize> {
    let kind = *bytes.get(place.checked_add(2)?)?;
    let (flags, size) = (short(bytes, place + 3)?, short(bytes, place + 5)?);
    let mut next = place.checked_add(size.max(7))?;
    match kind {
        0x73 if flags & 0x80 != 0 => {
            search.encrypted(true);
            search.inside.hidden = Some(true);
            return None;
        }
        0x74 => {
            next = next.checked_add(long(bytes, place + 7)?)?;
            let start = place + if flags & 0x100 != 0 { 40 } else { 32 };
            let name = at(bytes, start, short(bytes, place + 26)?)?;
            // Behind a zero stands the same name once more, packed.
            let name = zero_ended(name, 0, NAME_MAX)?;
            search.encrypted(flags & 4 != 0);
            if !search.member(path, &lossless(name)) {
                return None;
            }
        }
        0x7b => return None,
        _ if flags & 0x8000 != 0 => next = next.checked_add(long(bytes, place + 7)?)?,
        _ => {}
    }
    Some(next)
}

fn rar5(search: &mut Search, bytes: &[u8], place: usize, path: &str) -> Option<usize> {
    let mut fields = Numbers { bytes, place: place.checked_add(4)? };
    let size = fields.next()?;
    let end = fields.place.checked_add(size)?;
    let (kind, flags) = (fields.next()?, fields.next()?);
    let extra = if flags & 1 != 0 { fields.next()? } else { 0 };
    let data = if flags & 2 != 0 { fields.next()? } else { 0 };
    match kind {
        2 => {
            let file = fields.next()?;
            fields.next()?;
            fields.next()?;
            fields.place += if file & 2 != 0 { 4 } else { 0 } + if file & 4 != 0 { 4 } else { 0 };
            fields.next()?;
            fields.next()?;
            let length = fields.next()?;
            let name = lossless(at(bytes, fields.place, length.min(NAME_MAX))?);
            let more = search.member(path, &name);
            let mut record = Numbers { bytes, place: end.checked_sub(extra)? };
            let encrypted = extra > 0 && record.next().is_some() && record.next() == Some(1);
            search.encrypted(encrypted);
            if !more {
                return None;
            }
        }
        4 => {
            search.encrypted(true);
            search.inside.hidden = Some(true);
            return None;
        }
        5 => return None,
        _ => {}
    }
    end.checked_add(data)
}

/// Numbers of seven bits a byte, lowest first.
struct Numbers<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl Numbers<'_> {
    fn next(&mut self) -> Option<usize> {
        let mut value = 0_u64;
        for step in 0..9 {
            let byte = *self.bytes.get(self.place)?;
            self.place += 1;
            value |= u64::from(byte & 0x7f) << (7 * step);
            if byte & 0x80 == 0 {
                return usize::try_from(value).ok();
            }
        }
        None
    }
}

/// Members of a cabinet.
pub(super) fn cab(search: &mut Search, bytes: &[u8], path: &str) {
    let (Some(mut place), Some(files)) = (long(bytes, 16), short(bytes, 28)) else { return };
    for _ in 0..files {
        let Some(name) = place.checked_add(16).and_then(|place| zero_ended(bytes, place, NAME_MAX)) else {
            return;
        };
        if name.is_empty() || !search.member(path, &lossless(name)) {
            return;
        }
        place += 16 + name.len() + 1;
    }
}
