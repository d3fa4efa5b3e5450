//! The shape of a protocol, to copy: the Identification Protocol (RFC 1413), compiled for tests only.
//!
//! A client asks `6193, 23\r\n` (who uses your port 6193 towards my port 23?), the server answers
//! `6193, 23 : USERID : UNIX : stjohns\r\n`. The connection may carry several questions.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::text::{self, Line};

/// A line is 1,000 characters at most (RFC 1413 §6).
const LINE_MAX: usize = 1_000;

/// The entry for [`super::ALL`].
pub const IDENT: Protocol = Protocol {
    name: "ident",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Ident::default()),
};

/// Content decides: two port numbers with a comma between them; answers also have a colon.
fn probe(opening: &Opening<'_>) -> Verdict {
    let line = match text::line(opening.bytes, LINE_MAX) {
        Line::Whole { text, .. } => text,
        Line::Incomplete if parser::may_begin_pair(opening.bytes) => return Verdict::Unsure,
        Line::Incomplete | Line::TooLong => return Verdict::NotMine,
    };
    let mine = match opening.direction {
        Direction::ToServer => parser::question(line).is_some(),
        Direction::ToClient => parser::answer(line).is_some(),
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
