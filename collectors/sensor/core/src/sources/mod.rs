//! Where frames come from: capture files of every common kind, standard input, and live interfaces.

mod bytes;
mod capture;
mod compression;
mod link_type;
pub mod live;
mod pcap;
mod pcapng;
mod window;

#[cfg(test)]
mod tests;

pub use capture::{Capture, CaptureCounters};

use thiserror::Error;

/// Longest frame that is taken. Ethernet ends at 64 KiB and generic receive offload at some 512 KiB; a record that
/// claims more is damage or an attempt to make the reader allocate.
pub const FRAME_MAX: usize = 1 << 20;

/// Why a source gives no frames; one line for people.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The input cannot be opened or read at all.
    #[error("{name}: {reason}")]
    Unreadable {
        /// File name, `standard input`, or interface.
        name: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A signal came while the source waited for bytes: nothing is lost, ask again.
    #[error("interrupted by a signal")]
    Interrupted,
}
