//! A connection to a controller, and what is none.

use super::{S7COMM, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent, unhex};

/// Request to connect from 01.00 to 03.02, and its confirm.
const CONNECT: &str = "03000016 11e00000000100 c0010a c1020100 c2020302";
const CONFIRM: &str = "03000016 11d00001000a00 c0010a c1020100 c2020302";
const SETUP: &str = "03000019 02f080 32 01 0000 0100 0008 0000 f0 00 0001 0001 01e0";
const AGREED: &str = "0300001b 02f080 32 03 0000 0100 0008 0000 0000 f0 00 0001 0001 00f0";
const STOP: &str = "03000021 02f080 32 01 0000 0200 0010 0000 29 0000000000 09 505f50524f4752414d";
const REFUSED: &str = "03000014 02f080 32 03 0000 0200 0001 0000 8104 29";
const LIST: &str = "03000021 02f080 32 07 0000 0300 0008 0008 00011204114401 00 ff0900040011 0000";
const PLUS: &str = "0300000c 02f080 72 01 0012 33";

fn conversation() -> Conversation {
    let part = |direction, text: &str| (direction, unhex(text));
    vec![
        part(ToServer, CONNECT),
        part(ToClient, CONFIRM),
        part(ToServer, SETUP),
        part(ToClient, AGREED),
        part(ToServer, STOP),
        part(ToClient, REFUSED),
        part(ToServer, LIST),
    ]
}

fn play(conversation: &Conversation) -> (Vec<ReadableEvent>, Option<Outcome>, Vec<&'static str>) {
    let mut harness = Harness::new((S7COMM.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    (harness.finish(), harness.stopped, harness.anomalies())
}

#[test]
fn functions_are_counted_with_their_errors() {
    let (events, stopped, anomalies) = play(&conversation());
    let told = |event: &ReadableEvent| {
        let of = |name: &str| event.get(&format!("vonggac.s7comm.{name}")).cloned().unwrap_or_default();
        format!("{} {} {}", of("function"), of("error"), of("count"))
    };
    assert_eq!(
        events.iter().map(told).collect::<Vec<_>>(),
        ["setup  1", "plc-stop 0x8104 1", "cpu-functions  1"]
    );
    assert_eq!((stopped, anomalies), (None, vec![]));
}

#[test]
fn is_recognised_behind_its_connection_and_in_the_middle() {
    let probed = |bytes: &[u8]| probe(&Opening { direction: ToServer, bytes, ports: (50_000, 102) });
    let verdict = |text: &str| probed(&unhex(text));
    assert_eq!(verdict(CONNECT), Verdict::Unsure);
    assert_eq!(verdict(&[CONNECT, SETUP].concat()), Verdict::Mine);
    assert_eq!(verdict(&[CONNECT, PLUS].concat()), Verdict::Mine);
    assert_eq!(verdict(STOP), Verdict::Mine);
    // RDP has no selectors; MMS of power stations speaks ISO session behind the same request.
    assert_eq!(verdict("03000013 0ee00000000000 0100080003000000"), Verdict::NotMine);
    assert_eq!(
        verdict(&[CONNECT, "03000013 02f080 0d10 0506 1301 0016 0102 3402"].concat()),
        Verdict::NotMine
    );
    for other in [&b"GET / HTTP/1.1\r\n"[..], &[3, 0, 0, 4, 0, 0, 0], &[0; 40], &[3; 40]] {
        assert_eq!(probed(other), Verdict::NotMine, "{other:?}");
    }
}

#[test]
fn what_is_no_frame_ends_it_and_the_new_form_is_not_read() {
    let mut broken = conversation();
    broken.push((ToServer, b"GET / HTTP/1.1\r\n".to_vec()));
    assert_eq!(play(&broken).1, Some(Outcome::Malformed("s7comm-bad-frame")));
    let plus = vec![(ToServer, unhex(CONNECT)), (ToServer, unhex(PLUS))];
    assert_eq!(play(&plus).1, Some(Outcome::Done));
}

#[test]
fn stands_hostile_input() {
    stands(&S7COMM, &conversation());
}
