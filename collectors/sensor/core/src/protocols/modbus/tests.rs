//! Reads, a refused write, and what is no Modbus.

use super::{MODBUS, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::{Conversation, stands};

const READ: &[u8] = &[0, 1, 0, 0, 0, 6, 10, 1, 0, 100, 0, 8];
const VALUES: &[u8] = &[0, 1, 0, 0, 0, 4, 10, 1, 1, 0x55];
const WRITE: &[u8] = &[0, 2, 0, 0, 0, 6, 10, 5, 0, 7, 0xff, 0];
const REFUSED: &[u8] = &[0, 2, 0, 0, 0, 3, 10, 0x85, 2];

fn conversation() -> Conversation {
    vec![
        (ToServer, READ.to_vec()),
        (ToClient, VALUES.to_vec()),
        (ToServer, [READ, WRITE].concat()),
        (ToClient, [VALUES, REFUSED].concat()),
    ]
}

#[test]
fn equal_requests_are_one_event() {
    let mut harness = Harness::new((MODBUS.decoder)());
    for (direction, bytes) in conversation() {
        harness.feed(direction, &bytes);
    }
    let events = harness.finish();
    assert_eq!(events.len(), 2);
    assert_eq!(
        (events[0]["vonggac.modbus.function"].as_str(), events[0]["vonggac.modbus.count"].as_str()),
        ("read-coils", "2")
    );
    assert_eq!(
        (
            events[0]["vonggac.modbus.unit"].as_str(),
            events[0]["vonggac.modbus.address"].as_str(),
            events[0]["vonggac.modbus.quantity"].as_str()
        ),
        ("10", "100", "8")
    );
    assert_eq!(
        (events[1]["vonggac.modbus.function"].as_str(), events[1]["vonggac.modbus.exception"].as_str()),
        ("write-single-coil", "illegal-data-address")
    );
}

#[test]
fn what_breaks_it_ends_it_and_a_hole_does_not() {
    let mut harness = Harness::new((MODBUS.decoder)());
    harness.client(READ).client(b"GET / HTTP/1.1\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Malformed("modbus-bad-message")));
    let mut harness = Harness::new((MODBUS.decoder)());
    harness.client(READ).gap(ToServer, 5).client(b"rest of something").client(WRITE);
    assert_eq!(harness.finish().len(), 2);
}

#[test]
fn is_recognised_by_a_whole_request() {
    let probed = |port, direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, port) });
    assert_eq!(probed(1_502, ToServer, READ), Verdict::Mine);
    assert_eq!(probed(502, ToClient, VALUES), Verdict::Mine);
    assert_eq!(probed(1_502, ToClient, VALUES), Verdict::NotMine);
    assert_eq!(probed(1_502, ToServer, &READ[..6]), Verdict::Unsure);
    assert_eq!(probed(1_502, ToServer, &[0, 1, 0, 0, 0, 6, 10, 1, 0, 100, 0xff, 8]), Verdict::NotMine);
    assert_eq!(probed(502, ToServer, b"GET / HTTP/1.1\r\n"), Verdict::NotMine);
    assert_eq!(
        probed(1_502, ToServer, &[0, 30, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        Verdict::NotMine,
        "DNS"
    );
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&MODBUS, &conversation());
}
