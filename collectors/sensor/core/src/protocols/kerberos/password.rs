//! Changes of password (RFC 3244, and version 1 before it): recognised by name; all but a ticket is encrypted.

use crate::asn1::Head;
use crate::context::Context;
use crate::protocols::{Carrier, Decoder, Direction, Opening, Outcome, Protocol, Verdict};

/// Over UDP.
pub const PASSWORD_UDP: Protocol = Protocol {
    name: "kpasswd",
    carrier: Carrier::Datagram,
    probe: |opening| probe(opening.bytes),
    decoder: || Box::new(Nothing),
};

/// Over TCP: behind four bytes of length.
pub const PASSWORD_TCP: Protocol = Protocol {
    name: "kpasswd",
    carrier: Carrier::Stream,
    probe: |opening: &Opening<'_>| match opening.bytes.split_first_chunk::<4>() {
        Some((length, message)) if length[..2] == [0, 0] && message.len() >= HEADER_BYTES + 4 => {
            if length[2..] == message[..2] { announced(message) } else { Verdict::NotMine }
        }
        Some((length, _)) if length[..2] != [0, 0] => Verdict::NotMine,
        _ => Verdict::Unsure,
    },
    decoder: || Box::new(Nothing),
};

/// Length, version, length of the AP-REQ or AP-REP.
const HEADER_BYTES: usize = 6;

/// A datagram is one message.
fn probe(bytes: &[u8]) -> Verdict {
    let whole =
        bytes.first_chunk().is_some_and(|length| usize::from(u16::from_be_bytes(*length)) == bytes.len());
    if whole { announced(bytes) } else { Verdict::NotMine }
}

/// Version 1 or 0xff80, and behind the header an AP-REQ or AP-REP as long as it says.
fn announced(bytes: &[u8]) -> Verdict {
    let Some((header, message)) = bytes.split_first_chunk::<HEADER_BYTES>() else { return Verdict::NotMine };
    let [.., version_high, version_low, length_high, length_low] = *header;
    let length = usize::from(u16::from_be_bytes([length_high, length_low]));
    let known = matches!([version_high, version_low], [0, 1] | [0xff, 0x80]);
    let ticket = matches!(message.first(), Some(0x6e | 0x6f)) && Head::of(message).total() == Some(length);
    if known && ticket { Verdict::Mine } else { Verdict::NotMine }
}

/// There is nothing to decode.
struct Nothing;

impl Decoder for Nothing {
    fn data(&mut self, _direction: Direction, _bytes: &[u8], _context: &mut Context<'_>) -> Outcome {
        Outcome::Done
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}
