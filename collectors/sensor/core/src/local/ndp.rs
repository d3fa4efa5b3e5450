//! Neighbour discovery (RFC 4861): who is a router and what it hands out, who has which address.

use std::net::{IpAddr, Ipv6Addr};

use super::{Announcement, REPEAT_NEIGHBOURS_AFTER, Reader};
use crate::events::{self, Base, Events, Row, some};
use crate::link::{Mac, MacText};

/// Options read of one message: an advertisement has half a dozen.
const OPTIONS_MAX: usize = 32;

/// Name servers kept.
const SERVERS_MAX: usize = 16;

/// One message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ndp {
    kind: &'static str,
    target: Option<Ipv6Addr>,
    link_address: Mac,
    flags: Vec<String>,
    lifetime: Option<i64>,
    prefixes: Vec<String>,
    servers: Vec<IpAddr>,
    mtu: Option<i64>,
}

/// Reads a message of ICMPv6, from its type on; `None` for other types, or when it is cut.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Ndp> {
    let mut reader = Reader(bytes);
    let (kind, _code, _checksum) = (reader.u8()?, reader.u8()?, reader.u16()?);
    let word = reader.array::<4>()?;
    let mut ndp = Ndp::default();
    match kind {
        133 => ndp.kind = "router-solicitation",
        134 => {
            ndp.kind = "router-advertisement";
            ndp.flags = router_flags(word[1]);
            ndp.lifetime = Some(i64::from(u16::from_be_bytes([word[2], word[3]])));
            // Reachable time and retransmission timer.
            reader.take(8)?;
        }
        135 => {
            ndp.kind = "neighbour-solicitation";
            ndp.target = Some(reader.array::<16>()?.into());
        }
        136 => {
            ndp.kind = "neighbour-advertisement";
            ndp.flags = set(word[0], &[(0x80, "router"), (0x40, "solicited"), (0x20, "override")]);
            ndp.target = Some(reader.array::<16>()?.into());
        }
        137 => {
            ndp.kind = "redirect";
            ndp.target = Some(reader.array::<16>()?.into());
            reader.take(16)?;
        }
        _ => return None,
    }
    for _ in 0..OPTIONS_MAX {
        if ndp.option(&mut reader).is_none() {
            break;
        }
    }
    Some(ndp)
}

fn set(bits: u8, names: &[(u8, &str)]) -> Vec<String> {
    names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| (*name).to_owned()).collect()
}

/// RFC 4861 §4.2 and the preference of RFC 4191.
fn router_flags(bits: u8) -> Vec<String> {
    let mut flags = set(bits, &[(0x80, "managed"), (0x40, "other"), (0x20, "home-agent")]);
    match bits >> 3 & 3 {
        1 => flags.push("preference-high".to_owned()),
        3 => flags.push("preference-low".to_owned()),
        _ => {}
    }
    flags
}

impl Ndp {
    fn option(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let (kind, length) = (reader.u8()?, reader.u8()?);
        // Counted in eight bytes, the two of the header with it; 0 is forbidden.
        let mut value = Reader(reader.take((8 * usize::from(length)).checked_sub(2)?)?);
        match kind {
            1 | 2 => self.link_address = Mac(value.array()?),
            3 => {
                let (bits, _flags) = (value.u8()?, value.u8()?);
                let (_valid, _preferred, _reserved) = (value.u32()?, value.u32()?, value.u32()?);
                self.prefixes.push(format!("{}/{bits}", Ipv6Addr::from(value.array::<16>()?)));
            }
            5 => {
                self.mtu = value
                    .array::<6>()
                    .map(|mtu| i64::from(u32::from_be_bytes([mtu[2], mtu[3], mtu[4], mtu[5]])))
            }
            25 => {
                value.take(6)?;
                while let Some(server) = value.array::<16>().filter(|_| self.servers.len() < SERVERS_MAX) {
                    self.servers.push(IpAddr::V6(server.into()));
                }
            }
            _ => {}
        }
        Some(())
    }
}

impl Announcement for Ndp {
    const DATASET: &'static str = events::Ndp::DATASET;
    const REPEAT_AFTER: i64 = REPEAT_NEIGHBOURS_AFTER;

    fn emit(&self, base: &Base<'_>, events: &mut Events) {
        let mac = self.link_address.text();
        events::Ndp {
            vonggac_ndp_type: Some(self.kind),
            vonggac_ndp_target_ip: self.target.map(IpAddr::V6),
            vonggac_ndp_link_address: mac.as_ref().map(MacText::as_str),
            vonggac_ndp_flags: some(&self.flags),
            vonggac_ndp_router_lifetime: self.lifetime,
            vonggac_ndp_prefixes: some(&self.prefixes),
            vonggac_ndp_name_servers: some(&self.servers),
            vonggac_ndp_mtu: self.mtu,
            ..events::Ndp::default()
        }
        .push(base, events);
    }
}
