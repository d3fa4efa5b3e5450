//! A call, a refused registration, and what is no SIP.

use std::net::IpAddr;

use super::{TCP, UDP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Carrier, Opening, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::{Conversation, stands};

const SDP: &str = "v=0\r\nc=IN IP4 10.20.7.31\r\nm=audio 30000 RTP/AVP 0 8\r\n";

fn message(first: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("{first}\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:200@x>;tag=1\r\nt: <sip:100@x>\r\nCall-ID: c1\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn call() -> Conversation {
    vec![
        (
            ToServer,
            message(
                "INVITE sip:100@x SIP/2.0",
                "CSeq: 1 INVITE\r\nUser-Agent: phone\r\nContent-Type: application/sdp\r\n",
                SDP,
            ),
        ),
        (ToClient, message("SIP/2.0 100 Trying", "CSeq: 1 INVITE\r\n", "")),
        (ToClient, message("SIP/2.0 200 OK", "CSeq: 1 INVITE\r\nServer: pbx\r\n", "")),
        (ToServer, message("ACK sip:100@x SIP/2.0", "CSeq: 1 ACK\r\n", "")),
    ]
}

#[test]
fn a_call_is_one_event_and_announces_its_voice() {
    for (protocol, mut harness) in
        [(UDP, Harness::datagrams((UDP.decoder)(), 5_060)), (TCP, Harness::new((TCP.decoder)()))]
    {
        for (direction, bytes) in call() {
            harness.feed(direction, &bytes);
        }
        assert!(harness.announced(IpAddr::from([10, 20, 7, 31]), 30_000, Carrier::Datagram).is_some());
        let events = harness.finish();
        assert_eq!(events.len(), 2, "{:?}", protocol.carrier);
        let event = &events[0];
        assert_eq!(
            (event["vonggac.sip.method"].as_str(), event["vonggac.sip.uri"].as_str()),
            ("INVITE", "sip:100@x")
        );
        assert_eq!(
            (event["vonggac.sip.statuses"].as_str(), event["vonggac.sip.reasons"].as_str()),
            ("[100, 200]", "[Trying, OK]")
        );
        assert_eq!(
            (event["user_agent.original"].as_str(), event["vonggac.sip.server"].as_str()),
            ("phone", "pbx")
        );
        assert_eq!(event["vonggac.sip.media"], "[audio 30000 RTP/AVP 0 8]");
        assert_eq!(event["vonggac.sip.to"], "<sip:100@x>");
    }
}

#[test]
fn a_refused_registration_is_a_failed_log_in() {
    let mut harness = Harness::datagrams((UDP.decoder)(), 5_060);
    let register = message(
        "REGISTER sip:u:SECRET@x SIP/2.0",
        "CSeq: 2 REGISTER\r\nAuthorization: Digest username=\"nvana\", realm=\"x\"\r\n",
        "",
    );
    harness.client(&register).client(&register).client(b"\r\n\r\n").server(&message(
        "SIP/2.0 403 Forbidden",
        "CSeq: 2 REGISTER\r\n",
        "",
    ));
    let events = harness.finish();
    assert_eq!(events.len(), 2);
    assert!(!events[1]["vonggac.sip.uri"].contains("SECRET") && events[1]["vonggac.sip.uri"].ends_with("@x"));
    assert_eq!((events[0]["user.name"].as_str(), events[0]["event.outcome"].as_str()), ("nvana", "failure"));
    assert_eq!(events[0]["vonggac.login.reason"], "403");
}

#[test]
fn is_recognised_by_its_version() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 80) });
    assert_eq!(probed(ToServer, b"OPTIONS sip:100@x SIP/2.0\r\n"), Verdict::Mine);
    assert_eq!(probed(ToClient, b"SIP/2.0 200 OK\r\n"), Verdict::Mine);
    assert_eq!(probed(ToServer, b"OPTIONS sip"), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"OPTIONS / HTTP/1.1\r\n"), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"OPTIONS rtsp://a RTSP/1.0\r\n"), Verdict::NotMine);
    assert_eq!(probed(ToClient, b"HTTP/1.1 200 OK\r\n"), Verdict::NotMine);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&UDP, &call());
    stands(&TCP, &call());
}
