//! Messages that user agents read in their own ways: the file must be found all the same, and be what they would get.

use super::*;

const BODY: &[u8] = b"This program is what the user agent gets.";

fn expect(what: &str, response: &[u8]) {
    let (content, _) = downloaded(response);
    assert_eq!(String::from_utf8_lossy(&content), String::from_utf8_lossy(BODY), "{what}");
}

fn chunked() -> Vec<u8> {
    let mut body = Vec::new();
    for part in BODY.chunks(7) {
        body.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    body
}

#[test]
fn chunk_sizes_in_odd_dress() {
    for (before, after) in
        [("00", ""), ("", " "), ("", "\t"), ("", "\0"), ("\x0b", ""), ("\r\n", ""), ("", " x"), ("", ";a=b")]
    {
        let mut body = Vec::new();
        for part in BODY.chunks(11) {
            body.extend_from_slice(format!("{before}{:X}{after}\r\n", part.len()).as_bytes());
            body.extend_from_slice(part);
            body.extend_from_slice(b"\r\n");
        }
        let head = "HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\n";
        expect(&format!("{before:?} {after:?}"), &[head.as_bytes(), &body, b"0"].concat());
    }
}

#[test]
fn said_to_be_chunked_in_odd_ways() {
    for header in [
        "transfer-encoding:chUNKed",
        "Transfer-Encoding: x, chunked",
        "Transfer-Encoding: chunked;",
        "Transfer-Encoding\t: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding\r\n :chunked",
        "Transfer\0-Encoding: chunked",
        "Transfer-Encoding:: chunked",
        "Transfer-Encoding: \r\n \r\n chunked",
        "X: y\rTransfer-Encoding: chunked",
        "Transfer-Encoding:\x0bchunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 9",
    ] {
        expect(header, &with_body(&format!("HTTP/1.1 200 ok\r\n{header}\r\nX: y\r\n\r\n"), &chunked()));
    }
}

#[test]
fn said_to_be_chunked_or_encoded_and_not() {
    for header in [
        "Transfer-Encoding: chunked",
        "Content-Encoding: gzip",
        "Content-Encoding: deflate, gzip",
        "Content-Encoding: br",
    ] {
        let (content, anomalies) = downloaded(&with_body(
            &format!("HTTP/1.1 200 ok\r\n{header}\r\nContent-Length: {}\r\n\r\n", BODY.len()),
            BODY,
        ));
        assert_eq!(content, BODY, "{header}");
        assert_eq!(anomalies.len(), 1, "{header}: {anomalies:?}");
    }
}

#[test]
fn encodings_named_in_odd_ways() {
    for header in [
        "Content-Encoding: x gzip",
        "Content-Encoding:, gzip",
        "content-encoding:\r\n GZIP",
        "Content-Encoding:\r gzip",
        "Content-Encoding : gzip",
        "Content-Encoding: identity, gzip",
        "Content-Encoding: gzip\x0b",
        "Content\0-Encoding: gzip",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip",
    ] {
        let body = gzip(BODY);
        let head = format!("HTTP/1.1 200 ok\r\n{header}\r\nContent-Length: {}\r\n\r\n", body.len());
        expect(header, &with_body(&head, &body));
    }
    let mut flags = gzip(BODY);
    flags[3] = 0xe0;
    flags.truncate(flags.len() - 6);
    let head = "HTTP/1.1 200 ok\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
    expect("reserved flags, no trailer", &with_body(head, &flags));
}

#[test]
fn heads_that_begin_and_end_in_odd_ways() {
    let length = BODY.len();
    for (what, head) in [
        ("blank lines before", format!("\r\n\n \t\r\nHTTP/1.1 200 ok\r\nContent-Length: {length}\r\n\r\n")),
        ("junk before", format!("junk\r\nHTTP/1.1 200 ok\r\nContent-Length: {length}\r\n\r\n")),
        ("zero byte before", format!("\0HTTP/1.1 200 ok\r\nContent-Length: {length}\r\n\r\n")),
        ("line feeds only", format!("HTTP/1.1 200 ok\nContent-Length: {length}\n\n")),
        ("no status", format!("HTTP/1.1\r\nContent-Length: {length}\r\n\r\n")),
        ("tabs", format!("http/1.01\t\x0b 0200\tok\r\nContent-Length: {length}\r\n\r\n")),
        ("mixed ends", format!("HTTP/1.1 200 ok\r\nContent-Length: {length}\n\r\n")),
        ("two carriage returns", format!("HTTP/1.1 200 ok\r\nContent-Length: {length}\n\r\r\n")),
        ("blank line of blanks", format!("HTTP/1.1 200 ok\r\nContent-Length: {length}\n \n")),
        ("blanks, then blank", format!("HTTP/1.1 200 ok\r\nContent-Length: {length}\n\t\n\n")),
        ("no colon", format!("HTTP/1.1 200 ok\r\nno colon here\r\n: x\r\nContent-Length: {length}\r\n\r\n")),
        ("length in words", format!("HTTP/1.1 200 ok\r\nContent-Length: {length}, A\r\n\r\n")),
    ] {
        expect(what, &with_body(&head, BODY));
    }
}

#[test]
fn statuses_that_must_not_have_a_body() {
    for status in ["100", "204", "304"] {
        let head = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n\r\n", BODY.len());
        expect(status, &with_body(&head, BODY));
    }
}
