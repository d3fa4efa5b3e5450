//! One direction of a TCP connection: segments in any order become bytes in order.
//!
//! **Overlaps: the first copy of a byte wins.** What a later segment says about bytes that are already here is not
//! looked at, except that a different content is reported: that is how content is hidden from a sensor.

/// Bytes held out of order for one direction: a window of the usual size; beyond it the hole is given up.
pub const HELD_MAX: usize = 256 << 10;
/// Segments held out of order: bounds the search, also for segments of one byte.
pub const SEGMENTS_MAX: usize = 512;
/// A segment further off than this cannot be part of the stream (RFC 7323, largest window).
pub(super) const AHEAD_MAX: u32 = 1 << 30;

struct Held {
    sequence: u32,
    bytes: Vec<u8>,
}

/// Where a segment belongs.
#[derive(Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// These bytes of it are next.
    Next(&'a [u8]),
    /// It is held until what is before it has come, or joins what is held: see [`Assembler::follow`].
    Held {
        /// Bytes that are here twice differ.
        differs: bool,
    },
    /// All of it has been passed on before, or it cannot be part of the stream.
    Old,
}

/// Puts segments in order.
#[derive(Default)]
pub struct Assembler {
    next: Option<u32>,
    /// A segment has come: the beginning cannot be moved any more.
    begun: bool,
    /// Sorted by distance from `next`, without overlaps.
    held: Vec<Held>,
    held_bytes: usize,
}

impl Assembler {
    /// The stream begins at this sequence number, unless it has begun already.
    #[inline]
    pub fn begin(&mut self, sequence: u32) {
        if !self.begun {
            self.next = Some(sequence);
        }
    }

    /// Sequence number of the byte that is expected next.
    #[must_use]
    pub fn next(&self) -> Option<u32> {
        self.next
    }

    /// Bytes held.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Whether the limits for one direction are passed.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.held_bytes > HELD_MAX || self.held.len() > SEGMENTS_MAX
    }

    /// Where the first held byte stands, if any is held.
    #[must_use]
    pub fn first_held(&self) -> Option<u32> {
        self.held.first().map(|held| held.sequence)
    }

    /// Takes a segment.
    pub fn place<'a>(&mut self, sequence: u32, bytes: &'a [u8]) -> Place<'a> {
        self.begun = true;
        let next = *self.next.get_or_insert(sequence);
        let ahead = sequence.wrapping_sub(next);
        if ahead > 0 && ahead < AHEAD_MAX {
            return Place::Held { differs: self.hold(sequence, bytes) };
        }
        let behind = if ahead == 0 { 0 } else { distance(sequence, next) };
        let fresh = bytes.get(behind..).unwrap_or_default();
        if fresh.is_empty() {
            return Place::Old;
        }
        if self.first_held().is_some_and(|first| distance(next, first) < fresh.len()) {
            return Place::Held { differs: self.hold(next, fresh) };
        }
        self.step(fresh.len());
        Place::Next(fresh)
    }

    fn step(&mut self, bytes: usize) {
        let step = u32::try_from(bytes).unwrap_or(0);
        self.next = self.next.map(|next| next.wrapping_add(step));
    }

    /// Holds those bytes that are not here yet; tells whether any that are here twice differ.
    fn hold(&mut self, sequence: u32, bytes: &[u8]) -> bool {
        let base = self.next.unwrap_or(sequence);
        let mut at = distance(base, sequence);
        let mut rest = bytes;
        let mut differs = false;
        let mut index =
            self.held.partition_point(|held| distance(base, held.sequence) + held.bytes.len() <= at);
        while !rest.is_empty() {
            let start = self.held.get(index).map_or(usize::MAX, |held| distance(base, held.sequence));
            let free = start.saturating_sub(at).min(rest.len());
            if free > 0 {
                let sequence = base.wrapping_add(u32::try_from(at).unwrap_or(0));
                self.held.insert(index, Held { sequence, bytes: rest[..free].to_vec() });
                self.held_bytes += free;
                (at, rest, index) = (at + free, &rest[free..], index + 1);
            }
            let Some(held) = self.held.get(index).filter(|_| !rest.is_empty()) else { break };
            let from = at - distance(base, held.sequence);
            let twice = (held.bytes.len() - from).min(rest.len());
            differs |= held.bytes[from..from + twice] != rest[..twice];
            (at, rest, index) = (at + twice, &rest[twice..], index + 1);
        }
        differs
    }

    /// The held bytes that have become next.
    pub fn follow(&mut self) -> Option<Vec<u8>> {
        if self.first_held()? != self.next? {
            return None;
        }
        let held = self.held.remove(0);
        self.held_bytes -= held.bytes.len();
        self.step(held.bytes.len());
        Some(held.bytes)
    }

    /// Drops what is held furthest ahead.
    pub fn drop_last(&mut self) {
        if let Some(held) = self.held.pop() {
            self.held_bytes -= held.bytes.len();
        }
    }

    /// Gives up the hole before the first held byte; how many bytes it has, `None` when nothing is held.
    pub fn skip_hole(&mut self) -> Option<u64> {
        let first = self.first_held()?;
        let missing = distance(self.next?, first);
        self.next = Some(first);
        (missing > 0).then_some(missing as u64)
    }

    /// Bytes that were on the wire but not in the capture: the stream goes on behind them.
    pub fn skip(&mut self, missing: u32) {
        self.next = self.next.map(|next| next.wrapping_add(missing));
        // What was held for this place is not next to anything any more.
        while let (Some(next), Some(held)) = (self.next, self.held.first()) {
            if next.wrapping_sub(held.sequence).wrapping_sub(1) >= AHEAD_MAX {
                break;
            }
            self.held_bytes -= held.bytes.len();
            self.held.remove(0);
        }
    }

    /// Forgets everything that is held.
    pub fn clear(&mut self) {
        self.held = Vec::new();
        self.held_bytes = 0;
    }
}

/// From one sequence number to a later one.
fn distance(from: u32, to: u32) -> usize {
    usize::try_from(to.wrapping_sub(from)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn give(assembler: &mut Assembler, sequence: u32, bytes: &[u8], out: &mut Vec<u8>) {
        if let Place::Next(fresh) = assembler.place(sequence, bytes) {
            out.extend_from_slice(fresh);
        }
        while let Some(bytes) = assembler.follow() {
            out.extend(bytes);
        }
    }

    proptest! {
        #[test]
        fn any_segments_in_any_order_give_the_stream(
            stream in prop::collection::vec(any::<u8>(), 1..600),
            start: u32,
            cuts in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..90), 0..80),
        ) {
            let mut assembler = Assembler::default();
            assembler.begin(start);
            let mut out = Vec::new();
            let whole = (0..stream.len()).step_by(50).map(|at| (at, 50));
            let random = cuts.iter().map(|(at, length)| (at.index(stream.len()), *length));
            for (at, length) in random.chain(whole) {
                let end = (at + length).min(stream.len());
                give(&mut assembler, start.wrapping_add(at as u32), &stream[at..end], &mut out);
            }
            prop_assert_eq!(out, stream);
            prop_assert_eq!(assembler.held_bytes(), 0);
        }
    }

    #[test]
    fn the_first_copy_wins_and_a_different_one_is_told() {
        let (mut assembler, mut out) = (Assembler::default(), Vec::new());
        assembler.begin(0);
        assert_eq!(assembler.place(4, b"BBBB"), Place::Held { differs: false });
        assert_eq!(assembler.place(2, b"aaaaaaaa"), Place::Held { differs: true });
        give(&mut assembler, 0, b"xxxxxxxxxx", &mut out);
        assert_eq!(out, b"xxaaBBBBaa");
        assert_eq!(assembler.place(0, b"zz"), Place::Old);
    }

    #[test]
    fn a_hole_can_be_given_up() {
        let (mut assembler, mut out) = (Assembler::default(), Vec::new());
        give(&mut assembler, 10, b"a", &mut out);
        give(&mut assembler, 20, b"b", &mut out);
        assert_eq!(assembler.skip_hole(), Some(9));
        assert_eq!(assembler.follow(), Some(b"b".to_vec()));
        assert_eq!(assembler.skip_hole(), None);
    }
}
