//! Remote procedure calls in datagrams, version 4 (C706 §12.5): recognised, paired and named, arguments not reassembled.

use std::collections::VecDeque;

use super::association::ROWS_MAX;
use super::call::{About, Call, Called, Ending};
use super::pdu::{Order, kind};
use super::tally::Tally;
use super::uuid::Uuid;
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};

/// The head of every datagram.
const HEAD_BYTES: usize = 80;

/// Calls that wait for their answer.
const CALLS_MAX: usize = 16;

/// More fragments follow, or this is one of them.
const FRAGMENT: u8 = 0x04;
/// The last fragment.
const LAST_FRAGMENT: u8 = 0x02;

/// Names an operation and belongs to a call.
struct Head {
    kind: u8,
    flags: u8,
    order: Order,
    interface: Uuid,
    version: u32,
    activity: Uuid,
    sequence: u32,
    operation: u16,
    length: u16,
}

impl Head {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..HEAD_BYTES)?;
        let [4, kind @ 0..=10, flags, more, representation, 0..=3, 0, ..] = *head else { return None };
        let order = Order::of(representation)?;
        let head = Self {
            kind,
            flags,
            order,
            interface: order.uuid(head, 24)?,
            activity: order.uuid(head, 40)?,
            version: order.u32(head, 60)?,
            sequence: order.u32(head, 64)?,
            operation: order.u16(head, 68)?,
            length: order.u16(head, 74)?,
        };
        // Reserved bits are zero, and the arguments lie in the datagram; a proof may follow them.
        let plausible = flags & 0x81 == 0
            && more & 0xfd == 0
            && usize::from(head.length) + HEAD_BYTES <= bytes.len()
            && !head.interface.is_nil()
            && !head.activity.is_nil();
        plausible.then_some(head)
    }

    fn is_last(&self) -> bool {
        self.flags & FRAGMENT == 0 || self.flags & LAST_FRAGMENT != 0
    }
}

/// Does a datagram look like a call?
#[must_use]
pub fn plausible(bytes: &[u8]) -> bool {
    Head::parse(bytes).is_some()
}

/// One flow.
#[derive(Default)]
pub struct Datagrams {
    calls: VecDeque<Call>,
    rows: u32,
    tally: Tally,
}

const ABOUT: About<'static> = About { version: "4.0", pipe: None, negotiated: None };

impl Decoder for Datagrams {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Some(head) = Head::parse(bytes) else {
            context.anomaly("dcerpc-bad-datagram");
            return Outcome::Parsed(bytes.len());
        };
        let response = matches!(head.kind, kind::RESPONSE | kind::FAULT | kind::REJECT);
        if head.kind == kind::REQUEST || response {
            self.call(direction, &head, response, bytes, context);
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while !self.calls.is_empty() {
            self.finish(0, None, context);
        }
        std::mem::take(&mut self.tally).emit(ABOUT, context);
    }
}

impl Datagrams {
    fn call(
        &mut self,
        direction: Direction,
        head: &Head,
        response: bool,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) {
        let caller = if response { direction.other() } else { direction };
        let known = self.calls.iter().position(|call| {
            call.caller == caller && call.number == head.sequence && call.activity == Some(head.activity)
        });
        let index = known.unwrap_or_else(|| self.begin(caller, head, context));
        let Some(call) = self.calls.get_mut(index) else { return };
        if !response && call.called.is_none() {
            let version = (head.version & 0xffff, head.version >> 16);
            let half = |value: u32| u16::try_from(value).unwrap_or_default();
            call.called = Some(Called {
                interface: Some(head.interface),
                version: Some((half(version.0), half(version.1))),
                operation: head.operation,
                wide: false,
            });
        }
        call.stubs[usize::from(response)].begin(head.order, usize::from(head.length));
        if response && head.is_last() {
            let status = if head.kind == kind::RESPONSE { None } else { head.order.u32(bytes, HEAD_BYTES) };
            self.finish(index, Some(Ending { kind: head.kind, status }), context);
        }
    }

    fn begin(&mut self, caller: Direction, head: &Head, context: &mut Context<'_>) -> usize {
        if self.calls.len() >= CALLS_MAX {
            context.anomaly("dcerpc-calls-pending");
            self.finish(0, None, context);
        }
        let mut call = Call::new(context.time, caller, head.sequence);
        call.activity = Some(head.activity);
        self.calls.push_back(call);
        self.calls.len() - 1
    }

    fn finish(&mut self, index: usize, ending: Option<Ending>, context: &mut Context<'_>) {
        let Some(call) = self.calls.remove(index) else { return };
        self.rows = self.rows.saturating_add(1);
        if self.rows <= ROWS_MAX {
            call.emit(ending, ABOUT, context);
        } else if self.tally.add(&call) {
            context.anomaly("dcerpc-many-calls");
        }
    }
}
