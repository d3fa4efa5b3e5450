//! Messages to events: the state machine of one session.

use super::LINE_MAX;
use super::parser::{self, Message};
use super::rows::{Join, LIST_MAX, Session, kept, note};
use crate::context::Context;
use crate::protocols::sasl::Attempt;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::{self, Line};
use crate::time::Micros;

/// Lines that are no messages, until it is not IRC.
const ODD_MAX: u32 = 16;
/// Channels that one session joins with an event each; a spammer joins hundreds.
const JOINS_MAX: i64 = 1_000;

/// One session.
#[derive(Default)]
pub(super) struct Irc {
    session: Session,
    begun: Option<Micros>,
    joining: Vec<Join>,
    /// A password for the connection, or an account by SASL.
    attempt: Option<Attempt>,
    /// The rest of a line is passed over.
    passing: [bool; 2],
    odd: u32,
}

impl Irc {
    fn client(&mut self, message: &Message<'_>, context: &mut Context<'_>) {
        let first = message.parameter(0);
        match &message.command.to_ascii_uppercase()[..] {
            b"NICK" => self.session.nick = Some(kept(first)),
            b"USER" if self.session.user.is_none() => {
                self.session.user = Some(kept(first));
                self.session.real_name = Some(kept(message.last())).filter(|name| !name.is_empty());
            }
            b"PASS" => {
                self.try_login(Attempt::clear("irc", b"", message.last(), context.time), context);
            }
            b"AUTHENTICATE" => self.authenticate(first, context),
            b"JOIN" => first.split(|&b| b == b',').for_each(|channel| self.join(channel, context)),
            b"PRIVMSG" | b"NOTICE" => {
                self.session.sent += 1;
                self.offer(message.last());
            }
            _ => {}
        }
    }

    fn try_login(&mut self, attempt: Attempt, context: &mut Context<'_>) {
        if let Some(before) = self.attempt.replace(attempt) {
            before.over(None, b"", context);
        }
    }

    /// `AUTHENTICATE PLAIN`, then the answers (IRCv3 SASL).
    fn authenticate(&mut self, word: &[u8], context: &mut Context<'_>) {
        match &mut self.attempt {
            Some(attempt) => attempt.answer(word),
            None => self.attempt = Some(Attempt::begin("irc", word, None, context.time)),
        }
    }

    fn join(&mut self, channel: &[u8], context: &mut Context<'_>) {
        if channel.is_empty() || channel == b"0" {
            return;
        }
        self.session.joins += 1;
        if self.session.joins > JOINS_MAX {
            return context.anomaly("irc-many-joins");
        }
        if self.joining.len() >= LIST_MAX {
            let oldest = self.joining.remove(0);
            self.session.emit_join(&oldest, None, context);
        }
        self.joining.push(Join { time: context.time, channel: kept(channel), topic: None, members: None });
    }

    /// A direct connection that is offered in a message.
    fn offer(&mut self, text: &[u8]) {
        if let Some(offer) = parser::dcc(text) {
            note(&mut self.session.dcc, offer);
        }
    }

    fn server(&mut self, message: &Message<'_>, context: &mut Context<'_>) {
        if let Some(number) = message.number() {
            return self.reply(number, message, context);
        }
        match &message.command.to_ascii_uppercase()[..] {
            b"PRIVMSG" | b"NOTICE" => {
                self.session.received += 1;
                self.offer(message.last());
            }
            b"JOIN" if self.is_me(message.sender()) => {
                let channel = message.parameter(0);
                if self.joining_at(channel).is_none() {
                    // Servers send clients into channels on their own.
                    self.join(channel, context);
                }
                note(&mut self.session.channels, kept(channel));
            }
            b"NICK" if self.is_me(message.sender()) => self.session.nick = Some(kept(message.parameter(0))),
            _ => {}
        }
    }

    fn is_me(&self, nick: &[u8]) -> bool {
        self.session.nick.as_deref().is_some_and(|own| own.as_bytes().eq_ignore_ascii_case(nick))
    }

    fn joining_at(&mut self, channel: &[u8]) -> Option<usize> {
        self.joining.iter().position(|join| join.channel.as_bytes().eq_ignore_ascii_case(channel))
    }

    /// A numbered reply (RFC 2812 §5).
    fn reply(&mut self, number: u16, message: &Message<'_>, context: &mut Context<'_>) {
        let second = message.parameter(1);
        match number {
            // RPL_WELCOME: the nickname that the server has given.
            1 => {
                self.session.server = message.prefix.map(kept);
                self.session.nick = Some(kept(message.parameter(0)));
                self.session.welcome = Some(true);
                self.login_over(Some(true), b"", context);
            }
            // RPL_TOPIC
            332 => {
                if let Some(index) = self.joining_at(second) {
                    self.joining[index].topic = Some(kept(message.last()));
                }
            }
            // RPL_NAMREPLY
            353 => {
                let names = message.last().split(|&b| b == b' ').filter(|name| !name.is_empty()).count();
                if let Some(index) = self.joining_at(message.parameter(2)) {
                    let members = &mut self.joining[index].members;
                    *members = Some(members.unwrap_or(0) + i64::try_from(names).unwrap_or(0));
                }
            }
            // RPL_ENDOFNAMES
            366 => self.join_over(second, true, context),
            // ERR_NOSUCHCHANNEL, ERR_TOOMANYCHANNELS, ERR_UNAVAILRESOURCE, and channels that are full, closed or locked
            403 | 405 | 437 | 471 | 473..=477 | 489 => self.join_over(second, false, context),
            // ERR_PASSWDMISMATCH, ERR_YOUREBANNEDCREEP
            464 | 465 => {
                self.session.welcome = Some(false);
                self.login_over(Some(false), message.last(), context);
            }
            // RPL_SASLSUCCESS; ERR_NICKLOCKED, ERR_SASLFAIL and others
            903 => self.login_over(Some(true), b"", context),
            902 | 904..=907 => self.login_over(Some(false), message.last(), context),
            _ => {}
        }
    }

    fn join_over(&mut self, channel: &[u8], success: bool, context: &mut Context<'_>) {
        if let Some(index) = self.joining_at(channel) {
            let join = self.joining.remove(index);
            self.session.emit_join(&join, Some(success), context);
        }
    }

    fn login_over(&mut self, success: Option<bool>, reason: &[u8], context: &mut Context<'_>) {
        if let Some(mut attempt) = self.attempt.take() {
            attempt.known_as(self.session.user.as_deref());
            attempt.over(success, reason, context);
        }
    }

    fn pass(&mut self, index: usize, bytes: &[u8]) -> Outcome {
        let end = memchr::memchr(b'\n', bytes);
        self.passing[index] = end.is_none();
        Outcome::Parsed(end.map_or(bytes.len(), |end| end + 1))
    }
}

impl Decoder for Irc {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        if self.passing[direction.index()] {
            return self.pass(direction.index(), bytes);
        }
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => {
                context.anomaly("irc-long-line");
                self.passing[direction.index()] = true;
                return Outcome::Parsed(bytes.len().min(LINE_MAX));
            }
        };
        match parser::message(line) {
            Some(message) => {
                // RPL_STARTTLS
                if direction == Direction::ToClient && message.number() == Some(670) {
                    return Outcome::Handover(length);
                }
                match direction {
                    Direction::ToServer => self.client(&message, context),
                    Direction::ToClient => self.server(&message, context),
                }
            }
            None if line.trim_ascii().is_empty() => {}
            None => {
                self.odd += 1;
                if self.odd > ODD_MAX {
                    return Outcome::Malformed("irc-bad-line");
                }
            }
        }
        Outcome::Parsed(length)
    }

    fn gap(&mut self, direction: Direction, _: u64, _: &mut Context<'_>) -> Outcome {
        // What follows stands somewhere in a line.
        self.passing[direction.index()] = true;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.login_over(None, b"", context);
        for join in std::mem::take(&mut self.joining) {
            self.session.emit_join(&join, None, context);
        }
        if let Some(begun) = self.begun.take() {
            self.session.emit(begun, context);
        }
    }
}
