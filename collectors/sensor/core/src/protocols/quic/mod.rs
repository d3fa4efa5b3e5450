//! QUIC (RFC 8999, 9000, 9001, 9369, the drafts since 23) and the older QUIC of Google: what stands in the first packets.
//!
//! Initial packets are encrypted with keys that everybody can derive, so that the hellos of TLS are read as over TCP: the
//! connection is told as one `quic` event and one `tls` event. Once both sides send packets that only they can read there
//! is nothing left to learn.

mod decoder;
mod frames;
mod google;
mod packet;
mod protection;
#[cfg(test)]
mod tests;
mod version;

pub use decoder::Quic;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use packet::{Header, Kind};
use version::Version;

/// QUIC in datagrams.
pub const UDP: Protocol =
    Protocol { name: "quic", carrier: Carrier::Datagram, probe, decoder: || Box::new(Quic::default()) };

/// Clients fill their first datagram, so that nobody uses servers to multiply traffic (RFC 9000 §14.1).
const FIRST_DATAGRAM_MIN: usize = 1_200;

/// A long header of a known version with lengths that fit; for a version not known the first datagram must be a client's.
#[must_use]
pub fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    let mine = match packet::read(bytes) {
        Some((Header::Long(long), _)) => match long.version {
            Version::Other(version) => {
                opening.direction == Direction::ToServer
                    && version::is_grease(version)
                    && bytes.len() >= FIRST_DATAGRAM_MIN
                    && (8..=packet::ID_MAX).contains(&long.destination.len())
            }
            _ => long.kind != Kind::Retry || opening.direction == Direction::ToClient,
        },
        Some((Header::Negotiation { .. } | Header::Short, _)) => false,
        None => google::hello(bytes).is_some(),
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
