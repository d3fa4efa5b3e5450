//! What the events of a session must be, whatever the segments and whatever one end alone believes.

use super::{SMTP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::packets::{Connection, play};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};
use crate::transport::flag;

/// A conversation: `C: ` and `S: ` in front of the lines of client and server, line ends of CR LF.
fn conversation(script: &str) -> Conversation {
    let mut out: Conversation = Vec::new();
    for line in script.lines() {
        let (direction, text) = match line.split_at(3) {
            ("C: ", text) => (ToServer, text),
            (_, text) => (ToClient, text),
        };
        let bytes = format!("{text}\r\n").into_bytes();
        match out.last_mut() {
            Some((last, message)) if *last == direction => message.extend_from_slice(&bytes),
            _ => out.push((direction, bytes)),
        }
    }
    out
}

fn harness(script: &str) -> Harness {
    let mut harness = Harness::new((SMTP.decoder)()).keep_files();
    for (direction, bytes) in conversation(script) {
        harness.feed(direction, &bytes);
    }
    harness
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

/// The envelopes of the letters: sender, recipients, subject, outcome.
fn letters(harness: &mut Harness) -> Vec<String> {
    let events = harness.finish();
    let field = |event: &ReadableEvent, name: &str| event.get(name).cloned().unwrap_or_default();
    let shown = |event: &&ReadableEvent| {
        let names = ["vonggac.smtp.mail_from", "vonggac.smtp.rcpt_to", "email.subject", "event.outcome"];
        names.map(|name| field(event, name)).join(" ")
    };
    of(&events, "smtp").iter().map(shown).collect()
}

const ORDINARY: &str = "S: 220-mail.example.org ESMTP\nS: 220 no spam\nC: EHLO VP-07\nS: 250-mail.example.org\nS: 250 AUTH LOGIN\n\
C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: bnZhbg==\nS: 334 UGFzc3dvcmQ6\nC: Z2VoZWlt\nS: 235 2.7.0 ok\n\
C: MAIL FROM:<nvan@example.org> SIZE=100\nS: 250 2.1.0 Ok\nC: RCPT TO:<lan@example.org>\nS: 250 2.1.5 Ok\n\
C: RCPT TO: nobody@example.org\nS: 550 5.1.1 unknown\nC: DATA\nS: 354 go on\nC: Subject: first\nC: \nC: ..dot\nC: .\n\
S: 250 2.0.0 queued\nC: MAIL FROM:<>\nS: 250 2.1.0 Ok\nC: RCPT TO:<lan@example.org>\nS: 554 5.7.1 listed by bl.example\n\
C: RSET\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 2.0.0 Bye";

#[test]
fn letters_of_a_session() {
    let mut harness = harness(ORDINARY);
    let events = harness.finish();
    let [first, second] = of(&events, "smtp")[..] else { unreachable!("{events:?}") };
    let expected = [
        ("vonggac.smtp.banner", "mail.example.org ESMTP no spam"),
        ("vonggac.smtp.helo", "VP-07"),
        ("vonggac.smtp.mail_from", "<nvan@example.org>"),
        ("vonggac.smtp.rcpt_to", "[<lan@example.org>, nobody@example.org]"),
        ("vonggac.smtp.recipients", "2"),
        ("vonggac.smtp.recipients_refused", "1"),
        ("vonggac.smtp.ordinal", "1"),
        ("vonggac.smtp.reply_code", "250"),
        ("vonggac.smtp.reply", "2.0.0 queued"),
        ("event.outcome", "success"),
        ("user.name", "nvan"),
        ("email.subject", "first"),
        ("vonggac.mail.bytes", "24"),
        ("vonggac.mail.complete", "true"),
    ];
    for (name, value) in expected {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!((&second["vonggac.smtp.mail_from"][..], &second["event.outcome"][..]), ("<>", "failure"));
    assert_eq!(second["vonggac.smtp.reply"], "5.7.1 listed by bl.example");
    let [login] = of(&events, "login")[..] else { unreachable!() };
    assert_eq!((&login["user.name"][..], &login["event.outcome"][..]), ("nvan", "success"));
    assert!(events.iter().all(|event| event.values().all(|value| !value.contains("geheim"))));
    assert_eq!(harness.anomalies(), [""; 0]);
}

#[test]
fn pipelined_letters_are_told_apart() {
    let mut harness = harness(
        "S: 220 a ESMTP\nC: EHLO x\nS: 250 PIPELINING\nC: MAIL FROM:<a@a>\nC: RCPT TO:<b@b>\nC: DATA\nC: Subject: one\nC: \nC: .\n\
C: MAIL FROM:<c@c>\nC: RCPT TO:<d@d>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\n\
C: Subject: two\nC: .\nS: 451 later",
    );
    assert_eq!(letters(&mut harness), ["<a@a> [<b@b>] one success", "<c@c> [<d@d>] two failure"]);
}

#[test]
fn content_behind_a_refused_data_is_commands() {
    let mut harness = harness(
        "S: 220 a ESMTP\nC: HELO x\nS: 250 ok\nC: MAIL FROM:<a@a>\nC: DATA\nC: MAIL FROM:<b@b>\nC: RCPT TO:<c@c>\nC: DATA\n\
S: 530 no\nS: 503 no\nS: 250 ok\nS: 250 ok\nS: 354 go\nC: Subject: real\nC: .\nS: 250 ok",
    );
    assert_eq!(letters(&mut harness), ["<a@a>   failure", "<b@b> [<c@c>] real success"]);
}

#[test]
fn chunks_are_counted_not_searched() {
    let mut harness = harness(
        "S: 220 a ESMTP\nC: EHLO x\nS: 250 CHUNKING\nC: MAIL FROM:<a@a>\nS: 250 ok\nC: RCPT TO:<b@b>\nS: 250 ok\nC: BDAT 5 X\nS: 501 no\n\
C: BDAT 17\nC: Subject: chunks\nS: 250 ok\nC: BDAT 8 LAST\nC: \nC: .\nC: x\nC: MAIL FROM:<c@c>\nS: 250 ok\nS: 250 ok",
    );
    harness.client(b"");
    assert_eq!(letters(&mut harness), ["<a@a> [<b@b>] chunks success", "<c@c>   unknown"]);
    assert_eq!(harness.anomalies(), ["smtp-bad-chunk"]);
}

#[test]
fn what_exchange_sends_besides_is_no_letter() {
    let mut harness = harness(
        "S: 220 a ESMTP\nC: EHLO x\nS: 250 XEXCH50\nC: MAIL FROM:<a@a>\nS: 250 ok\nC: XEXCH50 8 2\nS: 354 go\nC: \x01\x02DATA\n\
S: 250 ok\nC: RCPT TO:<b@b>\nS: 250 ok\nC: XEXCH50 0 2\nS: 354 go\nC: DATA\nS: 250 ok\nS: 354 go\nC: Subject: x\nC: .\nS: 250 ok",
    );
    assert_eq!(letters(&mut harness), ["<a@a> [<b@b>] x success"]);
}

#[test]
fn a_lone_dot_between_bare_line_feeds_is_the_end_only_if_commands_follow() {
    let opening = "S: 220 a ESMTP\nC: HELO x\nS: 250 ok\nC: MAIL FROM:<a@a>\nS: 250 ok\nC: RCPT TO:<b@b>\nS: 250 ok\nC: DATA\nS: 354 go";
    let mut smuggled = harness(opening);
    smuggled.client(
        b"Subject: one\r\n\r\nx\n.\r\nMAIL FROM:<c@c>\r\nRCPT TO:<d@d>\r\nDATA\r\nSubject: two\r\n.\r\n",
    );
    smuggled.server(b"250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n");
    assert_eq!(letters(&mut smuggled), ["<a@a> [<b@b>] one success", "<c@c> [<d@d>] two success"]);
    assert_eq!(smuggled.anomalies(), ["smtp-odd-end"]);
    let mut honest = harness(opening);
    honest.client(b"Subject: one\r\n\r\nx\n.\ny\r\n.\r\n").server(b"250 ok\r\n");
    assert_eq!(letters(&mut honest), ["<a@a> [<b@b>] one success"]);
}

#[test]
fn what_the_server_takes_for_the_end_is_one_if_commands_follow() {
    let mut harness = harness(
        "S: 220 a ESMTP\nC: HELO x\nS: 250 ok\nC: MAIL FROM:<a@a>\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject: one",
    );
    harness
        .gap(ToServer, 100)
        .server(b"250 ok\r\n")
        .client(b"nothing\r\nMAIL FROM:<c@c>\r\n")
        .server(b"250 ok\r\n");
    assert_eq!(letters(&mut harness), ["<a@a>  one success", "<c@c>   unknown"]);
}

#[test]
fn starttls_hands_over() {
    let script = "S: 220 a ESMTP\nC: EHLO x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead";
    let mut harness = harness(script);
    assert_eq!(harness.stopped, Some(Outcome::Handover(14)));
    let events = harness.finish();
    let [session] = of(&events, "smtp")[..] else { unreachable!() };
    assert_eq!((&session["vonggac.smtp.starttls"][..], &session["vonggac.smtp.ordinal"][..]), ("true", "0"));
    let injected = script.replace("C: STARTTLS", "C: STARTTLS\nC: RSET");
    assert_eq!(self::harness(&injected).anomalies(), ["smtp-command-behind-starttls"]);
    let refused = script.replace("220 go ahead", "454 no\nC: MAIL FROM:<a@a>\nS: 250 ok");
    assert_eq!(letters(&mut self::harness(&refused)), ["<a@a>   unknown"]);
}

/// A ClientHello for mail.example.org with one cipher suite.
fn client_hello() -> Vec<u8> {
    let name = b"mail.example.org";
    let length = |bytes: &[u8]| (bytes.len() as u16).to_be_bytes();
    let entry = [&[0][..], &length(name), name].concat();
    let list = [&length(&entry)[..], &entry].concat();
    let extension = [&[0, 0][..], &length(&list), &list].concat();
    let tail = [&[0, 0, 2, 0x13, 1, 1, 0][..], &length(&extension), &extension].concat();
    let body = [&[3, 3][..], &[7; 32], &tail].concat();
    let message = [&[1, 0][..], &length(&body), &body].concat();
    [&[0x16, 3, 1][..], &length(&message), &message].concat()
}

#[test]
fn tls_behind_starttls_is_decoded_on_any_port() {
    let mut connection = Connection::to_port(4_000);
    let mut packets = connection.open();
    let mut say = |to_server, bytes: &[u8]| packets.push(connection.packet(to_server, flag::ACK, bytes));
    say(false, b"220 hub\r\n");
    say(true, b"EHLO x\r\n");
    say(false, b"250 STARTTLS\r\n");
    say(true, b"STARTTLS\r\n");
    say(false, b"220 go ahead\r\n");
    say(true, &client_hello());
    packets.extend(connection.close());
    let mut engine = crate::testing::engine();
    play(&mut engine, &packets);
    engine.finish();
    let events = crate::testing::events(&mut engine);
    assert_eq!(of(&events, "tls")[0]["tls.client.server_name"], "mail.example.org");
    assert_eq!(of(&events, "smtp")[0]["vonggac.smtp.starttls"], "true");
}

#[test]
fn one_direction_alone_is_enough() {
    let mut client = Harness::new((SMTP.decoder)());
    client.client(b"EHLO x\r\nAUTH PLAIN AG52YW4AZ2VoZWlt\r\nMAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\nSubject: one\r\n.\r\nQUIT\r\n");
    assert_eq!(letters(&mut client), ["<a@a> [<b@b>] one unknown"]);
    let mut server = Harness::new((SMTP.decoder)());
    server
        .server(b"354 End data with <CR><LF>.<CR><LF>\r\n")
        .client(b"Subject: midway\r\n.\r\n")
        .server(b"250 ok\r\n");
    assert_eq!(letters(&mut server), ["  midway success"]);
}

#[test]
fn many_recipients_are_counted() {
    let mut script = String::from("S: 220 a ESMTP\nC: HELO x\nS: 250 ok\nC: MAIL FROM:<a@a>\nS: 250 ok\n");
    for n in 0..5_000 {
        script.push_str(&format!("C: RCPT TO:<u{n}@b>\n"));
    }
    let events = harness(&script).finish();
    let [letter] = of(&events, "smtp")[..] else { unreachable!() };
    assert_eq!(letter["vonggac.smtp.recipients"], "5000");
    assert_eq!(letter["vonggac.smtp.rcpt_to"].matches('@').count(), 100);
}

#[test]
fn what_is_no_smtp_ends_the_decoder() {
    let mut harness = Harness::new((SMTP.decoder)());
    harness.client(&b"GET / HTTP/1.1\r\n".repeat(40));
    assert_eq!(harness.stopped, Some(Outcome::Malformed("smtp-bad-command")));
    let mut harness = Harness::new((SMTP.decoder)());
    harness.client(&[b'x'; 100_000]).client(b"\r\nEHLO x\r\n");
    assert_eq!(harness.anomalies(), ["smtp-long-line"]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&SMTP, &conversation(ORDINARY));
    let chunks = "S: 220 a ESMTP\nC: EHLO x\nS: 250 ok\nC: MAIL FROM:<a@a>\nC: RCPT TO:<b@b>\nC: BDAT 9 LAST\nC: To: c@c\nC: QUIT\nS: 250 ok\nS: 250 ok\nS: 250 ok";
    stands(&SMTP, &conversation(chunks));
    let odd = (ToServer, b"EHLO x\r\nMAIL FROM:<a@a>\r\nDATA\r\nx\n.\r\ny\n.\nQUIT\r\n".to_vec());
    stands(&SMTP, &vec![odd, (ToClient, b"220 x ESMTP\r\n250 ok\r\n".to_vec())]);
}

#[test]
fn is_recognised_by_content() {
    let probed =
        |direction: Direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 4_000) });
    for greeting in ["220 mail.example.org ESMTP\r\n", "220-hello\r\n220 smtp ready\r\n", "250 2.1.0 Ok\r\n"]
    {
        assert_eq!(probed(ToClient, greeting.as_bytes()), Verdict::Mine, "{greeting}");
    }
    for foreign in [
        "220 FTP ready\r\n",
        "+OK\r\n",
        "SSH-2.0-x\r\n",
        "200 ok\r\n",
        "* OK x\r\n",
        "2200 x\r\n",
        "250 ok\r\n",
    ] {
        assert_eq!(probed(ToClient, foreign.as_bytes()), Verdict::NotMine, "{foreign}");
    }
    assert_eq!(probed(ToClient, b"220 bug.server\r\n"), Verdict::Unsure);
    assert_eq!(probed(ToClient, b"22"), Verdict::Unsure);
    assert_eq!(probed(ToServer, b"EHLO bug.client\r\n"), Verdict::Mine);
    assert_eq!(probed(ToServer, b"mail from:<a@b>\r\n"), Verdict::Mine);
    assert_eq!(probed(ToServer, b"EH"), Verdict::Unsure);
    for foreign in ["HELO\r\n", "EHLO two words\r\n", "USER a\r\n", "GET / HTTP/1.1\r\n", "MAIL\r\n"] {
        assert_eq!(probed(ToServer, foreign.as_bytes()), Verdict::NotMine, "{foreign}");
    }
}
