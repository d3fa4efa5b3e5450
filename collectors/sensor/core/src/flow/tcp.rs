//! What is known of a TCP connection without reassembling it: state, history, repeats and holes.

use super::history::History;
use crate::protocols::Direction;
use crate::transport::{Segment, flag};

/// A sequence number further ahead than this belongs to no window (RFC 7323 allows 1 GiB): a broken or forged segment.
pub const JUMP_MAX: u32 = 1 << 30;

/// How far from what its sender has said a RST or FIN may stand to be believed, either way. Receivers take a RST only
/// inside their window (RFC 5961: only at its first byte); 4 MiB is a large one, and room for what a capture lost.
pub const END_REACH: u32 = 4 << 20;

/// Data of a SYN that is held: it fits into one segment.
pub const EARLY_MAX: usize = 9_000;

/// One side's sequence numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    /// Sequence number of the first byte of the stream, as far as seen.
    pub start: u32,
    /// One past the highest byte seen.
    pub next: u32,
    /// `start` and `next` mean something.
    pub known: bool,
    /// Bytes below `next` that have not been seen.
    pub hole: u64,
    /// Segments sent again.
    pub retransmits: u32,
}

/// A segment that no receiver would take: it changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// Its place in the stream does not fit any window.
    OutOfWindow,
    /// It wants to abort the connection from a place where its sender is not.
    Reset,
    /// It wants to end a direction before or far behind its end.
    Fin,
}

impl Stray {
    /// `vonggac.anomaly.name`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OutOfWindow => "tcp-sequence-jump",
            Self::Reset => "tcp-reset-out-of-window",
            Self::Fin => "tcp-fin-out-of-window",
        }
    }
}

impl Numbers {
    fn learn(&mut self, start: u32) {
        if !self.known {
            *self = Self { start, next: start, known: true, ..*self };
        }
    }

    fn advance(&mut self, sequence: u32, length: u32) -> Result<(), Stray> {
        self.learn(sequence);
        let ahead = sequence.wrapping_sub(self.next);
        let end = sequence.wrapping_add(length);
        if ahead < JUMP_MAX {
            self.hole += u64::from(ahead);
            self.next = end;
            return Ok(());
        }
        let behind = self.next.wrapping_sub(sequence);
        if behind > JUMP_MAX {
            return Err(Stray::OutOfWindow);
        }
        if length > behind {
            self.next = end;
            self.retransmits += 1;
        } else if length <= 1 && behind == 1 {
            // A keep-alive repeats the last byte, or invents it.
        } else if self.hole > 0 {
            self.hole -= self.hole.min(u64::from(length));
        } else {
            self.retransmits += 1;
        }
        Ok(())
    }
}

/// A connection.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// What was seen, in order of first occurrence.
    pub history: History,
    /// Sequence numbers of client and server.
    pub sides: [Numbers; 2],
    /// Every flag that client and server ever set.
    pub flags: [u8; 2],
    /// Who aborted first.
    reset: Option<Direction>,
    /// Behind the last byte that the aborting side had said by then.
    reset_at: u32,
    /// Client and server have said FIN, and nothing new behind it.
    fins: [bool; 2],
    /// An end that was taken for one turned out to be none; not told yet.
    revoked: Option<&'static str>,
    /// The client acknowledged something together with data: there was a server, seen or not.
    answered: bool,
    /// The server granted the connection again under another number (its first grant was lost, or a third party forged
    /// one): the client's acknowledgement decides.
    rival: Option<u32>,
    /// Data that came with the client's SYN (RFC 7413), until it is known whether the server took it.
    early: Option<Box<Early>>,
}

#[derive(Clone, Debug)]
struct Early {
    start: u32,
    bytes: Vec<u8>,
}

impl Connection {
    /// Takes a segment; `length` is its payload on the wire.
    pub fn segment(&mut self, direction: Direction, segment: Segment, length: u32) -> Result<(), Stray> {
        let index = direction.index();
        self.flags[index] |= segment.flags;
        if segment.has(flag::RST) {
            return self.abort(direction, segment.sequence);
        }
        self.doubt_reset(direction, segment);
        if segment.has(flag::SYN) {
            self.history.note(u8::from(segment.has(flag::ACK)), direction);
            self.began(direction, segment);
        } else if segment.has(flag::ACK) && self.rival.is_some() {
            self.settle(direction.other(), segment.acknowledged);
        }
        self.answered |= direction == Direction::ToServer && length > 0 && segment.has(flag::ACK);
        let first = segment.sequence.wrapping_add(u32::from(segment.has(flag::SYN)));
        let outcome = if length > 0 {
            self.history.note(3, direction);
            let before = self.sides[index].next;
            let outcome = self.sides[index].advance(first, length);
            if self.fins[index] && self.sides[index].next != before {
                self.fins[index] = false;
                self.revoked = Some("tcp-data-after-fin");
            }
            outcome
        } else {
            Ok(())
        };
        if segment.has(flag::FIN) {
            self.history.note(4, direction);
            self.finish(index, first.wrapping_add(length))?;
        } else if length == 0 && !segment.has(flag::SYN) && segment.has(flag::ACK) {
            self.history.note(2, direction);
        }
        outcome
    }

    /// A RST. A third party that wants it taken must know where the sender is; one that only wants a sensor to look away
    /// need not.
    fn abort(&mut self, direction: Direction, sequence: u32) -> Result<(), Stray> {
        self.history.note(5, direction);
        let side = &self.sides[direction.index()];
        if side.known && sequence.wrapping_sub(side.next).wrapping_add(END_REACH) > 2 * END_REACH {
            return Err(Stray::Reset);
        }
        // Behind an orderly end an abort says nothing any more.
        if !self.is_finished() && self.reset.is_none() {
            self.reset = Some(direction);
            let ahead = sequence.wrapping_sub(side.next) < JUMP_MAX;
            self.reset_at = if ahead || !side.known { sequence } else { side.next };
        }
        Ok(())
    }

    /// The other end acknowledges what was said after the RST: it never took it, whether it was forged, died on its way
    /// or was damaged.
    fn doubt_reset(&mut self, direction: Direction, segment: Segment) {
        let Some(aborted) = self.reset.filter(|aborted| *aborted != direction) else { return };
        let side = &self.sides[aborted.index()];
        // One more than was said is an acknowledged FIN.
        let beyond = |number: u32| (2..JUMP_MAX).contains(&number.wrapping_sub(self.reset_at));
        if segment.has(flag::ACK) && side.known && beyond(side.next) && beyond(segment.acknowledged) {
            self.reset = None;
            self.revoked = Some("tcp-reset-ignored");
        }
    }

    /// A FIN stands behind the last byte: it shows a hole before it, and one that stands before bytes that were said
    /// already is none.
    fn finish(&mut self, index: usize, end: u32) -> Result<(), Stray> {
        let side = &mut self.sides[index];
        if side.known {
            let ahead = end.wrapping_sub(side.next);
            // Behind: what was said may have grown by a keep-alive.
            if ahead > END_REACH && ahead < u32::MAX {
                return Err(Stray::Fin);
            }
            if ahead <= END_REACH {
                side.hole += u64::from(ahead);
                side.next = end;
            }
        }
        self.fins[index] = true;
        Ok(())
    }

    /// Somebody tried to abort it, whether that was taken for true or not.
    #[must_use]
    pub fn was_aborted(&self) -> bool {
        (self.flags[0] | self.flags[1]) & flag::RST != 0
    }

    /// An end that turned out to be none, once.
    pub fn revoked(&mut self) -> Option<&'static str> {
        self.revoked.take()
    }

    /// A SYN, or the answer to one.
    fn began(&mut self, direction: Direction, segment: Segment) {
        let index = direction.index();
        let start = segment.sequence.wrapping_add(1);
        if segment.has(flag::ACK) {
            // It refused before and grants now: the refusal was forged, or the client asked again and got in.
            if self.reset == Some(direction) && !self.sides[index].known {
                self.reset = None;
                self.revoked = Some("tcp-reset-ignored");
            }
            if self.sides[index].known && self.sides[index].start != start && self.is_silent(direction) {
                self.rival = Some(start);
            }
            self.answered_at(1 - index, segment.acknowledged);
        }
        self.sides[index].learn(start);
    }

    /// `direction` has sent no data yet.
    fn is_silent(&self, direction: Direction) -> bool {
        !self.history.has(if direction == Direction::ToServer { b'D' } else { b'd' })
    }

    /// Of two grants with different numbers, the one that is acknowledged counts.
    fn settle(&mut self, direction: Direction, acknowledged: u32) {
        if self.rival == Some(acknowledged) && self.is_silent(direction) {
            let side = &mut self.sides[direction.index()];
            *side = Numbers { start: acknowledged, next: acknowledged, ..*side };
            self.rival = None;
        }
    }

    /// A SYN was answered: that tells where its sender began, for a late or lost SYN, and of several with different
    /// numbers (sent ahead by a third party to mislead a sensor) the one that the other end took. Once data has come
    /// nothing is moved any more, and no other acknowledgement is believed.
    fn answered_at(&mut self, index: usize, acknowledged: u32) {
        let answered =
            if index == Direction::ToServer.index() { Direction::ToServer } else { Direction::ToClient };
        let silent = self.is_silent(answered);
        let side = &mut self.sides[index];
        if silent && side.next == side.start {
            *side = Numbers { known: false, ..*side };
        }
        side.learn(acknowledged);
    }

    /// Client and server change places.
    pub fn turn(&mut self) {
        self.history.turn();
        self.sides.swap(0, 1);
        self.flags.swap(0, 1);
        self.fins.swap(0, 1);
        self.reset = self.reset.map(Direction::other);
    }

    /// Both sides have said FIN.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.fins == [true; 2]
    }

    /// Holds data of a SYN; only the first is looked at.
    pub fn hold_early(&mut self, segment: Segment, bytes: &[u8]) {
        if self.early.is_none() && bytes.len() <= EARLY_MAX {
            let start = segment.sequence.wrapping_add(1);
            self.early = Some(Box::new(Early { start, bytes: bytes.to_vec() }));
        }
    }

    /// The data of the SYN, once a segment shows that the server took it: it is acknowledged, or the client goes on
    /// behind it. If the server did not, the client sends it again and perhaps something else.
    pub fn early(&mut self, direction: Direction, segment: Segment) -> Option<(u32, Vec<u8>)> {
        let early = self.early.as_ref()?;
        let told = match direction {
            Direction::ToServer if !segment.has(flag::SYN) => segment.sequence,
            Direction::ToClient if segment.has(flag::ACK) && !segment.has(flag::RST) => segment.acknowledged,
            _ => return None,
        };
        let taken = told.wrapping_sub(early.start);
        let length = u32::try_from(early.bytes.len()).unwrap_or(u32::MAX);
        let early = self.early.take()?;
        (length..JUMP_MAX).contains(&taken).then_some((early.start, early.bytes))
    }

    /// Nothing more is to be expected.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.reset.is_some() || self.is_finished()
    }

    /// Somebody aborted it.
    #[must_use]
    pub fn is_reset(&self) -> bool {
        self.reset.is_some()
    }

    /// Only the client's SYN has been seen.
    #[must_use]
    pub fn is_attempt(&self) -> bool {
        self.history.letters() == 1 && self.history.has(b'S')
    }

    /// The start was not seen.
    #[must_use]
    pub fn is_midstream(&self) -> bool {
        !self.history.has(b'S')
    }

    /// `vonggac.flow.state`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let history = &self.history;
        let established = self.answered || [b'h', b'a', b'd', b'f'].iter().any(|letter| history.has(*letter));
        match self.reset {
            _ if self.is_midstream() => "OTH",
            Some(Direction::ToClient) if !established => "REJ",
            Some(Direction::ToServer) if established => "RSTO",
            Some(Direction::ToClient) => "RSTR",
            None if self.is_finished() => "SF",
            None if established => "S1",
            _ => "S0",
        }
    }

    /// Whether a SYN of `direction` with this sequence number belongs to the connection (repeated or late) instead
    /// of opening a new one on the same ports.
    #[must_use]
    pub fn owns_syn(&self, direction: Direction, sequence: u32) -> bool {
        let side = &self.sides[direction.index()];
        (side.known && side.start == sequence.wrapping_add(1))
            || (self.is_attempt() && direction == Direction::ToServer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{ToClient, ToServer};

    fn play(script: &[(Direction, u8, u32, u32)]) -> Connection {
        let mut connection = Connection::default();
        for (direction, flags, sequence, length) in script {
            let segment = Segment { sequence: *sequence, acknowledged: 0, flags: *flags };
            let _ = connection.segment(*direction, segment, *length);
        }
        connection
    }

    fn told(script: &[(Direction, u8, u32, u32)]) -> (&'static str, String) {
        let connection = play(script);
        (connection.state(), connection.history.as_str().to_owned())
    }

    const S: u8 = flag::SYN;
    const A: u8 = flag::ACK;
    const F: u8 = flag::FIN | flag::ACK;
    const R: u8 = flag::RST;

    #[test]
    fn of_several_openings_the_answered_one_counts() {
        let mut connection = play(&[(ToServer, S, 900, 0), (ToServer, S, 77, 0), (ToServer, S, 5_000, 0)]);
        let answer = Segment { sequence: 30, acknowledged: 78, flags: S | A };
        assert_eq!(connection.segment(ToClient, answer, 0), Ok(()));
        assert_eq!(connection.sides[0].start, 78);
        let data = Segment { sequence: 78, acknowledged: 31, flags: A };
        assert_eq!(connection.segment(ToServer, data, 10), Ok(()));
        assert_eq!((connection.sides[0].next, connection.sides[0].hole), (88, 0));
        // A second answer moves nothing any more.
        let late = Segment { sequence: 30, acknowledged: 901, flags: S | A };
        assert_eq!(connection.segment(ToClient, late, 0), Ok(()));
        assert_eq!(connection.sides[0].start, 78);
    }

    #[test]
    fn of_several_grants_the_acknowledged_one_counts() {
        let grant = |sequence| (ToClient, S | A, sequence, 0);
        let mut connection = play(&[(ToServer, S, 9, 100), grant(500), grant(70), grant(500)]);
        let taken = Segment { sequence: 10, acknowledged: 71, flags: A };
        assert_eq!(connection.segment(ToServer, taken, 100), Ok(()));
        assert_eq!((connection.sides[1].start, connection.sides[0].next), (71, 110));
        let data = Segment { sequence: 71, acknowledged: 110, flags: A };
        assert_eq!(connection.segment(ToClient, data, 10), Ok(()));
        assert_eq!((connection.sides[1].next, connection.sides[1].hole), (81, 0));
    }

    #[test]
    fn states_and_histories() {
        let open = [(ToServer, S, 0, 0), (ToClient, S | A, 0, 0), (ToServer, A, 1, 0)];
        let with = |more: &[(Direction, u8, u32, u32)]| told(&[&open[..], more].concat());
        assert_eq!(told(&open[..1]), ("S0", "S".into()));
        assert_eq!(told(&[open[0], (ToServer, R, 1, 0)]), ("S0", "SR".into()));
        assert_eq!(told(&[open[0], (ToClient, R | A, 0, 0)]), ("REJ", "Sr".into()));
        assert_eq!(with(&[]), ("S1", "ShA".into()));
        let talk = [(ToServer, A, 1, 5), (ToClient, A, 1, 0), (ToClient, A, 1, 7), (ToServer, F, 6, 0)];
        assert_eq!(with(&talk), ("S1", "ShADadF".into()));
        assert_eq!(with(&[&talk[..], &[(ToClient, F, 8, 0)]].concat()), ("SF", "ShADadFf".into()));
        assert_eq!(with(&[(ToServer, R, 1, 0)]), ("RSTO", "ShAR".into()));
        assert_eq!(with(&[(ToClient, R, 1, 0)]), ("RSTR", "ShAr".into()));
        assert_eq!(told(&[(ToServer, A, 9, 5), (ToClient, A, 1, 0)]), ("OTH", "Da".into()));
        // One direction only: data with an acknowledgement shows that somebody answered.
        assert_eq!(told(&[open[0], (ToServer, A, 1, 5)]), ("S1", "SD".into()));
    }

    #[test]
    fn repeats_and_holes_are_told_apart() {
        let start = u32::MAX - 99;
        let connection = play(&[
            (ToServer, A, start, 100),
            (ToServer, A, 100, 100), // bytes 0..100 are missing, across the wrap
            (ToServer, A, 0, 50),    // half of them come late
            (ToServer, A, 199, 1),   // keep-alive
        ]);
        assert_eq!((connection.sides[0].hole, connection.sides[0].retransmits), (50, 0));
        let connection = play(&[(ToServer, A, 0, 100), (ToServer, A, 0, 100), (ToServer, A, 50, 100)]);
        assert_eq!((connection.sides[0].hole, connection.sides[0].retransmits), (0, 2));
    }

    #[test]
    fn an_end_that_no_receiver_takes_is_none() {
        let open = [(ToServer, S, 0, 0), (ToClient, S | A, 0, 0), (ToServer, A, 1, 50)];
        let mut connection = play(&open);
        let end = |flags, sequence| Segment { sequence, acknowledged: 1, flags };
        assert_eq!(connection.segment(ToServer, end(R, 0x2000_0000), 0), Err(Stray::Reset));
        assert_eq!(connection.segment(ToServer, end(F, 20), 0), Err(Stray::Fin));
        assert_eq!(connection.segment(ToClient, end(F, 0x2000_0000), 0), Err(Stray::Fin));
        assert!(!connection.is_closed());
        assert_eq!(connection.segment(ToServer, end(R, 51), 0), Ok(()));
        assert!(connection.is_closed());
    }

    #[test]
    fn an_end_that_was_not_taken_is_revoked() {
        let open = [(ToServer, S, 0, 0), (ToClient, S | A, 0, 0), (ToServer, A, 1, 50), (ToServer, R, 51, 0)];
        let mut connection = play(&open);
        let told = |sequence, acknowledged| Segment { sequence, acknowledged, flags: A };
        assert_eq!(connection.segment(ToClient, told(1, 51), 0), Ok(()));
        assert_eq!((connection.is_reset(), connection.revoked()), (true, None));
        assert_eq!(connection.segment(ToServer, told(51, 1), 50), Ok(()));
        assert_eq!((connection.is_reset(), connection.revoked()), (true, None));
        assert_eq!(connection.segment(ToClient, told(1, 101), 0), Ok(()));
        assert_eq!((connection.is_reset(), connection.revoked()), (false, Some("tcp-reset-ignored")));
        for (direction, sequence) in [(ToServer, 101), (ToClient, 1)] {
            let fin = Segment { sequence, acknowledged: 1, flags: F };
            assert_eq!(connection.segment(direction, fin, 0), Ok(()));
        }
        assert!(connection.is_finished());
        assert_eq!(connection.segment(ToServer, told(101, 1), 5), Ok(()));
        assert_eq!((connection.is_finished(), connection.revoked()), (false, Some("tcp-data-after-fin")));
    }

    #[test]
    fn a_forged_number_moves_nothing() {
        let mut connection = play(&[(ToServer, A, 0, 100)]);
        let forged = Segment { sequence: 0x7000_0000, acknowledged: 0, flags: A };
        assert_eq!(connection.segment(ToServer, forged, 10), Err(Stray::OutOfWindow));
        assert_eq!(connection.sides[0].next, 100);
    }
}
