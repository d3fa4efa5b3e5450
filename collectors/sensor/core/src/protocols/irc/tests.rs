//! What the events of a session must be.

use super::{IRC, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

fn session() -> Conversation {
    let told = [
        (ToClient, ":irc.example.net NOTICE AUTH :*** Looking up your hostname\r\n"),
        (ToServer, "PASS geheim\r\nNICK VNM|0417\r\nUSER x 0 * :bot\r\n"),
        (ToClient, ":irc.example.net 001 VNM|0417 :Welcome\r\nPING :1\r\n"),
        (ToServer, "PONG :1\r\nJOIN #ops,#closed key\r\n"),
        (ToClient, ":VNM|0417!x@h JOIN :#ops\r\n:irc.example.net 332 VNM|0417 #ops :.scan 10.0.0.0/8\r\n"),
        (
            ToClient,
            ":irc.example.net 353 VNM|0417 = #ops :a b @c\r\n:irc.example.net 366 VNM|0417 #ops :End\r\n",
        ),
        (ToClient, ":irc.example.net 475 VNM|0417 #closed :Cannot join (+k)\r\n"),
        (ToServer, "PRIVMSG #ops :done\r\n"),
        (ToClient, "@time=1 :c!c@h PRIVMSG VNM|0417 :\x01DCC SEND run.exe 3405803785 1024 5000\x01\r\n"),
    ];
    told.into_iter().map(|(direction, text)| (direction, text.as_bytes().to_vec())).collect()
}

fn show(event: &ReadableEvent, names: &[&str]) -> String {
    names.iter().map(|name| event.get(*name).map_or("", String::as_str)).collect::<Vec<_>>().join("|")
}

#[test]
fn sessions_and_joins() {
    let mut harness = Harness::new((IRC.decoder)());
    session().iter().for_each(|(direction, bytes)| harness.feed(*direction, bytes));
    let events = harness.finish();
    let told = |dataset: &str, names: &[&str]| -> Vec<String> {
        events
            .iter()
            .filter(|event| event["event.dataset"] == dataset)
            .map(|event| show(event, names))
            .collect()
    };
    let names = ["kind", "nick", "channels", "topic", "members"].map(|name| format!("vonggac.irc.{name}"));
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.push("event.outcome");
    let expected = [
        "join|VNM|0417|[#ops]|.scan 10.0.0.0/8|3|success",
        "join|VNM|0417|[#closed]|||failure",
        "session|VNM|0417|[#ops]|||success",
    ];
    assert_eq!(told("irc", &names), expected);
    let names = [
        "user.name",
        "vonggac.irc.real_name",
        "vonggac.irc.server",
        "vonggac.irc.sent",
        "vonggac.irc.received",
    ];
    assert_eq!(told("irc", &names)[2], "x|bot|irc.example.net|1|2");
    assert_eq!(told("irc", &["vonggac.irc.dcc"])[2], "[SEND run.exe 203.0.113.9:1024]");
    assert_eq!(
        told("login", &["user.name", "event.outcome", "vonggac.login.method"]),
        ["x|success|password"]
    );
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("geheim"))));
}

#[test]
fn accounts_by_sasl_and_refusals() {
    let mut harness = Harness::new((IRC.decoder)());
    harness.client(b"CAP REQ :sasl\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE AG52YW4AZ2VoZWlt\r\n");
    harness.server(b":s 904 nvan :SASL authentication failed\r\n");
    let events = harness.finish();
    let login = events.iter().find(|event| event["event.dataset"] == "login").unwrap();
    let names = ["user.name", "vonggac.login.method", "event.outcome", "vonggac.login.reason"];
    assert_eq!(show(login, &names), "nvan|plain|failure|SASL authentication failed");
}

#[test]
fn limits_hold() {
    let mut harness = Harness::new((IRC.decoder)());
    let joins: String = (0..3_000).map(|n| format!("JOIN #c{n}\r\n")).collect();
    harness.client(joins.as_bytes());
    assert_eq!(harness.anomalies(), ["irc-many-joins"]);
    assert_eq!(harness.finish().len(), 1_001);
    let mut harness = Harness::new((IRC.decoder)());
    harness.client(&[b'x'; 20_000]).client(b"\r\nNICK a\r\n");
    assert_eq!(harness.anomalies(), ["irc-long-line"]);
    let mut harness = Harness::new((IRC.decoder)());
    harness.server(&b"HTTP/1.1 200 OK\r\n".repeat(40));
    assert_eq!(harness.stopped, Some(Outcome::Malformed("irc-bad-line")));
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&IRC, &session());
}

#[test]
fn is_recognised_by_content() {
    let probed =
        |direction: Direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 4_000) });
    for mine in [
        "NICK a|b\r\n",
        "USER a 0 * :b\r\n",
        "PASS x\r\nNICK a\r\n",
        "CAP LS 302\r\n",
        "JOIN #a\r\n",
        "PASS x\nUSER a b c :d\n",
    ] {
        assert_eq!(probed(ToServer, mine.as_bytes()), Verdict::Mine, "{mine}");
    }
    for mine in [":s 001 a :Welcome\r\n", "NOTICE AUTH :*** x\r\n", ":a!b@c PRIVMSG #d :x\r\n"] {
        assert_eq!(probed(ToClient, mine.as_bytes()), Verdict::Mine, "{mine}");
    }
    assert_eq!(probed(ToServer, b"PASS x\r\n"), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"NI"), Verdict::Unsure);
    for foreign in [
        "USER anonymous\r\n",
        "NICK a b\r\n",
        "PASS x\r\nUSER y\r\n",
        "GET / HTTP/1.1\r\n",
        "EHLO x\r\n",
        "PASS x\r\nSTAT\r\n",
    ] {
        assert_eq!(probed(ToServer, foreign.as_bytes()), Verdict::NotMine, "{foreign}");
    }
    for foreign in ["220 x\r\n", "+OK x\r\n", "* OK x\r\n", "PING :1\r\n", ":\r\n", ":a b c\r\n"] {
        assert_eq!(probed(ToClient, foreign.as_bytes()), Verdict::NotMine, "{foreign}");
    }
}
