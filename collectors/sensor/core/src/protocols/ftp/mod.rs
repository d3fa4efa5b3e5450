//! FTP (RFC 959; AUTH of RFC 2228 and 4217, FEAT of RFC 2389, EPRT and EPSV of RFC 2428, SIZE and MLSD of RFC 3659).
//!
//! One `ftp` event a command with its replies, one for the greeting. Data connections are announced by PORT, EPRT, PASV
//! and EPSV: their decoder ([`data`]) carries the file that the command before it names, and emits one `ftp_data` event.
//! Behind AUTH TLS the control connection is recognised again; its data connections cannot be told then.

mod data;
mod decoder;
mod login;
mod parser;
#[cfg(test)]
mod tests;
mod transaction;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::text::{self, Line};

/// The entry for [`super::ALL`].
pub const FTP: Protocol =
    Protocol { name: "ftp", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Ftp::default()) };

/// Bytes of a line that are kept. RFC 959 sets no limit; paths have 4,096 bytes at most on the usual systems.
const LINE_MAX: usize = 4_096;

/// Where servers listen: there a greeting or command that other protocols share is FTP's.
const PORTS: [u16; 2] = [21, 2_121];

/// Where mail servers listen, whose greetings and commands are alike.
const MAIL_PORTS: [u16; 5] = [25, 110, 465, 587, 2_525];

/// Commands that begin a session and that no other protocol has.
const OWN: [&[u8]; 9] = [
    b"FEAT",
    b"SYST",
    b"PASV",
    b"EPSV",
    b"AUTH TLS",
    b"AUTH SSL",
    b"AUTH TLS-C",
    b"AUTH GSSAPI",
    b"OPTS UTF8 ON",
];

/// The greeting of the server, or the first command of the client.
fn probe(opening: &Opening<'_>) -> Verdict {
    if MAIL_PORTS.contains(&opening.ports.1) {
        return Verdict::NotMine;
    }
    let expected = PORTS.contains(&opening.ports.1);
    match opening.direction {
        Direction::ToClient => greeting(opening.bytes, expected),
        Direction::ToServer => first_command(opening.bytes, expected),
    }
}

/// `220 …` is SMTP's greeting as well. It says whose it is, or the client's first command will.
fn greeting(bytes: &[u8], expected: bool) -> Verdict {
    let code = bytes.first_chunk::<4>().map_or(bytes, |code| code);
    if ![b"220 ", b"220-", b"120 ", b"421 "].iter().any(|known| known.starts_with(code)) {
        return Verdict::NotMine;
    }
    if matches!(text::line(bytes, LINE_MAX), Line::Incomplete) {
        return Verdict::Unsure;
    }
    let whole = memchr::memrchr(b'\n', bytes).map_or(bytes, |end| &bytes[..end]);
    let says = |word: &[u8]| whole.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    if says(b"smtp") {
        Verdict::NotMine
    } else if expected || says(b"ftp") {
        Verdict::Mine
    } else {
        Verdict::Unsure
    }
}

/// USER alone is POP3's as well, but there the server has greeted with `+OK`; IRC's has four parts.
fn first_command(bytes: &[u8], expected: bool) -> Verdict {
    let line = match text::line(bytes, LINE_MAX) {
        Line::Whole { text, .. } => text,
        Line::Incomplete if begins_command(bytes) => return Verdict::Unsure,
        Line::Incomplete | Line::TooLong => return Verdict::NotMine,
    };
    let user = line.split_at_checked(5).filter(|(verb, name)| {
        verb.eq_ignore_ascii_case(b"USER ") && !name.is_empty() && memchr::memchr_iter(b' ', name).count() < 2
    });
    let own = OWN.iter().any(|known| line.eq_ignore_ascii_case(known));
    let plain = expected && parser::command(line).is_some_and(|command| command.known);
    if user.is_some() || own || plain { Verdict::Mine } else { Verdict::NotMine }
}

/// Whether these bytes can still become a command line.
fn begins_command(bytes: &[u8]) -> bool {
    let verb = bytes.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(bytes.len());
    verb <= 4 && (verb == bytes.len() || (verb >= 3 && matches!(bytes[verb], b' ' | b'\r')))
}
