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
        let (mut charset, mut joined) = (Vec::new(), Vec::new());
        let mut add = |value: &[u8], first: bool| {
            let mut value = value;
            if first && let [.., _] = value {
                let mut parts = value.splitn(3, |&b| b == b'\'');
                if let (Some(named), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                    charset = named.to_vec();
                    value = rest;
                }
            }
            joined.extend_from_slice(&percent_decode(value));
        };
        if let Some(extended) = self.raw(&format!("{name}*")) {
            add(extended, true);
            return Some(decode(&charset, &joined)).filter(|text| !text.is_empty());
        }
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
        if pieces.is_empty() {
            return self.raw(name).map(|plain| readable(plain).into_owned()).filter(|text| !text.is_empty());
        }
        for (index, (encoded, value)) in pieces.iter().enumerate() {
            if *encoded {
                add(value, index == 0);
            } else {
                add(
                    &value
                        .iter()
                        .flat_map(|&b| if b == b'%' { b"%25".to_vec() } else { vec![b] })
                        .collect::<Vec<_>>(),
                    false,
                );
            }
        }
        Some(decode(&charset, &joined))
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
