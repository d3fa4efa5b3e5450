//! A secret never becomes an event, wherever it stands in a conversation.

use super::*;

const CANARY: &str = "CanaryBird77";

#[test]
fn no_secret_reaches_an_event() {
    let form = format!("user=a&password={CANARY}");
    let part = format!("--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n{CANARY}\r\n--B--\r\n");
    let requests = [
        format!("GET /a HTTP/1.1\r\nAuthorization: Basic {CANARY}\r\nCookie: a={CANARY}\r\n\r\n"),
        format!("GET /a HTTP/1.1\r\nAuthorization: {CANARY}\r\n\r\n"),
        format!(
            "GET /a HTTP/1.1\r\nProxy-Authorization:\r\n Digest {CANARY}\r\nCookie:\r\n {CANARY}\r\n\r\n"
        ),
        format!("GET http://u:{CANARY}@h/a?x=1&passwd={CANARY}&y=2 HTTP/1.1\r\n\r\n"),
        format!("GET /a HTTP/1.1\r\nReferer: http://h/?access_token={CANARY}\r\n\r\n"),
        format!(
            "POST /a HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ),
        format!(
            "POST /a HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: {}\r\n\r\n{part}",
            part.len()
        ),
    ];
    let response = format!(
        "HTTP/1.1 302 F\r\nSet-Cookie: s={CANARY}\r\nLocation: /b;jsessionid={CANARY}?ticket={CANARY}\r\nContent-Length: 0\r\n\r\n"
    );
    for request in requests {
        let events = talk(request.as_bytes(), response.as_bytes());
        assert_eq!(of(&events, "http").len(), 1, "{request}");
        for (field, value) in events.iter().flatten() {
            assert!(!value.contains(CANARY), "{field} = {value} of {request}");
        }
    }
}

#[test]
fn reuse_of_a_secret_shows() {
    let events = talk(
        b"GET /1 HTTP/1.1\r\nAuthorization: Basic YTpi\r\nCookie: abc\r\nCookie: de\r\n\r\n\
          GET /2 HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\nGET /3 HTTP/1.1\r\nAuthorization: Basic YTpj\r\n\r\n",
        b"",
    );
    check(
        &events[0],
        &[("vonggac.http.request.authorization", "Basic"), ("vonggac.http.request.cookie_length", "5")],
    );
    let hash = |n: usize| &events[n]["vonggac.http.request.secret_hash"];
    assert!(hash(0) == hash(1) && hash(0) != hash(2));
}
