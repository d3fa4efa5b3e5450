//! Both directions of a connection: messages paired into transactions, bodies handed on, upgrades handed over.

use std::collections::VecDeque;
use std::sync::Arc;

use super::coding::Coding;
use super::framing::{Framing, Met};
use super::head::{Head, Start, may_be_chunked};
use super::parser::{file_name, range_is_whole, trim};
use super::payload::{Carried, Figures, Payload};
use super::side::{Body, Look, Side, Skip, State, begins_message, continues_head};
use super::transaction::{Message, Transaction};
use crate::context::Context;
use crate::files::FileMeta;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::url::Url;

/// Requests that may wait for their responses: clients that pipeline send a handful ahead.
const PIPELINE_MAX: usize = 32;
/// Bytes that may be passed over in search of the next message before the flow is given up as no HTTP.
const SKIPPED_MAX: u64 = 1 << 20;

/// The shortest response head in the wild: a smaller hole between messages has swallowed none.
const HEAD_MIN: u64 = 32;

/// Who speaks, by what they say; not necessarily what the addresses suggest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Client,
    Server,
}

/// What a step through the bytes came to.
enum Step {
    /// On with the next bytes.
    On,
    /// More bytes are needed to tell what these are.
    Wait,
    /// Stop here.
    Stop(Stop),
}

enum Stop {
    Handover,
    Malformed(&'static str),
}

/// The decoder of one connection.
#[derive(Default)]
pub struct Http {
    sides: [Side; 2],
    /// The flow's client is HTTP's server: picked up midstream, from a high port.
    turned: bool,
    /// Transactions not yet complete, oldest first: responses answer the first, requests are the last.
    waiting: VecDeque<Transaction>,
    ordinal: i64,
}

impl Decoder for Http {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.step(direction.index(), &mut rest, context) {
                Step::On => {}
                Step::Wait => break,
                Step::Stop(Stop::Handover) => return Outcome::Handover(bytes.len() - rest.len()),
                Step::Stop(Stop::Malformed(why)) => return Outcome::Malformed(why),
            }
        }
        Outcome::Parsed(bytes.len() - rest.len())
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        let index = direction.index();
        let side = &mut self.sides[index];
        side.lines.rest();
        if let State::Body(body) = &mut side.state
            && let Some(lost) = body.framing.gap(missing)
        {
            body.payload.gap(lost, context);
            if body.framing.is_over() {
                self.body_over(index, context);
            }
            return Outcome::Parsed(0);
        }
        let beyond = match &mut side.state {
            State::Start => missing,
            State::Body(body) => {
                let left = body.framing.left().unwrap_or(missing);
                body.payload.gap(missing.min(left), context);
                missing.saturating_sub(left)
            }
            _ => 0,
        };
        side.lost = beyond >= HEAD_MIN;
        side.torn = true;
        context.anomaly("http-gap");
        self.break_off(index, false, context);
        Outcome::Parsed(0)
    }

    fn end(&mut self, direction: Direction, context: &mut Context<'_>) {
        self.break_off(direction.index(), true, context);
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.break_off(0, false, context);
        self.break_off(1, false, context);
        for transaction in std::mem::take(&mut self.waiting) {
            transaction.emit(context);
        }
    }
}

impl Http {
    fn role(&self, index: usize) -> Role {
        if (index == 0) == self.turned { Role::Server } else { Role::Client }
    }

    fn step(&mut self, index: usize, bytes: &mut &[u8], context: &mut Context<'_>) -> Step {
        let side = &mut self.sides[index];
        match &mut side.state {
            State::Start => return self.start(index, bytes, context),
            State::Head(_) => {
                if let Some(line) = side.lines.take(bytes) {
                    return self.head_line(index, &line, context);
                }
            }
            State::Blank(_) => return self.behind_blank(index, bytes, context),
            State::Perhaps(_) => return self.perhaps(index, bytes, context),
            State::Body(body) => {
                body.add(bytes, context);
                if body.framing.is_over() {
                    self.body_over(index, context);
                }
            }
            State::Tunnel if matches!(bytes[0], b'\r' | b'\n') => *bytes = &bytes[1..],
            State::Tunnel if bytes[0].is_ascii_alphabetic() => side.state = State::Start,
            // The answer to CONNECT was never seen, but the tunnel is in use.
            State::Tunnel => return Step::Stop(Stop::Handover),
        }
        Step::On
    }

    /// Between messages: looks for the next first line.
    fn start(&mut self, index: usize, bytes: &mut &[u8], context: &mut Context<'_>) -> Step {
        let role = self.role(index);
        let bare = role == Role::Server && self.answers_without_head();
        if bare && self.sides[index].lines.is_empty() && !matches!(bytes[0], b'H' | b'h') {
            return self.bare_response(index, &[], context);
        }
        let side = &mut self.sides[index];
        let Some(line) = side.lines.take(bytes) else { return Step::On };
        if trim(&line).is_empty() {
            return Step::On;
        }
        if side.lines.was_cut() {
            context.anomaly("http-line-cut");
        }
        if let Some(head) = Head::begin(&line, role == Role::Client, context.time) {
            return self.begin(index, head, context);
        }
        if bare {
            return self.bare_response(index, &[&line[..], b"\n"].concat(), context);
        }
        if !self.turned && !self.sides.iter().any(|side| side.spoke) {
            // The first message of the flow may show that client and server were taken for one another.
            if let Some(head) = Head::begin(&line, role == Role::Server, context.time) {
                self.turned = true;
                return self.begin(index, head, context);
            }
        }
        let side = &mut self.sides[index];
        side.skipped += line.len() as u64 + 1;
        if !side.torn {
            context.anomaly("http-unexpected-data");
        }
        if side.skipped > SKIPPED_MAX { Step::Stop(Stop::Malformed("http-no-message")) } else { Step::On }
    }

    fn begin(&mut self, index: usize, head: Head, context: &mut Context<'_>) -> Step {
        self.sides[index].spoke = true;
        self.sides[index].torn = false;
        if matches!(&head.start, Start::Request { version: None, .. }) {
            return self.head_over(index, head, Skip::No, context);
        }
        self.sides[index].state = State::Head(Box::new(head));
        Step::On
    }

    /// HTTP/0.9: the oldest request has no version, so that its response has no head.
    fn answers_without_head(&self) -> bool {
        let first = self.waiting.front().filter(|first| first.response.is_none());
        let request = first.and_then(|first| first.request.as_ref());
        request.is_some_and(|request| matches!(request.head.start, Start::Request { version: None, .. }))
    }

    /// A body without a head; its first line may have been read already.
    fn bare_response(&mut self, index: usize, line: &[u8], context: &mut Context<'_>) -> Step {
        if let Some(head) = Head::begin(b"HTTP/0.9", false, context.time) {
            self.head_over(index, head, Skip::No, context);
        }
        if let State::Body(body) = &mut self.sides[index].state {
            body.add(&mut &line[..], context);
        }
        Step::On
    }

    fn head_line(&mut self, index: usize, line: &[u8], context: &mut Context<'_>) -> Step {
        let side = &mut self.sides[index];
        if side.lines.was_cut() {
            context.anomaly("http-line-cut");
        }
        let State::Head(mut head) = std::mem::take(&mut side.state) else { return Step::On };
        let plain = line.strip_suffix(b"\r").unwrap_or(line);
        if plain.is_empty() {
            return self.head_over(index, *head, Skip::No, context);
        }
        side.state = if trim(plain).is_empty() {
            State::Blank(head)
        } else {
            head.line(plain);
            State::Head(head)
        };
        Step::On
    }

    /// A line of blanks is a continuation to some and the end of the head to others: the next bytes tell.
    fn behind_blank(&mut self, index: usize, bytes: &[u8], context: &mut Context<'_>) -> Step {
        let look = continues_head(bytes);
        let side = &mut self.sides[index];
        match (look, std::mem::take(&mut side.state)) {
            (Look::Yes, State::Blank(head)) => side.state = State::Head(head),
            (Look::No, State::Blank(head)) => return self.head_over(index, *head, Skip::Blank, context),
            (_, state) => {
                side.state = state;
                return Step::Wait;
            }
        }
        Step::On
    }

    fn perhaps(&mut self, index: usize, bytes: &[u8], context: &mut Context<'_>) -> Step {
        match begins_message(bytes) {
            Look::Unclear => Step::Wait,
            Look::Yes => {
                self.message_over(index, Figures::default(), context);
                Step::On
            }
            Look::No => {
                if let State::Perhaps(body) = std::mem::take(&mut self.sides[index].state) {
                    context.anomaly("http-unexpected-body");
                    self.sides[index].state = State::Body(body);
                }
                Step::On
            }
        }
    }

    fn head_over(&mut self, index: usize, mut head: Head, skip: Skip, context: &mut Context<'_>) -> Step {
        head.finish();
        if head.odd {
            context.anomaly("http-bad-header");
        }
        if head.lengths.differ {
            context.anomaly("http-ambiguous-length");
        }
        match self.role(index) {
            Role::Client => self.request(index, head, skip, context),
            Role::Server => self.response(index, head, skip, context),
        }
    }

    fn request(&mut self, index: usize, head: Head, skip: Skip, context: &mut Context<'_>) -> Step {
        let url = Arc::new(head.url());
        let connect = head.method() == Some("CONNECT");
        let chunked = head.transfer_encoding.as_deref().is_some_and(|value| may_be_chunked(value, true));
        let length = Framing::Length(head.lengths.first.unwrap_or(0));
        let framing = if chunked { Framing::said_chunked(length) } else { length };
        let transaction = self.transaction(url, context);
        let coding = Coding::of(head.content_encoding.as_deref().unwrap_or_default().as_bytes());
        let about = carried(&head, &transaction, true);
        self.waiting.push_back(Transaction { request: Some(Message::new(head)), ..transaction });
        self.bound(context);
        if connect {
            self.message_over(index, Figures::default(), context);
            self.sides[index].state = State::Tunnel;
            return Step::On;
        }
        self.begin_body(index, framing, Payload::new(about, coding), skip, context);
        Step::On
    }

    fn response(&mut self, index: usize, head: Head, skip: Skip, context: &mut Context<'_>) -> Step {
        let status = head.status().unwrap_or(0);
        let framed = head.transfer_encoding.is_some() || head.lengths.largest > 0;
        if (100..200).contains(&status) && status != 101 && !framed {
            // Interim: the response is still to come.
            self.sides[index].state = State::Start;
            return Step::On;
        }
        self.find_request(index, context);
        let Some(first) = self.waiting.front() else { return Step::On };
        let method = first.method();
        let tunnel = status == 101
            || ((200..300).contains(&status)
                && method.is_none_or(|method| method == "CONNECT")
                && opens_tunnel(&head, method));
        let bodiless = method == Some("HEAD") || matches!(status, 100..200 | 204 | 304);
        // Without its request a response to HEAD cannot be told: the next bytes tell.
        let perhaps = bodiless || first.request.is_none();
        let framing = if bodiless && !framed { Framing::Length(0) } else { response_framing(&head) };
        let about = carried(&head, first, false);
        let coding = Coding::of(head.content_encoding.as_deref().unwrap_or_default().as_bytes());
        if let Some(first) = self.waiting.front_mut() {
            first.response = Some(Message::new(head));
        }
        if tunnel {
            self.message_over(index, Figures::default(), context);
            return Step::Stop(Stop::Handover);
        }
        let refused = method_is_connect(self.waiting.front());
        self.begin_body(index, framing, Payload::new(about, coding), skip, context);
        if refused && matches!(self.sides[1 - index].state, State::Tunnel) {
            self.sides[1 - index].state = State::Start;
        }
        if perhaps && let State::Body(body) = std::mem::take(&mut self.sides[index].state) {
            self.sides[index].state = State::Perhaps(body);
        }
        Step::On
    }

    /// Brings the transaction that the next response belongs to to the front.
    fn find_request(&mut self, index: usize, context: &mut Context<'_>) {
        // The response to the oldest request began in a hole, unless there is only one to answer.
        if std::mem::take(&mut self.sides[index].lost)
            && self.waiting.len() > 1
            && let Some(unanswered) = self.waiting.pop_front()
        {
            unanswered.emit(context);
        }
        if self.waiting.front().is_none_or(|first| first.response.is_some()) {
            let transaction = self.transaction(Arc::default(), context);
            self.waiting.push_front(transaction);
        }
    }

    fn transaction(&mut self, url: Arc<Url>, context: &mut Context<'_>) -> Transaction {
        let ordinal = self.ordinal;
        self.ordinal += 1;
        Transaction { id: context.reserve("http"), ordinal, request: None, url, response: None }
    }

    /// The first one may be under way, so that the second goes.
    fn bound(&mut self, context: &mut Context<'_>) {
        if self.waiting.len() > PIPELINE_MAX
            && let Some(unanswered) = self.waiting.remove(1)
        {
            context.anomaly("http-pipeline-overflow");
            unanswered.emit(context);
        }
    }

    fn begin_body(
        &mut self,
        index: usize,
        framing: Framing,
        payload: Payload,
        skip: Skip,
        context: &mut Context<'_>,
    ) {
        if framing.is_over() {
            self.message_over(index, Figures::default(), context);
            return;
        }
        self.sides[index].state = State::Body(Box::new(Body { framing, payload, met: Met::default(), skip }));
    }

    fn body_over(&mut self, index: usize, context: &mut Context<'_>) {
        if let State::Body(body) = std::mem::take(&mut self.sides[index].state) {
            let figures = body.finish(true, context);
            self.message_over(index, figures, context);
        }
    }

    /// The current message of a direction has ended.
    fn message_over(&mut self, index: usize, figures: Figures, context: &mut Context<'_>) {
        self.sides[index].state = State::Start;
        let message = match self.role(index) {
            Role::Client => self.waiting.back_mut().and_then(|last| last.request.as_mut()),
            Role::Server => self.waiting.front_mut().and_then(|first| first.response.as_mut()),
        };
        if let Some(message) = message {
            message.figures = figures;
            message.ended = Some(context.time);
        }
        while self.waiting.front().is_some_and(Transaction::is_complete)
            && let Some(complete) = self.waiting.pop_front()
        {
            complete.emit(context);
        }
    }

    /// The stream of a direction ends or is torn here: what is under way ends with it.
    fn break_off(&mut self, index: usize, closed: bool, context: &mut Context<'_>) {
        match std::mem::take(&mut self.sides[index].state) {
            State::Start | State::Tunnel => self.last_line(index, closed, context),
            State::Head(mut head) => {
                head.line(&self.sides[index].lines.rest());
                self.head_over(index, *head, Skip::No, context);
                self.end_body(index, false, context);
            }
            State::Blank(head) => {
                self.head_over(index, *head, Skip::No, context);
                self.end_body(index, closed, context);
            }
            State::Perhaps(_) => self.message_over(index, Figures::default(), context),
            State::Body(body) => {
                self.sides[index].state = State::Body(body);
                self.end_body(index, closed, context);
            }
        }
    }

    fn end_body(&mut self, index: usize, closed: bool, context: &mut Context<'_>) {
        match std::mem::take(&mut self.sides[index].state) {
            State::Body(body) => {
                let figures = body.end(closed, context);
                self.message_over(index, figures, context);
            }
            State::Perhaps(_) => self.message_over(index, Figures::default(), context),
            _ => {}
        }
    }

    /// A first line that never ended is a message cut short, if it is one at all.
    fn last_line(&mut self, index: usize, closed: bool, context: &mut Context<'_>) {
        let line = self.sides[index].lines.rest();
        if closed && !line.is_empty() && self.role(index) == Role::Server && self.answers_without_head() {
            self.bare_response(index, &line, context);
            return self.end_body(index, closed, context);
        }
        let head = Head::begin(&line, self.role(index) == Role::Client, context.time);
        if let Some(head) = head {
            self.sides[index].spoke = true;
            self.head_over(index, head, Skip::No, context);
            self.end_body(index, closed, context);
        }
    }
}

fn method_is_connect(transaction: Option<&Transaction>) -> bool {
    transaction.and_then(Transaction::method) == Some("CONNECT")
}

/// A success answers CONNECT with a tunnel. Where the request was not seen, proxies say so in their own words.
fn opens_tunnel(head: &Head, method: Option<&str>) -> bool {
    let Start::Status { reason, .. } = &head.start else { return false };
    method.is_some() || reason.to_ascii_lowercase().contains("connection established")
}

fn response_framing(head: &Head) -> Framing {
    let length = match head.lengths.first {
        None => Framing::UntilClose,
        // Nothing follows on a connection that closes: better too much for the scanner than too little.
        Some(_) if head.closes => Framing::Length(head.lengths.largest),
        Some(first) => Framing::Length(first),
    };
    let chunked = head.transfer_encoding.as_deref().is_some_and(|value| may_be_chunked(value, false));
    if chunked { Framing::said_chunked(length) } else { length }
}

/// What a file in this body is called, and where it comes from.
fn carried(head: &Head, transaction: &Transaction, request: bool) -> Carried {
    let disposition = head.disposition.as_deref().and_then(|value| file_name(value.as_bytes()));
    let name = disposition.map(|name| lossless(&name).into_owned());
    let asked = transaction.request.as_ref().map(|request| &request.head);
    let agent =
        if request { head.user_agent.as_ref() } else { asked.and_then(|asked| asked.user_agent.as_ref()) };
    let partial = head.status() == Some(206)
        && !head.content_range.as_deref().is_some_and(|range| range_is_whole(range.as_bytes()));
    Carried {
        meta: FileMeta {
            carrier: Some(transaction.id),
            protocol: "http",
            upload: request,
            name: name.or_else(|| transaction.url.file_name().map(str::to_owned)),
            declared_type: head.content_type.clone(),
            url: Some(Arc::clone(&transaction.url)).filter(|url| !url.original.is_empty()),
            method: if request { head.method() } else { transaction.method() }.map(str::to_owned),
            user_agent: agent.cloned(),
            letter: None,
            partial,
        },
        content_type: head.content_type.clone(),
        request,
    }
}
