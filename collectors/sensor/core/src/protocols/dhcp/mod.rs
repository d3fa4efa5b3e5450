//! DHCP for IPv4 (RFC 2131, options of RFC 2132, 3396 and 4702): who has which address, and who hands them out.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

pub use decoder::Dhcp;

use super::{Carrier, Decoder, Opening, Protocol, Verdict};

/// DHCP in datagrams.
pub const UDP: Protocol = Protocol { name: "dhcp", carrier: Carrier::Datagram, probe, decoder };

fn decoder() -> Box<dyn Decoder> {
    Box::new(Dhcp)
}

/// The magic cookie behind the fixed part tells it on any port.
#[must_use]
pub fn probe(opening: &Opening<'_>) -> Verdict {
    if parser::Message::plausible(opening.bytes) { Verdict::Mine } else { Verdict::NotMine }
}
