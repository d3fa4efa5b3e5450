//! Conversations and the events that they must give.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::HTTP;
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::{Harness, ReadableEvent};

mod authorization;
mod bodies;
mod evasion;
mod markers;
mod negotiate;
mod ranges;
mod recovery;
mod robustness;
mod secrets;

fn harness() -> Harness {
    Harness::new((HTTP.decoder)()).keep_files()
}

/// A whole conversation, both directions closed.
fn talk(client: &[u8], server: &[u8]) -> Vec<ReadableEvent> {
    harness().client(client).server(server).end(ToServer).end(ToClient).finish()
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

/// Content of the only file that the response carries, and the anomalies met.
fn downloaded(response: &[u8]) -> (Vec<u8>, Vec<&'static str>) {
    let mut harness = harness();
    harness
        .client(b"GET /f HTTP/1.1\r\nHost: h\r\n\r\n")
        .server(response)
        .end(ToServer)
        .end(ToClient)
        .finish();
    let mut contents = harness.contents();
    assert_eq!(contents.len(), 1, "one file in {:?}", String::from_utf8_lossy(response));
    (contents.remove(0), harness.anomalies())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn with_body(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), body].concat()
}

fn check(event: &ReadableEvent, wanted: &[(&str, &str)]) {
    for (field, value) in wanted {
        assert_eq!(event.get(*field).map(String::as_str), Some(*value), "{field} of {event:#?}");
    }
}

#[test]
fn a_page_is_fetched() {
    let mut harness = harness();
    harness.client(
        b"GET /a/Page.PHP?x=1 HTTP/1.1\r\nHost: WWW.Example.org:8080\r\nUser-Agent: agent/1\r\n\
          Referer: http://example.org/\r\naccept: */*\r\n\r\n",
    );
    harness.time.0 += 250_000;
    harness.server(
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 21\r\n\r\n<html><body>x</body>\n",
    );
    let events = harness.finish();
    check(
        of(&events, "http")[0],
        &[
            ("@timestamp", "1000000000000"),
            ("event.duration", "250000000"),
            ("http.version", "1.1"),
            ("http.request.method", "GET"),
            ("http.request.referrer", "http://example.org/"),
            ("http.request.body.bytes", "0"),
            ("http.response.status_code", "200"),
            ("http.response.body.bytes", "21"),
            ("http.response.mime_type", "text/html"),
            ("url.original", "/a/Page.PHP?x=1"),
            ("url.domain", "www.example.org"),
            ("url.port", "8080"),
            ("url.path", "/a/Page.PHP"),
            ("url.query", "x=1"),
            ("url.extension", "php"),
            ("user_agent.original", "agent/1"),
            ("vonggac.http.request.header_names", "[Host, User-Agent, Referer, accept]"),
            ("vonggac.http.request.host", "WWW.Example.org:8080"),
            ("vonggac.http.response.header_names", "[Server, Content-Type, Content-Length]"),
            ("vonggac.http.response.reason", "OK"),
            ("vonggac.http.response.server", "nginx"),
            ("vonggac.http.response.content_type", "text/html"),
            ("vonggac.http.proxied", "false"),
            ("vonggac.http.ordinal", "0"),
        ],
    );
    check(
        of(&events, "file")[0],
        &[
            ("network.protocol", "http"),
            ("http.request.method", "GET"),
            ("url.domain", "www.example.org"),
            ("user_agent.original", "agent/1"),
            ("file.name", "Page.PHP"),
            ("file.extension", "php"),
            ("file.size", "21"),
            ("file.mime_type", "text/html"),
            ("vonggac.file.kind", "html"),
            ("vonggac.file.direction", "download"),
            ("vonggac.file.declared_type", "text/html"),
            ("vonggac.file.truncated", "false"),
            ("vonggac.file.carrier", &of(&events, "http")[0]["event.id"]),
        ],
    );
    assert!(harness.anomalies().is_empty());
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let events = talk(
        b"GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\nGET /4 HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 200 A\r\nContent-Length: 2\r\n\r\nok\
          HTTP/1.1 200 B\r\nContent-Length: 50\r\n\r\n\
          HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 C\r\nContent-Length: 9\r\n\r\n\
          HTTP/1.1 204 D\r\n\r\n",
    );
    let pairs: Vec<_> = of(&events, "http")
        .iter()
        .map(|e| {
            (
                e["url.path"].as_str(),
                e["vonggac.http.response.reason"].as_str(),
                e["vonggac.http.ordinal"].as_str(),
            )
        })
        .collect();
    assert_eq!(pairs, [("/1", "A", "0"), ("/2", "B", "1"), ("/3", "C", "2"), ("/4", "D", "3")]);
    assert_eq!(of(&events, "file").len(), 1);
}

#[test]
fn one_direction_alone_still_tells() {
    let requests = harness().client(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n").finish();
    assert_eq!(requests.len(), 2);
    assert!(
        !requests[0].contains_key("http.response.status_code") && !requests[0].contains_key("event.duration")
    );
    let responses = harness()
        .server(
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 304 X\r\nContent-Length: 4\r\n\r\n",
        )
        .server(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
        .finish();
    let codes: Vec<_> =
        of(&responses, "http").iter().map(|e| e["http.response.status_code"].clone()).collect();
    assert_eq!(codes, ["200", "304", "404"]);
    assert_eq!(of(&responses, "file").len(), 1);
}

#[test]
fn client_and_server_may_have_been_taken_for_one_another() {
    let events = harness()
        .server(b"GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n")
        .client(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        .finish();
    check(of(&events, "http")[0], &[("url.domain", "a.example"), ("http.response.status_code", "200")]);
}

#[test]
fn tunnels_and_upgrades_are_handed_over() {
    let mut tunnel = harness();
    tunnel.client(b"CONNECT mail.example:443 HTTP/1.1\r\nHost: mail.example\r\n\r\n");
    let answer = b"HTTP/1.1 200 Connection established\r\n\r\n";
    tunnel.server(&[&answer[..], b"\x16\x03\x03"].concat());
    assert_eq!(tunnel.stopped, Some(Outcome::Handover(answer.len())));
    check(
        &tunnel.finish()[0],
        &[("url.domain", "mail.example"), ("url.port", "443"), ("vonggac.http.proxied", "true")],
    );

    let mut refused = harness();
    refused
        .client(b"CONNECT a:443 HTTP/1.1\r\n\r\n")
        .server(b"HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n");
    refused.client(b"CONNECT a:443 HTTP/1.1\r\n\r\n").server(b"HTTP/1.1 200 OK\r\n\r\n");
    assert!(matches!(refused.stopped, Some(Outcome::Handover(_))));
    assert_eq!(refused.finish().len(), 2);

    let mut unanswered = harness();
    unanswered.client(b"CONNECT a:443 HTTP/1.1\r\n\r\n\n").client(b"\x16\x03\x01\x02");
    assert_eq!(unanswered.stopped, Some(Outcome::Handover(0)));

    let mut socket = harness();
    socket.client(b"GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    socket.server(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello");
    assert!(matches!(socket.stopped, Some(Outcome::Switch(..))));
    check(&socket.finish()[0], &[("http.response.status_code", "101")]);
}

#[test]
fn a_request_to_a_proxy_names_its_host_itself() {
    let events = talk(b"GET http://www.example.org/a.exe HTTP/1.0\r\n\r\n", b"");
    check(
        &events[0],
        &[("vonggac.http.proxied", "true"), ("url.domain", "www.example.org"), ("url.extension", "exe")],
    );
}

#[test]
fn http_0_9_has_no_heads() {
    let events = talk(b"GET /old.txt\r\n", b"just the text");
    check(of(&events, "http")[0], &[("http.version", "0.9"), ("http.response.body.bytes", "13")]);
    check(of(&events, "file")[0], &[("file.name", "old.txt"), ("file.size", "13")]);
}

#[test]
fn the_first_bytes_tell_http_from_the_rest() {
    let probe = |direction: Direction, bytes: &[u8]| {
        (HTTP.probe)(&Opening { direction, bytes, ports: (50_000, 9_999) })
    };
    for whole in [&b"GET / HTTP/1.1\r\n"[..], b"post /x HTTP/1.0\n", b"\r\nFOO * HTTP/1.1\r\n", b"GET /x\r\n"]
    {
        assert_eq!(probe(ToServer, whole), Verdict::Mine, "{whole:?}");
        for cut in 0..whole.len() - 1 {
            assert_ne!(probe(ToServer, &whole[..cut]), Verdict::NotMine, "{:?}", &whole[..cut]);
        }
    }
    assert_eq!(probe(ToClient, b"HTTP/1.1 200 OK\r\n"), Verdict::Mine);
    assert_eq!(probe(ToClient, b"HTT"), Verdict::Unsure);
    for other in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"OPTIONS sip:a@b SIP/2.0\r\n",
        b"OPTIONS rtsp://a/b RTSP/1.0\r\n",
        b"USER anonymous\r\n",
        b"220 mail.example ESMTP\r\n",
        b"{\"id\":1,\"method\":\"login\"}\n",
    ] {
        assert_eq!(probe(ToServer, other), Verdict::NotMine, "{other:?}");
    }
}
