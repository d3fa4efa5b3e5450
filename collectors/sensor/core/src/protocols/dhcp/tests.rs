use proptest::prelude::*;

use super::parser::Message;
use super::{Dhcp, probe};
use crate::protocols::{Direction, Opening, Verdict};
use crate::testing::{Harness, ReadableEvent};

const MAC: [u8; 6] = [0x00, 0x1b, 0x21, 0x3c, 0x9d, 0x02];

/// Operation, address given by the server, options.
fn message(operation: u8, assigned: [u8; 4], options: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; 236];
    bytes[..8].copy_from_slice(&[operation, 1, 6, 0, 0x12, 0x34, 0x56, 0x78]);
    bytes[16..20].copy_from_slice(&assigned);
    bytes[28..34].copy_from_slice(&MAC);
    bytes.extend([0x63, 0x82, 0x53, 0x63]);
    bytes.extend(encode(options));
    bytes.push(255);
    bytes
}

fn encode(options: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, value) in options {
        bytes.extend([*number, u8::try_from(value.len()).expect("short")]);
        bytes.extend(*value);
    }
    bytes
}

fn flow() -> Harness {
    Harness::datagrams(Box::new(Dhcp), 67)
}

fn one(bytes: &[u8]) -> ReadableEvent {
    flow().client(bytes).finish().remove(0)
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(event.get(*field).map_or("", String::as_str), *value, "{field}");
    }
}

#[test]
fn tells_a_lease_from_both_sides() {
    let request = message(
        1,
        [0; 4],
        &[
            (53, &[3]),
            (50, &[10, 20, 7, 31]),
            (54, &[10, 20, 1, 5]),
            (12, b"VP-TINHUY-07\0"),
            (60, b"MSFT 5.0"),
            (55, &[1, 3, 6, 15]),
        ],
    );
    let ack = message(
        2,
        [10, 20, 7, 31],
        &[
            (53, &[5]),
            (54, &[10, 20, 1, 5]),
            (51, &[0, 1, 0x51, 0x80]),
            (3, &[10, 20, 7, 1]),
            (6, &[10, 20, 1, 5, 10, 20, 1, 6]),
            (15, b"tinhuy.local"),
        ],
    );
    let mut flow = flow();
    let events = flow.client(&request).server(&ack).finish();
    assert_eq!(events.len(), 2);
    check(
        &events[0],
        &[
            ("event.dataset", "dhcp"),
            ("vonggac.dhcp.message_type", "REQUEST"),
            ("vonggac.dhcp.transaction_id", "305419896"),
            ("vonggac.dhcp.client_mac", "00:1b:21:3c:9d:02"),
            ("vonggac.dhcp.requested_ip", "10.20.7.31"),
            ("vonggac.dhcp.server_ip", "10.20.1.5"),
            ("vonggac.dhcp.host_name", "VP-TINHUY-07"),
            ("vonggac.dhcp.vendor_class", "MSFT 5.0"),
            ("vonggac.dhcp.parameters", "[1, 3, 6, 15]"),
        ],
    );
    assert!(!events[0].contains_key("vonggac.dhcp.assigned_ip"), "0.0.0.0 is no address");
    check(
        &events[1],
        &[
            ("vonggac.dhcp.message_type", "ACK"),
            ("vonggac.dhcp.assigned_ip", "10.20.7.31"),
            ("vonggac.dhcp.lease_seconds", "86400"),
            ("vonggac.dhcp.routers", "[10.20.7.1]"),
            ("vonggac.dhcp.name_servers", "[10.20.1.5, 10.20.1.6]"),
            ("vonggac.dhcp.domain_name", "tinhuy.local"),
        ],
    );
    assert!(flow.anomalies().is_empty());
}

#[test]
fn reads_overloaded_and_split_options() {
    let mut bytes = message(1, [0; 4], &[(52, &[3]), (12, b"VP-"), (0, b""), (12, b"07")]);
    bytes[108..113].copy_from_slice(&[53, 1, 1, 255, 0]);
    bytes[44..50].copy_from_slice(&[60, 2, b'v', b'c', 255, 0]);
    // Option 0 is padding of one byte: what `encode` wrote as its length is padding as well.
    check(
        &one(&bytes),
        &[
            ("vonggac.dhcp.message_type", "DISCOVER"),
            ("vonggac.dhcp.host_name", "VP-07"),
            ("vonggac.dhcp.vendor_class", "vc"),
        ],
    );
}

#[test]
fn takes_the_full_name_where_there_is_no_host_name() {
    let text = message(1, [0; 4], &[(81, b"\x00\x00\x00pc.example")]);
    let wire = message(1, [0; 4], &[(81, b"\x04\x00\x00\x02pc\x07example\x00")]);
    for bytes in [text, wire] {
        let kind = "BOOTREQUEST";
        check(&one(&bytes), &[("vonggac.dhcp.host_name", "pc.example"), ("vonggac.dhcp.message_type", kind)]);
    }
    let both = message(1, [0; 4], &[(81, b"\x00\x00\x00pc.example"), (12, b"PC\xff")]);
    check(&one(&both), &[("vonggac.dhcp.host_name", "PC\\xff")]);
}

#[test]
fn names_what_is_wrong() {
    let mut flow = flow();
    let mut cut = message(2, [0; 4], &[(53, &[2]), (12, b"name")]);
    cut.truncate(cut.len() - 3);
    flow.server(&cut).server(b"no message");
    assert_eq!(flow.anomalies(), ["dhcp-truncated-option", "dhcp-malformed"]);
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    check(&events[0], &[("vonggac.dhcp.message_type", "OFFER")]);
    check(&one(&message(1, [0; 4], &[(53, &[99])])), &[("vonggac.dhcp.message_type", "99")]);
}

#[test]
fn is_recognised_by_its_cookie() {
    let good = message(1, [0; 4], &[(53, &[1])]);
    let mut other = good.clone();
    other[239] = 0;
    let verdict = |bytes| probe(&Opening { direction: Direction::ToServer, bytes, ports: (4_000, 4_011) });
    assert_eq!(
        (verdict(&good), verdict(&other), verdict(&good[..200])),
        (Verdict::Mine, Verdict::NotMine, Verdict::NotMine)
    );
}

proptest! {
    #[test]
    fn arbitrary_options_never_panic(operation in 0..4_u8, options in proptest::collection::vec(any::<u8>(), 0..400), cut: prop::sample::Index) {
        let mut bytes = message(operation, [0; 4], &[]);
        bytes.pop();
        bytes.extend(options);
        let cut = cut.index(bytes.len());
        for bytes in [&bytes, &bytes[..cut]] {
            let mut flow = flow();
            flow.client(bytes);
            prop_assert_eq!(flow.finish().len(), usize::from(Message::plausible(bytes)));
        }
    }

    /// What is written is read back.
    #[test]
    fn options_come_back(values in proptest::collection::btree_map(1..255_u8, proptest::collection::vec(any::<u8>(), 0..60), 0..12)) {
        let options: Vec<(u8, &[u8])> = values.iter().filter(|(n, _)| **n != 52).map(|(n, v)| (*n, v.as_slice())).collect();
        let bytes = message(1, [0; 4], &options);
        let read = Message::parse(&bytes).expect("a message");
        for (number, value) in options {
            prop_assert_eq!(read.option(number), Some(value));
        }
        prop_assert!(!read.truncated);
    }
}
