//! Who asks for which name, who answers with what, and what is told only once.

use super::{Flavour, LLMNR_TCP, LLMNR_UDP, LocalNames, MDNS, NBNS};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::packets::{give, udp};
use crate::testing::robustness::stands;
use crate::testing::{Harness, engine, events};

fn name(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes
}

fn question(id: u8, asked: &str, kind: u8) -> Vec<u8> {
    [&[0, id, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &name(asked), &[0, kind, 0, 1]].concat()
}

fn answer(id: u8, asked: &str, address: [u8; 4]) -> Vec<u8> {
    let head = [0, id, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0];
    let record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4];
    [&head[..], &name(asked), &[0, 1, 0, 1], &record, &address].concat()
}

/// `FHFAEBEECACACA…`: two letters for each half byte of the padded name and its suffix.
fn netbios(text: &str, suffix: u8) -> Vec<u8> {
    let mut padded = format!("{text:15}").into_bytes();
    padded.push(suffix);
    let mut bytes = vec![32];
    bytes.extend(padded.iter().flat_map(|byte| [b'A' + (byte >> 4), b'A' + (byte & 15)]));
    bytes.push(0);
    bytes
}

fn netbios_query(text: &str) -> Vec<u8> {
    [&[0, 7, 1, 0x10, 0, 1, 0, 0, 0, 0, 0, 0][..], &netbios(text, 0x20), &[0, 32, 0, 1]].concat()
}

fn netbios_answer(text: &str, address: [u8; 4]) -> Vec<u8> {
    let head = [0, 7, 0x85, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let record = [0, 32, 0, 1, 0, 0, 0, 60, 0, 6, 0, 0];
    [&head[..], &netbios(text, 0x20), &record, &address].concat()
}

#[test]
fn a_poisoner_shows_by_whom_it_answers_for() {
    let mut engine = engine();
    let (victim, poisoner) = ([10, 20, 7, 31], [10, 20, 7, 66]);
    let group = ([224, 0, 0, 252], 5_355).into();
    for (id, asked) in [(1, "wpad"), (2, "printsrv")] {
        let port = 50_000 + u16::from(id);
        give(&mut engine, 1_000_000, &udp(true, (victim, port).into(), group, &question(id, asked, 1)));
        let reply = answer(id, asked, poisoner);
        give(&mut engine, 1_000_900, &udp(false, (poisoner, 5_355).into(), (victim, port).into(), &reply));
    }
    let broadcast = ([10, 20, 7, 255], 137).into();
    give(&mut engine, 2_000_000, &udp(true, (victim, 137).into(), broadcast, &netbios_query("FILES")));
    let reply = netbios_answer("FILES", poisoner);
    give(&mut engine, 2_000_900, &udp(false, (poisoner, 137).into(), (victim, 137).into(), &reply));
    engine.finish();
    let found = events(&mut engine);
    let of = |kind| found.iter().filter(move |event| event.get("dns.type").is_some_and(|told| told == kind));
    let asked: Vec<_> = of("query").map(|event| event["dns.question.name"].as_str()).collect();
    assert_eq!(asked, ["wpad", "printsrv", "files"]);
    let answered: Vec<_> = of("answer")
        .map(|event| {
            assert_eq!(event["vonggac.llmnr.responder_ip"], "10.20.7.66");
            assert_eq!(event["dns.resolved_ip"], "[10.20.7.66]");
            (
                event["network.protocol"].as_str(),
                event["dns.question.name"].as_str(),
                event["source.ip"].as_str(),
            )
        })
        .collect();
    let expected = [
        ("llmnr", "wpad", "10.20.7.31"),
        ("llmnr", "printsrv", "10.20.7.31"),
        ("netbios-ns", "files", "10.20.7.66"),
    ];
    assert_eq!(answered, expected);
}

#[test]
fn in_one_flow_question_and_answer_are_one_event() {
    let framed = |message: Vec<u8>| [&[0, message.len() as u8][..], &message].concat();
    let mut harness = Harness::new((LLMNR_TCP.decoder)());
    harness.client(&framed(question(9, "workstation", 1)));
    harness.server(&framed(answer(9, "workstation", [203, 0, 113, 9])));
    let events = harness.finish();
    assert_eq!((events.len(), events[0]["dns.type"].as_str()), (1, "answer"));
    assert_eq!(events[0]["vonggac.llmnr.responder_ip"], "203.0.113.9");
    assert_eq!(events[0]["vonggac.llmnr.host_name"], "workstation");
    assert_eq!(events[0]["vonggac.llmnr.asked"], "true");
    assert_eq!(events[0]["vonggac.dns.rtt"], "0");
}

#[test]
fn hosts_name_themselves() {
    let mut harness = Harness::datagrams(Box::new(LocalNames::new(Flavour::NetBios, false)), 137);
    let head = [0, 1, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1];
    let record = [0xc0, 12, 0, 32, 0, 1, 0, 4, 0x93, 0xe0, 0, 6, 0x60, 0, 10, 20, 7, 31];
    harness.client(&[&head[..], &netbios("VP-07", 0), &[0, 32, 0, 1], &record].concat());
    let mut table = [&[0, 2, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..], &netbios("*", 0), &[0, 33, 0, 1]].concat();
    table.extend([0, 0, 0, 0, 0, 43, 2]);
    table.extend(b"TINHUY         \0\x84\0");
    table.extend(b"SRV-01         \0\x04\0");
    table.extend([0, 0x1b, 0x21, 9, 9, 9]);
    harness.server(&table);
    let events = harness.finish();
    assert_eq!(events[0]["dns.op_code"], "REGISTRATION");
    assert_eq!(events[0]["vonggac.llmnr.host_name"], "VP-07");
    assert_eq!(events[0]["vonggac.llmnr.host_ip"], "10.20.7.31");
    assert_eq!(events[0]["vonggac.llmnr.role"], "workstation");
    assert_eq!(events[1]["vonggac.llmnr.host_name"], "SRV-01");
    assert_eq!(events[1]["vonggac.llmnr.host_mac"], "00:1b:21:09:09:09");
    assert_eq!(events[1]["dns.answers.data"], "[workstation group, workstation]");
}

#[test]
fn announcements_are_told_once_in_a_while() {
    let mut harness = Harness::datagrams((MDNS.decoder)(), 5_353);
    let announced = [&[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..], &name("may-in.local")].concat();
    let announced = [&announced[..], &[0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 10, 20, 7, 31]].concat();
    harness.client(&announced).client(&announced);
    harness.time.0 += super::REPEAT_AFTER;
    harness.client(&announced);
    let events = harness.finish();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["vonggac.llmnr.host_name"], "may-in.local");
    assert_eq!(events[0]["vonggac.llmnr.asked"], "false");
}

#[test]
fn port_and_structure_must_agree() {
    let probed = |protocol: &crate::protocols::Protocol, bytes: &[u8], port| {
        (protocol.probe)(&Opening { direction: ToServer, bytes, ports: (50_000, port) })
    };
    assert_eq!(probed(&LLMNR_UDP, &question(1, "a", 1), 5_355), Verdict::Mine);
    assert_eq!(probed(&LLMNR_UDP, &question(1, "a", 1), 53), Verdict::NotMine);
    assert_eq!(probed(&LLMNR_UDP, b"not a message at all", 5_355), Verdict::NotMine);
    assert_eq!(probed(&LLMNR_TCP, &[0, 40, 0, 1, 0, 0, 0, 1], 5_355), Verdict::Unsure);
    assert_eq!(probed(&LLMNR_TCP, b"GET / HTTP/1.1\r\n\r\n", 5_355), Verdict::NotMine);
    assert_eq!(probed(&MDNS, &question(0, "_http._tcp.local", 12), 5_353), Verdict::Mine);
    assert_eq!(probed(&MDNS, &[0; 12], 5_353), Verdict::NotMine);
    assert_eq!(probed(&NBNS, &netbios_query("A"), 137), Verdict::Mine);
    assert_eq!(probed(&NBNS, &question(1, "a", 1), 137), Verdict::NotMine);
}

#[test]
fn stands_cuts_and_noise() {
    let talk = vec![(ToServer, question(1, "wpad", 1)), (ToClient, answer(1, "wpad", [10, 0, 0, 1]))];
    stands(&LLMNR_UDP, &talk);
    stands(&MDNS, &talk);
    stands(
        &NBNS,
        &vec![(ToServer, netbios_query("FILES")), (ToClient, netbios_answer("FILES", [10, 0, 0, 1]))],
    );
    let framed = |message: Vec<u8>| [&[0, message.len() as u8][..], &message].concat();
    let stream = talk.into_iter().map(|(direction, message)| (direction, framed(message))).collect();
    stands(&LLMNR_TCP, &stream);
}
