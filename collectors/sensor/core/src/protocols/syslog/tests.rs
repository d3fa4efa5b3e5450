//! Both forms of the header, both framings, and secrets in texts.

use super::masking::masked;
use super::{TCP, UDP, probe_datagram, probe_stream};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

const OLD: &str = "<38>Oct 11 22:14:15 gw-1 sshd[4211]: Failed password for root from 203.0.113.9";
const NEW: &str = "<165>1 2026-11-02T08:00:00Z gw-1 app 7 ID47 [ex@1 a=\"\\]\"][b] \u{feff}Đăng nhập";

fn told(event: &ReadableEvent) -> String {
    let fields = [
        "log.syslog.facility.name",
        "log.syslog.severity.name",
        "log.syslog.hostname",
        "log.syslog.appname",
        "log.syslog.procid",
        "message",
    ];
    fields.map(|field| event.get(field).cloned().unwrap_or_default()).join("|")
}

fn datagram(text: &str) -> String {
    let mut harness = Harness::datagrams((UDP.decoder)(), 514);
    harness.client(text.as_bytes());
    told(&harness.finish()[0])
}

#[test]
fn both_forms_are_read() {
    assert_eq!(datagram(OLD), "auth|informational|gw-1|sshd|4211|Failed password for root from 203.0.113.9");
    assert_eq!(datagram(NEW), "local4|notice|gw-1|app|7|Đăng nhập");
    assert_eq!(datagram("<0>Oct  1 22:14:15 su: no host"), "kernel|emergency||su||no host");
    assert_eq!(datagram("<13>Oct  1 22:14:15 gw-1 no tag here"), "user|notice|gw-1|||no tag here");
    assert_eq!(datagram("<189>29: %SYS-5-CONFIG_I: done"), "local7|notice||||29: %SYS-5-CONFIG_I: done");
    assert_eq!(datagram("<14>1 - - - - - - text"), "user|informational||||text");
}

#[test]
fn secrets_in_texts_are_masked() {
    for text in [
        "user=a password=SECRET next",
        "login pwd: SECRET",
        "{\"password\": \"SECRET of two words\", \"x\": 1}",
        "GET https://nvan:SECRET@example.org/?token=1 done",
        "passwd='SECRET'",
    ] {
        let shown = String::from_utf8(masked(text.as_bytes())).unwrap();
        assert!(!shown.contains("SECRET") && shown.contains("k:"), "{shown}");
    }
    assert_eq!(masked(b"Failed password for root: x=1"), b"Failed password for root: x=1");
    let long = format!("<13>{} password=SECRET", "x".repeat(495));
    assert!(!datagram(&long).contains("SECRET"));
}

#[test]
fn frames_are_told_apart() {
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(format!("{OLD}\n{} {NEW}{} {OLD}", NEW.len(), OLD.len()).as_bytes());
    assert_eq!(harness.finish().len(), 3);
    let mut harness = Harness::new((TCP.decoder)());
    let long = format!("<13>{}", "x".repeat(20_000));
    harness.client(format!("{} {long}{long}\n{OLD}\n", long.len()).as_bytes());
    let events = harness.finish();
    assert_eq!(events.iter().map(|event| event["message"].len()).collect::<Vec<_>>(), [512, 512, 41]);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(b"12x <13>");
    assert_eq!(harness.stopped, Some(Outcome::Malformed("syslog-bad-frame")));
}

#[test]
fn a_feed_is_told_in_part() {
    let mut harness = Harness::datagrams((UDP.decoder)(), 514);
    for _ in 0..2_000 {
        harness.client(OLD.as_bytes());
    }
    assert_eq!(harness.anomalies(), ["syslog-many-messages"]);
    assert_eq!(harness.finish().len(), 1_000);
}

#[test]
fn is_recognised_by_its_header() {
    let opening = |direction, port, text: &'static str| Opening {
        direction,
        bytes: text.as_bytes(),
        ports: (50_000, port),
    };
    for (port, text, verdict) in [
        (5_140, OLD, Verdict::Mine),
        (5_140, NEW, Verdict::Mine),
        (514, "<189>29: %SYS", Verdict::Mine),
        (5_140, "<189>29: %SYS", Verdict::NotMine),
        (514, "<192>x", Verdict::NotMine),
        (514, "<html>", Verdict::NotMine),
    ] {
        assert_eq!(probe_datagram(&opening(ToServer, port, text)), verdict, "{text}");
    }
    assert_eq!(probe_datagram(&opening(ToClient, 514, OLD)), Verdict::NotMine);
    for (text, verdict) in [
        (OLD, Verdict::Mine),
        ("80 <165>1 2026-11-02T08", Verdict::Mine),
        ("<16", Verdict::Unsure),
        ("<html><body>hello</body>", Verdict::NotMine),
        ("GET / HTTP/1.1", Verdict::NotMine),
    ] {
        assert_eq!(probe_stream(&opening(ToServer, 5_140, text)), verdict, "{text}");
    }
}

#[test]
fn stands_any_split_cut_and_noise() {
    let both = format!("{OLD}\n{} {NEW}", NEW.len());
    stands(&TCP, &vec![(ToServer, both.into_bytes())]);
    stands(&UDP, &vec![(ToServer, OLD.as_bytes().to_vec()), (ToServer, NEW.as_bytes().to_vec())]);
}
