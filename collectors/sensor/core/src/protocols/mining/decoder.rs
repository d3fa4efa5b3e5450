//! Pairs requests with answers; what comes by the hundred is counted.

use std::collections::VecDeque;

use super::LINE_MAX;
use super::json::{self, Problem};
use super::parser::{Message, Method, Telling};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets;
use crate::text::{self, Line};
use crate::time::Micros;

/// Requests that wait for their answer: miners ask twice and then wait for work.
const WAITING_MAX: usize = 8;

/// Requests told one by one in a connection; a miner that asks again and again is counted instead.
const TOLD_MAX: usize = 32;

/// Algorithms of a log-in that are told: XMRig offers two dozen.
const ALGORITHMS_MAX: usize = 32;

/// Longest text of a wallet, agent or error that is told.
const TEXT_MAX: usize = 256;

struct Asked {
    time: Micros,
    id: Option<String>,
    method: &'static Method,
    account: Option<String>,
    password: Option<String>,
    agent: Option<String>,
    algorithms: Vec<String>,
}

struct Counted {
    first: Micros,
    method: &'static Method,
    messages: i64,
}

/// One connection to a pool.
#[derive(Default)]
pub struct Stratum {
    waiting: VecDeque<Asked>,
    counted: Vec<Counted>,
    told: usize,
    lost: [bool; 2],
}

impl Stratum {
    fn line(&mut self, direction: Direction, line: &[u8], context: &mut Context<'_>) -> Option<Outcome> {
        if line.trim_ascii().is_empty() {
            return None;
        }
        let value = match json::read(line) {
            Ok((value, _)) => value,
            // A number at the end of a line is complete without more behind it, but a line is an object.
            Err(Problem::Incomplete | Problem::Broken) => {
                return Some(Outcome::Malformed("stratum-bad-line"));
            }
        };
        let Some(message) = Message::of(&value) else { return Some(Outcome::Malformed("stratum-bad-line")) };
        match (message.method, direction) {
            (Some(method), _) if method.telling == Telling::Count || self.told >= TOLD_MAX => {
                self.count(method, context.time);
            }
            (Some(method), Direction::ToServer) => self.ask(method, &message, context),
            (Some(method), Direction::ToClient) => {
                self.told += 1;
                tell(&asked(method, &message, context.time), None, context);
            }
            (None, Direction::ToClient) => self.answer(&message, context),
            (None, Direction::ToServer) => {}
        }
        None
    }

    fn count(&mut self, method: &'static Method, time: Micros) {
        match self.counted.iter_mut().find(|counted| counted.method == method) {
            Some(counted) => counted.messages += 1,
            // There are no more kinds than known methods.
            None => self.counted.push(Counted { first: time, method, messages: 1 }),
        }
    }

    fn ask(&mut self, method: &'static Method, message: &Message<'_>, context: &mut Context<'_>) {
        self.told += 1;
        if self.waiting.len() >= WAITING_MAX
            && let Some(oldest) = self.waiting.pop_front()
        {
            tell(&oldest, None, context);
        }
        self.waiting.push_back(asked(method, message, context.time));
    }

    fn answer(&mut self, message: &Message<'_>, context: &mut Context<'_>) {
        let position = self.waiting.iter().position(|asked| asked.id.is_some() && asked.id == message.id);
        // Some pools number their answers as they like.
        let position = position.or((self.waiting.len() == 1).then_some(0));
        let Some(mut asked) = position.and_then(|position| self.waiting.remove(position)) else { return };
        if asked.algorithms.is_empty() {
            asked.algorithms = message.algorithms();
        }
        tell(&asked, Some(message.refusal()), context);
    }
}

fn asked(method: &'static Method, message: &Message<'_>, time: Micros) -> Asked {
    let (account, password) = message
        .account()
        .map_or((None, None), |(account, password)| (Some(cut(account)), password.map(str::to_owned)));
    let mut algorithms = message.algorithms();
    algorithms.truncate(ALGORITHMS_MAX);
    Asked {
        time,
        id: message.id.clone(),
        method,
        account,
        password,
        agent: message.agent().map(cut),
        algorithms,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}

/// `answer`: whether and why it was refused; `None` when nothing came.
fn tell(asked: &Asked, answer: Option<Option<String>>, context: &mut Context<'_>) {
    let outcome = match &answer {
        None => "unknown",
        Some(None) => "success",
        Some(Some(_)) => "failure",
    };
    let reason = answer.flatten().map(|reason| cut(&reason));
    let row = events::Mining {
        vonggac_mining_method: Some(asked.method.name),
        vonggac_mining_account: asked.account.as_deref(),
        vonggac_mining_agent: asked.agent.as_deref(),
        vonggac_mining_algorithms: Some(asked.algorithms.as_slice()).filter(|list| !list.is_empty()),
        vonggac_mining_error: reason.as_deref(),
        vonggac_mining_messages: Some(1),
        event_outcome: Some(outcome).filter(|_| !asked.method.pushed),
        ..events::Mining::default()
    };
    context.emit(asked.time, &row);
    if let Some(account) = &asked.account {
        let secret = asked.password.as_deref().map(|password| match password {
            "" => String::new(),
            password => secrets::mask(password.as_bytes()),
        });
        let row = events::Login {
            network_protocol: Some("stratum"),
            user_name: Some(account),
            event_outcome: Some(outcome),
            vonggac_login_method: Some("plain"),
            vonggac_login_secret: secret.as_deref(),
            vonggac_login_encrypted: Some(false),
            vonggac_login_reason: reason.as_deref(),
            ..events::Login::default()
        };
        context.emit(asked.time, &row);
    }
}

impl Decoder for Stratum {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => return Outcome::Malformed("stratum-long-line"),
        };
        if std::mem::take(&mut self.lost[direction.index()]) && !line.starts_with(b"{") {
            return Outcome::Parsed(length);
        }
        self.line(direction, line, context).unwrap_or(Outcome::Parsed(length))
    }

    fn gap(&mut self, direction: Direction, _missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.lost[direction.index()] = true;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(asked) = self.waiting.pop_front() {
            tell(&asked, None, context);
        }
        for counted in std::mem::take(&mut self.counted) {
            let row = events::Mining {
                vonggac_mining_method: Some(counted.method.name),
                vonggac_mining_messages: Some(counted.messages),
                ..events::Mining::default()
            };
            context.emit(counted.first, &row);
        }
    }
}
