//! DCE/RPC (C706, MS-RPCE): remote procedure calls, by which Windows networks are run, and taken over. Connections over
//! TCP on any port, version 4 in datagrams, and named pipes of SMB ([`Pipe`], which the decoder of SMB feeds).
//!
//! One event a call, with names of interface and operation ([`interfaces`]), and for the operations that matter what they
//! act upon ([`arguments`]); one event an agreement on interfaces. NTLM inside gives its own events.

mod agreement;
mod arguments;
mod association;
mod bind;
mod call;
mod contents;
mod contexts;
mod datagram;
mod decoder;
mod endpoints;
mod interfaces;
mod ndr;
mod pdu;
mod pipe;
mod security;
mod status;
mod stub;
mod tally;
#[cfg(test)]
mod tests;
mod uuid;

pub use pipe::Pipe;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use pdu::{HEADER_BYTES, Header, kind};

/// Calls over TCP.
pub const TCP: Protocol = Protocol {
    name: "dcerpc",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Connection::default()),
};

/// Calls in datagrams.
pub const UDP: Protocol = Protocol {
    name: "dcerpc",
    carrier: Carrier::Datagram,
    probe: probe_datagram,
    decoder: || Box::new(datagram::Datagrams::default()),
};

/// What messages of connections begin with: version 5.0 or 5.1.
const VERSIONS: [[u8; 2]; 2] = [[5, 0], [5, 1]];

/// A whole head whose parts agree; clients mostly begin with an offer of interfaces.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if opening.direction == Direction::ToClient && bytes.starts_with(decoder::GREETING) {
        return Verdict::Mine;
    }
    if bytes.len() < HEADER_BYTES {
        let start = &bytes[..bytes.len().min(2)];
        let may_begin = VERSIONS.iter().any(|version| version.starts_with(start))
            || (opening.direction == Direction::ToClient && decoder::GREETING.starts_with(bytes));
        return if may_begin { Verdict::Unsure } else { Verdict::NotMine };
    }
    match Header::parse(bytes) {
        // Services for web proxies send control messages between ends that are not ours to read.
        Some(Header { kind: kind::RTS, .. }) | None => Verdict::NotMine,
        Some(_) => Verdict::Mine,
    }
}

fn probe_datagram(opening: &Opening<'_>) -> Verdict {
    if datagram::plausible(opening.bytes) { Verdict::Mine } else { Verdict::NotMine }
}
