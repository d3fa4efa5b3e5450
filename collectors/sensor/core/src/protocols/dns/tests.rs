use proptest::prelude::*;
use simple_dns::rdata::{A, AAAA, CNAME, MX, NS, RData, SOA, SRV, TXT};
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, RCODE, ResourceRecord, TYPE};

use super::decoder::{ANSWER_TIMEOUT_MICROS, WAITING_MAX};
use super::parser::{Message, NAME_BYTES_MAX, RECORDS_MAX};
use super::{Dns, names, probe_datagram, probe_stream};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::{Harness, ReadableEvent};
use crate::time::Micros;

fn name(text: &str) -> Name<'static> {
    Name::new(text).expect("a name").into_owned()
}

fn question(id: u16, host: &str, kind: TYPE) -> Vec<u8> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    packet.questions.push(simple_dns::Question::new(
        name(host),
        QTYPE::TYPE(kind),
        QCLASS::CLASS(CLASS::IN),
        false,
    ));
    packet.build_bytes_vec().expect("a query")
}

fn answer(id: u16, host: &str, kind: TYPE, records: Vec<RData<'static>>) -> Vec<u8> {
    let mut packet = Packet::new_reply(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED | PacketFlag::RECURSION_AVAILABLE);
    packet.questions.push(simple_dns::Question::new(
        name(host),
        QTYPE::TYPE(kind),
        QCLASS::CLASS(CLASS::IN),
        false,
    ));
    for data in records {
        packet.answers.push(ResourceRecord::new(name(host), CLASS::IN, 300, data));
    }
    packet.build_bytes_vec_compressed().expect("an answer")
}

/// An answer with one record of raw data: for types that the oracle does not write.
fn raw_answer(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, b'x', 0];
    bytes.extend_from_slice(&kind.to_be_bytes());
    bytes.extend_from_slice(&[0, 1, 0xc0, 12]);
    bytes.extend_from_slice(&kind.to_be_bytes());
    bytes.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
    bytes.extend_from_slice(&u16::try_from(data.len()).expect("short").to_be_bytes());
    bytes.extend_from_slice(data);
    bytes
}

fn data_of(kind: u16, data: &[u8]) -> String {
    Message::parse(&raw_answer(kind, data)).expect("a message").answers.remove(0).data
}

fn udp() -> Harness {
    Harness::datagrams(Box::new(Dns::datagrams()), 53)
}

fn get<'a>(event: &'a ReadableEvent, field: &str) -> &'a str {
    event.get(field).map_or("", String::as_str)
}

fn framed(message: &[u8]) -> Vec<u8> {
    let mut out = u16::try_from(message.len()).expect("short").to_be_bytes().to_vec();
    out.extend_from_slice(message);
    out
}

#[test]
fn pairs_question_and_answer() {
    let mut flow = udp();
    flow.client(&question(0x1234, "WWW.Example.org", TYPE::A));
    flow.time = Micros(flow.time.0 + 15_022);
    let records = vec![RData::CNAME(CNAME(name("web.example.net"))), RData::A(A { address: 0xcb00_7109 })];
    flow.server(&answer(0x1234, "www.EXAMPLE.org", TYPE::A, records));
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    let event = &events[0];
    let expected = [
        ("@timestamp", "1000000000000"),
        ("event.dataset", "dns"),
        ("network.transport", "udp"),
        ("dns.id", "4660"),
        ("dns.type", "answer"),
        ("dns.op_code", "QUERY"),
        ("dns.question.name", "www.example.org"),
        ("vonggac.dns.question.sent", "WWW.Example.org"),
        ("dns.question.type", "A"),
        ("dns.question.class", "IN"),
        ("dns.response_code", "NOERROR"),
        ("dns.header_flags", "[RD, RA]"),
        ("dns.answers.name", "[www.example.org, www.example.org]"),
        ("dns.answers.type", "[CNAME, A]"),
        ("dns.answers.data", "[web.example.net, 203.0.113.9]"),
        ("dns.answers.ttl", "[300, 300]"),
        ("dns.resolved_ip", "[203.0.113.9]"),
        ("vonggac.dns.rtt", "15022"),
        ("vonggac.dns.query_bytes", "33"),
        ("vonggac.dns.authority_count", "0"),
        ("vonggac.dns.additional_count", "0"),
    ];
    for (field, value) in expected {
        assert_eq!(get(event, field), value, "{field}");
    }
    assert!(flow.anomalies().is_empty());
}

#[test]
fn tells_unanswered_questions_once_and_stray_answers() {
    let mut flow = udp();
    flow.client(&question(1, "lost.example", TYPE::A)).client(&question(1, "lost.example", TYPE::A));
    flow.server(&answer(2, "stray.example", TYPE::AAAA, vec![RData::AAAA(AAAA { address: 1 })]));
    let events = flow.finish();
    assert_eq!(events.len(), 2);
    assert_eq!(
        (get(&events[0], "dns.type"), get(&events[0], "dns.question.name")),
        ("answer", "stray.example")
    );
    assert_eq!(get(&events[0], "dns.answers.data"), "[::1]");
    assert!(!events[0].contains_key("vonggac.dns.rtt"));
    assert_eq!(
        (get(&events[1], "dns.type"), get(&events[1], "dns.question.name")),
        ("query", "lost.example")
    );
    assert!(!events[1].contains_key("dns.response_code"));
}

#[test]
fn a_forged_answer_to_another_question_does_not_take_the_place_of_the_true_one() {
    let mut flow = udp();
    flow.client(&question(7, "bank.example", TYPE::A));
    flow.server(&answer(7, "evil.example", TYPE::A, vec![]));
    flow.server(&answer(7, "bank.example", TYPE::A, vec![]));
    let events = flow.finish();
    assert!(!events[0].contains_key("vonggac.dns.rtt"));
    assert_eq!(
        (get(&events[1], "dns.question.name"), get(&events[1], "vonggac.dns.rtt")),
        ("bank.example", "0")
    );
}

#[test]
fn waiting_questions_are_bounded_in_number_and_time() {
    let mut flow = udp();
    for id in 0..=u16::try_from(WAITING_MAX).expect("small") {
        flow.client(&question(id, "a.example", TYPE::A));
    }
    flow.time = Micros(flow.time.0 + ANSWER_TIMEOUT_MICROS + 1);
    flow.server(&answer(1, "a.example", TYPE::A, vec![]));
    let events = flow.finish();
    assert_eq!(events.len(), WAITING_MAX + 2);
    assert_eq!(events.iter().filter(|e| get(e, "dns.type") == "query").count(), WAITING_MAX + 1);
}

#[test]
fn shows_errors_edns_and_authorities() {
    let mut flow = udp();
    let mut asked = question(3, "nothing.example", TYPE::TXT);
    asked[11] = 1;
    asked.extend_from_slice(&[0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    flow.client(&asked);
    let mut packet = Packet::new_reply(3);
    *packet.rcode_mut() = RCODE::NameError;
    let soa = SOA {
        mname: name("ns.example"),
        rname: name("admin.example"),
        serial: 7,
        refresh: 1,
        retry: 2,
        expire: 3,
        minimum: 4,
    };
    packet.name_servers.push(ResourceRecord::new(name("Example"), CLASS::IN, 60, RData::SOA(soa)));
    flow.server(&packet.build_bytes_vec().expect("an answer"));
    let events = flow.finish();
    assert_eq!(events.len(), 1, "an error without the question belongs to the question of its id");
    assert_eq!(get(&events[0], "dns.question.name"), "nothing.example");
    assert_eq!(get(&events[0], "dns.response_code"), "NXDOMAIN");
    assert_eq!(get(&events[0], "vonggac.dns.edns_size"), "1232");
    assert_eq!(get(&events[0], "vonggac.dns.authority.name"), "[example]");
    assert_eq!(get(&events[0], "vonggac.dns.authority.data"), "[ns.example admin.example 7 1 2 3 4]");
}

#[test]
fn writes_the_data_of_every_common_type() {
    let cases: [(u16, &[u8], &str); 19] = [
        (1, &[192, 0, 2, 1], "192.0.2.1"),
        (5, &[1, b'A', 0xc0, 12], "a.x"),
        (10, &[0, 255, 16], "00ff10"),
        (15, &[0, 10, 1, b'm', 0], "10 m"),
        (16, b"\x0bv=spf1 -all", "v=spf1 -all"),
        (16, b"\x03abc\x00", "\"abc\" \"\""),
        (16, b"\x02\xff\x01", "\\xff\u{1}"),
        (16, b"\x03a\"\\\x01b", "\"a\\\"\\\\\" \"b\""),
        (33, &[0, 20, 0, 1, 19, 196, 1, b's', 0], "20 1 5060 s"),
        (35, b"\x00\x01\x00\x02\x01u\x07E2U+sip\x00\x00", "1 2 \"u\" \"E2U+sip\" \"\" ."),
        (43, &[1, 2, 8, 2, 0xab], "258 8 2 ab"),
        (44, &[1, 1, 0x19, 0x8c], "1 1 198c"),
        (46, &[0, 1, 8, 2, 0, 0, 0, 60, 0, 0, 0, 9, 0, 0, 0, 5, 0, 7, 0, 0xaa], "A 8 2 60 9 5 7 . aa"),
        (48, &[1, 1, 3, 8, 0xcc], "257 3 8 cc"),
        (52, &[3, 1, 1, 0xdd], "3 1 1 dd"),
        (
            65,
            &[0, 1, 0, 0, 1, 0, 6, 2, b'h', b'3', 2, b'h', b'2', 0, 4, 0, 4, 192, 0, 2, 1],
            "1 . alpn=h3,h2 ipv4hint=192.0.2.1",
        ),
        (257, b"\x00\x05issueca.example", "0 issue \"ca.example\""),
        (65399, &[1, 2], "0102"),
        (1, &[192, 0, 2], "c00002"),
    ];
    for (kind, data, text) in cases {
        assert_eq!(data_of(kind, data), text, "{}", names::kind(kind));
    }
}

#[test]
fn names_what_has_no_name() {
    assert_eq!(names::kind(65399), "TYPE65399");
    assert_eq!(names::kind(32769), "DLV");
    assert_eq!(
        (names::class(42), names::opcode(7), names::response_code(16)),
        ("CLASS42".into(), "OPCODE7".into(), "BADVERS".into())
    );
    assert_eq!(names::flags(0x07b0), ["AA", "TC", "RD", "RA", "AD", "CD"]);
}

#[test]
fn odd_names_survive() {
    let mut bytes = vec![0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    bytes.extend_from_slice(b"\x07a.b\\\xff c\x03\xc3\xa9!\x00\x00\x01\x00\x01");
    let message = Message::parse(&bytes).expect("a message");
    assert_eq!(message.questions[0].name, "a\\.b\\\\\\xff\\x20c.é!");
    assert!(message.defects.is_empty());
}

#[test]
fn malformed_messages_become_anomalies_and_keep_what_is_readable() {
    let start = [0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
    let cases: [(&[u8], &str); 5] = [
        (&[0xc0, 12, 0, 1, 0, 1], "dns-bad-pointer"),
        (&[1, b'a', 0xc0, 12, 0, 1, 0, 1], "dns-bad-pointer"),
        (&[1, b'a', 0xff, 0xff, 0, 1, 0, 1], "dns-bad-pointer"),
        (&[0x41, b'a', 0, 0, 1, 0, 1], "dns-truncated"),
        (&[1, b'a', 0, 0, 1, 0, 1, 9, 9], "dns-trailing-bytes"),
    ];
    for (rest, anomaly) in cases {
        let mut flow = udp();
        flow.server(&[&start, rest].concat());
        assert!(flow.anomalies().contains(&anomaly), "{anomaly}: {:?}", flow.anomalies());
        assert_eq!(flow.finish().len(), 1);
    }
    let mut flow = udp();
    flow.client(b"short");
    assert_eq!(flow.anomalies(), ["dns-truncated"]);
    flow.client(&question(1, "still.example", TYPE::A));
    assert_eq!(flow.finish().len(), 1, "one bad datagram does not blind the sensor to the next");
}

#[test]
fn names_and_records_are_bounded() {
    let mut long = vec![0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
    for _ in 0..10 {
        long.push(63);
        long.extend_from_slice(&[b'a'; 63]);
    }
    long.extend_from_slice(&[0, 0, 1, 0, 1]);
    let message = Message::parse(&long).expect("a message");
    assert_eq!(message.defects, ["dns-name-too-long"]);
    assert!(message.questions[0].name.len() <= NAME_BYTES_MAX);

    let count = RECORDS_MAX + 50;
    let mut many = vec![0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'x', 0, 0, 1, 0, 1];
    many[6..8].copy_from_slice(&u16::try_from(count).expect("small").to_be_bytes());
    for _ in 0..count {
        many.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]);
    }
    let message = Message::parse(&many).expect("a message");
    assert_eq!((message.answers.len(), message.defects.len()), (RECORDS_MAX, 0));
}

#[test]
fn streams_are_framed_and_survive_gaps() {
    let mut flow = Harness::new(Box::new(Dns::stream()));
    flow.client(&framed(&question(1, "one.example", TYPE::A)));
    flow.gap(Direction::ToServer, 100);
    flow.client(b"\xff\xff in the middle of something").client(&framed(&question(2, "two.example", TYPE::A)));
    flow.server(&framed(&answer(2, "two.example", TYPE::A, vec![])));
    let events = flow.finish();
    assert_eq!(events.len(), 2);
    let mut broken = Harness::new(Box::new(Dns::stream()));
    broken.client(&[0, 3, 1, 2, 3]);
    assert_eq!(broken.stopped, Some(Outcome::Malformed("dns-bad-length")));
}

fn opening(bytes: &[u8], port: u16) -> Opening<'_> {
    Opening { direction: Direction::ToServer, bytes, ports: (50_000, port) }
}

#[test]
fn is_recognised_by_content() {
    let asked = question(9, "c2.example", TYPE::TXT);
    assert_eq!(probe_datagram(&opening(&asked, 53_531)), Verdict::Mine);
    for neighbour in [137, 5353, 5355] {
        assert_eq!(probe_datagram(&opening(&asked, neighbour)), Verdict::NotMine);
    }
    let mut odd = asked.clone();
    odd.push(0);
    assert_eq!(
        probe_datagram(&opening(&odd, 53_531)),
        Verdict::NotMine,
        "trailing bytes, no resolver's port"
    );
    assert_eq!(probe_datagram(&opening(&odd, 53)), Verdict::Mine);
    assert_eq!(probe_datagram(&opening(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 53)), Verdict::NotMine);
    assert_eq!(probe_datagram(&opening(&[0x17; 64], 53)), Verdict::NotMine);
    let stream = framed(&asked);
    assert_eq!(probe_stream(&opening(&stream, 4_444)), Verdict::Mine);
    assert_eq!(probe_stream(&opening(&stream[..1], 53)), Verdict::Unsure);
    assert_eq!(probe_stream(&opening(&stream[..20], 4_444)), Verdict::Unsure);
    assert_eq!(
        probe_stream(&opening(&stream[..20], 53)),
        Verdict::Mine,
        "answers may be longer than what is probed"
    );
    assert_eq!(probe_stream(&opening(b"POST /a HTTP/1.1\r\n", 53)), Verdict::NotMine);
}

fn host() -> impl Strategy<Value = String> {
    proptest::collection::vec("[a-zA-Z0-9_-]{1,20}", 1..5).prop_map(|labels| labels.join("."))
}

fn record() -> impl Strategy<Value = RData<'static>> {
    prop_oneof![
        any::<u32>().prop_map(|address| RData::A(A { address })),
        any::<u128>().prop_map(|address| RData::AAAA(AAAA { address })),
        host().prop_map(|h| RData::CNAME(CNAME(name(&h)))),
        host().prop_map(|h| RData::NS(NS(name(&h)))),
        (any::<u16>(), host()).prop_map(|(preference, h)| RData::MX(MX { preference, exchange: name(&h) })),
        (any::<u16>(), any::<u16>(), any::<u16>(), host()).prop_map(
            |(priority, weight, port, h)| RData::SRV(SRV { priority, weight, port, target: name(&h) })
        ),
        "[ -~]{1,80}".prop_map(|t| RData::TXT(TXT::new().with_string(&t).expect("short").into_owned())),
    ]
}

proptest! {
    /// What the oracle writes is read back; where the oracle reads arbitrary bytes without complaint, so do we.
    #[test]
    fn agrees_with_another_implementation(id: u16, host in host(), records in proptest::collection::vec(record(), 0..8)) {
        let bytes = answer(id, &host, TYPE::A, records);
        let (ours, theirs) = (Message::parse(&bytes).expect("a message"), Packet::parse(&bytes).expect("a packet"));
        prop_assert!(ours.flawless());
        prop_assert_eq!(ours.id, theirs.id());
        prop_assert_eq!(&ours.questions[0].name, &theirs.questions[0].qname.to_string());
        prop_assert_eq!(ours.answers.len(), theirs.answers.len());
        for (our, their) in ours.answers.iter().zip(&theirs.answers) {
            prop_assert_eq!(&our.name, &their.name.to_string());
            let text = match &their.rdata {
                RData::A(a) => std::net::Ipv4Addr::from(a.address).to_string(),
                RData::AAAA(a) => std::net::Ipv6Addr::from(a.address).to_string(),
                RData::CNAME(c) => c.0.to_string().to_ascii_lowercase(),
                RData::NS(n) => n.0.to_string().to_ascii_lowercase(),
                RData::MX(m) => format!("{} {}", m.preference, m.exchange.to_string().to_ascii_lowercase()),
                RData::SRV(s) => format!("{} {} {} {}", s.priority, s.weight, s.port, s.target.to_string().to_ascii_lowercase()),
                _ => continue,
            };
            prop_assert_eq!(&our.data, &text);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(messages in proptest::collection::vec((any::<bool>(), proptest::collection::vec(any::<u8>(), 0..300)), 0..6)) {
        for mut flow in [udp(), Harness::new(Box::new(Dns::stream()))] {
            for (up, bytes) in &messages {
                flow.feed(if *up { Direction::ToServer } else { Direction::ToClient }, bytes);
                let _ = probe_datagram(&opening(bytes, 53));
                let _ = probe_stream(&opening(bytes, 53));
            }
            flow.finish();
        }
    }

    /// One bit of a good message turned over: still an event, whatever else.
    #[test]
    fn damaged_messages_never_panic(records in proptest::collection::vec(record(), 0..5), at: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = answer(1, "a.example", TYPE::A, records);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let mut flow = udp();
        flow.server(&bytes);
        prop_assert_eq!(flow.finish().len(), 1);
    }

    #[test]
    fn any_split_gives_the_same_events(hosts in proptest::collection::vec(host(), 1..5), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let stream: Vec<u8> = hosts.iter().enumerate().flat_map(|(id, host)| framed(&question(u16::try_from(id).expect("small"), host, TYPE::A))).collect();
        let mut whole = Harness::new(Box::new(Dns::stream()));
        whole.client(&stream);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len())).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let mut split = Harness::new(Box::new(Dns::stream()));
        for pair in cuts.windows(2) {
            split.client(&stream[pair[0]..pair[1]]);
        }
        prop_assert_eq!(whole.finish(), split.finish());
    }
}
