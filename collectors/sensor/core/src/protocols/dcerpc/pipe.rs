//! Remote procedure calls through a named pipe of SMB: what is written to and read from one open pipe.

use super::association::Association;
use crate::context::Context;
use crate::protocols::{Direction, Outcome};

/// Longest name of a pipe that is told, in bytes: real ones have a few dozen.
const NAME_MAX: usize = 256;

/// Bytes held of one direction: messages have 64 KiB at most.
const PENDING_MAX: usize = 64 << 10;

/// One open pipe. Pipes that carry something else are told by their first bytes, and cost nothing from then on.
pub struct Pipe {
    association: Association,
    pending: [Vec<u8>; 2],
    over: bool,
}

impl Pipe {
    /// A pipe was opened by this name (`svcctl`, `\PIPE\svcctl`).
    #[must_use]
    pub fn new(name: &str) -> Self {
        let name = name.trim_start_matches('\\').to_ascii_lowercase();
        let name = name.strip_prefix("pipe\\").unwrap_or(&name);
        let end = (0..=name.len().min(NAME_MAX)).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        Self { association: Association::on_pipe(&name[..end]), pending: Default::default(), over: false }
    }

    /// It carries no remote procedure calls, or is broken: nothing more is to be learnt.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Bytes written by the client ([`Direction::ToServer`]) or read by it.
    pub fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) {
        if self.over {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending[direction.index()]);
        let bytes = if pending.is_empty() {
            bytes
        } else {
            pending.extend_from_slice(bytes);
            &pending[..]
        };
        let mut used = 0;
        while used < bytes.len() {
            match self.association.data(direction, &bytes[used..], context) {
                Outcome::Parsed(0) => break,
                Outcome::Parsed(count) => used += count,
                Outcome::Malformed(reason) => {
                    if self.association.has_spoken() {
                        context.anomaly(reason);
                    }
                    self.over = true;
                    return;
                }
                _ => break,
            }
        }
        let left = bytes.get(used..).unwrap_or_default();
        if left.len() > PENDING_MAX {
            self.over = true;
        } else if !left.is_empty() {
            self.pending[direction.index()] = left.to_vec();
        }
    }

    /// Bytes of this direction were never seen.
    pub fn gap(&mut self, direction: Direction, missing: u64) {
        self.pending[direction.index()].clear();
        self.association.gap(direction, missing);
    }

    /// The pipe is closed, or the flow has ended.
    pub fn close(&mut self, context: &mut Context<'_>) {
        self.over = true;
        self.association.close(context);
    }
}
