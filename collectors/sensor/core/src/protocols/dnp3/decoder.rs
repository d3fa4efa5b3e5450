//! Frames to messages of the application layer, each an event.

use super::parser::{self, Header, Link};
use crate::context::Context;
use crate::events::{self, some};
use crate::protocols::{Decoder, Direction, Outcome};

/// A message of the application layer: stations hold 2,048 bytes by default.
const MESSAGE_MAX: usize = 8_192;

/// Messages of one flow that are told; polls say the same for weeks.
const TOLD_MAX: u32 = 2_000;

/// Function of an acknowledgement.
const CONFIRM: u8 = 0;

/// Bits of the transport octet.
const FINAL: u8 = 0x80;
const FIRST: u8 = 0x40;

/// One flow.
#[derive(Default)]
pub struct Dnp3 {
    /// Fragments of the message that each side is sending.
    messages: [Vec<u8>; 2],
    begun: [bool; 2],
    told: u32,
}

impl Dnp3 {
    fn frame(&mut self, direction: Direction, header: &Header, frame: &[u8], context: &mut Context<'_>) {
        let index = direction.index();
        let mut user = Vec::with_capacity(header.user);
        if !parser::user_data(frame, &mut user) {
            context.anomaly("dnp3-bad-check-sequence");
        }
        // Frames of the link layer alone (status, acknowledgements) carry nothing.
        let Some((transport, fragment)) = user.split_first() else { return };
        let message = &mut self.messages[index];
        if transport & FIRST != 0 {
            message.clear();
            self.begun[index] = true;
        }
        if !self.begun[index] {
            return;
        }
        if message.len() + fragment.len() > MESSAGE_MAX {
            context.anomaly("dnp3-long-message");
            message.clear();
            self.begun[index] = false;
            return;
        }
        message.extend_from_slice(fragment);
        if transport & FINAL != 0 {
            self.begun[index] = false;
            let message = std::mem::take(message);
            self.tell(direction, header, &message, context);
        }
    }

    fn tell(&mut self, direction: Direction, header: &Header, message: &[u8], context: &mut Context<'_>) {
        let Some(([control, function], rest)) = message.split_first_chunk::<2>() else {
            context.anomaly("dnp3-short-message");
            return;
        };
        // That a message came says nothing of its own.
        if *function == CONFIRM {
            return;
        }
        self.told += 1;
        if self.told > TOLD_MAX {
            context.anomaly("dnp3-many-messages");
            return;
        }
        let response = matches!(function, 129..=131);
        let (indications, rest) = match rest.split_first_chunk::<2>() {
            Some((indications, rest)) if response => (Some(u16::from_be_bytes(*indications)), rest),
            _ => (None, rest),
        };
        // Requests to read, to freeze and about classes name objects without their data.
        let carries = !matches!(function, 1 | 7..=12 | 20..=22);
        let (objects, complete) = parser::objects(rest, carries);
        let list = |of: fn(&parser::Object) -> i64| objects.iter().map(of).collect::<Vec<_>>();
        let kinds: Vec<String> = objects.iter().map(|o| format!("{}.{}", o.kind.0, o.kind.1)).collect();
        let (qualifiers, counts) = (list(|o| i64::from(o.qualifier)), list(|o| i64::from(o.count)));
        let (starts, stops) = (list(|o| i64::from(o.range.0)), list(|o| i64::from(o.range.1)));
        let row = events::Dnp3 {
            vonggac_dnp3_function: parser::function(*function),
            vonggac_dnp3_function_code: Some(i64::from(*function)),
            vonggac_dnp3_from_server: Some(direction == Direction::ToClient),
            vonggac_dnp3_source: Some(i64::from(header.source)),
            vonggac_dnp3_destination: Some(i64::from(header.destination)),
            vonggac_dnp3_control: Some(i64::from(header.control)),
            vonggac_dnp3_application_control: Some(i64::from(*control)),
            vonggac_dnp3_indications: indications.map(i64::from),
            vonggac_dnp3_objects: some(&kinds),
            vonggac_dnp3_qualifiers: some(&qualifiers),
            vonggac_dnp3_starts: some(&starts),
            vonggac_dnp3_stops: some(&stops),
            vonggac_dnp3_counts: some(&counts),
            vonggac_dnp3_complete: Some(complete),
            ..events::Dnp3::default()
        };
        context.emit(context.time, &row);
    }
}

impl Decoder for Dnp3 {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if self.told > TOLD_MAX {
            return Outcome::Done;
        }
        match parser::link(bytes) {
            Link::Header(header) => {
                let Some(frame) = bytes.get(..header.frame()) else { return Outcome::Parsed(0) };
                self.frame(direction, &header, frame, context);
                Outcome::Parsed(frame.len())
            }
            Link::Incomplete => Outcome::Parsed(0),
            Link::Broken => {
                // The next frame begins with its two bytes; the last byte may be the first of them.
                let next = memchr::memmem::find(&bytes[1..], &[0x05, 0x64]).map(|at| at + 1);
                let rest = if bytes.last() == Some(&0x05) && bytes.len() > 1 {
                    bytes.len() - 1
                } else {
                    bytes.len()
                };
                context.anomaly("dnp3-bad-frame");
                Outcome::Parsed(next.unwrap_or(rest))
            }
        }
    }

    fn gap(&mut self, direction: Direction, _missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.begun[direction.index()] = false;
        Outcome::Parsed(0)
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}
