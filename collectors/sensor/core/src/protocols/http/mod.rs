//! HTTP/0.9 to 1.1 (RFC 9110, 9112): requests and responses paired, bodies decoded and carried to files.
//!
//! Where a message can be read in several ways, the content decides: the file that the most lenient user agent would
//! have got is the one that is reassembled, and an anomaly says that something was odd.

mod authorization;
pub(super) mod coding;
mod decoder;
pub(super) mod doh;
mod framing;
pub(super) mod head;
pub(super) mod lines;
mod markers;
mod multipart;
mod negotiate;
pub(super) mod parser;
pub(super) mod payload;
mod side;
#[cfg(test)]
mod tests;
pub(super) mod transaction;

pub use decoder::Http;

use super::{Carrier, Opening, Protocol, Verdict};
use parser::{is_token, starts_with_ignoring_case, trim};

/// HTTP over TCP.
pub const HTTP: Protocol =
    Protocol { name: "http", carrier: Carrier::Stream, probe, decoder: || Box::new(Http::default()) };

/// Methods that are told from other protocols' words by themselves; others need a version behind the target.
const METHODS: [&str; 27] = [
    "GET ",
    "POST ",
    "HEAD ",
    "PUT ",
    "DELETE ",
    "OPTIONS ",
    "CONNECT ",
    "TRACE ",
    "PATCH ",
    "PROPFIND ",
    "PROPPATCH ",
    "MKCOL ",
    "COPY ",
    "MOVE ",
    "LOCK ",
    "UNLOCK ",
    "SEARCH ",
    "REPORT ",
    "SUBSCRIBE ",
    "UNSUBSCRIBE ",
    "NOTIFY ",
    "M-SEARCH ",
    "BITS_POST ",
    "RPC_IN_DATA ",
    "RPC_OUT_DATA ",
    "PURGE ",
    "SOURCE ",
];
/// Longest first line that is waited for.
const LINE_LOOK: usize = 4_096;

fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    // Blank lines in front of a message are passed over, as servers and browsers do.
    let begin = bytes.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0));
    let Some(begin) = begin.filter(|&begin| begin <= 16) else {
        return if bytes.len() <= 16 { Verdict::Unsure } else { Verdict::NotMine };
    };
    let bytes = &bytes[begin..];
    let response = begins(bytes, b"HTTP/");
    if response != Verdict::NotMine {
        return response;
    }
    request(bytes)
}

/// Whether the bytes begin with this word, in any case.
fn begins(bytes: &[u8], word: &[u8]) -> Verdict {
    let length = bytes.len().min(word.len());
    match bytes[..length].eq_ignore_ascii_case(&word[..length]) {
        true if length == word.len() => Verdict::Mine,
        true => Verdict::Unsure,
        false => Verdict::NotMine,
    }
}

fn request(bytes: &[u8]) -> Verdict {
    let method = bytes.iter().take_while(|&&b| is_token(b)).count();
    if method == 0 || method > 24 || bytes.starts_with(b"PRI * HTTP/2") {
        return Verdict::NotMine;
    }
    match bytes.get(method) {
        None => return Verdict::Unsure,
        Some(b' ' | b'\t') => {}
        Some(_) => return Verdict::NotMine,
    }
    let line = memchr::memchr(b'\n', bytes).map(|end| trim(&bytes[..end]));
    let Some(line) = line else {
        let known = METHODS.iter().any(|method| bytes.starts_with(method.as_bytes()));
        let target = bytes.get(method + 1).is_some_and(|b| matches!(b, b'/' | b'h' | b'*'));
        if [&b"GET /"[..], b"POST /", b"HEAD /"].iter().any(|start| bytes.starts_with(start)) {
            return Verdict::Mine;
        }
        // SIP and RTSP share other methods with HTTP; only the version tells, or a path.
        return match (known && target, bytes.len() < LINE_LOOK) {
            (true, false) => Verdict::Mine,
            (_, true) => Verdict::Unsure,
            (false, false) => Verdict::NotMine,
        };
    };
    let version = line.rsplit(|&b| parser::is_blank(b)).next().unwrap_or_default();
    let bare = parser::request_line(line)
        .is_some_and(|line| line.version.is_none() && line.target.starts_with(b"/"));
    if starts_with_ignoring_case(version, b"HTTP/") || bare { Verdict::Mine } else { Verdict::NotMine }
}
