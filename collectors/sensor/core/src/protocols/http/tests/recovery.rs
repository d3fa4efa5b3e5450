//! Holes in the capture: what is behind them is found again.

use super::*;

#[test]
fn a_hole_inside_a_body_is_counted() {
    let mut harness = harness();
    harness.client(b"GET /f HTTP/1.1\r\n\r\nGET /g HTTP/1.1\r\n\r\n");
    harness.server(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab").gap(ToClient, 5);
    harness.server(b"xyzHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    let events = harness.finish();
    check(
        of(&events, "file")[0],
        &[("file.size", "10"), ("vonggac.file.missing_bytes", "5"), ("vonggac.file.truncated", "true")],
    );
    check(of(&events, "http")[0], &[("http.response.body.bytes", "10"), ("url.path", "/f")]);
    check(of(&events, "http")[1], &[("http.response.status_code", "404"), ("url.path", "/g")]);
}

#[test]
fn a_hole_that_is_a_whole_body_costs_nothing_else() {
    let mut harness = harness();
    harness.client(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    harness.server(b"HTTP/1.1 200 A\r\nContent-Length: 9\r\n\r\n").gap(ToClient, 9);
    harness.server(b"HTTP/1.1 200 B\r\nContent-Length: 9\r\n\r\n").gap(ToClient, 4).server(b"56789");
    let events = harness.finish();
    let http = of(&events, "http");
    check(
        http[0],
        &[("url.path", "/1"), ("vonggac.http.response.reason", "A"), ("http.response.body.bytes", "9")],
    );
    check(
        http[1],
        &[("url.path", "/2"), ("vonggac.http.response.reason", "B"), ("http.response.body.bytes", "9")],
    );
    let files = of(&events, "file");
    assert_eq!(files.len(), 2);
    check(
        files[0],
        &[("file.size", "9"), ("vonggac.file.missing_bytes", "9"), ("vonggac.file.truncated", "true")],
    );
    check(
        files[1],
        &[("file.size", "9"), ("vonggac.file.missing_bytes", "4"), ("vonggac.file.truncated", "true")],
    );
}

#[test]
fn a_first_line_without_its_end_is_a_request() {
    let events = harness().client(b"GET /x").finish();
    check(&events[0], &[("url.original", "/x"), ("http.version", "0.9")]);
}

#[test]
fn a_hole_over_a_message_border_costs_one_message() {
    let mut harness = harness();
    harness.client(b"GET /1 HTTP/1.1\r\n\r\n").server(b"HTTP/1.1 200 A\r\nContent-Length: 9\r\n\r\nab");
    harness.gap(ToClient, 50).client(b"GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
    harness.server(b"rest of something\r\nHTTP/1.1 200 C\r\nContent-Length: 2\r\n\r\nok");
    let events = harness.finish();
    let http = of(&events, "http");
    check(http[0], &[("url.path", "/1"), ("vonggac.http.response.reason", "A")]);
    assert!(!http[1].contains_key("http.response.status_code"));
    check(http[2], &[("url.path", "/3"), ("vonggac.http.response.reason", "C")]);
    assert_eq!(harness.anomalies(), ["http-gap"]);
}

#[test]
fn a_hole_hardly_longer_than_the_body_swallows_no_message() {
    let mut harness = harness();
    harness.client(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
    harness.server(b"HTTP/1.1 200 A\r\nContent-Length: 9\r\n\r\n").gap(ToClient, 11);
    harness.server(b"HTTP/1.1 200 B\r\nContent-Length: 0\r\n\r\n");
    let events = harness.finish();
    check(of(&events, "http")[1], &[("url.path", "/2"), ("vonggac.http.response.reason", "B")]);
}

#[test]
fn a_hole_in_a_head_gives_what_came_before_it() {
    let mut harness = harness();
    harness.client(b"GET /1 HTTP/1.1\r\nHost: a.example\r\nUser-").gap(ToServer, 20);
    harness.client(b"x: y\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    let events = harness.finish();
    check(&events[0], &[("url.domain", "a.example")]);
    check(&events[1], &[("url.path", "/2")]);
}

#[test]
fn a_hole_in_an_encoded_body_ends_what_can_be_decoded() {
    let text: Vec<u8> = (0_u32..20_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let body = gzip(&text);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut harness = harness();
    harness
        .client(b"GET /f HTTP/1.1\r\n\r\n")
        .server(&with_body(&head, &body[..40_000]))
        .gap(ToClient, 1_000);
    harness.server(&body[41_000..]);
    let events = harness.finish();
    check(
        of(&events, "file")[0],
        &[("vonggac.file.missing_bytes", "1000"), ("vonggac.file.truncated", "true")],
    );
    let content = harness.contents().remove(0);
    assert!(content.len() > 30_000 && text.starts_with(&content));
}

#[test]
fn a_bad_chunk_ends_the_body_but_not_the_connection() {
    let mut harness = harness();
    harness.client(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    harness.server(
        b"HTTP/1.1 200 A\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\nHTTP/1.1 404 B\r\n\r\n",
    );
    let events = harness.finish();
    check(of(&events, "file")[0], &[("vonggac.file.truncated", "true")]);
    check(of(&events, "http")[1], &[("url.path", "/2"), ("http.response.status_code", "404")]);
    assert_eq!(harness.anomalies(), ["http-bad-chunk"]);
}
