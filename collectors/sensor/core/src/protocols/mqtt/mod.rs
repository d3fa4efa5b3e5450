//! MQTT 3.1, 3.1.1 and 5 (OASIS): how things talk to their broker, and sometimes malware to its masters.
//!
//! A packet and what acknowledges it are one event. Contents are not told, only their size. A topic that is published to
//! again and again is told some times and then counted.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use parser::Framing;

/// MQTT over TCP.
pub const MQTT: Protocol =
    Protocol { name: "mqtt", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Mqtt::default()) };

/// A CONNECT names its protocol; a bare CONNACK is for connections of which the beginning was lost.
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
        (Direction::ToClient, Some(0x20)) => match bytes {
            [_] | [_, 2] | [_, 2, 0 | 1] => Verdict::Unsure,
            [_, 2, 0 | 1, 0..=5] => Verdict::Mine,
            _ => Verdict::NotMine,
        },
        _ => Verdict::NotMine,
    }
}
