//! SNMP versions 1, 2c and 3 (RFC 1157, 1901, 3416, 3412, 3414) in datagrams: who asks network equipment for what, who
//! sets it, and with which community or user.
//!
//! The community is a password in clear: it is masked, but for the two that everybody knows. Of encrypted messages user
//! and engine are visible.

mod decoder;
mod names;
mod parser;
#[cfg(test)]
mod tests;

pub use decoder::Snmp;

use super::{Carrier, Opening, Protocol, Verdict};

/// SNMP in datagrams.
pub const UDP: Protocol = Protocol {
    name: "snmp",
    carrier: Carrier::Datagram,
    probe: |opening: &Opening<'_>| {
        if parser::plausible(opening.bytes) { Verdict::Mine } else { Verdict::NotMine }
    },
    decoder: || Box::new(Snmp::default()),
};
