//! What two ends say to each other: bytes in order, the protocol recognised by content, its decoder driven.

mod assembler;
mod doubt;
mod recognition;
#[cfg(test)]
mod tests;

use crate::context::{Context, FlowIdentity, FlowJournal};
use crate::engine::counters::Counters;
use crate::events::Events;
use crate::expectations::{Expectations, Expected};
use crate::files::Files;
use crate::protocols::recognised::Glimpse;
use crate::protocols::{Carrier, Decoder, Direction, Outcome, Protocol};
use crate::time::Micros;
use assembler::{Assembler, Place};
use doubt::Doubted;

pub use assembler::{HELD_MAX, SEGMENTS_MAX};
pub use recognition::{DATAGRAMS_MAX, OPENING_MAX};

/// Bytes that a decoder may leave unused in one direction. The largest message head that honest peers send in one
/// piece is 64 KiB (HTTP headers, DNS over TCP, TLS certificates); larger things are taken in pieces.
pub const PENDING_MAX: usize = 128 << 10;

/// Bytes that one flow may make its decoder read again because of what it left unused: a sender of single bytes would
/// otherwise buy quadratic work.
pub const REREAD_MAX: usize = 32 << 20;

/// Bytes buffered over all flows, in pending messages and out-of-order segments.
pub const BUFFERED_MAX: usize = 96 << 20;

/// Changes of protocol in one connection: CONNECT, STARTTLS and an upgrade are three.
pub const HANDOVERS_MAX: u8 = 6;

/// How long after an acknowledgement a hole may still be filled: packets from two interfaces come out of order.
pub const HOLE_PATIENCE: i64 = 1_000_000;

/// Where a dialogue puts its results.
pub struct Desk<'a> {
    /// Packet time.
    pub time: Micros,
    /// The flow.
    pub flow: &'a FlowIdentity,
    /// The flow's counters.
    pub journal: &'a mut FlowJournal,
    /// Events.
    pub events: &'a mut Events,
    /// Files.
    pub files: &'a mut Files,
    /// Flows that others announce.
    pub expectations: &'a mut Expectations,
    /// The sensor's counters.
    pub counters: &'a mut Counters,
    /// Bytes that may still be buffered, all flows together.
    pub room: usize,
}

impl Desk<'_> {
    fn context(&mut self) -> Context<'_> {
        Context::new(self.time, self.flow, self.journal, self.events, self.files, self.expectations)
    }

    fn ports(&self) -> (u16, u16) {
        (self.flow.source_port.unwrap_or(0), self.flow.destination_port.unwrap_or(0))
    }
}

enum State {
    /// The protocol is not known yet.
    Open,
    /// Its decoder is at work.
    Speaking(Box<dyn Decoder>),
    /// Nothing more is to be learnt.
    Over,
}

/// One direction.
#[derive(Default)]
struct Way {
    assembler: Assembler,
    /// Bytes in order that nobody has used yet.
    pending: Vec<u8>,
    /// Bytes passed over before the protocol was recognised.
    skipped: u64,
    /// No protocol begins like this direction.
    foreign: bool,
    /// How far the receiver has acknowledged, once it has.
    acked: Option<u32>,
    /// Segments that may never have arrived.
    doubted: Doubted,
    /// Since when bytes are held behind a hole.
    hole_since: Option<Micros>,
    /// Sequence number behind the last byte, once FIN was seen.
    fin: Option<u32>,
    ended: bool,
}

impl Way {
    /// The receiver has not got further than where we are.
    fn is_waited_for(&self) -> bool {
        let (Some(next), Some(acked)) = (self.assembler.next(), self.acked) else { return false };
        next.wrapping_sub(acked) < assembler::AHEAD_MAX
    }
}

/// Both directions of one flow.
pub struct Dialogue {
    carrier: Carrier,
    state: State,
    ways: [Way; 2],
    first: Option<Direction>,
    protocol: Option<&'static str>,
    handovers: u8,
    attempts: u8,
    /// Datagrams that may belong to a protocol told by several of them.
    glimpses: Vec<Glimpse>,
    /// The beginning of the connection was not seen: what looks like first bytes is anything.
    pub midstream: bool,
    reread: usize,
    /// What is asked; [`crate::protocols::ALL`].
    registry: &'static [Protocol],
}

impl Dialogue {
    /// A flow of which nothing has been heard.
    #[must_use]
    pub fn new(carrier: Carrier, registry: &'static [Protocol]) -> Self {
        Self {
            carrier,
            state: State::Open,
            ways: Default::default(),
            first: None,
            protocol: None,
            handovers: 0,
            attempts: 0,
            glimpses: Vec::new(),
            midstream: false,
            reread: 0,
            registry,
        }
    }

    /// A flow that another one announced: its protocol is known before its first byte.
    #[must_use]
    pub fn announced(registry: &'static [Protocol], expected: Expected) -> Self {
        Self {
            protocol: Some(expected.protocol),
            state: State::Speaking(expected.decoder),
            ..Self::new(expected.carrier, registry)
        }
    }

    /// `network.protocol`: what was recognised last (behind CONNECT or STARTTLS, what follows).
    #[must_use]
    pub fn protocol(&self) -> Option<&'static str> {
        self.protocol
    }

    /// Nothing more is to be learnt: segments need not be given any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Bytes buffered.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.ways
            .iter()
            .map(|way| way.pending.capacity() + way.assembler.held_bytes() + way.doubted.bytes())
            .sum()
    }

    /// Sequence number of the first byte of a direction.
    pub fn begin(&mut self, direction: Direction, sequence: u32) {
        self.ways[direction.index()].assembler.begin(sequence);
    }

    /// A TCP segment; `missing` bytes behind `bytes` were on the wire but not captured.
    pub fn segment(
        &mut self,
        direction: Direction,
        sequence: u32,
        bytes: &[u8],
        missing: u32,
        desk: &mut Desk<'_>,
    ) {
        let way = &mut self.ways[direction.index()];
        match way.assembler.place(sequence, bytes) {
            Place::Next(fresh) => {
                self.deliver(direction, fresh, desk);
                if missing > 0 {
                    self.ways[direction.index()].assembler.skip(missing);
                    self.gap(direction, u64::from(missing), desk);
                }
            }
            Place::Held { differs } => {
                desk.counters.stream_reordered += 1;
                way.hole_since.get_or_insert(desk.time);
                if differs {
                    desk.context().anomaly("tcp-overlap-differs");
                }
            }
            Place::Old if missing > 0 => {
                // Repeated segments are cut as well: only what lies behind all that has come is a hole.
                let length = u32::try_from(bytes.len()).unwrap_or(0).wrapping_add(missing);
                let next = way.assembler.next().unwrap_or(sequence);
                let fresh = sequence.wrapping_add(length).wrapping_sub(next);
                if (1..=missing).contains(&fresh) {
                    way.assembler.skip(fresh);
                    self.gap(direction, u64::from(fresh), desk);
                } else {
                    desk.counters.stream_repeated += 1;
                }
            }
            Place::Old => desk.counters.stream_repeated += 1,
        }
        self.follow(direction, desk);
        self.enforce(direction, desk);
    }

    /// Passes on what is held and has become next.
    fn follow(&mut self, direction: Direction, desk: &mut Desk<'_>) {
        let index = direction.index();
        while let Some(bytes) = self.ways[index].assembler.follow() {
            self.deliver(direction, &bytes, desk);
            self.ways[index].hole_since = self.ways[index].assembler.first_held().map(|_| desk.time);
        }
        let way = &mut self.ways[index];
        if !way.ended && way.fin.is_some() && way.fin == way.assembler.next() {
            way.ended = true;
            if let State::Speaking(decoder) = &mut self.state {
                decoder.end(direction, &mut desk.context());
            }
        }
    }

    /// Gives up holes where a limit wants it.
    fn enforce(&mut self, direction: Direction, desk: &mut Desk<'_>) {
        let index = direction.index();
        while !self.is_over() && self.ways[index].assembler.is_over() {
            desk.counters.stream_held_over += 1;
            // The receiver still waits at the hole, so that it will be filled: what lies furthest ahead gives way.
            // Otherwise anybody could make us jump over what comes next.
            if self.ways[index].is_waited_for() {
                self.ways[index].assembler.drop_last();
                desk.context().anomaly("tcp-too-far-ahead");
            } else {
                self.give_up_hole(direction, desk);
            }
        }
        if !self.is_over() && self.ways[index].assembler.held_bytes() > desk.room {
            desk.counters.stream_total_over += 1;
            while self.give_up_hole(direction, desk) {}
        }
    }

    fn give_up_hole(&mut self, direction: Direction, desk: &mut Desk<'_>) -> bool {
        let way = &mut self.ways[direction.index()];
        let Some(missing) = way.assembler.skip_hole() else { return false };
        way.hole_since = None;
        self.gap(direction, missing, desk);
        self.follow(direction, desk);
        true
    }

    /// The receiver of `direction` has acknowledged up to `acknowledged`: what was in doubt below it is none any more.
    /// Before the content of the segment that says so, which may be the answer.
    pub fn confirm(&mut self, direction: Direction, acknowledged: u32, desk: &mut Desk<'_>) {
        let way = &mut self.ways[direction.index()];
        if way.acked.is_none_or(|acked| acknowledged.wrapping_sub(acked) < assembler::AHEAD_MAX) {
            way.acked = Some(acknowledged);
        }
        if !way.doubted.is_empty() {
            self.believe(direction, desk);
        }
    }

    /// The receiver of `direction` has acknowledged up to `acknowledged`: a hole below it is ours alone.
    pub fn acknowledged(&mut self, direction: Direction, acknowledged: u32, desk: &mut Desk<'_>) {
        let way = &self.ways[direction.index()];
        let Some(since) = way.hole_since else { return };
        let covers = way
            .assembler
            .first_held()
            .is_some_and(|first| acknowledged.wrapping_sub(first) < assembler::AHEAD_MAX);
        if covers && desk.time.since(since) > HOLE_PATIENCE {
            self.give_up_hole(direction, desk);
        }
    }

    /// FIN stands behind this sequence number.
    pub fn end(&mut self, direction: Direction, sequence: u32, desk: &mut Desk<'_>) {
        self.ways[direction.index()].fin = Some(sequence);
        self.follow(direction, desk);
    }

    /// The flow is over: everything held is passed on, holes are given up.
    pub fn close(&mut self, desk: &mut Desk<'_>) {
        for direction in [Direction::ToServer, Direction::ToClient] {
            self.believe_all(direction, desk);
            while !self.is_over() && self.give_up_hole(direction, desk) {}
        }
        self.stop(desk);
    }

    /// Bytes of a direction in order.
    fn deliver(&mut self, direction: Direction, bytes: &[u8], desk: &mut Desk<'_>) {
        match self.state {
            State::Open => self.recognise(direction, bytes, desk),
            State::Speaking(_) => self.feed(direction, bytes, desk),
            State::Over => {}
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, desk: &mut Desk<'_>) {
        desk.counters.stream_gaps += 1;
        desk.counters.stream_missed_bytes += missing;
        let way = &mut self.ways[direction.index()];
        way.pending.clear();
        match &mut self.state {
            State::Speaking(decoder) => {
                let outcome = decoder.gap(direction, missing, &mut desk.context());
                self.obey(direction, outcome, desk);
            }
            // The opening is lost; what follows may begin a message.
            State::Open => (way.foreign, way.skipped) = (false, 0),
            State::Over => {}
        }
    }

    /// Gives a decoder what is pending and what is new, and keeps what it leaves.
    fn feed(&mut self, direction: Direction, fresh: &[u8], desk: &mut Desk<'_>) {
        let State::Speaking(decoder) = &mut self.state else { return };
        let way = &mut self.ways[direction.index()];
        let mut pending = std::mem::take(&mut way.pending);
        let bytes = if pending.is_empty() {
            fresh
        } else {
            pending.extend_from_slice(fresh);
            &pending[..]
        };
        let mut used = 0;
        while used < bytes.len() {
            let rest = &bytes[used..];
            match decoder.data(direction, rest, &mut desk.context()) {
                Outcome::Parsed(0) => break,
                Outcome::Parsed(count) => used += count.min(rest.len()),
                Outcome::Handover(offset) => {
                    let rest = rest.get(offset..).unwrap_or_default().to_vec();
                    return self.hand_over(direction, &rest, None, desk);
                }
                Outcome::Switch(offset, protocol) => {
                    let rest = rest.get(offset..).unwrap_or_default().to_vec();
                    return self.hand_over(direction, &rest, Some(protocol), desk);
                }
                outcome => return self.obey(direction, outcome, desk),
            }
        }
        let left = bytes.len() - used;
        if pending.is_empty() {
            way.pending.extend_from_slice(&fresh[used..]);
        } else if left > 0 || pending.capacity() <= 8_192 {
            pending.drain(..used);
            way.pending = pending;
        }
        self.reread += left;
        self.bound(left, desk);
    }

    /// Stops a decoder that leaves too much unused.
    fn bound(&mut self, left: usize, desk: &mut Desk<'_>) {
        let (counter, anomaly) = if left > PENDING_MAX {
            (&mut desk.counters.stream_pending_over, Some("stream-message-too-long"))
        } else if self.reread > REREAD_MAX {
            (&mut desk.counters.stream_reread_over, Some("stream-dribble"))
        } else if left > desk.room {
            (&mut desk.counters.stream_total_over, None)
        } else {
            return;
        };
        *counter += 1;
        if let Some(name) = anomaly {
            desk.context().anomaly(name);
        }
        self.stop(desk);
    }

    /// Does what a decoder's answer asks for.
    fn obey(&mut self, direction: Direction, outcome: Outcome, desk: &mut Desk<'_>) {
        match outcome {
            Outcome::Parsed(_) => {}
            Outcome::Done => self.stop(desk),
            Outcome::Malformed(name) => {
                desk.counters.decoders_malformed += 1;
                desk.context().anomaly(name);
                self.stop(desk);
            }
            Outcome::Handover(_) => self.hand_over(direction, &[], None, desk),
            Outcome::Switch(_, protocol) => self.hand_over(direction, &[], Some(protocol), desk),
        }
    }

    /// The stream speaks something else from `rest` on: what `next` says, or what its bytes tell.
    fn hand_over(
        &mut self,
        direction: Direction,
        rest: &[u8],
        next: Option<&'static Protocol>,
        desk: &mut Desk<'_>,
    ) {
        if self.handovers >= HANDOVERS_MAX {
            desk.counters.stream_handover_over += 1;
            return self.stop(desk);
        }
        self.handovers += 1;
        self.end_decoder(desk);
        self.reopen(direction, rest, next, desk);
    }

    fn end_decoder(&mut self, desk: &mut Desk<'_>) {
        if let State::Speaking(mut decoder) = std::mem::replace(&mut self.state, State::Over) {
            decoder.close(&mut desk.context());
        }
    }

    /// Ends the decoder, if there is one; nothing more is to be learnt.
    fn stop(&mut self, desk: &mut Desk<'_>) {
        self.end_decoder(desk);
        self.glimpses = Vec::new();
        for way in &mut self.ways {
            way.assembler.clear();
            way.doubted = Doubted::default();
            way.pending = Vec::new();
        }
    }
}
