//! What the events of a session must be.

use super::{IMAP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

const LETTER: &str = "Subject: x\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nabc\r\n";

fn session() -> Conversation {
    let size = LETTER.len();
    let told = [
        (ToClient, "* OK [CAPABILITY IMAP4rev1] ready\r\n".to_owned()),
        (ToServer, "a1 LOGIN {4}\r\n".to_owned()),
        (ToClient, "+ go\r\n".to_owned()),
        (ToServer, "nvan \"ge\\\"heim\"\r\n".to_owned()),
        (ToClient, "a1 NO [AUTHENTICATIONFAILED] no\r\n".to_owned()),
        (ToServer, "a2 AUTHENTICATE PLAIN\r\n".to_owned()),
        (ToClient, "+ \r\n".to_owned()),
        (ToServer, "AG52YW4AZ2VoZWlt\r\n".to_owned()),
        (ToClient, "a2 OK done\r\n".to_owned()),
        (ToServer, "a3 SELECT INBOX\r\na4 UID FETCH 1:2 (BODY.PEEK[])\r\n".to_owned()),
        (ToClient, "* 2 EXISTS\r\na3 OK done\r\n".to_owned()),
        (ToClient, format!("* 1 FETCH (UID 7 BODY[] {{{size}}}\r\n{LETTER})\r\n")),
        (ToClient, "* 2 FETCH (BODY[HEADER] {6}\r\nTo: a\n)\r\na4 OK done\r\n".to_owned()),
        (ToServer, format!("a5 APPEND \"Sent Items\" (\\Seen) {{{size}+}}\r\n{LETTER}\r\n")),
        (ToClient, "a5 OK done\r\n".to_owned()),
        (ToServer, "a6 IDLE\r\nDONE\r\na7 LOGOUT\r\n".to_owned()),
        (ToClient, "+ idling\r\na6 OK x\r\n* BYE x\r\na7 OK x\r\n".to_owned()),
    ];
    told.into_iter().map(|(direction, text)| (direction, text.into_bytes())).collect()
}

fn field<'a>(event: &'a ReadableEvent, name: &str) -> &'a str {
    event.get(name).map_or("", String::as_str)
}

#[test]
fn letters_log_ins_and_the_summary() {
    let mut harness = Harness::new((IMAP.decoder)()).keep_files();
    session().iter().for_each(|(direction, bytes)| harness.feed(*direction, bytes));
    let events = harness.finish();
    let imap: Vec<&ReadableEvent> = events.iter().filter(|event| event["event.dataset"] == "imap").collect();
    let shown: Vec<String> = imap
        .iter()
        .map(|event| {
            let names = [
                "vonggac.imap.command",
                "vonggac.imap.mailboxes",
                "user.name",
                "email.subject",
                "vonggac.mail.complete",
            ];
            names.map(|name| field(event, name)).join("|")
        })
        .collect();
    let expected = [
        "FETCH|[INBOX]|nvan|x|true",
        "APPEND|[Sent Items]|nvan|x|true",
        "SESSION|[INBOX, Sent Items]|nvan||",
    ];
    assert_eq!(shown, expected);
    let names = ["greeting", "requests", "refused", "letters", "commands", "starttls"];
    let summary = names.map(|name| field(imap[2], &format!("vonggac.imap.{name}"))).join("|");
    let commands = "[LOGIN, AUTHENTICATE, SELECT, UID, APPEND, IDLE, LOGOUT]";
    assert_eq!(summary, format!("OK [CAPABILITY IMAP4rev1] ready|7|1|2|{commands}|false"));
    assert_eq!(harness.contents(), [b"abc", b"abc"]);
    let logins: Vec<String> = events
        .iter()
        .filter(|event| event["event.dataset"] == "login")
        .map(|event| {
            ["user.name", "vonggac.login.method", "event.outcome"].map(|name| field(event, name)).join("|")
        })
        .collect();
    assert_eq!(logins, ["nvan|password|failure", "nvan|plain|success"]);
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("heim"))));
}

#[test]
fn letters_in_pieces_are_put_together() {
    let mut harness = Harness::new((IMAP.decoder)()).keep_files();
    let (first, second) = LETTER.split_at(60);
    harness.client(b"1 UID FETCH 7 (BODY.PEEK[]<0.60>)\r\n");
    harness.server(format!("* 1 FETCH (UID 7 BODY[]<0> {{60}}\r\n{first})\r\n1 OK done\r\n").as_bytes());
    harness.client(b"2 UID FETCH 7 (BODY.PEEK[]<60.60>)\r\n");
    harness.server(
        format!("* 1 FETCH (UID 7 BODY[]<60> {{{}}}\r\n{second})\r\n2 OK done\r\n", second.len()).as_bytes(),
    );
    let events = harness.finish();
    let letter = events.iter().find(|event| field(event, "vonggac.imap.command") == "FETCH").unwrap();
    assert_eq!(letter["vonggac.mail.complete"], "true");
    assert_eq!(harness.contents(), [b"abc"]);
}

#[test]
fn starttls_hands_over() {
    let mut harness = Harness::new((IMAP.decoder)());
    harness.server(b"* OK hi\r\n").client(b"a1 STARTTLS\r\n").server(b"a1 OK go\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Handover(10)));
    assert_eq!(harness.finish()[0]["vonggac.imap.starttls"], "true");
    let mut harness = Harness::new((IMAP.decoder)());
    harness.client(b"a1 COMPRESS DEFLATE\r\n").server(b"a1 OK go\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Done));
}

#[test]
fn limits_hold() {
    let mut harness = Harness::new((IMAP.decoder)());
    harness.server(b"* OK hi\r\n* SEARCH").server(&b" 123456".repeat(10_000)).server(b"\r\n* 1 EXISTS\r\n");
    let mut script: String = (0..1_000).map(|n| format!("a{n} X{}\r\n", n % 100)).collect();
    script.push_str("b0 LOGIN {99999999999999999999}\r\n");
    harness.client(script.as_bytes());
    assert_eq!(harness.stopped, Some(Outcome::Malformed("imap-bad-line")));
    let mut harness = Harness::new((IMAP.decoder)());
    harness.client(b"a LOGIN {100000}\r\n").client(&[b'x'; 100_000]).client(b" y\r\n");
    assert_eq!(harness.finish()[0]["user.name"].len(), 256);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&IMAP, &session());
}

#[test]
fn is_recognised_by_content() {
    let probed =
        |direction: Direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 4_000) });
    assert_eq!(probed(ToClient, b"* OK ready\r\n"), Verdict::Mine);
    assert_eq!(probed(ToClient, b"* "), Verdict::Unsure);
    for command in
        ["a0000 CAPABILITY\r\n", "1 LOGIN a b\r\n", "A1 AUTHENTICATE PLAIN\r\n", "3 ID (\"name\" \"x\")\r\n"]
    {
        assert_eq!(probed(ToServer, command.as_bytes()), Verdict::Mine, "{command}");
    }
    for foreign in ["+OK x\r\n", "*1\r\n$4\r\nPING\r\n", "220 x\r\n", "HTTP/1.1 200 OK\r\n"] {
        assert_eq!(probed(ToClient, foreign.as_bytes()), Verdict::NotMine, "{foreign}");
    }
    for foreign in ["GET LOGIN x\r\n", "NICK a\r\n", "USER a1 b c :d\r\n", "EHLO x1\r\n", "a1 NOOP x\r\n"] {
        assert_eq!(probed(ToServer, foreign.as_bytes()), Verdict::NotMine, "{foreign}");
    }
}
