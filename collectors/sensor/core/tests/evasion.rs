//! What is sent for a sensor to misunderstand, while the receiver does not: below the protocols. Tricks inside a protocol
//! (chunks, folded headers, pointers of names, odd ends of lines) stand with that protocol's tests.

// Numbers here are of our own making, and a test may fail by panicking.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::net::IpAddr;

use vonggac_core::engine::Engine;
use vonggac_core::testing::packets::{Connection, ethernet, give, play, sealed, tcp, udp};
use vonggac_core::testing::{ReadableEvent, counter, engine, events};
use vonggac_core::transport::flag;

const REQUEST: &[u8] = b"GET /true HTTP/1.1\r\nHost: a.example\r\n\r\n";
const FORGED: &[u8] = b"GET /lies HTTP/1.1\r\nHost: b.example\r\n\r\n";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// Where the TTL and the first flags of TCP stand in a frame of these tests.
const TTL_AT: usize = 14 + 8;

/// A connection to a web server, and the sensor that watches it.
struct Scene {
    engine: Engine,
    connection: Connection,
}

impl Scene {
    fn new(port: u16) -> Self {
        let (mut engine, mut connection) = (engine(), Connection::to_port(port));
        play(&mut engine, &connection.open());
        Self { engine, connection }
    }

    fn say(&mut self, to_server: bool, bytes: &[u8]) {
        let (time, packet) = self.connection.packet(to_server, flag::ACK, bytes);
        give(&mut self.engine, time, &packet);
    }

    /// A packet that its receiver never takes: it moves nothing at the ends. `offset` from what is next.
    fn forge(&mut self, to_server: bool, flags: u8, offset: u32, bytes: &[u8]) -> Vec<u8> {
        let (client, server) = self.connection.ends;
        let ends = if to_server { (client, server) } else { (server, client) };
        let (side, other) = if to_server { (0, 1) } else { (1, 0) };
        let next = self.connection.next;
        tcp(to_server, ends, flags, (next[side].wrapping_add(offset), next[other]), bytes)
    }

    fn give(&mut self, packet: &[u8]) {
        give(&mut self.engine, self.connection.time, packet);
    }

    /// The true request, its acknowledgement and its answer.
    fn talk(&mut self) {
        self.say(true, REQUEST);
        self.say(false, b"");
        self.say(false, ANSWER);
        self.say(true, b"");
    }

    fn ended(mut self) -> Told {
        self.engine.finish();
        let parts = ["packets.decoded", "packets.dropped", "packets.malformed"];
        let sum: u64 = parts.iter().map(|name| counter(&self.engine, name)).sum();
        assert_eq!(counter(&self.engine, "packets.seen"), sum);
        Told(events(&mut self.engine), self.engine)
    }
}

struct Told(Vec<ReadableEvent>, Engine);

impl Told {
    fn of(&self, dataset: &str, field: &str) -> Vec<&str> {
        let rows = self.0.iter().filter(|event| event["event.dataset"] == dataset);
        rows.map(|event| event.get(field).map_or("", String::as_str)).collect()
    }

    fn paths(&self) -> Vec<&str> {
        self.of("http", "url.path")
    }

    fn anomalies(&self) -> Vec<&str> {
        self.of("anomaly", "vonggac.anomaly.name")
    }
}

#[test]
fn a_segment_that_dies_before_the_server_does_not_win() {
    let mut scene = Scene::new(80);
    let mut packet = scene.forge(true, flag::ACK, 0, FORGED);
    packet[TTL_AT] = 3;
    scene.give(&packet);
    scene.talk();
    let told = scene.ended();
    assert_eq!((told.paths(), told.anomalies()), (vec!["/true"], vec!["tcp-low-ttl"]));
}

#[test]
fn a_segment_without_ack_does_not_win() {
    let mut scene = Scene::new(80);
    let packet = scene.forge(true, 8, 0, FORGED);
    scene.give(&packet);
    scene.talk();
    let told = scene.ended();
    assert_eq!((told.paths(), told.anomalies()), (vec!["/true"], vec!["tcp-without-ack"]));
}

/// Where the checksum of TCP stands.
const SUM_AT: usize = 14 + 20 + 16;

/// A connection whose packets are as on the wire, and what `forge` puts before the true request. Only with `sound` do its
/// packets have right checksums; else the network card was still to write them, or wrote nonsense.
fn with_forged(sound: bool, forged: &[u8], flags: u8) -> Told {
    let seal = |mut packet: Vec<u8>| {
        packet = sealed(packet);
        if !sound {
            packet[SUM_AT] ^= 0x55;
        }
        packet
    };
    let (mut engine, mut connection) = (engine(), Connection::to_port(80));
    for (time, packet) in connection.open() {
        give(&mut engine, time, &seal(packet));
    }
    let mut scene = Scene { engine, connection };
    let mut packet = sealed(scene.forge(true, flags, 0, forged));
    packet[SUM_AT] ^= 0x55;
    scene.give(&packet);
    for (to_server, bytes) in [(true, REQUEST), (false, b""), (false, ANSWER), (true, b"")] {
        let (time, packet) = scene.connection.packet(to_server, flag::ACK, bytes);
        give(&mut scene.engine, time, &seal(packet));
    }
    scene.ended()
}

#[test]
fn segments_with_wrong_checksums_do_not_win_where_others_are_right() {
    for (forged, flags) in [(FORGED, flag::ACK), (b"", flag::RST | flag::ACK), (b"", flag::FIN | flag::ACK)] {
        let told = with_forged(true, forged, flags);
        assert_eq!((told.paths(), told.anomalies()), (vec!["/true"], vec!["tcp-bad-checksum"]));
        assert_eq!(told.of("flow", "vonggac.source.bad_checksums"), ["1"]);
        assert_eq!(told.of("flow", "vonggac.destination.bad_checksums"), [""]);
    }
}

#[test]
fn a_side_whose_checksums_are_all_wrong_is_read() {
    let told = with_forged(false, b"", flag::ACK);
    assert_eq!((told.paths(), told.anomalies()), (vec!["/true"], vec![]));
    assert_eq!(told.of("http", "http.response.status_code"), ["200"]);
}

#[test]
fn what_is_acknowledged_is_read_whatever_its_checksum() {
    // As in captures that were edited: some packets have wrong checksums, and are answered all the same.
    let (mut engine, mut connection) = (engine(), Connection::to_port(80));
    for (time, packet) in connection.open() {
        give(&mut engine, time, &sealed(packet));
    }
    let mut scene = Scene { engine, connection };
    for _ in 0..3 {
        for (to_server, bytes) in [(true, REQUEST), (false, b""), (false, ANSWER), (true, b"")] {
            let (time, packet) = scene.connection.packet(to_server, flag::ACK, bytes);
            let mut packet = sealed(packet);
            packet[SUM_AT] ^= if bytes.is_empty() { 0 } else { 0x55 };
            give(&mut scene.engine, time, &packet);
        }
    }
    let told = scene.ended();
    assert_eq!(told.paths(), ["/true"; 3]);
    assert_eq!(told.of("http", "http.response.status_code"), ["200"; 3]);
    assert_eq!(counter(&told.1, "stream.doubted"), 2);
}

#[test]
fn datagrams_with_wrong_checksums_are_not_read_where_others_are_right() {
    let mut engine = engine();
    for (time, name, wrong) in [(0, b"aaaaaaaaa", false), (1, b"liesliesx", true), (2, b"bbbbbbbbb", false)] {
        let mut packet = sealed(question(name));
        packet[14 + 20 + 6] ^= if wrong { 0x55 } else { 0 };
        give(&mut engine, 1_000_000_000_000 + time, &packet);
    }
    engine.finish();
    let told = Told(events(&mut engine), engine);
    assert_eq!(told.of("dns", "dns.question.name"), ["aaaaaaaaa.example", "bbbbbbbbb.example"]);
    assert_eq!(told.anomalies(), ["udp-bad-checksum"]);
}

#[test]
fn packets_that_come_another_way_are_not_lost() {
    // Low from the second packet on, whether anybody acknowledges them or not.
    for acknowledged in [true, false] {
        let mut scene = Scene::new(80);
        for _ in 0..40 {
            let (time, mut packet) = scene.connection.packet(true, flag::ACK, REQUEST);
            packet[TTL_AT] = 50;
            give(&mut scene.engine, time, &packet);
            if acknowledged {
                scene.say(false, ANSWER);
            }
        }
        let told = scene.ended();
        assert_eq!(told.paths(), ["/true"; 40]);
        assert_eq!(counter(&told.1, "stream.doubted"), if acknowledged { 1 } else { 40 });
    }
}

#[test]
fn a_forged_reset_ends_nothing() {
    // Far from where its sender is; or at the right place but never taken by the server.
    for (offset, name) in [(0x1000_0000, "tcp-reset-out-of-window"), (0, "tcp-reset-ignored")] {
        let mut scene = Scene::new(80);
        scene.talk();
        let reset = scene.forge(true, flag::RST, offset, b"");
        scene.give(&reset);
        scene.talk();
        scene.connection.time += 600_000_000;
        scene.talk();
        let told = scene.ended();
        assert_eq!((told.paths(), told.anomalies()), (vec!["/true"; 3], vec![name]));
        assert_eq!(told.of("flow", "vonggac.flow.end_reason"), ["input"]);
    }
}

#[test]
fn silence_behind_an_abort_that_was_not_believed_ends_the_connection() {
    let mut scene = Scene::new(80);
    scene.talk();
    let reset = scene.forge(true, flag::RST, 0x1000_0000, b"");
    scene.give(&reset);
    scene.connection.time += 1_000_000_000;
    scene.talk();
    let told = scene.ended();
    assert_eq!(told.paths(), vec!["/true"; 2]);
    assert_eq!(told.of("flow", "vonggac.flow.end_reason"), ["idle", "input"]);
}

#[test]
fn a_forged_refusal_refuses_nothing() {
    let (mut engine, mut connection) = (engine(), Connection::to_port(80));
    let open = connection.open();
    give(&mut engine, open[0].0, &open[0].1);
    let (client, server) = connection.ends;
    let refusal = tcp(false, (server, client), flag::RST | flag::ACK, (0, 1_001), b"");
    give(&mut engine, open[0].0, &refusal);
    play(&mut engine, &open[1..]);
    let mut scene = Scene { engine, connection };
    scene.connection.time += 60_000_000;
    scene.talk();
    let told = scene.ended();
    assert_eq!((told.paths(), told.anomalies()), (vec!["/true"], vec!["tcp-reset-ignored"]));
    assert_eq!(told.of("flow", "vonggac.flow.end_reason"), ["input"]);
}

#[test]
fn forged_ends_of_both_sides_end_nothing() {
    for (offset, name) in [(0x1000_0000, "tcp-fin-out-of-window"), (0, "tcp-data-after-fin")] {
        let mut scene = Scene::new(80);
        scene.talk();
        for to_server in [true, false] {
            let fin = scene.forge(to_server, flag::FIN | flag::ACK, offset, b"");
            scene.give(&fin);
        }
        scene.talk();
        scene.connection.time += 600_000_000;
        scene.talk();
        let told = scene.ended();
        assert_eq!((told.paths(), told.anomalies()), (vec!["/true"; 3], vec![name]));
        assert_eq!(told.of("flow", "vonggac.flow.end_reason"), ["input"]);
    }
}

#[test]
fn nobody_makes_the_sensor_jump_ahead() {
    let mut scene = Scene::new(80);
    scene.talk();
    // More than is held, all of it behind a hole that the true request is about to fill.
    for number in 0..600 {
        let packet = scene.forge(true, flag::ACK, 400 + 2 * number, b"x");
        scene.give(&packet);
    }
    scene.talk();
    let packet = scene.forge(true, flag::ACK, 0x6000_0000, FORGED);
    scene.give(&packet);
    scene.talk();
    let told = scene.ended();
    assert_eq!(told.paths()[..3], ["/true"; 3]);
    assert_eq!(told.anomalies()[..2], ["tcp-too-far-ahead", "tcp-sequence-jump"]);
    assert!(counter(&told.1, "stream.limits.held") > 0);
}

#[test]
fn the_first_copy_wins_in_segments() {
    let mut scene = Scene::new(80);
    let half = REQUEST.len() / 2;
    for bytes in [&REQUEST[half..], &FORGED[half..]] {
        let packet = scene.forge(true, flag::ACK, u32::try_from(half).unwrap(), bytes);
        scene.give(&packet);
    }
    scene.talk();
    let told = scene.ended();
    assert_eq!(told.of("http", "url.domain"), ["a.example"]);
    assert_eq!(told.anomalies(), ["tcp-overlap-differs"]);
}

#[test]
fn urgent_data_is_told_and_stays_where_it_is() {
    let mut scene = Scene::new(80);
    let (time, packet) = scene.connection.packet(true, flag::ACK | flag::URG, REQUEST);
    give(&mut scene.engine, time, &packet);
    let told = scene.ended();
    assert_eq!((told.paths(), told.anomalies()), (vec!["/true"], vec!["tcp-urgent"]));
}

/// A question about this name (of 9 letters), as a UDP datagram in a frame.
fn question(name: &[u8; 9]) -> Vec<u8> {
    let (client, server) = (([10, 20, 7, 31], 50_000).into(), ([203, 0, 113, 9], 53).into());
    let head = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x09";
    udp(true, client, server, &[&head[..], name, b"\x07example\0\0\x01\0\x01"].concat())
}

/// A part of that datagram as a fragment.
fn fragment(frame: &[u8], from: usize, to: usize, more: bool) -> Vec<u8> {
    let payload = &frame[34..];
    let mut packet = frame[14..34].to_vec();
    let field = u16::try_from(from / 8).unwrap() | if more { 0x2000 } else { 0 };
    let length = u16::try_from(20 + to - from).unwrap();
    packet[2..4].copy_from_slice(&length.to_be_bytes());
    packet[4..6].copy_from_slice(&[7, 7]);
    packet[6..8].copy_from_slice(&field.to_be_bytes());
    ethernet(true, 0x0800, &[&packet, &payload[from..to]].concat())
}

#[test]
fn the_first_copy_wins_in_fragments() {
    let (first, second) = (question(b"truthtell"), question(b"liesliesl"));
    let end = first.len() - 34;
    let mut engine = engine();
    let parts = [
        fragment(&first, 16, 32, true),
        fragment(&second, 16, 32, true),
        fragment(&second, 24, end, false),
        fragment(&first, 0, 16, true),
    ];
    for part in &parts {
        give(&mut engine, 0, part);
    }
    engine.finish();
    let told = Told(events(&mut engine), engine);
    assert_eq!(told.of("dns", "dns.question.name"), ["truthtell.example"]);
    assert_eq!(told.anomalies(), ["ip-fragments-overlap"]);
    assert_eq!(counter(&told.1, "fragments.overlapping"), 2);
}

#[test]
fn a_flood_of_fragments_does_not_keep_others_out() {
    let mut engine = engine();
    let (source, destination) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([203, 0, 113, 9]));
    for number in 0..9_000_u16 {
        let frame = vonggac_core::testing::packets::ip(true, source, destination, 17, &[0; 1_400]);
        let mut part = fragment(&frame, 0, 1_400, true);
        let (id, at) = ((number / 12).to_be_bytes(), (number % 12 * 200) | 0x2000);
        part[18..20].copy_from_slice(&id);
        part[20..22].copy_from_slice(&at.to_be_bytes());
        give(&mut engine, 0, &part);
    }
    let asked = question(b"truthtell");
    give(&mut engine, 1, &fragment(&asked, 0, 24, true));
    give(&mut engine, 2, &fragment(&asked, 24, asked.len() - 34, false));
    engine.finish();
    let told = Told(events(&mut engine), engine);
    assert_eq!(told.of("dns", "dns.question.name"), ["truthtell.example"]);
    assert!(counter(&told.1, "fragments.expired") > 0);
}

/// The opening of TLS 1.3 with a server's name, without a record around it.
fn hello() -> Vec<u8> {
    let name = b"\0\0\0\x13\0\x11\0\0\x0esecret.example";
    let body = [&[3, 3][..], &[7; 32], b"\0\0\x04\x13\x01\x13\x02\x01\0\0", &[23], name].concat();
    [&[1, 0, 0, u8::try_from(body.len()).unwrap()][..], &body].concat()
}

#[test]
fn an_opening_of_tls_in_small_pieces_is_one() {
    let hello = hello();
    let records = |size: usize| -> Vec<u8> {
        let pieces = hello.chunks(size);
        pieces
            .flat_map(|piece| [&[22, 3, 1, 0, u8::try_from(piece.len()).unwrap()], piece].concat())
            .collect()
    };
    let mut fingerprints = Vec::new();
    for (record, segment) in [(200, 1_000), (1, 1_000), (200, 1), (7, 3)] {
        let mut scene = Scene::new(443);
        for piece in records(record).chunks(segment) {
            scene.say(true, piece);
        }
        let told = scene.ended();
        assert_eq!(told.of("tls", "tls.client.server_name"), ["secret.example"], "records of {record}");
        fingerprints.extend(told.of("tls", "tls.client.ja4").iter().map(|text| (*text).to_owned()));
    }
    assert!(fingerprints.iter().all(|fingerprint| *fingerprint == fingerprints[0]));
}

#[test]
fn commands_of_mail_in_small_pieces_are_the_same() {
    let client = b"EHLO lan\r\nMAIL FROM:<a@lan.example>\r\nRCPT TO:<b@far.example>\r\nDATA\r\n";
    let mut told = Vec::new();
    for size in [1, 3, 1_000] {
        let mut scene = Scene::new(25);
        scene.say(false, b"220 far.example ESMTP\r\n");
        for piece in client.chunks(size) {
            scene.say(true, piece);
        }
        for answer in ["250 far.example\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"] {
            scene.say(false, answer.as_bytes());
        }
        for piece in b"Subject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n".chunks(size) {
            scene.say(true, piece);
        }
        scene.say(false, b"250 taken\r\n221 bye\r\n");
        let all = scene.ended();
        let fields = ["vonggac.smtp.from", "vonggac.smtp.to", "email.subject", "event.outcome"];
        let row: Vec<String> = fields.iter().map(|field| all.of("smtp", field).join("|")).collect();
        told.push(row);
    }
    assert!(
        told[0].iter().any(|value| value.contains("a@lan.example")) || !told[0][2].is_empty(),
        "{told:?}"
    );
    assert_eq!((&told[0], &told[1]), (&told[2], &told[2]));
}

#[test]
fn pointers_of_names_that_never_end_end() {
    for pointer in [b"\xc0\x0c".as_slice(), b"\xc0\x0e\xc0\x0c", b"\x01a\xc0\x0c", b"\xff\xff"] {
        let (client, server) = (([10, 20, 7, 31], 50_000).into(), ([203, 0, 113, 9], 53).into());
        let message = [b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0", pointer, b"\0\x01\0\x01"].concat();
        let mut engine = engine();
        give(&mut engine, 0, &question(b"truthtell"));
        give(&mut engine, 1, &udp(true, client, server, &message));
        engine.finish();
        let told = Told(events(&mut engine), engine);
        assert!(told.of("dns", "dns.question.name").contains(&"truthtell.example"));
        assert!(!told.anomalies().is_empty(), "{pointer:x?}");
    }
}
