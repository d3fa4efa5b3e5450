//! IMAP (RFC 3501, RFC 9051): each whole letter that is read or stored is one event, a session is summed up in one, and
//! log-ins are `login` events. Literals are read through as they stream by.

mod decoder;
mod letters;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::text::{self, Line};

/// The entry for [`super::ALL`].
pub const IMAP: Protocol = Protocol {
    name: "imap",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Imap::default()),
};

/// Longest line that is read; longer ones (results of a search) are passed over.
const LINE_MAX: usize = 16 << 10;
/// Longest line that an opening is told by.
const OPENING_LINE: usize = 1_024;

/// A greeting (`* OK …`), or a tagged command that needs no state.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    let line = match text::line(bytes, OPENING_LINE) {
        Line::Whole { text, .. } => text,
        Line::Incomplete if parser::may_open(opening.direction, bytes) => return Verdict::Unsure,
        Line::Incomplete | Line::TooLong => return Verdict::NotMine,
    };
    let mine = match opening.direction {
        Direction::ToClient => parser::is_greeting(line),
        Direction::ToServer => parser::is_opening(line),
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
