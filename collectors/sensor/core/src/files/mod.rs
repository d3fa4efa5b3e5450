//! Files carried over protocols: reassembled up to a limit, typed by content, hashed, offered for scanning.

mod closed;
mod content;
mod hashes;
mod inside;
mod kind;
mod magic;
mod markers;
mod ranges;
mod script;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

pub use closed::Closed;
pub(crate) use closed::extension;
pub(crate) use content::{count, entropy};
pub use kind::{FileType, Kind};
pub use ranges::Range;

use crate::context::EventId;
use crate::engine::ExtractedFile;
use crate::time::Micros;
use crate::url::Url;
use content::Content;
use hashes::Known;
use ranges::{Join, Part};

/// Files that may be open at once over all flows: bounds memory against a server that opens thousands of downloads.
pub const OPEN_MAX: usize = 4_096;
/// Bytes of content held over all open files: beyond it a file is still hashed and typed, but not kept for scanning.
pub const HELD_MAX: u64 = 256 << 20;
/// Bytes that may wait for the scanner: a scanner that has stopped must not fill the memory.
pub const QUARANTINE_MAX: u64 = 256 << 20;

/// What a site can set about files.
#[derive(Clone, Copy, Debug)]
pub struct FileSettings {
    /// Bytes of a file that are reassembled, hashed and offered for scanning.
    pub limit: u64,
    /// MD5 as well.
    pub md5: bool,
    /// SHA-1 as well.
    pub sha1: bool,
    /// Offer the content for scanning.
    pub keep: bool,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self { limit: 16 << 20, md5: true, sha1: true, keep: false }
    }
}

/// The letter that carries a file, as far as it is known when the file is opened.
#[derive(Clone, Debug, Default)]
pub struct LetterMeta {
    /// Name that the sending machine gives itself.
    pub helo: Option<String>,
    /// Sender on the envelope.
    pub mail_from: Option<String>,
    /// Recipients on the envelope.
    pub rcpt_to: Vec<String>,
    /// From, decoded.
    pub from: Option<String>,
    /// Addresses in From.
    pub from_addresses: Vec<String>,
    /// To, decoded.
    pub to: Vec<String>,
    /// Subject, decoded.
    pub subject: Option<String>,
}

/// What a protocol knows of a file when it opens it.
#[derive(Clone, Debug, Default)]
pub struct FileMeta {
    /// `event.id` of the carrying event ([`crate::context::Context::reserve`]).
    pub carrier: Option<EventId>,
    /// Protocol that carries it (`http`).
    pub protocol: &'static str,
    /// To the client or to the server.
    pub upload: bool,
    /// Name given by the protocol.
    pub name: Option<String>,
    /// Media type that the protocol declares.
    pub declared_type: Option<String>,
    /// Target of the request that carried it.
    pub url: Option<Arc<Url>>,
    /// Method of the request that carried it (of HTTP), or command (of FTP).
    pub method: Option<String>,
    /// User agent of the request that carried it.
    pub user_agent: Option<String>,
    /// The letter that carries it.
    pub letter: Option<Arc<LetterMeta>>,
    /// The protocol itself says that this is a part only, and not which (HTTP 206 without range).
    pub partial: bool,
    /// Which part of its whole it is.
    pub range: Option<Range>,
}

/// Handle of an open file. It names nothing any more once the file is closed, even when its place is used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
    place: usize,
    opening: u64,
}

struct Open {
    opening: u64,
    id: EventId,
    time: Micros,
    meta: FileMeta,
    content: Content,
    /// A part only: its bytes go to the whole.
    part: Option<Part>,
}

/// What became of the files so far.
#[derive(Clone, Copy, Debug, Default)]
struct Counters {
    opened: u64,
    refused: u64,
    truncated: u64,
    unkept: u64,
    dropped: u64,
    joined: u64,
    unjoined: u64,
}

/// All open files of the sensor, and those that wait for the scanner.
#[derive(Default)]
pub struct Files {
    settings: FileSettings,
    open: Vec<Option<Open>>,
    free: Vec<usize>,
    held: u64,
    offered: Vec<ExtractedFile>,
    quarantined: u64,
    counters: Counters,
    known: Known,
    joins: HashMap<u128, Box<Join>, RandomState>,
    /// Bytes that wait for what lies before them.
    ahead: u64,
}

impl Files {
    /// No files yet.
    #[must_use]
    pub fn new(settings: FileSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Opens a file; `None` at [`OPEN_MAX`].
    pub fn open(&mut self, time: Micros, id: EventId, meta: FileMeta) -> Option<FileId> {
        if self.free.is_empty() && self.open.len() >= OPEN_MAX {
            self.counters.refused += 1;
            return None;
        }
        self.counters.opened += 1;
        let opening = self.counters.opened;
        let open = Some(Open { opening, id, time, meta, content: Content::new(&self.settings), part: None });
        let place = if let Some(place) = self.free.pop() {
            self.open[place] = open;
            place
        } else {
            self.open.push(open);
            self.open.len() - 1
        };
        Some(FileId { place, opening })
    }

    fn find(&self, file: FileId) -> Option<&Open> {
        self.open.get(file.place)?.as_ref().filter(|open| open.opening == file.opening)
    }

    fn remove(&mut self, file: FileId) -> Option<Open> {
        self.find(file)?;
        let open = self.open[file.place].take()?;
        self.free.push(file.place);
        self.held -= open.content.held();
        Some(open)
    }

    /// Adds bytes.
    pub fn data(&mut self, file: FileId, bytes: &[u8]) {
        if let Some(part) = self.part_on(file, bytes.len() as u64) {
            return self.part_data(part, bytes);
        }
        let room = HELD_MAX - self.held;
        let found = self.open.get_mut(file.place).and_then(Option::as_mut);
        if let Some(open) = found.filter(|open| open.opening == file.opening) {
            self.held = self.held.saturating_add_signed(open.content.add(bytes, room));
        }
    }

    /// Notes a hole.
    pub fn gap(&mut self, file: FileId, missing: u64) {
        if self.part_on(file, missing).is_some() {
            return;
        }
        let found = self.open.get_mut(file.place).and_then(Option::as_mut);
        if let Some(open) = found.filter(|open| open.opening == file.opening) {
            open.content.gap(missing);
        }
    }

    /// Kind and media type by the content so far; `None` as long as nothing has come.
    #[must_use]
    pub fn file_type(&self, file: FileId) -> Option<FileType> {
        self.find(self.whole(file))
            .filter(|open| open.content.size() > 0)
            .map(|open| open.content.file_type())
    }

    /// Media type by the content so far; `None` as long as nothing has come.
    #[must_use]
    pub fn media_type(&self, file: FileId) -> Option<&'static str> {
        self.file_type(file).map(|found| found.mime)
    }

    /// The first bytes of the content, as far as they have come.
    #[must_use]
    pub fn head(&self, file: FileId) -> &[u8] {
        self.find(self.whole(file)).map_or(&[], |open| open.content.head())
    }

    /// Ends a file; `truncated` when its carrier says that the end is missing. A part gives its whole with the last.
    pub fn close(&mut self, file: FileId, truncated: bool) -> Option<Closed> {
        let open = self.remove(file)?;
        if let Some(part) = open.part {
            return self.close_part(part);
        }
        Some(self.closed(open, truncated))
    }

    fn closed(&mut self, open: Open, truncated: bool) -> Closed {
        let closed = Closed::new(open, truncated, &mut self.known);
        self.counters.truncated += u64::from(closed.truncated);
        self.counters.unkept += u64::from(self.settings.keep && closed.content.is_none());
        closed
    }

    /// Forgets a file that turned out to be none: no event, no content.
    pub fn abandon(&mut self, file: FileId) {
        if let Some(part) = self.remove(file).and_then(|open| open.part) {
            self.abandon_part(part);
        }
    }

    /// Hands the content over for scanning, within the bounded quarantine.
    pub fn offer(&mut self, closed: Closed) {
        let Some(content) = closed.content.filter(|content| self.settings.keep && !content.is_empty()) else {
            return;
        };
        let size = content.len() as u64;
        if self.quarantined + size > QUARANTINE_MAX {
            self.counters.dropped += 1;
            return;
        }
        self.quarantined += size;
        self.offered.push(ExtractedFile { event_id: closed.id.as_str().to_owned(), content });
    }

    /// The contents that wait for the scanner; they leave the quarantine.
    pub fn take_offered(&mut self) -> Vec<ExtractedFile> {
        self.quarantined = 0;
        std::mem::take(&mut self.offered)
    }

    /// Bytes of open files and of the quarantine that are held now.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.held + self.quarantined + self.ahead
    }

    /// Counters by their dotted names: opened; refused at [`OPEN_MAX`]; hashed in part only; not kept because of
    /// [`HELD_MAX`]; dropped at [`QUARANTINE_MAX`]; joined of parts; bytes of parts that could not wait to be joined.
    #[must_use]
    pub fn counters(&self) -> [(&'static str, u64); 7] {
        let Counters { opened, refused, truncated, unkept, dropped, joined, unjoined } = self.counters;
        [
            ("files.opened", opened),
            ("files.refused", refused),
            ("files.truncated", truncated),
            ("files.unkept", unkept),
            ("files.dropped", dropped),
            ("files.joined", joined),
            ("files.unjoined_bytes", unjoined),
        ]
    }
}
