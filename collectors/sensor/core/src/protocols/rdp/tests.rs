//! What the protocol's events must be.

use super::TCP;
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

fn packet(code: u8, content: &[u8]) -> Vec<u8> {
    let total = 11 + content.len() as u8;
    [&[3, 0, 0, total, total - 5, code, 0, 0, 0, 0, 0][..], content].concat()
}

fn request(line: &str, flags: u8, protocols: u8) -> Vec<u8> {
    packet(0xe0, &[line.as_bytes(), &[1, flags, 8, 0, protocols, 0, 0, 0]].concat())
}

fn confirm(kind: u8, value: u8) -> Vec<u8> {
    packet(0xd0, &[kind, 0, 8, 0, value, 0, 0, 0])
}

/// MCS Connect-Initial, of which only the client's data matter.
fn initial() -> Vec<u8> {
    let mut core = vec![1, 0xc0, 72, 0, 0x0c, 0, 8, 0, 0, 5, 0, 4, 1, 0xca, 3, 0xaa];
    core.extend([0x2a, 4, 0, 0, 0x61, 0x4a, 0, 0]);
    let name: Vec<u8> = "VP-TINHUY-07".encode_utf16().flat_map(u16::to_le_bytes).collect();
    core.extend(&name);
    core.resize(72, 0);
    let channels = [&[3, 0xc0, 32, 0, 2, 0, 0, 0][..], b"rdpdr\0\0\0\0\0\0\0", b"cliprdr\0\0\0\0\0"].concat();
    let data = [&[0x7f, 0x65, 0x82, 1, 0x99, 4, 1, 1][..], b"Duca", &[0x80, 104], &core, &channels].concat();
    let total = (7 + data.len()) as u16;
    [&[3, 0][..], &total.to_be_bytes(), &[2, 0xf0, 0x80], &data].concat()
}

fn flow() -> Harness {
    Harness::new((TCP.decoder)())
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(event.get(*field).map_or("", String::as_str), *value, "{field}");
    }
}

#[test]
fn an_opening_is_told_and_goes_on_in_tls() {
    let mut flow = flow();
    let answer = confirm(2, 2);
    flow.client(&request("Cookie: mstshash=TINHUY\\nvan\r\n", 1, 11)).server(&answer);
    assert_eq!(flow.stopped, Some(Outcome::Handover(answer.len())));
    let events = flow.finish();
    check(
        &events[1],
        &[
            ("event.dataset", "rdp"),
            ("user.name", "nvan"),
            ("event.outcome", "success"),
            ("vonggac.rdp.cookie", "TINHUY\\nvan"),
            ("vonggac.rdp.requested", "[tls, credssp, credssp-early]"),
            ("vonggac.rdp.selected", "credssp"),
            ("vonggac.rdp.restricted_admin", "true"),
        ],
    );
    check(
        &events[0],
        &[
            ("event.dataset", "login"),
            ("user.name", "nvan"),
            ("user.domain", "TINHUY"),
            ("event.outcome", "unknown"),
            ("vonggac.login.method", "credssp"),
        ],
    );
}

#[test]
fn a_refusal_names_its_reason_and_is_no_login() {
    let mut flow = flow();
    flow.client(&request("Cookie: mstshash=nvan\r\n", 0, 1)).server(&confirm(3, 5));
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    check(&events[0], &[("vonggac.rdp.failure", "HYBRID_REQUIRED_BY_SERVER"), ("event.outcome", "failure")]);
}

#[test]
fn without_tls_the_client_tells_more() {
    let mut flow = flow();
    flow.client(&packet(0xe0, b"Cookie: msts=3640205228.15629.0000\r\n")).server(&packet(0xd0, &[]));
    flow.client(&initial());
    assert_eq!(flow.stopped, Some(Outcome::Done));
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    check(
        &events[0],
        &[
            ("vonggac.rdp.routing_token", "msts=3640205228.15629.0000"),
            ("vonggac.rdp.selected", "rdp"),
            ("vonggac.rdp.client.name", "VP-TINHUY-07"),
            ("vonggac.rdp.client.build", "19041"),
            ("vonggac.rdp.client.keyboard", "0000042a"),
            ("vonggac.rdp.client.version", "10.7"),
            ("vonggac.rdp.channels", "[rdpdr, cliprdr]"),
            ("vonggac.rdp.requested", ""),
        ],
    );
}

#[test]
fn what_is_not_answered_is_told() {
    let events = flow().client(&request("Cookie: mstshash=administr\r\n", 0, 3)).finish();
    check(
        &events[1],
        &[("user.name", "administr"), ("event.outcome", "unknown"), ("vonggac.rdp.selected", "")],
    );
    assert_eq!(flow().client(b"GET / HTTP/1.1\r\n").stopped, Some(Outcome::Malformed("rdp-malformed")));
}

#[test]
fn is_recognised_by_content() {
    let probed =
        |bytes: &[u8], port| (TCP.probe)(&Opening { direction: ToServer, bytes, ports: (50_000, port) });
    for message in [
        request("Cookie: mstshash=a\r\n", 0, 3),
        request("", 0, 11),
        confirm(2, 1),
        confirm(3, 5),
        packet(0xe0, &[]),
    ] {
        assert_eq!(probed(&message, 4_000), Verdict::Mine);
        for cut in 0..11 {
            assert_eq!(probed(&message[..cut], 4_000), Verdict::Unsure);
        }
    }
    // S7 names its end points instead.
    let s7 = packet(0xe0, &[0xc1, 2, 1, 0, 0xc2, 2, 1, 2, 0xc0, 1, 10]);
    assert_eq!(probed(&s7, 102), Verdict::NotMine);
    assert_eq!(probed(&packet(0xe0, &[]), 102), Verdict::NotMine);
    for other in [
        &[3, 0, 0, 7, 2, 0xf0, 0x80][..],
        b"\x03\0\0\x20\x11\xe0\0\0\0\0\0Cookie: ",
        b"SSH-2.0-x\r\n",
        &[0x16, 3, 1, 0, 9],
    ] {
        assert_eq!(probed(other, 3_389), Verdict::NotMine);
    }
}

#[test]
fn stands_any_split_cut_and_noise() {
    let opening = (ToServer, request("Cookie: mstshash=TINHUY\\nvan\r\n", 0, 3));
    stands(&TCP, &vec![opening.clone(), (ToClient, confirm(2, 1)), (ToServer, vec![0x16, 3, 1])]);
    stands(&TCP, &vec![opening, (ToClient, confirm(2, 0)), (ToServer, initial())]);
}
