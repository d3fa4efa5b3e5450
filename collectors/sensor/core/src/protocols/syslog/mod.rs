//! Syslog over UDP and TCP (RFC 3164 and 5424; framing of RFC 6587): one `syslog` event a message.
//!
//! Texts are cut, and what they say of passwords is masked. A flow's first messages are told; who wants all of a log
//! server's feed reads the log server.

mod decoder;
mod masking;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};

/// In datagrams, one message each.
pub const UDP: Protocol = Protocol {
    name: "syslog",
    carrier: Carrier::Datagram,
    probe: probe_datagram,
    decoder: || Box::new(decoder::Syslog::datagrams()),
};

/// In a stream, with lines or counted bytes.
pub const TCP: Protocol = Protocol {
    name: "syslog",
    carrier: Carrier::Stream,
    probe: probe_stream,
    decoder: || Box::new(decoder::Syslog::stream()),
};

/// Where collectors listen.
const PORTS: [u16; 2] = [514, 601];

/// Bytes by which a header tells its form.
const HEADER_BYTES: usize = 16;

/// A priority and the version or the date behind it; on its port a priority suffices.
fn probe_datagram(opening: &Opening<'_>) -> Verdict {
    let expected = PORTS.contains(&opening.ports.1);
    let mine = parser::priority(opening.bytes).is_some_and(|(_, rest)| {
        parser::has_form(rest) || (expected && rest.first().is_some_and(u8::is_ascii_graphic))
    });
    if mine && opening.direction == Direction::ToServer { Verdict::Mine } else { Verdict::NotMine }
}

/// The same, behind the count of bytes where there is one.
fn probe_stream(opening: &Opening<'_>) -> Verdict {
    if opening.direction == Direction::ToClient {
        return Verdict::NotMine;
    }
    let bytes = parser::count(opening.bytes).map_or(opening.bytes, |(_, used)| &opening.bytes[used..]);
    match parser::priority(bytes) {
        Some((_, rest)) if parser::has_form(rest) => Verdict::Mine,
        _ if bytes.len() < HEADER_BYTES && bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) => {
            match bytes.first() {
                None | Some(b'<' | b'0'..=b'9') => Verdict::Unsure,
                Some(_) => Verdict::NotMine,
            }
        }
        _ => Verdict::NotMine,
    }
}
