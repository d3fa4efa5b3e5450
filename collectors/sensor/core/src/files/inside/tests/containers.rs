//! 7z, disks, UDF and old workbooks: made by the tools of their kind, or by their specification.

use super::{inside, put, typed, wide};
use crate::testing::unhex;

/// A folder, a text and a program by 7-Zip 22, its list packed (as 7-Zip does), in clear, with encrypted content, and
/// encrypted itself (password abc).
const PACKED: &str = "377abcaf271c0004c15810a26a000000000000002000000000000000de995dd5e00012000e5d00341949ee8de94f7e6bd621b00000000000813307ae0fcf5d2f0c07c8437f41b1fafde72d7de96d3da9a0aac3768503cf6b604024700c3d13bffae830ce62d510f639e8efce1efdca7725c81d7fc76065472e845391e932a0ccbb1a9058a2e415e8000017061601095400070b01000123030101055d001000000c660a01c97525700000";
const CLEAR: &str = "377abcaf271c00047e57dfe516000000000000007600000000000000d798401ae00012000e5d00341949ee8de94f7e6bd621b00000000104060001091600070b010001212101000c1300080d0209110a018088f9e55d9bb08f000005030e018019010011350064006f006300000064006f0063002f0061002e00740078007400000068006f006100200064006f006e002e006500780065000000150e01001080ed412080a4812080a4810000";
const LOCKED: &str = "377abcaf271c00046ffa116ea1000000000000002200000000000000d1bf57f372683f1a73c59afd85a12fcc3b916341905efea86968f1afca7d44751ce1c5cd0000813307ae0fd00eb03c9f39109c9fa6d533dab22eb084dab50e5197cff04dcaf2f1b6fafa00d5d6679580636b70b270bbe1df9bdd8896eef75bd76e734edb67248da379d02a1bf43dd50831882ec14065d0a569878c0e40a49f405cb6e3bab4e90a3165ee5238261592bb47f0256a915df840b3cdf7e4c6aa56b2e77d0000001706200109808100070b01000123030101055d001000000c80960a0128331caf0000";
const HIDDEN: &str = "377abcaf271c000434b658c0b0000000000000003e00000000000000772fa1a40b0c6a632bb66cd19594a13e9e8a1fef4acd9cb4c876365ed6abb22e77e3f46e6bd817421e9937cd7e7806a4bf8ef98c204bcf83bee0a80b1d649d1f3d825e5c3af9aa0d7c9a5a9f880af8b453a8165e2e14a5b47d85892656b687b9b9f120a016d066d974fdfb30043838ae2aa117448e6970587db56827cf704cbb5fb85e6fc16d02153c36d459bac0a4a256c3ffc395299f5753b43b09c0c144ac1797798ff9cdbd5e3d605a147f33bd88f53b27fb1706200109809000070b0100022406f1070112530f374bc5ff8aa79d9aba6e2f5ff732f5f823030101055d0010000001000c808180960a01c287af2d0000";

#[test]
fn seven_zip_tells_names_unless_they_are_encrypted() {
    for (sample, encrypted) in [(PACKED, false), (CLEAR, false), (LOCKED, true)] {
        let found = inside(&unhex(sample));
        assert_eq!(found.members, ["doc", "doc/a.txt", "hoa don.exe"]);
        assert_eq!(
            (found.member_count, found.encrypted, found.hidden),
            (Some(3), Some(encrypted), Some(false))
        );
        assert_eq!(found.kinds, ["pe"]);
    }
    let found = inside(&unhex(HIDDEN));
    assert_eq!((found.member_count, found.encrypted, found.hidden), (None, Some(true), Some(true)));
}

#[test]
fn a_list_of_seven_zip_that_unpacks_to_more_than_is_opened_is_hidden() {
    let mut sample = unhex(PACKED);
    let at = sample.len() - 9;
    // The unpacked size, 102 bytes, becomes one of three bytes: far beyond what is opened.
    assert_eq!(sample[at], 0x66);
    sample.splice(at..=at, [0xdf, 0xff, 0xff]);
    sample[20] += 2;
    assert_eq!(inside(&sample).hidden, Some(true));
}

/// A directory of FAT: an old name with lower-case letters, a long one, a deleted one and a folder.
fn fat() -> Vec<u8> {
    let mut entries = Vec::new();
    let mut entry = |name: &[u8; 11], attributes: u8, case: u8| {
        let mut entry = vec![0; 32];
        put(&mut entry, 0, name);
        put(&mut entry, 11, &[attributes, case]);
        entries.extend(entry);
    };
    entry(b"USB STICK  ", 8, 0);
    entry(b"RUN     JS ", 0x20, 0x18);
    entry(b"\xe5OLD    EXE", 0x20, 0);
    entry(b"FOLDER     ", 0x10, 0);
    let short = b"HADON~1 LNK";
    let sum = short.iter().fold(0_u8, |sum, byte| sum.rotate_right(1).wrapping_add(*byte));
    let mut units = wide("Hóa đơn tháng 5.lnk\0");
    units.resize(52, 0xff);
    for (order, part) in [(0x42, &units[26..]), (0x01, &units[..26])] {
        let mut entry = vec![0; 32];
        put(&mut entry, 0, &[order]);
        put(&mut entry, 1, &part[..10]);
        put(&mut entry, 11, &[0x0f, 0, sum]);
        put(&mut entry, 14, &part[10..22]);
        put(&mut entry, 28, &part[22..]);
        entries.extend(entry);
    }
    let mut last = vec![0; 32];
    put(&mut last, 0, short);
    put(&mut last, 11, &[0x20]);
    entries.extend(last);
    entries
}

/// A record of NTFS with a short and a long name.
fn ntfs(number: u8, flags: u8, names: &[(&str, u8)]) -> Vec<u8> {
    let mut record = vec![0; 1_024];
    put(&mut record, 0, b"FILE\x30\0\x03\0");
    put(&mut record, 20, &[56, 0, flags, 0]);
    put(&mut record, 44, &[number]);
    let mut place = 56;
    for (name, space) in names {
        let size = (24 + 66 + name.len() * 2).next_multiple_of(8);
        put(&mut record, place, &[0x30, 0, 0, 0, u8::try_from(size).expect("small")]);
        put(&mut record, place + 20, &[24]);
        put(&mut record, place + 24 + 64, &[u8::try_from(name.len()).expect("short"), *space]);
        put(&mut record, place + 24 + 66, &wide(name));
        place += size;
    }
    put(&mut record, place, &[0xff; 4]);
    record
}

/// A set of entries of exFAT.
fn exfat(name: &str) -> Vec<u8> {
    let mut set = vec![0; 96];
    set[..2].copy_from_slice(&[0x85, 2]);
    put(&mut set, 32, &[0xc0, 0, 0, u8::try_from(name.len()).expect("short")]);
    put(&mut set, 64, &[0xc1]);
    put(&mut set, 66, &wide(name));
    let sum = super::super::volumes::sum_of(&set);
    put(&mut set, 2, &sum.to_le_bytes());
    set
}

#[test]
fn disks_tell_their_files_whatever_volume_and_container_they_have() {
    let mut disk = b"conectix".to_vec();
    put(&mut disk, 1_536, &fat());
    put(&mut disk, 2_048, &ntfs(40, 1, &[("HOADON~1.JS", 2), ("hoadon-2026.js", 1)]));
    put(&mut disk, 3_072, &ntfs(41, 0, &[("deleted.exe", 1)]));
    put(&mut disk, 4_096, &ntfs(2, 1, &[("$LogFile", 3)]));
    put(&mut disk, 5_120, &exfat("setup.exe"));
    disk.resize(6_144, 0);
    let found = inside(&disk);
    assert_eq!(found.members, ["run.js", "Hóa đơn tháng 5.lnk", "hoadon-2026.js", "setup.exe"]);
    assert_eq!(found.kinds, ["script", "lnk", "pe"]);
    // A fixed VHD and a raw disk begin with a partition table.
    disk[..8].fill(0);
    put(&mut disk, 446, &[0, 1, 1, 0, 7, 0xfe, 0xff, 0xff, 8, 0, 0, 0, 0, 16, 0, 0]);
    put(&mut disk, 510, &[0x55, 0xaa]);
    assert_eq!(inside(&disk).members.len(), 4);
    put(&mut disk, 446, &[3]);
    assert_eq!(typed(&disk).mime, "application/octet-stream");
}

/// A directory of UDF: its parent, a folder and two files.
fn udf(within: bool) -> Vec<u8> {
    let identifier = |flags: u8, name: &[u8]| {
        let mut bytes = vec![0; 38];
        put(&mut bytes, 0, &[1, 1]);
        put(&mut bytes, 18, &[flags, u8::try_from(name.len()).expect("short")]);
        bytes.extend(name);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    };
    let sealed = |mut bytes: Vec<u8>| {
        bytes[4] = bytes[..16].iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte));
        bytes
    };
    let high: Vec<u8> = "\u{111}\u{1a1}n.iso".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let names: Vec<u8> = [
        identifier(8, b""),
        identifier(2, b"\x08sub"),
        identifier(0, b"\x08a.exe"),
        identifier(0, &[&[16], &high[..]].concat()),
    ]
    .map(sealed)
    .concat();
    let mut bytes = vec![0; 17 * 2_048];
    put(&mut bytes, 32_768, b"\0BEA01\x01");
    if within {
        let mut entry = vec![0; 176];
        put(&mut entry, 0, &[5, 1]);
        entry[27] = 4;
        entry[34] = 3;
        put(&mut entry, 172, &u32::try_from(names.len()).expect("small").to_le_bytes());
        bytes.extend(sealed(entry));
    }
    bytes.extend(names);
    bytes.resize(19 * 2_048, 0);
    bytes
}

#[test]
fn udf_tells_names_of_directories_in_sectors_and_in_their_entries() {
    for within in [false, true] {
        let found = inside(&udf(within));
        assert_eq!(found.members, ["a.exe", "\u{111}\u{1a1}n.iso"], "{within}");
        assert_eq!(found.kinds, ["pe", "disk-image"]);
    }
}

/// A workbook of one sheet of the given type: 0 a sheet, 1 macros of Excel 4.0.
fn workbook(sheet: u8) -> Vec<u8> {
    let mut bytes = super::super::super::magic::OLE.to_vec();
    put(&mut bytes, 30, &[9]);
    put(&mut bytes, 76, &[2]);
    put(&mut bytes, 512, &wide("Workbook"));
    put(&mut bytes, 576, &[18, 0, 2]);
    put(&mut bytes, 512 + 116, &[1, 0, 0, 0, 0, 0x10]);
    bytes.resize(1_024, 0);
    bytes.extend(
        [&[9, 8, 16, 0][..], &[0; 16], &[0x85, 0, 14, 0, 0, 0, 0, 0, 2, sheet], b"\x06\0Macro1\0\0"].concat(),
    );
    bytes.resize(1_536, 0);
    bytes.resize(2_048, 0xff);
    bytes
}

#[test]
fn sheets_of_old_macros_are_macros() {
    assert_eq!(inside(&workbook(0)).macros, Some(false));
    assert_eq!(inside(&workbook(1)).macros, Some(true));
    assert_eq!(typed(&workbook(1)).mime, "application/vnd.ms-excel");
}

pub(super) fn samples() -> Vec<Vec<u8>> {
    let mut disk = b"vhdxfile".to_vec();
    put(&mut disk, 512, &fat());
    put(&mut disk, 1_024, &ntfs(40, 1, &[("a.js", 1)]));
    put(&mut disk, 2_048, &exfat("b.exe"));
    vec![unhex(PACKED), unhex(CLEAR), disk, udf(true), udf(false), workbook(1)]
}
