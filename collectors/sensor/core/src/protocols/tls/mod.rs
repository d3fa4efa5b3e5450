//! TLS 1.0 to 1.3, SSL 3.0 and the hello of SSL 2.0 (RFC 8446, 5246, 6101): what both sides say in clear before they
//! encrypt.
//!
//! Once both have sent encrypted records there is nothing left to learn, and the flow's reassembly stops. Recognition
//! is by content, so that TLS behind STARTTLS or inside a proxy's tunnel is found as well.

mod ciphers;
mod decoder;
pub(super) mod fingerprints;
pub(super) mod handshake;
pub(super) mod hello;
mod names;
pub(super) mod pieces;
pub(super) mod records;
mod ssl2;
#[cfg(test)]
mod tests;
mod x509;

pub use decoder::Tls;

use super::{Carrier, Decoder, Opening, Protocol, Verdict};

/// TLS in a stream.
pub const TCP: Protocol = Protocol { name: "tls", carrier: Carrier::Stream, probe, decoder };

fn decoder() -> Box<dyn Decoder> {
    Box::new(Tls::default())
}

/// A hello, or in the middle of a connection any record.
#[must_use]
pub fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        return ssl2::probe(bytes);
    }
    let prefix = &bytes[..bytes.len().min(records::HEADER_BYTES)];
    // What has not come yet is taken for the best.
    let mut header = [records::HANDSHAKE, 3, 3, 0, 4];
    header[..prefix.len()].copy_from_slice(prefix);
    let hello =
        bytes.get(5).is_none_or(|kind| matches!(*kind, records::CLIENT_HELLO | records::SERVER_HELLO));
    let fits = records::plausible(&header)
        && (header[3] != 0 || header[4] != 0)
        && match header[0] {
            records::HANDSHAKE => hello,
            records::ALERT => header[3] == 0,
            records::CHANGE_CIPHER_SPEC => header[3] == 0 && header[4] == 1,
            records::APPLICATION_DATA => true,
            _ => false,
        };
    match (fits, bytes.len() > records::HEADER_BYTES) {
        (false, _) => Verdict::NotMine,
        (true, true) => Verdict::Mine,
        (true, false) => Verdict::Unsure,
    }
}
