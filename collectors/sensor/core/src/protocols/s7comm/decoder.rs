//! Pairs requests with answers and counts equal ones.

use std::collections::VecDeque;

use super::parser::{self, Data, Frame, Message};
use crate::context::Context;
use crate::events;
use crate::protocols::skip::Skip;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Requests that wait: controllers agree on eight at most.
const WAITING_MAX: usize = 32;

/// Function, error, first time, count. Functions are a closed list; errors of one have few numbers.
const KINDS_MAX: usize = 64;

#[derive(Clone, Copy)]
struct Asked {
    direction: Direction,
    reference: u16,
    time: Micros,
    function: &'static str,
}

/// One connection.
#[derive(Default)]
pub struct S7comm {
    waiting: VecDeque<Asked>,
    counted: Vec<(&'static str, u16, Micros, i64)>,
    skip: Skip,
    /// The next data goes on with a message that did not end with the last.
    unfinished: [bool; 2],
}

impl S7comm {
    fn message(&mut self, direction: Direction, message: Message, context: &mut Context<'_>) {
        let Message { answer, reference, function, error } = message;
        let asked = |asked: &Asked| asked.reference == reference && asked.direction != direction;
        if !answer {
            if self.waiting.len() >= WAITING_MAX
                && let Some(oldest) = self.waiting.pop_front()
            {
                self.count(oldest.function, 0, oldest.time, context);
            }
            self.waiting.push_back(Asked { direction, reference, time: context.time, function });
        } else if let Some(asked) = self.waiting.iter().position(asked).and_then(|at| self.waiting.remove(at))
        {
            self.count(asked.function, error, asked.time, context);
        } else {
            self.count(function, error, context.time, context);
        }
    }

    fn count(&mut self, function: &'static str, error: u16, time: Micros, context: &mut Context<'_>) {
        let room = self.counted.len() < KINDS_MAX;
        match self.counted.iter_mut().find(|(known, with, ..)| *known == function && *with == error) {
            Some((.., count)) => *count += 1,
            None if room => self.counted.push((function, error, time, 1)),
            None => context.anomaly("s7comm-many-kinds"),
        }
    }
}

impl Decoder for S7comm {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if let Some(passed) = self.skip.pass(direction, bytes) {
            return passed;
        }
        match parser::frame(bytes) {
            Frame::Incomplete => Outcome::Parsed(0),
            Frame::Broken => Outcome::Malformed("s7comm-bad-frame"),
            Frame::Whole(kind, content, length) => {
                if kind == parser::DATA {
                    // The highest bit behind the kind: the last part of its message.
                    let last = bytes.get(6).is_none_or(|number| number & 0x80 != 0);
                    let goes_on = std::mem::replace(&mut self.unfinished[direction.index()], !last);
                    match parser::data(content).filter(|_| !goes_on) {
                        Some(Data::Message(message)) => self.message(direction, message, context),
                        Some(Data::Plus) => return Outcome::Done,
                        None if goes_on => {}
                        None => context.anomaly("s7comm-unknown"),
                    }
                }
                let taken = length.min(bytes.len());
                self.skip.set(direction, length - taken);
                Outcome::Parsed(taken)
            }
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.skip.gap(direction, missing)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(asked) = self.waiting.pop_front() {
            self.count(asked.function, 0, asked.time, context);
        }
        for (function, error, time, count) in std::mem::take(&mut self.counted) {
            let error = (error != 0).then(|| format!("0x{error:04x}"));
            let row = events::S7comm {
                vonggac_s7comm_function: Some(function),
                vonggac_s7comm_error: error.as_deref(),
                vonggac_s7comm_count: Some(count),
                ..events::S7comm::default()
            };
            context.emit(time, &row);
        }
    }
}
