//! TFTP (RFC 1350; options of RFC 2347 to 2349 and 7440): one `tftp` event a request, with the file that it moves.
//!
//! The server answers a request from a new port, so that the request announces the flow of its transfer. Some servers
//! answer from their own port: then request and transfer are one flow.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;
mod transfer;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use parser::Message;

/// The entry for [`super::ALL`].
pub const TFTP: Protocol = Protocol {
    name: "tftp",
    carrier: Carrier::Datagram,
    probe,
    decoder: || Box::new(decoder::Tftp::default()),
};

/// A request with a printable name and one of the three modes tells it on any port. Data blocks say nothing of themselves.
fn probe(opening: &Opening<'_>) -> Verdict {
    let request = matches!(Message::parse(opening.bytes), Some(Message::Request(_)));
    if request && opening.direction == Direction::ToServer { Verdict::Mine } else { Verdict::NotMine }
}
