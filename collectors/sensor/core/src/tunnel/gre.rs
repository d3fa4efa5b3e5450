//! GRE (RFC 2784, RFC 2890, RFC 1701 for source routes), and what rides on it: NVGRE (RFC 7637), PPTP (RFC 2637), ERSPAN.

use super::{Inside, Kind};
use crate::link;

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
/// Version 1 only.
const ACKNOWLEDGEMENT: u16 = 0x0080;

/// Source route entries that are stepped over.
const ROUTES_MAX: usize = 16;

const ETHERNET: u16 = 0x6558;
const ERSPAN_II: u16 = 0x88be;
const ERSPAN_III: u16 = 0x22eb;
const REDIRECTED: u16 = 0x883e;

/// Reads the header behind IP.
pub(super) fn inside(bytes: &[u8]) -> Option<Inside<'_>> {
    read(bytes).or(Some(Inside::broken(Kind::Gre)))
}

fn read(bytes: &[u8]) -> Option<Inside<'_>> {
    let (header, mut rest) = bytes.split_first_chunk::<4>()?;
    let flags = u16::from_be_bytes([header[0], header[1]]);
    let ethertype = u16::from_be_bytes([header[2], header[3]]);
    if flags & 7 == 1 {
        return pptp(flags, rest);
    }
    if flags & (CHECKSUM | ROUTING) != 0 {
        rest = rest.get(4..)?;
    }
    let mut key = None;
    if flags & KEY != 0 {
        let (bytes, behind) = rest.split_first_chunk::<4>()?;
        key = Some(u32::from_be_bytes(*bytes));
        rest = behind;
    }
    if flags & SEQUENCE != 0 {
        rest = rest.get(4..)?;
    }
    if flags & ROUTING != 0 {
        rest = behind_routes(rest)?;
    }
    match (ethertype, key) {
        // The lower eight bits are an entropy field; subnets below 0x1000 are reserved (RFC 7637 §3.3): then it is a key.
        (ETHERNET, Some(key)) if flags & (CHECKSUM | SEQUENCE) == 0 && key >> 20 != 0 => {
            Some(Inside::ethernet(Kind::Nvgre, Some(key >> 8), rest))
        }
        (ETHERNET, key) => Some(Inside::ethernet(Kind::Gre, key, rest)),
        // Type I has no header of its own, and no sequence number in GRE.
        (ERSPAN_II, _) if flags & SEQUENCE == 0 => Some(Inside::ethernet(Kind::Erspan, None, rest)),
        (ERSPAN_II, _) => mirrored(rest, 8),
        (ERSPAN_III, _) => {
            let optional = *rest.get(11)? & 1 == 1;
            mirrored(rest, if optional { 20 } else { 12 })
        }
        // Traffic that a router redirects to a cache (WCCP), with a header of four bytes in version 2.
        (REDIRECTED, key) => {
            let plain = rest.first().is_some_and(|byte| byte >> 4 == 4);
            Some(Inside::ip(Kind::Gre, key, if plain { rest } else { rest.get(4..)? }))
        }
        (ethertype, key) => Some(Inside::typed(Kind::Gre, key, ethertype, rest)),
    }
}

/// Steps over source routes (RFC 1701): address family, offset and length of each; the last has the length 0.
fn behind_routes(mut rest: &[u8]) -> Option<&[u8]> {
    for _ in 0..ROUTES_MAX {
        let (header, behind) = rest.split_first_chunk::<4>()?;
        if header[3] == 0 {
            return Some(behind);
        }
        rest = behind.get(usize::from(header[3])..)?;
    }
    None
}

/// Version 1: the key is payload length and call, PPP follows.
fn pptp(flags: u16, rest: &[u8]) -> Option<Inside<'_>> {
    let (key, mut rest) = rest.split_first_chunk::<4>()?;
    for optional in [SEQUENCE, ACKNOWLEDGEMENT] {
        if flags & optional != 0 {
            rest = rest.get(4..)?;
        }
    }
    let call = u32::from(u16::from_be_bytes([key[2], key[3]]));
    // An acknowledgement alone carries nothing.
    let inner = link::ppp(rest).unwrap_or(link::Content::Other);
    Some(Inside { inner: Some(link::Stripped::bare(inner)), ..Inside::ip(Kind::Pptp, Some(call), rest) })
}

/// An ERSPAN header: version, VLAN and session in the first four bytes; the frame behind `length` bytes.
fn mirrored(bytes: &[u8], length: usize) -> Option<Inside<'_>> {
    let session = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]) & 0x03ff;
    let vlan = u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]) & 0x0fff;
    let mut inside = Inside::ethernet(Kind::Erspan, Some(u32::from(session)), bytes.get(length..)?);
    if let Some(inner) = &mut inside.inner
        && inner.vlans.outer().is_none()
        && vlan != 0
    {
        inner.vlans.push(vlan);
    }
    Some(inside)
}
