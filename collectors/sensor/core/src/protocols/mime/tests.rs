//! Letters of every shape, read in one piece and byte by byte.

use super::{Reader, transfer};
use crate::context::Context;
use crate::files::FileMeta;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::testing::{Harness, ReadableEvent};

/// Carries one letter and nothing else.
#[derive(Default)]
struct Post {
    reader: Option<Reader>,
}

impl Decoder for Post {
    fn data(&mut self, _: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.reader.get_or_insert_with(|| Reader::new(FileMeta::default())).add(bytes, context);
        Outcome::Parsed(bytes.len())
    }

    fn gap(&mut self, _: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        if let Some(reader) = &mut self.reader {
            reader.gap(missing, context);
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        let Some(reader) = self.reader.take() else { return };
        let letter = reader.finish(true, context);
        let mut row = crate::events::Imap::default();
        super::fill!(row, &letter);
        context.emit(context.time, &row);
    }
}

/// What is told of a letter, the contents of its files, and what was odd.
struct Told {
    letter: ReadableEvent,
    files: Vec<ReadableEvent>,
    contents: Vec<Vec<u8>>,
    odd: Vec<&'static str>,
}

impl Told {
    fn field(&self, name: &str) -> &str {
        self.letter.get(name).map_or("", String::as_str)
    }
}

fn read(letter: &[u8]) -> Told {
    let told = read_in(letter, letter.len().max(1));
    let small = read_in(letter, 1);
    assert_eq!(told.letter, small.letter, "byte by byte");
    assert_eq!(told.contents, small.contents, "byte by byte");
    told
}

fn read_in(letter: &[u8], size: usize) -> Told {
    let mut harness = Harness::new(Box::new(Post::default())).keep_files();
    for piece in letter.chunks(size) {
        harness.server(piece);
    }
    let events = harness.finish();
    let (files, letters): (Vec<_>, Vec<_>) = events.into_iter().partition(|e| e["event.dataset"] == "file");
    let letter = letters.into_iter().next().unwrap_or_default();
    Told { letter, files, contents: harness.contents(), odd: harness.anomalies() }
}

const MIXED: &[u8] = b"Received: by a\r\nReceived: by b\r\n\
From: =?UTF-8?B?Tmd1eeG7hW4gVsSDbiBBbg==?= <NVAn@Example.org>\r\n\
To: \"Lan, Tran\" <lan@example.org>, minh@example.org (Minh)\r\n\
Cc: =?windows-1258?Q?Di=EAn?= <binh@example.org>\r\nReply-To: <other@example.net>\r\n\
Subject: =?utf-8?Q?H=C3=B3a_=C4?=\r\n =?utf-8?Q?=91=C6=A1n?= thang\r\n\t10\r\n\
Date: Mon, 02 Nov 2026 08:00:00 +0700\r\nMessage-ID: <1@example.org>\r\nX-Mailer: Writer 1.0\r\n\
MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"=_outer\"\r\n\r\n\
preamble http://not.example/\r\n--=_outer\r\n\
Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n\r\n\
Read http://user:geheim@example.net/a?x=1, please.\r\n--inner\r\nContent-Type: text/html\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><a href=3D\"https://exam=\r\nple.net/login\">x</a>\r\n\
--inner--\r\n\r\n--=_outer\r\nContent-Type: application/zip; name=\"old.zip\"\r\n\
Content-Disposition: attachment; filename*0*=utf-8''h%C3%B3a; filename*1=\".zip\"\r\n\
Content-Transfer-Encoding: base64\r\n\r\nUEsDBAoA\r\nAAAA\r\n\r\n--=_outer--\r\nepilogue\r\n";

#[test]
fn heads_are_decoded() {
    let told = read(MIXED);
    let expected = [
        ("vonggac.mail.from", "Nguyễn Văn An <NVAn@Example.org>"),
        ("email.from.address", "[nvan@example.org]"),
        ("vonggac.mail.to", "[\"Lan, Tran\" <lan@example.org>, minh@example.org (Minh)]"),
        ("email.to.address", "[lan@example.org, minh@example.org]"),
        ("vonggac.mail.cc", "[Diên <binh@example.org>]"),
        ("email.reply_to.address", "[other@example.net]"),
        ("email.subject", "Hóa đơn thang 10"),
        ("email.message_id", "<1@example.org>"),
        ("email.x_mailer", "Writer 1.0"),
        ("vonggac.mail.date", "Mon, 02 Nov 2026 08:00:00 +0700"),
        ("vonggac.mail.received", "2"),
        ("vonggac.mail.parts", "3"),
        ("vonggac.mail.complete", "true"),
        ("email.attachments.file.name", "[hóa.zip]"),
    ];
    for (name, value) in expected {
        assert_eq!(told.field(name), value, "{name}");
    }
    assert_eq!(told.odd, [""; 0]);
}

#[test]
fn attachments_and_pages_become_files() {
    let told = read(MIXED);
    assert_eq!(told.contents[0], b"<html><a href=\"https://example.net/login\">x</a>");
    assert_eq!(told.contents[1], b"PK\x03\x04\x0a\0\0\0\0");
    assert_eq!(told.files.len(), 2);
    assert_eq!(told.files[1]["file.name"], "hóa.zip");
    assert_eq!(told.files[1]["vonggac.file.declared_type"], "application/zip");
    assert_eq!(told.files[1]["vonggac.file.direction"], "download");
    assert_eq!(told.files[1]["email.subject"], "Hóa đơn thang 10");
    assert_eq!(told.files[1]["email.from.address"], "[nvan@example.org]");
}

#[test]
fn links_are_kept_and_their_passwords_masked() {
    let told = read(MIXED);
    let links = told.field("vonggac.mail.urls");
    assert!(
        links.starts_with("[http://user:k:")
            && links.ends_with("@example.net/a?x=1, https://example.net/login]"),
        "{links}"
    );
    assert!(!links.contains("geheim") && !links.contains("not.example"));
    let many: String = (0..100).map(|n| format!("http://h{n}.example/\r\n")).collect();
    let told = read(format!("Subject: x\r\n\r\n{many}").as_bytes());
    assert_eq!(told.field("vonggac.mail.urls").matches("http").count(), 32);
}

#[test]
fn letters_within_letters_are_read() {
    let inner = "From: in@example.org\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
--b\r\nContent-Disposition: attachment; filename=\"x.js\"\r\n\r\nalert(1)\r\n--b--\r\n";
    let outer = format!(
        "Subject: outer\r\nContent-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\n{inner}\r\n--a\r\n\
Content-Type: message/rfc822; name=fwd.eml\r\n\r\n{inner}--a--\r\n"
    );
    let told = read(outer.as_bytes());
    assert_eq!(told.field("email.subject"), "outer");
    assert_eq!(told.field("email.attachments.file.name"), "[x.js, fwd.eml, x.js]");
    assert_eq!(told.contents, [b"alert(1)", b"alert(1)"]);
}

#[test]
fn uuencoded_files_are_found_in_texts() {
    let told =
        read(b"Subject: x\r\n\r\nsee\r\nbegin 644 run.exe\r\n#0V%T\r\n`\r\nend\r\nhttp://example.net/\r\n");
    assert_eq!(told.contents, [b"Cat"]);
    assert_eq!(told.field("email.attachments.file.name"), "[run.exe]");
    assert_eq!(told.field("vonggac.mail.urls"), "[http://example.net/]");
}

#[test]
fn oddly_written_letters_are_read_all_the_same() {
    // No head at all, bare line feeds, padding in the middle, names in encoded words, a boundary that ends another.
    assert_eq!(read(b"This is a test\r\n").field("vonggac.mail.complete"), "true");
    let told = read(
        b"Content-Type: multipart/mixed; boundary=ab\n\n--abc\nno\n--ab\n\
Content-Type: application/octet-stream; name=\"=?utf-8?B?YS5leGU=?=\"\nContent-Transfer-Encoding: BASE64\n\n\
NA=\n=Mg\n==\n--ab--\n",
    );
    assert_eq!(told.contents, [b"42"]);
    assert_eq!(told.field("email.attachments.file.name"), "[a.exe]");
    let told = read(b"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Disposition: attachment\r\n\r\ncut");
    assert_eq!(told.files[0]["vonggac.file.truncated"], "true");
    assert_eq!(told.contents, [b"cut"]);
    assert_eq!(told.odd, ["mime-unclosed-multipart"]);
}

#[test]
fn limits_hold() {
    let mut deep = String::new();
    for n in 0..40 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
    }
    assert!(read_in(deep.as_bytes(), 100).odd.contains(&"mime-too-deep"));
    let head = format!("To: {}\r\nSubject: end\r\n\r\n", "a@example.org, ".repeat(20_000));
    let told = read_in(head.as_bytes(), 1_000);
    assert_eq!(told.odd, ["mime-long-head"]);
    assert_eq!(told.field("email.subject"), "end");
    assert_eq!(told.field("email.to.address").matches('@').count(), 64);
    let parts = "--b\r\n\r\nx\r\n".repeat(1_100);
    let told =
        read_in(format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n").as_bytes(), 999);
    assert_eq!(told.odd, ["mime-many-parts"]);
    let told = read_in(b"Content-Type: multipart/mixed\r\n\r\n--b\r\n", 9);
    assert_eq!(told.odd, ["mime-bad-boundary"]);
}

#[test]
fn a_hole_is_told_in_the_file() {
    let mut harness = Harness::new(Box::new(Post::default()));
    harness.server(b"Content-Disposition: attachment; filename=a.bin\r\n\r\nabc");
    harness.gap(Direction::ToClient, 10).server(b"def");
    let events = harness.finish();
    let file = events.iter().find(|e| e["event.dataset"] == "file").unwrap();
    assert_eq!(file["vonggac.file.missing_bytes"], "10");
    let letter = events.iter().find(|e| e["event.dataset"] == "imap").unwrap();
    assert_eq!(letter["vonggac.mail.complete"], "false");
}

#[test]
fn quoted_printable_in_any_pieces() {
    let text = b"a=3Db= \r\nc=zz=\nd==41=";
    for size in 1..text.len() {
        let (mut quoted, mut out) = (transfer::Quoted::default(), Vec::new());
        text.chunks(size).for_each(|piece| quoted.decode(piece, &mut out));
        quoted.finish(&mut out);
        assert_eq!(out, b"a=bc=zzd=A=", "{size}");
    }
}
