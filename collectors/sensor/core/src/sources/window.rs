//! A window that moves over a stream: bytes are read in large pieces and looked at in place.

use std::io::{ErrorKind, Read};

/// Size of the buffer. Reading such pieces is as fast as mapping the file and takes a fraction of the memory.
const BUFFER: usize = 512 << 10;

/// Why the bytes ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The stream is over.
    Complete,
    /// Reading failed (disk, decompression): what came before it is good.
    Failed(String),
    /// A signal came while waiting; ask again.
    Interrupted,
}

/// The part of a stream that is in memory.
pub(super) struct Window {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    skip: u64,
    /// Bytes of the stream in front of the window.
    pub(super) offset: u64,
    /// Why the last [`Window::have`] said no.
    pub(super) ended: End,
}

impl Window {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Self {
        let buffer = vec![0; BUFFER];
        Self { reader, buffer, start: 0, end: 0, skip: 0, offset: 0, ended: End::Complete }
    }

    /// Makes `wanted` bytes visible; false when the stream has no more, fails, or a signal came (`ended` says which).
    /// The buffer grows to `wanted`, so callers bound it.
    #[inline]
    pub(super) fn have(&mut self, wanted: usize) -> bool {
        (self.skip == 0 && self.end - self.start >= wanted) || self.fill(wanted)
    }

    /// What is visible.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Moves on; beyond what is visible the rest is skipped as it comes, without holding it.
    #[inline]
    pub(super) fn consume(&mut self, count: usize) {
        let visible = count.min(self.end - self.start);
        self.start += visible;
        self.offset += visible as u64;
        self.skip += (count - visible) as u64;
    }

    /// Nothing is visible, and nothing that was skipped is owed.
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end && self.skip == 0
    }

    #[cold]
    fn fill(&mut self, wanted: usize) -> bool {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        while self.skip > 0 || self.end < wanted {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.ended = End::Complete;
                    return false;
                }
                Ok(count) => self.end += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    self.ended = End::Interrupted;
                    return false;
                }
                Err(error) => {
                    self.ended = End::Failed(error.to_string());
                    return false;
                }
            }
            self.drop_skipped();
        }
        true
    }

    /// While something is skipped, the window holds nothing else.
    fn drop_skipped(&mut self) {
        let gone = usize::try_from(self.skip).unwrap_or(usize::MAX).min(self.end);
        if gone > 0 {
            self.skip -= gone as u64;
            self.offset += gone as u64;
            self.buffer.copy_within(gone..self.end, 0);
            self.end -= gone;
        }
    }
}
