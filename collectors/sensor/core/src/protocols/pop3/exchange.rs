//! A command with its answer, and the event that it becomes.

use super::parser::{Status, is_multiline};
use crate::context::{Context, EventId};
use crate::events;
use crate::files::FileMeta;
use crate::protocols::mime::{Letter, Reader, fill, some};
use crate::protocols::sasl::Attempt;
use crate::text::lossless;
use crate::time::Micros;

/// Longest argument or text that is kept.
const TEXT_MAX: usize = 512;
/// Bytes of a list that are kept: what a server can do takes some hundred.
const LIST_MAX: usize = 2_048;
/// Lines of a list that are kept.
const LINES_MAX: usize = 16;

/// What the lines of an answer become.
enum Lines {
    Letter(Box<Reader>),
    List(Vec<u8>),
}

/// A command with its answer, as far as they have come.
pub(super) struct Exchange {
    id: EventId,
    time: Micros,
    pub(super) verb: String,
    arguments: Vec<String>,
    pub(super) multiline: bool,
    /// The log-in that the answer decides.
    pub(super) attempt: Option<Attempt>,
    status: Option<Status>,
    text: String,
    lines: Option<Lines>,
    letter: Option<Letter>,
    list: Vec<String>,
}

impl Exchange {
    pub(super) fn new(verb: String, arguments: &[&[u8]], context: &mut Context<'_>) -> Self {
        Self {
            id: context.reserve("pop3"),
            time: context.time,
            multiline: is_multiline(&verb, arguments.len()),
            arguments: arguments.iter().map(|argument| kept(argument)).collect(),
            verb,
            attempt: None,
            status: None,
            text: String::new(),
            lines: None,
            letter: None,
            list: Vec::new(),
        }
    }

    pub(super) fn answered(&mut self, status: Status, text: &[u8]) {
        self.status = Some(status);
        // A challenge is noise.
        self.text = if status == Status::Continue { String::new() } else { kept(text) };
        if status == Status::Ok && self.multiline {
            self.lines = Some(match self.verb.as_str() {
                "RETR" | "TOP" => {
                    let about = FileMeta { protocol: "pop3", carrier: Some(self.id), ..FileMeta::default() };
                    Lines::Letter(Box::new(Reader::new(about)))
                }
                _ => Lines::List(Vec::new()),
            });
        }
    }

    pub(super) fn add(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        match &mut self.lines {
            Some(Lines::Letter(reader)) => reader.add(bytes, context),
            Some(Lines::List(list)) => {
                let room = LIST_MAX.saturating_sub(list.len());
                list.extend_from_slice(&bytes[..bytes.len().min(room)]);
            }
            None => {}
        }
    }

    pub(super) fn gap(&mut self, missing: u64, context: &mut Context<'_>) {
        if let Some(Lines::Letter(reader)) = &mut self.lines {
            reader.gap(missing, context);
        }
    }

    /// The answer is over, `complete` or not: emits the event.
    pub(super) fn emit(mut self, complete: bool, user: Option<&str>, context: &mut Context<'_>) {
        match self.lines.take() {
            Some(Lines::Letter(reader)) => {
                // TOP gives a part of the letter only.
                let whole = complete && self.verb == "RETR";
                self.letter = Some(reader.finish(whole, context));
            }
            Some(Lines::List(list)) => {
                let lines =
                    list.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
                self.list = lines.take(LINES_MAX).map(kept).collect();
            }
            None => {}
        }
        let outcome = match self.status {
            Some(Status::Ok) => Some("success"),
            Some(Status::Err) => Some("failure"),
            Some(Status::Continue) | None => None,
        };
        let mut row = events::Pop3 {
            user_name: user,
            event_outcome: outcome,
            vonggac_pop3_command: Some(self.verb.as_str()).filter(|verb| !verb.is_empty()),
            vonggac_pop3_arguments: some(&self.arguments),
            vonggac_pop3_status: self.status.map(Status::as_str),
            vonggac_pop3_text: self.status.map(|_| self.text.as_str()),
            vonggac_pop3_lines: some(&self.list),
            ..events::Pop3::default()
        };
        if let Some(letter) = &self.letter {
            fill!(row, letter);
        }
        context.emit_as(self.id, self.time, &row);
    }
}

fn kept(bytes: &[u8]) -> String {
    lossless(&bytes[..bytes.len().min(TEXT_MAX)]).into_owned()
}
