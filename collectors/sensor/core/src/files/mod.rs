//! Files carried over protocols: reassembled up to a limit, typed by content, hashed, offered for scanning.

use crate::context::EventId;
use crate::events::File;
use crate::time::Micros;

/// Files that may be open at once over all flows: bounds memory against a server that opens thousands of downloads.
pub const OPEN_MAX: usize = 4_096;

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
    pub url_original: Option<String>,
    /// Host of the request that carried it.
    pub url_domain: Option<String>,
    /// User agent of the request that carried it.
    pub user_agent: Option<String>,
}

/// Handle of an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId(usize);

/// A finished file: its event row, and its content if that is to be scanned.
pub struct Closed {
    /// `event.id` of its `file` event.
    pub id: EventId,
    /// When it was opened.
    pub time: Micros,
    /// The content up to the limit.
    pub content: Vec<u8>,
}

impl Closed {
    /// The row of the `file` dataset.
    #[must_use]
    pub fn row(&self) -> File<'_> {
        File::default()
    }
}

/// All open files of the sensor.
#[derive(Default)]
pub struct Files {}

impl Files {
    /// Opens a file; `None` at [`OPEN_MAX`].
    pub fn open(&mut self, time: Micros, id: EventId, meta: FileMeta) -> Option<FileId> {
        let _ = (time, id, meta);
        None
    }

    /// Adds bytes.
    pub fn data(&mut self, file: FileId, bytes: &[u8]) {
        let _ = (file, bytes);
    }

    /// Notes a hole.
    pub fn gap(&mut self, file: FileId, missing: u64) {
        let _ = (file, missing);
    }

    /// Media type by content, once enough bytes have come.
    #[must_use]
    pub fn media_type(&self, file: FileId) -> Option<&'static str> {
        let _ = file;
        None
    }

    /// Ends a file.
    pub fn close(&mut self, file: FileId, truncated: bool) -> Option<Closed> {
        let _ = (file, truncated);
        None
    }

    /// Hands the content over for scanning, within the bounded quarantine.
    pub fn offer(&mut self, closed: Closed) {
        let _ = closed;
    }
}
