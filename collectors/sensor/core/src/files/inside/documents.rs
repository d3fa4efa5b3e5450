//! OneNote sections (MS-ONESTORE §2.6.13) and rich text.

use super::bytes::{at, u64_at};
use super::{NESTED, Search};
use crate::text::lossless;

/// Head of an embedded file.
const EMBEDDED: &[u8] = b"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac";
/// Embedded files and objects looked at.
const OBJECTS_MAX: usize = 256;
/// Longest class of an object, longest address of a template.
const WORD_MAX: usize = 256;

/// Embedded files: how many, and of which kinds; their names stand elsewhere.
pub(super) fn onenote(search: &mut Search, bytes: &[u8]) {
    search.inside.member_count = Some(0);
    for place in memchr::memmem::find_iter(bytes, EMBEDDED).take(OBJECTS_MAX) {
        search.member("", "");
        let size = u64_at(bytes, place + 16).and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
        let rest = bytes.get(place + 36..).unwrap_or(&[]);
        search.content(&rest[..rest.len().min(size).min(NESTED)], "", "");
    }
}

/// Classes of embedded objects; a template that is fetched.
pub(super) fn rtf(search: &mut Search, bytes: &[u8]) {
    for place in memchr::memmem::find_iter(bytes, b"\\objdata").take(OBJECTS_MAX) {
        let before = &bytes[place.saturating_sub(WORD_MAX)..place];
        let class = memchr::memmem::rfind(before, b"\\objclass ").map_or(&b"object"[..], |start| {
            let class = &before[start + 10..];
            &class
                [..class.iter().position(|&byte| matches!(byte, b'}' | b'\\' | b'{')).unwrap_or(class.len())]
        });
        search.member("", lossless(class).trim());
    }
    for place in memchr::memmem::find_iter(bytes, b"\\*\\template").take(OBJECTS_MAX) {
        let rest = at(bytes, place + 11, WORD_MAX).or_else(|| bytes.get(place + 11..)).unwrap_or(&[]);
        let target = &rest[..rest.iter().position(|&byte| byte == b'}').unwrap_or(rest.len())];
        let target = lossless(target);
        let target = target.trim();
        if target.contains("://") || target.starts_with("\\\\") {
            search.external(target);
        }
    }
}
