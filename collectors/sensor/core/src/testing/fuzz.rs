//! What fuzz targets and their smoke test run: bytes chosen by nobody honest, through one decoder, one connection, all
//! frames, or a whole capture file. What must hold is asserted here; that nothing panics and that memory stays bounded is
//! for the caller to see.

use std::io::Cursor;

use super::packets::{Connection, give, play, tcp};
use super::{Harness, counter, engine};
use crate::context::EventId;
use crate::engine::Engine;
use crate::files::{FileMeta, FileSettings, Files};
use crate::frame::{Frame, Link};
use crate::protocols::recognised::{self, Datagrams, Openings};
use crate::protocols::{ALL, Carrier, Direction, Opening};
use crate::sources::Capture;
use crate::time::Micros;

/// The links that frames come from, by number.
const LINKS: [Link; 8] = [
    Link::Ethernet,
    Link::LinuxSll,
    Link::LinuxSll2,
    Link::RawIp,
    Link::Null,
    Link::Loop,
    Link::CiscoHdlc,
    Link::Ppp,
];

/// Ports that protocols take as hints, and others.
const PORTS: [u16; 8] = [50_000, 53, 80, 443, 445, 161, 389, 3_389];

/// One conversation with one decoder: the first byte names the protocol (its place in [`ALL`]), the rest is a script
/// for [`Harness::script`].
pub fn decoder(bytes: &[u8]) {
    let Some((choice, script)) = bytes.split_first() else { return };
    let protocol = &ALL[usize::from(*choice) % ALL.len()];
    let decoder = (protocol.decoder)();
    let harness = match protocol.carrier {
        Carrier::Stream => Harness::new(decoder),
        Carrier::Datagram => Harness::datagrams(decoder, 1),
    };
    let mut harness = harness.keep_files();
    harness.script(script);
    harness.contents();
    assert_eq!(harness.held(), 0, "{} leaves a file open", protocol.name);
}

/// First bytes of a direction, behind four that choose direction and ports, before everybody who may recognise them, whole
/// and cut short.
pub fn opening(bytes: &[u8]) {
    let Some(([direction, near, far, cut], bytes)) = bytes.split_first_chunk::<4>() else { return };
    let direction = if direction & 1 == 0 { Direction::ToServer } else { Direction::ToClient };
    let ports = (PORTS[usize::from(*near) % PORTS.len()], PORTS[usize::from(*far) % PORTS.len()]);
    for bytes in [bytes, &bytes[..usize::from(*cut).min(bytes.len())]] {
        let opening = Opening { direction, bytes, ports };
        for protocol in ALL {
            (protocol.probe)(&opening);
        }
        let (client, server) = bytes.split_at(bytes.len() / 2);
        let _ = recognised::stream(&Openings { client, server });
        let _ = recognised::stream(&Openings { client: bytes, server: &[] });
        let _ = recognised::datagrams(&Datagrams { direction, bytes, earlier: &[], ports });
    }
}

/// One file of these bytes: typed, hashed and opened, by its whole content and by its head.
pub fn file(bytes: &[u8]) {
    for keep in [true, false] {
        let mut files = Files::new(FileSettings { keep, ..FileSettings::default() });
        let Some(file) = files.open(Micros(0), EventId::of(b"file"), FileMeta::default()) else { return };
        files.data(file, bytes);
        if let Some(closed) = files.close(file, false) {
            let row = closed.row();
            assert!(row.vonggac_file_members.is_none_or(|members| members.len() <= 64));
        }
        assert_eq!(files.held(), 0);
    }
}

/// Segments of one TCP connection, each behind six bytes: direction, flags, offset and length (both 16 bits, little
/// endian). Recognition, reassembly, and every decoder behind them.
pub fn connection(mut bytes: &[u8]) {
    let mut engine = engine();
    let mut connection = Connection::to_port(80);
    play(&mut engine, &connection.open());
    let mut time = connection.time;
    while let Some(([direction, flags, offset @ .., low, high], rest)) = bytes.split_first_chunk::<6>() {
        let (client, server) = connection.ends;
        let (ends, base) =
            if direction & 1 == 0 { ((client, server), 1_001) } else { ((server, client), 5_001) };
        let length = usize::from(u16::from_le_bytes([*low, *high])) % 1_461;
        let (payload, rest) = rest.split_at(length.min(rest.len()));
        let sequence = base + u32::from(u16::from_le_bytes(*offset));
        time += i64::from(*direction) * 1_000;
        give(&mut engine, time, &tcp(direction & 1 == 0, ends, *flags, (sequence, 0), payload));
        bytes = rest;
    }
    engine.finish();
    conserved(&engine);
}

/// Frames, each behind five bytes: the link, the seconds since the one before, its length on the wire beyond what is
/// given, and the bytes given (16 bits).
pub fn frames(mut bytes: &[u8]) {
    let mut engine = engine();
    let mut time = 0_i64;
    while let Some(([link, wait, beyond, low, high], rest)) = bytes.split_first_chunk::<5>() {
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let (frame, rest) = rest.split_at(length.min(rest.len()));
        time += i64::from(*wait) * 1_000_000;
        let length = u32::try_from(frame.len()).unwrap_or(u32::MAX) + u32::from(*beyond);
        let link = LINKS[usize::from(*link) % LINKS.len()];
        engine.frame(&Frame { time: Micros(time), link, bytes: frame, length });
        bytes = rest;
    }
    engine.finish();
    conserved(&engine);
}

/// A capture file, whatever its format and compression, through the whole sensor.
pub fn capture(bytes: &[u8]) {
    let reader = Box::new(Cursor::new(bytes.to_vec()));
    let Ok(mut capture) = Capture::new("fuzz".to_owned(), reader, None) else { return };
    let mut engine = engine();
    while let Ok(Some(frame)) = capture.next_frame() {
        engine.frame(&frame);
        if engine.rows() >= 1_024 {
            engine.take();
            engine.take_files();
        }
    }
    engine.finish();
    conserved(&engine);
}

/// seen = decoded + dropped + malformed.
fn conserved(engine: &Engine) {
    let parts = ["packets.decoded", "packets.dropped", "packets.malformed"];
    let sum: u64 = parts.iter().map(|name| counter(engine, name)).sum();
    assert_eq!(counter(engine, "packets.seen"), sum);
}
