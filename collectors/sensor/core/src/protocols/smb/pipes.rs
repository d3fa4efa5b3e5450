//! Named pipes: what travels through one is a protocol of its own, mostly DCE/RPC. This is the one place that says who
//! reads it; the pipes of a connection live in its table of open files, which is bounded.

use crate::protocols::dcerpc::Pipe;

/// Who reads the pipe of this name, which is empty where the create was not seen. A pipe that carries something else is
/// told by its first bytes, and costs nothing from then on.
pub fn open(name: &str) -> Box<Pipe> {
    Box::new(Pipe::new(name))
}

/// Whether bytes that go to or come from a file of unknown name begin a message of DCE/RPC: version 5.0 or 5.1, a kind of
/// message, flags, and the number format of nearly all machines (C706 §12.6.3.1).
pub fn is_remote_procedure(bytes: &[u8]) -> bool {
    matches!(bytes, [5, 0 | 1, 0..=19, _, 0x10, 0, 0, 0, ..])
}
