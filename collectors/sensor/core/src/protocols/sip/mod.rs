//! SIP (RFC 3261) over UDP and TCP: who calls whom, who registers, and how it ends. The flows of voice that its session
//! descriptions (RFC 8866) announce are named as RTP.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};
use crate::text::{self, Line};

/// SIP in datagrams.
pub const UDP: Protocol = Protocol {
    name: "sip",
    carrier: Carrier::Datagram,
    probe,
    decoder: || Box::new(decoder::Sip::datagrams()),
};

/// SIP in a stream.
pub const TCP: Protocol =
    Protocol { name: "sip", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Sip::stream()) };

/// Longest first line: a URI with its parameters.
const LINE_MAX: usize = 2_048;

/// The version in the first line tells it from HTTP and RTSP.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return Verdict::NotMine;
    }
    match text::line(bytes, LINE_MAX) {
        Line::Whole { text, .. } if parser::start(text).is_some() => Verdict::Mine,
        Line::Incomplete if parser::may_begin(bytes) => Verdict::Unsure,
        _ => Verdict::NotMine,
    }
}
