//! The content that goes through an open file in one direction: commands say where their bytes belong, and several are
//! under way at a time, so that answers come in any order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::context::Context;
use crate::files::{FileId, FileMeta};

/// Bytes held of one file until what belongs before them has come: a client has some reads of 64 KiB to 1 MiB under way.
pub const HELD_MAX: usize = 4 << 20;

/// Pieces held of one file: bounds what tiny commands cost.
pub const PIECES_MAX: usize = 512;

/// Bytes held over all files of the process; beyond it holes are given up at once.
pub const HELD_TOTAL_MAX: usize = 64 << 20;

/// Bytes held now.
static HELD: AtomicUsize = AtomicUsize::new(0);

/// A piece that is counted while it lives.
#[derive(Default)]
struct Piece(Vec<u8>);

impl Piece {
    fn add(&mut self, bytes: &[u8]) {
        HELD.fetch_add(bytes.len(), Ordering::Relaxed);
        self.0.extend_from_slice(bytes);
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        HELD.fetch_sub(self.0.len(), Ordering::Relaxed);
    }
}

/// One direction of an open file.
#[derive(Default)]
pub struct Transfer {
    /// Bytes carried, repeated ones too.
    pub bytes: u64,
    /// Commands that carried them.
    pub commands: u64,
    file: Option<FileId>,
    /// The sensor's limit on open files was met.
    refused: bool,
    /// Where the next byte of the file belongs.
    next: u64,
    held: BTreeMap<u64, Piece>,
    held_bytes: usize,
}

impl Transfer {
    /// Where the next byte of the file belongs.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Bytes that belong at `offset`. `patient` says that what belongs before them may still come; `meta` describes the
    /// file if this opens it.
    pub fn data(
        &mut self,
        offset: u64,
        bytes: &[u8],
        patient: bool,
        meta: impl FnOnce(&mut Context<'_>) -> FileMeta,
        context: &mut Context<'_>,
    ) {
        self.bytes += bytes.len() as u64;
        if self.file.is_none() && !self.refused {
            let meta = meta(context);
            self.file = context.file_open(meta);
            self.refused = self.file.is_none();
        }
        if self.refused {
            return;
        }
        if offset > self.next {
            let near = offset - self.next <= HELD_MAX as u64;
            if patient && near && self.hold(offset, bytes) {
                return;
            }
            self.give_up(offset, context);
        }
        self.deliver(offset, bytes, context);
        self.follow(context);
    }

    /// `missing` bytes that belong at `offset` were never seen.
    pub fn gap(&mut self, offset: u64, missing: u64, context: &mut Context<'_>) {
        let end = offset.saturating_add(missing);
        if offset <= self.next && end > self.next {
            self.skip_to(end, context);
            self.follow(context);
        }
    }

    /// The file is closed; `size` is its length where the server told it. Says whether there was one.
    pub fn close(&mut self, size: Option<u64>, context: &mut Context<'_>) {
        while let Some((&offset, _)) = self.held.first_key_value() {
            self.skip_to(offset, context);
            self.follow(context);
        }
        if let Some(file) = self.file.take() {
            let cut = size.is_some_and(|size| self.next < size);
            context.file_close(file, cut);
        }
    }

    /// It turned out that there is no such file.
    pub fn abandon(&mut self, context: &mut Context<'_>) {
        if let Some(file) = self.file.take() {
            context.file_abandon(file);
        }
    }

    fn hold(&mut self, offset: u64, bytes: &[u8]) -> bool {
        let room = HELD_MAX.saturating_sub(self.held_bytes);
        if bytes.len() > room || HELD.load(Ordering::Relaxed) + bytes.len() > HELD_TOTAL_MAX {
            return false;
        }
        let before = self.held.range_mut(..=offset).next_back();
        if let Some((start, piece)) = before {
            let end = start.saturating_add(piece.0.len() as u64);
            if end >= offset {
                let known = usize::try_from(end - offset).unwrap_or(usize::MAX).min(bytes.len());
                piece.add(&bytes[known..]);
                self.held_bytes += bytes.len() - known;
                return true;
            }
        }
        if self.held.len() >= PIECES_MAX {
            return false;
        }
        self.held.entry(offset).or_default().add(bytes);
        self.held_bytes += bytes.len();
        true
    }

    /// Passes on what is held below `offset`, with its holes.
    fn give_up(&mut self, offset: u64, context: &mut Context<'_>) {
        while let Some((&start, _)) = self.held.first_key_value() {
            if start > offset {
                break;
            }
            self.skip_to(start, context);
            self.follow(context);
        }
        self.skip_to(offset, context);
    }

    /// Passes on what is held and has become next.
    fn follow(&mut self, context: &mut Context<'_>) {
        while let Some(entry) = self.held.first_entry() {
            if *entry.key() > self.next {
                return;
            }
            let (offset, piece) = entry.remove_entry();
            self.held_bytes -= piece.0.len();
            self.deliver(offset, &piece.0, context);
        }
    }

    fn skip_to(&mut self, offset: u64, context: &mut Context<'_>) {
        if let (Some(file), true) = (self.file, offset > self.next) {
            context.file_gap(file, offset - self.next);
        }
        self.next = self.next.max(offset);
    }

    /// Bytes at or before the next place; what is known already is passed over.
    fn deliver(&mut self, offset: u64, bytes: &[u8], context: &mut Context<'_>) {
        let known = usize::try_from(self.next.saturating_sub(offset)).unwrap_or(usize::MAX);
        let fresh = bytes.get(known..).unwrap_or_default();
        if let Some(file) = self.file {
            context.file_data(file, fresh);
        }
        self.next = self.next.saturating_add(fresh.len() as u64);
    }
}
