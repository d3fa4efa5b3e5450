//! Bounds against hostile ends.

use super::messages::*;
use super::two::on_share;
use super::{command, fed, harness, of};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::Outcome;
use crate::protocols::smb::connection::WAITING_MAX;
use crate::protocols::smb::handles::HANDLES_MAX;
use crate::protocols::smb::transfer::HELD_MAX;

#[test]
fn commands_without_answers_are_bounded_and_told() {
    let mut harness = harness();
    harness.server(&answer(13, 1 << 40, 0, &[4, 0, 0, 0]));
    for message in 0..3 * WAITING_MAX as u64 {
        harness.client(&ask(5, message, &create(1, 1, 0, "x")));
    }
    assert_eq!(harness.anomalies(), ["smb-many-requests"]);
    assert_eq!(of(&harness.finish(), "smb").len(), 3 * WAITING_MAX);
}

#[test]
fn open_files_are_bounded() {
    let mut harness = harness();
    for number in 0..2 * HANDLES_MAX {
        let number = u8::try_from(number % 256).expect("a byte");
        let mut id = file(0);
        id[5] = number;
        harness.client(&ask(9, 1, &write(id, 0, b"content")));
    }
    assert!(harness.held() <= 8 * HANDLES_MAX as u64, "{}", harness.held());
    harness.finish();
}

/// Pieces of 1 MiB: more than is held.
const PIECES: usize = (HELD_MAX >> 20) + 4;

#[test]
fn bytes_behind_a_hole_are_bounded() {
    let mut talk = on_share(r"\\10.20.1.5\C$", 1);
    let piece = vec![b'x'; 1 << 20];
    for index in 0..PIECES as u64 {
        let offset = 1 + (index << 20);
        talk.push((ToServer, ask(9, 10 + index, &write(file(9), offset, &piece))));
    }
    let mut harness = fed(&talk);
    // The first byte never comes: what is held is passed on once it is too much.
    assert!(harness.held() >= 2 << 20, "{}", harness.held());
    let events = harness.finish();
    assert_eq!(of(&events, "file")[0]["vonggac.file.missing_bytes"], "1");
    assert_eq!(of(&events, "file")[0]["file.size"], ((PIECES << 20) + 1).to_string());
}

#[test]
fn compounds_are_bounded() {
    let echoes: Vec<_> = (0..1_000).map(|message| two(13, message, 0, 0, &[4, 0, 0, 0])).collect();
    let mut harness = fed(&vec![(ToServer, compound(&echoes))]);
    assert_eq!(harness.anomalies(), ["smb-long-compound"]);
    assert_eq!(of(&harness.finish(), "smb").len(), 64);
}

#[test]
fn what_is_no_message_is_passed_over_and_given_up_in_the_end() {
    let mut talk = vec![(ToServer, frame(b"no message at all")), (ToServer, frame(b"\xfeSMB short"))];
    talk.push((ToServer, tree_connect(4, r"\\a\b")));
    talk.push((ToClient, tree_answer(4, 1)));
    let mut harness = fed(&talk);
    assert_eq!(harness.anomalies(), ["smb-bad-message"]);
    for _ in 0..10 {
        harness.client(b"GET / HTTP/1.1\r\n").client(&ask(13, 9, &[4, 0, 0, 0]));
    }
    assert_eq!(harness.stopped, Some(Outcome::Malformed("smb-no-message")));
    assert_eq!(command(&harness.finish(), "TREE_CONNECT")["vonggac.smb.share"], r"\\a\b");
}
