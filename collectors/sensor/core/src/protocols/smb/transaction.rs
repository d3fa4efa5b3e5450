//! One command with its answer: what becomes an event.

use super::handles::Key;
use super::names;
use super::parser::{FileId, Stat};
use super::session::Setup;
use super::status;
use super::wire::long;
use crate::context::{Context, EventId};
use crate::events;
use crate::time::Micros;

/// What is known of a command; what it does not have stays empty.
#[derive(Default)]
pub struct Transaction {
    /// When the command was sent.
    pub time: Micros,
    /// Which of its connection, from 0.
    pub ordinal: u64,
    /// 1, 2 or 3.
    pub version: u8,
    /// Name of the command.
    pub command: &'static str,
    /// What it does in particular.
    pub function: Option<String>,
    /// NT status of the answer.
    pub status: Option<u32>,
    /// Number of the message.
    pub message: Option<u64>,
    /// Number of the session.
    pub session: Option<u64>,
    /// Number of the share.
    pub tree: Option<u32>,
    /// The open file.
    pub key: Option<Key>,
    /// Path of the file.
    pub path: Option<String>,
    /// Name of the pipe.
    pub pipe: Option<String>,
    /// Path of the share.
    pub share: Option<String>,
    /// disk, pipe or print.
    pub share_type: Option<&'static str>,
    /// New path of a rename, second path of a link.
    pub target: Option<String>,
    /// Pattern of a directory query.
    pub pattern: Option<String>,
    /// How a file is opened.
    pub open: Option<Opening>,
    /// What the server says of the opened file.
    pub stat: Option<Stat>,
    /// What went through the file, at its close.
    pub sums: Option<Sums>,
    /// What is agreed upon.
    pub negotiation: Option<Box<Negotiation>>,
    /// Step of a log-in.
    pub setup: Option<Box<Setup>>,
    /// Who uses the session.
    pub account: Account,
    /// What follows is encrypted.
    pub encrypted: bool,
    /// `event.id`, where a file refers to it already.
    pub event: Option<EventId>,
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// What to do if the file is there or not.
    pub disposition: Option<u32>,
    /// Access mask asked for.
    pub access: u32,
    /// Create options.
    pub options: u32,
}

/// What went through a file while it was open.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Bytes read.
    pub read: u64,
    /// Bytes written.
    pub written: u64,
    /// Answered read commands.
    pub reads: u64,
    /// Write commands.
    pub writes: u64,
}

/// What the two ends agree upon.
#[derive(Clone, Debug, Default)]
pub struct Negotiation {
    /// Dialects offered.
    pub dialects: Vec<String>,
    /// GUID of the client.
    pub client: Option<String>,
    /// GUID of the server.
    pub server: Option<String>,
    /// What the client says of signatures.
    pub client_signing: Option<&'static str>,
    /// What the server says of signatures.
    pub server_signing: Option<&'static str>,
    /// Cipher agreed upon.
    pub cipher: Option<&'static str>,
}

/// Who uses the session.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Account, without its domain.
    pub user: Option<String>,
    /// Domain or realm.
    pub domain: Option<String>,
}

impl Transaction {
    /// The event, under the dialect of its connection.
    pub fn emit(&self, dialect: Option<&str>, context: &mut Context<'_>) {
        let status = self.status.map(status::name);
        let file_id = self.key.and_then(file_id);
        let (access, options) = match &self.open {
            Some(open) => (names::access(open.access), names::options(open.options)),
            None => Default::default(),
        };
        let row = events::Smb {
            vonggac_smb_version: Some(i64::from(self.version)),
            vonggac_smb_dialect: dialect,
            vonggac_smb_command: Some(self.command),
            vonggac_smb_function: self.function.as_deref(),
            event_outcome: Some(status::outcome(self.status)),
            vonggac_smb_status: status.as_deref(),
            vonggac_smb_status_code: self.status.map(i64::from),
            vonggac_smb_ordinal: Some(long(self.ordinal)),
            vonggac_smb_message_id: self.message.map(long),
            vonggac_smb_session_id: self.session.map(long),
            vonggac_smb_tree_id: self.tree.map(i64::from),
            vonggac_smb_encrypted: self.encrypted.then_some(true),
            user_name: self.account.user.as_deref(),
            user_domain: self.account.domain.as_deref(),
            vonggac_smb_share: self.share.as_deref(),
            vonggac_smb_share_type: self.share_type,
            file_path: self.path.as_deref(),
            vonggac_smb_named_pipe: self.pipe.as_deref(),
            vonggac_smb_file_id: file_id.as_deref(),
            vonggac_smb_target: self.target.as_deref(),
            vonggac_smb_pattern: self.pattern.as_deref(),
            vonggac_smb_access: some(&access),
            vonggac_smb_options: some(&options),
            ..self.rest()
        };
        match &self.setup {
            Some(setup) => setup.describe(row, |row| self.send(row, context)),
            None => self.send(&row, context),
        }
    }

    /// What only some commands have.
    fn rest(&self) -> events::Smb<'_> {
        let mut row = events::Smb::default();
        if let Some(told) = &self.negotiation {
            row.vonggac_smb_dialects = some(&told.dialects);
            row.vonggac_smb_client_guid = told.client.as_deref();
            row.vonggac_smb_server_guid = told.server.as_deref();
            row.vonggac_smb_client_signing = told.client_signing;
            row.vonggac_smb_server_signing = told.server_signing;
            row.vonggac_smb_cipher = told.cipher;
        }
        row.vonggac_smb_disposition = self.open.and_then(|open| names::disposition(open.disposition?));
        if let Some(stat) = &self.stat {
            row.file_created = stat.created;
            row.file_accessed = stat.accessed;
            row.file_mtime = stat.modified;
            row.file_ctime = stat.changed;
            row.file_size = Some(long(stat.size));
            row.vonggac_smb_directory = Some(stat.directory);
        }
        if let Some(sums) = &self.sums {
            row.vonggac_smb_bytes_read = Some(long(sums.read));
            row.vonggac_smb_bytes_written = Some(long(sums.written));
            row.vonggac_smb_reads = Some(long(sums.reads));
            row.vonggac_smb_writes = Some(long(sums.writes));
        }
        row
    }

    fn send(&self, row: &events::Smb<'_>, context: &mut Context<'_>) {
        match self.event {
            Some(id) => context.emit_as(id, self.time, row),
            None => drop(context.emit(self.time, row)),
        }
    }
}

fn some(list: &[String]) -> Option<&[String]> {
    Some(list).filter(|list| !list.is_empty())
}

/// An open file as text: for SMB 2 the persistent and the volatile half.
fn file_id(key: Key) -> Option<String> {
    match key {
        Key::Two(FileId(persistent, volatile)) => Some(format!("{persistent:016x}-{volatile:016x}")),
        Key::One(number) => Some(format!("{number:04x}")),
        Key::Create(_) => None,
    }
}

/// A GUID as text (MS-DTYP §2.3.4): its first three parts are numbers in little endian.
pub fn guid(bytes: [u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
    let first = u32::from_le_bytes([a, b, c, d]);
    let (second, third) = (u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h]));
    let [i, j, last @ ..] = rest;
    let fourth = u16::from_be_bytes([i, j]);
    let node = last.iter().fold(0_u64, |node, byte| node << 8 | u64::from(*byte));
    format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{node:012x}")
}
