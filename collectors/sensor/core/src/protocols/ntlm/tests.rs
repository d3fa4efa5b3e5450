//! Messages, their wrappings, and the events of log-ins.

use proptest::prelude::*;

use super::samples::{authenticate, challenge, message, negotiate};
use super::{Carried, Ending, Exchange, Message, Response, find, parse, spnego};
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::testing::{Harness, ReadableEvent};

/// One DER element.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("short");
    let mut bytes = vec![tag];
    match length {
        0..0x80 => bytes.push(length.to_le_bytes()[0]),
        _ => bytes.extend([&[0x82][..], &length.to_be_bytes()].concat()),
    }
    bytes.extend_from_slice(content);
    bytes
}

const NTLM_OID: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10];
const KERBEROS_OID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];

/// GSS-API around a `NegTokenInit` that offers these mechanisms.
fn offered(mechanisms: &[&[u8]], token: &[u8]) -> Vec<u8> {
    let list: Vec<u8> = mechanisms.iter().flat_map(|oid| der(6, oid)).collect();
    let parts = [der(0xa0, &der(0x30, &list)), der(0xa2, &der(4, token))].concat();
    let initial = der(0xa0, &der(0x30, &parts));
    der(0x60, &[der(6, &[0x2b, 6, 1, 5, 5, 2]), initial].concat())
}

#[test]
fn reads_the_three_messages() {
    let bytes = negotiate();
    let Some(Message::Negotiate(first)) = parse(&bytes) else { panic!("no message") };
    assert_eq!((first.domain.as_deref(), first.workstation.as_deref()), (Some("TINHUY"), Some("VP-07")));
    let bytes = challenge();
    let Some(Message::Challenge(second)) = parse(&bytes) else { panic!("no message") };
    assert_eq!(second.version.map(|v| v.to_string()).as_deref(), Some("10.0 build 17763 rev 15"));
    assert_eq!(second.targets.dns_computer.as_deref(), Some("fs01.tinhuy.local"));
    let bytes = authenticate();
    let Some(Message::Authenticate(third)) = parse(&bytes) else { panic!("no message") };
    assert_eq!(
        (third.user.as_ref(), third.domain.as_ref(), third.workstation.as_ref()),
        ("nvan", "TINHUY", "VP-07")
    );
    assert_eq!((third.response, third.session_key, third.targets.checked), (Response::V2, true, true));
}

#[test]
fn tells_kinds_of_answers() {
    let answered = |flags: u32, lm: &[u8], nt: &[u8]| {
        let mut fixed = vec![0; 64];
        fixed[60..64].copy_from_slice(&flags.to_le_bytes());
        let bytes = message(3, fixed, &[(12, lm), (20, nt), (36, b"u\0")]);
        let Some(Message::Authenticate(third)) = parse(&bytes) else { panic!("no message") };
        third.response
    };
    assert_eq!(answered(1, &[0], &[]), Response::Anonymous);
    assert_eq!(answered(1, &[7; 24], &[]), Response::LanManager);
    assert_eq!(answered(1, &[7; 24], &[8; 24]), Response::V1);
    let client_challenge = [[7; 8].as_slice(), &[0; 16]].concat();
    assert_eq!(answered(0x8_0001, &client_challenge, &[8; 24]), Response::V1Extended);
    assert_eq!(answered(0x8_0001, &[0; 24], &[8; 60]), Response::V2);
}

#[test]
fn reads_old_answers_without_flags() {
    let fields = [(12, vec![1; 24]), (20, vec![2; 24]), (28, b"DOM".to_vec()), (36, b"old".to_vec())];
    let fields: Vec<(usize, &[u8])> = fields.iter().map(|(at, content)| (*at, content.as_slice())).collect();
    let bytes = message(3, vec![0; 52], &fields);
    let Some(Message::Authenticate(third)) = parse(&bytes) else { panic!("no message") };
    assert_eq!((third.user.as_ref(), third.domain.as_ref(), third.flags), ("old", "DOM", 0));
}

#[test]
fn finds_tokens_in_their_wrappings() {
    let inner = negotiate();
    let wrapped = offered(&[NTLM_OID, KERBEROS_OID, &[0x2b, 6, 1, 4, 1, 9]], &inner);
    assert_eq!(spnego::mechanisms(&wrapped), ["NTLM", "Kerberos", "1.3.6.1.4.1.9"]);
    assert_eq!(find(&wrapped), Some(inner.as_slice()));
    assert_eq!(find(&inner), Some(inner.as_slice()));
    assert_eq!((find(b"NTLMSS"), spnego::kerberos(&wrapped), spnego::parse(&inner)), (None, None, None));
    let answer = [der(0xa0, &der(10, &[1])), der(0xa1, &der(6, NTLM_OID))].concat();
    let answer = spnego::parse(&der(0xa1, &der(0x30, &answer))).map(|token| (token.mechanisms, token.state));
    assert_eq!(answer, Some((vec!["NTLM".into()], Some(1))));
}

#[test]
fn finds_kerberos() {
    let text = |text: &str| der(0x1b, text.as_bytes());
    let parts = der(0x30, &[text("cifs"), text("fs01.tinhuy.local")].concat());
    let name = der(0x30, &[der(0xa0, &der(2, &[2])), der(0xa1, &parts)].concat());
    let sealed = der(0x30, &[der(0xa0, &der(2, &[18])), der(0xa2, &der(4, &[5; 300]))].concat());
    let ticket =
        [der(0xa0, &der(2, &[5])), der(0xa1, &text("TINHUY.LOCAL")), der(0xa2, &name), der(0xa3, &sealed)];
    let ticket = der(0x61, &der(0x30, &ticket.concat()));
    let request = [der(0xa0, &der(2, &[5])), der(0xa1, &der(2, &[14])), der(0xa3, &ticket)].concat();
    let request = der(0x6e, &der(0x30, &request));
    let framed = der(0x60, &[der(6, KERBEROS_OID), vec![1, 0], request.clone()].concat());
    for blob in [&request, &framed, &offered(&[KERBEROS_OID], &framed)] {
        assert_eq!(spnego::kerberos(blob), Some(request.as_slice()));
    }
}

/// A carrier that says nothing else: every datagram is a token, the last one's first byte the verdict.
#[derive(Default)]
struct Carrier(Exchange);

impl Decoder for Carrier {
    fn data(&mut self, _: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match bytes {
            [0] => self.0.conclude(Ending::Success, None, "smb", context),
            [1] => self.0.conclude(Ending::Failure, Some("STATUS_LOGON_FAILURE"), "smb", context),
            _ => drop(self.0.token(bytes, context.time)),
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.0.conclude(Ending::Unknown, None, "smb", context);
    }
}

fn told(tokens: &[&[u8]]) -> Vec<ReadableEvent> {
    let mut harness = Harness::datagrams(Box::<Carrier>::default(), 445);
    for token in tokens {
        harness.client(token);
    }
    harness.finish()
}

#[test]
fn a_log_in_is_told_with_both_sides_and_its_outcome() {
    let events = told(&[&negotiate(), &challenge(), &authenticate(), &[1]]);
    let [ntlm, login] = events.as_slice() else { panic!("{events:#?}") };
    let (login, ntlm) = if login["event.dataset"] == "login" { (login, ntlm) } else { (ntlm, login) };
    for event in [ntlm, login] {
        assert_eq!((event["user.name"].as_str(), event["user.domain"].as_str()), ("nvan", "TINHUY"));
        assert_eq!((event["event.outcome"].as_str(), event["network.protocol"].as_str()), ("failure", "smb"));
    }
    assert_eq!(login["vonggac.login.method"], "ntlm");
    assert_eq!(login["vonggac.login.reason"], "STATUS_LOGON_FAILURE");
    assert_eq!(login["vonggac.login.host"], "VP-07");
    for (field, value) in [
        ("response", "ntlmv2"),
        ("client.version", "10.0 build 17763 rev 15"),
        ("server.computer", "FS01"),
        ("server.dns_domain", "tinhuy.local"),
        ("server.challenge", "1122334455667788"),
        ("server.time", "1793581200000000"),
        ("service", "cifs/FS01"),
        ("checked", "true"),
    ] {
        assert_eq!(ntlm[&format!("vonggac.ntlm.{field}")], value, "{field}");
    }
    // The answer itself is nowhere.
    assert!(events.iter().flat_map(|event| event.values()).all(|value| !value.contains("aaaa")));
}

#[test]
fn what_never_ends_is_told_as_far_as_it_went() {
    let events = told(&[&negotiate(), &challenge()]);
    assert_eq!(events.len(), 1, "a server's names are worth an event, but nobody logged in: {events:#?}");
    assert_eq!(events[0]["event.outcome"], "unknown");
    assert!(told(&[&negotiate()]).is_empty());
    assert_eq!(told(&[&authenticate()])[1]["event.outcome"], "unknown");
    let mut exchange = Exchange::default();
    assert_eq!(exchange.token(&negotiate(), Default::default()), Some(Carried::Negotiate));
    assert_eq!(exchange.token(b"NTLMSSP\0\x04\0\0\0", Default::default()), None);
}

proptest! {
    #[test]
    fn no_bytes_break_it(turns: Vec<(prop::sample::Index, u8)>, cut: prop::sample::Index, which in 0..4_usize) {
        let mut bytes = [negotiate(), challenge(), authenticate(), offered(&[KERBEROS_OID], &authenticate())][which].clone();
        for (place, value) in turns {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        let token = find(&bytes).and_then(parse);
        drop(token);
        drop((spnego::mechanisms(&bytes), spnego::kerberos(&bytes)));
    }
}
