//! One flow, summed up.

use super::parser::{Message, Time, mode_name};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Kinds of control requests kept of a flow: tools use two or three.
const CONTROL_MAX: usize = 8;

/// One flow.
#[derive(Default)]
pub struct Ntp {
    begun: Option<(Micros, u8, &'static str)>,
    /// The last message of one that has the time.
    answer: Option<Time>,
    counts: [i64; 2],
    control: Vec<String>,
}

impl Decoder for Ntp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Some(message) = Message::parse(bytes) else {
            context.anomaly("ntp-malformed");
            return Outcome::Parsed(bytes.len());
        };
        self.counts[direction.index()] += 1;
        let (version, mode) = match message {
            Message::Time(time) => (time.version, time.mode),
            Message::Control { version, .. } => (version, 6),
            Message::Private { version, .. } => (version, 7),
        };
        self.begun.get_or_insert((context.time, version, mode_name(mode)));
        if let Message::Time(time) = message
            && matches!(time.mode, 2 | 4 | 5)
        {
            self.answer = Some(time);
        }
        if let Some(name) = message.control().filter(|name| !self.control.contains(name)) {
            if self.control.len() < CONTROL_MAX {
                self.control.push(name);
            } else {
                context.anomaly("ntp-many-controls");
            }
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        let Some((time, version, mode)) = self.begun.take() else { return };
        let reference = self.answer.and_then(|answer| answer.reference());
        let row = events::Ntp {
            vonggac_ntp_version: Some(i64::from(version)),
            vonggac_ntp_mode: Some(mode),
            vonggac_ntp_stratum: self.answer.map(|answer| i64::from(answer.stratum)),
            vonggac_ntp_reference: reference.as_deref(),
            vonggac_ntp_requests: Some(self.counts[0]),
            vonggac_ntp_replies: Some(self.counts[1]),
            vonggac_ntp_control: Some(self.control.as_slice()).filter(|list| !list.is_empty()),
            ..events::Ntp::default()
        };
        context.emit(time, &row);
    }
}
