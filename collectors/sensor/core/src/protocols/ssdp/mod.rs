//! SSDP, the discovery of UPnP (UPnP Device Architecture 2.0 §1): HTTP headers in datagrams. Devices tell what they are and
//! where their description is; so do backdoors in routers, and amplifiers.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};

/// The entry for [`super::ALL`].
pub const SSDP: Protocol = Protocol {
    name: "ssdp",
    carrier: Carrier::Datagram,
    probe,
    decoder: || Box::new(decoder::Ssdp::default()),
};

/// The first line tells; an answer has the line of any HTTP answer, and the headers of SSDP.
fn probe(opening: &Opening<'_>) -> Verdict {
    if parser::Message::parse(opening.bytes).is_some() { Verdict::Mine } else { Verdict::NotMine }
}
