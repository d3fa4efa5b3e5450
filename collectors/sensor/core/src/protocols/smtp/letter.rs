//! One letter: its envelope, its content, and what the server said; and the event that it becomes.

use std::sync::Arc;

use crate::context::{Context, EventId};
use crate::events;
use crate::files::{FileMeta, LetterMeta};
use crate::protocols::mime::{Letter, Reader, fill, some};
use crate::protocols::sasl::outcome;
use crate::text::lossless;
use crate::time::Micros;

/// Recipients kept of one envelope; all are counted. RFC 5321 §4.5.3.1.8 has servers take at least 100.
const RECIPIENTS_MAX: usize = 100;
/// Longest path that is kept; RFC 5321 §4.5.3.1.3 allows 256.
const PATH_MAX: usize = 320;
/// Longest reply text that is kept.
pub(super) const REPLY_MAX: usize = 512;

/// A reply that is complete.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) code: u16,
    pub(super) text: Vec<u8>,
}

impl Said {
    /// Done, or go on.
    pub(super) fn is_good(&self) -> bool {
        self.code < 400
    }
}

/// What all letters of a session share.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    pub(super) banner: Option<String>,
    pub(super) helo: Option<String>,
    pub(super) user: Option<String>,
    pub(super) starttls: bool,
}

/// A letter under way.
pub(super) struct Transaction {
    id: EventId,
    /// Names it in replies that are waited for.
    pub(super) serial: i64,
    time: Micros,
    helo: Option<String>,
    pub(super) mail_from: Option<String>,
    /// The server refused the sender.
    pub(super) mail_refused: bool,
    rcpt_to: Vec<String>,
    recipients: i64,
    refused: i64,
    reader: Option<Reader>,
    letter: Option<Letter>,
    /// The content was accepted, or refused.
    accepted: Option<bool>,
    last: Option<Said>,
    /// Replies that are still to come.
    pub(super) outstanding: u32,
    /// Nothing more is added by the client.
    pub(super) over: bool,
}

impl Transaction {
    pub(super) fn new(serial: i64, session: &Session, context: &mut Context<'_>) -> Self {
        Self {
            id: context.reserve("smtp"),
            serial,
            time: context.time,
            helo: session.helo.clone(),
            mail_from: None,
            mail_refused: false,
            rcpt_to: Vec::new(),
            recipients: 0,
            refused: 0,
            reader: None,
            letter: None,
            accepted: None,
            last: None,
            outstanding: 0,
            over: false,
        }
    }

    pub(super) fn recipient(&mut self, path: &[u8]) {
        self.recipients += 1;
        if self.rcpt_to.len() < RECIPIENTS_MAX {
            self.rcpt_to.push(path_text(path));
        }
    }

    pub(super) fn sender(&mut self, path: &[u8]) {
        self.mail_from = Some(path_text(path));
    }

    /// The reply to MAIL.
    pub(super) fn mail_said(&mut self, said: Said) {
        self.mail_refused = !said.is_good();
        self.last = Some(said);
    }

    /// The reply to RCPT.
    pub(super) fn rcpt_said(&mut self, said: Said) {
        self.refused += i64::from(!said.is_good());
        self.last = Some(said);
    }

    /// The reply to DATA or to a chunk; `whole` when it is about the whole letter.
    pub(super) fn content_said(&mut self, said: Said, whole: bool) {
        if whole || !said.is_good() {
            self.accepted = Some(self.accepted.unwrap_or(true) && said.is_good());
        }
        self.last = Some(said);
    }

    /// Content, without stuffing.
    pub(super) fn content(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        self.reader().add(bytes, context);
    }

    /// Content that was never seen.
    pub(super) fn content_gap(&mut self, missing: u64, context: &mut Context<'_>) {
        self.reader().gap(missing, context);
    }

    fn reader(&mut self) -> &mut Reader {
        self.reader.get_or_insert_with(|| {
            let letter = LetterMeta {
                helo: self.helo.clone(),
                mail_from: self.mail_from.clone(),
                rcpt_to: self.rcpt_to.clone(),
                ..LetterMeta::default()
            };
            Reader::new(FileMeta {
                carrier: Some(self.id),
                protocol: "smtp",
                upload: true,
                letter: Some(Arc::new(letter)),
                ..FileMeta::default()
            })
        })
    }

    /// The content has ended.
    pub(super) fn content_over(&mut self, complete: bool, context: &mut Context<'_>) {
        self.over = true;
        if self.letter.is_none() {
            self.reader();
            self.letter = self.reader.take().map(|reader| reader.finish(complete, context));
        }
    }

    pub(super) fn emit(mut self, session: &Session, context: &mut Context<'_>) {
        if let Some(reader) = self.reader.take() {
            self.letter = Some(reader.finish(false, context));
        }
        let refused = self.mail_refused || (self.recipients > 0 && self.refused == self.recipients);
        let success = if refused { Some(false) } else { self.accepted };
        let text = self.last.as_ref().map(|said| lossless(&said.text));
        let mut row = events::Smtp {
            vonggac_smtp_banner: session.banner.as_deref(),
            vonggac_smtp_helo: self.helo.as_deref(),
            vonggac_smtp_mail_from: self.mail_from.as_deref(),
            vonggac_smtp_rcpt_to: some(&self.rcpt_to),
            vonggac_smtp_recipients: Some(self.recipients),
            vonggac_smtp_recipients_refused: Some(self.refused),
            vonggac_smtp_ordinal: Some(self.serial),
            vonggac_smtp_reply_code: self.last.as_ref().map(|said| i64::from(said.code)),
            vonggac_smtp_reply: text.as_deref().filter(|text| !text.is_empty()),
            vonggac_smtp_starttls: Some(false),
            user_name: session.user.as_deref(),
            event_outcome: Some(outcome(success)),
            ..events::Smtp::default()
        };
        if let Some(letter) = &self.letter {
            fill!(row, letter);
        }
        context.emit_as(self.id, self.time, &row);
    }
}

/// The event of a session without a letter.
pub(super) fn emit_session(time: Micros, session: &Session, last: Option<&Said>, context: &mut Context<'_>) {
    let text = last.map(|said| lossless(&said.text));
    let row = events::Smtp {
        vonggac_smtp_banner: session.banner.as_deref(),
        vonggac_smtp_helo: session.helo.as_deref(),
        vonggac_smtp_ordinal: Some(0),
        vonggac_smtp_reply_code: last.map(|said| i64::from(said.code)),
        vonggac_smtp_reply: text.as_deref().filter(|text| !text.is_empty()),
        vonggac_smtp_starttls: Some(session.starttls),
        user_name: session.user.as_deref(),
        ..events::Smtp::default()
    };
    context.emit(time, &row);
}

fn path_text(path: &[u8]) -> String {
    lossless(&path[..path.len().min(PATH_MAX)]).into_owned()
}
