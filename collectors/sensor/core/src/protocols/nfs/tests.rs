//! A file is renamed over both carriers, contents are counted.

use super::{TCP, UDP};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Protocol, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::{Conversation, stands};

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = words(&[u32::try_from(text.len()).expect("short")]);
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn call(id: u32, version: u32, procedure: u32, arguments: &[u8]) -> Vec<u8> {
    let user = [words(&[7]), text("pc07"), words(&[1_000, 1_000, 0])].concat();
    let length = u32::try_from(user.len()).expect("short");
    [words(&[id, 0, 2, 100_003, version, procedure, 1, length]), user, words(&[0, 0]), arguments.to_vec()]
        .concat()
}

fn reply(id: u32, status: u32) -> Vec<u8> {
    words(&[id, 1, 0, 0, 0, 0, status])
}

fn calls() -> Conversation {
    let handle = text("handle");
    vec![
        (
            ToServer,
            call(1, 3, 14, &[&handle[..], &text("hoso.docx"), &handle, &text("hoso.locked")].concat()),
        ),
        (ToClient, reply(1, 0)),
        (ToServer, call(2, 3, 6, &handle)),
        (ToClient, reply(2, 0)),
        (ToServer, call(3, 3, 6, &handle)),
        (ToServer, call(4, 2, 10, &[&[0; 32][..], &text("old")].concat())),
        (ToClient, reply(4, 13)),
    ]
}

fn carried(protocol: &Protocol) -> Conversation {
    let mark =
        |bytes: Vec<u8>| [words(&[0x8000_0000 | u32::try_from(bytes.len()).expect("short")]), bytes].concat();
    let calls = calls().into_iter();
    if *protocol == TCP {
        calls.map(|(direction, bytes)| (direction, mark(bytes))).collect()
    } else {
        calls.collect()
    }
}

#[test]
fn names_are_told_and_contents_are_counted() {
    for (protocol, mut harness) in
        [(TCP, Harness::new((TCP.decoder)())), (UDP, Harness::datagrams((UDP.decoder)(), 2_049))]
    {
        for (direction, bytes) in carried(&protocol) {
            harness.feed(direction, &bytes);
        }
        let events = harness.finish();
        assert_eq!(events.len(), 3);
        assert_eq!(
            (events[0]["vonggac.nfs.procedure"].as_str(), events[0]["vonggac.nfs.status"].as_str()),
            ("RENAME", "OK")
        );
        assert_eq!(
            (events[0]["file.name"].as_str(), events[0]["vonggac.nfs.new_name"].as_str()),
            ("hoso.docx", "hoso.locked")
        );
        assert_eq!(
            (events[0]["vonggac.nfs.machine"].as_str(), events[0]["vonggac.nfs.uid"].as_str()),
            ("pc07", "1000")
        );
        assert_eq!(
            (events[1]["file.name"].as_str(), events[1]["vonggac.nfs.status"].as_str()),
            ("old", "ERR_ACCES")
        );
        assert_eq!(
            (events[2]["vonggac.nfs.procedure"].as_str(), events[2]["vonggac.nfs.count"].as_str()),
            ("READ", "2")
        );
    }
}

#[test]
fn is_recognised_by_its_program() {
    let probed = |protocol: &Protocol, direction, bytes: &[u8]| {
        (protocol.probe)(&Opening { direction, bytes, ports: (700, 2_049) })
    };
    let (stream, datagram) = (&carried(&TCP)[0].1, &calls()[0].1);
    assert_eq!(probed(&TCP, ToServer, stream), Verdict::Mine);
    assert_eq!(probed(&TCP, ToServer, &stream[..20]), Verdict::Unsure);
    assert_eq!(probed(&UDP, ToServer, datagram), Verdict::Mine);
    let mut other = datagram.clone();
    other[15] ^= 1;
    assert_eq!(probed(&UDP, ToServer, &other), Verdict::NotMine);
    assert_eq!(probed(&UDP, ToClient, &reply(1, 0)), Verdict::NotMine);
    assert_eq!(probed(&TCP, ToServer, b"GET / HTTP/1.1\r\n"), Verdict::NotMine);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&[0xff; 8]);
    assert_eq!(harness.stopped, Some(Outcome::Malformed("nfs-bad-record")));
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &carried(&TCP));
    stands(&UDP, &carried(&UDP));
}
