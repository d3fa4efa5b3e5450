//! DNP3 (IEEE 1815): stations that are read and switched. Functions and objects are told, values are not.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};

/// DNP3 over TCP.
pub const TCP: Protocol = Protocol {
    name: "dnp3",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Dnp3::default()),
};

/// DNP3 over UDP.
pub const UDP: Protocol = Protocol {
    name: "dnp3",
    carrier: Carrier::Datagram,
    probe,
    decoder: || Box::new(decoder::Dnp3::default()),
};

/// A link header with its check sequence.
fn probe(opening: &Opening<'_>) -> Verdict {
    match parser::link(opening.bytes) {
        parser::Link::Header(_) => Verdict::Mine,
        parser::Link::Incomplete => Verdict::Unsure,
        parser::Link::Broken => Verdict::NotMine,
    }
}
