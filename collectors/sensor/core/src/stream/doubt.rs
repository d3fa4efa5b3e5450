//! Segments that may never have reached the receiver: sent only for a sensor to see.
//!
//! A segment whose TTL is far below its sender's usual one may die on the way; one without ACK, or with a wrong checksum, is
//! thrown away by every receiver. If the sensor took them, the first copy would win, and what the receiver really got be taken for a repeat.
//! **They wait until the receiver acknowledges their place in the stream**: by then the true bytes have mostly come, and
//! win. Nothing is lost for a sender whose packets just come another way; its TTL is believed from then on, and
//! its checksums no more judged.

use super::{Desk, Dialogue};
use crate::protocols::Direction;
use crate::transport::{Segment, flag};

/// Hops by which the ways of honest packets of one connection may differ (load balancing differs by two or three).
const HOPS_MAX: u8 = 5;
/// Doubted segments of one direction; the first flight of a sender has ten.
pub const DOUBTED_MAX: usize = 32;

/// Why a segment is doubted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// `vonggac.anomaly.name`.
    name: &'static str,
    ttl: u8,
    forged: bool,
}

/// A doubted segment.
pub struct Candidate<'a> {
    doubt: Doubt,
    sequence: u32,
    bytes: &'a [u8],
}

impl Doubt {
    /// With the segment that it is about.
    #[must_use]
    pub fn of(self, sequence: u32, bytes: &[u8]) -> Candidate<'_> {
        Candidate { doubt: self, sequence, bytes }
    }
}

struct Waiting {
    ttl: u8,
    forged: bool,
    sequence: u32,
    bytes: Vec<u8>,
}

/// What waits in one direction.
#[derive(Default)]
pub(super) struct Doubted {
    waiting: Vec<Waiting>,
    /// The lowest TTL that was seen to arrive; 0: that of the first packet.
    trusted: u8,
    /// A segment with a wrong checksum was seen to arrive: they mean nothing here.
    unsealed: bool,
}

impl Doubted {
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.waiting.iter().map(|waiting| waiting.bytes.len()).sum()
    }
}

impl Dialogue {
    /// Why this segment may never arrive, if so; `first` is the TTL of its sender's first packet, `forged` says that its
    /// checksum is wrong where others are right.
    #[inline]
    #[must_use]
    pub fn doubts(
        &self,
        direction: Direction,
        segment: Segment,
        (ttl, first): (u8, u8),
        forged: bool,
    ) -> Option<Doubt> {
        let Doubted { trusted, unsealed, .. } = self.ways[direction.index()].doubted;
        let usual = if trusted == 0 { first } else { trusted };
        if !segment.has(flag::ACK) && !segment.has(flag::SYN) {
            Some(Doubt { name: "tcp-without-ack", ttl: usual, forged })
        } else if ttl.saturating_add(HOPS_MAX) < usual {
            Some(Doubt { name: "tcp-low-ttl", ttl, forged })
        } else if forged && !unsealed {
            Some(Doubt { name: "tcp-bad-checksum", ttl: usual, forged })
        } else {
            None
        }
    }

    /// Takes a doubted segment.
    pub fn doubt(&mut self, direction: Direction, candidate: Candidate<'_>, desk: &mut Desk<'_>) {
        desk.counters.stream_doubted += 1;
        desk.context().anomaly(candidate.doubt.name);
        let way = &mut self.ways[direction.index()];
        if way.doubted.waiting.len() >= DOUBTED_MAX || candidate.bytes.len() > desk.room {
            desk.counters.stream_doubted_over += 1;
            if way.acked.is_some() {
                return;
            }
            // Nobody acknowledges anything: the capture has one direction only.
            self.believe_all(direction, desk);
        }
        self.ways[direction.index()].doubted.waiting.push(Waiting {
            ttl: candidate.doubt.ttl,
            forged: candidate.doubt.forged,
            sequence: candidate.sequence,
            bytes: candidate.bytes.to_vec(),
        });
    }

    /// Passes on what the receiver has acknowledged.
    pub(super) fn believe(&mut self, direction: Direction, desk: &mut Desk<'_>) {
        let doubted = &mut self.ways[direction.index()];
        let Some(acked) = doubted.acked else { return };
        let waiting = std::mem::take(&mut doubted.doubted.waiting);
        for segment in waiting {
            let length = u32::try_from(segment.bytes.len()).unwrap_or(u32::MAX);
            let end = segment.sequence.wrapping_add(length);
            if acked.wrapping_sub(end) < super::assembler::AHEAD_MAX {
                self.arrive(direction, &segment, desk);
            } else {
                self.ways[direction.index()].doubted.waiting.push(segment);
            }
        }
    }

    /// Passes on everything, in doubt or not.
    pub(super) fn believe_all(&mut self, direction: Direction, desk: &mut Desk<'_>) {
        for segment in std::mem::take(&mut self.ways[direction.index()].doubted.waiting) {
            self.segment(direction, segment.sequence, &segment.bytes, 0, desk);
        }
    }

    fn arrive(&mut self, direction: Direction, segment: &Waiting, desk: &mut Desk<'_>) {
        let index = direction.index();
        let before = self.ways[index].assembler.next();
        self.segment(direction, segment.sequence, &segment.bytes, 0, desk);
        let way = &mut self.ways[index];
        // It was what the receiver got: packets of this TTL arrive.
        if way.assembler.next() != before {
            way.doubted.trusted = segment.ttl;
            way.doubted.unsealed |= segment.forged;
        }
    }
}
