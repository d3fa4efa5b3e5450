//! Any bytes, in any pieces: no panic, the same events, bounded memory.

use super::*;

/// Pieces of conversations and of their breakage, to be put together at random.
fn fragment() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n".to_vec(),
        b"GET /old\r\n".to_vec(),
        b"POST /p HTTP/1.1\r\nContent-Length: 5\r\n\r\nab\ncd".to_vec(),
        b"CONNECT a:1 HTTP/1.1\r\n\r\n".to_vec(),
        b"POST /u HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 71\r\n\r\n--B\r\nContent-Disposition: form-data; filename=a\r\n\r\n1\r\n--B\r\r\n\n--B--\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        b"3\r\nabc\r\n0\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\n \nX: y\r\r\n\t\n\r\n".to_vec(),
        b"HTTP/1.1 304 N\r\nContent-Length: 3\r\n\r\n".to_vec(),
        b"HTTP/1.0 200 OK\r\n\r\n".to_vec(),
        b"\r".to_vec(),
        b"\n".to_vec(),
        b" \r\n".to_vec(),
        b"0".to_vec(),
        with_body("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 29\r\n\r\n", &gzip(b"zippedtext")),
        with_body("HTTP/1.1 200 OK\r\nContent-Encoding: br, deflate\r\nContent-Length: 20\r\n\r\n", &deflate(b"\x0b\x02\x80hello\x03")),
    ]);
    prop_oneof![6 => known, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(fragment(), 0..8).prop_map(|parts| parts.concat())
}

/// Feeds both directions in pieces: first all of the client's, then all of the server's.
fn in_pieces(client: &[u8], server: &[u8], cuts: &[usize]) -> (Vec<ReadableEvent>, Vec<&'static str>) {
    let mut harness = harness();
    for (direction, bytes) in [(ToServer, client), (ToClient, server)] {
        let mut rest = bytes;
        for &cut in cuts.iter().cycle().take_while(|_| !cuts.is_empty()).take(bytes.len()) {
            let (now, later) = rest.split_at((cut % 9 + 1).min(rest.len()));
            harness.feed(direction, now);
            rest = later;
        }
        harness.feed(direction, rest);
    }
    let events = harness.end(ToServer).end(ToClient).finish();
    (events, harness.anomalies())
}

proptest! {
    #[test]
    fn any_split_gives_the_same_events(client in stream(), server in stream(), cuts in prop::collection::vec(0_usize..9, 1..20)) {
        let whole = in_pieces(&client, &server, &[]);
        let split = in_pieces(&client, &server, &cuts);
        prop_assert_eq!(whole, split);
    }

    #[test]
    fn any_bytes_and_holes_are_survived(parts in prop::collection::vec((any::<bool>(), prop::option::of(fragment()), 0_u64..100), 0..24)) {
        let mut harness = harness();
        for (server, bytes, missing) in parts {
            let direction = if server { ToClient } else { ToServer };
            match bytes {
                Some(bytes) => harness.feed(direction, &bytes),
                None => drop(harness.gap(direction, missing)),
            }
        }
        harness.finish();
        harness.contents();
        // Every file that was opened has been closed.
        prop_assert_eq!(harness.held(), 0);
    }
}

#[test]
fn endless_lines_and_heads_hold_little() {
    let mut harness = harness();
    harness.client(b"GET /");
    for _ in 0..64 {
        harness.client(&[b'a'; 65_536]);
    }
    harness.client(b" HTTP/1.1\r\n");
    for _ in 0..20_000 {
        harness.client(b"X-Header-Of-No-Use: and its value\r\n");
    }
    let events = harness.client(b"\r\n").finish();
    let size: usize = events.iter().flatten().map(|(name, value)| name.len() + value.len()).sum();
    assert!(size < 100_000, "{size}");
}

#[test]
fn what_is_no_http_is_given_up() {
    let mut harness = harness();
    for _ in 0..40 {
        harness.client(&b"nothing of the kind\n".repeat(2_000));
    }
    assert!(matches!(harness.stopped, Some(Outcome::Malformed(_))));
}

#[test]
fn requests_without_end_are_bounded() {
    let mut harness = harness();
    for _ in 0..100 {
        harness.client(b"GET /x HTTP/1.1\r\n\r\n");
    }
    assert_eq!(harness.anomalies(), ["http-pipeline-overflow"]);
    assert_eq!(harness.finish().len(), 100);
}
