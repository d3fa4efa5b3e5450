//! PPPoE discovery (RFC 2516 §5): an access concentrator that offers itself. A second one on the same network is a trap.

use super::Reader;
use super::discovery::{Device, text};

/// Tags read of one frame.
const TAGS_MAX: usize = 32;

/// An offer.
const OFFER: u8 = 0x07;

/// Reads an offer behind its Ethernet type; `None` for other frames: questions, sessions and their ends.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Device> {
    let mut reader = Reader(bytes);
    let (version, code, _session, length) = (reader.u8()?, reader.u8()?, reader.u16()?, reader.u16()?);
    if version != 0x11 || code != OFFER {
        return None;
    }
    let mut tags = Reader(reader.take(usize::from(length))?);
    let mut device = Device { protocol: "pppoe", ..Device::default() };
    for _ in 0..TAGS_MAX {
        let (Some(kind), Some(length)) = (tags.u16(), tags.u16()) else { break };
        let value = tags.take(usize::from(length))?;
        match kind {
            0 => break,
            0x0101 => device.description = device.description.or(text(value)),
            0x0102 => device.name = text(value),
            _ => {}
        }
    }
    Some(device)
}
