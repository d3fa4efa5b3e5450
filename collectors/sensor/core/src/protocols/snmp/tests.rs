//! What the protocol's events must be.

use super::UDP;
use crate::asn1::writing::{element, holding};
use crate::asn1::{INTEGER, NULL, OCTET_STRING, OID, SEQUENCE};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::secrets::mask;
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

/// 1.3.6.1.2.1.1.N.0
fn oid(number: u8) -> Vec<u8> {
    element(OID, &[0x2b, 6, 1, 2, 1, 1, number, 0])
}

fn int(value: u8) -> Vec<u8> {
    element(INTEGER, &[value])
}

fn operation(tag: u8, id: u8, error: u8, variables: &[u8]) -> Vec<u8> {
    let variable = |number: &u8| holding(SEQUENCE, &[oid(*number), element(NULL, &[])]);
    let variables: Vec<Vec<u8>> = variables.iter().map(variable).collect();
    holding(tag, &[int(id), int(error), int(0), holding(SEQUENCE, &variables)])
}

fn message(version: u8, community: &str, operation: Vec<u8>) -> Vec<u8> {
    holding(SEQUENCE, &[int(version), element(OCTET_STRING, community.as_bytes()), operation])
}

fn version_3(id: u8, flags: u8, engine: &[u8], user: &str, data: Vec<u8>) -> Vec<u8> {
    let header = [int(id), element(INTEGER, &[5, 0xdc]), element(OCTET_STRING, &[flags]), int(3)];
    let security = [
        element(OCTET_STRING, engine),
        int(1),
        int(2),
        element(OCTET_STRING, user.as_bytes()),
        element(OCTET_STRING, &[]),
        element(OCTET_STRING, &[]),
    ];
    let security = element(OCTET_STRING, &holding(SEQUENCE, &security));
    holding(SEQUENCE, &[int(3), holding(SEQUENCE, &header), security, data])
}

fn scoped(operation: Vec<u8>) -> Vec<u8> {
    holding(SEQUENCE, &[element(OCTET_STRING, b"engine"), element(OCTET_STRING, b""), operation])
}

fn flow() -> Harness {
    Harness::datagrams((UDP.decoder)(), 161)
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(event.get(*field).map_or("", String::as_str), *value, "{field}");
    }
}

#[test]
fn a_request_and_its_response_are_one_event() {
    let mut flow = flow();
    flow.client(&message(1, "public", operation(0xa0, 7, 0, &[1, 5])));
    flow.client(&message(1, "public", operation(0xa0, 7, 0, &[1, 5])));
    flow.server(&message(1, "public", operation(0xa2, 7, 0, &[1, 5])));
    flow.client(&message(0, "hunter2", operation(0xa3, 8, 0, &[5])));
    flow.server(&message(0, "hunter2", operation(0xa2, 8, 2, &[5])));
    let events = flow.finish();
    assert_eq!(events.len(), 2);
    check(
        &events[0],
        &[
            ("vonggac.snmp.version", "2c"),
            ("vonggac.snmp.request_type", "get"),
            ("vonggac.snmp.response_type", "response"),
            ("vonggac.snmp.community", "public"),
            ("vonggac.snmp.oids", "[1.3.6.1.2.1.1.1.0, 1.3.6.1.2.1.1.5.0]"),
            ("vonggac.snmp.variables", "2"),
            ("vonggac.snmp.requests", "1"),
            ("vonggac.snmp.error", ""),
            ("event.outcome", "success"),
        ],
    );
    check(
        &events[1],
        &[
            ("vonggac.snmp.version", "1"),
            ("vonggac.snmp.request_type", "set"),
            ("vonggac.snmp.community", &mask(b"hunter2")),
            ("vonggac.snmp.error", "noSuchName"),
            ("event.outcome", "failure"),
        ],
    );
}

#[test]
fn version_3_shows_user_and_engine() {
    let mut flow = flow();
    flow.client(&version_3(1, 4, &[], "", scoped(operation(0xa0, 0, 0, &[]))));
    flow.server(&version_3(1, 0, &[0x80, 0, 0x1f], "", scoped(operation(0xa8, 0, 0, &[3]))));
    flow.client(&version_3(2, 7, &[0x80, 0, 0x1f], "admin", element(OCTET_STRING, &[9; 40])));
    flow.server(&version_3(2, 3, &[0x80, 0, 0x1f], "admin", element(OCTET_STRING, &[8; 40])));
    let events = flow.finish();
    assert_eq!(events.len(), 2);
    check(
        &events[0],
        &[
            ("vonggac.snmp.version", "3"),
            ("vonggac.snmp.request_type", "get"),
            ("vonggac.snmp.response_type", "report"),
            ("vonggac.snmp.security", "none"),
            ("vonggac.snmp.engine_id", "80001f"),
            ("event.outcome", "failure"),
        ],
    );
    check(
        &events[1],
        &[
            ("user.name", "admin"),
            ("vonggac.snmp.request_type", "encrypted"),
            ("vonggac.snmp.response_type", "encrypted"),
            ("vonggac.snmp.security", "auth-encrypted"),
            ("vonggac.snmp.variables", ""),
        ],
    );
}

#[test]
fn notifications_stand_alone() {
    let trap = [oid(3), element(0x40, &[10, 0, 0, 1]), int(6), int(1), element(0x43, &[9])];
    let trap = holding(0xa4, &[&trap[..], &[holding(SEQUENCE, &[])]].concat());
    let mut flow = flow();
    flow.client(&message(0, "private", trap)).client(&message(1, "", operation(0xa7, 3, 0, &[4])));
    let events = flow.finish();
    check(&events[0], &[("vonggac.snmp.request_type", "trap"), ("vonggac.snmp.oids", "[1.3.6.1.2.1.1.3.0]")]);
    check(&events[1], &[("vonggac.snmp.request_type", "trap-v2"), ("vonggac.snmp.community", "")]);
}

#[test]
fn a_long_walk_is_told_as_a_sum() {
    let mut flow = flow();
    for number in 0..500 {
        let id = number as u8 & 0x7f;
        flow.client(&message(1, "public", operation(0xa1, id, 0, &[id])));
        flow.server(&message(1, "public", operation(0xa2, id, 0, &[id])));
    }
    let events = flow.finish();
    assert_eq!(events.len(), 65);
    check(&events[64], &[("vonggac.snmp.requests", "436"), ("vonggac.snmp.request_type", "get-next")]);
}

#[test]
fn is_recognised_by_content() {
    let probed = |bytes: &[u8]| (UDP.probe)(&Opening { direction: ToServer, bytes, ports: (50_000, 50_001) });
    let asked = message(1, "public", operation(0xa0, 7, 0, &[1]));
    assert_eq!(probed(&asked), Verdict::Mine);
    assert_eq!(probed(&version_3(1, 4, &[], "", scoped(operation(0xa0, 0, 0, &[])))), Verdict::Mine);
    assert_eq!(probed(&asked[..asked.len() - 1]), Verdict::NotMine);
    let ldap = holding(SEQUENCE, &[int(1), element(0x50, &[5])]);
    for other in [&ldap[..], b"\x30\x00", b"01234567890", &[0; 40]] {
        assert_eq!(probed(other), Verdict::NotMine);
    }
}

#[test]
fn stands_any_cut_and_noise() {
    let conversation = [
        (ToServer, message(1, "public", operation(0xa5, 7, 0, &[1, 2, 3]))),
        (ToClient, message(1, "public", operation(0xa2, 7, 0, &[1, 2, 3]))),
        (ToServer, version_3(1, 3, &[1, 2, 3], "admin", scoped(operation(0xa0, 0, 0, &[1])))),
        (ToClient, version_3(1, 3, &[1, 2, 3], "admin", element(OCTET_STRING, &[9; 40]))),
    ];
    stands(&UDP, &conversation.to_vec());
}
