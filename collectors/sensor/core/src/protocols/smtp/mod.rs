//! SMTP (RFC 5321) with pipelining (RFC 2920), CHUNKING (RFC 3030), AUTH (RFC 4954) and STARTTLS (RFC 3207).
//!
//! Each letter is one event, with its envelope, its head and what the server said to it; a session that sends none is
//! one event as well. Log-ins are `login` events. Replies are matched to commands, so that what the server refused is
//! known as such, and what one side alone takes for a command or for content is not followed blindly.

mod client;
mod decoder;
mod letter;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::text::{self, Line};

/// The entry for [`super::ALL`].
pub const SMTP: Protocol = Protocol {
    name: "smtp",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Smtp::default()),
};

/// Longest command or reply line: RFC 4954 §4.1 has clients and servers take 12,288 letters of an AUTH answer.
const LINE_MAX: usize = 16 << 10;
/// Longest line that an opening is told by.
const OPENING_LINE: usize = 512;
/// Ports of mail servers: a hint where a greeting says nothing of itself.
const PORTS: [u16; 4] = [25, 465, 587, 2525];

fn probe(opening: &Opening<'_>) -> Verdict {
    match opening.direction {
        Direction::ToServer => client(opening),
        Direction::ToClient => server(opening),
    }
}

/// Commands that no other protocol has: EHLO, HELO, MAIL FROM, RCPT TO, BDAT.
fn client(opening: &Opening<'_>) -> Verdict {
    const STARTS: [&[u8]; 5] = [b"EHLO ", b"HELO ", b"MAIL FROM:", b"RCPT TO:", b"BDAT "];
    let bytes = opening.bytes;
    let begins = |start: &&[u8]| {
        let length = bytes.len().min(start.len());
        bytes[..length].eq_ignore_ascii_case(&start[..length])
    };
    if !STARTS.iter().any(begins) {
        let bare = [&b"EHLO\r\n"[..], b"HELO\r\n"].iter().any(|line| bytes.starts_with(line));
        return if bare && PORTS.contains(&opening.ports.1) { Verdict::Mine } else { Verdict::NotMine };
    }
    match text::line(bytes, OPENING_LINE) {
        Line::Whole { text, .. } if parser::opens(text) => Verdict::Mine,
        Line::Incomplete if bytes.iter().all(|&b| b != 0) => Verdict::Unsure,
        _ => Verdict::NotMine,
    }
}

/// A greeting that names the protocol, or a reply that only SMTP has; other greetings leave it to the client, because
/// FTP greets in the same way.
fn server(opening: &Opening<'_>) -> Verdict {
    let mut rest = opening.bytes;
    let mut greets = false;
    loop {
        match text::line(rest, OPENING_LINE) {
            Line::Whole { text, length } => match parser::greeting(text) {
                parser::Greeting::Mine => return Verdict::Mine,
                parser::Greeting::Open => {
                    greets = true;
                    rest = rest.get(length..).unwrap_or_default();
                }
                parser::Greeting::Foreign => return Verdict::NotMine,
            },
            Line::Incomplete if greets && rest.is_empty() => break,
            Line::Incomplete if parser::may_greet(rest) => return Verdict::Unsure,
            _ => return Verdict::NotMine,
        }
    }
    Verdict::Unsure
}
