//! The decoder's view: whatever the segments, it gets the same bytes; whatever it answers is honoured.

use std::cell::RefCell;

use proptest::prelude::*;

use super::{HANDOVERS_MAX, PENDING_MAX};
use crate::context::Context;
use crate::engine::Engine;
use crate::protocols::{Carrier, Decoder, Direction, Opening, Outcome, Protocol, Verdict};
use crate::testing::packets::{Connection, give, play, tcp, udp};
use crate::testing::{counter, events, settings};
use crate::transport::flag;

thread_local! {
    static HEARD: RefCell<[Vec<u8>; 2]> = RefCell::default();
    static NOTES: RefCell<Vec<String>> = RefCell::default();
}

fn note(text: String) {
    NOTES.with_borrow_mut(|notes| notes.push(text));
}

fn heard(direction: Direction) -> Vec<u8> {
    HEARD.with_borrow(|heard| heard[direction.index()].clone())
}

/// Forgets earlier runs and gives what was noted.
fn notes() -> Vec<String> {
    HEARD.with_borrow_mut(|heard| *heard = Default::default());
    NOTES.take()
}

/// Uses whole lines only and writes down what it hears; some lines have a meaning.
struct Recorder;

impl Decoder for Recorder {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Outcome::Parsed(0) };
        let line = &bytes[..=end];
        match line {
            b"BAD\n" => return Outcome::Malformed("test-bad"),
            b"DONE\n" => return Outcome::Done,
            b"CHANGE\n" => return Outcome::Handover(line.len()),
            b"ODD\n" => context.anomaly("test-odd"),
            _ => {}
        }
        HEARD.with_borrow_mut(|heard| heard[direction.index()].extend_from_slice(line));
        Outcome::Parsed(line.len())
    }

    fn gap(&mut self, direction: Direction, missing: u64, _: &mut Context<'_>) -> Outcome {
        note(format!("gap {} {missing}", direction.index()));
        Outcome::Parsed(0)
    }

    fn end(&mut self, direction: Direction, _: &mut Context<'_>) {
        note(format!("end {}", direction.index()));
    }

    fn close(&mut self, _: &mut Context<'_>) {
        note("close".into());
    }
}

fn probe(opening: &Opening<'_>) -> Verdict {
    match opening.bytes.first_chunk::<3>() {
        Some(b"REC") => Verdict::Mine,
        Some(_) => Verdict::NotMine,
        None => Verdict::Unsure,
    }
}

const RECORDER: Protocol =
    Protocol { name: "recorder", carrier: Carrier::Stream, probe, decoder: || Box::new(Recorder) };
const DATAGRAMS: Protocol =
    Protocol { name: "datagrams", carrier: Carrier::Datagram, probe, decoder: || Box::new(Recorder) };

fn engine() -> Engine {
    Engine::with_registry(settings(), &[RECORDER, DATAGRAMS])
}

/// A connection that is open, with the client's first bytes said.
fn opened(engine: &mut Engine) -> Connection {
    let _ = notes();
    let mut connection = Connection::to_port(4_000);
    play(engine, &connection.open());
    connection
}

fn say(engine: &mut Engine, connection: &mut Connection, to_server: bool, text: &[u8]) {
    let (time, bytes) = connection.packet(to_server, flag::ACK, text);
    give(engine, time, &bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_segments_in_any_order_give_the_decoder_the_same_bytes(
        body in prop::collection::vec(any::<u8>(), 0..500),
        start: u32,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..120), 0..40),
        order in prop::collection::vec(any::<prop::sample::Index>(), 40..60),
        syn: bool,
    ) {
        let _ = notes();
        // The recorder gives no meaning to these lines.
        let body: Vec<u8> = body.iter().map(|byte| if byte.is_ascii_uppercase() { b'\n' } else { *byte }).collect();
        let stream = [b"REC\n", &body[..], b"\n"].concat();
        let ends = (([10, 0, 0, 1], 50_000).into(), ([10, 0, 0, 2], 4_000).into());
        let segment = |at: usize, end: usize| {
            tcp(true, ends, flag::ACK, (start.wrapping_add(1).wrapping_add(at as u32), 1), &stream[at..end])
        };
        let mut packets: Vec<Vec<u8>> = (0..stream.len()).step_by(37)
            .map(|at| segment(at, (at + 37).min(stream.len())))
            .chain(cuts.iter().map(|(at, length)| {
                let at = at.index(stream.len());
                segment(at, (at + length).min(stream.len()))
            }))
            .collect();
        for (index, other) in order.iter().enumerate().take(packets.len()) {
            let other = other.index(packets.len());
            packets.swap(index, other);
        }
        let mut engine = engine();
        if syn {
            give(&mut engine, 0, &tcp(true, ends, flag::SYN, (start, 0), b""));
        } else {
            // Midstream: the first packet seen says where the stream begins.
            packets.insert(0, segment(0, 1));
        }
        for (time, packet) in packets.iter().enumerate() {
            give(&mut engine, time as i64, packet);
        }
        engine.finish();
        prop_assert_eq!(heard(Direction::ToServer), stream);
        prop_assert_eq!(notes(), ["close"]);
        prop_assert_eq!(counter(&engine, "stream.missed_bytes"), 0);
    }
}

#[test]
fn the_first_speaker_is_heard_first() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, false, b"220 unknown greeting\n");
    say(&mut engine, &mut connection, true, b"RE");
    say(&mut engine, &mut connection, true, b"C hello\n");
    assert_eq!(heard(Direction::ToClient), b"220 unknown greeting\n");
    assert_eq!(heard(Direction::ToServer), b"REC hello\n");
    play(&mut engine, &connection.close());
    engine.finish();
    let flows = events(&mut engine);
    assert_eq!(flows[0]["network.protocol"], "recorder");
    assert_eq!(notes(), ["end 0", "end 1", "close"]);
}

#[test]
fn every_outcome_is_honoured() {
    for (line, anomaly) in
        [(&b"BAD\n"[..], Some("test-bad")), (b"DONE\n", None), (b"ODD\n", Some("test-odd"))]
    {
        let mut engine = engine();
        let mut connection = opened(&mut engine);
        say(&mut engine, &mut connection, true, b"REC\n");
        say(&mut engine, &mut connection, true, line);
        say(&mut engine, &mut connection, true, b"more\n");
        engine.finish();
        let goes_on = heard(Direction::ToServer).ends_with(b"more\n");
        assert_eq!(goes_on, line == b"ODD\n");
        let found: Vec<_> =
            events(&mut engine).into_iter().filter(|event| event["event.dataset"] == "anomaly").collect();
        assert_eq!(found.first().map(|event| event["vonggac.anomaly.name"].as_str()), anomaly);
        assert_eq!(notes(), ["close"]);
    }
}

#[test]
fn a_stream_can_change_its_protocol_but_not_for_ever() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, true, b"REC\nCHANGE\nREC again\n");
    assert_eq!(heard(Direction::ToServer), b"REC\nREC again\n");
    for _ in 0..10 {
        say(&mut engine, &mut connection, true, b"CHANGE\nREC\n");
    }
    engine.finish();
    assert_eq!(notes().len(), usize::from(HANDOVERS_MAX) + 1);
    assert_eq!(counter(&engine, "stream.limits.handovers"), 1);
}

#[test]
fn a_decoder_never_holds_more_than_its_limit() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, true, b"REC\n");
    for _ in 0..=PENDING_MAX / 1_000 {
        say(&mut engine, &mut connection, true, &[b'x'; 1_000]);
    }
    engine.finish();
    assert_eq!(counter(&engine, "stream.limits.pending"), 1);
    let found = events(&mut engine);
    assert!(found.iter().any(|event| {
        event.get("vonggac.anomaly.name").is_some_and(|name| name == "stream-message-too-long")
    }));
}

#[test]
fn a_hole_that_the_receiver_does_not_have_is_given_up() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, true, b"REC\n");
    let _lost = connection.packet(true, flag::ACK, b"lost\n");
    say(&mut engine, &mut connection, true, b"kept\n");
    assert_eq!(heard(Direction::ToServer), b"REC\n");
    connection.time += super::HOLE_PATIENCE;
    say(&mut engine, &mut connection, false, b"");
    assert_eq!(heard(Direction::ToServer), b"REC\nkept\n");
    engine.finish();
    assert_eq!(notes(), ["gap 0 5", "close"]);
    let flow = &events(&mut engine)[0];
    assert_eq!(flow["vonggac.source.missed_bytes"], "5");
}

#[test]
fn out_of_order_bytes_are_bounded() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, true, b"REC\n");
    let _lost = connection.packet(true, flag::ACK, b"lost\n");
    for _ in 0..=super::HELD_MAX / 1_000 {
        let mut line = vec![b'x'; 1_000];
        line.push(b'\n');
        say(&mut engine, &mut connection, true, &line);
    }
    assert_eq!(counter(&engine, "stream.limits.held"), 1);
    assert!(heard(Direction::ToServer).len() > super::HELD_MAX);
    assert_eq!(notes(), ["gap 0 5"]);
}

#[test]
fn cut_segments_become_gaps() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    let (time, bytes) = connection.packet(true, flag::ACK, b"REC\nall of this\n");
    let cut = |engine: &mut Engine, missing: usize| {
        engine.frame(&crate::frame::Frame {
            time: crate::time::Micros(time),
            link: crate::frame::Link::Ethernet,
            bytes: &bytes[..bytes.len() - missing],
            length: bytes.len() as u32,
        });
    };
    cut(&mut engine, 12);
    say(&mut engine, &mut connection, true, b"next\n");
    // Sent again, with and without a part of its bytes: no hole in what has come.
    cut(&mut engine, 12);
    cut(&mut engine, 16);
    say(&mut engine, &mut connection, true, b"more\n");
    assert_eq!(heard(Direction::ToServer), b"REC\nnext\nmore\n");
    assert_eq!(notes(), ["gap 0 12"]);
    assert_eq!(counter(&engine, "packets.cut"), 3);
}

#[test]
fn one_direction_alone_is_enough() {
    let mut engine = engine();
    let _ = notes();
    let mut connection = Connection::to_port(4_000);
    give(&mut engine, 0, &connection.packet(true, flag::SYN, b"").1);
    say(&mut engine, &mut connection, true, b"REC alone\n");
    assert_eq!(heard(Direction::ToServer), b"REC alone\n");
}

#[test]
fn content_that_differs_in_an_overlap_is_told() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, true, b"REC\n");
    let sequence = connection.next[0];
    let piece =
        |offset: u32, bytes: &[u8]| tcp(true, connection.ends, flag::ACK, (sequence + offset, 5_001), bytes);
    for packet in [piece(4, b"good\n"), piece(4, b"evil\n"), piece(0, b"abc\n")] {
        give(&mut engine, connection.time, &packet);
    }
    assert_eq!(heard(Direction::ToServer), b"REC\nabc\ngood\n");
    engine.finish();
    let names: Vec<_> =
        events(&mut engine).iter().filter_map(|event| event.get("vonggac.anomaly.name").cloned()).collect();
    assert_eq!(names, ["tcp-overlap-differs"]);
}

#[test]
fn datagrams_are_recognised_one_by_one() {
    let mut engine = engine();
    let _ = notes();
    let (client, server) = (([10, 0, 0, 1], 50_000).into(), ([10, 0, 0, 2], 4_000).into());
    give(&mut engine, 0, &udp(true, client, server, b"junk"));
    give(&mut engine, 1, &udp(false, server, client, b"REC\n"));
    give(&mut engine, 2, &udp(true, client, server, b"later\n"));
    assert_eq!(heard(Direction::ToServer), b"later\n");
    engine.finish();
    assert_eq!(events(&mut engine)[0]["network.protocol"], "datagrams");
}

#[test]
fn bytes_that_nobody_claims_are_let_go() {
    let mut engine = engine();
    let mut connection = opened(&mut engine);
    say(&mut engine, &mut connection, true, b"unknown\n");
    say(&mut engine, &mut connection, false, b"unknown\n");
    assert_eq!(counter(&engine, "flows.unrecognised"), 1);
    engine.finish();
    assert_eq!(events(&mut engine)[0].get("network.protocol"), None);
}
