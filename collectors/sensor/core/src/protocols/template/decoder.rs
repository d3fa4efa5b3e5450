//! Messages to transactions and events: the state machine of one connection.

use std::collections::VecDeque;

use super::LINE_MAX;
use super::parser::{self, Pair};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::{self, Line};
use crate::time::Micros;

/// Questions that wait for their answer: real clients ask one at a time.
const WAITING_MAX: usize = 8;

/// One connection.
#[derive(Default)]
pub struct Ident {
    waiting: VecDeque<(Micros, Pair)>,
}

impl Ident {
    /// `ident` has no dataset of its own, so that this example borrows `stats`; a real protocol fills its own row.
    fn emit(&self, time: Micros, pair: Pair, name: &str, context: &mut Context<'_>) {
        let value = i64::from(pair.0) << 16 | i64::from(pair.1);
        let row = events::Stats {
            vonggac_stats_name: Some(name),
            vonggac_stats_value: Some(value),
            ..events::Stats::default()
        };
        context.emit(time, &row);
    }
}

impl Decoder for Ident {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let (text, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => return Outcome::Malformed("ident-long-line"),
        };
        match direction {
            Direction::ToServer => {
                let Some(pair) = parser::question(text) else { return Outcome::Malformed("ident-bad-line") };
                if self.waiting.len() >= WAITING_MAX {
                    context.anomaly("ident-many-questions");
                    self.waiting.pop_front();
                }
                self.waiting.push_back((context.time, pair));
            }
            Direction::ToClient => {
                let Some((pair, kind, _)) = parser::answer(text) else {
                    return Outcome::Malformed("ident-bad-line");
                };
                let asked = self.waiting.iter().position(|(_, other)| *other == pair);
                let asked = asked.and_then(|index| self.waiting.remove(index));
                self.emit(asked.map_or(context.time, |(time, _)| time), pair, kind, context);
            }
        }
        Outcome::Parsed(length)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some((time, pair)) = self.waiting.pop_front() {
            self.emit(time, pair, "unanswered", context);
        }
    }
}
