//! Names on the local network without a server: LLMNR (RFC 4795), multicast DNS (RFC 6762) and the NetBIOS name service
//! (RFC 1002 §4.2). All share the format of DNS messages.
//!
//! The question goes to everybody and anybody may answer: who answers with which address is what matters, because that is
//! how passwords are caught (a host that answers for names which are not its own). All three go into the dataset `llmnr`;
//! `network.protocol` tells them apart.
//!
//! A question to a group is an event of its own, since its answers come as flows of their own; where the answer comes in
//! the same flow, both are one event. What a host repeats within [`REPEAT_AFTER`] is told once.

mod decoder;
mod netbios;
#[cfg(test)]
mod tests;

use super::dns::parser::{HEADER_BYTES, Message};
use super::{Carrier, Opening, Protocol, Verdict};
pub use decoder::{LocalNames, REPEAT_AFTER};

/// LLMNR in datagrams.
pub const LLMNR_UDP: Protocol = Protocol {
    name: "llmnr",
    carrier: Carrier::Datagram,
    probe: probe_llmnr,
    decoder: || Box::new(LocalNames::new(Flavour::Llmnr, false)),
};

/// LLMNR in a stream: each message behind its length.
pub const LLMNR_TCP: Protocol = Protocol {
    name: "llmnr",
    carrier: Carrier::Stream,
    probe: probe_llmnr_stream,
    decoder: || Box::new(LocalNames::new(Flavour::Llmnr, true)),
};

/// Multicast DNS.
pub const MDNS: Protocol = Protocol {
    name: "mdns",
    carrier: Carrier::Datagram,
    probe: probe_mdns,
    decoder: || Box::new(LocalNames::new(Flavour::Mdns, false)),
};

/// NetBIOS name service.
pub const NBNS: Protocol = Protocol {
    name: "netbios-ns",
    carrier: Carrier::Datagram,
    probe: probe_netbios,
    decoder: || Box::new(LocalNames::new(Flavour::NetBios, false)),
};

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// RFC 4795.
    Llmnr,
    /// RFC 6762.
    Mdns,
    /// RFC 1002.
    NetBios,
}

impl Flavour {
    fn name(self) -> &'static str {
        match self {
            Self::Llmnr => "llmnr",
            Self::Mdns => "mdns",
            Self::NetBios => "netbios-ns",
        }
    }
}

/// The messages look like DNS: only the port says which protocol they are.
fn has(opening: &Opening<'_>, port: u16) -> bool {
    opening.ports.0 == port || opening.ports.1 == port
}

fn verdict(mine: bool) -> Verdict {
    if mine { Verdict::Mine } else { Verdict::NotMine }
}

/// One question (RFC 4795 §2.1.1) that can be read.
fn probe_llmnr(opening: &Opening<'_>) -> Verdict {
    verdict(has(opening, 5_355) && is_llmnr(opening.bytes))
}

fn probe_llmnr_stream(opening: &Opening<'_>) -> Verdict {
    if !has(opening, 5_355) {
        return Verdict::NotMine;
    }
    let Some((length, rest)) = opening.bytes.split_first_chunk::<2>() else { return Verdict::Unsure };
    let length = usize::from(u16::from_be_bytes(*length));
    match rest.get(..length) {
        _ if length <= HEADER_BYTES => Verdict::NotMine,
        Some(message) => verdict(is_llmnr(message)),
        None if rest.get(4..6).is_some_and(|questions| questions != [0, 1]) => Verdict::NotMine,
        None => Verdict::Unsure,
    }
}

fn is_llmnr(bytes: &[u8]) -> bool {
    bytes.get(4..6) == Some(&[0, 1])
        && Message::parse(bytes).is_some_and(|message| {
            message.defects.is_empty() && message.questions.iter().all(|question| question.class == 1)
        })
}

/// A query or response (opcode and code are 0, RFC 6762 §18) that can be read.
fn probe_mdns(opening: &Opening<'_>) -> Verdict {
    let plain = opening.bytes.get(2..4).is_some_and(|flags| flags[0] & 0x78 == 0 && flags[1] & 0x0f == 0);
    verdict(
        has(opening, 5_353)
            && plain
            && Message::parse(opening.bytes).is_some_and(|message| {
                message.counts.iter().any(|count| *count > 0) && !message.defects.contains(&"dns-truncated")
            }),
    )
}

fn probe_netbios(opening: &Opening<'_>) -> Verdict {
    verdict(has(opening, 137) && netbios::plausible(opening.bytes))
}
