//! Modbus over TCP (MODBUS Messaging on TCP/IP, MODBUS Application Protocol 1.1b3): functions, units and addresses; values
//! are not told. A master asks the same again every second, so that equal requests of a connection are one event.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use parser::Frame;

/// Modbus over TCP.
pub const MODBUS: Protocol = Protocol {
    name: "modbus",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Modbus::default()),
};

/// Its port. The header alone says little: elsewhere only a request of the common functions is taken for it.
const PORT: u16 = 502;

/// A whole request, and nothing behind it.
fn probe(opening: &Opening<'_>) -> Verdict {
    let expected = opening.ports.0 == PORT || opening.ports.1 == PORT;
    let bytes = opening.bytes;
    match parser::frame(bytes) {
        Frame::Broken => Verdict::NotMine,
        Frame::Incomplete => Verdict::Unsure,
        Frame::Whole(message, length) => {
            let client = opening.direction == Direction::ToServer;
            let alone = length == bytes.len();
            let common = client && alone && message.is_plain_request();
            if common || (expected && (alone || message.is_plain_request())) {
                Verdict::Mine
            } else {
                Verdict::NotMine
            }
        }
    }
}
