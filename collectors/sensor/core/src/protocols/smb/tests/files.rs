//! Contents of files, in both directions and any order.

use super::messages::*;
use super::two::on_share;
use super::{check, command, fed, harness, of};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::smb::TCP;
use crate::testing::robustness::{Conversation, stands};

/// A file of seven bytes on a disk share is open.
fn open(size: u64) -> Conversation {
    let mut talk = on_share(r"\\10.20.1.5\C$", 1);
    talk.push((ToServer, ask(5, 5, &create(3, 3, 0, r"temp\a.txt"))));
    talk.push((ToClient, answer(5, 5, 0, &created(9, 0x20, size))));
    talk
}

fn end(talk: &mut Conversation) {
    talk.push((ToServer, ask(6, 99, &close(file(9)))));
    talk.push((ToClient, answer(6, 99, 0, &closed())));
}

fn reads() -> Conversation {
    let mut talk = open(7);
    talk.extend([
        (ToServer, ask(8, 6, &read(file(9), 0, 3))),
        (ToServer, ask(8, 7, &read(file(9), 3, 3))),
        (ToServer, ask(8, 8, &read(file(9), 6, 3))),
        // The answers come in another order than the questions.
        (ToClient, answer(8, 7, 0, &data(b"def"))),
        (ToClient, answer(8, 6, 0, &data(b"abc"))),
        (ToClient, answer(8, 8, 0, &data(b"g"))),
        (ToServer, ask(8, 9, &read(file(9), 7, 3))),
        (ToClient, answer(8, 9, 0xc000_0011, &[])),
    ]);
    end(&mut talk);
    talk
}

#[test]
fn a_download_is_whole_whatever_the_order_of_the_answers() {
    let mut harness = fed(&reads());
    let events = harness.finish();
    assert_eq!(harness.contents(), [b"abcdefg"]);
    let close = command(&events, "CLOSE");
    check(
        close,
        &[
            ("file.path", r"temp\a.txt"),
            ("vonggac.smb.bytes_read", "7"),
            ("vonggac.smb.bytes_written", "0"),
            ("vonggac.smb.reads", "3"),
            ("vonggac.smb.status", "STATUS_SUCCESS"),
        ],
    );
    check(
        of(&events, "file")[0],
        &[
            ("network.protocol", "smb"),
            ("file.name", r"temp\a.txt"),
            ("file.extension", "txt"),
            ("file.size", "7"),
            ("vonggac.file.direction", "download"),
            ("vonggac.file.truncated", "false"),
            ("vonggac.file.missing_bytes", "0"),
            ("vonggac.file.carrier", &close["event.id"]),
        ],
    );
}

#[test]
fn a_part_of_a_file_is_told_as_such() {
    let mut talk = open(70);
    talk.extend([(ToServer, ask(8, 6, &read(file(9), 10, 3))), (ToClient, answer(8, 6, 0, &data(b"abc")))]);
    end(&mut talk);
    let events = fed(&talk).finish();
    let expected =
        [("vonggac.file.truncated", "true"), ("vonggac.file.missing_bytes", "10"), ("file.size", "13")];
    check(of(&events, "file")[0], &expected);
}

fn writes() -> Conversation {
    let mut talk = open(0);
    talk.extend([
        (ToServer, ask(9, 6, &write(file(9), 0, b"MZ"))),
        (ToServer, ask(9, 7, &write(file(9), 4, b"ef"))),
        (ToServer, ask(9, 8, &write(file(9), 2, b"cd"))),
        (ToClient, answer(9, 6, 0, &written(2))),
        (ToClient, answer(9, 7, 0, &written(2))),
        (ToClient, answer(9, 8, 0, &written(2))),
    ]);
    end(&mut talk);
    talk
}

#[test]
fn an_upload_is_whole_whatever_the_order_of_the_writes() {
    let mut harness = fed(&writes());
    let events = harness.finish();
    assert_eq!(harness.contents(), [b"MZcdef"]);
    check(of(&events, "file")[0], &[("vonggac.file.direction", "upload"), ("file.size", "6")]);
    check(command(&events, "CLOSE"), &[("vonggac.smb.bytes_written", "6"), ("vonggac.smb.writes", "3")]);
}

#[test]
fn a_create_with_a_write_in_one_message() {
    let mut talk = on_share(r"\\10.20.1.5\ADMIN$", 1);
    let asked = [
        two(5, 5, 0, 0, &create(2, 5, 0, "drop.exe")),
        two(9, 6, RELATED, 0, &write(PREVIOUS, 0, b"MZ at once")),
        two(6, 7, RELATED, 0, &close(PREVIOUS)),
    ];
    let answered = [
        two(5, 5, RESPONSE, 0, &created(9, 0x20, 0)),
        two(9, 6, RESPONSE | RELATED, 0, &written(10)),
        two(6, 7, RESPONSE | RELATED, 0, &closed()),
    ];
    talk.extend([(ToServer, compound(&asked)), (ToClient, compound(&answered))]);
    let mut harness = fed(&talk);
    let events = harness.finish();
    assert_eq!(harness.contents(), [b"MZ at once"]);
    check(of(&events, "file")[0], &[("file.name", "drop.exe")]);
    check(command(&events, "CLOSE"), &[("file.path", "drop.exe"), ("vonggac.smb.bytes_written", "10")]);
}

#[test]
fn a_file_that_is_never_closed_is_summed_up_at_the_end() {
    let mut talk = open(0);
    talk.push((ToServer, ask(9, 6, &write(file(9), 0, b"abc"))));
    talk.push((ToClient, answer(9, 6, 0xc000_007f, &[])));
    let events = fed(&talk).finish();
    check(
        command(&events, "WRITE"),
        &[
            ("file.path", r"temp\a.txt"),
            ("vonggac.smb.status", "STATUS_DISK_FULL"),
            ("vonggac.smb.bytes_written", "3"),
            ("user.name", "nvan"),
        ],
    );
}

#[test]
fn a_file_opened_unseen_has_no_name() {
    let talk = vec![(ToServer, ask(9, 6, &write(file(9), 0, b"abc")))];
    let mut harness = fed(&talk);
    let events = harness.finish();
    assert_eq!(harness.contents(), [b"abc"]);
    check(command(&events, "WRITE"), &[("file.path", ""), ("vonggac.smb.bytes_written", "3")]);
}

#[test]
fn big_writes_are_not_held_and_lost_bytes_are_counted() {
    let content = vec![b'x'; 1 << 20];
    let message = ask(9, 6, &write(file(9), 0, &content));
    let mut harness = harness();
    for (direction, message) in open(0) {
        harness.feed(direction, &message);
    }
    let (seen, rest) = message.split_at(300_000);
    harness.client(seen).gap(ToServer, 1_000).client(&rest[1_000..]);
    harness.client(&ask(6, 7, &close(file(9)))).server(&answer(6, 7, 0, &closed()));
    let events = harness.finish();
    check(command(&events, "CLOSE"), &[("vonggac.smb.status", "STATUS_SUCCESS")]);
    check(of(&events, "file")[0], &[("vonggac.file.missing_bytes", "1000"), ("file.size", "1048576")]);
}

#[test]
fn lost_messages_are_found_behind() {
    let mut harness = harness();
    for (direction, message) in open(0) {
        harness.feed(direction, &message);
    }
    let lost = ask(9, 6, &write(file(9), 0, &[0; 400]));
    harness.client(&lost[..50]).gap(ToServer, 5_000);
    harness.client(b"the end of something else").client(&ask(6, 99, &close(file(9))));
    harness.server(&answer(6, 99, 0, &closed()));
    let events = harness.finish();
    check(command(&events, "CLOSE"), &[("file.path", r"temp\a.txt")]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &reads());
    stands(&TCP, &writes());
}
