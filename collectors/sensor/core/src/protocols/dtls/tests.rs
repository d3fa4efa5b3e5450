//! What handshakes over datagrams become.

use super::{UDP, probe};
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

fn two(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).expect("short").to_be_bytes(), bytes].concat()
}

fn three(number: usize) -> [u8; 3] {
    let [_, high, middle, low] = u32::try_from(number).expect("short").to_be_bytes();
    [high, middle, low]
}

fn record(kind: u8, epoch: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 1][..], &two(body)].concat()
}

/// One fragment of a message in a record of its own.
fn fragment(kind: u8, number: u8, whole: &[u8], part: std::ops::Range<usize>) -> Vec<u8> {
    let lengths = [&three(whole.len())[..], &[0, number], &three(part.start), &three(part.len())].concat();
    record(22, 0, &[&[kind][..], &lengths, &whole[part]].concat())
}

fn message(kind: u8, number: u8, body: &[u8]) -> Vec<u8> {
    fragment(kind, number, body, 0..body.len())
}

fn client_hello(cookie: &[u8]) -> Vec<u8> {
    let name = two(&[&[0][..], &two(b"vpn.example.org")].concat());
    let extensions = [&[0, 0][..], &two(&name), &[0, 10, 0, 4, 0, 2, 0, 29]].concat();
    let cookie = [&[u8::try_from(cookie.len()).expect("short")], cookie].concat();
    [&[0xfe, 0xfd][..], &[7; 32], &[0], &cookie, &[0, 2, 0xc0, 0x2b, 1, 0], &two(&extensions)].concat()
}

fn server_hello() -> Vec<u8> {
    [&[0xfe, 0xfd][..], &[9; 32], &[0, 0xc0, 0x2b, 0]].concat()
}

fn conversation() -> Vec<(Direction, Vec<u8>)> {
    let again = client_hello(b"cookie");
    let (first, second) = (fragment(1, 1, &again, 0..20), fragment(1, 1, &again, 20..again.len()));
    vec![
        (ToServer, message(1, 0, &client_hello(b""))),
        (ToClient, message(3, 0, &[0xfe, 0xff, 2, 9, 9])),
        (ToServer, second),
        (ToServer, first),
        (ToClient, [message(2, 1, &server_hello()), message(14, 2, b"")].concat()),
        (ToServer, [record(20, 0, &[1]), record(22, 1, &[0x55; 40])].concat()),
        (ToClient, [record(20, 0, &[1]), record(22, 1, &[0x55; 40])].concat()),
    ]
}

fn told(conversation: &[(Direction, Vec<u8>)]) -> (Vec<ReadableEvent>, Option<Outcome>) {
    let mut harness = Harness::datagrams((UDP.decoder)(), 4433);
    for (direction, datagram) in conversation {
        harness.feed(*direction, datagram);
    }
    let stopped = harness.stopped;
    (harness.finish(), stopped)
}

#[test]
fn a_handshake_is_told_as_over_tls() {
    let (events, stopped) = told(&conversation());
    assert_eq!(stopped, Some(Outcome::Done));
    let [tls] = &events[..] else { panic!("one event in {events:?}") };
    assert_eq!(tls["network.protocol"], "dtls");
    assert_eq!(tls["tls.client.server_name"], "vpn.example.org");
    assert_eq!(tls["tls.version"], "DTLS 1.2");
    assert_eq!(tls["tls.cipher"], "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    assert_eq!(tls["tls.established"], "true");
    assert!(tls["tls.client.ja4"].starts_with("dd2d010200_"), "{}", tls["tls.client.ja4"]);
}

#[test]
fn fragments_of_any_order_are_put_together() {
    let hello = client_hello(b"");
    let pieces: Vec<_> =
        [40..hello.len(), 0..10, 10..41].map(|part| (ToServer, fragment(1, 0, &hello, part))).into();
    let (events, _) = told(&pieces);
    assert!(events[0].contains_key("tls.client.ja4"));
    assert_eq!(events[0]["tls.client.server_name"], "vpn.example.org");
    // Without its end the hello tells what stands before.
    let (events, _) = told(&pieces[1..]);
    assert_eq!(events[0]["vonggac.tls.client.version"], "DTLS 1.2");
    assert!(!events[0].contains_key("tls.client.ja4"));
}

#[test]
fn is_recognised_by_content() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 4433) });
    let hello = message(1, 0, &client_hello(b""));
    assert_eq!(probed(ToServer, &hello), Verdict::Mine);
    assert_eq!(probed(ToClient, &message(2, 0, &server_hello())), Verdict::Mine);
    assert_eq!(probed(ToClient, &hello), Verdict::NotMine);
    assert_eq!(probed(ToServer, &hello[..50]), Verdict::NotMine);
    assert_eq!(probed(ToServer, &record(23, 1, &[0; 40])), Verdict::NotMine);
    // TLS over TCP, and RTP.
    assert_eq!(probed(ToServer, &[0x16, 3, 1, 0, 4, 1, 0, 0, 0]), Verdict::NotMine);
    assert_eq!(probed(ToServer, &[0x80; 60]), Verdict::NotMine);
}

#[test]
fn stands_any_cut_and_noise() {
    stands(&UDP, &conversation());
}
