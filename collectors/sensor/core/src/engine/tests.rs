//! Frames in, events out: golden events of packets made by hand, and what must hold for any packets.

use std::net::SocketAddr;

use proptest::prelude::*;

use super::{Engine, EngineSettings};
use crate::flow::{TCP_ATTEMPT_IDLE, UDP_IDLE, UPDATE_EVERY};
use crate::frame::{Frame, Link};
use crate::protocols::template::IDENT;
use crate::testing::packets::{CLIENT_MAC, Connection, ethernet, give, ip, play, udp};
use crate::testing::{ReadableEvent, counter, engine, events, settings};
use crate::time::Micros;
use crate::transport::flag;

const NOW: i64 = 1_000_000_000_000;

fn ends() -> (SocketAddr, SocketAddr) {
    (([10, 20, 7, 31], 50_000).into(), ([203, 0, 113, 9], 53).into())
}

/// Compares an event with `golden/NAME.txt`; with VONGGAC_GOLDEN=write in the environment, writes it instead.
fn golden(name: &str, event: &ReadableEvent) {
    let told: String = event.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/engine/golden")
        .join(format!("{name}.txt"));
    if std::env::var_os("VONGGAC_GOLDEN").is_some() {
        std::fs::write(&path, &told).unwrap();
    }
    assert_eq!(told, std::fs::read_to_string(&path).unwrap());
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

/// seen = decoded + dropped + malformed.
fn is_conserved(engine: &Engine) -> bool {
    let parts = ["packets.decoded", "packets.dropped", "packets.malformed"];
    counter(engine, "packets.seen") == parts.iter().map(|name| counter(engine, name)).sum::<u64>()
}

#[test]
fn a_whole_connection_is_one_flow() {
    let mut engine = Engine::with_registry(settings(), &[IDENT]);
    let mut connection = Connection::to_port(113);
    play(&mut engine, &connection.open());
    let question = connection.packet(true, flag::ACK, b"6193, 23\r\n");
    let answer = connection.packet(false, flag::ACK, b"6193, 23 : USERID : UNIX : stjohns\r\n");
    play(&mut engine, &[question.clone(), question, answer]);
    play(&mut engine, &connection.close());
    engine.finish();
    let found = events(&mut engine);
    assert_eq!(found.len(), 1);
    golden("connection", &found[0]);
    assert!(is_conserved(&engine));
}

#[test]
fn a_datagram_and_its_answer_are_one_flow() {
    let mut engine = engine();
    let (client, server) = ends();
    give(&mut engine, NOW, &udp(true, client, server, b"question"));
    give(&mut engine, NOW + 15_000, &udp(false, server, client, b"answer, longer"));
    engine.finish();
    let found = events(&mut engine);
    assert_eq!(found.len(), 1);
    golden("datagrams", &found[0]);
}

#[test]
fn pings_are_a_flow_and_an_icmp_event() {
    let mut engine = engine();
    let (client, server) = (ends().0.ip(), ends().1.ip());
    for sequence in 0..3 {
        let message = |kind: u8, content: &[u8]| [&[kind, 0, 0, 0, 0, 7, 0, sequence][..], content].concat();
        let time = NOW + i64::from(sequence) * 1_000_000;
        give(&mut engine, time, &ip(true, client, server, 1, &message(8, b"abcdefgh")));
        let answer = if sequence == 2 { b"SECRETS!" } else { b"abcdefgh" };
        give(&mut engine, time + 9, &ip(false, server, client, 1, &message(0, answer)));
    }
    engine.finish();
    let found = events(&mut engine);
    assert_eq!(of(&found, "flow").len(), 1);
    golden("icmp", of(&found, "icmp")[0]);
}

#[test]
fn arp_messages_are_events() {
    let mut engine = engine();
    let mut message = vec![0, 1, 8, 0, 6, 4, 0, 2];
    message.extend(CLIENT_MAC);
    message.extend([10, 20, 7, 31, 0, 0, 0, 0, 0, 0, 10, 20, 7, 31]);
    give(&mut engine, NOW, &ethernet(true, 0x0806, &message));
    give(&mut engine, NOW, &ethernet(true, 0x0806, &message));
    let found = events(&mut engine);
    golden("arp", &found[0]);
    assert_ne!(found[0]["event.id"], found[1]["event.id"]);
}

#[test]
fn the_client_is_found_midstream() {
    let mut engine = engine();
    let mut connection = Connection::to_port(443);
    let (time, bytes) = connection.packet(false, flag::ACK, b"from the server");
    give(&mut engine, time, &bytes);
    let (client, server) = ends();
    give(&mut engine, NOW, &udp(false, server, client, b"an answer"));
    engine.finish();
    let found = events(&mut engine);
    for flow in of(&found, "flow") {
        assert_eq!(flow["source.ip"], "10.20.7.31");
        assert_eq!(flow["source.mac"], "00:1b:21:00:00:01");
        assert_eq!(flow["vonggac.flow.midstream"], "true");
        assert_eq!((flow["source.packets"].as_str(), flow["destination.packets"].as_str()), ("0", "1"));
    }
    assert_eq!(of(&found, "flow")[0]["vonggac.flow.state"], "OTH");
}

#[test]
fn what_is_said_tells_the_client_midstream() {
    let mut engine = Engine::with_registry(settings(), &[IDENT]);
    let mut connection = Connection::to_port(113);
    connection.ends = (([10, 20, 7, 31], 100).into(), ([203, 0, 113, 9], 7_000).into());
    let packets =
        [connection.packet(true, flag::ACK, b""), connection.packet(true, flag::ACK, b"6193, 23\r\n")];
    play(&mut engine, &packets);
    engine.finish();
    let found = events(&mut engine);
    let flow = of(&found, "flow")[0];
    assert_eq!(
        (flow["source.ip"].as_str(), flow["source.mac"].as_str()),
        ("10.20.7.31", "00:1b:21:00:00:01")
    );
    assert_eq!((flow["source.packets"].as_str(), flow["vonggac.flow.history"].as_str()), ("2", "AD"));
    assert_eq!((flow["vonggac.flow.sizes"].as_str(), flow["network.protocol"].as_str()), ("[10]", "ident"));
}

#[test]
fn data_of_a_syn_counts_only_if_the_server_took_it() {
    let question = b"6193, 23\r\n";
    for (taken, sent_again, expected) in
        [(question.len() as u32, &b""[..], Some("ident")), (0, &b"other data, unlike\r\n"[..], None)]
    {
        let mut engine = Engine::with_registry(settings(), &[IDENT]);
        let mut connection = Connection::to_port(113);
        let syn = connection.packet(true, flag::SYN, question);
        connection.next[0] = 1_001 + taken;
        let granted = connection.packet(false, flag::SYN | flag::ACK, b"");
        let more = connection.packet(true, flag::ACK, sent_again);
        play(&mut engine, &[syn, granted, more]);
        engine.finish();
        let found = events(&mut engine);
        let flow = of(&found, "flow")[0];
        assert_eq!(flow.get("network.protocol").map(String::as_str), expected);
        assert_eq!(flow["vonggac.flow.state"], "S1");
    }
}

#[test]
fn echoes_of_an_end_are_no_flows() {
    let mut engine = engine();
    let mut connection = Connection::to_port(80);
    play(&mut engine, &connection.open());
    play(&mut engine, &connection.close());
    // A FIN that is not acknowledged comes again, each time later.
    connection.next[1] -= 1;
    let (time, fin) = connection.packet(false, flag::FIN | flag::ACK, b"");
    for seconds in [1, 4, 11, 25, 50] {
        give(&mut engine, time + seconds * 1_000_000, &fin);
    }
    give(&mut engine, time + 160_000_000, &fin);
    connection.time = time + 200_000_000;
    let late = connection.packet(true, flag::ACK, b"a new message of an old connection");
    play(&mut engine, &[late]);
    engine.finish();
    let found = events(&mut engine);
    let told: Vec<_> = of(&found, "flow").iter().map(|flow| flow["destination.packets"].as_str()).collect();
    assert_eq!((told, counter(&engine, "flows.echoes")), (vec!["7", "0"], 1));
}

#[test]
fn silence_ends_flows_by_packet_time_alone() {
    let mut engine = engine();
    let (client, server) = ends();
    give(&mut engine, NOW, &udp(true, client, server, b"a"));
    give(&mut engine, NOW + UDP_IDLE, &udp(true, client, server, b"b"));
    give(&mut engine, NOW + 3 * UDP_IDLE, &udp(true, client, server, b"c"));
    let found = events(&mut engine);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["vonggac.flow.end_reason"], "idle");
    assert_eq!(found[0]["source.packets"], "2");
    engine.advance(Micros(NOW + 4 * UDP_IDLE + 1_000_000));
    assert_eq!(events(&mut engine).len(), 1);
}

#[test]
fn unanswered_attempts_end_soon() {
    let mut engine = engine();
    let mut connection = Connection::to_port(445);
    play(&mut engine, &[connection.packet(true, flag::SYN, b"")]);
    engine.advance(Micros(NOW + TCP_ATTEMPT_IDLE + 1_000_000));
    let found = events(&mut engine);
    assert_eq!((found[0]["vonggac.flow.state"].as_str(), found.len()), ("S0", 1));
}

#[test]
fn a_long_flow_gives_updates_and_one_row_at_its_end() {
    let mut engine = engine();
    let mut connection = Connection::to_port(4_000);
    play(&mut engine, &connection.open());
    connection.pace = 100_000_000;
    for _ in 0..20 {
        let packet = connection.packet(true, flag::ACK, b"still here");
        play(&mut engine, &[packet]);
    }
    engine.finish();
    let found = events(&mut engine);
    let updates = of(&found, "flow_update");
    assert_eq!(updates.len() as i64, 20 * 100_000_000 / UPDATE_EVERY);
    assert_eq!(updates[0]["@timestamp"], NOW.to_string());
    assert!(updates.windows(2).all(|pair| pair[0]["event.id"] != pair[1]["event.id"]));
    assert_eq!(of(&found, "flow").len(), 1);
}

#[test]
fn a_new_connection_on_the_same_ports_is_a_new_flow() {
    let mut engine = engine();
    let mut connection = Connection::to_port(80);
    play(&mut engine, &connection.open());
    play(&mut engine, &connection.close());
    connection.next = [900_000, 800_000];
    play(&mut engine, &connection.open());
    engine.finish();
    let found = events(&mut engine);
    let told: Vec<_> = found.iter().map(|flow| flow["vonggac.flow.state"].as_str()).collect();
    assert_eq!(told, ["SF", "S1"]);
    assert_eq!(found[0]["vonggac.flow.end_reason"], "fin");
    assert_ne!(found[0]["vonggac.flow.id"], found[1]["vonggac.flow.id"]);
}

#[test]
fn a_full_table_gives_up_old_flows_and_says_so() {
    let mut engine = Engine::new(EngineSettings { max_flows: 100, ..settings() });
    let server = ends().1;
    for port in 1_000..1_500 {
        give(&mut engine, NOW, &udp(true, ([10, 20, 7, 31], port).into(), server, b"x"));
    }
    assert_eq!(counter(&engine, "flows.evicted"), 400);
    engine.finish();
    assert_eq!(events(&mut engine).len(), 500);
    assert_eq!(counter(&engine, "flows.ended"), 500);
}

#[test]
fn broken_clocks_cost_nothing_and_never_run_backwards() {
    let mut engine = engine();
    let (client, server) = ends();
    for time in [-5, i64::MIN, 0, i64::MAX, NOW, i64::MAX - 1] {
        give(&mut engine, time, &udp(true, client, server, b"x"));
    }
    engine.finish();
    assert_eq!(engine.clock(), Some(Micros(i64::MAX)));
    let packets: i64 =
        events(&mut engine).iter().map(|flow| flow["source.packets"].parse::<i64>().unwrap()).sum();
    assert_eq!(packets, 6);
    assert_eq!(counter(&engine, "packets.late"), 3);
}

#[test]
fn a_jump_of_years_ends_flows_a_few_at_a_time() {
    let mut engine = engine();
    let server = ends().1;
    for port in 1..=20_000 {
        give(&mut engine, NOW, &udp(true, ([10, 20, 7, 31], port).into(), server, b"x"));
    }
    let later = NOW + 100 * 365 * 86_400_000_000;
    give(&mut engine, later, &udp(true, ([10, 20, 7, 32], 1).into(), server, b"x"));
    let at_once = events(&mut engine).len();
    assert!(at_once == super::EXPIRED_AT_ONCE);
    engine.finish();
    assert_eq!(at_once + events(&mut engine).len(), 20_001);
}

#[test]
fn fragments_become_their_packet() {
    let mut engine = engine();
    let (client, server) = ends();
    let whole = udp(true, client, server, &[b'x'; 40]);
    let (header, payload) = (&whole[..34], &whole[34..]);
    let mut fragment = |offset: usize, end: usize| {
        let mut bytes = [header, &payload[offset..end]].concat();
        bytes[16..18].copy_from_slice(&(20 + end as u16 - offset as u16).to_be_bytes());
        let more = if end < payload.len() { 0x2000 } else { 0 };
        bytes[20..22].copy_from_slice(&(more | (offset as u16 / 8)).to_be_bytes());
        give(&mut engine, NOW, &bytes);
    };
    fragment(16, 48);
    fragment(0, 16);
    engine.finish();
    let flow = &events(&mut engine)[0];
    assert_eq!(flow["vonggac.source.payload_bytes"], "40");
    assert_eq!((flow["source.packets"].as_str(), flow["source.bytes"].as_str()), ("2", "116"));
    assert!(is_conserved(&engine));
}

#[test]
fn live_sensors_tell_their_counters() {
    let mut engine = engine();
    give(&mut engine, NOW, &udp(true, ends().0, ends().1, b"x"));
    for seconds in 0..=120 {
        engine.advance(Micros(NOW + seconds * 1_000_000));
    }
    let rows: usize =
        engine.take().iter().filter(|(name, _)| *name == "stats").map(|(_, batch)| batch.num_rows()).sum();
    assert_eq!(rows, 2 * engine.counters().len());
}

/// Some packets that hang together and some that do not.
fn traffic() -> impl Strategy<Value = Vec<(i64, Vec<u8>)>> {
    let packet =
        (0_u8..6, any::<bool>(), 0_u16..4, 0_u32..200, 0_u8..64, prop::collection::vec(any::<u8>(), 0..40));
    prop::collection::vec((0_i64..100_000_000, packet), 1..80).prop_map(|packets| {
        let mut now = NOW;
        let mut made = Vec::new();
        for (wait, (kind, to_server, port, sequence, flags, payload)) in packets {
            now += wait;
            let client: SocketAddr = ([10, 0, 0, 1], 50_000 + port).into();
            let server: SocketAddr = ([10, 0, 0, 2], 53).into();
            let ends = if to_server { (client, server) } else { (server, client) };
            let bytes = match kind {
                0..=2 => crate::testing::packets::tcp(to_server, ends, flags, (sequence, sequence), &payload),
                3 => udp(to_server, ends.0, ends.1, &payload),
                4 => ip(to_server, ends.0.ip(), ends.1.ip(), 1, &payload),
                _ => ethernet(to_server, 0x0800, &payload),
            };
            made.push((now, bytes));
        }
        made
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_frames_never_panic_and_are_conserved(
        frames in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..120), 0_u8..8, any::<i64>()), 0..30)
    ) {
        let links = [Link::Ethernet, Link::LinuxSll, Link::LinuxSll2, Link::RawIp, Link::Null, Link::Loop, Link::CiscoHdlc, Link::Ppp];
        let mut engine = engine();
        for (bytes, link, time) in &frames {
            let link = links[usize::from(*link)];
            engine.frame(&Frame { time: Micros(*time), link, bytes, length: bytes.len() as u32 });
        }
        engine.finish();
        prop_assert!(is_conserved(&engine));
        prop_assert_eq!(counter(&engine, "packets.seen"), frames.len() as u64);
    }

    #[test]
    fn results_do_not_depend_on_the_seed_or_on_when_they_are_taken(packets in traffic(), few in 2_usize..5) {
        let small = || Engine::with_registry(EngineSettings { max_flows: few, ..settings() }, &[IDENT]);
        let (mut one, mut other) = (small(), small());
        let mut found = Vec::new();
        for (time, bytes) in &packets {
            give(&mut one, *time, bytes);
            give(&mut other, *time, bytes);
            found.extend(events(&mut one));
        }
        one.finish();
        other.finish();
        found.extend(events(&mut one));
        let mut at_once = events(&mut other);
        let key = |event: &ReadableEvent| event["event.id"].clone();
        found.sort_by_key(key);
        at_once.sort_by_key(key);
        prop_assert_eq!(&found, &at_once);
        found.dedup_by_key(|event| event["event.id"].clone());
        prop_assert_eq!(found.len(), at_once.len(), "ids are unique");
    }

    #[test]
    fn every_packet_of_a_flow_is_in_exactly_one_row(packets in traffic()) {
        let mut engine = engine();
        play(&mut engine, &packets);
        engine.finish();
        let found = events(&mut engine);
        let counted: u64 = of(&found, "flow")
            .iter()
            .map(|flow| {
                flow["source.packets"].parse::<u64>().unwrap() + flow["destination.packets"].parse::<u64>().unwrap()
            })
            .sum();
        let pending = counter(&engine, "fragments.seen");
        let passed_over = counter(&engine, "packets.other") + counter(&engine, "flows.echoes")
            + counter(&engine, "local.announcements");
        prop_assert!(counter(&engine, "packets.decoded") - pending <= counted + passed_over);
        prop_assert!(counted <= counter(&engine, "packets.decoded"));
    }
}
