//! Reassembly of fragmented IP packets (RFC 791, RFC 8200).
//!
//! **Overlaps: the first copy of a byte wins**, as Windows and BSD do for most shapes; every overlap is counted, because
//! nobody sends one by accident (RFC 5722 forbids them for IPv6).

use std::collections::VecDeque;

use crate::engine::counters::Counters;
use crate::ip::{Address, Packet, Part};
use crate::time::Micros;

/// Packets under reassembly at a time; the oldest gives way.
pub const PACKETS_MAX: usize = 1_024;
/// Bytes held for all of them: a flood of first fragments must not cost more.
pub const BYTES_MAX: usize = 8 << 20;
/// Parts of one packet: 64 KiB in parts of 8 bytes would be 8,192 entries to search; honest senders need under 50.
pub const PARTS_MAX: usize = 256;
/// Largest packet that IP can carry.
const PACKET_MAX: u32 = 65_535;
/// RFC 791 suggests 15 s, Linux waits 30 s.
pub const TIMEOUT: i64 = 30_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    source: Address,
    destination: Address,
    id: u32,
    protocol: u8,
}

struct Pending {
    key: Key,
    since: Micros,
    /// Sorted by offset, without overlaps.
    parts: Vec<(u32, Vec<u8>)>,
    bytes: usize,
    /// Known once the last part has come.
    total: Option<u32>,
    frames: u64,
    frame_bytes: u64,
    overlapping: bool,
}

/// A packet made whole.
pub struct Whole {
    /// Its payload.
    pub payload: Vec<u8>,
    /// Frames that it came in.
    pub frames: u64,
    /// Their bytes on the wire.
    pub frame_bytes: u64,
    /// Parts of it overlap, or do not agree where it ends.
    pub overlapping: bool,
}

/// What became of a fragment.
pub enum Fate {
    /// The others are still missing.
    Held,
    /// It was the last that was missing.
    Whole(Whole),
    /// A limit refused it.
    Refused,
    /// It cannot be part of any packet.
    Malformed,
}

/// All packets under reassembly, oldest first.
#[derive(Default)]
pub struct Fragments {
    pending: VecDeque<Pending>,
    bytes: usize,
}

impl Fragments {
    /// Takes one fragment, `frame_bytes` long on the wire.
    pub fn add(
        &mut self,
        packet: &Packet<'_>,
        part: Part,
        time: Micros,
        frame_bytes: u64,
        counters: &mut Counters,
    ) -> Fate {
        let length = u32::try_from(packet.payload.len()).unwrap_or(u32::MAX);
        let end = part.offset.saturating_add(length);
        // The capture cut it: the packet can never be completed.
        if packet.missing > 0 {
            return Fate::Refused;
        }
        if end > PACKET_MAX || (part.more && length % 8 != 0) {
            return Fate::Malformed;
        }
        let key = Key {
            source: packet.source,
            destination: packet.destination,
            id: part.id,
            protocol: packet.protocol,
        };
        let index = match self.pending.iter().rposition(|pending| pending.key == key) {
            Some(index) => self.make_room(index, packet.payload.len(), counters),
            None => {
                self.make_room(usize::MAX, packet.payload.len(), counters);
                self.open(key, time, counters)
            }
        };
        let Some(pending) = self.pending.get_mut(index) else { return Fate::Refused };
        if pending.parts.len() >= PARTS_MAX || self.bytes + packet.payload.len() > BYTES_MAX {
            return Fate::Refused;
        }
        let overlaps = counters.fragments_overlapping;
        if !part.more && *pending.total.get_or_insert(end) != end {
            counters.fragments_overlapping += 1;
        }
        let before = pending.bytes;
        pending.insert(part.offset, packet.payload, counters);
        self.bytes += pending.bytes - before;
        pending.overlapping |= counters.fragments_overlapping > overlaps;
        pending.frames += 1;
        pending.frame_bytes += frame_bytes;
        if !pending.is_complete() {
            return Fate::Held;
        }
        let Some(done) = self.pending.remove(index) else { return Fate::Held };
        self.bytes -= done.bytes;
        counters.fragments_reassembled += 1;
        Fate::Whole(done.whole())
    }

    /// Gives up the oldest packets until `bytes` fit; the packet at `index`, which has moved to the index returned, stays.
    fn make_room(&mut self, mut index: usize, bytes: usize, counters: &mut Counters) -> usize {
        while self.bytes + bytes > BYTES_MAX && index > 0 && !self.pending.is_empty() {
            self.drop_oldest(counters);
            index = index.saturating_sub(1);
        }
        index
    }

    fn open(&mut self, key: Key, time: Micros, counters: &mut Counters) -> usize {
        if self.pending.len() >= PACKETS_MAX {
            self.drop_oldest(counters);
        }
        self.pending.push_back(Pending {
            key,
            since: time,
            parts: Vec::new(),
            bytes: 0,
            total: None,
            frames: 0,
            frame_bytes: 0,
            overlapping: false,
        });
        self.pending.len() - 1
    }

    /// Gives up what has waited longer than [`TIMEOUT`].
    pub fn expire(&mut self, now: Micros, counters: &mut Counters) {
        while self.pending.front().is_some_and(|oldest| now.since(oldest.since) > TIMEOUT) {
            self.drop_oldest(counters);
        }
    }

    fn drop_oldest(&mut self, counters: &mut Counters) {
        if let Some(oldest) = self.pending.pop_front() {
            self.bytes -= oldest.bytes;
            counters.fragments_expired += 1;
        }
    }
}

impl Pending {
    /// Adds those bytes of a part that are not here yet.
    fn insert(&mut self, offset: u32, bytes: &[u8], counters: &mut Counters) {
        let mut position = offset;
        let mut rest = bytes;
        let mut index = 0;
        while !rest.is_empty() {
            let (start, end) = match self.parts.get(index) {
                Some((start, held)) => (*start, start + u32::try_from(held.len()).unwrap_or(0)),
                None => (u32::MAX, u32::MAX),
            };
            if end <= position {
                index += 1;
                continue;
            }
            // Up to the next part that is here, these bytes are new.
            let free = usize::try_from(start.saturating_sub(position)).unwrap_or(0).min(rest.len());
            if free > 0 {
                self.parts.insert(index, (position, rest[..free].to_vec()));
                self.bytes += free;
                index += 1;
            }
            position += u32::try_from(free).unwrap_or(0);
            rest = &rest[free..];
            if rest.is_empty() {
                break;
            }
            counters.fragments_overlapping += 1;
            let covered = usize::try_from(end - position).unwrap_or(0).min(rest.len());
            position += u32::try_from(covered).unwrap_or(0);
            rest = &rest[covered..];
            index += 1;
        }
    }

    fn is_complete(&self) -> bool {
        let Some(total) = self.total else { return false };
        let mut expected = 0;
        for (offset, bytes) in &self.parts {
            if *offset != expected {
                return false;
            }
            expected += u32::try_from(bytes.len()).unwrap_or(0);
        }
        expected >= total
    }

    fn whole(self) -> Whole {
        let total = usize::try_from(self.total.unwrap_or(0)).unwrap_or(0);
        let mut payload = Vec::with_capacity(self.bytes);
        for (_, bytes) in &self.parts {
            payload.extend_from_slice(bytes);
        }
        payload.truncate(total);
        Whole { payload, frames: self.frames, frame_bytes: self.frame_bytes, overlapping: self.overlapping }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn give(fragments: &mut Fragments, offset: u32, more: bool, payload: &[u8]) -> Fate {
        let packet = Packet {
            header: &[],
            source: Address::v4([10, 0, 0, 1]),
            destination: Address::v4([10, 0, 0, 2]),
            protocol: 17,
            ttl: 64,
            part: None,
            payload,
            missing: 0,
        };
        let part = Part { id: 9, offset, more };
        fragments.add(&packet, part, Micros(0), 34 + payload.len() as u64, &mut Counters::default())
    }

    proptest! {
        #[test]
        fn any_order_of_parts_gives_the_packet(
            payload in prop::collection::vec(any::<u8>(), 9..400),
            order in prop::collection::vec(any::<prop::sample::Index>(), 60),
        ) {
            let mut parts: Vec<(usize, &[u8])> = payload.chunks(8).enumerate().collect();
            let last = parts.len() - 1;
            for (index, other) in order.iter().enumerate().take(parts.len()) {
                let other = other.index(parts.len());
                parts.swap(index, other);
            }
            let mut fragments = Fragments::default();
            let mut whole = None;
            for (number, bytes) in &parts {
                if let Fate::Whole(done) = give(&mut fragments, *number as u32 * 8, *number != last, bytes) {
                    whole = Some(done);
                }
            }
            let whole = whole.unwrap();
            prop_assert_eq!(&whole.payload, &payload);
            prop_assert_eq!(whole.frames, parts.len() as u64);
            prop_assert_eq!(fragments.bytes, 0);
        }
    }

    #[test]
    fn the_first_copy_of_a_byte_wins() {
        let mut fragments = Fragments::default();
        give(&mut fragments, 8, true, b"BBBBBBBB");
        give(&mut fragments, 0, true, b"aaaaaaaaaaaaaaaa");
        let Fate::Whole(whole) = give(&mut fragments, 16, false, b"c") else { panic!("not whole") };
        assert_eq!(whole.payload, b"aaaaaaaaBBBBBBBBc");
    }

    #[test]
    fn limits_hold() {
        let mut fragments = Fragments::default();
        let mut refused = 0;
        for number in 0..600_u32 {
            refused += u32::from(matches!(give(&mut fragments, number * 16, true, &[0; 8]), Fate::Refused));
        }
        assert_eq!(refused, 600 - 256);
        assert!(matches!(give(&mut fragments, 65_528, false, &[0; 64]), Fate::Malformed));
        let mut counters = Counters::default();
        fragments.expire(Micros(TIMEOUT + 1), &mut counters);
        assert_eq!((fragments.bytes, counters.fragments_expired), (0, 1));
    }
}
