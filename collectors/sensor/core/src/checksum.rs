//! Checksums of IPv4, TCP and UDP (RFC 1071). A receiver drops what is wrong, so that a forger uses wrong ones to tell a
//! sensor other things than the receiver. Packets that were captured on the sending machine have checksums that its
//! network card was still to finish: those are never held against anyone.

use crate::ip::{Packet, protocol};
use crate::transport::flag;

/// Longest packet judged: larger ones were put together by the network card, checksums and all.
const LENGTH_MAX: usize = 1_500;
/// First packets of a side that are judged whatever their size: they decide what a flow is.
const FIRST: u64 = 16;
/// Later ones up to this size: forged ones need few bytes, and those of transfers would cost too much.
const SMALL: usize = 512;

/// What a packet's checksums say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Right.
    Sound,
    /// Wrong: its receiver drops it, or a router before.
    Wrong,
    /// None, unfinished, or not to be judged.
    Unknown,
}

/// What has been seen of one side's checksums.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record {
    sound: bool,
    /// Packets whose checksums are wrong.
    pub wrong: u32,
}

impl Record {
    /// Judges the `number`th packet of this side. `true`: it is wrong where others are right, so that nobody takes it.
    #[inline]
    pub fn forged(&mut self, number: u64, packet: &Packet<'_>) -> bool {
        if number > FIRST && (packet.payload.len() > SMALL || says_nothing(packet)) {
            return false;
        }
        match judge(packet) {
            Verdict::Sound => self.sound = true,
            Verdict::Wrong => {
                self.wrong = self.wrong.saturating_add(1);
                return self.sound;
            }
            Verdict::Unknown => {}
        }
        false
    }
}

/// Whether the checksums of a packet of TCP or UDP are right.
#[must_use]
pub fn judge(packet: &Packet<'_>) -> Verdict {
    if packet.missing > 0 || packet.payload.len() + packet.header.len() > LENGTH_MAX {
        return Verdict::Unknown;
    }
    let (bytes, place) = match packet.protocol {
        protocol::TCP => (packet.payload, 16),
        protocol::UDP => (datagram(packet.payload), 6),
        _ => return Verdict::Unknown,
    };
    let Some(told) = word(bytes, place) else { return Verdict::Unknown };
    // The part that drivers write for the network card to go on from: with the length, or without.
    let ends = words(packet.source.value) + words(packet.destination.value) + u64::from(packet.protocol);
    let ends = u64::from(fold(ends).to_be());
    let pseudo = ends + u64::from(u16::try_from(bytes.len()).unwrap_or(0).to_be());
    if told == 0 || told == fold(pseudo) || told == fold(ends) {
        return Verdict::Unknown;
    }
    let header = word(packet.header, 10).is_none_or(|told| told == 0 || fold(sum(packet.header)) == u16::MAX);
    if header && fold(pseudo + sum(bytes)) == u16::MAX { Verdict::Sound } else { Verdict::Wrong }
}

/// Without what lies behind the length that UDP says.
fn datagram(bytes: &[u8]) -> &[u8] {
    let length = bytes.get(4..6).map(|length| usize::from(u16::from_be_bytes([length[0], length[1]])));
    length.and_then(|length| bytes.get(..length)).unwrap_or(&[])
}

/// Two bytes as the sums count them: in the order of this machine, which a sum of ones' complement does not mind.
fn word(bytes: &[u8], place: usize) -> Option<u16> {
    bytes.get(place..)?.first_chunk().map(|two| u16::from_ne_bytes(*two))
}

/// An acknowledgement alone: the bulk of what one side of a transfer sends.
fn says_nothing(packet: &Packet<'_>) -> bool {
    const TELLING: u8 = flag::SYN | flag::FIN | flag::RST;
    let header = packet.payload.get(12).map_or(0, |length| usize::from(length >> 4) * 4);
    packet.protocol == protocol::TCP
        && packet.payload.len() == header
        && packet.payload.get(13).is_some_and(|flags| flags & TELLING == 0)
}

/// Sum of the words of an address.
fn words(mut value: u128) -> u64 {
    let mut sum = 0;
    while value > 0 {
        sum += u64::try_from(value & 0xffff).unwrap_or(0);
        value >>= 16;
    }
    sum
}

/// Sum by four bytes, eight at a time, not folded yet.
fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let (mut low, mut high) = (0, 0);
    for word in words.iter().chain([&last]) {
        let word = u64::from_ne_bytes(*word);
        low += word & 0xffff_ffff;
        high += word >> 32;
    }
    low + high
}

#[allow(clippy::cast_possible_truncation)] // what is beyond has been added
fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::unhex;

    /// The example of RFC 1071 §3: the sum of these words is ddf2.
    #[test]
    fn sums_as_the_standard_does() {
        assert_eq!(fold(sum(&unhex("0001f203f4f5f6f7"))).to_be(), 0xddf2);
    }

    /// A question for a name, its checksums by the stack of Linux.
    const QUESTION: &str = "4500 0039 1c46 4000 4011 0a4f 0a14 071f 0808 0808 c350 0035 0025 0000 \
        1234 0100 0001 0000 0000 0000 0765 7861 6d70 6c65 036f 7267 0000 0100 01";

    fn question(checksum: [u8; 2]) -> Vec<u8> {
        let mut bytes = unhex(QUESTION);
        let ip = !fold(sum(&[&bytes[..10], &[0, 0], &bytes[12..20]].concat()));
        bytes[10..12].copy_from_slice(&ip.to_ne_bytes());
        bytes[26..28].copy_from_slice(&checksum);
        bytes
    }

    /// Added up by hand: addresses, protocol, length; ports, length, content; the complement of it.
    fn right() -> u16 {
        let bytes = unhex(QUESTION);
        let words =
            bytes[12..].chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(*two.get(1).unwrap_or(&0)));
        let total: u32 = words.sum::<u32>() + 17 + 37;
        !u16::try_from((total & 0xffff) + (total >> 16)).expect("small")
    }

    #[test]
    fn right_wrong_and_unfinished_checksums_are_told_apart() {
        let verdict = |bytes: &[u8]| judge(&crate::ip::decode(bytes).expect("a packet"));
        let right = right().to_be_bytes();
        assert_eq!(verdict(&question(right)), Verdict::Sound);
        assert_eq!(verdict(&question([right[0] ^ 1, right[1]])), Verdict::Wrong);
        assert_eq!(verdict(&question([0, 0])), Verdict::Unknown);
        let ends: u32 = [0x0a14, 0x071f, 0x0808, 0x0808, 17].iter().sum();
        for unfinished in [ends, ends + 37] {
            let unfinished = u16::try_from(unfinished).expect("small").to_be_bytes();
            assert_eq!(verdict(&question(unfinished)), Verdict::Unknown);
        }
        let mut header = question(right);
        header[10] ^= 1;
        assert_eq!(verdict(&header), Verdict::Wrong);
        header[10..12].fill(0);
        assert_eq!(verdict(&header), Verdict::Sound);
        assert_eq!(verdict(&question(right)[..40]), Verdict::Unknown);
    }
}
