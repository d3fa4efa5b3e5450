//! What a file holds: facts of programs, members of archives, disk images and documents, commands of shortcuts.
//!
//! Only kinds that carry attacks are opened; pictures, pages and fonts cost one comparison. Every list and every byte
//! unpacked is bounded here.

mod archives;
mod bytes;
mod disk;
mod documents;
mod ole;
mod pe;
mod seven;
mod shortcut;
#[cfg(test)]
mod tests;
mod udf;
mod volumes;
mod zip;

use flate2::{Decompress, FlushDecompress};

use super::kind::{FileType, Kind, detect};
use super::markers::{Markers, Scan};
pub(super) use pe::Pe;

/// Names of members told: enough to recognise an archive by, few enough for an event.
const MEMBERS_MAX: usize = 64;
/// Members counted: an archive of more is a bomb, or a backup.
const COUNT_MAX: u64 = 65_536;
/// Longest name told, and longest target outside a document.
const NAME_MAX: usize = 512;
/// Targets outside a document told.
const EXTERNAL_MAX: usize = 16;
/// Bytes unpacked for one file, over all its members and layers.
const UNPACKED_MAX: usize = 1 << 20;
/// First bytes of a member that are unpacked for its type.
const TASTE: usize = 8_192;
/// Bytes of a member that are unpacked when it is itself an archive or document.
const NESTED: usize = 262_144;
/// Members whose first bytes are looked at.
const TASTED_MAX: usize = 512;
/// Archives within archives that are opened.
const DEPTH_MAX: u8 = 2;

/// What was found in a content.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inside {
    pub(super) pe: Option<Pe>,
    /// Names in the order of the archive; those of an archive within follow it, behind its name and a slash.
    pub(super) members: Vec<String>,
    /// All members, told or not; `None` for what can have none.
    pub(super) member_count: Option<u64>,
    /// Kinds among the members that run or carry what runs.
    pub(super) kinds: Vec<String>,
    pub(super) encrypted: Option<bool>,
    /// The names of members are encrypted themselves, or packed in a way that nobody else uses.
    pub(super) hidden: Option<bool>,
    pub(super) macros: Option<bool>,
    /// What a document fetches from elsewhere when it is opened.
    pub(super) external: Vec<String>,
    /// What a shortcut runs.
    pub(super) command: Option<String>,
}

/// Opens a content of known type; `whole` when all its bytes are there, not its head alone.
pub(super) fn inspect(bytes: &[u8], kind: FileType, whole: bool) -> Option<Box<Inside>> {
    let wanted = match kind.kind {
        Kind::Pe => true,
        Kind::Office | Kind::OfficeMacro | Kind::Archive | Kind::Java => whole,
        Kind::DiskImage | Kind::Lnk | Kind::Onenote => whole,
        _ => false,
    };
    wanted.then(|| {
        let mut search = Search { inside: Inside::default(), left: UNPACKED_MAX, tasted: 0, depth: 0 };
        search.open(bytes, kind, "");
        Box::new(search.inside)
    })
}

/// One file's search, with what it may still spend.
struct Search {
    inside: Inside,
    left: usize,
    tasted: usize,
    depth: u8,
}

impl Search {
    fn open(&mut self, bytes: &[u8], kind: FileType, path: &str) {
        match kind.mime {
            "application/gzip" => archives::gzip(self, bytes, path),
            "application/x-tar" => archives::tar(self, bytes, path),
            "application/vnd.rar" => archives::rar(self, bytes, path),
            "application/vnd.ms-cab-compressed" => archives::cab(self, bytes, path),
            "application/x-7z-compressed" => seven::read(self, bytes, path),
            "application/x-iso9660-image" => disk::iso(self, bytes, path),
            "application/x-vhd" | "application/x-vhdx" | "application/x-raw-disk-image" => {
                volumes::read(self, bytes, path);
            }
            "application/x-ms-shortcut" => self.inside.command = shortcut::command(bytes),
            "application/onenote" => documents::onenote(self, bytes),
            "application/rtf" => documents::rtf(self, bytes),
            "application/vnd.microsoft.portable-executable" => self.inside.pe = pe::read(bytes),
            _ if bytes.starts_with(b"PK") => zip::read(self, bytes, path),
            _ if bytes.starts_with(super::magic::OLE) => ole::read(self, bytes, path),
            _ => {}
        }
    }

    /// Notes a member; `false` once no more are counted.
    fn member(&mut self, path: &str, name: &str) -> bool {
        let count = self.inside.member_count.get_or_insert(0);
        *count += 1;
        let more = *count < COUNT_MAX;
        if self.inside.members.len() < MEMBERS_MAX && !name.is_empty() {
            self.inside.members.push(bounded(&format!("{path}{name}")));
        }
        if let Some(kind) = kind_by_name(name) {
            self.kind(kind);
        }
        more
    }

    fn kind(&mut self, kind: Kind) {
        let telling = !matches!(
            kind,
            Kind::Image | Kind::Media | Kind::Text | Kind::Html | Kind::Data | Kind::Office | Kind::Pdf
        );
        // A closed list: it bounds itself.
        if telling && !self.inside.kinds.iter().any(|known| known == kind.as_str()) {
            self.inside.kinds.push(kind.as_str().to_owned());
        }
    }

    fn external(&mut self, target: &str) {
        let target = bounded(target);
        if self.inside.external.len() < EXTERNAL_MAX && !self.inside.external.contains(&target) {
            self.inside.external.push(target);
        }
    }

    fn encrypted(&mut self, encrypted: bool) {
        let known = self.inside.encrypted.unwrap_or(false);
        self.inside.encrypted = Some(known || encrypted);
    }

    fn may_taste(&mut self) -> bool {
        self.tasted += 1;
        self.tasted <= TASTED_MAX
    }

    /// Types a member by its content, and opens it where it is a container itself.
    fn content(&mut self, bytes: &[u8], path: &str, name: &str) {
        let kind = typed(bytes);
        self.kind(kind.kind);
        let opened = matches!(kind.kind, Kind::Archive | Kind::DiskImage | Kind::Office | Kind::OfficeMacro);
        let opened = opened || matches!(kind.kind, Kind::Lnk if self.inside.command.is_none());
        if opened && self.depth < DEPTH_MAX {
            self.depth += 1;
            self.open(bytes, kind, &bounded(&format!("{path}{name}/")));
            self.depth -= 1;
        }
    }

    /// Raw deflate undone, up to `most` bytes and what is left to spend.
    fn inflate(&mut self, bytes: &[u8], most: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(most.min(self.left));
        // What could be undone before an error is as good as all of it.
        let _ = Decompress::new(false).decompress_vec(bytes, &mut out, FlushDecompress::None);
        out.truncate(self.left);
        self.left -= out.len();
        out
    }

    /// The first bytes of a deflated member, more of them if it is a container.
    fn unpack(&mut self, bytes: &[u8]) -> Vec<u8> {
        let taste = self.inflate(bytes, TASTE);
        let deeper = matches!(detect(&taste, Markers::default()).kind, Kind::Archive | Kind::Office);
        if taste.len() < TASTE || !deeper {
            return taste;
        }
        self.inflate(bytes, NESTED)
    }
}

fn typed(bytes: &[u8]) -> FileType {
    let markers = Scan::of(bytes).map_or(Markers::default(), |mut scan| {
        scan.add(bytes);
        scan.found()
    });
    detect(bytes, markers)
}

fn bounded(text: &str) -> String {
    text.chars().take(NAME_MAX).collect()
}

/// What Windows would do with a file of this name.
fn kind_by_name(name: &str) -> Option<Kind> {
    Some(match super::closed::extension(name)?.as_str() {
        "exe" | "dll" | "scr" | "com" | "pif" | "cpl" | "ocx" | "sys" | "xll" => Kind::Pe,
        "js" | "jse" | "vbs" | "vbe" | "wsf" | "wsh" | "ps1" | "psm1" | "bat" | "cmd" | "sh" | "py"
        | "sct" | "url" => Kind::Script,
        "hta" => Kind::Hta,
        "lnk" => Kind::Lnk,
        "docm" | "dotm" | "xlsm" | "xltm" | "xlam" | "pptm" | "ppam" => Kind::OfficeMacro,
        "iso" | "img" | "vhd" | "vhdx" | "udf" => Kind::DiskImage,
        "one" => Kind::Onenote,
        "jar" => Kind::Java,
        "zip" | "rar" | "7z" | "cab" | "gz" | "tar" | "tgz" | "msi" | "ace" | "arj" => Kind::Archive,
        _ => return None,
    })
}
