//! The client's side of a session: commands, and content between them.

use super::LINE_MAX;
use super::decoder::{Asked, Smtp};
use super::letter::Transaction;
use super::parser::{self, Command};
use crate::context::Context;
use crate::protocols::Outcome;
use crate::protocols::mime::dots::{Dots, Dotted};
use crate::protocols::sasl::Attempt;
use crate::text::{self, Line, lossless};

/// Bytes behind DATA that are held until the server has answered it: honest clients wait, or send a short letter.
const HELD_MAX: usize = 64 << 10;
/// Lines that are no commands, until it is no SMTP client.
const UNKNOWN_MAX: u32 = 32;
/// Longest name of a client that is kept; a domain has at most 255 letters.
const HELO_MAX: usize = 256;

/// What the client's next bytes are.
#[derive(Default)]
pub(super) enum Client {
    #[default]
    Commands,
    /// The rest of a line that is too long.
    LongLine,
    /// DATA is not answered yet: content or commands.
    Waiting,
    /// A letter, up to its dot.
    Data(Dots),
    /// A letter or a part of one, counted.
    Chunk { left: u64, last: bool },
    /// So many bytes that are no letter.
    Blob(u64),
    /// STARTTLS is not answered yet.
    Tls,
}

impl Smtp {
    pub(super) fn client_bytes(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if self.held.is_empty() {
            return self.step(bytes, context);
        }
        self.held.extend_from_slice(bytes);
        if !matches!(self.client, Client::Waiting) {
            self.replay(context);
        } else if self.held.len() > HELD_MAX {
            context.anomaly("smtp-content-before-reply");
            self.client = Client::Data(Dots::new(parser::is_command));
            self.replay(context);
        }
        if self.held.len() > HELD_MAX + LINE_MAX {
            return Outcome::Malformed("smtp-content-before-reply");
        }
        Outcome::Parsed(bytes.len())
    }

    /// Reads what was held, now that it is known what it is.
    pub(super) fn replay(&mut self, context: &mut Context<'_>) {
        let bytes = std::mem::take(&mut self.held);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            match self.step(rest, context) {
                Outcome::Parsed(used) if used > 0 => rest = rest.get(used..).unwrap_or_default(),
                _ => break,
            }
        }
        // What step holds it has used.
        self.held.extend_from_slice(rest);
    }

    /// Takes one command, or a piece of content.
    fn step(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match &self.client {
            Client::Commands if bytes.starts_with(&[0x16, 3]) => {
                self.session.starttls = true;
                Outcome::Handover(0)
            }
            Client::Commands => self.line(bytes, context),
            Client::LongLine => {
                let end = memchr::memchr(b'\n', bytes);
                if end.is_some() {
                    self.client = Client::Commands;
                }
                Outcome::Parsed(end.map_or(bytes.len(), |end| end + 1))
            }
            Client::Blob(left) => self.blob(*left, bytes, context),
            Client::Waiting => {
                self.held.extend_from_slice(bytes);
                Outcome::Parsed(bytes.len())
            }
            Client::Data(_) => self.data(bytes, context),
            Client::Chunk { .. } => self.chunk(bytes, context),
            // The reply was missed.
            Client::Tls if !self.awaits_tls() || (!self.server_seen && bytes.first() == Some(&0x16)) => {
                self.client = Client::Commands;
                self.step(bytes, context)
            }
            Client::Tls => {
                self.injected |= bytes.first() != Some(&0x16);
                Outcome::Parsed(0)
            }
        }
    }

    fn blob(&mut self, left: u64, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let left = left - length as u64;
        self.client = Client::Blob(left);
        if left == 0 {
            self.client = Client::Commands;
            self.ask(Asked::Other);
        }
        // None may follow: the next bytes are commands then.
        if length == 0 && left == 0 { self.step(bytes, context) } else { Outcome::Parsed(length) }
    }

    fn line(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => {
                context.anomaly("smtp-long-line");
                self.client = Client::LongLine;
                return Outcome::Parsed(bytes.len().min(LINE_MAX));
            }
        };
        let command = parser::command(line);
        if self.challenged || (self.attempt.is_some() && command == Command::Unknown) {
            self.challenged = false;
            if let Some(attempt) = &mut self.attempt {
                attempt.answer(line);
            }
            self.ask(Asked::Auth);
            return Outcome::Parsed(length);
        }
        if command == Command::Unknown {
            self.unknown += 1;
            if self.unknown > UNKNOWN_MAX {
                return Outcome::Malformed("smtp-bad-command");
            }
        }
        self.command(command, context);
        self.settle(context);
        Outcome::Parsed(length)
    }

    fn command(&mut self, command: Command<'_>, context: &mut Context<'_>) {
        match command {
            Command::Hello(name) => {
                self.reset();
                let name = lossless(&name[..name.len().min(HELO_MAX)]).into_owned();
                self.session.helo = Some(name).filter(|name| !name.is_empty());
                self.ask(Asked::Other);
            }
            Command::Mail(path) => self.mail(path, context),
            Command::Rcpt(path) => {
                let letter = self.transaction(context);
                letter.recipient(path);
                let serial = letter.serial;
                self.ask(Asked::Rcpt(serial));
            }
            Command::Data => self.begin_data(context),
            Command::Chunk { size: Some(left), last } => {
                self.transaction(context);
                self.client = Client::Chunk { left, last };
                self.chunk_part(&[], context);
            }
            Command::Chunk { size: None, .. } => {
                context.anomaly("smtp-bad-chunk");
                self.ask(Asked::Other);
            }
            Command::Auth(mechanism, initial) => self.authenticate(mechanism, initial, context),
            Command::StartTls => {
                self.client = Client::Tls;
                self.ask(Asked::Tls);
            }
            Command::Reset | Command::Quit => {
                self.reset();
                self.ask(Asked::Other);
            }
            Command::Blob(size) => self.ask(Asked::Blob(size)),
            Command::Other | Command::Unknown => self.ask(Asked::Other),
        }
    }

    /// A letter may follow, once the server agrees; of a server that is not seen that is assumed.
    fn begin_data(&mut self, context: &mut Context<'_>) {
        let serial = self.transaction(context).serial;
        self.ask(Asked::Data(serial));
        let unseen = Client::Data(Dots::new(parser::is_command));
        self.client = if self.server_seen { Client::Waiting } else { unseen };
    }

    fn authenticate(&mut self, mechanism: &[u8], initial: Option<&[u8]>, context: &mut Context<'_>) {
        if let Some(attempt) = self.attempt.take() {
            attempt.over(None, b"", context);
        }
        self.attempt = Some(Attempt::begin("smtp", mechanism, initial, context.time));
        self.ask(Asked::Auth);
    }

    fn mail(&mut self, path: &[u8], context: &mut Context<'_>) {
        match self.letters.back_mut().filter(|letter| !letter.over && letter.mail_from.is_some()) {
            Some(letter) if letter.mail_refused => letter.over = true,
            // Servers refuse a second sender in one envelope.
            Some(_) => {
                context.anomaly("smtp-nested-mail");
                return self.ask(Asked::Other);
            }
            None => {}
        }
        let letter = self.transaction(context);
        letter.sender(path);
        let serial = letter.serial;
        self.ask(Asked::Mail(serial));
    }

    /// The envelope under way, or a new one.
    pub(super) fn transaction(&mut self, context: &mut Context<'_>) -> &mut Transaction {
        if self.letters.back().is_none_or(|letter| letter.over) {
            self.serial += 1;
            self.letters.push_back(Transaction::new(self.serial, &self.session, context));
        }
        let last = self.letters.len() - 1;
        &mut self.letters[last]
    }

    /// The envelope under way is given up.
    fn reset(&mut self) {
        if let Some(letter) = self.letters.back_mut() {
            letter.over = true;
        }
    }

    fn data(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Self { client: Client::Data(dots), letters, .. } = self else { return Outcome::Parsed(0) };
        let Some(letter) = letters.back_mut() else { return Outcome::Done };
        match dots.add(bytes, &mut |content| letter.content(content, context)) {
            Dotted::On(used) => Outcome::Parsed(used),
            Dotted::Over(used) => {
                self.content_over(true, context);
                Outcome::Parsed(used)
            }
            Dotted::Odd(used) => {
                context.anomaly("smtp-odd-end");
                self.content_over(true, context);
                // Behind an end that was told by what follows, nothing may be used up.
                if used == 0 { self.step(bytes, context) } else { Outcome::Parsed(used) }
            }
        }
    }

    /// The letter has ended, with its dot or where its end was not seen.
    pub(super) fn content_over(&mut self, complete: bool, context: &mut Context<'_>) {
        self.client = Client::Commands;
        let Some(letter) = self.letters.back_mut() else { return };
        letter.content_over(complete, context);
        let serial = letter.serial;
        match self.early.take() {
            Some(said) => letter.content_said(said, true),
            None => self.ask(Asked::Content(serial)),
        }
        self.settle(context);
    }

    fn chunk(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Client::Chunk { left, .. } = self.client else { return Outcome::Parsed(0) };
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.chunk_part(&bytes[..length], context);
        Outcome::Parsed(length)
    }

    fn chunk_part(&mut self, part: &[u8], context: &mut Context<'_>) {
        let Client::Chunk { left, last } = &mut self.client else { return };
        *left = left.saturating_sub(part.len() as u64);
        let (left, last) = (*left, *last);
        let Some(letter) = self.letters.back_mut() else { return };
        letter.content(part, context);
        if left == 0 {
            self.chunk_over(last, true, context);
        }
    }

    fn chunk_over(&mut self, last: bool, complete: bool, context: &mut Context<'_>) {
        self.client = Client::Commands;
        let Some(letter) = self.letters.back_mut() else { return };
        if last {
            letter.content_over(complete, context);
        }
        let serial = letter.serial;
        self.ask(Asked::Chunk(serial, last));
        self.settle(context);
    }

    /// Bytes of the client were lost.
    pub(super) fn client_gap(&mut self, missing: u64, context: &mut Context<'_>) {
        match &mut self.client {
            Client::Data(dots) => {
                dots.torn();
                // The end may lie in the hole.
                dots.doubtful = true;
                if let Some(letter) = self.letters.back_mut() {
                    letter.content_gap(missing, context);
                }
            }
            Client::Chunk { left, last } => {
                let lost = missing.min(*left);
                *left -= lost;
                let (left, last) = (*left, *last);
                if let Some(letter) = self.letters.back_mut() {
                    letter.content_gap(lost, context);
                }
                if left == 0 {
                    self.chunk_over(last, true, context);
                }
            }
            // What is held has no end any more.
            Client::Waiting => self.held.clear(),
            Client::Blob(left) => *left = left.saturating_sub(missing),
            Client::Commands | Client::LongLine | Client::Tls => {}
        }
    }
}
