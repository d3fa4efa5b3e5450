//! Floods: whatever comes, memory stays below a stated bound, an honest request in the middle is still decoded, what is
//! refused is counted, and every packet is decoded, dropped or malformed. `cargo test` sends little; with VONGGAC_SOAK in
//! the environment (`make soak`) it is as much as attackers send.

mod allocator;
#[path = "floods/contents.rs"]
mod contents;

use std::sync::{Mutex, MutexGuard};

use arrow_array::cast::AsArray;
use vonggac_core::engine::Engine;
use vonggac_core::testing::packets::{Connection, give, ip, play, tcp, udp};
use vonggac_core::testing::{counter, events, settings};
use vonggac_core::transport::flag;

use allocator::Peak;

/// The allocator counts for the whole process: one flood at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Rows at which they are taken, as the product does.
const ROWS: usize = 8_192;
/// Payload of one segment.
const SEGMENT: usize = 1_400;

/// How much of a flood is sent.
fn amount(small: u32, full: u32) -> u32 {
    if std::env::var_os("VONGGAC_SOAK").is_some() { full } else { small }
}

/// A sensor in a flood.
struct Flood {
    engine: Engine,
    time: i64,
    pace: i64,
    honest: bool,
    peak: Peak,
    began: std::time::Instant,
    _alone: MutexGuard<'static, ()>,
}

impl Flood {
    /// `pace` µs from packet to packet.
    fn new(pace: i64) -> Self {
        let alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let peak = Peak::begin();
        let engine = Engine::new(settings());
        let began = std::time::Instant::now();
        Self { engine, time: 1_000_000_000_000, pace, honest: false, peak, began, _alone: alone }
    }

    fn send(&mut self, frame: &[u8]) {
        give(&mut self.engine, self.time, frame);
        self.time += self.pace;
        if self.engine.rows() >= ROWS {
            self.take();
        }
    }

    /// Looks for the honest request in what is told.
    fn take(&mut self) {
        self.engine.take_files();
        for (dataset, batch) in self.engine.take() {
            if dataset == "http"
                && let Some(paths) = batch.column_by_name("url.path")
            {
                self.honest |= paths.as_string::<i32>().iter().flatten().any(|path| path == "/honest");
            }
        }
    }

    /// One side's bytes of a connection from this client, in full segments.
    fn say(&mut self, connection: &mut Connection, to_server: bool, bytes: &[u8]) {
        for piece in bytes.chunks(SEGMENT) {
            let (_, frame) = connection.packet(to_server, flag::ACK, piece);
            self.send(&frame);
        }
    }

    /// A connection of its own for each number.
    fn open(&mut self, number: u32, port: u16) -> Connection {
        let mut connection = Connection::to_port(port);
        let [_, a, b, c] = number.to_be_bytes();
        connection.ends.0 = ([10, a, b, c], 40_000).into();
        for (_, frame) in connection.open() {
            self.send(&frame);
        }
        connection
    }

    /// Everybody else's request, which must be seen.
    fn honest_request(&mut self) {
        let mut connection = Connection::to_port(80);
        connection.time = self.time;
        play(&mut self.engine, &connection.open());
        let request = connection.packet(true, flag::ACK, b"GET /honest HTTP/1.1\r\nHost: a.example\r\n\r\n");
        let answer = connection.packet(false, flag::ACK, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        play(&mut self.engine, &[request, answer]);
        play(&mut self.engine, &connection.close());
        self.time = connection.time;
    }

    /// Ends it and looks at what must hold: `bound` MiB at most, and something counted under each of `refusals`: counters,
    /// or anomalies of the flood's first flow.
    fn ends(mut self, name: &str, bound: usize, refusals: &[&str]) {
        self.take();
        let frames = counter(&self.engine, "packets.seen");
        let before_end = self.peak.cost();
        self.engine.finish();
        let told = if self.engine.rows() < 4 * ROWS { events(&mut self.engine) } else { Vec::new() };
        self.honest |= told.iter().any(|event| event.get("url.path").is_some_and(|path| path == "/honest"));
        let seconds = self.began.elapsed().as_secs_f64();
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("{name}: {frames} frames, {seconds:.1} s, {} KiB at most\n", before_end >> 10).as_bytes(),
        );
        assert!(before_end < bound << 20, "{name}: {} MiB", before_end >> 20);
        assert!(self.honest, "{name}: the honest request was lost");
        let parts = ["packets.decoded", "packets.dropped", "packets.malformed"];
        let sum: u64 = parts.iter().map(|name| counter(&self.engine, name)).sum();
        assert_eq!(counter(&self.engine, "packets.seen"), sum, "{name}");
        for refusal in refusals {
            let noted =
                told.iter().any(|event| event.get("vonggac.anomaly.name").is_some_and(|n| n == refusal));
            assert!(noted || counter(&self.engine, refusal) > 0, "{name}: {refusal} says nothing");
        }
    }
}

#[test]
fn openings_of_distinct_tuples() {
    let mut flood = Flood::new(10);
    let count = amount(90_000, 10_000_000);
    for number in 0..count {
        let [a, b, c, d] = number.to_be_bytes();
        let client = ([10, b, c, d], 1_024 + u16::from(a)).into();
        flood.send(&tcp(true, (client, ([203, 0, 113, 9], 443).into()), flag::SYN, (number, 0), b""));
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("SYN flood", 160, &["flows.evicted"]);
}

#[test]
fn questions_of_random_names() {
    let mut flood = Flood::new(50);
    let count = amount(30_000, 3_000_000);
    for number in 0..count {
        // Half of them through one resolver, half from ends of their own.
        let source = if number % 2 == 0 { 53_053 } else { 1_024 + (number % 60_000) as u16 };
        let ends = (([10, 20, 7, 53], source).into(), ([203, 0, 113, 9], 53).into());
        flood.send(&udp(true, ends.0, ends.1, &contents::question(number)));
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("DNS of random names", 160, &[]);
}

#[test]
fn half_open_transactions() {
    let mut flood = Flood::new(10);
    let count = amount(3_000, 100_000);
    let head = [b"POST /x HTTP/1.1\r\nHost: a.example\r\nX-A: ".as_slice(), &[b'a'; 1_200]].concat();
    for number in 0..count {
        let mut connection = flood.open(number, 80);
        flood.say(&mut connection, true, &head);
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("half-open HTTP", 512, &[]);
}

#[test]
fn pipelines_without_answers() {
    let mut flood = Flood::new(10);
    let count = amount(1_000, 100_000);
    let mut connection = flood.open(1, 80);
    let requests = b"GET /p HTTP/1.1\r\nHost: a.example\r\n\r\n".repeat(30);
    for number in 0..count {
        flood.say(&mut connection, true, &requests);
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("HTTP pipelines", 64, &["http-pipeline-overflow"]);
}

#[test]
fn bombs() {
    let bombs = contents::bombs(amount(8 << 20, 100 << 20) as usize);
    let mut flood = Flood::new(10);
    let rounds = amount(1, 25);
    for number in 0..rounds {
        for (place, (coding, body)) in bombs.iter().enumerate() {
            let mut connection = flood.open(number * 16 + place as u32, 80);
            flood.say(&mut connection, true, b"GET /b HTTP/1.1\r\nHost: a.example\r\n\r\n");
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            flood.say(&mut connection, false, &[head.as_bytes(), body].concat());
        }
        if number == rounds / 2 {
            flood.honest_request();
        }
        // The scanner takes what was carried, up to 16 MiB of each.
        flood.take();
    }
    flood.ends("bombs", 192, &["http-decompression-bomb"]);
}

#[test]
fn giant_heads() {
    let mut flood = Flood::new(10);
    let count = amount(20, 3_000);
    let mut head = b"GET /g HTTP/1.1\r\n".to_vec();
    for number in 0..600 {
        head.extend(format!("X-{number}: ").into_bytes());
        head.extend([b'v'; 400]);
        head.extend(b"\r\n");
    }
    head.extend(b"X-Long: ");
    head.extend([b'w'; 200_000]);
    for number in 0..count {
        let mut connection = flood.open(number, 80);
        flood.say(&mut connection, true, &head);
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("giant heads", 256, &[]);
}

#[test]
fn compounds() {
    let mut flood = Flood::new(10);
    let count = amount(20, 4_000);
    let mut connection = flood.open(1, 445);
    for number in 0..count {
        flood.say(&mut connection, true, &contents::compound(800, u64::from(number) * 800));
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("SMB compounds", 64, &["smb-long-compound"]);
}

#[test]
fn chains_of_certificates() {
    let mut flood = Flood::new(10);
    let rounds = amount(1, 50);
    for number in 0..rounds {
        let mut connection = flood.open(number, 443);
        let (hello, chain) = contents::chain(amount(500_000, 16_000_000) as usize);
        flood.say(&mut connection, true, &hello);
        flood.say(&mut connection, false, &chain);
        if number == rounds / 2 {
            flood.honest_request();
        }
    }
    flood.ends("certificate chains", 128, &["tls-oversized-handshake"]);
}

#[test]
fn announced_connections() {
    let mut flood = Flood::new(10);
    let count = amount(6_000, 500_000);
    let mut connection = flood.open(1, 21);
    flood.say(&mut connection, false, b"220 ready\r\n");
    for number in 0..count {
        let [_, _, high, low] = number.to_be_bytes();
        flood.say(&mut connection, true, b"PASV\r\n");
        let answer = format!("227 Entering Passive Mode (203,0,113,9,{},{low})\r\n", high | 0x80);
        flood.say(&mut connection, false, answer.as_bytes());
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("FTP announcements", 64, &["expectations.expired"]);
}

#[test]
fn tunnels_in_tunnels() {
    let mut flood = Flood::new(10);
    let count = amount(3_000, 500_000);
    let (client, server) = ([10, 20, 7, 31].into(), [203, 0, 113, 9].into());
    for number in 0..count {
        let [_, a, b, c] = number.to_be_bytes();
        let mut frame = ip(true, [10, a, b, c].into(), server, 17, &[0x30, 0x39, 0, 9, 0, 8, 0, 0]);
        for _ in 0..40 {
            frame = ip(true, client, server, 4, &frame[14..]);
        }
        flood.send(&frame);
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("tunnels in tunnels", 64, &["tunnels.too_deep"]);
}

#[test]
fn fragments_of_nothing() {
    let mut flood = Flood::new(10);
    let count = amount(20_000, 2_000_000);
    let mut frame = ip(true, [10, 0, 0, 1].into(), [203, 0, 113, 9].into(), 17, &[0; SEGMENT]);
    for number in 0..count {
        let [_, a, b, c] = number.to_be_bytes();
        // Source, identification, offset: 14 bytes of Ethernet stand before.
        frame[14 + 12..14 + 16].copy_from_slice(&[10, 0, 0, a]);
        frame[14 + 4..14 + 6].copy_from_slice(&[b, c & 0xf8]);
        let field = 0x2000 | u16::from(c & 7) * 175;
        frame[14 + 6..14 + 8].copy_from_slice(&field.to_be_bytes());
        flood.send(&frame);
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("fragments", 32, &["fragments.expired"]);
}

#[test]
fn letters_of_many_parts() {
    let mut flood = Flood::new(10);
    let rounds = amount(2, 400);
    let letter = contents::letter(3_000);
    for number in 0..rounds {
        let mut connection = flood.open(number, 25);
        flood.say(&mut connection, false, b"220 far.example ESMTP\r\n");
        flood.say(
            &mut connection,
            true,
            b"EHLO lan\r\nMAIL FROM:<a@lan.example>\r\nRCPT TO:<b@far.example>\r\nDATA\r\n",
        );
        flood.say(&mut connection, false, b"250 far.example\r\n250 ok\r\n250 ok\r\n354 go on\r\n");
        flood.say(&mut connection, true, &letter);
        flood.say(&mut connection, false, b"250 taken\r\n");
        if number == rounds / 2 {
            flood.honest_request();
        }
    }
    flood.ends("MIME parts", 128, &["mime-many-parts"]);
}

#[test]
fn segments_ahead_of_many_connections() {
    let mut flood = Flood::new(10);
    let count = amount(200, 3_000);
    for number in 0..count {
        let mut connection = flood.open(number, 80);
        flood.say(&mut connection, true, b"GET /a HTTP/1.1\r\n");
        connection.next[0] += 1_000;
        for _ in 0..30 {
            flood.say(&mut connection, true, &[b'a'; SEGMENT]);
        }
        if number == count / 2 {
            flood.honest_request();
        }
    }
    flood.ends("segments ahead", 192, &["stream.reordered"]);
}
