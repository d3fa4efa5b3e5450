//! Text of headers as people read it: encoded words (RFC 2047) and bytes of any charset.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::text::lossless;

/// Longest text of an encoded word; RFC 2047 §2 allows 75 for all of it, mailers are known to go over it.
const WORD_MAX: usize = 1_024;

/// Bytes in a charset as text; what the charset does not know is kept as `\xNN`.
pub(super) fn decode(charset: &[u8], bytes: &[u8]) -> String {
    // RFC 2231 allows a language behind the charset.
    let label = charset.split(|&b| b == b'*').next().unwrap_or_default();
    let Some(encoding) = Encoding::for_label(label) else { return lossless(bytes).into_owned() };
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    if malformed { lossless(bytes).into_owned() } else { text.into_owned() }
}

/// The bytes of one encoded word, and what stands behind it.
struct Word<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
    rest: &'a [u8],
}

/// `=?charset?B?text?=` at the beginning of some bytes.
fn word(bytes: &[u8]) -> Option<Word<'_>> {
    let inner = bytes.strip_prefix(b"=?")?;
    let inner = &inner[..inner.len().min(WORD_MAX)];
    let (charset, inner) = inner.split_at_checked(memchr::memchr(b'?', inner)?)?;
    let [b'?', kind, b'?', inner @ ..] = inner else { return None };
    let (text, left) = inner.split_at_checked(memchr::memmem::find(inner, b"?=")?)?;
    let length = bytes.len().min(WORD_MAX + 2) - left.len() + 2;
    let mut decoded = Vec::new();
    match kind {
        b'B' | b'b' => {
            let mut base64 = super::transfer::Base64::default();
            base64.decode(text, &mut decoded);
            base64.finish(&mut decoded);
        }
        b'Q' | b'q' => {
            let spaced: Vec<u8> = text.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
            let mut quoted = super::transfer::Quoted::default();
            quoted.decode(&spaced, &mut decoded);
            quoted.finish(&mut decoded);
        }
        _ => return None,
    }
    Some(Word { charset, bytes: decoded, rest: bytes.get(length..).unwrap_or_default() })
}

/// A header value with its encoded words decoded. Characters may be cut in two between words of one charset, as sloppy
/// mailers do.
pub(super) fn readable(value: &[u8]) -> Cow<'_, str> {
    if memchr::memmem::find(value, b"=?").is_none() {
        return lossless(value);
    }
    let mut out = String::new();
    let mut open: Option<(&[u8], Vec<u8>)> = None;
    let mut rest = value;
    while !rest.is_empty() {
        if let Some(found) = word(rest) {
            rest = found.rest;
            match &mut open {
                Some((charset, bytes)) if charset.eq_ignore_ascii_case(found.charset) => {
                    bytes.extend_from_slice(&found.bytes);
                }
                _ => {
                    flush(&mut open, &mut out);
                    open = Some((found.charset, found.bytes));
                }
            }
            continue;
        }
        // Blanks between two words belong to neither.
        let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if open.is_some() && blanks > 0 && word(&rest[blanks..]).is_some() {
            rest = &rest[blanks..];
            continue;
        }
        flush(&mut open, &mut out);
        let end = memchr::memmem::find(&rest[1..], b"=?").map_or(rest.len(), |at| at + 1);
        let plain = &rest[..end];
        // Blanks in front of a word are looked at by themselves in the next round.
        let kept = plain.trim_ascii_end().len().max(1).min(end);
        out.push_str(&lossless(&plain[..kept]));
        rest = &rest[kept..];
    }
    flush(&mut open, &mut out);
    Cow::Owned(out)
}

fn flush(open: &mut Option<(&[u8], Vec<u8>)>, out: &mut String) {
    if let Some((charset, bytes)) = open.take() {
        out.push_str(&decode(charset, &bytes));
    }
}
