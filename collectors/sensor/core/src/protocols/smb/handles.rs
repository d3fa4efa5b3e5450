//! Open files and pipes of one connection: what goes through them, summed up until they are closed.

use super::parser::FileId;
use super::pipes;
use super::status;
use super::transfer::Transfer;
use crate::context::{Context, EventId};
use crate::files::FileMeta;
use crate::protocols::Direction;
use crate::protocols::dcerpc::Pipe;
use crate::time::Micros;

/// Files that a connection may have open at a time here: an office machine has some dozens. The oldest give way.
pub const HANDLES_MAX: usize = 256;

/// What names an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// SMB 2: its file id.
    Two(FileId),
    /// SMB 1: its number within the connection.
    One(u16),
    /// Not answered yet: the message of its create.
    Create(u64),
}

/// An open file or pipe.
pub struct Handle {
    /// What names it.
    pub key: Key,
    /// Session that opened it.
    pub session: u64,
    /// Share that it lies on.
    pub tree: u32,
    /// Path as sent; unknown where the create was not seen.
    pub path: Option<String>,
    /// It is a pipe.
    pub pipe: bool,
    /// Length that the server told when it was opened.
    pub size: Option<u64>,
    /// Result of what was read and written: the first failure, or that all went well.
    pub status: Option<u32>,
    /// When it was opened.
    pub opened: Micros,
    /// `event.id` of the event that will sum it up, once a file refers to it.
    pub event: Option<EventId>,
    /// What the client read.
    pub read: Transfer,
    /// What the client wrote.
    pub written: Transfer,
    sink: Option<Box<Pipe>>,
}

impl Handle {
    /// A file or pipe that has just been opened.
    pub fn new(key: Key, session: u64, tree: u32, path: Option<String>, pipe: bool, opened: Micros) -> Self {
        let sink = pipe.then(|| pipes::open(path.as_deref().unwrap_or_default()));
        Self {
            key,
            session,
            tree,
            path,
            pipe,
            size: None,
            status: None,
            opened,
            event: None,
            read: Transfer::default(),
            written: Transfer::default(),
            sink,
        }
    }

    /// It turned out to be a pipe.
    pub fn become_pipe(&mut self) {
        self.pipe = true;
        self.size = None;
        self.sink = Some(pipes::open(self.path.as_deref().unwrap_or_default()));
    }

    /// Notes the result of a read or write.
    pub fn note(&mut self, result: u32) {
        if status::outcome(self.status) != "failure" {
            self.status = Some(result);
        }
    }

    /// Whether anything went through it.
    pub fn was_used(&self) -> bool {
        self.read.bytes + self.written.bytes > 0
    }

    /// Bytes that a command carries; for a file they belong at `offset`, and `patient` says that bytes before them may
    /// still come.
    pub fn data(
        &mut self,
        direction: Direction,
        offset: u64,
        bytes: &[u8],
        patient: bool,
        context: &mut Context<'_>,
    ) {
        let upload = direction == Direction::ToServer;
        let transfer = if upload { &mut self.written } else { &mut self.read };
        if self.pipe {
            transfer.bytes += bytes.len() as u64;
            if let Some(sink) = &mut self.sink {
                sink.data(direction, bytes, context);
            }
            return;
        }
        let (path, event) = (&self.path, &mut self.event);
        let meta = |context: &mut Context<'_>| FileMeta {
            carrier: Some(*event.get_or_insert_with(|| context.reserve("smb"))),
            protocol: "smb",
            upload,
            name: path.clone(),
            ..FileMeta::default()
        };
        transfer.data(offset, bytes, patient, meta, context);
    }

    /// Bytes of a command that were never seen.
    pub fn gap(&mut self, direction: Direction, offset: u64, missing: u64, context: &mut Context<'_>) {
        match (&mut self.sink, direction) {
            (Some(sink), _) => sink.gap(direction, missing),
            (None, Direction::ToServer) => self.written.gap(offset, missing, context),
            (None, Direction::ToClient) => self.read.gap(offset, missing, context),
        }
    }

    /// Ends the files and the pipe.
    pub fn close(&mut self, context: &mut Context<'_>) {
        if let Some(mut sink) = self.sink.take() {
            sink.close(context);
        }
        self.read.close(self.size, context);
        self.written.close(None, context);
    }

    /// The create failed after all: there is no such file.
    pub fn abandon(&mut self, context: &mut Context<'_>) {
        self.read.abandon(context);
        self.written.abandon(context);
    }
}

/// All open files of a connection.
#[derive(Default)]
pub struct Handles(Vec<Handle>);

impl Handles {
    /// The file of this name. The latest is the likeliest.
    pub fn find(&mut self, key: Key) -> Option<&mut Handle> {
        self.0.iter_mut().rev().find(|handle| handle.key == key)
    }

    /// Adds a file; gives the one that had to go for it: one of the same name, or the oldest.
    pub fn add(&mut self, handle: Handle) -> Option<Handle> {
        let gone = self.take(handle.key).or_else(|| (self.0.len() >= HANDLES_MAX).then(|| self.0.remove(0)));
        self.0.push(handle);
        gone
    }

    /// Removes a file.
    pub fn take(&mut self, key: Key) -> Option<Handle> {
        let place = self.0.iter().rposition(|handle| handle.key == key)?;
        Some(self.0.remove(place))
    }

    /// Removes the oldest.
    pub fn pop(&mut self) -> Option<Handle> {
        if self.0.is_empty() { None } else { Some(self.0.remove(0)) }
    }
}
