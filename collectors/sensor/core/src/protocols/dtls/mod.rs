//! DTLS 1.0 to 1.3 (RFC 4347, 6347, 9147): TLS in datagrams, as VPNs, telephones and remote desktops speak it. Its hellos
//! and certificates are told as those of TLS.

mod decoder;
mod records;
#[cfg(test)]
mod tests;

pub use decoder::Dtls;

use super::tls::records::{CLIENT_HELLO, HANDSHAKE, SERVER_HELLO};
use super::{Carrier, Direction, Opening, Protocol, Verdict};
use records::{HELLO_VERIFY_REQUEST, Record};

/// DTLS in datagrams.
pub const UDP: Protocol =
    Protocol { name: "dtls", carrier: Carrier::Datagram, probe, decoder: || Box::new(Dtls::default()) };

/// A hello at the start of a datagram, whose lengths all fit.
#[must_use]
pub fn probe(opening: &Opening<'_>) -> Verdict {
    let hello = records::read(opening.bytes).is_some_and(|(record, _)| {
        let Record::Clear { kind: HANDSHAKE, body } = record else { return false };
        records::fragment(body).is_some_and(|(fragment, _)| {
            let expected: &[u8] = match opening.direction {
                Direction::ToServer => &[CLIENT_HELLO],
                Direction::ToClient => &[SERVER_HELLO, HELLO_VERIFY_REQUEST],
            };
            expected.contains(&fragment.kind) && fragment.offset + fragment.data.len() <= fragment.length
        })
    });
    if hello { Verdict::Mine } else { Verdict::NotMine }
}
