//! DNS over UDP and TCP (RFC 1035, RFC 6891 for EDNS, RFC 7766 for TCP).
//!
//! Multicast DNS, LLMNR and the NetBIOS name service share the message format but not the meaning (no resolver): their
//! ports are left to [`super::localnames`].

mod decoder;
pub(super) mod names;
pub(super) mod parser;
mod records;
#[cfg(test)]
mod tests;

pub use decoder::Dns;
pub(super) use decoder::Lists;

use super::{Carrier, Decoder, Opening, Protocol, Verdict};
use parser::Message;

/// DNS in datagrams.
pub const UDP: Protocol =
    Protocol { name: "dns", carrier: Carrier::Datagram, probe: probe_datagram, decoder: datagram_decoder };

/// DNS in a stream: each message behind its length.
pub const TCP: Protocol =
    Protocol { name: "dns", carrier: Carrier::Stream, probe: probe_stream, decoder: stream_decoder };

/// Where resolvers listen: there a message that is only half right is still DNS, elsewhere it must be flawless.
const PORT: u16 = 53;

/// NetBIOS names, multicast DNS, LLMNR.
const NEIGHBOURS: [u16; 3] = [137, 5353, 5355];

fn datagram_decoder() -> Box<dyn Decoder> {
    Box::new(Dns::datagrams())
}

fn stream_decoder() -> Box<dyn Decoder> {
    Box::new(Dns::stream())
}

/// The message of one datagram.
#[must_use]
pub fn probe_datagram(opening: &Opening<'_>) -> Verdict {
    let (client, server) = opening.ports;
    if NEIGHBOURS.iter().any(|port| *port == client || *port == server) {
        return Verdict::NotMine;
    }
    let expected = client == PORT || server == PORT;
    if is_message(opening.bytes, expected) { Verdict::Mine } else { Verdict::NotMine }
}

/// Two bytes of length and the message.
#[must_use]
pub fn probe_stream(opening: &Opening<'_>) -> Verdict {
    let (client, server) = opening.ports;
    if NEIGHBOURS.contains(&server) {
        return Verdict::NotMine;
    }
    let expected = client == PORT || server == PORT;
    let Some((length, message)) = opening.bytes.split_first_chunk::<2>() else { return Verdict::Unsure };
    let length = usize::from(u16::from_be_bytes(*length));
    if length < parser::HEADER_BYTES {
        return Verdict::NotMine;
    }
    if message.len() < length {
        // The header alone already refuses nearly everything that is not DNS.
        return match (message.len() < parser::HEADER_BYTES, Message::plausible_header(message, length)) {
            (true, _) => Verdict::Unsure,
            (false, true) if expected => Verdict::Mine,
            (false, true) => Verdict::Unsure,
            (false, false) => Verdict::NotMine,
        };
    }
    if is_message(&message[..length], expected) { Verdict::Mine } else { Verdict::NotMine }
}

/// Whether these bytes are a message without any defect: such that hardly anything else can be.
#[must_use]
pub fn is_flawless(bytes: &[u8]) -> bool {
    is_message(bytes, false)
}

fn is_message(bytes: &[u8], expected: bool) -> bool {
    if !Message::plausible_header(bytes, bytes.len()) {
        return false;
    }
    expected || Message::parse(bytes).is_some_and(|message| message.flawless())
}
