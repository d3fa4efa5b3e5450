//! A read, a switch that is operated, fragments, and what is no DNP3.

use super::{TCP, UDP, parser, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::{Conversation, stands};

/// A frame from station 1 to station 10, or back.
fn frame(control: u8, user: &[u8]) -> Vec<u8> {
    let (to, from) = if control & 0x80 == 0 { (1, 10) } else { (10, 1) };
    let length = u8::try_from(user.len() + 5).expect("short");
    let mut bytes = vec![0x05, 0x64, length, control, to, 0, from, 0];
    bytes.extend(parser::check(&bytes).to_le_bytes());
    for block in user.chunks(16) {
        bytes.extend(block);
        bytes.extend(parser::check(block).to_le_bytes());
    }
    bytes
}

fn conversation() -> Conversation {
    let operate =
        [&[0xc1, 0xc8, 5, 12, 1, 0x28, 1, 0, 7, 0][..], &[0x41, 1, 100, 0, 0, 0, 0, 0, 0, 0, 0]].concat();
    let answer: Vec<u8> =
        [&[0xc8, 129, 0x80, 0, 1, 2, 0, 0, 9][..], &[1; 10], &[30, 5, 0, 0, 0], &[0; 5]].concat();
    vec![
        (ToServer, frame(0xc4, &[0xc0, 0xc7, 1, 60, 2, 6, 60, 3, 6])),
        (ToServer, frame(0xc4, &operate)),
        // Two fragments.
        (
            ToClient,
            [
                frame(0x44, &[&[0x41][..], &answer[..12]].concat()),
                frame(0x44, &[&[0x82][..], &answer[12..]].concat()),
            ]
            .concat(),
        ),
    ]
}

#[test]
fn each_message_is_an_event() {
    for (protocol, stream) in [(TCP, true), (UDP, false)] {
        let mut harness = if stream {
            Harness::new((protocol.decoder)())
        } else {
            Harness::datagrams((protocol.decoder)(), 20_000)
        };
        for (direction, bytes) in conversation() {
            harness.feed(direction, &bytes);
        }
        assert!(harness.anomalies().is_empty(), "{:?}", harness.anomalies());
        let events = harness.finish();
        assert_eq!(events.len(), 3);
        assert_eq!(
            (events[0]["vonggac.dnp3.function"].as_str(), events[0]["vonggac.dnp3.objects"].as_str()),
            ("READ", "[60.2, 60.3]")
        );
        assert_eq!(
            (events[0]["vonggac.dnp3.source"].as_str(), events[0]["vonggac.dnp3.destination"].as_str()),
            ("1", "10")
        );
        assert_eq!(
            (events[1]["vonggac.dnp3.function"].as_str(), events[1]["vonggac.dnp3.objects"].as_str()),
            ("DIRECT_OPERATE", "[12.1]")
        );
        assert_eq!(
            (events[1]["vonggac.dnp3.counts"].as_str(), events[1]["vonggac.dnp3.complete"].as_str()),
            ("[1]", "true")
        );
        assert_eq!(
            (events[2]["vonggac.dnp3.function"].as_str(), events[2]["vonggac.dnp3.objects"].as_str()),
            ("RESPONSE", "[1.2, 30.5]")
        );
        assert_eq!(
            (events[2]["vonggac.dnp3.indications"].as_str(), events[2]["vonggac.dnp3.stops"].as_str()),
            ("32768", "[9, 0]")
        );
    }
}

#[test]
fn finds_its_feet_again() {
    let mut harness = Harness::new((TCP.decoder)());
    let read = frame(0xc4, &[0xc0, 0xc7, 1, 60, 2, 6]);
    harness.client(&read[..8]).gap(ToServer, 7).client(b"\x01\x02\x05").client(&read).client(&read);
    assert!(!harness.finish().is_empty());
    let mut harness = Harness::new((TCP.decoder)());
    for _ in 0..3_000 {
        harness.client(&read);
    }
    assert_eq!(harness.finish().len(), 2_000);
    let mut long = frame(0xc4, &[&[0x40][..], &[1; 200]].concat());
    long.extend(frame(0xc4, &[&[0x00][..], &[1; 200]].concat()).repeat(60));
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&long);
    assert!(harness.anomalies().contains(&"dnp3-long-message"));
}

#[test]
fn is_recognised_by_its_check_sequence() {
    let probed = |bytes: &[u8]| probe(&Opening { direction: ToServer, bytes, ports: (50_000, 4_444) });
    let mut good = frame(0xc4, &[0xc0, 0xc7, 1, 60, 2, 6]);
    assert_eq!(
        (probed(&good), probed(&good[..9]), probed(&good[..1])),
        (Verdict::Mine, Verdict::Unsure, Verdict::Unsure)
    );
    good[8] ^= 1;
    assert_eq!(
        (probed(&good), probed(b"\x05\x01\x00"), probed(b"GET / HTTP/1.1")),
        (Verdict::NotMine, Verdict::NotMine, Verdict::NotMine)
    );
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &conversation());
    stands(&UDP, &conversation());
}
