//! Who logs in, by each mechanism; no secret in any event.

use super::Attempt;
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::testing::{Harness, ReadableEvent};
use crate::time::Micros;

/// First line: the mechanism; each further line: an answer.
#[derive(Default)]
struct Door {
    attempt: Option<Attempt>,
}

impl Decoder for Door {
    fn data(&mut self, _: Direction, bytes: &[u8], _: &mut Context<'_>) -> Outcome {
        for line in bytes.split(|&b| b == b'\n') {
            match &mut self.attempt {
                Some(attempt) => attempt.answer(line),
                None => self.attempt = Some(Attempt::begin("smtp", line, None, Micros(0))),
            }
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if let Some(attempt) = self.attempt.take() {
            attempt.over(Some(false), b"5.7.8 no", context);
        }
    }
}

fn told(lines: &[u8]) -> ReadableEvent {
    let mut harness = Harness::new(Box::new(Door::default()));
    harness.client(lines);
    harness.finish().pop().unwrap_or_default()
}

fn names(event: &ReadableEvent) -> [&str; 4] {
    let names = ["user.name", "user.domain", "vonggac.login.method", "vonggac.login.encrypted"];
    names.map(|name| event.get(name).map_or("", String::as_str))
}

#[test]
fn passwords_in_clear_are_masked() {
    // "\0nvan@example.org\0geheim"
    let plain = told(b"PLAIN\nAG52YW5AZXhhbXBsZS5vcmcAZ2VoZWlt");
    assert_eq!(names(&plain), ["nvan", "example.org", "plain", "false"]);
    let login = told(b"LOGIN\nbnZhbg==\nZ2VoZWlt");
    assert_eq!(names(&login), ["nvan", "", "login", "false"]);
    assert!(login["vonggac.login.secret"].starts_with("k:"));
    assert_eq!(plain["vonggac.login.secret"], login["vonggac.login.secret"]);
    assert_eq!(login["vonggac.login.reason"], "5.7.8 no");
    // "anonymous", "a@b"
    assert_eq!(told(b"LOGIN\nYW5vbnltb3Vz\nYUBi")["vonggac.login.secret"], "a@b");
    assert_eq!(told(b"LOGIN\nbnZhbg==\n")["vonggac.login.secret"], "");
}

#[test]
fn proofs_and_tokens() {
    // "nvan 0123456789abcdef0123456789abcdef"
    let cram = told(b"CRAM-MD5\nbnZhbiAwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==");
    assert_eq!(names(&cram), ["nvan", "", "cram-md5", "true"]);
    // "user=nvan@example.org\x01auth=Bearer ya29.token\x01\x01"
    let bearer = told(b"XOAUTH2\ndXNlcj1udmFuQGV4YW1wbGUub3JnAWF1dGg9QmVhcmVyIHlhMjkudG9rZW4BAQ==");
    assert_eq!(names(&bearer), ["nvan", "example.org", "xoauth2", "false"]);
    assert!(bearer.values().all(|value| !value.contains("ya29")));
    // "n,,n=nvan,r=fyko+d2lbbFgONRv9qkxdawL"
    let scram = told(b"SCRAM-SHA-256\nbiwsbj1udmFuLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM");
    assert_eq!(names(&scram), ["nvan", "", "scram-sha-256", "true"]);
}

#[test]
fn ntlm_names_user_domain_and_machine() {
    let mut message = b"NTLMSSP\0\x03\0\0\0".to_vec();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let parts = [vec![], vec![], wide("TINHUY"), wide("nvan"), wide("VP-07"), vec![]];
    let mut offset = 64_u32;
    for part in &parts {
        let length = part.len() as u16;
        message.extend_from_slice(&length.to_le_bytes());
        message.extend_from_slice(&length.to_le_bytes());
        message.extend_from_slice(&offset.to_le_bytes());
        offset += u32::from(length);
    }
    message.extend_from_slice(&1_u32.to_le_bytes());
    parts.iter().for_each(|part| message.extend_from_slice(part));
    let found = super::ntlm::authenticate(&message).unwrap();
    assert_eq!(found.user.as_deref(), Some("nvan"));
    assert_eq!(found.domain.as_deref(), Some("TINHUY"));
    assert_eq!(found.host.as_deref(), Some("VP-07"));
    for cut in 0..message.len() {
        super::ntlm::authenticate(&message[..cut]);
    }
    assert_eq!(super::ntlm::authenticate(b"NTLMSSP\0\x01\0\0\0"), None);
}
