//! SMB 1: chains, old log-ins, old names, transactions.

use super::messages::{choice, frame, utf16};
use super::{check, command, fed, of, told};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::ntlm::samples;
use crate::protocols::smb::TCP;
use crate::testing::robustness::{Conversation, stands};

/// Words and bytes of one command.
struct Block {
    command: u8,
    words: Vec<u8>,
    bytes: Vec<u8>,
}

fn block(command: u8, words: &[u8], bytes: &[u8]) -> Block {
    Block { command, words: words.to_vec(), bytes: bytes.to_vec() }
}

/// A message of share 2 and user 100: a chain of blocks, the first four bytes of whose words are left for the chain.
fn one(response: bool, multiplex: u16, status: u32, blocks: &[Block]) -> Vec<u8> {
    let mut bytes = b"\xffSMB".to_vec();
    bytes.push(blocks[0].command);
    bytes.extend(status.to_le_bytes());
    bytes.extend([if response { 0x98 } else { 0x18 }, 0x07, 0xc8]);
    bytes.extend([0; 12]);
    bytes.extend([2, 0, 0xfe, 0xca, 100, 0]);
    bytes.extend(multiplex.to_le_bytes());
    for (index, block) in blocks.iter().enumerate() {
        let mut words = block.words.clone();
        let length = 3 + words.len() + block.bytes.len();
        let next = (bytes.len() + length).next_multiple_of(4);
        if let Some(follower) = blocks.get(index + 1) {
            words[0] = follower.command;
            words[2..4].copy_from_slice(&u16::try_from(next).expect("short").to_le_bytes());
        }
        bytes.push(u8::try_from(words.len() / 2).expect("few"));
        bytes.extend(words);
        bytes.extend(u16::try_from(block.bytes.len()).expect("short").to_le_bytes());
        bytes.extend(&block.bytes);
        if index + 1 < blocks.len() {
            bytes.resize(next, 0);
        }
    }
    frame(&bytes)
}

/// Words of a chained command: no command follows, and these.
fn chained(words: &[u8]) -> Vec<u8> {
    [&[0xff, 0, 0, 0], words].concat()
}

fn zero_ended(text: &str) -> Vec<u8> {
    [utf16(text), vec![0, 0]].concat()
}

fn negotiate() -> Vec<u8> {
    let offered = b"\x02PC NETWORK PROGRAM 1.0\0\x02NT LM 0.12\0\x02SMB 2.???\0";
    one(false, 1, 0, &[block(0x72, &[], offered)])
}

fn negotiated() -> Vec<u8> {
    let mut words = vec![1, 0, 0x0f];
    words.resize(34, 0);
    one(true, 1, 0, &[block(0x72, &words, &[0; 16])])
}

/// A session set-up with a token (12 words), and the systems behind it.
fn set_up(multiplex: u16, token: &[u8]) -> Vec<u8> {
    let mut words = vec![0; 20];
    words[10..12].copy_from_slice(&u16::try_from(token.len()).expect("short").to_le_bytes());
    let mut bytes = token.to_vec();
    // Text begins at an even place of the message: the bytes of this block do not.
    if bytes.len().is_multiple_of(2) {
        bytes.push(0);
    }
    bytes.extend([zero_ended("Windows 7"), zero_ended("Windows 7 6.1")].concat());
    one(false, multiplex, 0, &[block(0x73, &chained(&words), &bytes)])
}

fn set_up_answer(multiplex: u16, status: u32, token: &[u8]) -> Vec<u8> {
    let mut words = vec![0, 0];
    words.extend(u16::try_from(token.len()).expect("short").to_le_bytes());
    let mut bytes = token.to_vec();
    if bytes.len().is_multiple_of(2) {
        bytes.push(0);
    }
    bytes.extend([zero_ended("Windows Server 2003 3790"), zero_ended("Windows Server 2003 5.2")].concat());
    one(true, multiplex, status, &[block(0x73, &chained(&words), &bytes)])
}

fn log_in() -> Conversation {
    vec![
        (ToServer, negotiate()),
        (ToClient, negotiated()),
        (ToServer, set_up(2, &samples::negotiate())),
        (ToClient, set_up_answer(2, 0xc000_0016, &samples::challenge())),
        (ToServer, set_up(3, &samples::authenticate())),
        (ToClient, set_up_answer(3, 0, &[])),
    ]
}

fn share(path: &str, service: &[u8]) -> Conversation {
    let mut talk = log_in();
    let bytes = [vec![0], zero_ended(path), b"?????\0".to_vec()].concat();
    let asked = block(0x75, &chained(&[0, 0, 1, 0]), &bytes);
    let answered = block(0x75, &chained(&[1, 0]), service);
    talk.push((ToServer, one(false, 4, 0, &[asked])));
    talk.push((ToClient, one(true, 4, 0, &[answered])));
    talk
}

fn create(multiplex: u16, name: &str) -> Vec<u8> {
    let mut words = vec![0; 44];
    words[11..15].copy_from_slice(&0x0002_0089_u32.to_le_bytes());
    words[31] = 1;
    let bytes = [vec![0], zero_ended(name)].concat();
    one(false, multiplex, 0, &[block(0xa2, &chained(&words), &bytes)])
}

fn created(multiplex: u16, file: u16, size: u64) -> Vec<u8> {
    let mut words = vec![0; 64];
    words[1..3].copy_from_slice(&file.to_le_bytes());
    words[39] = 0x20;
    words[51..59].copy_from_slice(&size.to_le_bytes());
    one(true, multiplex, 0, &[block(0xa2, &chained(&words), &[])])
}

fn close(multiplex: u16, file: u16) -> Conversation {
    let words = [file.to_le_bytes().to_vec(), vec![0; 4]].concat();
    vec![
        (ToServer, one(false, multiplex, 0, &[block(4, &words, &[])])),
        (ToClient, one(true, multiplex, 0, &[block(4, &[], &[])])),
    ]
}

/// WRITE_ANDX of 14 words: the data stands one byte behind the count of bytes.
fn write(multiplex: u16, file: u16, offset: u32, data: &[u8]) -> Vec<u8> {
    let mut words = vec![0; 24];
    words[..2].copy_from_slice(&file.to_le_bytes());
    words[2..6].copy_from_slice(&offset.to_le_bytes());
    words[16..18].copy_from_slice(&u16::try_from(data.len()).expect("short").to_le_bytes());
    words[18] = 64;
    let bytes = [vec![0], data.to_vec()].concat();
    one(false, multiplex, 0, &[block(0x2f, &chained(&words), &bytes)])
}

fn read(multiplex: u16, file: u16, offset: u32) -> Vec<u8> {
    let mut words = vec![0; 20];
    words[..2].copy_from_slice(&file.to_le_bytes());
    words[2..6].copy_from_slice(&offset.to_le_bytes());
    one(false, multiplex, 0, &[block(0x2e, &chained(&words), &[])])
}

fn data(multiplex: u16, data: &[u8]) -> Vec<u8> {
    let mut words = vec![0; 20];
    words[6..8].copy_from_slice(&u16::try_from(data.len()).expect("short").to_le_bytes());
    words[8] = 60;
    let bytes = [vec![0], data.to_vec()].concat();
    one(true, multiplex, 0, &[block(0x2e, &chained(&words), &bytes)])
}

fn files() -> Conversation {
    let mut talk = share(r"\\10.20.1.5\C$", b"A:\0\0\0");
    talk.extend([
        (ToServer, create(5, r"\temp\a.exe")),
        (ToClient, created(5, 0x4001, 0)),
        (ToServer, write(6, 0x4001, 0, b"MZ at")),
        (ToClient, one(true, 6, 0, &[block(0x2f, &chained(&[0; 8]), &[])])),
        (ToServer, write(7, 0x4001, 5, b" work")),
        (ToClient, one(true, 7, 0, &[block(0x2f, &chained(&[0; 8]), &[])])),
    ]);
    talk.extend(close(8, 0x4001));
    talk.extend([
        (ToServer, create(9, r"\temp\b.txt")),
        (ToClient, created(9, 0x4002, 6)),
        (ToServer, read(10, 0x4002, 0)),
        (ToClient, data(10, b"secret")),
    ]);
    talk.extend(close(11, 0x4002));
    let names =
        [b"\x04".to_vec(), zero_ended(r"\a.docx"), b"\x04\0".to_vec(), zero_ended(r"\a.lock")].concat();
    talk.extend([
        (ToServer, one(false, 12, 0, &[block(7, &[0, 0], &names)])),
        (ToClient, one(true, 12, 0xc000_0022, &[block(7, &[], &[])])),
        (ToServer, one(false, 13, 0, &[block(6, &[0, 0], &[b"\x04".to_vec(), zero_ended(r"\b")].concat())])),
        (ToClient, one(true, 13, 0, &[block(6, &[], &[])])),
    ]);
    talk
}

/// TRANSACTION to a pipe: two words of set-up, the name `\PIPE\`, then the data.
fn transact(multiplex: u16, file: u16, input: &[u8]) -> Vec<u8> {
    let mut words = vec![0; 32];
    words[22..24].copy_from_slice(&u16::try_from(input.len()).expect("short").to_le_bytes());
    words[26] = 2;
    words[28] = 0x26;
    words[30..32].copy_from_slice(&file.to_le_bytes());
    let bytes = [vec![0], zero_ended(r"\PIPE\")].concat();
    words[24] = u8::try_from(32 + 3 + words.len() + bytes.len()).expect("short");
    one(false, multiplex, 0, &[block(0x25, &words, &[bytes, input.to_vec()].concat())])
}

fn transacted(multiplex: u16, output: &[u8]) -> Vec<u8> {
    let mut words = vec![0; 20];
    words[12..14].copy_from_slice(&u16::try_from(output.len()).expect("short").to_le_bytes());
    words[14] = 56;
    let bytes = [vec![0], output.to_vec()].concat();
    one(true, multiplex, 0, &[block(0x25, &words, &bytes)])
}

fn pipe() -> Conversation {
    let mut talk = share(r"\\10.20.1.5\IPC$", b"IPC\0\0\0");
    talk.extend([
        (ToServer, create(5, r"\srvsvc")),
        (ToClient, created(5, 0x4001, 0)),
        (ToServer, transact(6, 0x4001, b"question")),
        (ToClient, transacted(6, b"an answer")),
    ]);
    talk.extend(close(7, 0x4001));
    talk
}

/// TRANSACTION2 with parameters and data behind each other.
fn transaction2(multiplex: u16, subcommand: u8, parameters: &[u8], data: &[u8]) -> Vec<u8> {
    let mut words = vec![0; 30];
    let place = 32 + 3 + words.len() + 3;
    words[18] = u8::try_from(parameters.len()).expect("short");
    words[20] = u8::try_from(place).expect("short");
    words[22] = u8::try_from(data.len()).expect("short");
    words[24] = u8::try_from(place + parameters.len()).expect("short");
    (words[26], words[28]) = (1, subcommand);
    one(false, multiplex, 0, &[block(0x32, &words, &[&[0; 3], parameters, data].concat())])
}

#[test]
fn a_log_in_tells_who_and_the_systems() {
    let events = told(&log_in());
    check(
        command(&events, "NEGOTIATE"),
        &[
            ("vonggac.smb.version", "1"),
            ("vonggac.smb.dialect", "NT LM 0.12"),
            ("vonggac.smb.dialects", "[PC NETWORK PROGRAM 1.0, NT LM 0.12, SMB 2.???]"),
            ("vonggac.smb.server.signing", "required"),
        ],
    );
    let steps = of(&events, "smb");
    check(
        steps[2],
        &[
            ("vonggac.smb.command", "SESSION_SETUP_ANDX"),
            ("user.name", "nvan"),
            ("user.domain", "TINHUY"),
            ("vonggac.smb.client.os", "Windows 7"),
            ("vonggac.smb.client.lanman", "Windows 7 6.1"),
            ("vonggac.smb.server.os", "Windows Server 2003 3790"),
            ("vonggac.smb.server.lanman", "Windows Server 2003 5.2"),
            ("vonggac.smb.session_id", "100"),
        ],
    );
    check(of(&events, "login")[0], &[("event.outcome", "success"), ("vonggac.login.host", "VP-07")]);
}

#[test]
fn an_offer_may_be_answered_by_a_newer_version() {
    let events = told(&vec![(ToServer, negotiate()), (ToClient, choice(0, 0x0210, None))]);
    let [negotiation] = of(&events, "smb")[..] else { panic!("one event") };
    check(
        negotiation,
        &[
            ("vonggac.smb.version", "2"),
            ("vonggac.smb.dialect", "2.1"),
            ("vonggac.smb.dialects", "[PC NETWORK PROGRAM 1.0, NT LM 0.12, SMB 2.???]"),
        ],
    );
}

#[test]
fn a_chain_is_one_event_for_each_command() {
    let mut words = vec![0; 22];
    (words[10], words[12]) = (24, 24);
    let mut bytes = vec![7; 48];
    bytes.push(0);
    bytes.extend(["nvan", "TINHUY", "Windows 7", "6.1"].map(zero_ended).concat());
    let path = [vec![0], zero_ended(r"\\10.20.1.5\D$"), b"A:\0".to_vec()].concat();
    let asked = [block(0x73, &chained(&words), &bytes), block(0x75, &chained(&[0, 0, 1, 0]), &path)];
    let answered =
        [block(0x73, &chained(&[1, 0]), &[]), block(0x75, &chained(&[1, 0]), b"A:\0N\0T\0F\0S\0\0\0")];
    let talk = vec![(ToServer, one(false, 2, 0, &asked)), (ToClient, one(true, 2, 0, &answered))];
    let events = told(&talk);
    check(
        command(&events, "SESSION_SETUP_ANDX"),
        &[("user.name", "nvan"), ("vonggac.smb.guest", "true"), ("vonggac.smb.auth", "ntlm")],
    );
    check(
        command(&events, "TREE_CONNECT_ANDX"),
        &[
            ("vonggac.smb.share", r"\\10.20.1.5\D$"),
            ("vonggac.smb.share_type", "disk"),
            ("user.name", "nvan"),
        ],
    );
    check(of(&events, "login")[0], &[("user.name", "nvan"), ("vonggac.login.method", "ntlm")]);
}

#[test]
fn a_password_in_clear_is_masked() {
    let mut words = vec![0; 22];
    words[10] = 8;
    let mut bytes = b"hunter2\0\0".to_vec();
    bytes.extend(["nvan", "TINHUY", "DOS", "1.0"].map(zero_ended).concat());
    let talk = vec![
        (ToServer, one(false, 2, 0, &[block(0x73, &chained(&words), &bytes)])),
        (ToClient, one(true, 2, 0xc000_006d, &[block(0x73, &[], &[])])),
    ];
    let events = told(&talk);
    let login = of(&events, "login")[0];
    check(login, &[("vonggac.login.method", "plain"), ("event.outcome", "failure"), ("user.name", "nvan")]);
    assert!(login["vonggac.login.secret"].starts_with("k:"), "{login:?}");
    assert!(!format!("{events:?}").contains("hunter2"));
}

#[test]
fn files_are_carried_and_summed_up() {
    let mut harness = fed(&files());
    let events = harness.finish();
    assert_eq!(harness.contents(), [&b"MZ at work"[..], b"secret"]);
    check(
        command(&events, "NT_CREATE_ANDX"),
        &[
            ("file.path", r"\temp\a.exe"),
            ("vonggac.smb.disposition", "OPEN"),
            ("vonggac.smb.access", "[READ_DATA, READ_EA, READ_ATTRIBUTES, READ_CONTROL]"),
            ("vonggac.smb.file_id", "4001"),
        ],
    );
    check(
        command(&events, "CLOSE"),
        &[("file.path", r"\temp\a.exe"), ("vonggac.smb.bytes_written", "10"), ("vonggac.smb.writes", "2")],
    );
    let expected = [("file.name", r"\temp\b.txt"), ("file.size", "6"), ("vonggac.file.truncated", "false")];
    check(of(&events, "file")[1], &expected);
    check(
        command(&events, "RENAME"),
        &[
            ("file.path", r"\a.docx"),
            ("vonggac.smb.target", r"\a.lock"),
            ("vonggac.smb.function", "rename"),
            ("vonggac.smb.status", "STATUS_ACCESS_DENIED"),
        ],
    );
    check(command(&events, "DELETE"), &[("file.path", r"\b"), ("vonggac.smb.function", "delete")]);
}

#[test]
fn a_pipe_is_summed_up_at_its_close() {
    let events = told(&pipe());
    check(command(&events, "TREE_CONNECT_ANDX"), &[("vonggac.smb.share_type", "pipe")]);
    check(
        command(&events, "CLOSE"),
        &[
            ("vonggac.smb.named_pipe", "srvsvc"),
            ("vonggac.smb.bytes_written", "8"),
            ("vonggac.smb.bytes_read", "9"),
        ],
    );
    assert_eq!(of(&events, "smb").len(), 6);
}

#[test]
fn transactions_tell_what_they_do() {
    let mut find = vec![0x16, 0, 0, 2, 6, 0, 4, 1, 0, 0, 0, 0];
    find.extend(zero_ended(r"\*.docx"));
    let talk = vec![
        (ToServer, transaction2(5, 1, &find, &[])),
        (ToServer, transaction2(6, 8, &[1, 0x40, 2, 1], &[1])),
        (ToServer, transaction2(7, 5, &[7, 1, 0, 0, 0, 0], &[])),
        (ToServer, transaction2(8, 0x0e, &[0; 12], &[])),
    ];
    let events = told(&talk);
    let functions: Vec<_> = of(&events, "smb").iter().map(|event| &event["vonggac.smb.function"]).collect();
    assert_eq!(functions, ["TRANS2_FIND_FIRST2", "delete", "TRANS2_SESSION_SETUP"], "a query is no event");
    check(of(&events, "smb")[0], &[("vonggac.smb.pattern", r"\*.docx")]);
    check(of(&events, "smb")[1], &[("vonggac.smb.file_id", "4001")]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TCP, &files());
    stands(&TCP, &pipe());
    stands(&TCP, &log_in());
}
