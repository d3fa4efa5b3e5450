//! SMB 2 and 3: log-ins, shares, names and pipes.

use super::messages::*;
use super::probing::session_request;
use super::{check, command, fed, of, told};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::ntlm::samples;
use crate::protocols::smb::TCP;
use crate::testing::robustness::{Conversation, stands};

const MORE: u32 = 0xc000_0016;

/// Negotiation and log-in of `nvan`, ended by `status`.
pub fn log_in(status: u32) -> Conversation {
    vec![
        (ToServer, offer(&[0x0202, 0x0311])),
        (ToClient, choice(1, 0x0311, Some(2))),
        (ToServer, set_up(2, &samples::negotiate())),
        (ToClient, set_up_answer(2, MORE, 0, &samples::challenge())),
        (ToServer, set_up(3, &samples::authenticate())),
        (ToClient, set_up_answer(3, status, 0, &[])),
    ]
}

/// The same, and a share.
pub fn on_share(path: &str, kind: u8) -> Conversation {
    let mut talk = log_in(0);
    talk.push((ToServer, tree_connect(4, path)));
    talk.push((ToClient, tree_answer(4, kind)));
    talk
}

fn pipe() -> Conversation {
    let mut talk = on_share(r"\\10.20.1.5\IPC$", 2);
    talk.extend([
        (ToServer, ask(5, 5, &create(0x0012_019f, 1, 0, "svcctl"))),
        (ToClient, answer(5, 5, 0, &created(7, 0x80, 0))),
        (ToServer, ask(9, 6, &write(file(7), 0, b"request"))),
        (ToClient, answer(9, 6, 0, &written(7))),
        (ToServer, ask(8, 7, &read(file(7), 0, 1_024))),
        (ToClient, answer(8, 7, 0, &data(b"answer"))),
        (ToServer, ask(11, 8, &transceive(file(7), b"more"))),
        (ToClient, answer(11, 8, 0, &transceived(file(7), b"and more"))),
        (ToServer, ask(6, 9, &close(file(7)))),
        (ToClient, answer(6, 9, 0, &closed())),
    ]);
    talk
}

fn names() -> Conversation {
    let mut talk = on_share(r"\\10.20.1.5\C$", 1);
    talk.extend([
        (ToServer, ask(5, 5, &create(0x0001_0081, 1, 0, r"HSLT\a.docx"))),
        (ToClient, answer(5, 5, 0, &created(9, 0x20, 7))),
        (ToServer, ask(17, 6, &set_info(file(9), 10, &rename(r"HSLT\a.docx.locked")))),
        (ToClient, answer(17, 6, 0, &[2, 0])),
        (ToServer, ask(17, 7, &set_info(file(9), 13, &[1]))),
        (ToClient, answer(17, 7, 0xc000_0022, &[])),
        (ToServer, ask(6, 8, &close(file(9)))),
        (ToClient, answer(6, 8, 0, &closed())),
        (ToServer, ask(5, 9, &create(0x8000_0000, 2, 0x1040, "b"))),
        (ToClient, answer(5, 9, 0xc000_0035, &[])),
        (ToServer, ask(2, 10, &[4, 0, 0, 0])),
        (ToClient, answer(2, 10, 0, &[4, 0, 0, 0])),
    ]);
    talk
}

#[test]
fn a_negotiation_tells_what_the_two_agree_upon() {
    let events = told(&log_in(0));
    check(
        command(&events, "NEGOTIATE"),
        &[
            ("event.outcome", "success"),
            ("vonggac.smb.version", "3"),
            ("vonggac.smb.dialect", "3.1.1"),
            ("vonggac.smb.dialects", "[2.0.2, 3.1.1]"),
            ("vonggac.smb.cipher", "AES-128-GCM"),
            ("vonggac.smb.client.signing", "enabled"),
            ("vonggac.smb.server.signing", "required"),
            ("vonggac.smb.client.guid", "04030201-0605-0807-090a-0b0c0d0e0f10"),
            ("vonggac.smb.server.guid", "14131211-1615-1817-191a-1b1c1d1e1f20"),
        ],
    );
}

#[test]
fn a_log_in_tells_who_and_whether() {
    let events = told(&log_in(0));
    let steps = of(&events, "smb");
    check(
        steps[1],
        &[("vonggac.smb.status", "STATUS_MORE_PROCESSING_REQUIRED"), ("event.outcome", "unknown")],
    );
    check(
        steps[2],
        &[
            ("vonggac.smb.status", "STATUS_SUCCESS"),
            ("user.name", "nvan"),
            ("user.domain", "TINHUY"),
            ("vonggac.smb.auth", "ntlm"),
            ("vonggac.smb.client.host", "VP-07"),
            ("vonggac.smb.client.version", "10.0 build 17763 rev 15"),
            ("vonggac.smb.session_id", "4398046511113"),
            ("vonggac.smb.ordinal", "2"),
        ],
    );
    let [login] = of(&events, "login")[..] else { panic!("one log-in") };
    check(login, &[("network.protocol", "smb"), ("user.name", "nvan"), ("event.outcome", "success")]);
    let events = told(&log_in(0xc000_006d));
    check(
        of(&events, "login")[0],
        &[("event.outcome", "failure"), ("vonggac.login.reason", "STATUS_LOGON_FAILURE")],
    );
}

#[test]
fn a_ticket_tells_its_realm_and_service() {
    let mut talk = log_in(0);
    talk.truncate(2);
    talk.push((ToServer, set_up(2, &kerberos())));
    talk.push((ToClient, set_up_answer(2, 0, 0, &[])));
    let events = told(&talk);
    check(
        command(&events, "SESSION_SETUP"),
        &[
            ("vonggac.smb.auth", "kerberos"),
            ("vonggac.smb.kerberos.realm", "TINHUY.LOCAL"),
            ("vonggac.smb.kerberos.service", "[cifs, dc01.tinhuy.local]"),
            ("user.domain", "TINHUY.LOCAL"),
            ("user.name", ""),
        ],
    );
    let presented = [
        ("vonggac.kerberos.request_type", "AP"),
        ("vonggac.kerberos.service.name", "cifs/dc01.tinhuy.local"),
        ("vonggac.kerberos.service.realm", "TINHUY.LOCAL"),
    ];
    check(of(&events, "kerberos")[0], &presented);
    check(
        of(&events, "login")[0],
        &[
            ("vonggac.login.method", "kerberos"),
            ("event.outcome", "success"),
            ("user.domain", "TINHUY.LOCAL"),
        ],
    );
}

#[test]
fn a_guest_is_told_as_such() {
    let mut talk = log_in(0);
    talk.pop();
    talk.push((ToClient, set_up_answer(3, 0, 1, &[])));
    check(of(&told(&talk), "smb")[2], &[("vonggac.smb.guest", "true"), ("event.outcome", "success")]);
}

/// A call of operation 12 of no interface, as far as pipes care.
const CALL: &[u8] = b"\x05\0\0\x03\x10\0\0\0\x1c\0\0\0\x07\0\0\0\x04\0\0\0\0\0\x0c\0abcd";

#[test]
fn calls_through_a_pipe_are_events_of_their_own() {
    let mut talk = on_share(r"\\10.20.1.5\IPC$", 2);
    talk.push((ToServer, ask(5, 5, &create(3, 1, 0, "svcctl"))));
    talk.push((ToClient, answer(5, 5, 0, &created(7, 0x80, 0))));
    talk.push((ToServer, ask(9, 6, &write(file(7), 0, CALL))));
    let events = told(&talk);
    check(
        of(&events, "dcerpc")[0],
        &[("vonggac.dcerpc.pipe", "svcctl"), ("vonggac.dcerpc.operation.number", "12")],
    );
}

#[test]
fn a_pipe_on_a_share_that_was_connected_unseen_is_known_by_its_calls() {
    let talk = vec![
        (ToServer, ask(5, 5, &create(3, 1, 0, "atsvc"))),
        (ToClient, answer(5, 5, 0, &created(7, 0x80, 0))),
        (ToServer, ask(9, 6, &write(file(7), 0, CALL))),
        (ToServer, ask(6, 7, &close(file(7)))),
        (ToClient, answer(6, 7, 0, &closed())),
    ];
    let events = told(&talk);
    check(of(&events, "dcerpc")[0], &[("vonggac.dcerpc.pipe", "atsvc")]);
    check(command(&events, "CLOSE"), &[("vonggac.smb.named_pipe", "atsvc"), ("file.path", "")]);
    assert!(of(&events, "file").is_empty());
}

#[test]
fn a_session_of_netbios_stands_before_and_between() {
    let mut talk = vec![(ToServer, session_request()), (ToClient, b"\x82\0\0\0".to_vec())];
    talk.extend(log_in(0));
    talk.push((ToServer, b"\x85\0\0\0".to_vec()));
    talk.extend([(ToServer, tree_connect(4, r"\\A\B")), (ToClient, tree_answer(4, 3))]);
    check(command(&told(&talk), "TREE_CONNECT"), &[("vonggac.smb.share_type", "print")]);
    stands(&TCP, &talk);
}

#[test]
fn a_pipe_is_summed_up_at_its_close() {
    let events = told(&pipe());
    check(
        command(&events, "TREE_CONNECT"),
        &[
            ("vonggac.smb.share", r"\\10.20.1.5\IPC$"),
            ("vonggac.smb.share_type", "pipe"),
            ("vonggac.smb.tree_id", "5"),
            ("user.name", "nvan"),
        ],
    );
    check(command(&events, "CREATE"), &[("vonggac.smb.named_pipe", "svcctl"), ("file.path", "")]);
    check(
        command(&events, "CLOSE"),
        &[
            ("vonggac.smb.named_pipe", "svcctl"),
            ("vonggac.smb.share", r"\\10.20.1.5\IPC$"),
            ("vonggac.smb.bytes_written", "11"),
            ("vonggac.smb.bytes_read", "14"),
            ("vonggac.smb.writes", "2"),
            ("vonggac.smb.reads", "2"),
        ],
    );
    assert_eq!(of(&events, "smb").len(), 6, "no event for each message of a pipe");
    assert!(of(&events, "file").is_empty());
}

#[test]
fn names_results_and_changes_are_told() {
    let events = told(&names());
    check(
        command(&events, "CREATE"),
        &[
            ("file.path", r"HSLT\a.docx"),
            ("file.size", "7"),
            ("file.created", "1767312000000000"),
            ("vonggac.smb.directory", "false"),
            ("vonggac.smb.disposition", "OPEN"),
            ("vonggac.smb.access", "[READ_DATA, READ_ATTRIBUTES, DELETE]"),
            ("vonggac.smb.file_id", "0000000000000009-000000000000000a"),
        ],
    );
    let changes: Vec<_> =
        of(&events, "smb").into_iter().filter(|event| event["vonggac.smb.command"] == "SET_INFO").collect();
    check(
        changes[0],
        &[
            ("vonggac.smb.function", "rename"),
            ("file.path", r"HSLT\a.docx"),
            ("vonggac.smb.target", r"HSLT\a.docx.locked"),
        ],
    );
    check(
        changes[1],
        &[
            ("vonggac.smb.function", "delete"),
            ("file.path", r"HSLT\a.docx.locked"),
            ("vonggac.smb.status", "STATUS_ACCESS_DENIED"),
            ("event.outcome", "failure"),
        ],
    );
    let refused = of(&events, "smb").into_iter().rfind(|event| event["vonggac.smb.command"] == "CREATE");
    check(
        refused.expect("a second create"),
        &[
            ("vonggac.smb.status", "STATUS_OBJECT_NAME_COLLISION"),
            ("vonggac.smb.options", "[NON_DIRECTORY_FILE, DELETE_ON_CLOSE]"),
            ("vonggac.smb.disposition", "CREATE"),
        ],
    );
    check(command(&events, "LOGOFF"), &[("user.name", "nvan"), ("event.outcome", "success")]);
}

#[test]
fn related_commands_use_the_file_of_the_create() {
    let mut talk = on_share(r"\\10.20.1.5\C$", 1);
    let asked = [
        two(5, 5, 0, 0, &create(1, 1, 1, "")),
        two(14, 6, RELATED, 0, &query_directory(PREVIOUS, "*.docx")),
        two(6, 7, RELATED, 0, &close(PREVIOUS)),
    ];
    let answered = [
        two(5, 5, RESPONSE, 0, &created(3, 0x10, 0)),
        two(14, 6, RESPONSE | RELATED, 0x8000_0006, &[9, 0, 0, 0, 0, 0, 0, 0, 0]),
        two(6, 7, RESPONSE | RELATED, 0, &closed()),
    ];
    talk.extend([(ToServer, compound(&asked)), (ToClient, compound(&answered))]);
    let events = told(&talk);
    check(command(&events, "CREATE"), &[("file.path", r"\"), ("vonggac.smb.directory", "true")]);
    check(
        command(&events, "QUERY_DIRECTORY"),
        &[
            ("vonggac.smb.pattern", "*.docx"),
            ("vonggac.smb.status", "STATUS_NO_MORE_FILES"),
            ("file.path", r"\"),
            ("vonggac.smb.file_id", "0000000000000003-0000000000000004"),
        ],
    );
    check(command(&events, "CLOSE"), &[("file.path", r"\"), ("vonggac.smb.bytes_read", "0")]);
}

#[test]
fn an_answer_that_comes_later_counts() {
    let mut talk = on_share(r"\\10.20.1.5\C$", 1);
    let mut later = two(5, 5, RESPONSE | 2, 0x103, &[9, 0, 0, 0, 0, 0, 0, 0, 0]);
    later[32..40].fill(1);
    let mut done = two(5, 5, RESPONSE | 2, 0, &created(3, 0x20, 1));
    done[32..40].fill(1);
    talk.extend([
        (ToServer, ask(5, 5, &create(1, 1, 0, "slow.txt"))),
        (ToClient, frame(&later)),
        (ToClient, frame(&done)),
    ]);
    let events = told(&talk);
    let creates: Vec<_> =
        of(&events, "smb").into_iter().filter(|event| event["vonggac.smb.command"] == "CREATE").collect();
    let [create] = creates[..] else { panic!("one create") };
    check(create, &[("vonggac.smb.status", "STATUS_SUCCESS"), ("vonggac.smb.tree_id", "5")]);
}

#[test]
fn what_is_not_answered_is_told_at_the_end() {
    let mut talk = on_share(r"\\10.20.1.5\C$", 1);
    talk.push((ToServer, ask(5, 5, &create(1, 1, 0, "x"))));
    let events = told(&talk);
    let create = command(&events, "CREATE");
    check(create, &[("file.path", "x"), ("event.outcome", "unknown"), ("vonggac.smb.status", "")]);
    talk = log_in(0);
    talk.pop();
    let events = told(&talk);
    check(of(&events, "smb")[2], &[("user.name", "nvan"), ("event.outcome", "unknown")]);
    check(of(&events, "login")[0], &[("user.name", "nvan"), ("event.outcome", "unknown")]);
}

#[test]
fn encrypted_messages_are_told_once_and_left_alone() {
    let mut secret = b"\xfdSMB".to_vec();
    secret.extend([0; 40]);
    secret.extend(SESSION.to_le_bytes());
    secret.extend([0xaa; 100]);
    let mut talk = log_in(0);
    talk.extend(vec![(ToServer, frame(&secret)); 3]);
    let events = told(&talk);
    check(
        command(&events, "TRANSFORM"),
        &[("vonggac.smb.encrypted", "true"), ("user.name", "nvan"), ("vonggac.smb.version", "3")],
    );
    assert_eq!(of(&events, "smb").len(), 4);
    let mut harness = fed(&talk);
    for _ in 0..300 {
        harness.client(&frame(&secret));
    }
    assert_eq!(harness.stopped, Some(crate::protocols::Outcome::Done));
}

#[test]
fn impossible_sizes_of_compression_are_an_anomaly() {
    let mut message = b"\xfcSMB".to_vec();
    message.extend([0xff; 4]);
    message.extend([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    message.extend([0; 32]);
    let harness = fed(&vec![(ToServer, frame(&message))]);
    assert_eq!(harness.anomalies(), ["smb-compression-overflow"]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &pipe());
    stands(&TCP, &names());
}
