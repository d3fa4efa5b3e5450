//! What the events of a session must be.

use super::{POP3, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

fn session() -> Conversation {
    let told: [(Direction, &str); 16] = [
        (ToClient, "+OK POP3 ready <1@example.org>\r\n"),
        (ToServer, "CAPA\r\n"),
        (ToClient, "+OK list follows\r\nUSER\r\nUIDL\r\n.\r\n"),
        (ToServer, "USER nvan@example.org\r\n"),
        (ToClient, "+OK\r\n"),
        (ToServer, "PASS geheim\r\n"),
        (ToClient, "-ERR [AUTH] no\r\n"),
        (ToServer, "AUTH PLAIN\r\n"),
        (ToClient, "+ \r\n"),
        (ToServer, "AG52YW4AZ2VoZWlt\r\n"),
        (ToClient, "+OK Welcome.\r\n"),
        (ToServer, "STAT\r\nRETR 1\r\n"),
        (
            ToClient,
            "+OK 1 99\r\n+OK\r\nSubject: x\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n..a\r\n.\r\n",
        ),
        (ToServer, "QUIT\r\n"),
        (ToClient, "+OK bye\r\n"),
        (ToServer, ""),
    ];
    told.into_iter().map(|(direction, text)| (direction, text.as_bytes().to_vec())).collect()
}

fn field<'a>(event: &'a ReadableEvent, name: &str) -> &'a str {
    event.get(name).map_or("", String::as_str)
}

#[test]
fn commands_with_their_answers() {
    let mut harness = Harness::new((POP3.decoder)()).keep_files();
    session().iter().for_each(|(direction, bytes)| harness.feed(*direction, bytes));
    let events = harness.finish();
    let pop3: Vec<&ReadableEvent> = events.iter().filter(|event| event["event.dataset"] == "pop3").collect();
    let shown: Vec<String> = pop3
        .iter()
        .map(|event| {
            ["command", "status", "text", "lines"]
                .map(|name| field(event, &format!("vonggac.pop3.{name}")))
                .join("|")
        })
        .collect();
    let expected = [
        "|OK|POP3 ready <1@example.org>|",
        "CAPA|OK|list follows|[USER, UIDL]",
        "USER|OK||",
        "PASS|ERR|[AUTH] no|",
        "AUTH|CONTINUE||",
        "SASL|OK|Welcome.|",
        "STAT|OK|1 99|",
        "RETR|OK||",
        "QUIT|OK|bye|",
    ];
    assert_eq!(shown, expected);
    assert_eq!((field(pop3[7], "email.subject"), field(pop3[7], "user.name")), ("x", "nvan"));
    assert_eq!(harness.contents(), [b".a"]);
    let logins: Vec<String> = events
        .iter()
        .filter(|event| event["event.dataset"] == "login")
        .map(|event| {
            ["user.name", "vonggac.login.method", "event.outcome", "vonggac.login.reason"]
                .map(|name| field(event, name))
                .join("|")
        })
        .collect();
    assert_eq!(logins, ["nvan|password|failure|[AUTH] no", "nvan|plain|success|"]);
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("geheim"))));
}

#[test]
fn stls_hands_over_and_unanswered_commands_are_told() {
    let mut harness = Harness::new((POP3.decoder)());
    harness.server(b"+OK ready\r\n").client(b"STLS\r\n").server(b"+OK go\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Handover(8)));
    let mut harness = Harness::new((POP3.decoder)());
    harness.client(b"APOP nvan 0123456789abcdef0123456789abcdef\r\nLIST\r\n");
    let events = harness.finish();
    assert_eq!(events.iter().filter(|event| event["event.dataset"] == "pop3").count(), 2);
    let login = events.iter().find(|event| event["event.dataset"] == "login").unwrap();
    assert_eq!((&login["event.outcome"][..], &login["vonggac.login.method"][..]), ("unknown", "apop"));
}

#[test]
fn a_hole_in_a_letter_does_not_end_the_session() {
    let mut harness = Harness::new((POP3.decoder)());
    harness.client(b"RETR 1\r\n").server(b"+OK\r\nSubject: x\r\n\r\nabc");
    harness.gap(ToClient, 1_000).client(b"STAT\r\n").server(b"tail\r\n+OK 5 5\r\n");
    let events = harness.finish();
    let told: Vec<&str> = events.iter().map(|event| field(event, "vonggac.pop3.text")).collect();
    assert_eq!(told, ["", "5 5"]);
    assert_eq!(events[0]["vonggac.mail.complete"], "false");
}

#[test]
fn limits_hold() {
    let mut harness = Harness::new((POP3.decoder)());
    harness.client("NOOP\r\n".repeat(2_000).as_bytes());
    assert_eq!(harness.anomalies(), ["pop3-many-commands"]);
    assert_eq!(harness.finish().len(), 2_000);
    let mut harness = Harness::new((POP3.decoder)());
    harness.client("?? ??\r\n".repeat(100).as_bytes());
    assert_eq!(harness.stopped, Some(Outcome::Malformed("pop3-bad-command")));
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&POP3, &session());
}

#[test]
fn is_recognised_by_content() {
    let probed = |direction: Direction, bytes: &[u8], port| {
        probe(&Opening { direction, bytes, ports: (50_000, port) })
    };
    assert_eq!(probed(ToClient, b"+OK POP3 ready\r\n", 4_000), Verdict::Mine);
    assert_eq!(probed(ToClient, b"+OK", 4_000), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"CAPA\r\n", 4_000), Verdict::Mine);
    assert_eq!(probed(ToServer, b"USER nvan\r\n", 110), Verdict::Mine);
    for foreign in [&b"+OK\r\n"[..], b"+PONG\r\n", b"220 x\r\n", b"+OK \x01\x02\r\n"] {
        assert_eq!(probed(ToClient, foreign, 4_000), Verdict::NotMine);
    }
    for foreign in [&b"USER nvan\r\n"[..], b"USER a b c :d\r\n", b"CAPABILITY\r\n", b"AUTH x\r\n"] {
        assert_eq!(probed(ToServer, foreign, 21), Verdict::NotMine);
    }
}
