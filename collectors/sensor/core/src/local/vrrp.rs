//! Routers that share an address: VRRP 2 and 3 (RFC 3768, RFC 9568) and HSRP 1 and 2 (RFC 2281).
//! Who announces a higher priority takes the address over, and all that is sent to it.

use std::net::IpAddr;

use super::{Announcement, Reader};
use crate::events::{self, Base, Events, Row, some};
use crate::secrets;

/// Addresses kept of one group.
const ADDRESSES_MAX: usize = 16;

/// One announcement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    protocol: &'static str,
    version: i64,
    kind: Option<&'static str>,
    state: Option<&'static str>,
    group: i64,
    priority: i64,
    addresses: Vec<IpAddr>,
    /// Masked.
    secret: Option<String>,
}

/// Reads an announcement of VRRP behind IP; `None` when it is cut or not one.
#[must_use]
pub fn vrrp(bytes: &[u8], v6: bool) -> Option<Group> {
    let mut reader = Reader(bytes);
    let [first, group, priority, count, method, _interval, _, _] = reader.array::<8>()?;
    let version = first >> 4;
    // Version 2 ends with eight bytes of authentication. CARP has the same number and first byte, but another length.
    let length = 8 + usize::from(count) * if v6 { 16 } else { 4 } + if version == 2 { 8 } else { 0 };
    if first & 15 != 1
        || !matches!(version, 2 | 3)
        || bytes.len() < length
        || (version == 3 && bytes.len() > length)
    {
        return None;
    }
    let mut announced = Group {
        protocol: "vrrp",
        version: i64::from(version),
        group: i64::from(group),
        priority: i64::from(priority),
        ..Group::default()
    };
    for _ in 0..usize::from(count).min(ADDRESSES_MAX) {
        let address =
            if v6 { reader.array::<16>().map(IpAddr::from) } else { reader.array::<4>().map(IpAddr::from) };
        announced.addresses.push(address?);
    }
    // Version 2 may carry a password of eight bytes, in clear.
    if version == 2 && method == 1 {
        announced.secret = reader.array::<8>().and_then(masked);
    }
    Some(announced)
}

fn masked(password: [u8; 8]) -> Option<String> {
    let end = password.iter().rposition(|byte| *byte != 0)? + 1;
    Some(secrets::mask(&password[..end]))
}

/// Reads a datagram of HSRP; `None` when it is cut or not one.
#[must_use]
pub fn hsrp(bytes: &[u8]) -> Option<Group> {
    match bytes.first()? {
        0 => first_version(bytes),
        1 => second_version(bytes),
        _ => None,
    }
}

fn kind(number: u8) -> Option<&'static str> {
    ["hello", "coup", "resign", "advertise"].get(usize::from(number)).copied()
}

fn first_version(bytes: &[u8]) -> Option<Group> {
    let mut reader = Reader(bytes);
    let [_, operation, state, _hello, _hold, priority, group, _] = reader.array::<8>()?;
    let password = reader.array::<8>()?;
    let address = reader.array::<4>()?;
    let state = match state {
        0 => "initial",
        1 => "learn",
        2 => "listen",
        4 => "speak",
        8 => "standby",
        16 => "active",
        _ => return None,
    };
    Some(Group {
        protocol: "hsrp",
        version: 1,
        kind: Some(kind(operation)?),
        state: Some(state),
        group: i64::from(group),
        priority: i64::from(priority),
        addresses: vec![address.into()],
        secret: masked(password),
    })
}

/// A group state element (type 1) of 40 bytes, an authentication element (type 3) behind it perhaps.
fn second_version(bytes: &[u8]) -> Option<Group> {
    const STATES: [&str; 7] = ["disabled", "initial", "learn", "listen", "speak", "standby", "active"];
    let mut reader = Reader(bytes);
    let [_, length, version, operation, state, family] = reader.array::<6>()?;
    let (group, _bridge) = (reader.u16()?, reader.take(6)?);
    let (priority, _hello, _hold) = (reader.u32()?, reader.u32()?, reader.u32()?);
    let address = reader.array::<16>()?;
    if length != 40 || version != 2 || !matches!(family, 4 | 6) {
        return None;
    }
    let four: Option<[u8; 4]> = address.first_chunk().copied();
    let secret = match reader.array::<2>() {
        Some([3, 8]) => reader.array::<8>().and_then(masked),
        _ => None,
    };
    Some(Group {
        protocol: "hsrp",
        version: 2,
        kind: Some(kind(operation)?),
        state: STATES.get(usize::from(state)).copied(),
        group: i64::from(group),
        priority: i64::from(priority),
        addresses: vec![if family == 4 { four?.into() } else { address.into() }],
        secret,
    })
}

impl Announcement for Group {
    const DATASET: &'static str = events::Vrrp::DATASET;

    fn emit(&self, base: &Base<'_>, events: &mut Events) {
        events::Vrrp {
            network_protocol: Some(self.protocol),
            vonggac_vrrp_version: Some(self.version),
            vonggac_vrrp_type: self.kind,
            vonggac_vrrp_state: self.state,
            vonggac_vrrp_group: Some(self.group),
            vonggac_vrrp_priority: Some(self.priority),
            vonggac_vrrp_addresses: some(&self.addresses),
            vonggac_vrrp_secret: self.secret.as_deref(),
            ..events::Vrrp::default()
        }
        .push(base, events);
    }
}
