//! Group memberships: IGMP (RFC 1112, 2236, 3376) and MLD (RFC 2710, 3810).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Announcement, Reader};
use crate::events::{self, Base, Events, Row, some};

/// Groups kept of one report; hosts are in a dozen at most.
const GROUPS_MAX: usize = 32;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    protocol: &'static str,
    kind: &'static str,
    version: i64,
    groups: Vec<IpAddr>,
}

/// Reads a message of IGMP; `None` when it is cut or of an unknown type.
#[must_use]
pub fn igmp(bytes: &[u8]) -> Option<Membership> {
    let mut reader = Reader(bytes);
    let (kind, code, _checksum) = (reader.u8()?, reader.u8()?, reader.u16()?);
    let word = reader.array::<4>()?;
    let (kind, version) = match kind {
        0x11 if bytes.len() >= 12 => ("query", 3),
        0x11 => ("query", if code == 0 { 1 } else { 2 }),
        0x12 => ("report", 1),
        0x16 => ("report", 2),
        0x17 => ("leave", 2),
        0x22 => {
            let groups = records::<4>(reader, word, |group| Ipv4Addr::from(group).into());
            return Some(Membership { protocol: "igmp", kind: "report", version: 3, groups });
        }
        _ => return None,
    };
    let group = Ipv4Addr::from(word);
    let groups = if group.is_unspecified() { Vec::new() } else { vec![group.into()] };
    Some(Membership { protocol: "igmp", kind, version, groups })
}

/// Reads a message of ICMPv6, from its type on; `None` for other types, or when it is cut.
#[must_use]
pub fn mld(bytes: &[u8]) -> Option<Membership> {
    let mut reader = Reader(bytes);
    let (kind, _code, _checksum) = (reader.u8()?, reader.u8()?, reader.u16()?);
    let word = reader.array::<4>()?;
    let (kind, version) = match kind {
        130 => ("query", if bytes.len() >= 28 { 2 } else { 1 }),
        131 => ("report", 1),
        132 => ("leave", 1),
        143 => {
            let groups = records::<16>(reader, word, |group| Ipv6Addr::from(group).into());
            return Some(Membership { protocol: "mld", kind: "report", version: 2, groups });
        }
        _ => return None,
    };
    let group = Ipv6Addr::from(reader.array::<16>()?);
    let groups = if group.is_unspecified() { Vec::new() } else { vec![group.into()] };
    Some(Membership { protocol: "mld", kind, version, groups })
}

/// The records of a report: type, auxiliary words, number of sources, group, sources.
fn records<const N: usize>(
    mut reader: Reader<'_>,
    word: [u8; 4],
    address: fn([u8; N]) -> IpAddr,
) -> Vec<IpAddr> {
    let count = usize::from(u16::from_be_bytes([word[2], word[3]]));
    let mut groups = Vec::new();
    for _ in 0..count.min(GROUPS_MAX) {
        let mut record = || {
            let (_kind, auxiliary, sources) = (reader.u8()?, reader.u8()?, reader.u16()?);
            let group = reader.array::<N>()?;
            reader.take(usize::from(sources) * N + 4 * usize::from(auxiliary))?;
            Some(address(group))
        };
        let Some(group) = record() else { break };
        groups.push(group);
    }
    groups
}

impl Announcement for Membership {
    const DATASET: &'static str = events::Igmp::DATASET;

    fn emit(&self, base: &Base<'_>, events: &mut Events) {
        events::Igmp {
            network_protocol: Some(self.protocol),
            vonggac_igmp_type: Some(self.kind),
            vonggac_igmp_version: Some(self.version),
            vonggac_igmp_groups: some(&self.groups),
            ..events::Igmp::default()
        }
        .push(base, events);
    }
}
