//! Time, and what is asked for beside it.

use super::{NTP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

/// Version 4 with this mode, stratum and reference.
fn message(mode: u8, stratum: u8, reference: &[u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0; 48];
    bytes[..4].copy_from_slice(&[0x20 | mode, stratum, 6, 0xec]);
    bytes[12..16].copy_from_slice(reference);
    bytes[40..].copy_from_slice(&[0xe9, 1, 2, 3, 4, 5, 6, 7]);
    bytes
}

fn flow() -> Harness {
    Harness::datagrams((NTP.decoder)(), 123)
}

fn told(event: &ReadableEvent) -> String {
    let fields = ["version", "mode", "stratum", "reference", "requests", "replies", "control"];
    let value = |field: &str| event.get(&format!("vonggac.ntp.{field}")).cloned().unwrap_or_default();
    fields.map(value).join("|")
}

#[test]
fn a_flow_is_summed_up() {
    let mut harness = flow();
    for _ in 0..3 {
        harness.client(&message(3, 0, &[0; 4])).server(&message(4, 1, b"GPS\0"));
    }
    assert_eq!(told(&harness.finish()[0]), "4|client|1|GPS|3|3|");
    let mut harness = flow();
    harness.client(&message(3, 0, &[0; 4])).server(&message(4, 2, &[203, 0, 113, 9]));
    assert_eq!(told(&harness.finish()[0]), "4|client|2|203.0.113.9|1|1|");
}

#[test]
fn requests_that_are_misused_have_names() {
    let mut harness = flow();
    harness.client(b"\x17\x00\x03\x2a\0\0\0\0").server(b"\x97\x00\x03\x2a\0\x01\0\x48");
    harness.client(b"\x16\x02\x00\x01\0\0\0\0\0\0\0\0");
    assert_eq!(told(&harness.finish()[0]), "2|private|||2|1|[monlist, read-variables]");
    let mut harness = flow();
    for request in 100..120 {
        harness.client(&[0x17, 0, 3, request, 0, 0, 0, 0]);
    }
    assert_eq!(harness.anomalies(), ["ntp-many-controls"]);
}

#[test]
fn is_recognised_on_its_port_and_where_all_fields_fit() {
    let probed = |port, bytes: &[u8]| probe(&Opening { direction: ToServer, bytes, ports: (50_000, port) });
    let good = message(3, 0, &[0; 4]);
    assert_eq!(probed(4_000, &good), Verdict::Mine);
    for (at, value) in [(0, 0x25), (1, 17), (2, 18), (3, 5), (4, 1), (5, 99)] {
        let mut bad = good.clone();
        bad[at] = value;
        assert_eq!(probed(4_000, &bad), Verdict::NotMine, "{at}");
    }
    let monlist = b"\x17\x00\x03\x2a\0\0\0\0";
    assert_eq!([probed(123, monlist), probed(4_000, monlist)], [Verdict::Mine, Verdict::NotMine]);
    assert_eq!(probed(123, &good[..40]), Verdict::NotMine);
}

#[test]
fn stands_any_cut_and_noise() {
    stands(
        &NTP,
        &vec![
            (ToServer, message(3, 0, &[0; 4])),
            (ToClient, message(4, 0, b"RATE")),
            (ToServer, b"\x17\x00\x03\x2a\0\0\0\0".to_vec()),
        ],
    );
}
