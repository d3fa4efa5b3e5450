//! A log-in with queries, a refused one, TLS.

use super::{MYSQL, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("short").to_le_bytes();
    [&length[..3], &[number], body].concat()
}

fn greeting() -> Vec<u8> {
    packet(
        0,
        &[
            &b"\x0a8.0.36\0"[..],
            &[1, 0, 0, 0],
            b"12345678\0",
            &[0xff; 18],
            b"123456789012\0caching_sha2_password\0",
        ]
        .concat(),
    )
}

fn response() -> Vec<u8> {
    packet(
        1,
        &[
            &[0x08, 0x82, 0x08, 0][..],
            &[0, 0, 0, 1, 45],
            &[0; 23],
            b"nvana\0",
            &[3, 1, 2, 3],
            b"hoso\0caching_sha2_password\0",
        ]
        .concat(),
    )
}

fn conversation() -> Conversation {
    vec![
        (ToClient, greeting()),
        (ToServer, response()),
        (ToClient, [packet(2, &[1, 3]), packet(3, &[0, 0, 0, 2, 0, 0, 0])].concat()),
        (ToServer, packet(0, b"\x03SELECT * FROM hoso")),
        (ToClient, [packet(1, &[3]), packet(2, &[7; 300])].concat()),
        (ToServer, packet(0, b"\x03SET PASSWORD = 'hunter22'")),
        (ToClient, packet(1, b"\xff\x2a\x04#42000no such right")),
        (ToServer, packet(0, &[1])),
    ]
}

fn told(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((MYSQL.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

#[test]
fn log_in_and_queries_are_told() {
    let events = told(&conversation());
    let all: Vec<_> = events.iter().filter(|event| event["event.dataset"] == "sql").collect();
    assert_eq!(all.len(), 3);
    assert_eq!(
        (
            all[0]["user.name"].as_str(),
            all[0]["vonggac.sql.database"].as_str(),
            all[0]["vonggac.sql.server_version"].as_str()
        ),
        ("nvana", "hoso", "8.0.36")
    );
    assert_eq!(
        (all[1]["vonggac.sql.query"].as_str(), all[1]["event.outcome"].as_str()),
        ("SELECT * FROM hoso", "success")
    );
    assert_eq!(
        (
            all[2]["event.outcome"].as_str(),
            all[2]["vonggac.sql.error_code"].as_str(),
            all[2]["vonggac.sql.error"].as_str()
        ),
        ("failure", "1066", "no such right")
    );
    let login = events.iter().find(|event| event["event.dataset"] == "login").expect("a log-in");
    assert_eq!(
        (login["event.outcome"].as_str(), login["vonggac.login.method"].as_str()),
        ("success", "caching_sha2_password")
    );
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("hunter22"))));
}

#[test]
fn a_refusal_and_tls() {
    let events = told(&vec![
        (ToClient, greeting()),
        (ToServer, response()),
        (ToClient, packet(2, b"\xff\x15\x04#28000Access denied")),
    ]);
    let login = events.iter().find(|event| event["event.dataset"] == "login").expect("a log-in");
    assert_eq!(
        (login["event.outcome"].as_str(), login["vonggac.login.reason"].as_str()),
        ("failure", "1045")
    );
    let mut harness = Harness::new((MYSQL.decoder)());
    let request = packet(1, &[&[0x08, 0x8a, 0x08, 0][..], &[0; 28]].concat());
    harness.server(&greeting()).client(&request);
    assert_eq!(harness.stopped, Some(Outcome::Handover(36)));
}

#[test]
fn is_recognised_by_its_greeting() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 3_307) });
    assert_eq!(probed(ToClient, &greeting()), Verdict::Mine);
    assert_eq!(probed(ToClient, &greeting()[..20]), Verdict::Unsure);
    assert_eq!(probed(ToServer, &greeting()), Verdict::NotMine);
    assert_eq!(probed(ToClient, &packet(0, b"\x0anot a version at all, no number\0")), Verdict::NotMine);
    assert_eq!(probed(ToClient, b"220 mail ready\r\n"), Verdict::NotMine);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&MYSQL, &conversation());
}
