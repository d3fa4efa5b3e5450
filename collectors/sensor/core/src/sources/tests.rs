//! Captures are written here by the formats' own rules, and must be read back as they were.

use std::io::{self, Cursor, Read, Write};

use proptest::prelude::*;

use super::{Capture, FRAME_MAX, SourceError};
use crate::frame::Link;

/// What is compared: time in µs, bytes, length on the wire.
type Seen = (i64, Vec<u8>, u32);
/// Code and value.
type InterfaceOption = (u16, Vec<u8>);

/// Writes numbers in one byte order.
#[derive(Clone, Copy, Debug)]
struct Writer {
    big: bool,
}

impl Writer {
    fn u16(self, value: u16) -> Vec<u8> {
        if self.big { value.to_be_bytes().to_vec() } else { value.to_le_bytes().to_vec() }
    }

    fn u32(self, value: u32) -> Vec<u8> {
        if self.big { value.to_be_bytes().to_vec() } else { value.to_le_bytes().to_vec() }
    }

    fn pcap_header(self, magic: u32, link_type: u32) -> Vec<u8> {
        let mut out = self.u32(magic);
        out.extend([self.u16(2), self.u16(4)].concat());
        out.extend([0, 0, 65_535, link_type].map(|field| self.u32(field)).concat());
        out
    }

    /// Seconds, fraction, bytes, length.
    fn pcap_record(self, time: (u32, u32), bytes: &[u8], length: u32, extra: usize) -> Vec<u8> {
        let captured = u32::try_from(bytes.len()).unwrap();
        let mut out = [time.0, time.1, captured, length].map(|field| self.u32(field)).concat();
        out.extend(vec![0xee; extra]);
        out.extend(bytes);
        out
    }

    fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let size = self.u32(u32::try_from(body.len() + 12).unwrap());
        [self.u32(kind), size.clone(), body, size].concat()
    }

    fn section(self) -> Vec<u8> {
        let body = [self.u32(0x1a2b_3c4d), self.u16(1), self.u16(0), vec![0xff; 8]].concat();
        self.block(0x0a0d_0d0a, &body)
    }

    fn interface(self, link_type: u16, snap_length: u32, options: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut body = [self.u16(link_type), self.u16(0), self.u32(snap_length)].concat();
        for (code, value) in options {
            let mut padded = value.clone();
            padded.resize(value.len().next_multiple_of(4), 0);
            body.extend([self.u16(*code), self.u16(u16::try_from(value.len()).unwrap()), padded].concat());
        }
        self.block(1, &body)
    }

    fn packet(self, interface: u32, ticks: u64, bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap();
        let (high, low) = (u32::try_from(ticks >> 32).unwrap(), u32::try_from(ticks & 0xffff_ffff).unwrap());
        let fields = [interface, high, low, length, length].map(|field| self.u32(field)).concat();
        self.block(6, &[fields, bytes.to_vec()].concat())
    }
}

const LITTLE: Writer = Writer { big: false };
const BIG: Writer = Writer { big: true };

/// Gives its bytes in pieces of `piece`, with a signal before each.
struct Slow {
    bytes: Cursor<Vec<u8>>,
    piece: usize,
    signal: bool,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.signal = !self.signal;
        if self.signal && self.bytes.position() > 64 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let piece = self.piece.min(buffer.len());
        self.bytes.read(&mut buffer[..piece])
    }
}

fn open(bytes: &[u8]) -> Result<Capture, SourceError> {
    Capture::new("test".to_owned(), Box::new(Cursor::new(bytes.to_vec())), Some(bytes.len() as u64))
}

fn drain(capture: &mut Capture) -> Vec<Seen> {
    let mut seen = Vec::new();
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => seen.push((frame.time.0, frame.bytes.to_vec(), frame.length)),
            Ok(None) => return seen,
            Err(SourceError::Interrupted) => {}
            Err(error) => unreachable!("{error}"),
        }
    }
}

fn read(bytes: &[u8]) -> (Vec<Seen>, Capture) {
    let mut capture = open(bytes).unwrap();
    (drain(&mut capture), capture)
}

fn refusal(bytes: &[u8]) -> String {
    open(bytes).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn classic_files_of_every_kind_give_the_same_frames() {
    let kinds = [(0xa1b2_c3d4, 7, 0), (0xa1b2_3c4d, 7_999, 0), (0xa1b2_cd34, 7, 8)];
    for writer in [LITTLE, BIG] {
        for (magic, fraction, extra) in kinds {
            let mut file = writer.pcap_header(magic, 1);
            file.extend(writer.pcap_record((3_376_684_800, fraction), b"first", 1_514, extra));
            file.extend(writer.pcap_record((0, 0), b"", 60, extra));
            let (seen, capture) = read(&file);
            let expected = [(3_376_684_800_000_007, b"first".to_vec(), 1_514), (0, Vec::new(), 60)];
            assert_eq!(seen, expected, "{writer:?} {magic:x}");
            assert_eq!(capture.cut(), None);
            assert_eq!(capture.share_read(), Some(1.0));
        }
    }
}

#[test]
fn lengths_stand_the_other_way_round_before_version_2_4() {
    for (minor, first, second) in [(2, 60, 5), (3, 60, 5), (3, 5, 60)] {
        let mut file = LITTLE.pcap_header(0xa1b2_c3d4, 1);
        file[6] = minor;
        file.extend([1, 2, first, second].map(|field| LITTLE.u32(field)).concat());
        file.extend(b"first");
        assert_eq!(read(&file).0, [(1_000_002, b"first".to_vec(), 60)]);
    }
}

#[test]
fn link_types_become_links_and_unknown_ones_are_counted() {
    let known = [(0, Link::Null), (1, Link::Ethernet), (101, Link::RawIp), (113, Link::LinuxSll)];
    for (number, link) in known.into_iter().chain([(276, Link::LinuxSll2), (108, Link::Loop)]) {
        let mut file = LITTLE.pcap_header(0xa1b2_c3d4, number | 0x5400_0000); // with a frame check sequence
        file.extend(LITTLE.pcap_record((1, 1), b"x", 1, 0));
        let mut capture = open(&file).unwrap();
        assert_eq!(capture.next_frame().unwrap().unwrap().link, link);
    }
    let mut file = LITTLE.pcap_header(0xa1b2_c3d4, 105);
    file.extend(LITTLE.pcap_record((1, 1), b"x", 1, 0).repeat(3));
    let (seen, capture) = read(&file);
    assert_eq!((seen.len(), capture.counters().unreadable), (0, 3));
    let message =
        "test: 3 packets of link type 105 (IEEE 802.11 wireless) cannot be read; capture on Ethernet";
    assert_eq!(capture.warnings(), [message]);
}

#[test]
fn pcapng_sections_interfaces_and_resolutions() {
    let second = 1_700_000_000_u64;
    let cases: [(Vec<InterfaceOption>, u64); 6] = [
        (vec![], second * 1_000_000 + 5),
        (vec![(9, vec![9])], second * 1_000_000_000 + 5_999),
        (vec![(2, b"eth0".to_vec()), (9, vec![3])], second * 1_000),
        (vec![(9, vec![0x80 | 20])], (second << 20) + 6),
        (vec![(9, vec![0])], second),
        (vec![(9, vec![6]), (14, 100_u64.to_be_bytes().to_vec())], (second - 100) * 1_000_000 + 5),
    ];
    let mut file = BIG.section();
    for (options, _) in &cases {
        file.extend(BIG.interface(1, 0, options));
    }
    for ((_, ticks), index) in cases.iter().zip(0..) {
        file.extend(BIG.packet(index, *ticks, b"abc"));
    }
    file.extend(BIG.block(0x0000_0bad, &[7; 9]));
    file.extend(LITTLE.section());
    file.extend(LITTLE.interface(101, 4, &[]));
    file.extend(LITTLE.block(3, &[LITTLE.u32(900), b"wxyz".to_vec()].concat()));
    let old = [LITTLE.u16(0), LITTLE.u16(9), [0, 77, 2, 2].map(|field| LITTLE.u32(field)).concat()].concat();
    file.extend(LITTLE.block(2, &[old, b"ab".to_vec()].concat()));
    let statistics = [0, 0, 0].map(|field| LITTLE.u32(field)).concat();
    let drops = [LITTLE.u16(5), LITTLE.u16(8), LITTLE.u32(41), LITTLE.u32(0)].concat();
    file.extend(LITTLE.block(5, &[statistics, drops].concat()));

    let (seen, capture) = read(&file);
    let times: Vec<i64> = seen.iter().map(|frame| frame.0 - 1_700_000_000_000_000).collect();
    assert_eq!(times[..6], [5, 5, 0, 5, 0, 5]);
    assert_eq!(seen[6], (seen[5].0, b"wxyz".to_vec(), 900));
    assert_eq!(seen[7], (77, b"ab".to_vec(), 2));
    assert_eq!(seen.len(), 8);
    let counters = capture.counters();
    assert_eq!((counters.lost, counters.skipped_blocks, capture.cut()), (41, 1, None));
}

#[test]
fn absurd_clocks_do_not_overflow() {
    let offset = |value: i64| (14, value.to_le_bytes().to_vec());
    for options in [vec![(9, vec![0])], vec![(9, vec![0x80])], vec![(9, vec![127])], vec![(9, vec![0xff])]] {
        for (far, ticks) in [(i64::MIN, 1), (i64::MAX, u64::MAX)] {
            let mut file = LITTLE.section();
            file.extend(LITTLE.interface(1, 0, &[options.clone(), vec![offset(far)]].concat()));
            file.extend(LITTLE.packet(0, ticks, b"a"));
            let expected = if far > 0 { 253_402_300_799_999_999 } else { -62_135_596_800_000_000 };
            assert_eq!(read(&file).0, [(expected, b"a".to_vec(), 1)]);
        }
    }
}

#[test]
fn compressed_captures_are_recognised() {
    let mut file = LITTLE.pcap_header(0xa1b2_c3d4, 1);
    let mut noise = 1_u32;
    for second in 0..500 {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let bytes: Vec<u8> =
            (0..225).flat_map(|i| (noise ^ (noise >> 7).wrapping_mul(i)).to_le_bytes()).collect();
        file.extend(LITTLE.pcap_record((second, 1), &bytes, 900, 0));
    }
    let plain = read(&file).0;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&file[..4_000]).unwrap();
    let mut members = gzip.finish().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&file[4_000..]).unwrap();
    members.extend(gzip.finish().unwrap());
    assert_eq!(read(&members).0, plain);
    let zstd = zstd::encode_all(&file[..], 1).unwrap();
    assert_eq!(read(&zstd).0, plain);

    for cut in [&members[..members.len() - 40], &zstd[..zstd.len() / 2]] {
        let (seen, capture) = read(cut);
        assert_eq!(seen[..], plain[..seen.len()]);
        assert!(
            capture.cut().is_some_and(|line| line.contains("cannot be read further")),
            "{:?}",
            capture.cut()
        );
    }
}

#[test]
fn what_is_no_capture_is_refused_in_one_line() {
    assert_eq!(refusal(b""), "test: is empty; capture again");
    assert!(refusal(b"PK\x03\x04 and more of it, as in a zip").contains("unpack it first"));
    assert!(refusal(b"hello, this is a text file of some length").contains("is no capture"));
    assert!(refusal(&LITTLE.pcap_header(0xa1b2_c3d4, 1)[..20]).contains("within its file header"));
    let missing = Capture::open(std::path::Path::new("/nonexistent/x.pcap")).err().unwrap().to_string();
    assert_eq!(missing, "/nonexistent/x.pcap: no such file; check the path");
}

#[test]
fn impossible_lengths_end_the_reading_and_take_no_memory() {
    let mut file = LITTLE.pcap_header(0xa1b2_c3d4, 1);
    file.extend(LITTLE.pcap_record((1, 1), b"good", 4, 0));
    file.extend([1, 1, u32::MAX, u32::MAX].map(|field| LITTLE.u32(field)).concat());
    let (seen, capture) = read(&file);
    assert_eq!(seen.len(), 1);
    assert!(capture.cut().is_some_and(|line| line.contains("the length of a record is impossible")));

    let start = [LITTLE.section(), LITTLE.interface(1, 0, &[]), LITTLE.packet(0, 1, b"good")].concat();
    let bodies: [(Vec<u8>, &str); 5] = [
        ([6, 8, 0, 0].map(|field| LITTLE.u32(field)).concat(), "length of a block is impossible"),
        ([6, 16, 0, 20].map(|field| LITTLE.u32(field)).concat(), "two lengths of a block differ"),
        (LITTLE.packet(9, 1, b"x"), "an interface that is not described"),
        (
            LITTLE.block(6, &[0, 0, 1, 99, 99].map(|field| LITTLE.u32(field)).concat()),
            "longer than its block",
        ),
        ([4, u32::MAX - 3, 0].map(|field| LITTLE.u32(field)).concat(), "ends within a packet"),
    ];
    for (body, message) in bodies {
        let (seen, capture) = read(&[start.clone(), body].concat());
        assert_eq!(seen.len(), 1);
        assert!(capture.cut().is_some_and(|line| line.contains(message)), "{:?}", capture.cut());
    }
}

#[test]
fn a_block_too_large_for_a_frame_is_skipped() {
    let mut file = [LITTLE.section(), LITTLE.interface(1, 0, &[])].concat();
    file.extend(LITTLE.packet(0, 1, &vec![0; FRAME_MAX + 100_000]));
    file.extend(LITTLE.packet(0, 1, &vec![0; FRAME_MAX + 1]));
    file.extend(LITTLE.packet(0, 2, b"next"));
    let (seen, capture) = read(&file);
    assert_eq!(seen, [(2, b"next".to_vec(), 4)]);
    assert_eq!((capture.counters().skipped_blocks, capture.counters().unreadable), (1, 1));
}

proptest! {
    #[test]
    fn any_frames_any_cut_any_pieces(
        frames in prop::collection::vec((any::<u32>(), 0..1_000_000_u32, prop::collection::vec(any::<u8>(), 0..300)), 1..20),
        big in any::<bool>(),
        modern in any::<bool>(),
        share in 0.0..1.0_f64,
        piece in 1..700_usize,
    ) {
        let writer = Writer { big };
        let mut file = if modern {
            [writer.section(), writer.interface(1, 0, &[])].concat()
        } else {
            writer.pcap_header(0xa1b2_c3d4, 1)
        };
        let mut ends = vec![file.len()];
        let mut expected = Vec::new();
        for (seconds, fraction, bytes) in &frames {
            let time = u64::from(*seconds) * 1_000_000 + u64::from(*fraction);
            let length = u32::try_from(bytes.len()).unwrap();
            file.extend(if modern {
                writer.packet(0, time, bytes)
            } else {
                writer.pcap_record((*seconds, *fraction), bytes, length, 0)
            });
            ends.push(file.len());
            expected.push((i64::try_from(time).unwrap(), bytes.clone(), length));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a test file")]
        let cut = ends[0] + ((file.len() - ends[0]) as f64 * share) as usize;
        let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
        let slow = Slow { bytes: Cursor::new(file[..cut].to_vec()), piece, signal: false };
        let mut capture = Capture::new("test".to_owned(), Box::new(slow), None).unwrap();
        prop_assert_eq!(&drain(&mut capture)[..], &expected[..whole]);
        prop_assert_eq!(capture.cut().is_some(), !ends.contains(&cut));
    }

    #[test]
    fn any_bytes_end_without_a_panic(
        start in prop::sample::select(vec![
            LITTLE.pcap_header(0xa1b2_c3d4, 1), BIG.pcap_header(0xa1b2_cd34, 101),
            [LITTLE.section(), LITTLE.interface(1, 0, &[])].concat(), BIG.section(), vec![0x1f, 0x8b, 8, 0], vec![],
        ]),
        noise in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(6), Just(28), any::<u8>()], 0..600),
    ) {
        if let Ok(mut capture) = open(&[start, noise].concat()) {
            drain(&mut capture);
        }
    }
}
