//! DHCP for IPv6 (RFC 8415, names of RFC 4704): who has which address, and who hands them out. Its messages go into the
//! dataset of DHCP; `network.protocol` tells which one it was.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};

/// The entry for [`super::ALL`].
pub const UDP: Protocol =
    Protocol { name: "dhcpv6", carrier: Carrier::Datagram, probe, decoder: || Box::new(decoder::Dhcpv6) };

/// Where clients and servers listen.
const PORTS: [u16; 2] = [546, 547];

/// The fixed part is a type and a number, which many things begin with: the port must fit too.
fn probe(opening: &Opening<'_>) -> Verdict {
    let ported = PORTS.contains(&opening.ports.0) || PORTS.contains(&opening.ports.1);
    let mine = ported && parser::Message::parse(opening.bytes).is_some_and(|message| message.is_plausible());
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
