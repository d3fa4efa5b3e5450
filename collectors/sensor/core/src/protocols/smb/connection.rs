//! What is known of one connection: its sessions, shares and open files, and the commands that wait for their answer.

use std::collections::{BTreeMap, VecDeque};

use super::handles::{Handle, Handles, Key};
use super::pipes;
use super::session::Session;
use super::status;
use super::transaction::{Account, Opening, Sums, Transaction};
use super::transfer::HELD_MAX;
use crate::context::Context;
use crate::protocols::Direction;
use crate::protocols::ntlm::Exchange;

/// Commands that wait for their answer: clients have some dozens under way, and servers grant 512 credits at most by
/// default. The oldest give way.
pub const WAITING_MAX: usize = 256;

/// Shares that a connection uses at a time: an office machine has a handful. The oldest give way.
pub const TREES_MAX: usize = 64;

/// Sessions of one connection: one a user, terminal servers have many. The oldest give way.
pub const SESSIONS_MAX: usize = 64;

/// Creates remembered for commands of the same compound, whose answers come at once.
const CREATED_MAX: usize = 16;

/// A command that waits for its answer.
pub enum Waiting {
    /// A read, of the file and from the place that its answer does not repeat.
    Read { key: Key, offset: u64, session: u64, tree: u32 },
    /// A write; its data is known, its result is not.
    Write { key: Key },
    /// Anything that becomes an event.
    Row(Box<Transaction>),
}

/// A connection to a share.
pub struct Tree {
    /// Session that uses it.
    pub session: u64,
    /// Its number within the session.
    pub id: u32,
    /// Path of the share.
    pub path: String,
    /// disk, pipe or print.
    pub kind: Option<&'static str>,
}

/// Data of a command that is being streamed into an open file.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// The open file.
    pub key: Key,
    /// Where the next byte belongs in the file.
    pub offset: u64,
    /// What belongs before it may still come.
    pub patient: bool,
}

/// Number of a waiting command: version of SMB and message id.
pub type Number = (u8, u64);

/// State of one connection.
#[derive(Default)]
pub struct Connection {
    /// Dialect agreed upon.
    pub dialect: Option<String>,
    /// 1, 2 or 3, once agreed upon.
    pub version: Option<u8>,
    /// The first offer of dialects, which may be answered by another version.
    pub offer: Option<Box<Transaction>>,
    /// Sessions, and log-ins under way.
    pub sessions: Vec<Session>,
    /// Open files and pipes.
    pub handles: Handles,
    /// In the order in which they were sent, as far as numbers tell.
    waiting: BTreeMap<Number, Waiting>,
    trees: Vec<Tree>,
    created: VecDeque<(u64, Key)>,
    ordinal: u64,
    /// The server was heard.
    answers: bool,
}

impl Connection {
    /// A new transaction with the next number.
    pub fn begin(&mut self, version: u8, command: &'static str, context: &Context<'_>) -> Box<Transaction> {
        let ordinal = self.ordinal;
        self.ordinal += 1;
        let version = self.version.filter(|agreed| version > 1 && *agreed > 1).unwrap_or(version);
        Box::new(Transaction { time: context.time, ordinal, version, command, ..Transaction::default() })
    }

    /// Remembers a command until its answer comes.
    pub fn wait(&mut self, number: Number, waiting: Waiting, context: &mut Context<'_>) {
        if self.waiting.len() >= WAITING_MAX && !self.waiting.contains_key(&number) {
            // Of a capture of one direction there is nothing to be said against the client.
            if self.answers {
                context.anomaly("smb-many-requests");
            }
            if let Some((_, oldest)) = self.waiting.pop_first() {
                self.unanswered(oldest, context);
            }
        }
        if let Some(older) = self.waiting.insert(number, waiting) {
            self.unanswered(older, context);
        }
    }

    /// The command that an answer belongs to.
    pub fn answered(&mut self, number: Number) -> Option<Waiting> {
        self.answers = true;
        self.waiting.remove(&number)
    }

    /// The transaction that waits under a number.
    pub fn waiting_row(&self, number: Number) -> Option<&Transaction> {
        match self.waiting.get(&number) {
            Some(Waiting::Row(row)) => Some(row),
            _ => None,
        }
    }

    /// No answer was seen.
    fn unanswered(&mut self, waiting: Waiting, context: &mut Context<'_>) {
        let Waiting::Row(mut row) = waiting else { return };
        if row.setup.is_some() {
            row.emit(self.dialect.as_deref(), context);
            if let Some(mut setup) = row.setup {
                setup.conclude(row.time, "unknown", None, context);
            }
            return;
        }
        if row.command == "CLOSE"
            && let Some(key) = row.key.map(|key| self.resolve(key))
            && let Some(handle) = self.handles.take(key)
        {
            self.sum_up(handle, &mut row, context);
        }
        self.emit(*row, context);
    }

    /// The name that the server gave to a file, if it has been created by now.
    pub fn resolve(&self, key: Key) -> Key {
        let Key::Create(message) = key else { return key };
        let found = self.created.iter().find(|(create, _)| *create == message);
        found.map_or(key, |(_, key)| *key)
    }

    /// A create was answered with this file.
    pub fn name_created(&mut self, message: u64, key: Key) {
        if self.created.len() >= CREATED_MAX {
            self.created.pop_front();
        }
        self.created.push_back((message, key));
    }

    /// The share of a command.
    pub fn tree(&self, session: u64, id: u32) -> Option<&Tree> {
        self.trees.iter().rev().find(|tree| tree.id == id && tree.session == session)
    }

    /// A share is connected.
    pub fn connect(&mut self, tree: Tree, context: &mut Context<'_>) {
        self.disconnect(tree.session, tree.id);
        if self.trees.len() >= TREES_MAX {
            context.anomaly("smb-many-shares");
            self.trees.remove(0);
        }
        self.trees.push(tree);
    }

    /// A share is disconnected.
    pub fn disconnect(&mut self, session: u64, id: u32) {
        self.trees.retain(|tree| tree.id != id || tree.session != session);
    }

    /// The session of this number, removed.
    pub fn take_session(&mut self, id: u64) -> Option<Session> {
        let place = self.sessions.iter().position(|session| session.id == id)?;
        Some(self.sessions.remove(place))
    }

    /// A session, or a step towards one.
    pub fn add_session(&mut self, session: Session, context: &mut Context<'_>) {
        self.take_session(session.id);
        if self.sessions.len() >= SESSIONS_MAX {
            context.anomaly("smb-many-sessions");
            self.sessions.remove(0);
        }
        self.sessions.push(session);
    }

    /// Whether files of a share are pipes.
    pub fn is_pipe(&self, session: u64, tree: u32) -> bool {
        self.tree(session, tree).is_some_and(|tree| tree.kind == Some("pipe") || is_pipe_share(&tree.path))
    }

    /// An open file; made up if its create was not seen. `start` are first bytes of what it carries.
    pub fn handle(
        &mut self,
        key: Key,
        (session, tree): (u64, u32),
        start: &[u8],
        context: &mut Context<'_>,
    ) -> Option<&mut Handle> {
        // Where the share was connected unseen, the first bytes tell what its files are.
        let calls = self.tree(session, tree).is_none() && pipes::is_remote_procedure(start);
        if let Some(known) = self.handles.find(key) {
            if calls && !known.pipe && !known.was_used() {
                known.become_pipe();
            }
        } else {
            let pipe = calls || self.is_pipe(session, tree);
            let path = match key {
                Key::Create(message) => self
                    .waiting_row((2, message))
                    .and_then(|row| if pipe { row.pipe.clone() } else { row.path.clone() }),
                _ => None,
            };
            self.open(Handle::new(key, session, tree, path, pipe, context.time), context);
        }
        self.handles.find(key)
    }

    /// A write is answered.
    pub fn written(&mut self, key: Key, status: u32) {
        let key = self.resolve(key);
        if let Some(handle) = self.handles.find(key) {
            handle.note(status);
        }
    }

    /// Adds an open file.
    pub fn open(&mut self, handle: Handle, context: &mut Context<'_>) {
        if let Some(gone) = self.handles.add(handle) {
            self.give_up(gone, context);
        }
    }

    /// Bytes of a command that carries data.
    pub fn data(
        &mut self,
        direction: Direction,
        stream: &mut Stream,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) {
        if let Some(handle) = self.handles.find(stream.key) {
            handle.data(direction, stream.offset, bytes, stream.patient, context);
        }
        stream.offset = stream.offset.saturating_add(bytes.len() as u64);
    }

    /// The same for bytes that were never seen.
    pub fn gap(
        &mut self,
        direction: Direction,
        stream: &mut Stream,
        missing: u64,
        context: &mut Context<'_>,
    ) {
        if let Some(handle) = self.handles.find(stream.key) {
            handle.gap(direction, stream.offset, missing, context);
        }
        stream.offset = stream.offset.saturating_add(missing);
    }

    /// Whether a read that waits may bring what belongs before `offset`.
    pub fn may_fill(&mut self, key: Key, offset: u64) -> bool {
        let Some(next) = self.handles.find(key).map(|handle| handle.read.next()) else { return false };
        // A request more than the bytes held away fills nothing in time.
        let reach = next.saturating_add(HELD_MAX as u64);
        offset > next
            && offset <= reach
            && self.waiting.values().any(|waiting| match waiting {
                Waiting::Read { key: other, offset: from, .. } => *other == key && *from < offset,
                Waiting::Write { .. } | Waiting::Row(_) => false,
            })
    }

    /// The file of a close: its figures go to the close's event.
    pub fn sum_up(&mut self, mut handle: Handle, row: &mut Transaction, context: &mut Context<'_>) {
        handle.close(context);
        row.event = handle.event;
        row.session.get_or_insert(handle.session);
        row.tree.get_or_insert(handle.tree);
        let (read, written) = (&handle.read, &handle.written);
        row.sums = Some(Sums {
            read: read.bytes,
            written: written.bytes,
            reads: read.commands,
            writes: written.commands,
        });
        if handle.pipe {
            row.pipe = handle.path;
        } else {
            row.path = handle.path;
        }
    }

    /// A file that is never closed: an event only if it was used.
    fn give_up(&mut self, mut handle: Handle, context: &mut Context<'_>) {
        if !handle.was_used() {
            return handle.close(context);
        }
        let command = if handle.written.bytes > 0 { "WRITE" } else { "READ" };
        let version = if matches!(handle.key, Key::One(_)) { 1 } else { 2 };
        let mut row = self.begin(version, command, context);
        row.time = handle.opened;
        row.status = handle.status;
        row.key = Some(handle.key);
        self.sum_up(handle, &mut row, context);
        self.emit(*row, context);
    }

    /// A step of a log-in is answered: the log-in goes on, or the session begins, or it does not.
    pub fn logged_in(&mut self, row: Box<Transaction>, context: &mut Context<'_>) {
        row.emit(self.dialect.as_deref(), context);
        let (id, since, result) = (row.session.unwrap_or(0), row.time, row.status.unwrap_or(status::SUCCESS));
        let mut setup = row.setup.unwrap_or_default();
        if result == status::MORE_PROCESSING_REQUIRED {
            let session = Session { id, exchange: setup.exchange, account: Account::default() };
            return self.add_session(session, context);
        }
        let account = setup.account();
        setup.conclude(since, status::outcome(Some(result)), Some(&status::name(result)), context);
        if result == status::SUCCESS {
            self.add_session(Session { id, exchange: Exchange::default(), account }, context);
        } else {
            self.take_session(id);
        }
    }

    /// Emits a transaction, with the share and the account that it belongs to.
    pub fn emit(&mut self, mut row: Transaction, context: &mut Context<'_>) {
        let session = row.session.unwrap_or(0);
        if row.share.is_none()
            && let Some(tree) = row.tree.and_then(|id| self.tree(session, id))
        {
            row.share = Some(tree.path.clone());
            row.share_type = tree.kind;
        }
        if row.account.user.is_none()
            && row.setup.is_none()
            && let Some(session) = self.sessions.iter().find(|other| other.id == session)
        {
            row.account = session.account.clone();
        }
        row.emit(self.dialect.as_deref(), context);
    }

    /// The connection is over.
    pub fn close(&mut self, context: &mut Context<'_>) {
        if let Some(offer) = self.offer.take() {
            self.emit(*offer, context);
        }
        while let Some((_, waiting)) = self.waiting.pop_first() {
            self.unanswered(waiting, context);
        }
        while let Some(handle) = self.handles.pop() {
            self.give_up(handle, context);
        }
        for mut session in std::mem::take(&mut self.sessions) {
            session.conclude(context);
        }
    }
}

/// Whether a share is the one of the pipes, by its name.
pub fn is_pipe_share(path: &str) -> bool {
    path.rsplit('\\').next().is_some_and(|name| name.eq_ignore_ascii_case("IPC$"))
}

/// Describes a create. Pipes have one name whether it is sent with `\` before it (SMB 1) or not; the root of a share,
/// which has none, is `\`.
pub fn describe_create(row: &mut Transaction, pipe: bool, name: String, opening: Opening) {
    row.open = Some(opening);
    if pipe {
        row.pipe = Some(name.trim_start_matches('\\').to_owned());
    } else {
        row.path = Some(if name.is_empty() { "\\".to_owned() } else { name });
    }
}
