//! Requests, transfers from other ports, and what may not be taken for either.

use std::net::IpAddr;

use super::{TFTP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Carrier, Opening, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

const READ: &[u8] = b"\x00\x01startup-config\0octet\0blksize\x001024\0";
const WRITE: &[u8] = b"\x00\x02a.bin\0OCTET\0";

fn requests() -> Harness {
    Harness::datagrams((TFTP.decoder)(), 69)
}

fn data(number: u16, content: &[u8]) -> Vec<u8> {
    [&[0, 3], &number.to_be_bytes()[..], content].concat()
}

fn told(event: &ReadableEvent, fields: &[&str]) -> String {
    fields.iter().map(|field| event.get(*field).cloned().unwrap_or_default()).collect::<Vec<_>>().join(" ")
}

const REQUEST: [&str; 5] =
    ["vonggac.tftp.operation", "file.name", "vonggac.tftp.mode", "event.outcome", "file.size"];

#[test]
fn a_transfer_from_a_new_port_is_a_file() {
    let mut harness = requests();
    harness.client(READ).client(READ);
    let decoder =
        harness.announced(IpAddr::from([10, 20, 7, 31]), 50_000, Carrier::Datagram).expect("announced");
    // In this harness the source is the client, as when the server has a system port.
    let mut transfer = Harness::datagrams(decoder, 40_000).keep_files();
    transfer.server(b"\x00\x06blksize\x001024\0").client(&[0, 4, 0, 0]);
    transfer.server(&data(1, &[7; 1024])).server(&data(1, &[7; 1024])).client(&[0, 4, 0, 1]);
    transfer.server(&data(2, b"end"));
    assert_eq!(transfer.contents(), [[&[7; 1024][..], b"end"].concat()]);
    let files = transfer.finish();
    assert_eq!(
        told(&files[0], &["file.name", "vonggac.file.direction", "vonggac.file.truncated"]),
        "startup-config download false"
    );
    let events = harness.finish();
    assert_eq!(events.len(), 1, "a repeated request is one");
    assert_eq!(told(&events[0], &REQUEST), "read startup-config octet success 1027");
    assert_eq!(told(&events[0], &["vonggac.tftp.options", "vonggac.tftp.block_size"]), "[blksize=1024] 1024");
    assert_eq!(files[0]["vonggac.file.carrier"], events[0]["event.id"]);
}

#[test]
fn a_server_may_answer_from_its_own_port() {
    let mut harness = requests().keep_files();
    harness.client(WRITE).server(&[0, 4, 0, 0]).client(&data(1, &[1; 512])).client(&data(3, b"x"));
    harness.server(&data(2, b"not the server's"));
    assert_eq!(harness.anomalies(), ["tftp-data-from-receiver"]);
    let events = harness.finish();
    let file = events.iter().find(|event| event["event.dataset"] == "file").expect("a file");
    assert_eq!(
        told(file, &["file.size", "vonggac.file.missing_bytes", "vonggac.file.direction"]),
        "1025 512 upload"
    );
    let request = events.iter().find(|event| event["event.dataset"] == "tftp").expect("a request");
    assert_eq!(told(request, &REQUEST), "write a.bin octet success 513");
}

#[test]
fn refused_and_unanswered_requests_are_told() {
    let mut harness = requests();
    harness.client(READ).server(b"\x00\x05\x00\x01File not found\0").client(WRITE);
    let events = harness.finish();
    assert_eq!(told(&events[0], &["event.outcome", "vonggac.tftp.error"]), "failure 1 File not found");
    assert_eq!(told(&events[1], &["event.outcome", "file.size"]), "unknown ");
}

#[test]
fn is_recognised_by_a_whole_request() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 69) });
    assert_eq!(probed(ToServer, READ), Verdict::Mine);
    assert_eq!(probed(ToServer, WRITE), Verdict::Mine);
    for bytes in [
        &data(1, b"x")[..],
        &READ[..10],
        b"\x00\x01a\0other\0",
        b"\x00\x01\x07\0octet\0",
        b"\x00\x01\0octet\0",
    ] {
        assert_eq!(probed(ToServer, bytes), Verdict::NotMine);
    }
    assert_eq!(probed(ToClient, READ), Verdict::NotMine);
}

#[test]
fn stands_any_cut_and_noise() {
    stands(
        &TFTP,
        &vec![
            (ToServer, WRITE.to_vec()),
            (ToClient, b"\x00\x06blksize\x008\0".to_vec()),
            (ToServer, data(1, &[1; 8])),
            (ToServer, data(2, b"end")),
            (ToServer, READ.to_vec()),
            (ToClient, b"\x00\x05\x00\x02no\0".to_vec()),
        ],
    );
}
