//! Pairs requests with responses and counts equal ones.

use std::collections::VecDeque;

use super::parser::{self, Frame, Message};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Requests that wait: masters ask one after the other, gateways a few at a time.
const WAITING_MAX: usize = 32;

/// Different requests of a connection; a scan of all addresses is told up to here.
const KINDS_MAX: usize = 512;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Request {
    unit: u8,
    name: String,
    range: (Option<u16>, Option<u16>),
    exception: Option<&'static str>,
}

/// One connection.
#[derive(Default)]
pub struct Modbus {
    waiting: VecDeque<(u16, Micros, Request)>,
    counted: Vec<(Request, Micros, i64)>,
    lost: [bool; 2],
}

impl Modbus {
    fn message(&mut self, direction: Direction, message: &Message<'_>, context: &mut Context<'_>) {
        if direction == Direction::ToServer {
            let request =
                Request { unit: message.unit, name: message.name(), range: message.range(), exception: None };
            if self.waiting.len() >= WAITING_MAX
                && let Some((_, time, oldest)) = self.waiting.pop_front()
            {
                self.count(oldest, time, context);
            }
            self.waiting.push_back((message.transaction, context.time, request));
            return;
        }
        let position = self.waiting.iter().position(|(transaction, ..)| *transaction == message.transaction);
        if let Some((_, time, mut request)) = position.and_then(|position| self.waiting.remove(position)) {
            request.exception = message.exception();
            self.count(request, time, context);
        }
    }

    fn count(&mut self, request: Request, time: Micros, context: &mut Context<'_>) {
        let room = self.counted.len() < KINDS_MAX;
        match self.counted.iter_mut().find(|(known, ..)| *known == request) {
            Some((_, _, count)) => *count += 1,
            None if room => self.counted.push((request, time, 1)),
            None => context.anomaly("modbus-many-kinds"),
        }
    }
}

impl Decoder for Modbus {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let lost = &mut self.lost[direction.index()];
        match parser::frame(bytes) {
            Frame::Whole(message, length) => {
                *lost = false;
                self.message(direction, &message, context);
                Outcome::Parsed(length)
            }
            Frame::Incomplete => Outcome::Parsed(0),
            // Behind a hole the next segment mostly begins a message.
            Frame::Broken if *lost => Outcome::Parsed(bytes.len()),
            Frame::Broken => Outcome::Malformed("modbus-bad-message"),
        }
    }

    fn gap(&mut self, direction: Direction, _missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.lost[direction.index()] = true;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some((_, time, request)) = self.waiting.pop_front() {
            self.count(request, time, context);
        }
        for (request, time, count) in std::mem::take(&mut self.counted) {
            let row = events::Modbus {
                vonggac_modbus_function: Some(&request.name),
                vonggac_modbus_unit: Some(i64::from(request.unit)),
                vonggac_modbus_address: request.range.0.map(i64::from),
                vonggac_modbus_quantity: request.range.1.map(i64::from),
                vonggac_modbus_exception: request.exception,
                vonggac_modbus_count: Some(count),
                ..events::Modbus::default()
            };
            context.emit(time, &row);
        }
    }
}
