//! A client of each version, and what is no MQTT.

use super::{MQTT, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

const CONNECT: &[u8] = b"\x10\x21\0\x04MQTT\x04\xc2\0\x3c\0\x04door\0\x05nvana\0\x08hunter22";
const CONNACK: &[u8] = &[0x20, 2, 0, 0];
const PUBLISH_2: &[u8] = b"\x34\x09\0\x03a/b\0\x01hi";
const SUBSCRIBE: &[u8] = b"\x82\x0e\0\x02\0\x03a/b\x01\0\x03c/d\0";
const SUBACK: &[u8] = &[0x90, 4, 0, 2, 1, 0x80];

fn told(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((MQTT.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

fn conversation() -> Conversation {
    vec![
        (ToServer, CONNECT.to_vec()),
        (ToClient, CONNACK.to_vec()),
        (ToServer, [PUBLISH_2, SUBSCRIBE].concat()),
        (ToClient, [&[0x50, 2, 0, 1][..], SUBACK].concat()),
        (ToServer, vec![0x62, 2, 0, 1]),
        (ToClient, vec![0x70, 2, 0, 1]),
        (ToServer, vec![0xe0, 0]),
    ]
}

#[test]
fn packets_and_acknowledgements_are_one_event() {
    let events = told(&conversation());
    let all: Vec<_> = events.iter().filter(|event| event["event.dataset"] == "mqtt").collect();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0]["vonggac.mqtt.messages"], "[connect, connack]");
    assert_eq!((all[0]["vonggac.mqtt.client_id"].as_str(), all[0]["user.name"].as_str()), ("door", "nvana"));
    assert_eq!(
        (all[0]["vonggac.mqtt.version"].as_str(), all[0]["vonggac.mqtt.reason_codes"].as_str()),
        ("3.1.1", "[0]")
    );
    assert_eq!(all[1]["vonggac.mqtt.messages"], "[subscribe, suback]");
    assert_eq!(
        (all[1]["vonggac.mqtt.topics"].as_str(), all[1]["vonggac.mqtt.qos"].as_str()),
        ("[a/b, c/d]", "[1, 0]")
    );
    assert_eq!(all[1]["vonggac.mqtt.reason_codes"], "[1, 128]");
    assert_eq!(all[2]["vonggac.mqtt.messages"], "[publish, pubrec, pubrel, pubcomp]");
    assert_eq!(
        (all[2]["vonggac.mqtt.flags"].as_str(), all[2]["vonggac.mqtt.payload_bytes"].as_str()),
        ("[4, 0, 2, 0]", "2")
    );
    assert_eq!(all[3]["vonggac.mqtt.messages"], "[disconnect]");
    let login = events.iter().find(|event| event["event.dataset"] == "login").expect("a log-in");
    assert_eq!((login["user.name"].as_str(), login["event.outcome"].as_str()), ("nvana", "success"));
    assert!(login["vonggac.login.secret"].starts_with("k:"));
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("hunter22"))));
}

#[test]
fn version_5_has_properties_and_reasons() {
    let connect = b"\x10\x18\0\x04MQTT\x05\x02\0\x3c\x03\x21\0\x14\0\x04door\0\0\0".to_vec();
    let connect = [&[0x10, 20][..], &connect[2..22]].concat();
    let publish = b"\x32\x0a\0\x01t\0\x07\x02\x01\x01hi".to_vec();
    let events = told(&vec![
        (ToServer, connect),
        (ToClient, vec![0x20, 6, 0, 0, 3, 0x22, 0, 10]),
        (ToServer, publish),
        (ToClient, vec![0x40, 3, 0, 7, 16]),
        (ToClient, vec![0xe0, 1, 0x8e]),
    ]);
    let told: Vec<_> = events
        .iter()
        .map(|event| (event["vonggac.mqtt.messages"].as_str(), event["vonggac.mqtt.reason_codes"].as_str()))
        .collect();
    assert_eq!(
        told,
        [("[connect, connack]", "[0]"), ("[publish, puback]", "[16]"), ("[disconnect]", "[142]")]
    );
    assert_eq!(events[1]["vonggac.mqtt.payload_bytes"], "2");
    assert_eq!(
        events[0]["vonggac.mqtt.properties"],
        "[connect:receive_maximum=20, connack:topic_alias_maximum=10]"
    );
    let secret = b"\x16\x00\x08hunter22\x26\x00\x03pwd\x00\x08hunter22\x26\x00\x01a\x00\x01b\xff";
    let length = u8::try_from(secret.len()).expect("short");
    let body = [&b"\0\x04MQTT\x05\x02\0\x3c"[..], &[length], secret, b"\0\x01c"].concat();
    let told = super::properties::told(1, 0, &body);
    assert_eq!((told.len(), told[2].as_str()), (3, "connect:a=b"), "what is not known ends the list");
    assert!(told.iter().all(|one| !one.contains("hunter22")));
}

#[test]
fn a_busy_topic_is_counted() {
    let events = told(&vec![(ToServer, b"\x30\x05\0\x01tab".repeat(100))]);
    assert_eq!(events.len(), 17);
    assert_eq!(
        (events[16]["vonggac.mqtt.count"].as_str(), events[16]["vonggac.mqtt.topics"].as_str()),
        ("84", "[t]")
    );
}

#[test]
fn large_messages_are_passed_over() {
    let mut large = vec![0x30, 0xa0, 0x8d, 0x06, 0, 1, b't'];
    large.resize(4 + 100_000, 7);
    let mut harness = Harness::new((MQTT.decoder)());
    harness.client(&large).client(&[0xe0, 0]);
    let events = harness.finish();
    assert_eq!((events.len(), events[0]["vonggac.mqtt.payload_bytes"].as_str()), (2, "99997"));
    let mut harness = Harness::new((MQTT.decoder)());
    harness.client(&[0x82, 0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(harness.stopped, Some(Outcome::Malformed("mqtt-bad-packet")));
}

#[test]
fn is_recognised_by_its_name() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 443) });
    assert_eq!(probed(ToServer, CONNECT), Verdict::Mine);
    assert_eq!(probed(ToServer, &CONNECT[..5]), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"\x10\x21\0\x04AMQP\x04\xc2\0\x3c"), Verdict::NotMine);
    assert_eq!(probed(ToClient, CONNACK), Verdict::Mine);
    assert_eq!(probed(ToClient, &[0x20, 2, 0, 0, 1]), Verdict::NotMine);
    assert_eq!(probed(ToClient, &[0x20, 0x5b, 0, 0, 0xff, 0xff, 8]), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"GET / HTTP/1.1\r\n"), Verdict::NotMine);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&MQTT, &conversation());
}
