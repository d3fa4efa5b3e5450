//! A miner's first minute in three dialects, and what is no mining.

use super::json::{self, Problem, Value};
use super::{STRATUM, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

const SUBSCRIBE: &[u8] = b"{\"id\": 1, \"method\": \"mining.subscribe\", \"params\": [\"cgminer/4.10\"]}\n";
const SUBSCRIBED: &[u8] = b"{\"id\":1,\"result\":[[[\"mining.notify\",\"ae\"]],\"08\",4],\"error\":null}\n";
const AUTHORIZE: &[u8] =
    b"{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"1BoatSLRHt.pc7\",\"hunter2\"]}\n";
const REFUSED: &[u8] = b"{\"error\":[24,\"Unauthorized worker\",null],\"id\":2,\"result\":null}\n";
const NOTIFY: &[u8] = b"{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"b\",[\"x\"],true]}\n";
const LOGIN: &[u8] = b"{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"47mr7jY\",\"pass\":\"\",\"agent\":\"XMRig/6.21.0\",\"algo\":[\"rx/0\",\"cn/r\"]}}\n";
const JOB: &[u8] = b"{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{\"id\":\"1\",\"job\":{\"blob\":\"04\",\"algo\":\"rx/0\"},\"status\":\"OK\"},\"error\":null}\n";

fn conversation() -> Conversation {
    vec![
        (ToServer, SUBSCRIBE.to_vec()),
        (ToClient, SUBSCRIBED.to_vec()),
        (ToServer, AUTHORIZE.to_vec()),
        (ToClient, [REFUSED, NOTIFY, NOTIFY].concat()),
    ]
}

fn told(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((STRATUM.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

fn of<'e>(events: &'e [ReadableEvent], dataset: &str) -> Vec<&'e ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

#[test]
fn a_pool_refuses_a_worker() {
    let events = told(&conversation());
    let mining = of(&events, "mining");
    assert_eq!(mining.len(), 3);
    assert_eq!(mining[0]["vonggac.mining.method"], "mining.subscribe");
    assert_eq!(mining[0]["vonggac.mining.agent"], "cgminer/4.10");
    assert_eq!(mining[0]["event.outcome"], "success");
    assert_eq!(mining[1]["vonggac.mining.account"], "1BoatSLRHt.pc7");
    assert_eq!(
        (mining[1]["event.outcome"].as_str(), mining[1]["vonggac.mining.error"].as_str()),
        ("failure", "Unauthorized worker")
    );
    assert_eq!(
        (mining[2]["vonggac.mining.method"].as_str(), mining[2]["vonggac.mining.messages"].as_str()),
        ("mining.notify", "2")
    );
    let logins = of(&events, "login");
    assert_eq!((logins.len(), logins[0]["user.name"].as_str()), (1, "1BoatSLRHt.pc7"));
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("hunter2"))));
}

#[test]
fn monero_logs_in_with_a_wallet() {
    let events = told(&vec![(ToServer, LOGIN.to_vec()), (ToClient, JOB.to_vec())]);
    let mining = of(&events, "mining")[0];
    assert_eq!(mining["vonggac.mining.account"], "47mr7jY");
    assert_eq!(mining["vonggac.mining.algorithms"], "[rx/0, cn/r]");
    assert_eq!(mining["event.outcome"], "success");
    assert_eq!(of(&events, "login")[0]["vonggac.login.secret"], "");
}

#[test]
fn what_a_miner_repeats_is_counted() {
    let many: Vec<u8> = AUTHORIZE.repeat(200);
    let events = told(&vec![(ToServer, many)]);
    assert!(of(&events, "mining").len() < 40);
    let mut harness = Harness::new((STRATUM.decoder)());
    harness.client(SUBSCRIBE).client(&[b'{'; super::LINE_MAX]);
    assert_eq!(harness.stopped, Some(Outcome::Malformed("stratum-long-line")));
    let mut harness = Harness::new((STRATUM.decoder)());
    harness.client(SUBSCRIBE).client(b"GET / HTTP/1.1\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Malformed("stratum-bad-line")));
}

#[test]
fn is_recognised_by_its_methods() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 443) });
    assert_eq!(probed(ToServer, SUBSCRIBE), Verdict::Mine);
    assert_eq!(probed(ToServer, LOGIN), Verdict::Mine);
    assert_eq!(probed(ToClient, NOTIFY), Verdict::Mine);
    assert_eq!(probed(ToServer, &SUBSCRIBE[..30]), Verdict::Unsure);
    assert_eq!(
        probed(ToServer, b"{\"id\":1,\"method\":\"login\",\"params\":{\"user\":\"a\"}}\n"),
        Verdict::NotMine
    );
    assert_eq!(probed(ToServer, b"{\"jsonrpc\":\"2.0\",\"method\":\"eth_blockNumber\"}\n"), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"{not json"), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"GET / HTTP/1.1\r\n"), Verdict::NotMine);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&STRATUM, &conversation());
    stands(&STRATUM, &vec![(ToServer, LOGIN.to_vec()), (ToClient, JOB.to_vec())]);
}

#[test]
fn json_is_read_strictly_and_bounded() {
    let (value, used) = json::read(b"{\"a\":[1.5e3,\"x\\u00e9\\n\",null,true]} rest").expect("an object");
    assert_eq!(used, 35);
    assert_eq!(value.get("a").and_then(|list| list.item(1)).and_then(Value::text), Some("x\u{e9}\n"));
    assert_eq!(value.get("a").and_then(|list| list.item(0)), Some(&Value::Number("1.5e3")));
    for (text, problem) in [
        (&b"{\"a\":"[..], Problem::Incomplete),
        (b"[1", Problem::Incomplete),
        (b"tru", Problem::Incomplete),
        (b"\"\xc3", Problem::Incomplete),
        (b"{a:1}", Problem::Broken),
        (b"[1 2]", Problem::Broken),
        (b"\"\xff\"", Problem::Broken),
        (b"[[[[[[[[[[[[]]]]]]]]]]]]", Problem::Broken),
    ] {
        assert_eq!(json::read(text), Err(problem), "{}", String::from_utf8_lossy(text));
    }
}
