//! The control connection: commands paired with replies.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::LINE_MAX;
use super::data::{Begun, Data, Transfer};
use super::login::Attempt;
use super::parser::{self, Command, End, Reply};
use super::transaction::Transaction;
use crate::context::Context;
use crate::expectations::{Expected, Shared};
use crate::protocols::{Carrier, Decoder, Direction, Outcome};
use crate::text::{self, Line};

/// Commands that wait for their final reply. Clients wait themselves; ABOR and STAT come between, and some send a few
/// ahead. The oldest is given up first.
const WAITING_MAX: usize = 16;

/// Lines that are neither command nor reply, after which this is no FTP.
const BAD_LINES_MAX: u8 = 8;

/// Below this nobody listens for data connections: a peer that names such a port means another service.
const DATA_PORT_MIN: u16 = 1_024;

/// One control connection.
#[derive(Default)]
pub struct Ftp {
    waiting: VecDeque<Transaction>,
    /// The server has spoken.
    greeted: bool,
    /// Greeting or other unasked reply of several lines.
    unasked: Option<Transaction>,
    /// The reply whose lines follow.
    reply: Option<u16>,
    /// The rest of this line is passed over.
    passing: [bool; 2],
    bad_lines: u8,
    attempt: Option<Attempt>,
    /// Who is logged in.
    user: Option<String>,
    /// The data connection that the next transfer will use.
    announced: Option<Shared<Transfer>>,
    restart: Option<i64>,
}

impl Ftp {
    fn command(&mut self, line: &[u8], cut: bool, context: &mut Context<'_>) -> Outcome {
        let Some(command) = parser::command(line) else { return self.bad("ftp-bad-command", context) };
        let mut transaction = Transaction::new(&command, cut, context);
        match &*command.verb {
            "USER" => self.attempt = Some(Attempt::of(command.argument.unwrap_or_default())),
            "PASS" => self.password(&command, &mut transaction),
            "REIN" => self.user = None,
            "PORT" => self.active(command.argument.and_then(parser::port), &mut transaction, context),
            "EPRT" => {
                self.active(command.argument.and_then(parser::extended_port), &mut transaction, context)
            }
            "REST" => self.restart = command.argument.and_then(parser::decimal),
            "RETR" | "STOR" | "STOU" | "APPE" | "LIST" | "NLST" | "MLSD" => self.transfer(&mut transaction),
            _ => {}
        }
        if self.waiting.len() >= WAITING_MAX {
            context.anomaly("ftp-many-commands");
            self.give_up_oldest(context);
        }
        self.waiting.push_back(transaction);
        Outcome::Parsed(0)
    }

    fn bad(&mut self, name: &'static str, context: &mut Context<'_>) -> Outcome {
        context.anomaly(name);
        self.bad_lines += 1;
        if self.bad_lines > BAD_LINES_MAX { Outcome::Malformed(name) } else { Outcome::Parsed(0) }
    }

    fn password(&mut self, command: &Command<'_>, transaction: &mut Transaction) {
        let mut attempt = self.attempt.clone().unwrap_or_else(|| Attempt::of(b""));
        transaction.argument = Some(attempt.password(command.argument.unwrap_or_default()));
        transaction.attempt = Some(attempt);
    }

    /// The client listens. Only its own address is waited for: with another's it would choose what the sensor reads.
    fn active(&mut self, end: Option<End>, transaction: &mut Transaction, context: &mut Context<'_>) {
        let Some(end) = end else { return context.anomaly("ftp-bad-port") };
        transaction.data = Some(("active", end));
        if end.0 == Some(context.flow.source_ip) {
            self.announce("active", context.flow.source_ip, end.1, context);
        } else {
            context.anomaly("ftp-port-of-another-host");
        }
    }

    /// The server listens; where its address is not the one that the client speaks to, the client knows better.
    fn passive(&mut self, end: Option<End>, transaction: &mut Transaction, context: &mut Context<'_>) {
        let Some(end) = end else { return context.anomaly("ftp-bad-port") };
        transaction.data = Some(("passive", end));
        self.announce("passive", context.flow.destination_ip, end.1, context);
    }

    fn announce(&mut self, mode: &'static str, host: IpAddr, port: u16, context: &mut Context<'_>) {
        if port < DATA_PORT_MIN {
            return context.anomaly("ftp-system-port");
        }
        let client = context.flow.source_ip;
        let user = self.user.clone();
        let transfer = Shared::new(Transfer { client, mode, user, command: None, failed: false });
        self.announced = Some(transfer.clone());
        let decoder = Box::new(Data::new(transfer));
        context.expect(host, port, Expected { protocol: "ftp-data", carrier: Carrier::Stream, decoder });
    }

    /// A command that moves bytes.
    fn transfer(&mut self, transaction: &mut Transaction) {
        transaction.offset = self.restart.take().filter(|offset| *offset > 0);
        transaction.transfer = self.announced.take();
        if let Some(transfer) = &transaction.transfer {
            transfer.get().command = Some(Begun {
                verb: transaction.verb.clone(),
                name: transaction.file_name().map(str::to_owned),
                id: transaction.id(),
                partial: transaction.offset.is_some(),
            });
        }
    }

    /// A line of the server.
    fn line(&mut self, line: &[u8], cut: bool, context: &mut Context<'_>) -> Outcome {
        let reply = parser::reply(line).filter(|reply| self.reply.is_none_or(|code| code == reply.code));
        let Some(reply) = reply else {
            if self.reply.is_none() {
                return self.bad("ftp-bad-reply", context);
            }
            self.target(None, context).add_line(line.trim_ascii_start(), cut);
            return Outcome::Parsed(0);
        };
        let first = self.reply.is_none();
        self.target(first.then_some(reply.code), context).add_line(reply.text, cut);
        self.reply = reply.more.then_some(reply.code);
        if reply.more { Outcome::Parsed(0) } else { self.replied(reply, context) }
    }

    /// The transaction that a reply belongs to. `code` at its first line: 220 greets, whatever was asked before it.
    fn target(&mut self, code: Option<u16>, context: &mut Context<'_>) -> &mut Transaction {
        let greets = !self.greeted && code == Some(220);
        if code.is_some() {
            self.greeted = true;
        }
        let answers = self.unasked.is_none() && !greets && !self.waiting.is_empty();
        match self.waiting.front_mut().filter(|_| answers) {
            Some(transaction) => transaction,
            None => self.unasked.get_or_insert_with(|| Transaction::unasked(context)),
        }
    }

    /// The last line of a reply.
    fn replied(&mut self, reply: Reply<'_>, context: &mut Context<'_>) -> Outcome {
        if let Some(mut unasked) = self.unasked.take() {
            unasked.add_code(reply.code);
            unasked.emit(None, reply.code >= 200, context);
            // After `120 ready in 5 minutes` the greeting is still to come.
            self.greeted = reply.code >= 200;
            return Outcome::Parsed(0);
        }
        let Some(front) = self.waiting.front_mut() else { return Outcome::Parsed(0) };
        front.add_code(reply.code);
        front.size = front.size.or_else(|| match (&*front.verb, reply.code) {
            ("SIZE", 213) => parser::decimal(reply.text.trim_ascii()),
            (_, 125 | 150) => parser::announced_size(reply.text),
            _ => None,
        });
        if reply.code < 200 {
            return Outcome::Parsed(0);
        }
        match self.waiting.pop_front() {
            Some(transaction) => self.settle(transaction, reply, context),
            None => Outcome::Parsed(0),
        }
    }

    /// A command has its final reply.
    fn settle(
        &mut self,
        mut transaction: Transaction,
        reply: Reply<'_>,
        context: &mut Context<'_>,
    ) -> Outcome {
        match (&*transaction.verb, reply.code) {
            ("PASV", 227) => self.passive(parser::passive(reply.text), &mut transaction, context),
            ("EPSV", 229) => self.passive(parser::extended_passive(reply.text), &mut transaction, context),
            // Let in, or turned away, by the name alone.
            ("USER", 200..=299 | 400..) => transaction.attempt.clone_from(&self.attempt),
            _ => {}
        }
        if let Some(transfer) = transaction.transfer.as_ref().filter(|_| reply.code >= 400) {
            transfer.get().failed = true;
        }
        if let Some(attempt) = transaction.attempt.take() {
            attempt.emit(transaction.time, Some(reply.code), Some(reply.text), context);
            if reply.code < 300 {
                self.user = Some(attempt.user().to_owned());
            }
        }
        let user = self.user.as_deref().or_else(|| self.attempt.as_ref().map(Attempt::user));
        transaction.emit(user, true, context);
        // RFC 4217 §4.1: TLS begins behind the reply.
        let secured = transaction.verb == "AUTH" && reply.code == 234;
        if secured { Outcome::Handover(0) } else { Outcome::Parsed(0) }
    }

    fn give_up_oldest(&mut self, context: &mut Context<'_>) {
        let Some(mut transaction) = self.waiting.pop_front() else { return };
        if let Some(attempt) = transaction.attempt.take() {
            attempt.emit(transaction.time, None, None, context);
        }
        let user = self.user.as_deref().or_else(|| self.attempt.as_ref().map(Attempt::user));
        transaction.emit(user, false, context);
    }
}

impl Decoder for Ftp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let passing = &mut self.passing[direction.index()];
        if *passing {
            let end = memchr::memchr(b'\n', bytes);
            *passing = end.is_none();
            return Outcome::Parsed(end.map_or(bytes.len(), |end| end + 1));
        }
        let (line, length, cut) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length, false),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => {
                context.anomaly("ftp-long-line");
                *passing = true;
                (&bytes[..LINE_MAX], LINE_MAX, true)
            }
        };
        let outcome = match direction {
            _ if line.is_empty() => Outcome::Parsed(0),
            Direction::ToServer => self.command(line, cut, context),
            Direction::ToClient => self.line(line, cut, context),
        };
        match outcome {
            Outcome::Parsed(_) => Outcome::Parsed(length),
            Outcome::Handover(_) => Outcome::Handover(length),
            other => other,
        }
    }

    fn gap(&mut self, direction: Direction, _missing: u64, context: &mut Context<'_>) -> Outcome {
        // What follows may be the rest of a line.
        self.passing[direction.index()] = true;
        if direction == Direction::ToClient {
            // The replies to what was asked so far may be in the hole: later ones must not take their place.
            self.close(context);
            self.reply = None;
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if let Some(unasked) = self.unasked.take() {
            unasked.emit(None, false, context);
        }
        while !self.waiting.is_empty() {
            self.give_up_oldest(context);
        }
    }
}
