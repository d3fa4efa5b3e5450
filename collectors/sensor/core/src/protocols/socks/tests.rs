//! Requests of all versions, and what is not one.

use super::{SOCKS, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

const CONNECT: &[u8] = b"\x05\x01\x00\x03\x0bexample.org\x01\xbb";
const GRANTED: &[u8] = b"\x05\x00\x00\x01\x0a\x00\x00\x01\x00\x50";

fn play(conversation: &Conversation) -> (Vec<ReadableEvent>, Option<Outcome>) {
    let mut harness = Harness::new((SOCKS.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    (harness.finish(), harness.stopped)
}

fn told(events: &[ReadableEvent], dataset: &str) -> String {
    let fields: &[&str] = match dataset {
        "login" => &["user.name", "event.outcome", "vonggac.login.method"],
        _ => &[
            "vonggac.socks.version",
            "vonggac.socks.command",
            "vonggac.socks.method",
            "vonggac.socks.host",
            "vonggac.socks.port",
            "vonggac.socks.reply",
            "event.outcome",
        ],
    };
    let event = events.iter().find(|event| event["event.dataset"] == dataset).expect("an event");
    fields.iter().map(|field| event.get(*field).cloned().unwrap_or_default()).collect::<Vec<_>>().join("|")
}

fn version5(method: u8, between: Conversation) -> Conversation {
    let mut conversation = vec![(ToServer, vec![5, 2, 0, 2]), (ToClient, vec![5, method])];
    conversation.extend(between);
    conversation.push((ToServer, CONNECT.to_vec()));
    conversation.push((ToClient, GRANTED.to_vec()));
    conversation
}

fn credentials(status: u8) -> Conversation {
    vec![(ToServer, b"\x01\x04nvan\x07hunter2".to_vec()), (ToClient, vec![1, status])]
}

#[test]
fn a_granted_request_is_handed_over() {
    let (events, stopped) = play(&version5(0, vec![]));
    assert_eq!(told(&events, "socks"), "5|connect|none|example.org|443|succeeded|success");
    assert_eq!(stopped, Some(Outcome::Handover(10)));
    let (events, stopped) = play(&vec![
        (ToServer, b"\x04\x01\x00\x50\xcb\x00\x71\x09nvan\0".to_vec()),
        (ToClient, b"\0\x5a\0\0\0\0\0\0".to_vec()),
    ]);
    assert_eq!(told(&events, "socks"), "4|connect||203.0.113.9|80|succeeded|success");
    assert_eq!((events[0]["user.name"].as_str(), stopped), ("nvan", Some(Outcome::Handover(8))));
    let (events, stopped) = play(&vec![
        (ToServer, b"\x04\x01\x00\x50\0\0\0\x01\0example.org\0".to_vec()),
        (ToClient, b"\0\x5b\0\0\0\0\0\0".to_vec()),
    ]);
    assert_eq!(told(&events, "socks"), "4a|connect||example.org|80|rejected|failure");
    assert_eq!(stopped, Some(Outcome::Done));
}

#[test]
fn a_password_is_a_log_in() {
    let (events, _) = play(&version5(2, credentials(0)));
    assert_eq!(told(&events, "login"), "nvan|success|password");
    assert!(!format!("{events:?}").contains("hunter2"));
    assert_eq!(told(&events, "socks"), "5|connect|password|example.org|443|succeeded|success");
    let (events, stopped) = play(&version5(2, credentials(1)));
    assert_eq!(told(&events, "login"), "nvan|failure|password");
    assert_eq!(stopped, Some(Outcome::Done));
    let (events, _) = play(&vec![(ToServer, vec![5, 1, 2]), (ToClient, vec![5, 0xff])]);
    assert_eq!(told(&events, "socks"), "5||refused||||failure");
}

#[test]
fn clients_may_speak_ahead() {
    let (events, stopped) = play(&vec![
        (ToServer, [&[5, 1, 2][..], b"\x01\x01a\x01b", CONNECT, b"GET / HTTP/1.1\r\n"].concat()),
        (ToClient, [&[5, 2, 1, 0][..], GRANTED].concat()),
    ]);
    assert_eq!(told(&events, "socks"), "5|connect|password|example.org|443|succeeded|success");
    assert_eq!(stopped, Some(Outcome::Handover(10)));
}

#[test]
fn a_greeting_that_is_answered_otherwise_was_none() {
    let (events, stopped) = play(&vec![(ToServer, vec![5, 1, 0]), (ToClient, b"what?".to_vec())]);
    assert!(events.is_empty());
    assert_eq!(stopped, Some(Outcome::Malformed("socks-malformed")));
}

#[test]
fn is_recognised_by_a_whole_first_message() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 1_080) });
    for bytes in [
        &[5, 1, 0][..],
        &[5, 2, 0, 2],
        &[&[5, 1, 0], CONNECT].concat(),
        b"\x04\x01\x00\x50\xcb\x00\x71\x09\0",
    ] {
        assert_eq!(probed(ToServer, bytes), Verdict::Mine);
        assert_eq!(probed(ToServer, &bytes[..bytes.len() - 1]), Verdict::Unsure);
        assert_eq!(probed(ToClient, bytes), Verdict::NotMine);
    }
    for bytes in [
        // A bind of DCE/RPC, more bytes than a greeting, unknown and repeated methods, port 0, a group.
        &b"\x05\x00\x0b\x03\x10\x00\x00\x00"[..],
        b"\x05\x01\x00\xff\xff",
        b"\x05\x01\x77",
        b"\x05\x02\x00\x00",
        b"\x04\x01\x00\x00\xcb\x00\x71\x09\0",
        b"\x04\x01\x00\x50\xef\x00\x71\x09\0",
        b"\x04\x01\x00\x50\xcb\x00\x71\x09\x07\0",
    ] {
        assert_eq!(probed(ToServer, bytes), Verdict::NotMine, "{bytes:?}");
    }
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&SOCKS, &version5(2, credentials(0)));
    let named = b"\x04\x01\x00\x50\0\0\0\x01me\0example.org\0".to_vec();
    stands(&SOCKS, &vec![(ToServer, named), (ToClient, b"\0\x5a\0\0\0\0\0\0".to_vec())]);
}
