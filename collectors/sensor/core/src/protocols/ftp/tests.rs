//! Commands with their replies, log-ins, and data connections that carry what the commands say.

use std::net::IpAddr;

use super::{FTP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Carrier, Direction, Opening, Outcome, Verdict};
use crate::testing::packets::{Connection, play as play_packets};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent, engine, events as sensor_events};
use crate::transport::flag;

const CLIENT: [u8; 4] = [10, 20, 7, 31];
const SERVER: [u8; 4] = [203, 0, 113, 9];

fn control() -> Harness {
    Harness::new((FTP.decoder)())
}

/// `>` begins what the client says, `<` what the server says.
fn play(harness: &mut Harness, script: &str) {
    for (direction, line) in conversation(script) {
        harness.feed(direction, &line);
    }
}

fn conversation(script: &str) -> Conversation {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let direction = if line.starts_with('>') { ToServer } else { ToClient };
            (direction, format!("{}\r\n", &line[1..]).into_bytes())
        })
        .collect()
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

fn told(event: &ReadableEvent, field: &str) -> String {
    event.get(field).cloned().unwrap_or_default()
}

const SESSION: &str = "
    <220-Chao mung
    < den voi FTP
    <220 Ready
    >USER TINHUY\\nvan
    <331 Password?
    >PASS hunter2
    <230 Welcome
    >PASV
    <227 Entering Passive Mode (203,0,113,9,195,80).
    >REST 100
    <350 Restarting at 100
    >RETR bao cao.doc
    <150 Opening BINARY mode data connection for bao cao.doc (39424 bytes).
    <226 Transfer complete.
    >QUIT";

#[test]
fn commands_are_paired_with_their_replies() {
    let mut harness = control();
    play(&mut harness, SESSION);
    let events = harness.finish();
    let ftp = of(&events, "ftp");
    let line = |event: &&ReadableEvent| {
        let fields =
            ["vonggac.ftp.command", "vonggac.ftp.reply.codes", "event.outcome", "vonggac.ftp.completed"];
        fields.map(|field| told(event, field)).join(" ")
    };
    let expected = [
        " [220] success true",
        "USER [331] success true",
        "PASS [230] success true",
        "PASV [227] success true",
        "REST [350] success true",
        "RETR [150, 226] success true",
        "QUIT  unknown false",
    ];
    assert_eq!(ftp.iter().map(line).collect::<Vec<_>>(), expected);
    assert_eq!(told(ftp[0], "vonggac.ftp.reply.texts"), "[Chao mung, den voi FTP, Ready]");
    assert_eq!(told(ftp[3], "vonggac.ftp.mode"), "passive");
    assert_eq!(told(ftp[3], "vonggac.ftp.data_port"), "50000");
    let transfer =
        ["file.name", "vonggac.file.direction", "vonggac.ftp.size", "vonggac.ftp.offset", "user.name"];
    let transfer = transfer.map(|field| told(ftp[5], field));
    assert_eq!(transfer, ["bao cao.doc", "download", "39424", "100", "TINHUY\\nvan"]);
    assert!(harness.anomalies().is_empty());
}

#[test]
fn a_password_is_masked_unless_it_is_anonymous() {
    let mut harness = control();
    play(&mut harness, SESSION);
    let events = harness.finish();
    let login = of(&events, "login")[0].clone();
    assert_eq!([told(&login, "user.domain"), told(&login, "user.name")], ["TINHUY", "nvan"]);
    assert_eq!(told(&login, "event.outcome"), "success");
    assert!(told(&login, "vonggac.login.secret").starts_with("k:"));
    assert!(!format!("{events:?}").contains("hunter2"));

    let mut harness = control();
    play(&mut harness, "<220 hi\n>USER Anonymous\n<331 ok\n>PASS me@example.org\n<530 No anonymous here");
    let events = harness.finish();
    let login = of(&events, "login")[0].clone();
    assert_eq!(told(&login, "vonggac.login.secret"), "me@example.org");
    assert_eq!(
        [told(&login, "event.outcome"), told(&login, "vonggac.login.reason")],
        ["failure", "No anonymous here"]
    );
}

#[test]
fn log_ins_without_a_password_and_without_an_answer_count() {
    let outcomes = |script: &str| {
        let mut harness = control();
        play(&mut harness, script);
        let events = harness.finish();
        of(&events, "login")
            .iter()
            .map(|e| format!("{} {}", told(e, "vonggac.login.method"), e["event.outcome"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(outcomes("<220 hi\n>USER a\n<230 in"), ["none success"]);
    assert_eq!(outcomes("<220 hi\n>USER a\n<331 go on\n>PASS b"), ["password unknown"]);
    assert_eq!(outcomes("<220 hi\n>USER a\n<530 not you"), ["none failure"]);
    assert_eq!(outcomes("<220 hi\n>USER a\n<331 go on"), [""; 0]);
}

/// The data connection that a session announces, played and ended.
fn carried(
    script: &str,
    end: ([u8; 4], u16),
    sender: Direction,
    content: &[u8],
) -> (Vec<ReadableEvent>, Vec<Vec<u8>>) {
    let mut harness = control();
    play(&mut harness, script);
    let decoder = harness.announced(IpAddr::from(end.0), end.1, Carrier::Stream).expect("announced");
    let mut data = Harness::new(decoder).keep_files();
    data.feed(sender, content);
    data.end(sender);
    (data.finish(), data.contents())
}

#[test]
fn a_passive_download_is_a_file() {
    let (events, contents) = carried(SESSION, (SERVER, 50_000), ToClient, b"MZ content");
    assert_eq!(contents, [b"MZ content"]);
    let file = of(&events, "file")[0].clone();
    assert_eq!(
        [told(&file, "file.name"), told(&file, "vonggac.file.direction")],
        ["bao cao.doc", "download"]
    );
    assert_eq!(told(&file, "vonggac.file.truncated"), "true", "it goes on from byte 100");
    let data = of(&events, "ftp_data")[0].clone();
    let fields = ["vonggac.ftp.command", "vonggac.ftp.mode", "file.size", "user.name"];
    assert_eq!(fields.map(|field| told(&data, field)), ["RETR", "passive", "10", "TINHUY\\nvan"]);
    assert_eq!(told(&data, "vonggac.file.carrier"), told(&file, "vonggac.file.carrier"));
}

#[test]
fn an_active_upload_comes_from_the_client_that_listens() {
    for command in ["PORT 10,20,7,31,156,64", "EPRT |1|10.20.7.31|40000|"] {
        let script = format!("<220 hi\n>{command}\n<200 ok\n>STOR a/b.zip");
        // The server connects: the client of the control connection is at the far end.
        let (events, contents) = carried(&script, (CLIENT, 40_000), ToClient, b"PK\x03\x04");
        assert_eq!(contents.len(), 1);
        let data = of(&events, "ftp_data")[0].clone();
        let fields = ["vonggac.ftp.command", "vonggac.ftp.mode", "vonggac.file.direction", "file.name"];
        assert_eq!(fields.map(|field| told(&data, field)), ["STOR", "active", "upload", "a/b.zip"]);
    }
}

#[test]
fn listings_are_no_files_and_failed_transfers_are_cut() {
    let passive = "<220 hi\n>EPSV\n<229 Extended (|||50000|)\n";
    let (events, contents) = carried(&format!("{passive}>NLST /"), (SERVER, 50_000), ToClient, b"a\r\nb\r\n");
    assert!(contents.is_empty());
    assert_eq!(told(&events[0], "vonggac.ftp.command"), "NLST");
    let script = format!("{passive}>RETR x\n<150 go\n<426 aborted");
    let (events, _) = carried(&script, (SERVER, 50_000), ToClient, b"half");
    assert_eq!(told(of(&events, "file")[0], "vonggac.file.truncated"), "true");
}

#[test]
fn a_data_connection_waits_for_its_command() {
    let mut harness = control();
    play(&mut harness, "<220 hi\n>PASV\n<227 (203,0,113,9,195,80)");
    let decoder = harness.announced(IpAddr::from(SERVER), 50_000, Carrier::Stream).expect("announced");
    let mut data = Harness::new(decoder).keep_files();
    data.server(b"cont");
    play(&mut harness, ">RETR late.txt");
    data.server(b"ent").gap(ToClient, 5).end(ToClient);
    let events = data.finish();
    let file = of(&events, "file")[0].clone();
    assert_eq!(told(&file, "file.name"), "late.txt");
    assert_eq!([told(&file, "file.size"), told(&file, "vonggac.file.missing_bytes")], ["12", "5"]);
}

#[test]
fn only_ends_of_the_two_are_waited_for() {
    let mut harness = control();
    play(&mut harness, "<220 hi\n>PORT 192,0,2,7,156,64\n<200 ok\n>PORT 10,20,7,31,0,80\n<200 ok\n>PORT 1,2");
    assert!(harness.announced(IpAddr::from([192, 0, 2, 7]), 40_000, Carrier::Stream).is_none());
    assert!(harness.announced(IpAddr::from(CLIENT), 80, Carrier::Stream).is_none());
    assert_eq!(harness.anomalies(), ["ftp-port-of-another-host", "ftp-system-port", "ftp-bad-port"]);
    assert_eq!(told(of(&harness.finish(), "ftp")[1], "vonggac.ftp.data_ip"), "192.0.2.7");
}

#[test]
fn long_lines_are_kept_in_part() {
    let mut harness = control();
    harness.server(b"220 hi\r\n").client(b"RETR ").client(&[b'a'; 9_000]).client(b"\r\nNOOP\r\n");
    harness.server(b"550 ").server(&[b'x'; 9_000]).server(b"\r\n200 ok\r\n");
    let events = harness.finish();
    let ftp = of(&events, "ftp");
    assert_eq!(told(ftp[1], "vonggac.ftp.argument").len(), 4_091);
    let cut = |event| [told(event, "vonggac.ftp.argument_cut"), told(event, "vonggac.ftp.reply_cut")];
    assert_eq!([cut(ftp[1]), cut(ftp[2])], [["true", "true"], ["false", "false"]]);
}

#[test]
fn limits_hold() {
    let mut harness = control();
    for _ in 0..40 {
        harness.client(b"NOOP\r\n");
    }
    assert_eq!(harness.anomalies(), ["ftp-many-commands"]);
    assert_eq!(harness.finish().len(), 40);
    let mut harness = control();
    for _ in 0..10 {
        harness.client(b"\x01\x02\r\n");
    }
    assert_eq!(harness.stopped, Some(Outcome::Malformed("ftp-bad-command")));
}

#[test]
fn behind_auth_tls_the_stream_is_recognised_again() {
    let mut harness = control();
    play(&mut harness, "<220 hi\n>AUTH TLS\n<234 go ahead");
    assert_eq!(harness.stopped, Some(Outcome::Handover(14)));
}

#[test]
fn control_and_data_connection_are_found_among_packets() {
    let mut engine = engine();
    let (mut control, mut data) = (Connection::to_port(2_100), Connection::to_port(50_000));
    data.ends.0.set_port(50_001);
    play_packets(&mut engine, &control.open());
    let script =
        "<220 ready\n>USER nvan\n<331 go on\n>PASS x\n<230 in\n>PASV\n<227 (203,0,113,9,195,80)\n>RETR a.txt";
    for (direction, line) in conversation(script) {
        play_packets(&mut engine, &[control.packet(direction == ToServer, flag::ACK, &line)]);
    }
    data.time = control.time;
    play_packets(&mut engine, &data.open());
    play_packets(&mut engine, &[data.packet(false, flag::ACK, b"content")]);
    play_packets(&mut engine, &data.close());
    engine.finish();
    let events = sensor_events(&mut engine);
    let protocols: Vec<String> =
        of(&events, "flow").iter().map(|flow| told(flow, "network.protocol")).collect();
    assert_eq!(protocols.iter().filter(|name| *name == "ftp").count(), 1);
    assert_eq!(protocols.iter().filter(|name| *name == "ftp-data").count(), 1);
    assert_eq!(told(of(&events, "file")[0], "file.name"), "a.txt");
    assert_eq!(told(of(&events, "ftp")[0], "vonggac.ftp.reply.texts"), "[ready]");
}

#[test]
fn is_recognised_by_content_whoever_speaks_first() {
    let probed = |direction, port, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, port) });
    for (port, bytes, verdict) in [
        (2_100, &b"220 ProFTPD ready\r\n"[..], Verdict::Mine),
        (21, b"220 ready\r\n", Verdict::Mine),
        (2_100, b"220 ready\r\n", Verdict::Unsure),
        (2_100, b"220 ftp.example.org ESMTP Postfix\r\n", Verdict::NotMine),
        (25, b"220 ftp.example.org\r\n", Verdict::NotMine),
        (21, b"22", Verdict::Unsure),
        (21, b"+OK POP3\r\n", Verdict::NotMine),
        (21, b"HTTP/1.1 200 OK\r\n", Verdict::NotMine),
    ] {
        assert_eq!(probed(ToClient, port, bytes), verdict, "{}", String::from_utf8_lossy(bytes));
    }
    for (port, bytes, verdict) in [
        (2_100, &b"USER nvan\r\n"[..], Verdict::Mine),
        (110, b"USER nvan\r\n", Verdict::NotMine),
        (6_667, b"USER a 0 * :b\r\n", Verdict::NotMine),
        (2_100, b"AUTH TLS\r\n", Verdict::Mine),
        (21, b"QUIT\r\n", Verdict::Mine),
        (2_100, b"QUIT\r\n", Verdict::NotMine),
        (2_100, b"US", Verdict::Unsure),
        (21, b"GET / HTTP/1.1\r\n", Verdict::NotMine),
        (21, b"\x16\x03\x01\x00", Verdict::NotMine),
    ] {
        assert_eq!(probed(ToServer, port, bytes), verdict, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&FTP, &conversation(SESSION));
    stands(
        &FTP,
        &conversation(
            "<220 hi\n>USER a\n<230 in\n>EPRT |2|2001:db8::1|40000|\n<200 ok\n>LIST\n<125 a\n<226 b",
        ),
    );
}
