//! Datagrams and frames to messages, messages to events.

use super::masking::masked;
use super::parser;
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::{self, Line, lossless};

/// Messages told of one flow; a feed of more is only counted as such.
const MESSAGES_MAX: u32 = 1_000;

/// Bytes of a text that are told: enough to see what happened.
const TEXT_MAX: usize = 512;

/// Bytes of a message that are looked at: more than this nobody must take (RFC 5424 §6.1).
const MESSAGE_MAX: usize = 8_192;

/// One flow.
pub struct Syslog {
    framed: bool,
    messages: u32,
    /// Bytes of a counted message that are passed over.
    skip: u64,
    /// The rest of a line is passed over.
    passing: bool,
}

impl Syslog {
    /// One message a datagram.
    pub fn datagrams() -> Self {
        Self { framed: false, messages: 0, skip: 0, passing: false }
    }

    /// Messages with frames.
    pub fn stream() -> Self {
        Self { framed: true, ..Self::datagrams() }
    }

    fn message(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        let Some(message) = parser::message(bytes) else { return context.anomaly("syslog-malformed") };
        self.messages += 1;
        let name = |part: Option<&[u8]>| part.map(|part| lossless(part).into_owned());
        let (host, program, process) = (name(message.host), name(message.program), name(message.process));
        // Masked before it is cut: half a secret is one too.
        let told = masked(message.text.trim_ascii());
        let told = lossless(&told[..told.len().min(TEXT_MAX)]).into_owned();
        let row = events::Syslog {
            log_syslog_facility_name: Some(parser::facility(message.priority)),
            log_syslog_severity_name: Some(parser::severity(message.priority)),
            log_syslog_hostname: host.as_deref(),
            log_syslog_appname: program.as_deref(),
            log_syslog_procid: process.as_deref(),
            message: Some(&told),
            ..events::Syslog::default()
        };
        context.emit(context.time, &row);
    }

    /// The next message of a stream.
    fn frame(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if self.skip > 0 {
            let used = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
            self.skip -= used as u64;
            return Outcome::Parsed(used);
        }
        if self.passing {
            let end = memchr::memchr(b'\n', bytes);
            self.passing = end.is_none();
            return Outcome::Parsed(end.map_or(bytes.len(), |end| end + 1));
        }
        if bytes.first().is_some_and(u8::is_ascii_digit) {
            let Some((count, head)) = parser::count(bytes) else {
                let broken = bytes.len() > 9 || !bytes.iter().all(u8::is_ascii_digit);
                return if broken { Outcome::Malformed("syslog-bad-frame") } else { Outcome::Parsed(0) };
            };
            let kept = usize::try_from(count).unwrap_or(usize::MAX).min(MESSAGE_MAX);
            let Some(message) = bytes[head..].get(..kept) else { return Outcome::Parsed(0) };
            self.skip = count - kept as u64;
            self.message(message, context);
            return Outcome::Parsed(head + kept);
        }
        let (line, used) = match text::line(bytes, MESSAGE_MAX) {
            Line::Incomplete => return Outcome::Parsed(0),
            Line::Whole { text, length } => (text, length),
            Line::TooLong => {
                self.passing = true;
                (&bytes[..MESSAGE_MAX], MESSAGE_MAX)
            }
        };
        if !line.is_empty() {
            self.message(line, context);
        }
        Outcome::Parsed(used)
    }
}

impl Decoder for Syslog {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if direction == Direction::ToClient {
            return Outcome::Parsed(bytes.len());
        }
        let outcome = if self.framed {
            self.frame(bytes, context)
        } else {
            self.message(bytes, context);
            Outcome::Parsed(bytes.len())
        };
        if self.messages >= MESSAGES_MAX {
            context.anomaly("syslog-many-messages");
            return Outcome::Done;
        }
        outcome
    }

    fn gap(&mut self, direction: Direction, _missing: u64, _context: &mut Context<'_>) -> Outcome {
        // Counted messages cannot be found again; lines can, and bytes in between are passed over.
        self.passing |= direction == Direction::ToServer;
        self.skip = 0;
        Outcome::Parsed(0)
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}
