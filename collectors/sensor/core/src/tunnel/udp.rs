//! Tunnels over UDP: VXLAN, VXLAN-GPE, GENEVE, GTP-U, L2TP and Teredo.

use super::{Inside, Kind};
use crate::link::{self, Content, Stripped};
use crate::transport::Transport;

/// Ports that tunnels are sent to (IANA; 8472 is what Linux used before 4789 was given out).
mod port {
    pub(super) const L2TP: u16 = 1_701;
    pub(super) const GTP_U: u16 = 2_152;
    pub(super) const TEREDO: u16 = 3_544;
    pub(super) const VXLAN: u16 = 4_789;
    pub(super) const VXLAN_GPE: u16 = 4_790;
    pub(super) const GENEVE: u16 = 6_081;
    pub(super) const VXLAN_LINUX: u16 = 8_472;
}

/// Addresses that Teredo hands out: 2001:0::/32.
const TEREDO_PREFIX: [u8; 4] = [0x20, 1, 0, 0];

/// Looks for a tunnel in a datagram.
#[inline]
pub(super) fn inside<'a>(transport: &Transport<'a>) -> Option<Inside<'a>> {
    let bytes = transport.payload;
    match transport.destination_port {
        port::VXLAN | port::VXLAN_LINUX => vxlan(bytes),
        port::VXLAN_GPE => vxlan_gpe(bytes),
        port::GENEVE => geneve(bytes),
        port::GTP_U => gtp(bytes, transport.missing),
        port::L2TP => l2tp(bytes, transport.missing),
        port::TEREDO => teredo(bytes, transport.missing),
        _ if transport.source_port == port::L2TP => l2tp(bytes, transport.missing),
        _ if transport.source_port == port::TEREDO => teredo(bytes, transport.missing),
        _ if bytes.first().is_some_and(|byte| byte >> 4 == 6) => wandering_teredo(bytes, transport.missing),
        _ => None,
    }
}

/// The inner frame must be one that the sensor reads; one that it does not read is believed only behind a header without
/// stray bits.
fn frame(kind: Kind, id: u32, bytes: &[u8], strict: bool) -> Option<Inside<'_>> {
    let inside = Inside::ethernet(kind, Some(id), bytes);
    let believed = match inside.inner?.content {
        Content::Ip(packet) => is_ip(packet),
        Content::Arp(_) | Content::Lldp(_) | Content::PppoeDiscovery(_) => true,
        Content::Llc(_) | Content::Other => strict,
    };
    believed.then_some(inside)
}

fn is_ip(bytes: &[u8]) -> bool {
    matches!(bytes.first().map(|byte| byte >> 4), Some(4 | 6))
}

fn network(bytes: &[u8]) -> u32 {
    bytes.get(4..7).map_or(0, |vni| u32::from_be_bytes([0, vni[0], vni[1], vni[2]]))
}

/// RFC 7348: the flag I, then a VNI. Reserved bits are to be ignored (§5).
fn vxlan(bytes: &[u8]) -> Option<Inside<'_>> {
    let (header, rest) = bytes.split_first_chunk::<8>()?;
    let strict = header[..4] == [8, 0, 0, 0] && header[7] == 0;
    if header[0] & 8 == 0 {
        return None;
    }
    frame(Kind::Vxlan, network(bytes), rest, strict)
}

/// draft-ietf-nvo3-vxlan-gpe: the flag P says that the last byte of the first word names what follows.
fn vxlan_gpe(bytes: &[u8]) -> Option<Inside<'_>> {
    let (header, rest) = bytes.split_first_chunk::<8>()?;
    let id = network(bytes);
    match (header[0] & 0x0c, header[3]) {
        (0x0c, 1 | 2) => is_ip(rest).then(|| Inside::ip(Kind::VxlanGpe, Some(id), rest)),
        (0x0c, 3) => frame(Kind::VxlanGpe, id, rest, true),
        (0x0c, 4) => Some(Inside::typed(Kind::VxlanGpe, Some(id), 0x894f, rest))
            .filter(|inside| inside.inner.is_some_and(|inner| matches!(inner.content, Content::Ip(_)))),
        (0x08, _) => frame(Kind::Vxlan, id, rest, false),
        _ => None,
    }
}

/// RFC 8926: version 0, reserved bits 0, options of the length that the header says.
fn geneve(bytes: &[u8]) -> Option<Inside<'_>> {
    let header: &[u8; 8] = bytes.first_chunk()?;
    if header[0] >> 6 != 0 || header[1] & 0x3f != 0 || header[7] != 0 {
        return None;
    }
    let rest = bytes.get(8 + 4 * usize::from(header[0] & 0x3f)..)?;
    let (id, ethertype) = (network(bytes), u16::from_be_bytes([header[2], header[3]]));
    match ethertype {
        0x6558 => frame(Kind::Geneve, id, rest, true),
        0x0800 | 0x86dd if !is_ip(rest) => None,
        _ => Some(Inside::typed(Kind::Geneve, Some(id), ethertype, rest)).filter(|inside| {
            inside.inner.is_some_and(|inner| matches!(inner.content, Content::Ip(_) | Content::Arp(_)))
        }),
    }
}

/// TS 29.281 §5: version 1, a G-PDU whose length fits, IP inside.
fn gtp(bytes: &[u8], missing: u32) -> Option<Inside<'_>> {
    let (header, rest) = bytes.split_first_chunk::<8>()?;
    let announced = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let whole = rest.len().checked_add(usize::try_from(missing).ok()?)?;
    if header[0] & 0xf8 != 0x30 || header[1] != 0xff || announced != whole {
        return None;
    }
    let mut rest = rest;
    if header[0] & 7 != 0 {
        let (optional, behind) = rest.split_first_chunk::<4>()?;
        rest = behind;
        let mut next = if header[0] & 4 == 0 { 0 } else { optional[3] };
        // Each counts itself in four bytes and ends with the type of the next; one of no length cannot be.
        while next != 0 {
            let length = 4 * usize::from(*rest.first().filter(|length| **length > 0)?);
            next = *rest.get(length - 1)?;
            rest = rest.get(length..)?;
        }
    }
    let teid = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
    is_ip(rest).then(|| Inside::ip(Kind::GtpU, Some(teid), rest))
}

/// RFC 2661 §3.1: a data message of version 2 with IP in PPP inside; control messages and PPP's own stay what they are.
fn l2tp(bytes: &[u8], missing: u32) -> Option<Inside<'_>> {
    let (header, mut rest) = bytes.split_first_chunk::<2>()?;
    let flags = u16::from_be_bytes(*header);
    // Version 2, not a control message, reserved bits 0.
    if flags & 0x800f != 2 || flags & 0x34f0 != 0 {
        return None;
    }
    if flags & 0x4000 != 0 {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let whole = bytes.len().checked_add(usize::try_from(missing).ok()?)?;
        if usize::from(u16::from_be_bytes(*length)) != whole {
            return None;
        }
        rest = behind;
    }
    let (ids, behind) = rest.split_first_chunk::<4>()?;
    rest = behind;
    if flags & 0x0800 != 0 {
        rest = rest.get(4..)?;
    }
    if flags & 0x0200 != 0 {
        let (offset, behind) = rest.split_first_chunk::<2>()?;
        rest = behind.get(usize::from(u16::from_be_bytes(*offset))..)?;
    }
    let Some(Content::Ip(packet)) = link::ppp(rest) else { return None };
    is_ip(packet).then(|| Inside::ip(Kind::L2tp, Some(u32::from_be_bytes(*ids)), packet))
}

/// RFC 4380 §5.1.1: IPv6, with authentication and origin in front of it perhaps.
fn teredo(bytes: &[u8], missing: u32) -> Option<Inside<'_>> {
    let mut rest = bytes;
    if let Some([0, 1, client, proof]) = rest.first_chunk::<4>() {
        rest = rest.get(4 + usize::from(*client) + usize::from(*proof) + 9..)?;
    }
    if rest.starts_with(&[0, 0]) {
        rest = rest.get(8..)?;
    }
    six(rest, missing)
}

/// Between clients behind NAT the ports are any: then an address of Teredo must be inside.
fn wandering_teredo(bytes: &[u8], missing: u32) -> Option<Inside<'_>> {
    let header: &[u8; 40] = bytes.first_chunk()?;
    if header[8..12] != TEREDO_PREFIX && header[24..28] != TEREDO_PREFIX {
        return None;
    }
    six(bytes, missing)
}

/// IPv6 whose length is exactly the datagram's.
fn six(bytes: &[u8], missing: u32) -> Option<Inside<'_>> {
    let (header, rest) = bytes.split_first_chunk::<40>()?;
    let whole = rest.len().checked_add(usize::try_from(missing).ok()?)?;
    if header[0] >> 4 != 6 || usize::from(u16::from_be_bytes([header[4], header[5]])) != whole {
        return None;
    }
    // A bubble (no next header) keeps a path through NAT open and carries nothing.
    if header[6] == 59 {
        let inner = Some(Stripped::bare(Content::Other));
        return Some(Inside { kind: Kind::Teredo, id: None, inner, length: bytes.len() });
    }
    Some(Inside::ip(Kind::Teredo, None, bytes))
}
