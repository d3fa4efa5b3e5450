//! MQTT 3.1, 3.1.1 and 5 (OASIS): how things talk to their broker, and sometimes malware to its masters.
//!
//! A packet and what acknowledges it are one event. Contents are not told, only their size. A topic that is published to
//! again and again is told some times and then counted.

mod decoder;
mod parser;
mod properties;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use parser::Framing;

/// MQTT over TCP.
pub const MQTT: Protocol = Protocol {
    name: "mqtt",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Mqtt::default()),
};

/// A CONNECT names its protocol; a CONNACK is for connections of which the beginning was lost.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    match (opening.direction, bytes.first()) {
        (Direction::ToServer, Some(0x10)) => match parser::frame(bytes) {
            Framing::Packet { head, .. } => match parser::names_protocol(&bytes[head..]) {
                Some(true) => Verdict::Mine,
                Some(false) => Verdict::NotMine,
                None => Verdict::Unsure,
            },
            Framing::Incomplete => Verdict::Unsure,
            Framing::Broken => Verdict::NotMine,
        },
        // Without a beginning it is not sure who is the client.
        (_, Some(0x20)) => match bytes {
            [_] | [_, 2..=0x7f] | [_, 2..=0x7f, 0 | 1] => Verdict::Unsure,
            [_, 3..=0x7f, 0 | 1, _] | [_, 3..=0x7f, 0 | 1, _, _] => Verdict::Unsure,
            [_, 2, 0 | 1, 0..=5] => Verdict::Mine,
            // Version 5: the properties fill the rest.
            [_, length @ 3..=0x7f, 0 | 1, 0 | 0x80..=0x9f, properties, first, ..]
                if *properties == length - 3 && parser::CONNACK_PROPERTIES.contains(first) =>
            {
                Verdict::Mine
            }
            _ => Verdict::NotMine,
        },
        _ => Verdict::NotMine,
    }
}
