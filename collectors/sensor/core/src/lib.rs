//! Packets in, events out: the core of the Vọng Gác sensor. It knows no Python and, where it parses, does no I/O.

pub mod context;
pub mod events;
pub mod files;
pub mod protocols;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod time;
