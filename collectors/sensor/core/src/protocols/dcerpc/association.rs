//! What two ends have agreed on and call, over TCP or a named pipe: fragments in, one event a call out.
//!
//! Requests may come from either end: a flow that was picked up in the middle may be turned around.

use std::collections::VecDeque;

use super::agreement::Agreement;
use super::bind;
use super::call::{About, Call, Ending};
use super::contexts::Contexts;
use super::pdu::{self, HEADER_BYTES, Header, TRAILER_BYTES, Trailer, kind};
use super::security::Security;
use super::status;
use super::stub::{KEPT_MAX, Stub};
use super::tally::Tally;
use crate::context::Context;
use crate::protocols::ntlm::Ending as LogIn;
use crate::protocols::{Direction, Outcome};

/// Calls that wait for their answer: clients with many threads have some dozens.
const CALLS_MAX: usize = 64;

/// Agreements that wait for their answer: clients make one at a time.
const AGREEMENTS_MAX: usize = 8;

/// Bytes of arguments kept by one association, all calls together.
const HELD_MAX: usize = 8 * KEPT_MAX;

/// Calls that are told one by one. Zerologon has some 2,000 in a connection; a client that goes on and on is counted by
/// operation from here on.
pub const ROWS_MAX: u32 = 4_096;

/// Arguments of a fragment under way.
#[derive(Clone, Copy, Debug)]
struct Body {
    header: Header,
    /// Bytes of arguments still to come, and bytes of protection behind them.
    arguments: usize,
    protection: usize,
    trailer: [u8; TRAILER_BYTES],
    torn: bool,
}

/// One direction.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    body: Option<Body>,
    /// Bytes were lost once: what looks like no head may be our own error.
    torn: bool,
}

/// One association.
#[derive(Default)]
pub struct Association {
    pipe: Option<Box<str>>,
    sides: [Side; 2],
    contexts: Contexts,
    agreements: VecDeque<Agreement>,
    calls: VecDeque<Call>,
    security: Security,
    minor: u8,
    rows: u32,
    tally: Tally,
    heads: u64,
}

impl Association {
    /// Over a named pipe.
    #[must_use]
    pub fn on_pipe(name: &str) -> Self {
        Self { pipe: Some(name.into()), ..Self::default() }
    }

    /// Whether any message has been read.
    #[must_use]
    pub fn has_spoken(&self) -> bool {
        self.heads > 0
    }

    fn about(&self) -> About<'_> {
        let version = if self.minor == 0 { "5.0" } else { "5.1" };
        About { version, pipe: self.pipe.as_deref(), negotiated: self.security.negotiated }
    }

    /// Takes bytes as [`crate::protocols::Decoder::data`] does.
    pub fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if self.sides[direction.index()].body.is_some() {
            return Outcome::Parsed(self.body(direction, bytes, context));
        }
        if bytes.len() < HEADER_BYTES {
            return Outcome::Parsed(0);
        }
        let side = self.sides[direction.index()];
        match Header::parse(bytes) {
            Some(header) => self.message(direction, header, bytes, context),
            None if side.torn => Outcome::Parsed(next_head(bytes)),
            None => Outcome::Malformed("dcerpc-bad-header"),
        }
    }

    /// A head is complete: arguments are taken as they come, all else waits until it is whole.
    fn message(
        &mut self,
        direction: Direction,
        header: Header,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Outcome {
        let length = usize::from(header.length);
        let streamed = matches!(header.kind, kind::REQUEST | kind::RESPONSE);
        let needed = if streamed { header.call_head() } else { length };
        let Some(message) = bytes.get(..needed) else { return Outcome::Parsed(0) };
        (self.heads, self.minor) = (self.heads + 1, header.minor);
        match header.kind {
            kind::REQUEST => self.request(direction, &header, message, context),
            kind::RESPONSE => self.response(direction, &header, context),
            kind::FAULT => self.fault(direction, &header, message, context),
            kind::BIND | kind::ALTER_CONTEXT => self.offer(direction, &header, message, context),
            kind::BIND_ACK | kind::ALTER_CONTEXT_RESP | kind::BIND_NAK => {
                self.answer(direction, &header, message, context);
            }
            // The last of three messages of a log-in, which nobody answers.
            kind::AUTH3 => self.security.token(&header, message, context),
            _ => {}
        }
        if streamed {
            let protection = header.protection();
            let arguments = length.saturating_sub(needed + protection);
            let body = Body { header, arguments, protection, trailer: [0; TRAILER_BYTES], torn: false };
            self.sides[direction.index()].body = Some(body);
            if arguments + protection == 0 {
                self.body_over(direction, context);
            }
        }
        Outcome::Parsed(needed)
    }

    fn request(&mut self, direction: Direction, header: &Header, head: &[u8], context: &mut Context<'_>) {
        let number = header.call;
        let known = self.position(direction, number);
        if let (Some(index), true) = (known, header.flags & pdu::FIRST != 0) {
            // The same number again: the older one will have no answer.
            self.finish(index, None, context);
        }
        let index = match self.position(direction, number) {
            Some(index) => index,
            None => self.begin(direction, number, context),
        };
        let order = header.order;
        let (Some(presented), Some(operation)) = (order.u16(head, 20), order.u16(head, 22)) else { return };
        let called = self.contexts.called(presented, operation, self.pipe.as_deref());
        let room = self.calls.iter().flat_map(|call| &call.stubs).map(Stub::held).sum::<usize>();
        let Some(call) = self.calls.get_mut(index) else { return };
        if call.called.is_none() {
            call.ask(called, room < HELD_MAX);
        }
        call.stubs[0].begin(order, usize::from(header.length).saturating_sub(pdu::CALL_BYTES));
    }

    fn response(&mut self, direction: Direction, header: &Header, context: &mut Context<'_>) {
        let caller = direction.other();
        let index = match self.position(caller, header.call) {
            Some(index) => index,
            None => self.begin(caller, header.call, context),
        };
        let Some(call) = self.calls.get_mut(index) else { return };
        call.stubs[1].begin(header.order, usize::from(header.length).saturating_sub(pdu::CALL_BYTES));
    }

    fn fault(&mut self, direction: Direction, header: &Header, message: &[u8], context: &mut Context<'_>) {
        let code = header.order.u32(message, pdu::CALL_BYTES);
        let caller = direction.other();
        let ending = Ending { kind: kind::FAULT, status: code };
        let name = code.map(status::name);
        let denied = code.is_some_and(|code| status::DENIED.contains(&code));
        self.security.answered(
            if denied { LogIn::Failure } else { LogIn::Success },
            name.as_deref(),
            context,
        );
        // An alter-context may be answered by a fault, too.
        let agreement = self.agreements.iter().position(|other| other.is(caller, header.call));
        match (self.position(caller, header.call), agreement) {
            (None, Some(index)) => {
                if let Some(agreement) = self.agreements.remove(index) {
                    self.count_row();
                    agreement.emit(Some(kind::FAULT), &[], name.as_deref(), self.about(), context);
                }
            }
            (Some(index), _) => self.finish(index, Some(ending), context),
            (None, None) => {
                let index = self.begin(caller, header.call, context);
                self.finish(index, Some(ending), context);
            }
        }
    }

    /// Bytes of the fragment under way; gives how many were taken.
    fn body(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> usize {
        let index = direction.index();
        let Some(body) = &mut self.sides[index].body else { return 0 };
        let (arguments, rest) = bytes.split_at(body.arguments.min(bytes.len()));
        body.arguments -= arguments.len();
        let protection = &rest[..rest.len().min(body.protection)];
        let at = body.header.protection() - body.protection;
        for (place, byte) in body.trailer.iter_mut().skip(at).zip(protection) {
            *place = *byte;
        }
        body.protection -= protection.len();
        let (over, header) = (body.arguments + body.protection == 0, body.header);
        if let Some(stub) = self.stub(direction, &header) {
            stub.add(arguments);
        }
        if over {
            self.body_over(direction, context);
        }
        arguments.len() + protection.len()
    }

    fn body_over(&mut self, direction: Direction, context: &mut Context<'_>) {
        let Some(Body { header, trailer, torn, .. }) = self.sides[direction.index()].body.take() else {
            return;
        };
        let trailer = (header.auth_length > 0 && !torn).then(|| Trailer::parse(trailer));
        if let Some(stub) = self.stub(direction, &header) {
            stub.end(trailer);
        }
        if header.kind == kind::RESPONSE && header.flags & pdu::LAST != 0 {
            self.security.answered(LogIn::Success, None, context);
            if let Some(index) = self.position(direction.other(), header.call) {
                self.finish(index, Some(Ending { kind: kind::RESPONSE, status: None }), context);
            }
        }
    }

    /// Where the arguments of a fragment go.
    fn stub(&mut self, direction: Direction, header: &Header) -> Option<&mut Stub> {
        let response = header.kind == kind::RESPONSE;
        let caller = if response { direction.other() } else { direction };
        let index = self.position(caller, header.call)?;
        self.calls.get_mut(index).map(|call| &mut call.stubs[usize::from(response)])
    }

    fn position(&self, caller: Direction, number: u32) -> Option<usize> {
        self.calls.iter().rposition(|call| call.caller == caller && call.number == number)
    }

    /// A new call; the oldest gives way where there are too many.
    fn begin(&mut self, caller: Direction, number: u32, context: &mut Context<'_>) -> usize {
        if self.calls.len() >= CALLS_MAX {
            context.anomaly("dcerpc-calls-pending");
            self.finish(0, None, context);
        }
        self.calls.push_back(Call::new(context.time, caller, number));
        self.calls.len() - 1
    }

    fn finish(&mut self, index: usize, ending: Option<Ending>, context: &mut Context<'_>) {
        let Some(call) = self.calls.remove(index) else { return };
        if self.count_row() {
            call.emit(ending, self.about(), context);
        } else if self.tally.add(&call) {
            context.anomaly("dcerpc-many-calls");
        }
    }

    /// Whether one more row may be told.
    fn count_row(&mut self) -> bool {
        self.rows = self.rows.saturating_add(1);
        self.rows <= ROWS_MAX
    }

    fn offer(&mut self, direction: Direction, header: &Header, message: &[u8], context: &mut Context<'_>) {
        let Some((offered, more)) = bind::offers(header, message) else {
            return context.anomaly("dcerpc-bad-bind");
        };
        if more {
            context.anomaly("dcerpc-many-interfaces");
        }
        self.security.token(header, message, context);
        if self.agreements.len() >= AGREEMENTS_MAX {
            context.anomaly("dcerpc-agreements-pending");
            self.agreements.pop_front();
        }
        let trailer = header.verifier(message).map(|(trailer, _)| trailer);
        let agreement = Agreement {
            since: context.time,
            caller: direction,
            number: header.call,
            kind: header.kind,
            offered,
            trailer,
        };
        // A client that does not wait for the answer may use what it offers at once.
        self.contexts.present(&agreement, &[]);
        self.agreements.push_back(agreement);
    }

    fn answer(&mut self, direction: Direction, header: &Header, message: &[u8], context: &mut Context<'_>) {
        let refused = header.kind == kind::BIND_NAK;
        let taken = if refused { Vec::new() } else { bind::answers(header, message).unwrap_or_default() };
        let reason = refused.then(|| header.order.u16(message, HEADER_BYTES).map(status::refusal)).flatten();
        if refused {
            self.security.answered(LogIn::Failure, reason.as_deref(), context);
        } else {
            if header.kind == kind::ALTER_CONTEXT_RESP {
                self.security.answered(LogIn::Success, None, context);
            }
            self.security.token(header, message, context);
        }
        let caller = direction.other();
        let found = self.agreements.iter().position(|other| other.is(caller, header.call));
        let agreement = found.and_then(|index| self.agreements.remove(index));
        if let (Some(agreement), false) = (&agreement, refused) {
            self.contexts.present(agreement, &taken);
        }
        if !self.count_row() {
            return;
        }
        let unseen = || Agreement::unseen(context.time, caller, header.call);
        let agreement = agreement.unwrap_or_else(unseen);
        agreement.emit(Some(header.kind), &taken, reason.as_deref(), self.about(), context);
    }

    /// Bytes were lost.
    pub fn gap(&mut self, direction: Direction, missing: u64) -> Outcome {
        let side = &mut self.sides[direction.index()];
        side.torn = true;
        let missing = usize::try_from(missing).unwrap_or(usize::MAX);
        let Some(body) = &mut side.body else { return Outcome::Parsed(0) };
        body.torn = true;
        let header = body.header;
        if missing < body.arguments + body.protection {
            let arguments = missing.min(body.arguments);
            body.arguments -= arguments;
            body.protection -= missing - arguments;
        } else {
            side.body = None;
        }
        if let Some(stub) = self.stub(direction, &header) {
            stub.tear();
        }
        Outcome::Parsed(0)
    }

    /// The end: what waits is told without an answer.
    pub fn close(&mut self, context: &mut Context<'_>) {
        while let Some(agreement) = self.agreements.pop_front() {
            if self.count_row() {
                agreement.emit(None, &[], None, self.about(), context);
            }
        }
        while !self.calls.is_empty() {
            self.finish(0, None, context);
        }
        std::mem::take(&mut self.tally).emit(self.about(), context);
        self.security.close(context);
    }
}

/// How many bytes to pass over to the next head, or to where one may begin.
fn next_head(bytes: &[u8]) -> usize {
    let last = bytes.len() - (HEADER_BYTES - 1);
    let fives = memchr::memchr_iter(5, &bytes[..last]).filter(|at| *at > 0);
    fives.into_iter().find(|at| Header::parse(&bytes[*at..]).is_some()).unwrap_or(last)
}
