//! Pairs requests with replies.

use std::collections::VecDeque;

use super::parser::{Message, Request};
use super::tokens::Presented;
use super::transaction::{Answer, emit};
use super::{Begins, begins_message};
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Requests of one flow that wait for their reply. Clients ask one at a time; tools that try many accounts send some
/// ahead. The oldest is given up first.
const WAITING_MAX: usize = 32;

/// Longest message of a stream that is read; what is longer is passed over and noted.
const MESSAGE_MAX: usize = 100 << 10;

/// One flow of Kerberos.
pub struct Kerberos {
    waiting: VecDeque<(Micros, Request)>,
    /// Messages stand behind their length.
    framed: bool,
    /// Bytes still to be passed over, each way.
    skip: [usize; 2],
    /// Bytes are missing: the next message's start must be found again.
    lost: [bool; 2],
}

impl Kerberos {
    /// Over UDP.
    #[must_use]
    pub fn datagrams() -> Self {
        Self { waiting: VecDeque::new(), framed: false, skip: [0; 2], lost: [false; 2] }
    }

    /// Over TCP.
    #[must_use]
    pub fn stream() -> Self {
        Self { framed: true, ..Self::datagrams() }
    }

    fn message(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        match Message::parse(bytes) {
            Some(Message::Request(request)) => self.ask(*request, context),
            Some(Message::Reply(reply)) => self.answer(Answer::Reply(reply), context),
            Some(Message::Failure(failure)) => self.answer(Answer::Failure(failure), context),
            Some(Message::Presented(ticket)) => Presented::from(ticket).emit(context),
            Some(Message::Other) => {}
            None => context.anomaly("kerberos-malformed"),
        }
    }

    fn ask(&mut self, request: Request, context: &mut Context<'_>) {
        if self.waiting.iter().any(|(_, known)| *known == request) {
            // Sent again.
            return;
        }
        if self.waiting.len() == WAITING_MAX {
            context.anomaly("kerberos-many-requests");
            if let Some((time, request)) = self.waiting.pop_front() {
                emit(time, Some(&request), None, context);
            }
        }
        self.waiting.push_back((context.time, request));
    }

    fn answer(&mut self, answer: Answer, context: &mut Context<'_>) {
        let fits = |request: &Request| match &answer {
            Answer::Reply(reply) => request.exchange == reply.exchange,
            Answer::Failure(failure) => request.service == failure.service.name,
        };
        let index = self.waiting.iter().position(|(_, request)| fits(request));
        // An error need not name the service.
        let index = index.or_else(|| matches!(answer, Answer::Failure(_)).then_some(0));
        let asked = index.and_then(|index| self.waiting.remove(index));
        let time = asked.as_ref().map_or(context.time, |(time, _)| *time);
        emit(time, asked.as_ref().map(|(_, request)| request), Some(&answer), context);
    }
}

impl Decoder for Kerberos {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if !self.framed {
            self.message(bytes, context);
            return Outcome::Parsed(bytes.len());
        }
        let (skip, lost) = (&mut self.skip[direction.index()], &mut self.lost[direction.index()]);
        if *skip > 0 {
            let passed = bytes.len().min(*skip);
            *skip -= passed;
            return Outcome::Parsed(passed);
        }
        let Some((length, message)) = bytes.split_first_chunk::<4>() else { return Outcome::Parsed(0) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if *lost {
            // Messages mostly start with a segment; if this one does not, the next may.
            match begins_message(message) {
                Begins::Yes(total) if total == length => *lost = false,
                Begins::Perhaps => return Outcome::Parsed(0),
                Begins::Yes(_) | Begins::No => return Outcome::Parsed(bytes.len()),
            }
        }
        if length > super::LENGTH_MAX {
            return Outcome::Malformed("kerberos-bad-length");
        }
        if length > MESSAGE_MAX {
            context.anomaly("kerberos-long-message");
            *skip = length;
            return Outcome::Parsed(4);
        }
        let Some(message) = message.get(..length) else { return Outcome::Parsed(0) };
        self.message(message, context);
        Outcome::Parsed(4 + length)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        let skip = &mut self.skip[direction.index()];
        match usize::try_from(missing).ok().and_then(|missing| skip.checked_sub(missing)) {
            Some(rest) => *skip = rest,
            None => (*skip, self.lost[direction.index()]) = (0, true),
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some((time, request)) = self.waiting.pop_front() {
            emit(time, Some(&request), None, context);
        }
    }
}
