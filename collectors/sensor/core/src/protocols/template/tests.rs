//! What the protocol's events must be, whatever the segments.

use super::{IDENT, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::stands;

fn told(harness: &mut Harness) -> Vec<String> {
    let events = harness.finish();
    events.iter().map(|e| format!("{}={}", e["vonggac.stats.name"], e["vonggac.stats.value"])).collect()
}

#[test]
fn a_question_and_its_answer_are_one_event() {
    let mut harness = Harness::new((IDENT.decoder)());
    harness.client(b"6193, 23\r\n6195, 23\r\n").server(b"6193, 23 : USERID : UNIX : stjohns\r\n");
    let pair = |server: i64, client: i64| server << 16 | client;
    let expected = [format!("USERID={}", pair(6193, 23)), format!("unanswered={}", pair(6195, 23))];
    assert_eq!(told(&mut harness), expected);
}

#[test]
fn stands_any_split_cut_and_noise() {
    let question = (ToServer, b"6193, 23\r\n6195, 23\r\n".to_vec());
    stands(&IDENT, &vec![question, (ToClient, b"6193,23:ERROR:NO-USER\r\n".to_vec())]);
}

#[test]
fn what_breaks_the_protocol_ends_the_decoder() {
    let mut harness = Harness::new((IDENT.decoder)());
    harness.client(b"GET / HTTP/1.1\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Malformed("ident-bad-line")));
    let mut harness = Harness::new((IDENT.decoder)());
    harness.client(&[b'1'; 1_000]);
    assert_eq!(harness.stopped, Some(Outcome::Malformed("ident-long-line")));
}

#[test]
fn is_recognised_by_content() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 113) });
    assert_eq!(probed(ToServer, b"6193, 23\r\n"), Verdict::Mine);
    assert_eq!(probed(ToServer, b"61"), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"GET / HTTP/1.1\r\n"), Verdict::NotMine);
    assert_eq!(probed(ToClient, b"6193, 23 : ERROR : NO-USER\r\n"), Verdict::Mine);
    assert_eq!(probed(ToClient, b"220 ready\r\n"), Verdict::NotMine);
}
