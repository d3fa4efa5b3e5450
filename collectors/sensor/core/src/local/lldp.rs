//! LLDP (IEEE 802.1AB).

use super::Reader;
use super::discovery::{Device, address, text};
use crate::link::Mac;

/// Elements read of one frame.
const ELEMENTS_MAX: usize = 64;

/// IEEE 802.1AB §8.5.8.
const CAPABILITIES: &[(u32, &str)] = &[
    (1, "other"),
    (2, "repeater"),
    (4, "bridge"),
    (8, "access-point"),
    (16, "router"),
    (32, "telephone"),
    (64, "docsis"),
    (128, "station"),
];

/// Organisation of the elements of IEEE 802.1.
const IEEE_802_1: [u8; 3] = [0, 0x80, 0xc2];

/// Reads a frame behind its Ethernet type; `None` when it is cut or does not begin with the three elements that it must.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Device> {
    let mut device = Device { protocol: "lldp", ..Device::default() };
    let mut reader = Reader(bytes);
    for index in 0..ELEMENTS_MAX {
        let Some(header) = reader.u16() else { break };
        let (kind, length) = (header >> 9, usize::from(header & 0x01ff));
        if index < 3 && usize::from(kind) != index + 1 {
            return None;
        }
        let value = reader.take(length)?;
        match kind {
            0 => break,
            1 => device.chassis = identifier(value, 4, 5),
            2 => device.port = identifier(value, 3, 4),
            3 => device.lifetime = Some(Reader(value).u16()?),
            4 => device.port_description = text(value),
            5 => device.name = text(value),
            6 => device.description = text(value),
            7 => {
                let (_able, enabled) =
                    (Reader(value).u16()?, value.get(2..).and_then(|rest| Reader(rest).u16())?);
                device.capable(u32::from(enabled), CAPABILITIES);
            }
            // Length and family (1 IPv4, 2 IPv6) stand before the address.
            8 => {
                let mut value = Reader(value);
                let length = usize::from(value.u8()?);
                let string = value.take(length)?;
                device
                    .add(string.get(1..).and_then(address).filter(|_| matches!(string.first(), Some(1 | 2))));
            }
            127 if value.starts_with(&IEEE_802_1) && value.get(3) == Some(&1) => {
                device.vlan = value.get(4..).and_then(|rest| Reader(rest).u16());
            }
            _ => {}
        }
    }
    device.lifetime.is_some().then_some(device)
}

/// An identifier behind its subtype; `mac` and `network` are the subtypes of hardware and network addresses.
fn identifier(value: &[u8], mac: u8, network: u8) -> Option<String> {
    let (subtype, value) = value.split_first()?;
    if *subtype == mac
        && let Ok(bytes) = value.try_into()
    {
        return Mac(bytes).text().map(|text| text.as_str().to_owned());
    }
    if *subtype == network
        && let Some(address) = value.get(1..).and_then(address)
    {
        return Some(address.to_string());
    }
    text(value)
}
