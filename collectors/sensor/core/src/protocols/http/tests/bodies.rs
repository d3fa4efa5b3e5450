//! Bodies: framing, encodings, forms, files.

use super::*;

#[test]
fn chunks_are_joined() {
    let body = b"5;ext=1\r\nhello\r\n006 \r\n world\r\n0\r\nTrailer: x\r\n\r\n";
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(downloaded(&with_body(head, body)).0, b"hello world");
}

#[test]
fn encodings_are_undone_in_layers() {
    let text = b"The quick brown fox jumps over the lazy dog. ".repeat(50);
    let cases: [(&str, Vec<u8>); 7] = [
        ("gzip", gzip(&text)),
        ("x-gzip", gzip(&text)),
        ("deflate", zlib(&text)),
        ("deflate", deflate(&text)),
        ("gzip, deflate", zlib(&gzip(&text))),
        ("gzip, gzip\r\nContent-Encoding: deflate", deflate(&gzip(&gzip(&text)))),
        ("identity", text.clone()),
    ];
    for (name, body) in cases {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nContent-Length: {}\r\n\r\n", body.len());
        let (content, anomalies) = downloaded(&with_body(&head, &body));
        assert_eq!((content == text, anomalies), (true, vec![]), "{name}");
    }
}

#[test]
fn brotli_is_undone() {
    // RFC 7932 §9: an uncompressed meta-block of five bytes, then the empty last one.
    let body = b"\x0b\x02\x80hello\x03";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: {}\r\n\r\n", body.len());
    assert_eq!(downloaded(&with_body(&head, body)), (b"hello".to_vec(), vec![]));
}

#[test]
fn a_body_until_the_end_of_the_connection() {
    let response = b"HTTP/1.0 200 OK\r\n\r\nall of it";
    let request = b"GET /f HTTP/1.0\r\n\r\n";
    let closed = talk(request, response);
    check(of(&closed, "file")[0], &[("file.size", "9"), ("vonggac.file.truncated", "false")]);
    let torn = harness().client(request).server(response).finish();
    check(of(&torn, "file")[0], &[("file.size", "9"), ("vonggac.file.truncated", "true")]);
}

#[test]
fn a_length_that_is_not_reached_is_a_truncated_file() {
    let events = talk(b"GET /f HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    check(of(&events, "file")[0], &[("file.size", "5"), ("vonggac.file.truncated", "true")]);
}

#[test]
fn a_part_of_a_file_is_truncated_and_the_whole_is_not() {
    for (range, truncated) in [("bytes 0-3/4", "false"), ("bytes 4-7/100", "true"), ("bytes 0-3/*", "true")] {
        let response = format!("HTTP/1.1 206 P\r\nContent-Range: {range}\r\nContent-Length: 4\r\n\r\nabcd");
        let events = talk(b"GET /f HTTP/1.1\r\n\r\n", response.as_bytes());
        check(of(&events, "file")[0], &[("vonggac.file.truncated", truncated)]);
    }
}

#[test]
fn names_come_from_the_disposition_or_the_path() {
    for (header, name, extension) in [
        ("", "f.bin", "bin"),
        ("Content-Disposition: attachment; filename=\"a b.EXE\"\r\n", "a b.EXE", "exe"),
        ("content-disposition: attachment;FileName=x.js;a=b\r\n", "x.js", "js"),
        (
            "Content-Disposition: attachment; filename=\"x.txt\"; filename*=UTF-8''h%C3%B3a%20%C4%91%C6%A1n.pdf\r\n",
            "hóa đơn.pdf",
            "pdf",
        ),
    ] {
        let response = format!("HTTP/1.1 200 OK\r\n{header}Content-Length: 1\r\n\r\nx");
        let events = talk(b"GET /d/f.bin?q HTTP/1.1\r\n\r\n", response.as_bytes());
        check(of(&events, "file")[0], &[("file.name", name), ("file.extension", extension)]);
    }
}

#[test]
fn uploaded_files_are_taken_out_of_forms() {
    let body = b"--B0\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nGEHEIM\r\n\
        --B0\r\nContent-Disposition: form-data; name=\"f\"; filename=\"shell.php\"\r\nContent-Type: image/png\r\n\r\n\
        <?php\r\n--B1 eval($_POST[1]);\r\n--B0\r\n\
        Content-Disposition: form-data; name=\"g\"; filename=\"b.txt\"\r\n\r\nsecond\r\n--B0--\r\nepilogue";
    let head = format!(
        "POST /up HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B0\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut harness = harness();
    let events = harness.client(&with_body(&head, body)).server(b"HTTP/1.1 204 N\r\n\r\n").finish();
    check(
        of(&events, "file")[0],
        &[
            ("http.request.method", "POST"),
            ("file.name", "shell.php"),
            ("vonggac.file.kind", "script"),
            ("vonggac.file.declared_type", "image/png"),
            ("vonggac.file.direction", "upload"),
            ("vonggac.file.truncated", "false"),
        ],
    );
    assert_eq!(harness.contents(), [&b"<?php\r\n--B1 eval($_POST[1]);"[..], b"second"]);
    check(
        of(&events, "http")[0],
        &[
            ("http.request.mime_type", "multipart/form-data"),
            ("vonggac.http.request.form_fields", "3"),
            ("vonggac.http.request.form_password", "true"),
        ],
    );
}

#[test]
fn posted_data_is_a_file_only_when_it_is_one() {
    let post = |kind: &str, body: &[u8]| {
        let head =
            format!("POST /p HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
        talk(&with_body(&head, body), b"")
    };
    let form = post("application/x-www-form-urlencoded", b"user=a&pwd=GEHEIM&x=");
    assert!(of(&form, "file").is_empty());
    check(
        &form[0],
        &[
            ("http.request.body.bytes", "20"),
            ("vonggac.http.request.form_fields", "3"),
            ("vonggac.http.request.form_password", "true"),
            ("vonggac.http.request.body_printable", "1.000"),
        ],
    );
    check(
        &post("application/x-www-form-urlencoded", b"user=a&pwd=")[0],
        &[("vonggac.http.request.form_password", "false")],
    );
    check(
        &post("application/json", b"{\"password\" : \"x\"}")[0],
        &[("vonggac.http.request.form_password", "true"), ("http.request.mime_type", "application/json")],
    );
    assert_eq!(of(&post("application/x-www-form-urlencoded", b"\x7fELF\x02\x01\x01\0\0"), "file").len(), 1);
    assert_eq!(of(&post("text/plain", b"stolen things"), "file").len(), 1);
}

#[test]
fn bombs_are_cut() {
    let zeros = vec![0; 40 << 20];
    let body = gzip(&gzip(&zeros));
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut harness = harness();
    let events = harness.client(b"GET /b HTTP/1.1\r\n\r\n").server(&with_body(&head, &body)).finish();
    let file = of(&events, "file")[0];
    let size: u64 = file["file.size"].parse().expect("number");
    assert!(size <= 32 << 20, "{size}");
    check(file, &[("vonggac.file.truncated", "true")]);
    assert_eq!(harness.anomalies(), ["http-decompression-bomb"]);
}
