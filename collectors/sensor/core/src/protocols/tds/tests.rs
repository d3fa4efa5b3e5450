//! A log-in in clear, a refused one, an encrypted one.

use super::{TDS, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 8).expect("short").to_be_bytes();
    [&[kind, 1][..], &length, &[0, 0, 1, 0], body].concat()
}

fn options(encryption: u8) -> Vec<u8> {
    vec![0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 15, 0, 0x10, 0x00, 0, 0, encryption]
}

fn login() -> Vec<u8> {
    let mut body = vec![0; 94];
    body[7] = 0x74;
    for (at, text) in [(36, "PC07"), (40, "sa"), (44, "hunter22"), (48, "sqlcmd"), (68, "hoso")] {
        let offset = u16::try_from(body.len()).expect("short").to_le_bytes();
        let letters = u16::try_from(text.len()).expect("short").to_le_bytes();
        body[at..at + 2].copy_from_slice(&offset);
        body[at + 2..at + 4].copy_from_slice(&letters);
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        body.extend(units.map(|byte| if at == 44 { byte.rotate_left(4) ^ 0xa5 } else { byte }));
    }
    let length = u32::try_from(body.len()).expect("short").to_le_bytes();
    body[..4].copy_from_slice(&length);
    packet(0x10, &body)
}

fn refusal() -> Vec<u8> {
    let text: Vec<u8> = "No".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let value = [&18_456_u32.to_le_bytes()[..], &[1, 14], &[2, 0], &text, &[0, 0, 0, 0, 0, 0]].concat();
    let length = u16::try_from(value.len()).expect("short").to_le_bytes();
    packet(4, &[&[0xe3, 2, 0, 1, 1, 0xaa][..], &length, &value].concat())
}

fn conversation() -> Conversation {
    vec![
        (ToServer, packet(0x12, &options(2))),
        (ToClient, packet(4, &options(2))),
        (ToServer, login()),
        (ToClient, refusal()),
    ]
}

fn told(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((TDS.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

#[test]
fn a_refused_log_in_is_told() {
    let events = told(&conversation());
    assert_eq!(events.len(), 2);
    let login = events.iter().find(|event| event["event.dataset"] == "login").expect("a log-in");
    assert_eq!(
        (login["user.name"].as_str(), login["event.outcome"].as_str(), login["vonggac.login.host"].as_str()),
        ("sa", "failure", "PC07")
    );
    assert_eq!(
        (login["vonggac.login.reason"].as_str(), login["vonggac.login.encrypted"].as_str()),
        ("18456", "false")
    );
    let sql = events.iter().find(|event| event["event.dataset"] == "sql").expect("a request");
    assert_eq!(
        (sql["vonggac.sql.application"].as_str(), sql["vonggac.sql.database"].as_str()),
        ("sqlcmd", "hoso")
    );
    assert_eq!(
        (sql["vonggac.sql.server_version"].as_str(), sql["vonggac.sql.error"].as_str()),
        ("15.0.4096", "No")
    );
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("hunter22"))));
}

#[test]
fn encryption_ends_it() {
    let mut harness = Harness::new((TDS.decoder)());
    harness.client(&packet(0x12, &options(0))).server(&packet(4, &options(1)));
    assert_eq!(harness.stopped, Some(Outcome::Done));
    let events = harness.finish();
    assert_eq!((events.len(), events[0]["vonggac.sql.request"].as_str()), (1, "ssl"));
}

#[test]
fn is_recognised_by_its_options() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 1_434) });
    assert_eq!(probed(ToServer, &packet(0x12, &options(0))), Verdict::Mine);
    assert_eq!(probed(ToServer, &login()), Verdict::Mine);
    assert_eq!(probed(ToServer, &packet(0x12, &options(0))[..12]), Verdict::Unsure);
    assert_eq!(probed(ToServer, &packet(0x12, b"something else")), Verdict::NotMine);
    assert_eq!(probed(ToClient, &packet(0x12, &options(0))), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"\x12\x34\0\x10\x02"), Verdict::NotMine, "AJP");
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TDS, &conversation());
}
