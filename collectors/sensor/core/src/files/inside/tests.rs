//! What is found in programs, archives, images and documents made here, and in broken ones.

mod containers;

use proptest::prelude::*;

use super::super::kind::detect;
use super::super::markers::Markers;
use super::{Inside, MEMBERS_MAX, Search, UNPACKED_MAX, inspect, typed};

fn inside(bytes: &[u8]) -> Inside {
    *inspect(bytes, typed(bytes), true).expect("opened")
}

fn put(bytes: &mut Vec<u8>, place: usize, value: &[u8]) {
    if bytes.len() < place + value.len() {
        bytes.resize(place + value.len(), 0);
    }
    bytes[place..place + value.len()].copy_from_slice(value);
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A 32-bit library of one section with one import, a certificate table and a version name.
fn program() -> Vec<u8> {
    let mut bytes = b"MZ".to_vec();
    put(&mut bytes, 60, &[0x80]);
    put(&mut bytes, 0x80, b"PE\0\0\x4c\x01\x01\0\0\0\xe0\x65");
    put(&mut bytes, 0x94, &[0xe0, 0, 2, 0x21, 0x0b, 1]);
    put(&mut bytes, 0xa8, &[0, 0x10]);
    put(&mut bytes, 0xf4, &[16]);
    put(&mut bytes, 0x100, &[0, 0x10, 0, 0, 40]);
    put(&mut bytes, 0x108, &[0, 0x11, 0, 0, 100]);
    put(&mut bytes, 0x118, &[0, 4, 0, 0, 8]);
    put(&mut bytes, 0x178, b".text\0\0\0\0\x02\0\0\0\x10\0\0\0\x02\0\0\0\x02\0\0");
    put(&mut bytes, 0x200, &[0x40, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x60, 0x10]);
    put(&mut bytes, 0x240, &[0x80, 0x10, 0, 0, 9, 0, 0, 0x80]);
    put(&mut bytes, 0x260, b"WS2_32.dll");
    put(&mut bytes, 0x282, b"WSAStartup");
    put(&mut bytes, 0x300, &wide("OriginalFilename\0a.dll\0"));
    bytes.resize(0x400, 0);
    bytes
}

/// Members as (name, content, flags); with a central directory or without.
fn zip(members: &[(&str, &[u8], u16)], central: bool) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content, flags) in members {
        let offset = u32::try_from(bytes.len()).expect("small").to_le_bytes();
        let size = u32::try_from(content.len()).expect("small").to_le_bytes();
        let length = u16::try_from(name.len()).expect("short").to_le_bytes();
        let common = [&flags.to_le_bytes()[..], &[0; 10], &size, &size, &length, &[0; 2]].concat();
        bytes.extend([b"PK\x03\x04\x14\0", &common[..], name.as_bytes(), content].concat());
        directory
            .extend([b"PK\x01\x02\x14\0\x14\0", &common[..], &[0; 10], &offset, name.as_bytes()].concat());
    }
    if central {
        let size = u32::try_from(directory.len()).expect("small").to_le_bytes();
        let offset = u32::try_from(bytes.len()).expect("small").to_le_bytes();
        bytes.extend([&directory[..], b"PK\x05\x06", &[0; 8], &size, &offset, &[0; 2]].concat());
    }
    bytes
}

fn shortcut() -> Vec<u8> {
    let mut bytes = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46".to_vec();
    put(&mut bytes, 20, &[0xa8]);
    bytes.resize(76, 0);
    for text in ["..\\cmd.exe", "/c start a.js"] {
        bytes.extend(u16::try_from(text.len()).expect("short").to_le_bytes());
        bytes.extend(wide(text));
    }
    bytes
}

fn tar() -> Vec<u8> {
    let mut bytes = b"dir/a.sh".to_vec();
    put(&mut bytes, 124, b"00000000012\x00");
    put(&mut bytes, 156, b"0");
    put(&mut bytes, 257, b"ustar");
    put(&mut bytes, 512, b"#!/bin/sh\n");
    bytes.resize(2_048, 0);
    bytes
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = vec![0; content.len() + 1_024];
    let mut state = flate2::Compress::new(flate2::Compression::default(), false);
    state.compress(content, &mut packed, flate2::FlushCompress::Finish).expect("room");
    packed.truncate(usize::try_from(state.total_out()).expect("small"));
    [&b"\x1f\x8b\x08\x08\0\0\0\0\0\x03a.tar\0"[..], &packed, &[0; 8]].concat()
}

fn cab() -> Vec<u8> {
    let mut bytes = b"MSCF".to_vec();
    put(&mut bytes, 16, &[36]);
    put(&mut bytes, 28, &[1]);
    put(&mut bytes, 36 + 16, b"run.exe\0");
    bytes
}

fn rar4() -> Vec<u8> {
    let mut bytes = b"Rar!\x1a\x07\0".to_vec();
    bytes.extend(b"\0\0\x73\0\0\x0d\0\0\0\0\0\0\0");
    let mut file = vec![0, 0, 0x74, 4, 0, 37, 0];
    put(&mut file, 26, &[5]);
    put(&mut file, 32, b"a.vbs");
    [bytes, file].concat()
}

fn rar5() -> Vec<u8> {
    let file = b"\x02\0\0\x05\0\0\0\x05b.exe";
    [b"Rar!\x1a\x07\x01\0\0\0\0\0\x03\x01\0\0\0\0\0\0\x0d", &file[..]].concat()
}

fn iso() -> Vec<u8> {
    let mut bytes = vec![0; 16 * 2_048];
    put(&mut bytes, 32_768, b"\x01CD001\x01");
    put(&mut bytes, 32_768 + 158, &[18]);
    put(&mut bytes, 32_768 + 166, &[0, 8]);
    put(&mut bytes, 34_816, b"\xffCD001");
    let content = shortcut();
    let mut record = vec![46, 0, 19];
    put(&mut record, 10, &[u8::try_from(content.len()).expect("small")]);
    put(&mut record, 32, b"\x0cHOADON.LNK;1");
    record.resize(46, 0);
    put(&mut bytes, 18 * 2_048, &record);
    put(&mut bytes, 19 * 2_048, &content);
    bytes
}

fn ole() -> Vec<u8> {
    let mut bytes = super::super::magic::OLE.to_vec();
    put(&mut bytes, 30, &[9]);
    put(&mut bytes, 76, &[1]);
    for (number, name) in ["WordDocument", "_VBA_PROJECT"].iter().enumerate() {
        let place = 512 + number * 128;
        put(&mut bytes, place, &wide(name));
        put(&mut bytes, place + 64, &[u8::try_from(name.len() * 2 + 2).expect("short"), 0, 2]);
    }
    bytes.resize(1_024, 0);
    bytes.resize(1_536, 0xff);
    bytes
}

fn onenote() -> Vec<u8> {
    let mut bytes = b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3".to_vec();
    bytes.extend(b"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac");
    let content = program();
    bytes.extend((content.len() as u64).to_le_bytes());
    bytes.extend([0; 12]);
    bytes.extend(content);
    bytes
}

const RELATIONS: &str = r#"<Relationships><Relationship Id="1" Type="http://x/hyperlink" Target="http://a/" TargetMode="External"/><Relationship Id="2" Type="http://x/attachedTemplate" Target="http://203.0.113.9/t.dotm?a&amp;b" TargetMode="External"/></Relationships>"#;

fn document() -> Vec<u8> {
    let parts: [(&str, &[u8], u16); 4] = [
        ("[Content_Types].xml", b"<a/>", 0),
        ("word/document.xml", b"<a/>", 0),
        ("word/_rels/settings.xml.rels", RELATIONS.as_bytes(), 0),
        ("word/vbaProject.bin", b"x", 0),
    ];
    zip(&parts, true)
}

fn samples() -> Vec<Vec<u8>> {
    let (zipped, rtf) =
        (zip(&[("a.exe", &program(), 0)], false), b"{\\rtf1{\\*\\objclass Package}{\\*\\objdata 01}}");
    let list =
        [program(), shortcut(), tar(), gzip(&tar()), cab(), rar4(), rar5(), ole(), onenote(), document()];
    list.into_iter().chain([zipped, rtf.to_vec(), iso()]).chain(containers::samples()).collect()
}

#[test]
fn programs_tell_what_they_are() {
    let pe = inside(&program()).pe.expect("a program");
    assert_eq!((pe.architecture.as_str(), pe.compiled, pe.section_count), ("x86", 0x65e0_0000, 1));
    assert_eq!(pe.sections, [".text"]);
    assert!(pe.signed && pe.library && !pe.dotnet && pe.entry_entropy.is_some());
    assert_eq!(pe.original_name.as_deref(), Some("a.dll"));
    // MD5 of "ws2_32.wsastartup,ws2_32.htons".
    assert_eq!(pe.imphash.as_deref(), Some(IMPHASH));
    let head = inspect(&program()[..0x1a0], typed(&program()), false).expect("opened").pe.expect("a program");
    assert_eq!((head.sections.len(), head.imphash, head.entry_entropy), (1, None, None));
}

/// A 32-bit program that imports the one function by which .NET starts programs.
fn dotnet(library: &[u8], function: &[u8]) -> Vec<u8> {
    let mut bytes = program();
    put(&mut bytes, 0x244, &[0; 4]);
    put(&mut bytes, 0x260, &[0; 0x40]);
    put(&mut bytes, 0x260, library);
    put(&mut bytes, 0x282, function);
    bytes
}

/// What every catalogue of malware has for programs and libraries of .NET; MD5 of "mscoree._corexemain" and
/// "mscoree._cordllmain" (the definition: Mandiant, "Tracking Malware with Import Hashing", 2014).
#[test]
fn hashes_of_imports_are_the_published_ones() {
    for (function, published) in [
        (&b"_CorExeMain"[..], "f34d5f2d4577ed6d9ceec516c1f5a744"),
        (b"_CorDllMain", "dae02f32a21e03ce65412f6e56942daa"),
    ] {
        let pe = inside(&dotnet(b"mscoree.dll", function)).pe.expect("a program");
        assert_eq!(pe.imphash.as_deref(), Some(published));
    }
}

const IMPHASH: &str = "11718332d770e335cb6ab00906035da1";

#[test]
fn members_of_archives_by_name_and_content() {
    let members: [(&str, &[u8], u16); 2] = [("readme.txt", b"hello", 0), ("x.dat", &program(), 0)];
    for central in [true, false] {
        let found = inside(&zip(&members, central));
        assert_eq!(found.members, ["readme.txt", "x.dat"], "{central}");
        assert_eq!((found.kinds, found.encrypted), (vec!["pe".to_owned()], Some(false)));
    }
    let found = inside(&zip(&[("a.js", b"garbage", 1)], true));
    assert_eq!((found.kinds, found.encrypted), (vec!["script".to_owned()], Some(true)));
    for (sample, member, kind) in [
        (cab(), "run.exe", "pe"),
        (rar4(), "a.vbs", "script"),
        (rar5(), "b.exe", "pe"),
        (tar(), "dir/a.sh", "script"),
    ] {
        let found = inside(&sample);
        assert_eq!((found.members, found.kinds), (vec![member.to_owned()], vec![kind.to_owned()]));
    }
    assert_eq!((inside(&rar4()).encrypted, inside(&rar5()).encrypted), (Some(true), Some(false)));
}

#[test]
fn archives_in_archives_and_images() {
    let found = inside(&gzip(&tar()));
    assert_eq!(
        (found.members, found.member_count),
        (vec!["a.tar".to_owned(), "a.tar/dir/a.sh".to_owned()], Some(2))
    );
    let found = inside(&iso());
    assert_eq!(found.members, ["HOADON.LNK"]);
    assert_eq!(
        (found.kinds, found.command),
        (vec!["lnk".to_owned()], Some("..\\cmd.exe /c start a.js".to_owned()))
    );
    let mut nested = zip(&[("a.exe", b"x", 0)], true);
    for _ in 0..8 {
        nested = zip(&[("in.zip", &nested, 0)], true);
    }
    assert_eq!(inside(&nested).member_count, Some(3));
}

#[test]
fn documents_with_macros_templates_and_embedded_files() {
    let found = inside(&document());
    assert_eq!(
        (found.macros, found.external),
        (Some(true), vec!["http://203.0.113.9/t.dotm?a&b".to_owned()])
    );
    let found = inside(&ole());
    assert_eq!(
        (found.macros, found.members),
        (Some(true), vec!["WordDocument".to_owned(), "_VBA_PROJECT".to_owned()])
    );
    let found = inside(&onenote());
    assert_eq!((found.member_count, found.kinds), (Some(1), vec!["pe".to_owned()]));
    let found = inside(b"{\\rtf1{\\*\\template http://a/b}{\\*\\objclass Package}{\\*\\objdata 01}}");
    assert_eq!((found.members, found.external), (vec!["Package".to_owned()], vec!["http://a/b".to_owned()]));
}

#[test]
fn bombs_and_crowds_stay_bounded() {
    let found = inside(&gzip(&vec![0; 8 << 20]));
    assert_eq!(found.member_count, Some(1));
    // Archives of archives that each unpack to a thousand times their size: the bytes unpacked are bounded over all.
    let layer = gzip(&gzip(&vec![0; 16 << 20]));
    let bomb = zip(&vec![("a.gz", &layer[..], 0); 300], true);
    let mut search = Search { inside: Inside::default(), left: UNPACKED_MAX, tasted: 0, depth: 0 };
    search.open(&bomb, typed(&bomb), "");
    assert_eq!((search.left, search.inside.members.len()), (0, MEMBERS_MAX));
    let found = inside(&zip(&vec![("a", &b"x"[..], 0); 1_000], true));
    assert_eq!((found.members.len(), found.member_count), (MEMBERS_MAX, Some(1_000)));
}

#[test]
fn common_types_of_the_web_are_not_opened() {
    for content in [&b"\x89PNG\r\n\x1a\n"[..], b"<html><body></body></html>", b"wOF2"] {
        assert!(inspect(content, detect(content, Markers::default()), true).is_none());
    }
}

#[test]
fn any_cut_of_a_sample_stands() {
    for sample in samples() {
        let kind = typed(&sample);
        for cut in (0..sample.len()).rev().take(3_000) {
            let _ = inspect(&sample[..cut], kind, true);
        }
    }
}

proptest! {
    #[test]
    fn turned_bits_and_random_bytes_stand(
        turns in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..8),
        random in proptest::collection::vec(any::<u8>(), 0..600),
        at in any::<prop::sample::Index>(),
    ) {
        for mut sample in samples() {
            let kind = typed(&sample);
            for (place, bit) in &turns {
                let place = place.index(sample.len());
                sample[place] ^= 1 << bit;
            }
            let _ = inspect(&sample, kind, true);
            let start = at.index(sample.len());
            sample.truncate(start);
            sample.extend_from_slice(&random);
            let _ = inspect(&sample, kind, true);
            let _ = inspect(&random, kind, true);
        }
    }
}
