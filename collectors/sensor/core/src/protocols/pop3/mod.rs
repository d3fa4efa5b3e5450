//! POP3 (RFC 1939) with AUTH (RFC 5034), STLS (RFC 2595) and pipelining (RFC 2449): each command with its answer is one
//! event, letters are read through, log-ins are `login` events.

mod decoder;
mod exchange;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::text::{self, Line};

/// The entry for [`super::ALL`].
pub const POP3: Protocol = Protocol {
    name: "pop3",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Pop3::default()),
};

/// Longest line: RFC 2449 §4 allows 255 for commands and 512 for answers; answers to challenges are longer (RFC 5034 §4).
const LINE_MAX: usize = 16 << 10;
/// Longest line that an opening is told by.
const OPENING_LINE: usize = 512;
/// The port of the protocol: a hint for commands that FTP has as well.
const PORT: u16 = 110;

/// A greeting with words in it (`+OK` alone is Redis as well), or commands that only POP3 has.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    let starts: &[&[u8]] = match opening.direction {
        Direction::ToClient => &[b"+OK "],
        Direction::ToServer => &[b"CAPA\r\n", b"UIDL\r\n", b"STLS\r\n", b"APOP ", b"USER "],
    };
    let begins = |start: &&&[u8]| {
        let length = bytes.len().min(start.len());
        bytes[..length].eq_ignore_ascii_case(&start[..length])
    };
    let Some(start) = starts.iter().find(begins) else { return Verdict::NotMine };
    let line = match text::line(bytes, OPENING_LINE) {
        Line::Whole { text, .. } => text,
        Line::Incomplete if bytes.iter().all(|b| (b' '..=b'~').contains(b) || *b == b'\r') => {
            return Verdict::Unsure;
        }
        Line::Incomplete | Line::TooLong => return Verdict::NotMine,
    };
    let words = line.split(|&b| b == b' ').filter(|word| !word.is_empty()).count();
    let mine = match *start {
        b"+OK " => words > 1 && line.iter().all(|b| (b' '..=b'~').contains(b) || *b >= 0x80),
        b"APOP " => words == 3 && line.iter().rev().take_while(|b| b.is_ascii_hexdigit()).count() == 32,
        b"USER " => words == 2 && opening.ports.1 == PORT,
        _ => true,
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
