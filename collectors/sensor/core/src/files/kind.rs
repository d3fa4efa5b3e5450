//! What a file is, by its content alone.

use super::magic::{Magic, OLE, TABLE};
use super::markers::Markers;
use super::script;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal),* $(,)?) => {
        /// The closed list of `vonggac.file.kind`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// The value of `vonggac.file.kind`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// Windows program or library.
    Pe = "pe",
    /// Unix program or library.
    Elf = "elf",
    /// macOS program or library.
    Macho = "macho",
    /// Source that an interpreter runs.
    Script = "script",
    /// Office document.
    Office = "office",
    /// Office document that holds a Visual Basic project.
    OfficeMacro = "office-macro",
    /// PDF document.
    Pdf = "pdf",
    /// Archive, compressed file or installer package.
    Archive = "archive",
    /// Image of a disk.
    DiskImage = "disk-image",
    /// Shortcut.
    Lnk = "lnk",
    /// HTML application.
    Hta = "hta",
    /// OneNote section.
    Onenote = "onenote",
    /// Java class or archive, Android bytecode.
    Java = "java",
    /// Flash film.
    Flash = "flash",
    /// Web page.
    Html = "html",
    /// Picture.
    Image = "image",
    /// Sound or film.
    Media = "media",
    /// Text of no other kind.
    Text = "text",
    /// Anything else.
    Data = "data",
}

/// Kind and media type of a file by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileType {
    /// For `vonggac.file.kind`.
    pub kind: Kind,
    /// For `file.mime_type`.
    pub mime: &'static str,
}

impl FileType {
    pub(super) const fn new(kind: Kind, mime: &'static str) -> Self {
        Self { kind, mime }
    }
}

/// The type of a file that begins with `head`; `markers` are the names seen inside it when it is a container.
pub(super) fn detect(head: &[u8], markers: Markers) -> FileType {
    program(head)
        .or_else(|| container(head, markers))
        .or_else(|| by_magic(head))
        .or_else(|| disk(head))
        .or_else(|| script::detect(head))
        .unwrap_or(FileType::new(Kind::Data, "application/octet-stream"))
}

fn by_magic(head: &[u8]) -> Option<FileType> {
    let found =
        TABLE.iter().find(|Magic { offset, bytes, .. }| at(head, *offset, bytes.len()) == Some(*bytes))?;
    Some(FileType::new(found.kind, found.mime))
}

/// A disk without a container (a VHD of fixed size has its header at the end): a partition table of sound entries.
fn disk(head: &[u8]) -> Option<FileType> {
    const ENTRIES: usize = 446;
    let table = at(head, ENTRIES, 64).filter(|_| at(head, 510, 2) == Some(b"\x55\xaa"))?;
    let (mut used, mut sound) = (0, true);
    for entry in table.as_chunks::<16>().0 {
        let (start, size) = (word(entry, 8)?, word(entry, 12)?);
        let empty = *entry == [0; 16];
        used += usize::from(!empty);
        sound &= empty || (matches!(entry[0], 0 | 0x80) && entry[4] != 0 && start > 0 && size > 0);
    }
    (sound && used > 0).then_some(FileType::new(Kind::DiskImage, "application/x-raw-disk-image"))
}

fn at(head: &[u8], offset: usize, length: usize) -> Option<&[u8]> {
    head.get(offset..offset.checked_add(length)?)
}

fn word(head: &[u8], offset: usize) -> Option<u32> {
    at(head, offset, 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
}

fn program(head: &[u8]) -> Option<FileType> {
    if head.starts_with(b"MZ") {
        return dos(head);
    }
    let magic = head.get(..4)?;
    match magic {
        b"\x7fELF" => Some(FileType::new(Kind::Elf, "application/x-elf")),
        b"\xfe\xed\xfa\xce" | b"\xfe\xed\xfa\xcf" | b"\xce\xfa\xed\xfe" | b"\xcf\xfa\xed\xfe" => {
            Some(FileType::new(Kind::Macho, "application/x-mach-binary"))
        }
        // Java classes and universal Mach-O share a magic; then come a class version (≥ 43) or a few architectures.
        b"\xca\xfe\xba\xbe" => Some(match word(head, 4).map(u32::swap_bytes) {
            Some(architectures) if architectures < 43 => {
                FileType::new(Kind::Macho, "application/x-mach-binary")
            }
            _ => FileType::new(Kind::Java, "application/java-vm"),
        }),
        _ => None,
    }
}

/// `MZ` alone is two letters: the header must point to a PE header, or look like a DOS program of one.
fn dos(head: &[u8]) -> Option<FileType> {
    const PE: FileType = FileType::new(Kind::Pe, "application/vnd.microsoft.portable-executable");
    let offset = usize::try_from(word(head, 60)?).ok()?;
    match at(head, offset, 4) {
        Some(b"PE\0\0") => Some(PE),
        Some(bytes) if bytes.starts_with(b"NE") || bytes.starts_with(b"LE") => {
            Some(FileType::new(Kind::Pe, "application/x-dosexec"))
        }
        _ if memchr::memmem::find(head, b"This program").is_some() => Some(PE),
        _ => None,
    }
}

fn container(head: &[u8], markers: Markers) -> Option<FileType> {
    if head.starts_with(b"PK\x03\x04") {
        return Some(zip(markers));
    }
    head.starts_with(OLE).then(|| ole(markers))
}

fn zip(markers: Markers) -> FileType {
    if markers.content_types() && (markers.word_part() || markers.excel_part() || markers.powerpoint_part()) {
        let mime = if markers.word_part() {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        } else if markers.excel_part() {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        } else {
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        };
        return FileType::new(if markers.vba_part() { Kind::OfficeMacro } else { Kind::Office }, mime);
    }
    if markers.open_document() {
        return FileType::new(Kind::Office, "application/vnd.oasis.opendocument");
    }
    if markers.android() {
        return FileType::new(Kind::Archive, "application/vnd.android.package-archive");
    }
    if markers.manifest() || markers.class_file() {
        return FileType::new(Kind::Java, "application/java-archive");
    }
    FileType::new(Kind::Archive, "application/zip")
}

fn ole(markers: Markers) -> FileType {
    if markers.installer() {
        return FileType::new(Kind::Archive, "application/x-msi");
    }
    let mime = if markers.word_stream() {
        "application/msword"
    } else if markers.excel_stream() {
        "application/vnd.ms-excel"
    } else if markers.powerpoint_stream() {
        "application/vnd.ms-powerpoint"
    } else if markers.message() {
        "application/vnd.ms-outlook"
    } else if markers.encrypted() {
        "application/vnd.ms-office-encrypted"
    } else {
        "application/x-ole-storage"
    };
    FileType::new(if markers.vba_stream() { Kind::OfficeMacro } else { Kind::Office }, mime)
}
