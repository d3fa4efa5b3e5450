//! First bytes that tell a file's type at once.

use super::kind::Kind::{
    self, Archive, Data, DiskImage, Flash, Html, Image, Java, Lnk, Media, Office, Onenote, Pdf, Script,
};

/// Compound file: old Office documents, installers, Outlook messages.
pub(super) const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// One entry: these bytes at this offset.
pub(super) struct Magic {
    pub(super) offset: usize,
    pub(super) bytes: &'static [u8],
    pub(super) kind: Kind,
    pub(super) mime: &'static str,
}

const fn magic(offset: usize, bytes: &'static [u8], kind: Kind, mime: &'static str) -> Magic {
    Magic { offset, bytes, kind, mime }
}

/// The more telling ones first: what is asked later may be part of something asked earlier.
pub(super) const TABLE: &[Magic] = &[
    magic(0, b"L\0\0\0\x01\x14\x02\0", Lnk, "application/x-ms-shortcut"),
    magic(0, b"[InternetShortcut]", Lnk, "application/x-mswinurl"),
    magic(
        0,
        b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3",
        Onenote,
        "application/onenote",
    ),
    magic(0, b"%PDF-", Pdf, "application/pdf"),
    magic(0, b"\xef\xbb\xbf%PDF-", Pdf, "application/pdf"),
    magic(0, b"{\\rt", Office, "application/rtf"),
    magic(0, b"#@~^", Script, "application/x-encoded-script"),
    magic(0, b"ITSF", Html, "application/vnd.ms-htmlhelp"),
    // Archives and compressed files
    magic(0, b"PK\x05\x06", Archive, "application/zip"),
    magic(0, b"PK\x07\x08", Archive, "application/zip"),
    magic(0, b"\x1f\x8b\x08", Archive, "application/gzip"),
    magic(0, b"7z\xbc\xaf\x27\x1c", Archive, "application/x-7z-compressed"),
    magic(0, b"Rar!\x1a\x07", Archive, "application/vnd.rar"),
    magic(0, b"MSCF\0\0\0\0", Archive, "application/vnd.ms-cab-compressed"),
    magic(0, b"BZh", Archive, "application/x-bzip2"),
    magic(0, b"\xfd7zXZ\0", Archive, "application/x-xz"),
    magic(0, b"\x28\xb5\x2f\xfd", Archive, "application/zstd"),
    magic(0, b"\x04\x22\x4d\x18", Archive, "application/x-lz4"),
    magic(0, b"LZIP\x01", Archive, "application/x-lzip"),
    magic(0, b"MSWIM\0\0\0", Archive, "application/x-ms-wim"),
    magic(0, b"xar!", Archive, "application/x-xar"),
    magic(0, b"!<arch>\n", Archive, "application/x-archive"),
    magic(0, b"\xed\xab\xee\xdb", Archive, "application/x-rpm"),
    magic(0, b"\x60\xea", Archive, "application/x-arj"),
    magic(0, b"Cr24", Archive, "application/x-chrome-extension"),
    magic(2, b"-lh5-", Archive, "application/x-lzh"),
    magic(7, b"**ACE**", Archive, "application/x-ace"),
    magic(257, b"ustar", Archive, "application/x-tar"),
    // Images of disks
    magic(32_769, b"CD001", DiskImage, "application/x-iso9660-image"),
    magic(32_769, b"BEA01", DiskImage, "application/x-iso9660-image"),
    magic(0, b"conectix", DiskImage, "application/x-vhd"),
    magic(0, b"vhdxfile", DiskImage, "application/x-vhdx"),
    magic(0, b"KDMV", DiskImage, "application/x-vmdk"),
    magic(0, b"QFI\xfb", DiskImage, "application/x-qemu-disk"),
    magic(3, b"NTFS    ", DiskImage, "application/x-raw-disk-image"),
    magic(3, b"EXFAT   ", DiskImage, "application/x-raw-disk-image"),
    magic(54, b"FAT1", DiskImage, "application/x-raw-disk-image"),
    magic(82, b"FAT32", DiskImage, "application/x-raw-disk-image"),
    // Java, Flash
    magic(0, b"dex\n03", Java, "application/x-dex"),
    magic(0, b"\xac\xed\x00\x05", Java, "application/x-java-serialized-object"),
    magic(0, b"FWS", Flash, "application/x-shockwave-flash"),
    magic(0, b"CWS", Flash, "application/x-shockwave-flash"),
    magic(0, b"ZWS", Flash, "application/x-shockwave-flash"),
    // Pictures
    magic(0, b"\x89PNG\r\n\x1a\n", Image, "image/png"),
    magic(0, b"\xff\xd8\xff", Image, "image/jpeg"),
    magic(0, b"GIF87a", Image, "image/gif"),
    magic(0, b"GIF89a", Image, "image/gif"),
    magic(8, b"WEBPVP8", Image, "image/webp"),
    magic(4, b"ftypavif", Image, "image/avif"),
    magic(4, b"ftyphei", Image, "image/heic"),
    magic(0, b"II*\0", Image, "image/tiff"),
    magic(0, b"MM\0*", Image, "image/tiff"),
    magic(0, b"8BPS\0\x01", Image, "image/vnd.adobe.photoshop"),
    magic(0, b"\0\0\x01\0", Image, "image/x-icon"),
    magic(0, b"\xd7\xcd\xc6\x9a", Image, "image/wmf"),
    // Sound and film
    magic(4, b"ftyp", Media, "video/mp4"),
    magic(8, b"WAVEfmt", Media, "audio/wav"),
    magic(8, b"AVI LIST", Media, "video/x-msvideo"),
    magic(0, b"\x1a\x45\xdf\xa3", Media, "video/webm"),
    magic(0, b"OggS\0", Media, "audio/ogg"),
    magic(0, b"fLaC", Media, "audio/flac"),
    magic(0, b"ID3", Media, "audio/mpeg"),
    magic(0, b"\xff\xfb", Media, "audio/mpeg"),
    magic(0, b"\xff\xf3", Media, "audio/mpeg"),
    magic(0, b"\xff\xf1", Media, "audio/aac"),
    magic(0, b"FLV\x01", Media, "video/x-flv"),
    magic(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Media, "video/x-ms-asf"),
    magic(0, b"#EXTM3U", Media, "application/vnd.apple.mpegurl"),
    magic(0, b"MThd\0\0\0\x06", Media, "audio/midi"),
    magic(0, b"\0\0\x01\xba", Media, "video/mpeg"),
    // Known, and none of the above
    magic(0, b"wOF2", Data, "font/woff2"),
    magic(0, b"wOFF", Data, "font/woff"),
    magic(0, b"OTTO\0", Data, "font/otf"),
    magic(0, b"\0\x01\0\0\0", Data, "font/ttf"),
    magic(0, b"\0asm", Data, "application/wasm"),
    magic(0, b"SQLite format 3\0", Data, "application/vnd.sqlite3"),
    magic(0, b"\xd4\xc3\xb2\xa1", Data, "application/vnd.tcpdump.pcap"),
    magic(0, b"\xa1\xb2\xc3\xd4", Data, "application/vnd.tcpdump.pcap"),
    magic(0, b"d8:announce", Data, "application/x-bittorrent"),
    magic(0, b"d4:info", Data, "application/x-bittorrent"),
    magic(0, b"regf", Data, "application/x-windows-registry"),
    magic(0, b"ElfFile\0", Data, "application/x-windows-event-log"),
    magic(0, b"MDMP\x93\xa7", Data, "application/x-windows-minidump"),
];
