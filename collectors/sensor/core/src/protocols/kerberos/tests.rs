//! What the protocol's events must be.

use super::{PASSWORD_TCP, PASSWORD_UDP, TCP, UDP, encryption, ticket_of};
use crate::asn1::writing::{element, holding};
use crate::asn1::{BIT_STRING, INTEGER, OCTET_STRING, OID, SEQUENCE};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Protocol, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

/// `[number]` around what it holds.
fn field(number: u8, content: Vec<u8>) -> Vec<u8> {
    element(0xa0 | number, &content)
}

fn int(value: u8) -> Vec<u8> {
    element(INTEGER, &[value])
}

fn string(text: &str) -> Vec<u8> {
    element(0x1b, text.as_bytes())
}

fn name(parts: &[&str]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = parts.iter().map(|part| string(part)).collect();
    holding(SEQUENCE, &[field(0, int(1)), field(1, holding(SEQUENCE, &parts))])
}

fn encrypted(kind: u8) -> Vec<u8> {
    holding(SEQUENCE, &[field(0, int(kind)), field(2, element(OCTET_STRING, &[0xee; 40]))])
}

fn ticket(service: &[&str], kind: u8) -> Vec<u8> {
    let fields = [
        field(0, int(5)),
        field(1, string("TINHUY.LOCAL")),
        field(2, name(service)),
        field(3, encrypted(kind)),
    ];
    element(0x61, &holding(SEQUENCE, &fields))
}

/// A message of version 5 whose fields count from `first`.
fn message(kind: u8, first: u8, fields: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = vec![field(first, int(5)), field(first + 1, int(kind))];
    parts.extend_from_slice(fields);
    element(0x60 | kind, &holding(SEQUENCE, &parts))
}

fn padata(entries: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let entry = |(kind, value): &(u8, Vec<u8>)| {
        let kind = element(INTEGER, &[0, *kind]);
        holding(SEQUENCE, &[field(1, kind), field(2, element(OCTET_STRING, value))])
    };
    field(3, holding(SEQUENCE, &entries.iter().map(entry).collect::<Vec<_>>()))
}

/// AS-REQ (10) or TGS-REQ (12); `options` are the first two bytes.
fn request(
    kind: u8,
    options: [u8; 2],
    client: Option<&str>,
    service: &[&str],
    entries: &[(u8, Vec<u8>)],
) -> Vec<u8> {
    let mut body = vec![field(0, element(BIT_STRING, &[0, options[0], options[1], 0, 0x10]))];
    body.extend(client.map(|client| field(1, name(&[client]))));
    body.extend([field(2, string("TINHUY.LOCAL")), field(3, name(service))]);
    body.push(field(5, element(0x18, b"20370913024805Z")));
    body.push(field(7, element(INTEGER, &[0x12, 0x34, 0x56, 0x78])));
    body.push(field(8, holding(SEQUENCE, &[int(18), int(23), element(INTEGER, &[0xff, 0x7b])])));
    let address = [field(0, int(20)), field(1, element(OCTET_STRING, b"VP-TINHUY-07    "))];
    body.push(field(9, holding(SEQUENCE, &[holding(SEQUENCE, &address)])));
    let mut fields = Vec::new();
    if !entries.is_empty() {
        fields.push(padata(entries));
    }
    fields.push(field(4, holding(SEQUENCE, &body)));
    message(kind, 1, &fields)
}

fn log_in(entries: &[(u8, Vec<u8>)]) -> Vec<u8> {
    request(10, [0x50, 0x81], Some("nvan"), &["krbtgt", "TINHUY.LOCAL"], entries)
}

/// AS-REP (11) or TGS-REP (13).
fn reply(kind: u8, client: &str, service: &[&str], of_ticket: u8, of_reply: u8) -> Vec<u8> {
    let fields = [
        field(3, string("TINHUY.LOCAL")),
        field(4, name(&[client])),
        field(5, ticket(service, of_ticket)),
        field(6, encrypted(of_reply)),
    ];
    message(kind, 0, &fields)
}

fn failure(code: u8, service: &[&str]) -> Vec<u8> {
    let status = element(OCTET_STRING, &[0x34, 2, 0, 0xc0, 0, 0, 0, 0, 1, 0, 0, 0]);
    let extended = holding(SEQUENCE, &[field(1, int(3)), field(2, status)]);
    let fields = [
        field(4, element(0x18, b"20260213203031Z")),
        field(5, int(1)),
        field(6, int(code)),
        field(9, string("TINHUY.LOCAL")),
        field(10, name(service)),
        field(11, string("no luck")),
        field(12, element(OCTET_STRING, &extended)),
    ];
    message(30, 0, &fields)
}

fn application(service: &[&str], kind: u8) -> Vec<u8> {
    let fields = [
        field(2, element(BIT_STRING, &[0, 0, 0, 0, 0])),
        field(3, ticket(service, kind)),
        field(4, encrypted(18)),
    ];
    message(14, 0, &fields)
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u32).to_be_bytes()[..], message].concat()
}

const TGT: [&str; 2] = ["krbtgt", "TINHUY.LOCAL"];

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(event.get(*field).map_or("", String::as_str), *value, "{field}");
    }
}

#[test]
fn a_log_in_in_two_rounds_is_two_events_and_one_login() {
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&framed(&log_in(&[(128, vec![])]))).server(&framed(&failure(25, &TGT)));
    harness.client(&framed(&log_in(&[(2, encrypted(18)), (128, vec![])])));
    harness.server(&framed(&reply(11, "nvan", &TGT, 18, 18)));
    let events = harness.finish();
    let told = of(&events, "kerberos");
    assert_eq!(told.len(), 2);
    check(
        told[0],
        &[
            ("user.name", "nvan"),
            ("user.domain", "TINHUY.LOCAL"),
            ("event.outcome", "failure"),
            ("vonggac.kerberos.request_type", "AS"),
            ("vonggac.kerberos.reply_type", "ERROR"),
            ("vonggac.kerberos.error_code", "KDC_ERR_PREAUTH_REQUIRED"),
            ("vonggac.kerberos.error_text", "no luck"),
            ("vonggac.kerberos.status", "STATUS_ACCOUNT_LOCKED_OUT"),
            ("vonggac.kerberos.service.name", "krbtgt/TINHUY.LOCAL"),
            ("vonggac.kerberos.encryption.offered", "[aes256-cts-hmac-sha1-96, rc4-hmac, rc4-hmac-old]"),
            ("vonggac.kerberos.preauth.types", "[PA-PAC-REQUEST]"),
            ("vonggac.kerberos.preauth.used", "false"),
            ("vonggac.kerberos.options", "[forwardable, proxiable, renewable, canonicalize, renewable-ok]"),
            ("vonggac.kerberos.till", "2136422885000000"),
            ("vonggac.kerberos.client_host", "VP-TINHUY-07"),
        ],
    );
    check(
        told[1],
        &[
            ("event.outcome", "success"),
            ("vonggac.kerberos.reply_type", "AS"),
            ("vonggac.kerberos.reply.client", "nvan"),
            ("vonggac.kerberos.encryption.proof", "aes256-cts-hmac-sha1-96"),
            ("vonggac.kerberos.encryption.ticket", "aes256-cts-hmac-sha1-96"),
            ("vonggac.kerberos.encryption.ticket_weak", "false"),
            ("vonggac.kerberos.preauth.used", "true"),
            ("vonggac.kerberos.error_code", ""),
        ],
    );
    let logins = of(&events, "login");
    assert_eq!(logins.len(), 1);
    let expected =
        [("user.name", "nvan"), ("event.outcome", "success"), ("vonggac.login.host", "VP-TINHUY-07")];
    check(logins[0], &expected);
}

#[test]
fn log_ins_fail_by_the_name_of_the_error() {
    let mut harness = Harness::datagrams((UDP.decoder)(), 88);
    harness.client(&log_in(&[])).server(&failure(6, &TGT));
    harness.client(&log_in(&[(2, encrypted(18))])).server(&failure(37, &TGT));
    harness.client(&log_in(&[(2, encrypted(23))])).server(&failure(24, &TGT));
    let events = harness.finish();
    let reasons: Vec<&str> =
        of(&events, "login").iter().map(|login| login["vonggac.login.reason"].as_str()).collect();
    assert_eq!(reasons, ["KDC_ERR_C_PRINCIPAL_UNKNOWN", "KDC_ERR_PREAUTH_FAILED"]);
    check(of(&events, "kerberos")[2], &[("vonggac.kerberos.encryption.proof", "rc4-hmac")]);
}

#[test]
fn a_weak_ticket_for_a_service_shows() {
    let shown = application(&TGT, 18);
    let service = ["MSSQLSvc", "sql1.tinhuy.local:1433"];
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&framed(&request(12, [0x40, 0x81], None, &service, &[(1, shown)])));
    harness.server(&framed(&reply(13, "nvan", &service, 23, 18)));
    let events = harness.finish();
    assert_eq!(events.len(), 1, "further tickets are no log-ins");
    check(
        &events[0],
        &[
            ("user.name", "nvan"),
            ("user.domain", "TINHUY.LOCAL"),
            ("vonggac.kerberos.service.name", "MSSQLSvc/sql1.tinhuy.local:1433"),
            ("vonggac.kerberos.encryption.presented", "aes256-cts-hmac-sha1-96"),
            ("vonggac.kerberos.encryption.ticket", "rc4-hmac"),
            ("vonggac.kerberos.encryption.ticket_weak", "true"),
            ("vonggac.kerberos.encryption.reply_weak", "false"),
            ("vonggac.kerberos.preauth.used", ""),
        ],
    );
}

#[test]
fn delegation_shows_whom_it_is_for() {
    let user = holding(SEQUENCE, &[field(0, name(&["administrator"])), field(1, string("TINHUY.LOCAL"))]);
    let mut harness = Harness::new((TCP.decoder)());
    let own = request(12, [0x40, 0x81], None, &["web$"], &[(1, application(&TGT, 18)), (129, user)]);
    let proxy = request(12, [0x40, 0x82 | 1], None, &["cifs", "dc1"], &[(1, application(&TGT, 18))]);
    harness.client(&framed(&own)).server(&framed(&reply(13, "administrator", &["web$"], 18, 18)));
    harness.client(&framed(&proxy)).server(&framed(&failure(13, &["cifs", "dc1"])));
    let events = harness.finish();
    check(
        &events[0],
        &[
            ("user.effective.name", "administrator"),
            ("user.effective.domain", "TINHUY.LOCAL"),
            ("vonggac.kerberos.delegation", "S4U2Self"),
        ],
    );
    check(
        &events[1],
        &[("vonggac.kerberos.delegation", "S4U2Proxy"), ("vonggac.kerberos.error_code", "KDC_ERR_BADOPTION")],
    );
}

#[test]
fn repetitions_are_one_and_silence_is_told() {
    let mut harness = Harness::datagrams((UDP.decoder)(), 88);
    let asked = log_in(&[(2, encrypted(18))]);
    let events = harness.client(&asked).client(&asked).finish();
    assert_eq!(of(&events, "kerberos").len(), 1);
    assert_eq!(of(&events, "login")[0]["event.outcome"], "unknown");
    assert!(!of(&events, "kerberos")[0].contains_key("vonggac.kerberos.reply_type"));
}

#[test]
fn tickets_are_found_inside_other_protocols() {
    let bare = application(&["cifs", "fs1.tinhuy.local"], 18);
    let found = ticket_of(&bare).expect("a ticket");
    assert_eq!(found.service.as_deref(), Some("cifs/fs1.tinhuy.local"));
    assert_eq!(found.realm.as_deref(), Some("TINHUY.LOCAL"));
    assert_eq!(found.encryption.map(encryption).as_deref(), Some("aes256-cts-hmac-sha1-96"));
    let kerberos = element(OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2]);
    let token = element(0x60, &[kerberos.clone(), vec![1, 0], bare].concat());
    assert_eq!(ticket_of(&token).as_ref(), Some(&found));
    let mechanisms = field(0, holding(SEQUENCE, &[kerberos]));
    let fields = holding(SEQUENCE, &[mechanisms, field(2, element(OCTET_STRING, &token))]);
    let first = element(0x60, &[element(OID, &[0x2b, 6, 1, 5, 5, 2]), field(0, fields.clone())].concat());
    assert_eq!(ticket_of(&first).as_ref(), Some(&found));
    assert_eq!(ticket_of(&field(1, fields)).as_ref(), Some(&found));
    assert_eq!(ticket_of(b"NTLMSSP\0"), None);
    assert_eq!(ticket_of(&[]), None);
}

fn probed(protocol: &Protocol, bytes: &[u8]) -> Verdict {
    (protocol.probe)(&Opening { direction: ToServer, bytes, ports: (50_000, 50_001) })
}

#[test]
fn is_recognised_by_content() {
    for message in [log_in(&[]), failure(6, &TGT), reply(11, "nvan", &TGT, 23, 23), application(&TGT, 17)] {
        assert_eq!(probed(&UDP, &message), Verdict::Mine);
        assert_eq!(probed(&UDP, &message[..message.len() - 1]), Verdict::NotMine);
        let stream = framed(&message);
        assert_eq!(probed(&TCP, &stream), Verdict::Mine);
        for cut in 0..16 {
            assert_eq!(probed(&TCP, &stream[..cut]), Verdict::Unsure, "{cut}");
        }
    }
    for other in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"\0\0\0\x2f\xffSMB",
        b"\0\0\0\x0a\x6a\x08junkjunk",
        &[0x30, 5, 2, 1, 1, 0x60, 0],
    ] {
        assert_eq!(probed(&TCP, other), Verdict::NotMine);
        assert_eq!(probed(&UDP, other), Verdict::NotMine);
    }
}

#[test]
fn changes_of_password_are_named() {
    let ticket = application(&["kadmin", "changepw"], 18);
    let length = (ticket.len() + 6 + 4) as u16;
    let header = [length.to_be_bytes(), [0xff, 0x80], (ticket.len() as u16).to_be_bytes()].concat();
    let message = [header, ticket, vec![1, 2, 3, 4]].concat();
    assert_eq!(probed(&PASSWORD_UDP, &message), Verdict::Mine);
    assert_eq!(probed(&PASSWORD_TCP, &framed(&message)), Verdict::Mine);
    assert_eq!(probed(&PASSWORD_UDP, &message[..80]), Verdict::NotMine);
    assert_eq!(probed(&PASSWORD_UDP, &log_in(&[])), Verdict::NotMine);
}

#[test]
fn floods_and_long_messages_are_bounded() {
    let mut harness = Harness::new((TCP.decoder)());
    for number in 0..100 {
        harness.client(&framed(&request(10, [0; 2], Some(&format!("user{number}")), &TGT, &[])));
    }
    assert_eq!(harness.anomalies(), ["kerberos-many-requests"]);
    harness.client(&[0, 2, 0, 0]).client(&[0; 0x2_0000]).client(&framed(&log_in(&[])));
    assert_eq!(harness.anomalies(), ["kerberos-many-requests", "kerberos-long-message"]);
    assert_eq!(of(&harness.finish(), "kerberos").len(), 101);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&[0x16, 3, 1, 0, 5]);
    assert_eq!(harness.stopped, Some(Outcome::Malformed("kerberos-bad-length")));
}

#[test]
fn finds_its_feet_behind_a_hole() {
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&framed(&log_in(&[]))[..100]).gap(ToServer, 40).client(&[0x6a; 50]);
    harness.client(&framed(&log_in(&[(2, encrypted(18))])));
    let events = harness.finish();
    check(of(&events, "kerberos")[0], &[("vonggac.kerberos.preauth.used", "true")]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    let service = ["host", "a"];
    let asked = request(12, [0x40, 1], None, &service, &[(1, application(&TGT, 18))]);
    let conversation = [
        (ToServer, log_in(&[(2, encrypted(18))])),
        (ToClient, reply(11, "nvan", &TGT, 18, 23)),
        (ToServer, asked),
        (ToClient, failure(7, &service)),
    ];
    stands(&UDP, &conversation.to_vec());
    stands(&TCP, &conversation.iter().map(|(direction, message)| (*direction, framed(message))).collect());
}
