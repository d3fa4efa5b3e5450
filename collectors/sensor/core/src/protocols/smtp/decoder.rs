//! The server's side of a session, and what becomes of the letters.

use std::collections::VecDeque;

use super::LINE_MAX;
use super::client::Client;
use super::letter::{REPLY_MAX, Said, Session, Transaction, emit_session};
use super::parser;
use crate::context::Context;
use crate::protocols::mime::dots::Dots;
use crate::protocols::sasl::Attempt;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::{self, Line, lossless};
use crate::time::Micros;

/// Commands that wait for their reply: a pipelining client sends those of one envelope at a time.
const WAITING_MAX: usize = 1_024;
/// Letters whose last reply has not come: clients that pipeline have two.
const LETTERS_MAX: usize = 8;
/// Lines of a server that are no replies, until it is no SMTP server.
const BAD_REPLIES_MAX: u32 = 8;

/// What a reply will be about. Numbers are serials of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Mail(i64),
    Rcpt(i64),
    Data(i64),
    /// The dot behind a letter.
    Content(i64),
    Chunk(i64, bool),
    Auth,
    Tls,
    /// Bytes that are no letter.
    Blob(u64),
    Other,
}

impl Asked {
    fn serial(self) -> Option<i64> {
        match self {
            Self::Mail(serial) | Self::Rcpt(serial) | Self::Data(serial) | Self::Content(serial) => {
                Some(serial)
            }
            Self::Chunk(serial, _) => Some(serial),
            Self::Auth | Self::Tls | Self::Blob(_) | Self::Other => None,
        }
    }
}

/// One session.
#[derive(Default)]
pub(super) struct Smtp {
    pub(super) session: Session,
    pub(super) client: Client,
    /// Bytes of the client that wait until it is known whether they are content or commands.
    pub(super) held: Vec<u8>,
    waiting: VecDeque<Asked>,
    pub(super) letters: VecDeque<Transaction>,
    /// Letters so far.
    pub(super) serial: i64,
    /// A reply of several lines, so far.
    partial: Option<Said>,
    last: Option<Said>,
    /// What the server said of a letter before its end was seen.
    pub(super) early: Option<Said>,
    pub(super) attempt: Option<Attempt>,
    /// Something else than TLS came behind STARTTLS before that was answered.
    pub(super) injected: bool,
    /// The next line of the client answers a challenge.
    pub(super) challenged: bool,
    begun: Option<Micros>,
    pub(super) server_seen: bool,
    bad_replies: u32,
    pub(super) unknown: u32,
}

impl Smtp {
    /// A command was sent; its reply will be about this.
    pub(super) fn ask(&mut self, asked: Asked) {
        if self.waiting.len() >= WAITING_MAX
            && let Some(forgotten) = self.waiting.pop_front()
        {
            self.letter(forgotten, |letter| letter.outstanding = letter.outstanding.saturating_sub(1));
        }
        self.letter(asked, |letter| letter.outstanding += 1);
        self.waiting.push_back(asked);
    }

    /// Whether the reply to STARTTLS is to come.
    pub(super) fn awaits_tls(&self) -> bool {
        self.waiting.contains(&Asked::Tls)
    }

    fn letter(&mut self, asked: Asked, act: impl FnOnce(&mut Transaction)) {
        let Some(serial) = asked.serial() else { return };
        if let Some(letter) = self.letters.iter_mut().find(|letter| letter.serial == serial) {
            act(letter);
        }
    }

    /// Emits the letters to which nothing can be added.
    pub(super) fn settle(&mut self, context: &mut Context<'_>) {
        while self.letters.len() > LETTERS_MAX
            || self
                .letters
                .front()
                .is_some_and(|first| first.over && first.outstanding == 0 && self.server_seen)
        {
            let Some(first) = self.letters.pop_front() else { return };
            first.emit(&self.session, context);
        }
    }

    fn server(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        // The reply to STARTTLS was missed.
        if bytes.starts_with(&[0x16, 3]) {
            self.session.starttls = true;
            return Outcome::Handover(0);
        }
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => return Outcome::Malformed("smtp-long-reply"),
        };
        let Some(reply) = parser::reply(line) else {
            self.bad_replies += 1;
            return if self.bad_replies > BAD_REPLIES_MAX {
                Outcome::Malformed("smtp-bad-reply")
            } else {
                Outcome::Parsed(length)
            };
        };
        let mut said = self.partial.take().unwrap_or_default();
        said.code = reply.code;
        if !said.text.is_empty() {
            said.text.push(b' ');
        }
        let room = REPLY_MAX.saturating_sub(said.text.len());
        said.text.extend_from_slice(&reply.text[..reply.text.len().min(room)]);
        if reply.more {
            self.partial = Some(said);
            return Outcome::Parsed(length);
        }
        let tls = self.answered(said, context);
        self.settle(context);
        if tls { Outcome::Handover(length) } else { Outcome::Parsed(length) }
    }

    /// A reply is complete. Says whether TLS begins.
    fn answered(&mut self, said: Said, context: &mut Context<'_>) -> bool {
        self.server_seen = true;
        self.last = Some(said.clone());
        if said.code == 354 {
            // Only these are answered so: replies in front of them were missed.
            while self.waiting.front().is_some_and(|asked| !matches!(asked, Asked::Data(_) | Asked::Blob(_)))
            {
                self.forget();
            }
        }
        let Some(asked) = self.waiting.pop_front() else {
            self.unasked(said, context);
            return false;
        };
        self.letter(asked, |letter| letter.outstanding = letter.outstanding.saturating_sub(1));
        match asked {
            Asked::Mail(_) => self.letter(asked, |letter| letter.mail_said(said)),
            Asked::Rcpt(_) => self.letter(asked, |letter| letter.rcpt_said(said)),
            Asked::Content(_) => self.letter(asked, |letter| letter.content_said(said, true)),
            Asked::Chunk(_, last) => self.letter(asked, |letter| letter.content_said(said, last)),
            Asked::Data(_) => self.data_said(asked, said, context),
            Asked::Auth => self.auth_said(&said, context),
            Asked::Tls => return self.tls_said(&said, context),
            Asked::Blob(left) if said.code == 354 => self.client = Client::Blob(left),
            Asked::Blob(_) | Asked::Other => {}
        }
        false
    }

    fn forget(&mut self) {
        if let Some(asked) = self.waiting.pop_front() {
            self.letter(asked, |letter| letter.outstanding = letter.outstanding.saturating_sub(1));
        }
    }

    /// A reply to a command that was not seen, or a greeting.
    fn unasked(&mut self, said: Said, context: &mut Context<'_>) {
        if said.code == 354 && matches!(self.client, Client::Commands) {
            self.transaction(context);
            self.client = Client::Data(Dots::new(parser::is_command));
        } else if let Client::Data(dots) = &mut self.client {
            if dots.may_be_over() {
                self.early = Some(said);
                self.content_over(true, context);
            } else {
                // The server saw the end of the letter where we did not, or is tired of it.
                dots.doubtful = true;
                self.early = Some(said);
            }
        } else if self.session.banner.is_none() && self.serial == 0 && matches!(said.code, 220 | 554) {
            self.session.banner = Some(lossless(&said.text).into_owned());
        }
    }

    /// The reply to DATA: what the client sends now is a letter, or it is not.
    fn data_said(&mut self, asked: Asked, said: Said, context: &mut Context<'_>) {
        let good = said.is_good();
        if !good {
            self.letter(asked, |letter| letter.content_said(said, false));
        }
        match &mut self.client {
            Client::Waiting => {
                self.client =
                    if good { Client::Data(Dots::new(parser::is_command)) } else { Client::Commands };
                self.replay(context);
            }
            Client::Data(dots) if !good => dots.doubtful = true,
            _ => {}
        }
    }

    fn auth_said(&mut self, said: &Said, context: &mut Context<'_>) {
        if said.code == 334 {
            self.challenged = true;
            return;
        }
        self.challenged = false;
        if let Some(attempt) = self.attempt.take() {
            let success = said.code / 100 == 2;
            if success {
                self.session.user = attempt.user().map(str::to_owned);
            }
            attempt.over(Some(success), &said.text, context);
        }
    }

    fn tls_said(&mut self, said: &Said, context: &mut Context<'_>) -> bool {
        self.session.starttls = said.code == 220;
        self.client = Client::Commands;
        // What a careless server would take for commands within TLS.
        if self.session.starttls && self.injected {
            context.anomaly("smtp-command-behind-starttls");
        }
        self.session.starttls
    }

    /// Replies were lost: which command the next one answers is not known.
    fn server_gap(&mut self, context: &mut Context<'_>) {
        self.partial = None;
        while !self.waiting.is_empty() {
            self.forget();
        }
        if matches!(self.client, Client::Waiting) {
            self.client = Client::Data(Dots::new(parser::is_command));
            self.replay(context);
        }
        self.settle(context);
    }
}

impl Decoder for Smtp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        match direction {
            Direction::ToServer => self.client_bytes(bytes, context),
            Direction::ToClient => self.server(bytes, context),
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        match direction {
            Direction::ToServer => self.client_gap(missing, context),
            Direction::ToClient => self.server_gap(context),
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if matches!(self.client, Client::Waiting) && !self.held.is_empty() {
            self.client = Client::Data(Dots::new(parser::is_command));
            self.replay(context);
        }
        if let Client::Data(dots) = &self.client {
            let over = dots.may_be_over();
            self.content_over(over, context);
        }
        if let Some(attempt) = self.attempt.take() {
            attempt.over(None, b"", context);
        }
        while let Some(letter) = self.letters.pop_front() {
            letter.emit(&self.session, context);
        }
        if let Some(begun) = self.begun.take().filter(|_| self.serial == 0 || self.session.starttls) {
            emit_session(begun, &self.session, self.last.as_ref(), context);
        }
    }
}
