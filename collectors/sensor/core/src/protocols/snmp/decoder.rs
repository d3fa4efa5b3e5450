//! Pairs requests with responses. A flow that asks for very much is told request by request up to a bound, and from
//! there on as a sum.

use std::collections::VecDeque;

use super::names;
use super::parser::{self, Kind, Message};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Requests of one flow that wait for their response. The oldest is given up first.
const WAITING_MAX: usize = 32;

/// Requests of one flow that are told one by one: a walk through a device has thousands that say the same.
const TOLD_MAX: u64 = 64;

/// One flow of SNMP.
#[derive(Default)]
pub struct Snmp {
    waiting: VecDeque<(Micros, Direction, Message)>,
    told: u64,
    rest: Option<Rest>,
}

/// What is told as a sum.
struct Rest {
    since: Micros,
    last: Message,
    requests: i64,
    variables: i64,
    answered: bool,
}

impl Snmp {
    fn answer(&mut self, direction: Direction, message: Message, context: &mut Context<'_>) {
        let asked = self.waiting.iter().position(|(_, from, asked)| {
            *from != direction && asked.id == message.id && asked.version == message.version
        });
        let asked = asked.and_then(|index| self.waiting.remove(index));
        let time = asked.as_ref().map_or(context.time, |(time, ..)| *time);
        self.tell(time, asked.map(|(.., asked)| asked), Some(message), context);
    }

    fn ask(&mut self, direction: Direction, message: Message, context: &mut Context<'_>) {
        if self.waiting.iter().any(|(.., asked)| *asked == message) {
            // Sent again.
            return;
        }
        if self.waiting.len() == WAITING_MAX
            && let Some((time, _, asked)) = self.waiting.pop_front()
        {
            self.tell(time, Some(asked), None, context);
        }
        self.waiting.push_back((context.time, direction, message));
    }

    /// One event, or one more in the sum. Changes of values are always told.
    fn tell(
        &mut self,
        time: Micros,
        asked: Option<Message>,
        answer: Option<Message>,
        context: &mut Context<'_>,
    ) {
        self.told += 1;
        let sets = asked.as_ref().is_some_and(|asked| asked.kind == Kind::Set);
        if self.told <= TOLD_MAX || sets && self.told <= 16 * TOLD_MAX {
            return emit(time, (asked.as_ref(), answer.as_ref()), None, context);
        }
        let answered = answer.is_some();
        let Some(message) = asked.or(answer) else { return };
        let variables = message.variables;
        let rest = self.rest.get_or_insert(Rest {
            since: time,
            last: message,
            requests: 0,
            variables: 0,
            answered: false,
        });
        rest.requests += 1;
        rest.variables = rest.variables.saturating_add(variables);
        rest.answered |= answered;
    }
}

impl Decoder for Snmp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match parser::message(bytes) {
            None => context.anomaly("snmp-malformed"),
            Some(message) => match message.kind {
                Kind::Response | Kind::Report => self.answer(direction, message, context),
                // Requests and answers look alike: an answer has the number of what was asked.
                Kind::Encrypted if self.is_awaited(direction, &message) => {
                    self.answer(direction, message, context);
                }
                kind if kind.is_notification() => self.tell(context.time, Some(message), None, context),
                _ => self.ask(direction, message, context),
            },
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some((time, _, asked)) = self.waiting.pop_front() {
            self.tell(time, Some(asked), None, context);
        }
        if let Some(rest) = self.rest.take() {
            let message = Message { variables: rest.variables, error: 0, ..rest.last };
            let answer = rest.answered.then_some(&message);
            emit(rest.since, (Some(&message), answer), Some(rest.requests), context);
        }
    }
}

impl Snmp {
    fn is_awaited(&self, direction: Direction, message: &Message) -> bool {
        self.waiting.iter().any(|(_, from, asked)| *from != direction && asked.id == message.id)
    }
}

/// One event of a request, its response, or both; `requests` where it stands for several.
fn emit(
    time: Micros,
    (asked, answer): (Option<&Message>, Option<&Message>),
    requests: Option<i64>,
    context: &mut Context<'_>,
) {
    let Some(message) = asked.or(answer) else { return };
    let named = answer.filter(|answer| answer.engine.is_some()).unwrap_or(message);
    let counted = answer.filter(|answer| answer.kind != Kind::Encrypted).unwrap_or(message);
    // A walk asks for what stands before; the answer names what there is.
    let oids = if message.oids.is_empty() { &counted.oids } else { &message.oids };
    let error = answer.and_then(|answer| names::error(answer.error));
    let several = requests.is_some_and(|requests| requests > 1);
    let row = events::Snmp {
        user_name: message.user.as_deref().or(answer.and_then(|answer| answer.user.as_deref())),
        event_outcome: Some(outcome(answer)),
        event_duration: answer
            .filter(|_| asked.is_some())
            .map(|_| context.time.since(time).saturating_mul(1_000)),
        vonggac_snmp_version: Some(message.version),
        vonggac_snmp_request_type: asked.map(|asked| names::kind(asked.kind)),
        vonggac_snmp_response_type: answer.filter(|_| !several).map(|answer| names::kind(answer.kind)),
        vonggac_snmp_community: message.community.as_deref(),
        vonggac_snmp_security: message.security,
        vonggac_snmp_engine_id: named.engine.as_deref(),
        vonggac_snmp_oids: Some(oids.as_slice()).filter(|oids| !oids.is_empty()),
        vonggac_snmp_variables: Some(counted.variables).filter(|_| counted.kind != Kind::Encrypted),
        vonggac_snmp_error: error,
        vonggac_snmp_requests: Some(requests.unwrap_or(1)),
        ..events::Snmp::default()
    };
    context.emit(time, &row);
}

fn outcome(answer: Option<&Message>) -> &'static str {
    match answer {
        Some(answer) if answer.kind == Kind::Report || answer.error != 0 => "failure",
        Some(_) => "success",
        None => "unknown",
    }
}
