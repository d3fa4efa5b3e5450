//! Questions with answers and errors, and what is bencoded but no message.

use super::{DHT, bencode, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::{Conversation, stands};

const QUERY: &[u8] = b"d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:v4:UT011:y1:qe";
const ANSWER: &[u8] = b"d1:rd2:id20:0123456789abcdefghij5:token3:tok6:valuesl6:axje.uee1:t2:aa1:y1:re";
const PING: &[u8] = b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:bb1:y1:qe";
const ERROR: &[u8] = b"d1:eli203e16:Malformed Packete1:t2:bb1:y1:ee";

fn conversation() -> Conversation {
    vec![
        (ToServer, QUERY.to_vec()),
        (ToServer, PING.to_vec()),
        (ToClient, ANSWER.to_vec()),
        (ToClient, ERROR.to_vec()),
    ]
}

#[test]
fn questions_and_answers_are_one_event() {
    let mut harness = Harness::datagrams((DHT.decoder)(), 6_881);
    for (direction, bytes) in conversation() {
        harness.feed(direction, &bytes);
    }
    let events = harness.finish();
    assert_eq!(events.len(), 2);
    assert_eq!(
        (events[0]["vonggac.dht.query"].as_str(), events[0]["vonggac.dht.transaction_id"].as_str()),
        ("get_peers", "6161")
    );
    assert_eq!(events[0]["vonggac.dht.info_hash"], "6d6e6f707172737475767778797a313233343536");
    assert_eq!(
        (events[0]["vonggac.dht.client_version"].as_str(), events[0]["vonggac.dht.token"].as_str()),
        ("55543031", "746f6b")
    );
    assert_eq!(events[0]["vonggac.dht.peers"], "[97.120.106.101:11893]");
    assert_eq!(
        (events[1]["vonggac.dht.error_code"].as_str(), events[1]["vonggac.dht.error"].as_str()),
        ("203", "Malformed Packet")
    );
}

#[test]
fn a_talkative_flow_is_bounded() {
    let mut harness = Harness::datagrams((DHT.decoder)(), 6_881);
    for _ in 0..500 {
        harness.client(PING);
    }
    assert_eq!(harness.finish().len(), 64);
}

#[test]
fn is_recognised_by_its_members() {
    let probed = |bytes: &[u8]| probe(&Opening { direction: ToServer, bytes, ports: (50_000, 6_881) });
    for message in [QUERY, ANSWER, PING, ERROR] {
        assert_eq!(probed(message), Verdict::Mine);
    }
    for other in [
        &b"d1:ad2:id3:abce1:q4:ping1:t2:bb1:y1:qe"[..],
        b"d3:cow3:mooe",
        b"de",
        b"dog and horse",
        &QUERY[..50],
    ] {
        assert_eq!(probed(other), Verdict::NotMine);
    }
}

#[test]
fn bencoding_is_bounded() {
    assert_eq!(bencode::read(b"llllllllllleeeeeeeeeee"), None);
    assert_eq!(bencode::read(b"l9999:ae"), None);
    assert_eq!(bencode::read(b"i12e4"), None);
    assert_eq!(bencode::read(b"i-12e").and_then(|value| value.number()), Some(-12));
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&DHT, &conversation());
}
