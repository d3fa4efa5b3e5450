//! Packets in, events out: the core of the Vọng Gác sensor. It knows no Python and, where it parses, does no I/O.
// Tests choose their own lengths.
#![cfg_attr(test, allow(clippy::cast_possible_truncation))]

pub mod arp;
pub mod asn1;
pub mod base64;
pub mod batches;
pub mod checksum;
pub mod community;
pub mod context;
pub mod engine;
pub mod events;
pub mod expectations;
pub mod files;
pub mod flow;
pub mod fragments;
pub mod frame;
pub mod icmp;
pub mod ip;
pub mod link;
pub mod local;
pub mod protocols;
pub mod secrets;
pub mod sources;
pub mod stream;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod time;
pub mod transport;
pub mod tunnel;
pub mod url;
