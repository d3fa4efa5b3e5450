//! IRC (RFC 1459, RFC 2812) with SASL and STARTTLS of IRCv3: a session is one event, each channel that it joins another.
//! What is said is counted, not told; the topic of a channel is, because orders to bots stand there.

mod decoder;
mod parser;
mod rows;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::text::{self, Line};
use parser::Message;

/// The entry for [`super::ALL`].
pub const IRC: Protocol =
    Protocol { name: "irc", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Irc::default()) };

/// Longest line: 512 bytes (RFC 2812 §2.3) and 8,191 of tags (IRCv3).
const LINE_MAX: usize = 8_703;
/// Longest line that an opening is told by.
const OPENING_LINE: usize = 512;
/// Lines of an opening that are looked at: PASS stands in front of NICK.
const OPENING_LINES: usize = 4;

/// A line that no other protocol has: NICK, USER with four arguments, CAP, JOIN; replies with a prefix and a number,
/// notices. PASS leaves it to the next line.
fn probe(opening: &Opening<'_>) -> Verdict {
    let mut rest = opening.bytes;
    for _ in 0..OPENING_LINES {
        let (line, length) = match text::line(rest, OPENING_LINE) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete if parser::may_open(opening.direction, rest) => return Verdict::Unsure,
            Line::Incomplete | Line::TooLong => return Verdict::NotMine,
        };
        let Some(message) = parser::message(line) else { return Verdict::NotMine };
        let told = match opening.direction {
            Direction::ToServer => client(&message),
            Direction::ToClient => server(&message),
        };
        if told != Verdict::Unsure {
            return told;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Verdict::NotMine
}

fn client(message: &Message<'_>) -> Verdict {
    let first = message.parameter(0);
    let mine = match message.command {
        b"NICK" => message.count == 1 && parser::is_nick(first),
        b"USER" => message.count == 4 && message.trailing,
        b"CAP" => [&b"LS"[..], b"REQ", b"END", b"LIST"].contains(&first),
        b"JOIN" => matches!(first, [b'#' | b'&', _, ..]),
        b"PRIVMSG" | b"NOTICE" => message.count == 2 && message.trailing && !first.is_empty(),
        b"PASS" => return if message.count == 1 { Verdict::Unsure } else { Verdict::NotMine },
        _ => false,
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}

fn server(message: &Message<'_>) -> Verdict {
    let prefixed = message.prefix.is_some_and(|prefix| !prefix.is_empty());
    let mine = match message.command {
        // NOTICE AUTH :*** Looking up your hostname...
        b"NOTICE" => message.count == 2 && message.trailing,
        b"CAP" => prefixed && message.count >= 2,
        [a, b, c] => prefixed && [a, b, c].iter().all(|digit| digit.is_ascii_digit()) && message.count >= 2,
        b"JOIN" | b"PRIVMSG" => message.prefix.is_some_and(|prefix| prefix.contains(&b'!')),
        _ => false,
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
