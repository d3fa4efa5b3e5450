//! What a device says of itself, whichever protocol it says it with.

use std::net::IpAddr;

use super::Announcement;
use crate::events::{self, Base, Events, Row, some};
use crate::text::lossless;

/// Management addresses kept.
const ADDRESSES_MAX: usize = 8;

/// Bytes of a text that are kept: descriptions are a few lines.
const TEXT_MAX: usize = 512;

/// A device and the port that it speaks from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    pub(super) protocol: &'static str,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) chassis: Option<String>,
    pub(super) port: Option<String>,
    pub(super) port_description: Option<String>,
    pub(super) capabilities: Vec<String>,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) vlan: Option<u16>,
    pub(super) lifetime: Option<u16>,
}

/// Text of a field; `None` where it is empty.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.get(..TEXT_MAX).unwrap_or(bytes);
    let end =
        bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ' | b'\r' | b'\n')).map_or(0, |last| last + 1);
    Some(lossless(&bytes[..end]).into_owned()).filter(|text| !text.is_empty())
}

/// An address of four or sixteen bytes.
pub(super) fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = bytes.try_into().ok().map(|address: [u8; 4]| IpAddr::from(address));
    four.or_else(|| bytes.try_into().ok().map(|address: [u8; 16]| IpAddr::from(address)))
}

impl Device {
    pub(super) fn add(&mut self, address: Option<IpAddr>) {
        if let Some(address) = address
            && self.addresses.len() < ADDRESSES_MAX
            && !self.addresses.contains(&address)
        {
            self.addresses.push(address);
        }
    }

    pub(super) fn capable(&mut self, bits: u32, names: &[(u32, &str)]) {
        let set = names.iter().filter(|(bit, _)| bits & bit != 0);
        self.capabilities = set.map(|(_, name)| (*name).to_owned()).collect();
    }
}

impl Announcement for Device {
    const DATASET: &'static str = events::Lldp::DATASET;

    fn emit(&self, base: &Base<'_>, events: &mut Events) {
        events::Lldp {
            network_protocol: Some(self.protocol),
            vonggac_lldp_system_name: self.name.as_deref(),
            vonggac_lldp_description: self.description.as_deref(),
            vonggac_lldp_platform: self.platform.as_deref(),
            vonggac_lldp_chassis_id: self.chassis.as_deref(),
            vonggac_lldp_port_id: self.port.as_deref(),
            vonggac_lldp_port_description: self.port_description.as_deref(),
            vonggac_lldp_capabilities: some(&self.capabilities),
            vonggac_lldp_management_ip: some(&self.addresses),
            vonggac_lldp_native_vlan: self.vlan.map(i64::from),
            vonggac_lldp_lifetime: self.lifetime.map(i64::from),
            ..events::Lldp::default()
        }
        .push(base, events);
    }
}
