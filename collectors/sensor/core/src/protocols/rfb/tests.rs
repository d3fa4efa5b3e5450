//! The handshake of each version, up to the desktop.

use super::{RFB, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

const INIT: &[u8] =
    b"\x07\x80\x04\x38\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x05VP-07";

fn told(event: &ReadableEvent, fields: &[&str]) -> String {
    fields.iter().map(|field| event.get(*field).cloned().unwrap_or_default()).collect::<Vec<_>>().join("|")
}

fn play(conversation: &Conversation) -> (ReadableEvent, Option<ReadableEvent>, Option<Outcome>) {
    let mut harness = Harness::new((RFB.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    let events = harness.finish();
    let of = |dataset: &str| events.iter().find(|event| event["event.dataset"] == dataset).cloned();
    (of("rfb").expect("an event"), of("login"), harness.stopped)
}

fn versions(minor: u8) -> Conversation {
    let line = format!("RFB 003.00{minor}\n").into_bytes();
    vec![(ToClient, line.clone()), (ToServer, line)]
}

/// VNC authentication with this result and what the server says behind it.
fn password(minor: u8, result: u8, behind: &[u8]) -> Conversation {
    let mut conversation = versions(minor);
    if minor == 3 {
        conversation.push((ToClient, vec![0, 0, 0, 2]));
    } else {
        conversation.push((ToClient, vec![2, 16, 2]));
        conversation.push((ToServer, vec![2]));
    }
    conversation.push((ToClient, vec![0x11; 16]));
    conversation.push((ToServer, vec![0x22; 16]));
    conversation.push((ToClient, vec![0, 0, 0, result]));
    if result == 0 {
        conversation.push((ToServer, vec![1]));
    }
    conversation.push((ToClient, behind.to_vec()));
    conversation
}

#[test]
fn a_password_is_checked_in_every_version() {
    for minor in [3, 7, 8] {
        let (event, login, stopped) = play(&password(minor, 0, INIT));
        let fields = [
            "vonggac.rfb.server_version",
            "vonggac.rfb.security_type",
            "event.outcome",
            "vonggac.rfb.shared",
        ];
        assert_eq!(told(&event, &fields), format!("3.{minor}|2|success|true"));
        let desktop = ["vonggac.rfb.width", "vonggac.rfb.height", "vonggac.rfb.desktop"];
        assert_eq!(told(&event, &desktop), "1920|1080|VP-07");
        let login = login.expect("a log-in");
        let fields = ["network.protocol", "event.outcome", "vonggac.login.method", "vonggac.login.encrypted"];
        assert_eq!(told(&login, &fields), "rfb|success|vnc|true");
        assert_eq!(stopped, Some(Outcome::Done));
    }
}

#[test]
fn a_wrong_password_has_its_reason() {
    let (event, login, _) = play(&password(8, 1, b"\x00\x00\x00\x05wrong"));
    assert_eq!(told(&event, &["event.outcome", "vonggac.rfb.reason"]), "failure|wrong");
    assert_eq!(login.expect("a log-in")["event.outcome"], "failure");
    let (event, _, stopped) = play(&password(7, 1, b""));
    assert_eq!((event["event.outcome"].as_str(), stopped), ("failure", Some(Outcome::Done)));
}

#[test]
fn an_open_desktop_is_a_log_in_without_a_password() {
    for (minor, result) in [(7, &b""[..]), (8, b"\0\0\0\0")] {
        let mut conversation = versions(minor);
        conversation.extend([
            (ToClient, vec![1, 1]),
            (ToServer, vec![1]),
            (ToClient, result.to_vec()),
            (ToServer, vec![0]),
            (ToClient, INIT.to_vec()),
        ]);
        let (event, login, _) = play(&conversation);
        assert_eq!(told(&event, &["event.outcome", "vonggac.rfb.desktop"]), "success|VP-07");
        let login = login.expect("a log-in");
        assert_eq!(told(&login, &["event.outcome", "vonggac.login.method"]), "success|none");
    }
}

#[test]
fn refusals_and_other_security_types_end_it() {
    let mut refused = versions(8);
    refused.push((ToClient, b"\0\0\0\0\x03why".to_vec()));
    let (event, login, _) = play(&refused);
    assert_eq!(told(&event, &["event.outcome", "vonggac.rfb.reason"]), "failure|why");
    assert!(login.is_none());
    let mut apple = vec![(ToClient, b"RFB 003.889\n".to_vec()), (ToServer, b"RFB 003.008\n".to_vec())];
    apple.extend([(ToClient, vec![2, 30, 35]), (ToServer, vec![30])]);
    let (event, login, stopped) = play(&apple);
    let fields = ["vonggac.rfb.security_types", "vonggac.rfb.security_type", "event.outcome"];
    assert_eq!(told(&event, &fields), "[30, 35]|30|unknown");
    assert_eq!((login.is_some(), stopped), (true, Some(Outcome::Done)));
    let mut long = password(8, 0, INIT);
    long.pop();
    long.push((ToClient, [&INIT[..20], &[0xff; 4]].concat()));
    assert_eq!(play(&long).2, Some(Outcome::Malformed("rfb-long-text")));
}

#[test]
fn is_recognised_by_its_version() {
    let probed = |bytes: &[u8]| probe(&Opening { direction: ToClient, bytes, ports: (50_000, 4_444) });
    assert_eq!(
        [probed(b"RFB 003.008\n"), probed(b"RFB 0"), probed(b"R")],
        [Verdict::Mine, Verdict::Unsure, Verdict::Unsure]
    );
    assert_eq!([probed(b"RFB protocol\n"), probed(b"RTSP/1.0 200")], [Verdict::NotMine; 2]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    for minor in [3, 8] {
        stands(&RFB, &password(minor, 0, INIT));
    }
    stands(&RFB, &password(8, 1, b"\x00\x00\x00\x05wrong"));
}

/// VeNCrypt with this subtype.
fn vencrypt(subtype: u16, behind: Conversation) -> Conversation {
    let mut conversation = versions(8);
    let choice = [&[0, 0][..], &subtype.to_be_bytes()].concat();
    conversation.extend([
        (ToClient, vec![2, 19, 2]),
        (ToServer, vec![19]),
        (ToClient, vec![0, 2]),
        (ToServer, vec![0, 2]),
        (ToClient, vec![0]),
        (ToClient, [&[2][..], &[0, 0, 1, 0], &[0, 0, 1, 4]].concat()),
        (ToServer, choice),
    ]);
    conversation.extend(behind);
    conversation
}

/// Its name and password, and the result.
fn plain(result: u8) -> Conversation {
    vec![(ToServer, b"\0\0\0\x05\0\0\0\x03adminabc".to_vec()), (ToClient, vec![0, 0, 0, result])]
}

#[test]
fn tls_in_vencrypt_is_handed_over() {
    let (event, login, stopped) = play(&vencrypt(260, vec![(ToClient, vec![1])]));
    assert_eq!(stopped, Some(Outcome::Handover(1)));
    let fields = ["vonggac.rfb.security_types", "vonggac.rfb.security_type", "vonggac.rfb.security_subtype"];
    assert_eq!(told(&event, &fields), "[19, 2]|19|260");
    let fields = ["event.outcome", "vonggac.login.method", "vonggac.login.encrypted"];
    assert_eq!(told(&login.expect("a log-in"), &fields), "unknown|other|true");
    // Refused.
    let (_, _, stopped) = play(&vencrypt(260, vec![(ToClient, vec![0])]));
    assert_eq!(stopped, Some(Outcome::Done));
}

#[test]
fn a_password_in_clear_is_told_and_masked() {
    let (_, login, _) = play(&vencrypt(256, plain(0)));
    let login = login.expect("a log-in");
    let fields = ["event.outcome", "user.name", "vonggac.login.method", "vonggac.login.encrypted"];
    assert_eq!(told(&login, &fields), "success|admin|plain|false");
    assert!(login["vonggac.login.secret"].starts_with("k:"));
    let long = vec![(ToServer, b"\0\x01\0\0\0\0\0\0".to_vec())];
    assert_eq!(play(&vencrypt(256, long)).2, Some(Outcome::Malformed("rfb-long-text")));
    stands(&RFB, &vencrypt(256, plain(0)));
    stands(&RFB, &vencrypt(260, vec![(ToClient, vec![1])]));
}
