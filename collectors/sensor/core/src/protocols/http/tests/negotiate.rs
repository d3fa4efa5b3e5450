use std::fmt::Write as _;

use super::super::HTTP;
use crate::protocols::ntlm::samples;
use crate::testing::{Harness, ReadableEvent};

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let _ = write!(text, "{}", char::from(LETTERS[bits >> (18 - 6 * place) & 63]));
        }
    }
    text
}

fn asked(scheme: &str, token: &[u8]) -> String {
    format!("GET /a HTTP/1.1\r\nHost: w\r\nAuthorization: {scheme} {}\r\n\r\n", base64(token))
}

/// A log-in that ends with this response.
fn log_in(scheme: &str, header: &str, response: &str) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((HTTP.decoder)());
    harness.client(asked(scheme, &samples::negotiate()).as_bytes());
    let challenge = format!("{header}: {scheme} {}", base64(&samples::challenge()));
    harness.server(format!("HTTP/1.1 401 No\r\n{challenge}\r\nContent-Length: 0\r\n\r\n").as_bytes());
    harness.client(asked(scheme, &samples::authenticate()).as_bytes());
    harness.server(response.as_bytes());
    harness.finish()
}

#[test]
fn log_ins_by_ntlm_are_told_with_their_outcome() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let no = "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    for (scheme, header, response, outcome) in [
        ("NTLM", "WWW-Authenticate", ok, "success"),
        ("Negotiate", "www-authenticate", no, "failure"),
        ("ntlm", "Proxy-Authenticate", "", "unknown"),
    ] {
        let events = log_in(scheme, header, response);
        let of = |dataset: &str| events.iter().find(|event| event["event.dataset"] == dataset).expect("told");
        for dataset in ["ntlm", "login"] {
            assert_eq!(of(dataset)["event.outcome"], outcome);
            assert_eq!(
                (of(dataset)["user.name"].as_str(), of(dataset)["network.protocol"].as_str()),
                ("nvan", "http")
            );
        }
        assert_eq!(of("ntlm")["vonggac.ntlm.server.computer"], "FS01");
        assert_eq!(events.iter().filter(|event| event["event.dataset"] == "http").count(), 2);
    }
}

#[test]
fn what_is_no_token_is_left_alone() {
    let mut harness = Harness::new((HTTP.decoder)());
    harness.client(b"GET / HTTP/1.1\r\nAuthorization: Negotiate YIIG\r\nAuthorization: NTLM !\r\n\r\n");
    harness.server(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n");
    let events = harness.finish();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["vonggac.http.request.authorization"], "Negotiate");
}
