//! Which protocol a flow speaks, told by its first bytes in either direction.

use super::{Desk, Dialogue, State};
use crate::protocols::recognised::{self, Datagrams, Glimpse, Openings, Recognition};
use crate::protocols::{Direction, Opening, Outcome, Protocol, Verdict};

/// First bytes of a direction that are kept until a protocol claims the flow: no opening needs more to be told.
pub const OPENING_MAX: usize = 4 << 10;

/// Datagrams of one flow that are looked at before it is given up.
pub const DATAGRAMS_MAX: u8 = 8;

/// What the registry says of an opening.
enum Answer {
    Protocol(&'static Protocol),
    Nobody,
    Unsure,
}

impl Dialogue {
    /// Bytes of a direction while the protocol is unknown.
    pub(super) fn recognise(&mut self, direction: Direction, fresh: &[u8], desk: &mut Desk<'_>) {
        self.first.get_or_insert(direction);
        let way = &mut self.ways[direction.index()];
        if way.skipped > 0 {
            way.skipped += fresh.len() as u64;
            return;
        }
        // A flow mostly shows what it is in its first segment: then nothing is copied.
        let mut pending = std::mem::take(&mut way.pending);
        let (known, foreign) = (pending.len(), way.foreign);
        if known > 0 {
            pending.extend_from_slice(fresh);
        }
        let opening = if known > 0 { &pending[..] } else { fresh };
        let length = opening.len();
        let answer = if foreign { Answer::Nobody } else { self.ask(direction, opening, desk) };
        if let Answer::Protocol(protocol) = answer {
            pending.truncate(known);
            self.ways[direction.index()].pending = pending;
            return self.start(protocol, direction, fresh, desk);
        }
        let foreign = matches!(answer, Answer::Nobody) || length > OPENING_MAX;
        let strange = foreign && self.ways[direction.other().index()].foreign;
        let table = self.compare(direction, opening, strange);
        if let Recognition::Sure(name) = table {
            return self.settle(name, desk);
        }
        let way = &mut self.ways[direction.index()];
        way.foreign = foreign;
        if length > OPENING_MAX || length > desk.room {
            way.skipped = length as u64;
        } else {
            if known == 0 {
                pending.extend_from_slice(fresh);
            }
            way.pending = pending;
        }
        let exhausted = self.ways.iter().any(|way| way.skipped > 0);
        if self.ways.iter().all(|way| way.foreign) && (table == Recognition::Foreign || exhausted) {
            desk.counters.flows_unrecognised += 1;
            self.stop(desk);
        }
    }

    /// What the table of handshakes says of both directions; `strange`: no decoder knows either of them.
    fn compare(&self, direction: Direction, opening: &[u8], strange: bool) -> Recognition {
        let other = &self.ways[direction.other().index()];
        if other.skipped > 0 {
            return Recognition::Foreign;
        }
        let (client, server) = match direction {
            Direction::ToServer => (opening, &other.pending[..]),
            Direction::ToClient => (&other.pending[..], opening),
        };
        let answer = recognised::stream(&Openings { client, server });
        let whole = strange && answer == Recognition::Foreign && !self.midstream;
        if whole && recognised::is_fully_encrypted(client, server) {
            return Recognition::Sure(recognised::UNIDENTIFIED);
        }
        answer
    }

    /// The protocol is known by its handshake, and nothing more is to be learnt.
    fn settle(&mut self, name: &'static str, desk: &mut Desk<'_>) {
        desk.counters.flows_recognised += u64::from(self.protocol.is_none());
        self.protocol = Some(name);
        self.stop(desk);
    }

    fn ask(&self, direction: Direction, bytes: &[u8], desk: &Desk<'_>) -> Answer {
        let opening = Opening { direction, bytes, ports: desk.ports() };
        let mut answer = Answer::Nobody;
        for protocol in self.registry.iter().filter(|protocol| protocol.carrier == self.carrier) {
            match (protocol.probe)(&opening) {
                Verdict::Mine => return Answer::Protocol(protocol),
                Verdict::Unsure => answer = Answer::Unsure,
                Verdict::NotMine => {}
            }
        }
        answer
    }

    fn meet(&mut self, protocol: &Protocol, desk: &mut Desk<'_>) {
        desk.counters.flows_recognised += u64::from(self.protocol.is_none());
        self.protocol = Some(protocol.name);
        self.state = State::Speaking((protocol.decoder)());
    }

    /// The protocol is known: its decoder gets what both directions have said so far, whoever spoke first first.
    fn start(&mut self, protocol: &Protocol, direction: Direction, fresh: &[u8], desk: &mut Desk<'_>) {
        self.meet(protocol, desk);
        let other = direction.other();
        if self.first == Some(other) {
            self.catch_up(other, desk);
            self.feed(direction, fresh, desk);
        } else {
            self.feed(direction, fresh, desk);
            self.catch_up(other, desk);
        }
    }

    fn catch_up(&mut self, direction: Direction, desk: &mut Desk<'_>) {
        let skipped = std::mem::take(&mut self.ways[direction.index()].skipped);
        if skipped > 0 {
            self.gap(direction, skipped, desk);
        } else if !self.ways[direction.index()].pending.is_empty() {
            self.feed(direction, &[], desk);
        }
        if self.ways[direction.index()].ended
            && let State::Speaking(decoder) = &mut self.state
        {
            decoder.end(direction, &mut desk.context());
        }
    }

    /// From here on the stream speaks something else.
    pub(super) fn reopen(
        &mut self,
        direction: Direction,
        rest: &[u8],
        next: Option<&'static Protocol>,
        desk: &mut Desk<'_>,
    ) {
        self.state = State::Open;
        self.first = None;
        let mut waiting = Vec::new();
        for (index, way) in self.ways.iter_mut().enumerate() {
            (way.foreign, way.skipped) = (false, 0);
            let pending = std::mem::take(&mut way.pending);
            if index != direction.index() {
                waiting = pending;
            }
        }
        if let Some(protocol) = next {
            self.meet(protocol, desk);
        }
        if !rest.is_empty() {
            self.deliver(direction, rest, desk);
        }
        if !waiting.is_empty() {
            self.deliver(direction.other(), &waiting, desk);
        }
    }

    /// Looks the datagram and those before it up in the table of handshakes.
    fn compare_datagrams(&mut self, direction: Direction, bytes: &[u8], desk: &mut Desk<'_>) {
        let datagrams = Datagrams { direction, bytes, earlier: &self.glimpses, ports: desk.ports() };
        let answer = recognised::datagrams(&datagrams);
        self.attempts += 1;
        match answer {
            Recognition::Sure(name) => self.settle(name, desk),
            _ if self.attempts >= DATAGRAMS_MAX => {
                desk.counters.flows_unrecognised += 1;
                self.stop(desk);
            }
            Recognition::Open => self.glimpses.push(Glimpse::of(direction, bytes)),
            Recognition::Foreign => {}
        }
    }

    /// A UDP datagram, whole.
    pub fn datagram(&mut self, direction: Direction, bytes: &[u8], desk: &mut Desk<'_>) {
        if let State::Open = self.state {
            match self.ask(direction, bytes, desk) {
                Answer::Protocol(protocol) => self.meet(protocol, desk),
                _ => return self.compare_datagrams(direction, bytes, desk),
            }
        }
        let State::Speaking(decoder) = &mut self.state else { return };
        match decoder.data(direction, bytes, &mut desk.context()) {
            Outcome::Handover(offset) if self.handovers < super::HANDOVERS_MAX => {
                self.handovers += 1;
                self.end_decoder(desk);
                self.state = State::Open;
                let rest = bytes.get(offset..).unwrap_or_default();
                if !rest.is_empty() {
                    self.datagram(direction, rest, desk);
                }
            }
            outcome => self.obey(direction, outcome, desk),
        }
    }
}
