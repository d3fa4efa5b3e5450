//! Parameters of header values (RFC 2045 §5.1) with continuations and charsets (RFC 2231).

use super::words::{decode, readable};
use crate::protocols::http::parser::percent_decode;

/// Parameters read from one header value: real ones have one to four, a long name in pieces some dozen.
const PARAMETERS_MAX: usize = 64;

/// A header value taken apart: `text/plain; charset=utf-8`.
#[derive(Default)]
pub(super) struct Value {
    /// What stands in front of the parameters, lower case.
    pub(super) main: String,
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Value {
    pub(super) fn parse(value: &[u8]) -> Self {
        let mut pieces = Pieces(value);
        let main = pieces.next().unwrap_or_default();
        let main = main.split(|b| b.is_ascii_whitespace() || *b == b'(').find(|word| !word.is_empty());
        let main = String::from_utf8_lossy(main.unwrap_or_default()).to_ascii_lowercase();
        let parameters = pieces.filter_map(|piece| {
            let equals = memchr::memchr(b'=', &piece)?;
            let name = piece[..equals].trim_ascii().to_ascii_lowercase();
            Some((name, piece[equals + 1..].trim_ascii().to_vec()))
        });
        Self { main, parameters: parameters.take(PARAMETERS_MAX).collect() }
    }

    fn raw(&self, name: &str) -> Option<&[u8]> {
        self.parameters.iter().find(|(other, _)| other == name.as_bytes()).map(|(_, value)| &value[..])
    }

    /// A parameter as bytes, for boundaries.
    pub(super) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        if let Some(plain) = self.raw(name) {
            return Some(plain.to_vec());
        }
        self.text(name).map(String::into_bytes)
    }

    /// A parameter as people read it: in pieces, percent-encoded, in encoded words or plain.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let pieces = match self.raw(&format!("{name}*")) {
            Some(extended) => vec![(true, extended)],
            None => self.pieces(name),
        };
        let (mut charset, mut joined) = (None, Vec::new());
        for (index, (encoded, value)) in pieces.iter().enumerate() {
            if !encoded {
                joined.extend_from_slice(value);
                continue;
            }
            let (named, value) = if index == 0 { split_charset(value) } else { (None, *value) };
            charset = charset.or(named);
            joined.extend_from_slice(&percent_decode(value));
        }
        let text = match charset {
            Some(charset) => decode(charset, &joined),
            None if pieces.is_empty() => readable(self.raw(name)?).into_owned(),
            None => readable(&joined).into_owned(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// The pieces of a parameter that is continued (RFC 2231 §3), and whether each is percent-encoded.
    fn pieces(&self, name: &str) -> Vec<(bool, &[u8])> {
        let mut pieces: Vec<(bool, &[u8])> = Vec::new();
        for index in 0..PARAMETERS_MAX {
            match (self.raw(&format!("{name}*{index}*")), self.raw(&format!("{name}*{index}"))) {
                (Some(encoded), _) => pieces.push((true, encoded)),
                (None, Some(plain)) => pieces.push((false, plain)),
                // A missing piece is passed over when the next is there.
                (None, None) if index > pieces.len() => break,
                (None, None) => {}
            }
        }
        pieces
    }
}

/// `utf-8'vi'h%C3%B3a` → the charset, and the text behind charset and language (RFC 2231 §4).
fn split_charset(value: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let mut parts = value.splitn(3, |&b| b == b'\'');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(charset), Some(_), Some(rest)) => (Some(charset), rest),
        _ => (None, value),
    }
}

/// The pieces between semicolons; quotes are taken off, comments stay.
struct Pieces<'a>(&'a [u8]);

impl Iterator for Pieces<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return None;
        }
        let (mut piece, mut quoted) = (Vec::new(), false);
        while let Some((&byte, rest)) = self.0.split_first() {
            self.0 = rest;
            match byte {
                b';' if !quoted => break,
                b'"' => quoted = !quoted,
                // Old mailers write paths of Windows without doubling the backslash.
                b'\\' if quoted && matches!(rest.first(), Some(b'"' | b'\\')) => {
                    piece.extend(rest.first());
                    self.0 = &rest[1..];
                }
                _ => piece.push(byte),
            }
        }
        Some(piece)
    }
}
