//! Kerberos 5 (RFC 4120; PKINIT of RFC 4556, FAST of RFC 6113, S4U of MS-SFU): who asks the key distribution centre for
//! which ticket, with which encryption, and what it answers.
//!
//! A message is one datagram, or stands in a stream behind four bytes of length. Requests and replies name each other
//! only inside their encrypted parts, so that they are paired in order and by kind. Tickets are never kept; what is read
//! of them is realm, service and encryption type.

mod decoder;
mod names;
mod parser;
mod password;
#[cfg(test)]
mod tests;
mod tokens;
mod transaction;

pub use decoder::Kerberos;
pub use names::encryption;
pub use password::{PASSWORD_TCP, PASSWORD_UDP};
pub use tokens::{Presented, ticket_of};

use super::{Carrier, Opening, Protocol, Verdict};
use crate::asn1::{self, Head};

/// Kerberos in datagrams.
pub const UDP: Protocol = Protocol {
    name: "kerberos",
    carrier: Carrier::Datagram,
    probe: probe_datagram,
    decoder: || Box::new(Kerberos::datagrams()),
};

/// Kerberos in a stream.
pub const TCP: Protocol = Protocol {
    name: "kerberos",
    carrier: Carrier::Stream,
    probe: probe_stream,
    decoder: || Box::new(Kerberos::stream()),
};

/// Longest message that a length in a stream is believed to announce: tickets with hundreds of groups have 64 KiB.
const LENGTH_MAX: usize = 1 << 20;

/// One message, whole.
fn probe_datagram(opening: &Opening<'_>) -> Verdict {
    match begins_message(opening.bytes) {
        Begins::Yes(total) if total == opening.bytes.len() => Verdict::Mine,
        _ => Verdict::NotMine,
    }
}

/// The length, and a message that has it.
fn probe_stream(opening: &Opening<'_>) -> Verdict {
    let Some((length, message)) = opening.bytes.split_first_chunk::<4>() else {
        return if opening.bytes.first().is_none_or(|first| *first == 0) {
            Verdict::Unsure
        } else {
            Verdict::NotMine
        };
    };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    if length > LENGTH_MAX {
        return Verdict::NotMine;
    }
    match begins_message(message) {
        Begins::Yes(total) if total == length => Verdict::Mine,
        Begins::Perhaps => Verdict::Unsure,
        Begins::Yes(_) | Begins::No => Verdict::NotMine,
    }
}

enum Begins {
    /// A message of so many bytes.
    Yes(usize),
    Perhaps,
    No,
}

/// Whether these bytes begin a message: application tag, sequence, version 5, and the message type that the tag says.
fn begins_message(bytes: &[u8]) -> Begins {
    let (kind, head, content) = match Head::of(bytes) {
        Head::Known { tag, head, content } => (tag.wrapping_sub(0x60), head, content),
        Head::Incomplete
            if bytes.first().is_none_or(|tag| matches!(tag, 0x6a..=0x6f | 0x74..=0x76 | 0x7e)) =>
        {
            return Begins::Perhaps;
        }
        Head::Incomplete | Head::Invalid => return Begins::No,
    };
    if !matches!(kind, 10..=15 | 20..=22 | 30) {
        return Begins::No;
    }
    let inner = bytes.get(head..).unwrap_or_default();
    let outer = match Head::of(inner) {
        Head::Known { tag: asn1::SEQUENCE, head, content: length } if head + length == content => head,
        Head::Incomplete => return Begins::Perhaps,
        Head::Known { .. } | Head::Invalid => return Begins::No,
    };
    // Requests to the centre count their fields from 1, all other messages from 0.
    let first = if matches!(kind, 10 | 12) { 0xa1 } else { 0xa0 };
    let opening = [first, 3, asn1::INTEGER, 1, 5, first + 1, 3, asn1::INTEGER, 1, kind];
    let fields = inner.get(outer..).unwrap_or_default();
    let known = fields.len().min(opening.len());
    match fields[..known] == opening[..known] {
        false => Begins::No,
        true if known < opening.len() => Begins::Perhaps,
        true => Begins::Yes(head + content),
    }
}
