//! HTTP/2 in clear (RFC 9113, HPACK: RFC 7541): with prior knowledge, or upgraded from HTTP/1.1 (h2c).
//!
//! Requests and responses become the same `http` events as those of HTTP/1.1, their bodies files; one `http2` event tells
//! of the connection. Behind TLS nothing of it is seen.

mod decoder;
mod frames;
mod hpack;
mod huffman;
mod streams;
#[cfg(test)]
mod tests;

pub use decoder::Http2;

use super::{Carrier, Opening, Protocol, Verdict};
use frames::{HEADER_BYTES, Header, PREFACE, kind};

/// HTTP/2 in a stream.
pub const TCP: Protocol =
    Protocol { name: "http2", carrier: Carrier::Stream, probe, decoder: || Box::new(Http2::default()) };

/// The client's preface, or a server's first frame: settings, of which every byte can be told.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    let length = bytes.len().min(PREFACE.len());
    if bytes[..length] == PREFACE[..length] {
        return if length == PREFACE.len() { Verdict::Mine } else { Verdict::Unsure };
    }
    let Some(header) = Header::read(bytes) else {
        // What has come may be the beginning of a length below 256 and a type.
        let possible = bytes.iter().zip([0, 0, u8::MAX, kind::SETTINGS, 0, 0, 0, 0]);
        let fits = possible.enumerate().all(|(at, (byte, wanted))| at == 2 || *byte == wanted);
        return if fits { Verdict::Unsure } else { Verdict::NotMine };
    };
    let first =
        header.kind == kind::SETTINGS && header.flags == 0 && header.plausible() && header.length < 256;
    match bytes.get(HEADER_BYTES..HEADER_BYTES + header.length) {
        _ if !first => Verdict::NotMine,
        None => Verdict::Unsure,
        Some(body) if frames::settings(body).all(|(number, _)| frames::is_known_setting(number)) => {
            Verdict::Mine
        }
        Some(_) => Verdict::NotMine,
    }
}
