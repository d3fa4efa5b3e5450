//! What WebSocket connections become.

use super::{TCP, probe};
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict, http};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

const MASK: [u8; 4] = [1, 2, 3, 4];

fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let masked = u8::from(mask.is_some()) << 7;
    let mut out = vec![first];
    match u16::try_from(payload.len()).expect("short") {
        short @ ..126 => out.push(masked | short.to_be_bytes()[1]),
        long => out.extend_from_slice(&[&[masked | 126][..], &long.to_be_bytes()].concat()),
    }
    out.extend(mask.iter().flatten());
    let key = mask.unwrap_or_default();
    out.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    out
}

fn conversation() -> Vec<(Direction, Vec<u8>)> {
    vec![
        (ToServer, frame(0x81, Some(MASK), b"matkhau=bimat")),
        (ToClient, [frame(0xc2, None, &[b'x'; 300]), frame(0x89, None, b"?")].concat()),
        (ToServer, [frame(0x8a, Some(MASK), b"?"), frame(0x81, Some(MASK), b"!")].concat()),
        (ToClient, frame(0x88, None, &[3, 0xe9])),
    ]
}

fn told(conversation: &[(Direction, Vec<u8>)]) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((TCP.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

#[test]
fn a_connection_is_told_by_sizes_and_kinds() {
    let events = told(&conversation());
    let [event] = &events[..] else { panic!("one event") };
    assert_eq!(event["vonggac.websocket.kinds"], "[text, binary, ping, pong, close]");
    assert_eq!(event["vonggac.websocket.counts"], "[2, 1, 1, 1, 1]");
    assert_eq!(event["vonggac.websocket.client_bytes"], "15");
    assert_eq!(event["vonggac.websocket.server_bytes"], "303");
    assert_eq!(event["vonggac.websocket.client_first_bytes"], "13");
    assert_eq!(event["vonggac.websocket.server_first_bytes"], "300");
    assert_eq!(event["vonggac.websocket.compressed"], "true");
    assert_eq!(event["vonggac.websocket.unmasked"], "false");
    assert_eq!(event["vonggac.websocket.close_code"], "1001");
    assert!(!format!("{events:?}").contains("bimat"));
}

#[test]
fn an_upgrade_leads_here_and_nothing_else() {
    let mut harness = Harness::new((http::HTTP.decoder)());
    harness.client(b"GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    let answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n";
    harness.server(&[&answer[..], b"\x81\x05hello"].concat());
    assert_eq!(harness.stopped, Some(Outcome::Switch(answer.len(), &TCP)));
    let opening = Opening { direction: ToServer, bytes: &[0x81, 0x85, 1, 2, 3, 4], ports: (50_000, 80) };
    assert_eq!(probe(&opening), Verdict::NotMine);
}

#[test]
fn what_breaks_the_framing_ends_the_decoder() {
    for bytes in
        [&[0x83, 0][..], &[0xb1, 0], &[0x89, 126, 1, 0], &[0x08, 0], &[0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]]
    {
        let mut harness = Harness::new((TCP.decoder)());
        harness.server(bytes);
        assert_eq!(harness.stopped, Some(Outcome::Malformed("websocket-bad-frame")), "{bytes:?}");
    }
}

#[test]
fn a_hole_in_a_payload_is_passed_over() {
    let mut harness = Harness::new((TCP.decoder)());
    let long = frame(0x82, None, &[0; 500]);
    harness
        .server(&long[..100])
        .gap(ToClient, 404 - 4)
        .server(&long[500..])
        .server(&frame(0x81, None, b"more"));
    assert_eq!(harness.stopped, None);
    harness.gap(ToClient, 1);
    assert_eq!(harness.stopped, Some(Outcome::Done));
    assert_eq!(harness.finish()[0]["vonggac.websocket.counts"], "[1, 1]");
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &conversation());
}
