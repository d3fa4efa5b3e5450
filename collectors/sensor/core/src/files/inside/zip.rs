//! ZIP (APPNOTE 6.3.10) and the Office documents made of it (ECMA-376).

use super::bytes::{at, long, short};
use super::{NESTED, Search};
use crate::text::lossless;

/// Bytes from the end of a ZIP within which its end record stands: 22 and a comment.
const TAIL: usize = 65_557;
/// Bytes of a part with relationships that are read.
const RELATIONS_MAX: usize = 65_536;

struct Member<'a> {
    name: &'a [u8],
    encrypted: bool,
    method: usize,
    /// What stands behind the local header, packed.
    packed: &'a [u8],
}

/// By the central directory, or by the local headers where it has not come.
pub(super) fn read(search: &mut Search, bytes: &[u8], path: &str) {
    search.encrypted(false);
    if directory(search, bytes, path).is_none() {
        stream(search, bytes, path);
    }
}

fn directory(search: &mut Search, bytes: &[u8], path: &str) -> Option<()> {
    let tail = bytes.len().saturating_sub(TAIL);
    let end = tail + memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06")?;
    let (size, offset) = (long(bytes, end + 12)?, long(bytes, end + 16)?);
    // What was put in front (self-extracting programs) moves everything.
    let start = end.checked_sub(size)?;
    let moved = start.checked_sub(offset)?;
    let mut place = start;
    while at(bytes, place, 4)? == b"PK\x01\x02" {
        let (name, extra, comment) =
            (short(bytes, place + 28)?, short(bytes, place + 30)?, short(bytes, place + 32)?);
        let local = long(bytes, place + 42)?.checked_add(moved)?;
        let member = Member {
            name: at(bytes, place + 46, name)?,
            encrypted: short(bytes, place + 8)? & 1 == 1,
            method: short(bytes, place + 10)?,
            packed: packed(bytes, local, long(bytes, place + 20)?).unwrap_or(&[]),
        };
        if !take(search, &member, path) {
            break;
        }
        place += 46 + name + extra + comment;
    }
    Some(())
}

fn packed(bytes: &[u8], local: usize, size: usize) -> Option<&[u8]> {
    let (name, extra) = (short(bytes, local.checked_add(26)?)?, short(bytes, local + 28)?);
    let rest = bytes.get(local + 30 + name + extra..)?;
    Some(&rest[..rest.len().min(size)])
}

/// Local headers in their order; a member of unknown size is followed by a search for the next header.
fn stream(search: &mut Search, bytes: &[u8], path: &str) -> Option<()> {
    let mut place = 0;
    while at(bytes, place, 4)? == b"PK\x03\x04" {
        let (flags, size) = (short(bytes, place + 6)?, long(bytes, place + 18)?);
        let (name, extra) = (short(bytes, place + 26)?, short(bytes, place + 28)?);
        let data = place + 30 + name + extra;
        let rest = bytes.get(data..).unwrap_or(&[]);
        let unknown = flags & 8 != 0 && size == 0;
        let size =
            if unknown { memchr::memmem::find(rest, b"PK\x03\x04").unwrap_or(rest.len()) } else { size };
        let member = Member {
            name: at(bytes, place + 30, name)?,
            encrypted: flags & 1 == 1,
            method: short(bytes, place + 8)?,
            packed: &rest[..rest.len().min(size)],
        };
        if !take(search, &member, path) {
            break;
        }
        place = data.checked_add(size)?;
    }
    Some(())
}

fn take(search: &mut Search, member: &Member<'_>, path: &str) -> bool {
    let name = lossless(member.name);
    let more = search.member(path, &name);
    if member.encrypted {
        search.encrypted(true);
        return more;
    }
    let lower = name.to_ascii_lowercase();
    // Sheets of macros of Excel 4.0 need no project.
    if lower.ends_with("vbaproject.bin") || lower.starts_with("xl/macrosheets/") {
        search.inside.macros = Some(true);
    }
    if !lower.ends_with('/') && search.may_taste() {
        let relations = lower.ends_with(".rels");
        let content = match member.method {
            0 => member.packed[..member.packed.len().min(NESTED)].to_vec(),
            8 if relations => search.inflate(member.packed, RELATIONS_MAX),
            8 => search.unpack(member.packed),
            _ => Vec::new(),
        };
        if relations {
            targets(search, &lossless(&content));
        } else if !content.is_empty() {
            search.content(&content, path, &name);
        }
    }
    more
}

/// Relationships to elsewhere that are followed on opening: templates, frames, objects; links wait for a click.
fn targets(search: &mut Search, text: &str) {
    for element in text.split("<Relationship ").skip(1) {
        let element = element.split('>').next().unwrap_or("");
        let outside =
            attribute(element, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        let link = attribute(element, "Type").is_some_and(|kind| kind.ends_with("/hyperlink"));
        if outside
            && !link
            && let Some(target) = attribute(element, "Target")
        {
            search.external(&target.replace("&amp;", "&"));
        }
    }
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.match_indices(name).find_map(|(place, _)| {
        let value = element.get(place + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|&quote| quote == '"' || quote == '\'')?;
        value.get(1..)?.split(quote).next()
    })
}
