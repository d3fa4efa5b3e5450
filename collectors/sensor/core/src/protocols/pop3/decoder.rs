//! Commands paired with answers: the state machine of one session.

use std::collections::VecDeque;

use super::LINE_MAX;
use super::exchange::Exchange;
use super::parser::{self, Status};
use crate::context::Context;
use crate::protocols::mime::dots::{Dots, Dotted};
use crate::protocols::sasl::Attempt;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets::mask;
use crate::text::{self, Line};

/// Commands that wait for their answer: pipelining clients ask for some hundred letters at a time.
const WAITING_MAX: usize = 512;
/// Lines of an end that are not POP3, until it is not POP3.
const ODD_MAX: u32 = 16;

/// One session.
#[derive(Default)]
pub(super) struct Pop3 {
    waiting: VecDeque<Exchange>,
    /// The exchange in front has lines under way.
    dots: Option<Dots>,
    user: Option<Vec<u8>>,
    /// Who has logged in.
    known: Option<String>,
    attempt: Option<Attempt>,
    challenged: bool,
    odd: [u32; 2],
    server_seen: bool,
    /// The greeting has come, or the session was begun in the middle.
    greeted: bool,
}

impl Pop3 {
    fn client(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        // Until STLS is answered it is not known whether TLS begins.
        if self.waiting.iter().any(|exchange| exchange.verb == "STLS") {
            let tls = !self.server_seen && bytes.first() == Some(&0x16);
            return if tls { Outcome::Handover(0) } else { Outcome::Parsed(0) };
        }
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => return Outcome::Malformed("pop3-long-line"),
        };
        let answers = self.attempt.is_some() && (self.challenged || !line.contains(&b' '));
        match parser::command(line).filter(|_| !answers) {
            _ if answers => self.answer(line, context),
            Some((verb, arguments)) => self.command(verb, &arguments, context),
            None => {
                self.odd[0] += 1;
                if self.odd[0] > ODD_MAX {
                    return Outcome::Malformed("pop3-bad-command");
                }
            }
        }
        Outcome::Parsed(length)
    }

    /// The client's answer to a challenge.
    fn answer(&mut self, line: &[u8], context: &mut Context<'_>) {
        self.challenged = false;
        let mut exchange = Exchange::new("SASL".to_owned(), &[], context);
        if let Some(mut attempt) = self.attempt.take() {
            attempt.answer(line);
            exchange.attempt = Some(attempt);
        }
        self.push(exchange, context);
    }

    fn command(&mut self, verb: String, arguments: &[&[u8]], context: &mut Context<'_>) {
        let first = arguments.first().copied().unwrap_or_default();
        let mut shown = arguments.to_vec();
        let mut attempt = None;
        let masked;
        match verb.as_str() {
            "USER" => self.user = Some(first.to_vec()),
            "PASS" => {
                let user = self.user.as_deref().unwrap_or_default();
                masked = [mask(first)];
                shown = if first.is_empty() { Vec::new() } else { vec![masked[0].as_bytes()] };
                attempt = Some(Attempt::clear("pop3", user, first, context.time));
            }
            "APOP" => {
                shown.truncate(1);
                attempt = Some(Attempt::digest("pop3", "apop", first, context.time));
            }
            "AUTH" if !arguments.is_empty() => {
                shown.truncate(1);
                let initial = arguments.get(1).copied();
                attempt = Some(Attempt::begin("pop3", first, initial, context.time));
            }
            _ => {}
        }
        let mut exchange = Exchange::new(verb, &shown, context);
        exchange.attempt = attempt;
        self.push(exchange, context);
    }

    fn push(&mut self, exchange: Exchange, context: &mut Context<'_>) {
        if self.waiting.len() >= WAITING_MAX
            && let Some(unanswered) = self.waiting.pop_front()
        {
            context.anomaly("pop3-many-commands");
            self.dots = None;
            unanswered.emit(false, self.known.as_deref(), context);
        }
        self.waiting.push_back(exchange);
    }

    fn server(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.server_seen = true;
        if self.dots.is_some() {
            return self.lines(bytes, context);
        }
        if bytes.starts_with(&[0x16, 3]) {
            return Outcome::Handover(0);
        }
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => return Outcome::Malformed("pop3-long-line"),
        };
        let Some((status, text)) = parser::status(line) else {
            self.odd[1] += 1;
            let over = self.odd[1] > ODD_MAX;
            return if over { Outcome::Malformed("pop3-bad-answer") } else { Outcome::Parsed(length) };
        };
        let tls = self.answered(status, text, context);
        if tls { Outcome::Handover(length) } else { Outcome::Parsed(length) }
    }

    /// The exchange in front is answered. Says whether TLS begins.
    fn answered(&mut self, status: Status, text: &[u8], context: &mut Context<'_>) -> bool {
        let Some(mut exchange) = self.waiting.pop_front() else {
            if !std::mem::replace(&mut self.greeted, true) {
                let mut greeting = Exchange::new(String::new(), &[], context);
                greeting.answered(status, text);
                greeting.emit(true, None, context);
            }
            return false;
        };
        self.greeted = true;
        exchange.answered(status, text);
        let tls = exchange.verb == "STLS" && status == Status::Ok;
        match (exchange.attempt.take(), status) {
            (Some(attempt), Status::Continue) => {
                self.attempt = Some(attempt);
                self.challenged = true;
            }
            (Some(attempt), status) => {
                if status == Status::Ok {
                    self.known = attempt.user().map(str::to_owned);
                }
                attempt.over(Some(status == Status::Ok), text, context);
            }
            (None, _) => {}
        }
        if status == Status::Ok && exchange.multiline {
            self.dots = Some(Dots::new(parser::is_status));
            self.waiting.push_front(exchange);
        } else {
            exchange.emit(true, self.known.as_deref(), context);
        }
        tls
    }

    /// Lines of an answer, up to a dot.
    fn lines(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Self { dots: Some(dots), waiting, .. } = self else { return Outcome::Parsed(0) };
        let Some(exchange) = waiting.front_mut() else { return Outcome::Done };
        match dots.add(bytes, &mut |content| exchange.add(content, context)) {
            Dotted::On(used) => Outcome::Parsed(used),
            Dotted::Over(used) => {
                self.lines_over(true, context);
                Outcome::Parsed(used)
            }
            Dotted::Odd(used) => {
                self.lines_over(true, context);
                if used == 0 { self.server(bytes, context) } else { Outcome::Parsed(used) }
            }
        }
    }

    fn lines_over(&mut self, complete: bool, context: &mut Context<'_>) {
        self.dots = None;
        if let Some(exchange) = self.waiting.pop_front() {
            exchange.emit(complete, self.known.as_deref(), context);
        }
    }
}

impl Decoder for Pop3 {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match direction {
            Direction::ToServer => self.client(bytes, context),
            Direction::ToClient => self.server(bytes, context),
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        if direction == Direction::ToClient {
            if let Some(dots) = &mut self.dots {
                dots.torn();
                // The end may lie in the hole.
                dots.doubtful = true;
                if let Some(exchange) = self.waiting.front_mut() {
                    exchange.gap(missing, context);
                }
            } else {
                // Which command the next answer belongs to is not known.
                while let Some(mut exchange) = self.waiting.pop_front() {
                    if let Some(attempt) = exchange.attempt.take() {
                        attempt.over(None, b"", context);
                    }
                    exchange.emit(false, self.known.as_deref(), context);
                }
            }
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        let ended = self.dots.as_ref().is_some_and(Dots::may_be_over);
        if self.dots.is_some() {
            self.lines_over(ended, context);
        }
        let pending = self.attempt.take();
        for attempt in pending.into_iter().chain(self.waiting.iter_mut().filter_map(|one| one.attempt.take()))
        {
            attempt.over(None, b"", context);
        }
        while let Some(exchange) = self.waiting.pop_front() {
            exchange.emit(false, self.known.as_deref(), context);
        }
    }
}
