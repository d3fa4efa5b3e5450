//! The fuzz targets on seeds of our own and on thousands of changes to them, with an allocator that counts. What finds new
//! ground is `make fuzz`; this holds the targets themselves and the limits on memory.

mod allocator;

use vonggac_core::protocols::ALL;
use vonggac_core::testing::fuzz;
use vonggac_core::testing::packets::{Connection, ethernet};
use vonggac_core::transport::flag;

use allocator::Peak;

/// What a few kilobytes of input may cost at most: one decompression stage filled to its cap, and a head of every kind.
const MEMORY_MAX: usize = 64 << 20;
/// Changed inputs for each target and seed.
const CHANGES: u64 = 100;

/// Pseudo-random numbers (xorshift64): the same inputs on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 8).unwrap_or(0) % sides.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.roll(256)).unwrap_or(0)
    }

    /// Some bytes turned, taken out, doubled or made up.
    fn change(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.roll(6) {
            let place = self.roll(bytes.len());
            match self.roll(5) {
                0 => bytes.truncate(place.max(1)),
                1 => bytes.insert(place, self.byte()),
                2 => bytes.extend_from_within(place..),
                _ => bytes[place] = self.byte(),
            }
        }
        bytes
    }
}

fn run(target: fn(&[u8]), seeds: &[Vec<u8>]) {
    let mut dice = Dice(0x5eed);
    for seed in seeds {
        let peak = Peak::begin();
        target(seed);
        for _ in 0..CHANGES {
            target(&dice.change(seed));
        }
        let cost = peak.cost();
        assert!(cost < MEMORY_MAX, "{cost} bytes for inputs of about {}", seed.len());
    }
}

/// A part of a script: direction and length in front.
fn part(to_client: bool, bytes: &[u8]) -> Vec<u8> {
    let head = u16::try_from(bytes.len() << 2).unwrap_or(u16::MAX) | u16::from(to_client);
    [&head.to_le_bytes()[..], bytes].concat()
}

/// Openings of many protocols; each decoder is given all of them.
const OPENINGS: [(&[u8], &[u8]); 6] = [
    (
        b"GET /a?b=c HTTP/1.1\r\nHost: x.example\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nMZ\0\0\r\n0\r\n\r\n",
    ),
    (
        b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x07example\0\0\x01\0\x01",
        b"\x12\x34\x81\x80\0\x01\0\x01\0\0\0\0\x01a\x07example\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x0a\x14\x07\x1f",
    ),
    (
        b"\x16\x03\x01\0\x31\x01\0\0\x2d\x03\x03aaaaaaaabbbbbbbbccccccccdddddddd\0\0\x04\x13\x01\x13\x02\x01\0\0\0",
        b"\x15\x03\x03\0\x02\x02\x28",
    ),
    (b"USER lan\r\nPASS x\r\nLIST\r\nQUIT\r\n", b"220 ready\r\n331 go on\r\n230 welcome\r\n221 bye\r\n"),
    (
        b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\0\x80\0",
        b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0",
    ),
    (b"\0\0\0\x10\xfeSMB\x40\0\0\0\0\0\0\0\0\0\0\0", b"SSH-2.0-x\r\n\0\0\0\x0c\x0a\x15aaaaaaaaaa"),
];

/// One test for all targets: the allocator counts for the whole process.
#[test]
fn targets_stand_changed_seeds_in_bounded_memory() {
    run(fuzz::decoder, &decoder_seeds());
    run(fuzz::connection, &connection_seeds());
    run(fuzz::opening, &opening_seeds());
    let (frames, capture) = capture_seeds();
    run(fuzz::file, &file_seeds());
    run(fuzz::frames, &[frames]);
    run(fuzz::capture, &[capture]);
}

/// The first bytes of what is opened, and a little more.
fn file_seeds() -> Vec<Vec<u8>> {
    let heads: [&[u8]; 8] = [
        b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x05\0\0\0a.exex",
        b"\x1f\x8b\x08\x08\0\0\0\0\0\x03a\0\x4b\x04\0",
        b"MSCF\0\0\0\0\0\0\0\0\0\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\x01\0",
        b"Rar!\x1a\x07\x01\0\0\0\0\0\x0d\x02\0\0\x05\0\0\0\x05b.exe",
        b"Rar!\x1a\x07\0\0\0\x73\0\0\x0d\0\0\0\0\0\0\0\0\0\x74\x04\0\x25\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46\xff\0\0\0",
        b"{\\rtf1{\\*\\template http://a/}{\\*\\objdata 01}}",
    ];
    heads.iter().map(|head| [head, &[0; 600][..]].concat()).collect()
}

fn decoder_seeds() -> Vec<Vec<u8>> {
    (0..ALL.len())
        .flat_map(|choice| {
            OPENINGS.iter().map(move |(client, server)| {
                let choice = [u8::try_from(choice).unwrap_or(0)];
                [&choice[..], &part(false, client), &part(true, server)].concat()
            })
        })
        .collect()
}

fn opening_seeds() -> Vec<Vec<u8>> {
    let both = OPENINGS.iter().flat_map(|(client, server)| [(0, *client), (1, *server)]);
    both.map(|(direction, bytes)| [&[direction, 0, 1, 9], bytes].concat()).collect()
}

fn connection_seeds() -> Vec<Vec<u8>> {
    let segment = |direction: u8, bytes: &[u8]| {
        let length = u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
        [&[direction, flag::ACK, 0, 0][..], &length, bytes].concat()
    };
    OPENINGS.iter().map(|(client, server)| [segment(0, client), segment(1, server)].concat()).collect()
}

/// A web request, as frames and as a capture file.
fn capture_seeds() -> (Vec<u8>, Vec<u8>) {
    let mut connection = Connection::to_port(80);
    let mut packets = connection.open();
    packets.push(connection.packet(true, flag::ACK, OPENINGS[0].0));
    packets.push(connection.packet(false, flag::ACK, OPENINGS[0].1));
    packets.extend(connection.close());
    packets.push((connection.time, ethernet(true, 0x0806, &[0, 1, 8, 0, 6, 4, 0, 1])));
    let mut frames = Vec::new();
    let mut file =
        vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
    for (_, bytes) in &packets {
        let length = u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
        frames.extend([&[0, 1, 0][..], &length, bytes].concat());
        file.extend([&[0; 8][..], &length, &[0; 2], &length, &[0; 2], bytes].concat());
    }
    (frames, file)
}
