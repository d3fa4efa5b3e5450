//! What connections of HTTP/2 become.

use super::decoder::{BLOCK_MAX, CONTINUATIONS_MAX, RESETS_MAX};
use super::frames::PREFACE;
use super::streams::STREAMS_MAX;
use super::{TCP, probe};
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict, http};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("short").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), body].concat()
}

fn string(text: &str) -> Vec<u8> {
    assert!(text.len() < 127);
    [&[u8::try_from(text.len()).expect("short")], text.as_bytes()].concat()
}

/// Fields as literals that enter the table.
fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    fields.iter().flat_map(|(name, value)| [vec![0x40], string(name), string(value)].concat()).collect()
}

fn get(path: &str) -> Vec<u8> {
    block(&[(":method", "GET"), (":scheme", "http"), (":path", path), (":authority", "www.example.org:8080")])
}

fn headers(flags: u8, stream: u32, block: &[u8]) -> Vec<u8> {
    frame(1, flags | END_HEADERS, stream, block)
}

fn answer(stream: u32, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = block(&[(":status", "200"), ("content-type", content_type), ("server", "nghttpd")]);
    [headers(0, stream, &head), frame(0, END_STREAM, stream, body)].concat()
}

fn settings(pairs: &[(u16, u32)]) -> Vec<u8> {
    let body: Vec<u8> =
        pairs.iter().flat_map(|(n, v)| [&n.to_be_bytes()[..], &v.to_be_bytes()].concat()).collect();
    frame(4, 0, 0, &body)
}

fn opened() -> Vec<u8> {
    [&PREFACE[..], &settings(&[(1, 65_536), (2, 0)])].concat()
}

fn harness() -> Harness {
    Harness::new((TCP.decoder)()).keep_files()
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

fn conversation() -> Vec<(Direction, Vec<u8>)> {
    let post = [
        (":method", "POST"),
        (":path", "/upload/anh.png"),
        (":authority", "www.example.org"),
        ("user-agent", "curl/8"),
        ("authorization", "Bearer bimat"),
        ("cookie", "sid=bimat"),
    ];
    // Padded, with a priority, the head in two frames, the body in two of which one is padded.
    let post = block(&post);
    let (first, rest) = post.split_at(30);
    let padded = [&[2, 0, 0, 0, 0, 16][..], first, &[0, 0]].concat();
    vec![
        (ToServer, [opened(), headers(END_STREAM, 1, &get("/a/tep.zip?x=1"))].concat()),
        (ToClient, [settings(&[(3, 100)]), frame(4, 1, 0, &[])].concat()),
        (ToServer, [frame(1, 0x28, 3, &padded), frame(9, END_HEADERS, 3, rest)].concat()),
        (
            ToServer,
            [frame(0, 8, 3, b"\x03\x89PNG\r\n\x1a\n\0\0\0"), frame(0, END_STREAM, 3, b"IHDR")].concat(),
        ),
        (ToClient, answer(3, "text/plain", b"nhan duoc")),
        (ToClient, answer(1, "application/zip", b"PK\x03\x04zip")),
        (ToServer, frame(7, 0, 0, &[0; 8])),
    ]
}

fn told(conversation: &[(Direction, Vec<u8>)]) -> (Vec<ReadableEvent>, Harness) {
    let mut harness = harness();
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    (harness.finish(), harness)
}

#[test]
fn streams_are_told_as_requests_of_http() {
    let (events, mut harness) = told(&conversation());
    assert_eq!((harness.stopped, harness.anomalies()), (None, vec![]));
    let requests = of(&events, "http");
    let [post, get] = requests[..] else { panic!("two requests in {events:?}") };
    for (field, value) in [
        ("http.version", "2"),
        ("http.request.method", "GET"),
        ("url.original", "/a/tep.zip?x=1"),
        ("url.domain", "www.example.org"),
        ("url.port", "8080"),
        ("url.extension", "zip"),
        ("http.response.status_code", "200"),
        ("http.response.body.bytes", "7"),
        ("http.response.mime_type", "application/zip"),
        ("vonggac.http.response.server", "nghttpd"),
        ("vonggac.http.request.header_names", "[:method, :scheme, :path, :authority]"),
        ("vonggac.http.stream", "1"),
        ("vonggac.http.ordinal", "0"),
        ("vonggac.http.proxied", "false"),
    ] {
        assert_eq!(get.get(field).map(String::as_str), Some(value), "{field}");
    }
    assert_eq!(post["user_agent.original"], "curl/8");
    assert_eq!(post["http.request.body.bytes"], "12");
    assert_eq!(post["http.request.mime_type"], "image/png");
    assert_eq!(post["vonggac.http.request.authorization"], "Bearer");
    assert_eq!(post["vonggac.http.request.cookie_length"], "9");
    assert!(!format!("{events:?}").contains("bimat"));
    let files = of(&events, "file");
    assert_eq!(files.len(), 3);
    assert!(files.iter().any(|file| file["file.name"] == "tep.zip" && file["network.protocol"] == "http"));
    assert!(harness.contents().contains(&b"\x89PNG\r\n\x1a\nIHDR".to_vec()));
}

#[test]
fn the_connection_is_told_by_its_settings() {
    let (events, _) = told(&conversation());
    let connection = of(&events, "http2")[0];
    assert_eq!(connection["vonggac.http2.client_settings"], "[HEADER_TABLE_SIZE=65536, ENABLE_PUSH=0]");
    assert_eq!(connection["vonggac.http2.server_settings"], "[MAX_CONCURRENT_STREAMS=100]");
    assert_eq!(connection["vonggac.http2.streams"], "2");
    assert_eq!(connection["vonggac.http2.client_error"], "NO_ERROR");
}

#[test]
fn an_upgraded_request_is_answered_on_its_first_stream() {
    let mut harness = Harness::new((http::HTTP.decoder)());
    harness.client(b"GET /r.txt HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
    let switching = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n";
    harness.server(&[&switching[..], &settings(&[(3, 100)]), &answer(1, "text/plain", b"mot")].concat());
    harness.client(&[opened(), headers(END_STREAM, 3, &get("/s.txt"))].concat());
    harness.server(&answer(3, "text/plain", b"hai"));
    let events = harness.finish();
    let told: Vec<_> = of(&events, "http")
        .iter()
        .map(|e| format!("{} {} {}", e["http.version"], e["url.original"], e["http.response.status_code"]))
        .collect();
    assert_eq!(told, ["1.1 /r.txt 101", "2 /r.txt 200", "2 /s.txt 200"]);
    assert_eq!(of(&events, "http2").len(), 1);
}

/// A question for the address of example.org, and its answer.
fn dns() -> [Vec<u8>; 2] {
    let question = b"\x07example\x03org\0\0\x01\0\x01";
    let asked = [&b"\0\0\x01\0\0\x01\0\0\0\0\0\0"[..], question].concat();
    let record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xcb\0\x71\x09";
    [asked, [&b"\0\0\x81\x80\0\x01\0\x01\0\0\0\0"[..], question, record].concat()]
}

#[test]
fn questions_of_dns_in_clear_are_told() {
    let [asked, answered] = dns();
    let post =
        block(&[(":method", "POST"), (":path", "/dns-query"), ("content-type", "application/dns-message")]);
    let path = "/dns-query?dns=AAABAAABAAAAAAAAB2V4YW1wbGUDb3JnAAABAAE";
    let mut harness = harness();
    harness.client(&opened());
    harness.client(&[headers(0, 1, &post), frame(0, END_STREAM, 1, &asked)].concat());
    harness.client(&headers(END_STREAM, 3, &get(path)));
    for stream in [3, 1] {
        harness.server(&answer(stream, "application/dns-message", &answered));
    }
    let events = harness.finish();
    let questions = of(&events, "dns");
    assert_eq!(questions.len(), 2);
    for question in questions {
        assert_eq!(question["dns.question.name"], "example.org");
        assert_eq!(question["dns.answers.data"], "[203.0.113.9]");
        assert_eq!(question["network.protocol"], "doh");
        assert!(question.contains_key("vonggac.dns.rtt"));
    }
    assert!(of(&events, "file").is_empty());
}

#[test]
fn streams_broken_off_are_counted_and_late_answers_passed_over() {
    let mut harness = harness();
    harness.client(&[opened(), headers(END_STREAM, 1, &get("/a"))].concat());
    harness.server(&headers(0, 1, &block(&[(":status", "200")]))).server(&frame(0, 0, 1, b"half"));
    harness.client(&frame(3, 0, 1, &[0, 0, 0, 8]));
    harness.server(&frame(0, END_STREAM, 1, b"rest")).server(&headers(END_STREAM, 1, &block(&[("t", "1")])));
    let mut block = get("/b");
    for stream in 0..=u32::try_from(RESETS_MAX).expect("few") {
        let id = 3 + 2 * stream;
        harness.client(&[headers(END_STREAM, id, &block), frame(3, 0, id, &[0; 4])].concat());
        block = vec![0x82, 0x86, 0x84];
    }
    assert_eq!(harness.anomalies(), ["http2-rapid-reset"]);
    let events = harness.finish();
    assert_eq!(of(&events, "http").len(), 202);
    assert_eq!(of(&events, "file")[0]["vonggac.file.truncated"], "true");
    assert_eq!(of(&events, "http2")[0]["vonggac.http2.client_resets"], "202");
}

#[test]
fn floods_are_bounded() {
    let empty = frame(9, 0, 1, &[]);
    let mut harness = harness();
    harness.client(&[opened(), frame(1, 0, 1, &get("/a"))].concat());
    for _ in 0..=CONTINUATIONS_MAX {
        harness.client(&empty);
    }
    assert_eq!(harness.anomalies(), ["http2-continuation-flood"]);
    let mut long = self::harness();
    long.client(&[opened(), frame(1, 0, 1, &get("/a"))].concat());
    for _ in 0..=BLOCK_MAX / 16_000 {
        long.client(&frame(9, 0, 1, &[0x20; 16_000]));
    }
    assert_eq!(long.anomalies(), ["http2-continuation-flood"]);
    // Behind the flood the connection goes on.
    long.client(&[frame(9, END_HEADERS, 1, &[]), headers(END_STREAM, 3, &get("/b"))].concat());
    assert_eq!(of(&long.finish(), "http")[0]["url.path"], "/b");
    let mut many = self::harness();
    many.client(&opened());
    for stream in 0..=u32::try_from(STREAMS_MAX).expect("few") {
        many.client(&headers(0, 1 + 2 * stream, &[0x82, 0x86, 0x84]));
    }
    assert_eq!(many.anomalies(), ["http2-many-streams"]);
}

#[test]
fn heads_blown_up_by_compression_are_bounded() {
    let mut harness = harness();
    // One field of 3,000 bytes in the table, then streams that name it once a byte.
    let long = [&b"\x40\x0auser-agent\x7f\xb9\x16"[..], &[b'x'; 3_000]].concat();
    harness.client(&[opened(), headers(END_STREAM, 1, &[get("/a"), long].concat())].concat());
    for stream in 1..200 {
        harness.client(&headers(END_STREAM, 1 + 2 * stream, &[0x82, 0x86, 0x84, 0xbe]));
    }
    assert_eq!(harness.anomalies(), ["http2-many-streams"]);
    assert_eq!(of(&harness.finish(), "http").len(), 200);
}

#[test]
fn the_feet_are_found_again_behind_a_hole() {
    let mut harness = harness();
    let question = headers(END_STREAM, 1, &get("/a"));
    harness.client(&[opened(), question].concat());
    let response = answer(1, "text/plain", &[b'x'; 100]);
    let (head, _) = response.split_at(response.len() - 80);
    harness.server(head).gap(ToClient, 50).server(&[b'x'; 30]);
    harness.gap(ToServer, 200).client(&headers(END_STREAM, 5, &get("/c")));
    harness.server(&answer(5, "text/plain", b"co"));
    assert_eq!(harness.stopped, None);
    let events = harness.finish();
    let told: Vec<_> = of(&events, "http")
        .iter()
        .map(|e| (e["url.path"].clone(), e["http.response.body.bytes"].clone()))
        .collect();
    assert_eq!(told, [("/a".into(), "100".into()), ("/c".into(), "2".into())]);
}

#[test]
fn what_a_server_promises_is_a_request_without_body() {
    let mut harness = harness();
    harness.client(&[opened(), headers(END_STREAM, 1, &get("/a"))].concat());
    let promise = [&2_u32.to_be_bytes()[..], &get("/style.css")].concat();
    harness.server(&[frame(5, END_HEADERS, 1, &promise), answer(2, "text/css", b"a{}")].concat());
    let events = harness.finish();
    assert_eq!(of(&events, "http")[0]["url.path"], "/style.css");
    assert_eq!(of(&events, "http")[0]["http.response.status_code"], "200");
}

#[test]
fn is_recognised_by_content() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 8080) });
    assert_eq!(probed(ToServer, PREFACE), Verdict::Mine);
    assert_eq!(probed(ToServer, &PREFACE[..10]), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"PRI /x HTTP/1.1\r\n\r\n"), Verdict::NotMine);
    assert_eq!(probed(ToClient, &settings(&[(3, 100)])), Verdict::Mine);
    assert_eq!(probed(ToClient, &settings(&[])), Verdict::Mine);
    assert_eq!(probed(ToClient, &settings(&[(3, 100)])[..11]), Verdict::Unsure);
    assert_eq!(probed(ToClient, &settings(&[(999, 100)])), Verdict::NotMine);
    // SMB over NetBIOS, DNS over TCP, TLS.
    assert_eq!(probed(ToServer, b"\0\0\0\x55\xffSMB\x72\0\0\0\0"), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"\0\x1d\x12\x34\x01\0\0\x01\0\0\0\0\0\0"), Verdict::NotMine);
    assert_eq!(probed(ToServer, &[0x16, 3, 1, 0]), Verdict::NotMine);
}

#[test]
fn what_breaks_the_framing_ends_the_decoder() {
    let mut harness = harness();
    harness.client(&[opened(), frame(3, 0, 1, &[0; 3])].concat());
    assert_eq!(harness.stopped, Some(Outcome::Malformed("http2-bad-frame")));
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &conversation());
}
