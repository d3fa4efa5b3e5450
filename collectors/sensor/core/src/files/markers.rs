//! Names inside containers (ZIP members, OLE streams) that say what the container is.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// What was seen in a container, one flag a marker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Markers(u32);

macro_rules! markers {
    ($(#[$doc:meta] $name:ident $bit:literal $bytes:expr;)*) => {
        impl Markers {
            $(#[$doc] pub(super) fn $name(self) -> bool { self.0 & (1 << $bit) != 0 })*
        }
        const PATTERNS: &[(u32, &[u8])] = &[$(($bit, $bytes)),*];
    };
}

markers! {
    /// Visual Basic project of a modern document.
    vba_part 0 b"vbaProject.bin";
    /// Word document.
    word_part 1 b"word/";
    /// Excel workbook.
    excel_part 2 b"xl/";
    /// PowerPoint presentation.
    powerpoint_part 3 b"ppt/";
    /// Packaging of Office documents.
    content_types 4 b"[Content_Types].xml";
    /// Java archive.
    manifest 5 b"META-INF/MANIFEST.MF";
    /// Compiled Java.
    class_file 6 b".class";
    /// Android package.
    android 7 b"AndroidManifest.xml";
    /// OpenDocument.
    open_document 8 b"mimetypeapplication/vnd.oasis.opendocument";
    /// Visual Basic project of an old document.
    vba_stream 9 b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0";
    /// Word document, old format.
    word_stream 10 b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0";
    /// Excel workbook, old format.
    excel_stream 11 b"W\0o\0r\0k\0b\0o\0o\0k\0";
    /// PowerPoint presentation, old format.
    powerpoint_stream 12 b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 \0D\0o\0c\0";
    /// Installer package: the class of the root entry.
    installer 13 b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46";
    /// Outlook message.
    message 14 b"_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0s\0_\0v\0e\0r\0s\0";
    /// Document encrypted with a password.
    encrypted 15 b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
}

/// Longest marker less one: what must be carried over so that a marker cut in two is found.
const CARRY: usize = 41;

fn automaton() -> Option<&'static AhoCorasick> {
    static AUTOMATON: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    AUTOMATON.get_or_init(|| AhoCorasick::new(PATTERNS.iter().map(|(_, bytes)| bytes)).ok()).as_ref()
}

/// The search through one container as its bytes come.
pub(super) struct Scan {
    found: Markers,
    carry: Vec<u8>,
}

impl Scan {
    /// A search, where the first bytes are those of a container.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let container = head.starts_with(b"PK\x03\x04") || head.starts_with(super::magic::OLE);
        container.then(|| Self { found: Markers::default(), carry: Vec::new() })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        let seam = bytes.len().min(CARRY);
        self.carry.extend_from_slice(&bytes[..seam]);
        search(&self.carry, &mut self.found);
        if bytes.len() > CARRY {
            search(bytes, &mut self.found);
            self.carry.clear();
            self.carry.extend_from_slice(&bytes[bytes.len() - CARRY..]);
        } else {
            self.carry.drain(..self.carry.len().saturating_sub(CARRY));
        }
    }

    pub(super) fn found(&self) -> Markers {
        self.found
    }
}

fn search(bytes: &[u8], found: &mut Markers) {
    let Some(automaton) = automaton() else { return };
    for hit in automaton.find_overlapping_iter(bytes) {
        found.0 |= 1 << PATTERNS[hit.pattern().as_usize()].0;
    }
}
