//! Named pipes: what travels through one is a protocol of its own, mostly DCE/RPC. This is the one place that says who
//! reads it; the pipes of a connection live in its table of open files, which is bounded.

use crate::context::Context;
use crate::protocols::Direction;

/// Reads what goes through one pipe.
pub trait Sink: Send {
    /// Bytes of one direction, in order, in any pieces. It takes all of them.
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>);

    /// Bytes of this direction were never seen.
    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>);

    /// The pipe is closed, or its connection over.
    fn close(&mut self, context: &mut Context<'_>);
}

/// Who reads the pipe of this name; `None` if nobody can. The name is empty where the create was not seen.
pub fn open(name: &str) -> Option<Box<dyn Sink>> {
    let _ = name;
    None
}

/// Whether bytes that go to or come from a file of unknown name begin a message of DCE/RPC: version 5.0 or 5.1, a kind of
/// message, flags, and the number format of nearly all machines (C706 §12.6.3.1).
pub fn is_remote_procedure(bytes: &[u8]) -> bool {
    matches!(bytes, [5, 0 | 1, 0..=19, _, 0x10, 0, 0, 0, ..])
}
