//! The Cisco Discovery Protocol, behind LLC and SNAP.

use super::Reader;
use super::discovery::{Device, address, text};

/// Elements read of one frame.
const ELEMENTS_MAX: usize = 64;

const CAPABILITIES: &[(u32, &str)] = &[
    (1, "router"),
    (2, "bridge"),
    (4, "source-route-bridge"),
    (8, "switch"),
    (16, "host"),
    (32, "igmp"),
    (64, "repeater"),
    (128, "telephone"),
];

/// Reads a frame behind its SNAP header; `None` when it is cut or not one.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Device> {
    let mut reader = Reader(bytes);
    let (version, lifetime, _checksum) = (reader.u8()?, reader.u8()?, reader.u16()?);
    if !matches!(version, 1 | 2) {
        return None;
    }
    let mut device = Device { protocol: "cdp", lifetime: Some(u16::from(lifetime)), ..Device::default() };
    for _ in 0..ELEMENTS_MAX {
        let (Some(kind), Some(length)) = (reader.u16(), reader.u16()) else { break };
        let value = reader.take(usize::from(length).checked_sub(4)?)?;
        match kind {
            1 => device.name = text(value),
            2 | 0x16 => addresses(value, &mut device).unwrap_or_default(),
            3 => device.port = text(value),
            4 => device.capable(Reader(value).u32()?, CAPABILITIES),
            5 => device.description = text(value),
            6 => device.platform = text(value),
            0x0a => device.vlan = Reader(value).u16(),
            _ => {}
        }
    }
    device.name.is_some().then_some(device)
}

/// A count, then protocol (type, length, number) and address (length, bytes) of each.
fn addresses(value: &[u8], device: &mut Device) -> Option<()> {
    let mut reader = Reader(value);
    for _ in 0..reader.u32()?.min(16) {
        let (_kind, length) = (reader.u8()?, reader.u8()?);
        reader.take(usize::from(length))?;
        let length = reader.u16()?;
        device.add(address(reader.take(usize::from(length))?));
    }
    Some(())
}
