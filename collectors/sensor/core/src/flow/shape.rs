//! The shape of a conversation: sizes and gaps of its first packets, and how random its first bytes look.

use std::sync::LazyLock;

use crate::protocols::Direction;
use crate::time::Micros;

/// Packets whose size and gap are kept: enough for a handshake and the first exchanges behind it.
pub const PACKETS_MAX: usize = 20;

/// Bytes of a first payload that are looked at: one segment, where entropy has long settled.
pub const SAMPLE_MAX: usize = 1_024;

/// Sizes and gaps of the first packets with content.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    sizes: [i32; PACKETS_MAX],
    gaps: [u32; PACKETS_MAX],
    count: u8,
    last: Micros,
}

impl Shape {
    /// Notes a packet with content.
    #[inline]
    pub fn note(&mut self, direction: Direction, size: u32, time: Micros) {
        let index = usize::from(self.count);
        if index >= PACKETS_MAX {
            return;
        }
        let size = i32::try_from(size).unwrap_or(i32::MAX);
        self.sizes[index] = if direction == Direction::ToServer { size } else { -size };
        if index > 0 {
            self.gaps[index] = u32::try_from(time.since(self.last)).unwrap_or(u32::MAX);
        }
        self.last = time;
        self.count += 1;
    }

    /// Client and server change places.
    pub fn turn(&mut self) {
        for size in &mut self.sizes {
            *size = -*size;
        }
    }

    /// `vonggac.flow.sizes`.
    #[must_use]
    pub fn sizes(&self) -> Few {
        Few { values: self.sizes.map(i64::from), count: usize::from(self.count) }
    }

    /// `vonggac.flow.gaps`.
    #[must_use]
    pub fn gaps(&self) -> Few {
        Few { values: self.gaps.map(i64::from), count: usize::from(self.count) }
    }
}

/// A short list without an allocation.
#[derive(Default)]
pub struct Few {
    values: [i64; PACKETS_MAX],
    count: usize,
}

impl Few {
    /// The values.
    #[must_use]
    pub fn as_slice(&self) -> &[i64] {
        &self.values[..self.count]
    }
}

/// How the first payload of one side looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Shannon entropy of its bytes, bits a byte.
    pub entropy: f64,
    /// Share of printable ASCII, tab, CR and LF.
    pub printable: f64,
}

impl Look {
    /// Of the first [`SAMPLE_MAX`] bytes; `None` without any.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let sample = &bytes[..bytes.len().min(SAMPLE_MAX)];
        let share = f64::from(u32::try_from(sample.len()).ok()?);
        if sample.is_empty() {
            return None;
        }
        let (weight, printable) = if sample.len() < SHORT { short(sample) } else { long(sample) };
        // H = log2 n − (Σ c·log2 c) / n; never below 0 by rounding.
        let entropy = (share.log2() - weight / share).max(0.0);
        Some(Self { entropy, printable: f64::from(printable) / share })
    }
}

/// The first payload bytes of a side: what an unknown protocol begins with is what it is recognised by next time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    bytes: [u8; HEAD_MAX],
    length: u8,
}

/// Bytes of a head: a magic number, a version and a length or two.
const HEAD_MAX: usize = 32;

/// Behind one of these words in a text may stand a secret.
const SECRETS: [&[u8]; 9] =
    [b"pass", b"pwd", b"user", b"auth", b"login", b"token", b"secret", b"key", b"cookie"];

impl Head {
    /// Of the first payload.
    #[must_use]
    pub fn of(payload: &[u8]) -> Self {
        let mut head = Self::default();
        for (to, from) in head.bytes.iter_mut().zip(payload) {
            *to = *from;
            head.length += 1;
        }
        head
    }

    /// As hexadecimal digits, up to the first word behind which a secret may stand.
    #[must_use]
    pub fn told(self) -> Option<String> {
        let bytes = &self.bytes[..usize::from(self.length)];
        let lower = bytes.to_ascii_lowercase();
        let end = SECRETS
            .iter()
            .filter_map(|word| memchr::memmem::find(&lower, word).map(|at| at + word.len()))
            .min()
            .unwrap_or(bytes.len());
        (end > 0).then(|| crate::text::hex(&bytes[..end]))
    }
}

/// Below this many bytes it is cheaper to look at the bytes than at all 256 values: questions and small requests.
const SHORT: usize = 192;

/// Σ c·log2 c over the counts of the byte values, and how many bytes are printable.
fn short(sample: &[u8]) -> (f64, u16) {
    let weights = &*WEIGHTS;
    let mut counts = [0_u8; 256];
    let (mut weight, mut printable) = (0.0, 0);
    for &byte in sample {
        let count = &mut counts[usize::from(byte)];
        weight += weights[usize::from(*count) + 1] - weights[usize::from(*count)];
        *count += 1;
        printable += u16::from(matches!(byte, 0x20..0x7f | b'\t' | b'\r' | b'\n'));
    }
    (weight, printable)
}

/// The same for longer samples. Two tables in turns: a byte that repeats does not wait for itself.
fn long(sample: &[u8]) -> (f64, u16) {
    let (mut counts, mut others) = ([0_u16; 256], [0_u16; 256]);
    let mut pairs = sample.chunks_exact(2);
    for pair in &mut pairs {
        counts[usize::from(pair[0])] += 1;
        others[usize::from(pair[1])] += 1;
    }
    for byte in pairs.remainder() {
        counts[usize::from(*byte)] += 1;
    }
    counts.iter_mut().zip(others).for_each(|(count, other)| *count += other);
    let visible: u16 = counts[0x20..0x7f].iter().sum();
    let spaces = [b'\t', b'\r', b'\n'].map(|space| counts[usize::from(space)]).iter().sum::<u16>();
    let weights = &*WEIGHTS;
    let mut sums = [0.0; 4];
    for four in counts.chunks_exact(4) {
        for (sum, count) in sums.iter_mut().zip(four) {
            *sum += weights[usize::from(*count)];
        }
    }
    (sums.iter().sum(), visible + spaces)
}

/// c·log2 c for every count that a sample can have.
static WEIGHTS: LazyLock<[f64; SAMPLE_MAX + 1]> = LazyLock::new(|| {
    std::array::from_fn(|count| {
        let count = f64::from(u32::try_from(count).unwrap_or(0));
        if count > 0.0 { count * count.log2() } else { 0.0 }
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_of_known_samples() {
        assert_eq!(Look::of(b""), None);
        assert_eq!(Look::of(&[7; 500]).unwrap().entropy, 0.0);
        let every: Vec<u8> = (0..=255).collect();
        let look = Look::of(&every).unwrap();
        assert!((look.entropy - 8.0).abs() < 1e-9 && (look.printable - 98.0 / 256.0).abs() < 1e-9);
        assert!((Look::of(b"abab").unwrap().entropy - 1.0).abs() < 1e-9);
    }

    #[test]
    fn short_and_long_samples_are_measured_alike() {
        let sample: Vec<u8> = (0..191_u32).map(|n| u8::try_from(n * n % 97).unwrap()).collect();
        let ((weight, printable), (other, same)) = (short(&sample), long(&sample));
        assert!((weight - other).abs() < 1e-9 && printable == same);
    }

    #[test]
    fn heads_end_where_a_secret_may_begin() {
        assert_eq!(Head::of(b"").told(), None);
        assert_eq!(Head::of(b"\x00\xffab").told().as_deref(), Some("00ff6162"));
        assert_eq!(Head::of(&[7; 99]).told().map(|told| told.len()), Some(64));
        assert_eq!(Head::of(b"Password=hunter2").told(), Some(crate::text::hex(b"Pass")));
    }

    #[test]
    fn only_the_first_packets_are_kept() {
        let mut shape = Shape::default();
        for number in 0..20 {
            let direction = if number % 2 == 0 { Direction::ToServer } else { Direction::ToClient };
            shape.note(direction, 100, Micros(number * 10));
        }
        assert_eq!(shape.sizes().as_slice().len(), PACKETS_MAX);
        assert_eq!(shape.sizes().as_slice()[..2], [100, -100]);
        assert_eq!(shape.gaps().as_slice()[..2], [0, 10]);
    }
}
