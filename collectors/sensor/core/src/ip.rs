//! IPv4 and IPv6 headers, read in place (RFC 791, RFC 8200).
//!
//! Checksums are judged with the flow ([`crate::checksum`]).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Extension headers in front of one payload: RFC 8200 knows six kinds, a long chain of them is an evasion.
pub const EXTENSIONS_MAX: usize = 12;

/// The authentication header counts in four bytes.
const AUTHENTICATION: u8 = 51;

/// Protocol numbers that the engine knows by name (IANA).
pub mod protocol {
    /// ICMP.
    pub const ICMP: u8 = 1;
    /// IGMP.
    pub const IGMP: u8 = 2;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// Encapsulating security payload (RFC 4303).
    pub const ESP: u8 = 50;
    /// ICMPv6.
    pub const ICMPV6: u8 = 58;
    /// VRRP.
    pub const VRRP: u8 = 112;
    /// SCTP: it has its ports where TCP has them.
    pub const SCTP: u8 = 132;
}

/// An address of either family, compact: what the flow table compares and orders by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The address as a number; an IPv4 address in the low 32 bits.
    pub value: u128,
    /// IPv6.
    pub v6: bool,
}

impl Address {
    /// IPv4.
    #[must_use]
    pub fn v4(bytes: [u8; 4]) -> Self {
        Self { value: u128::from(u32::from_be_bytes(bytes)), v6: false }
    }

    /// IPv6.
    #[must_use]
    pub fn v6(bytes: [u8; 16]) -> Self {
        Self { value: u128::from_be_bytes(bytes), v6: true }
    }

    /// For events.
    #[must_use]
    pub fn ip(self) -> IpAddr {
        match u32::try_from(self.value) {
            Ok(value) if !self.v6 => IpAddr::V4(Ipv4Addr::from_bits(value)),
            _ => IpAddr::V6(Ipv6Addr::from_bits(self.value)),
        }
    }

    /// Meaningful on one link only: link-local (RFC 3927, RFC 4291), or a group that routers mostly do not pass on.
    #[must_use]
    pub fn is_of_link(self) -> bool {
        let local = if self.v6 { self.value >> 118 == 0x3fa } else { self.value >> 16 == 0xa9fe };
        local || self.is_group()
    }

    /// Multicast, or the IPv4 broadcast address: never the sender of anything.
    #[must_use]
    pub fn is_group(self) -> bool {
        if self.v6 { self.value >> 120 == 0xff } else { self.value >> 28 == 0xe || self.value == 0xffff_ffff }
    }
}

/// Which part of a fragmented packet this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Identification, the same in all parts of a packet.
    pub id: u32,
    /// First byte of the payload that is here.
    pub offset: u32,
    /// Others follow.
    pub more: bool,
}

/// One IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The header of IPv4; IPv6 has nothing to be checked there.
    pub header: &'a [u8],
    /// Sender.
    pub source: Address,
    /// Receiver.
    pub destination: Address,
    /// Protocol of the payload (IANA number), behind any extension headers.
    pub protocol: u8,
    /// TTL or hop limit.
    pub ttl: u8,
    /// Set on fragments.
    pub part: Option<Part>,
    /// The payload as far as it was captured.
    pub payload: &'a [u8],
    /// Payload bytes that the header announces but that were not captured.
    pub missing: u32,
}

/// Reads the header; `None` when it is cut or contradicts itself.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Packet<'_>> {
    match bytes.first()? >> 4 {
        4 => v4(bytes),
        6 => v6(bytes),
        _ => None,
    }
}

fn v4(bytes: &[u8]) -> Option<Packet<'_>> {
    let header: &[u8; 20] = bytes.first_chunk()?;
    let header_length = usize::from(header[0] & 15) * 4;
    let announced = usize::from(u16::from_be_bytes([header[2], header[3]]));
    // Segmentation offload leaves 0 for packets that are larger than the field: then the frame says how long it is.
    let total = if announced == 0 { bytes.len() } else { announced };
    if header_length < 20 || total < header_length || bytes.len() < header_length {
        return None;
    }
    let flags = u16::from_be_bytes([header[6], header[7]]);
    let (offset, more) = (u32::from(flags & 0x1fff) * 8, flags & 0x2000 != 0);
    let id = u32::from(u16::from_be_bytes([header[4], header[5]]));
    let captured = total.min(bytes.len());
    let mut payload = &bytes[header_length..captured];
    let mut protocol = header[9];
    // The authentication header passes what it protects through; in fragments it belongs to the whole packet.
    if protocol == AUTHENTICATION && !more && offset == 0 {
        (protocol, payload) = behind_authentication(protocol, payload)?;
    }
    Some(Packet {
        header: &bytes[..header_length],
        source: Address::v4([header[12], header[13], header[14], header[15]]),
        destination: Address::v4([header[16], header[17], header[18], header[19]]),
        protocol,
        ttl: header[8],
        part: (more || offset > 0).then_some(Part { id, offset, more }),
        payload,
        missing: u32::try_from(total - captured).unwrap_or(u32::MAX),
    })
}

fn v6(bytes: &[u8]) -> Option<Packet<'_>> {
    let (header, rest) = bytes.split_first_chunk::<40>()?;
    let announced = usize::from(u16::from_be_bytes([header[4], header[5]]));
    // 0: jumbogram or segmentation offload.
    let length = if announced == 0 { rest.len() } else { announced };
    let captured = length.min(rest.len());
    let (protocol, part, payload) = extensions(header[6], &rest[..captured])?;
    let mut source = [0; 16];
    source.copy_from_slice(&header[8..24]);
    let mut destination = [0; 16];
    destination.copy_from_slice(&header[24..40]);
    Some(Packet {
        header: &[],
        source: Address::v6(source),
        destination: Address::v6(destination),
        protocol,
        ttl: header[7],
        part,
        payload,
        missing: u32::try_from(length - captured).unwrap_or(u32::MAX),
    })
}

/// Walks the extension headers to the payload, or to the first part of a fragmented one.
fn extensions(mut next: u8, mut rest: &[u8]) -> Option<(u8, Option<Part>, &[u8])> {
    let mut part = None;
    for _ in 0..EXTENSIONS_MAX {
        let length = match next {
            // Hop-by-hop, routing, destination options, mobility, HIP, shim6.
            0 | 43 | 60 | 135 | 139 | 140 => usize::from(*rest.get(1)?) * 8 + 8,
            // Authentication counts in four bytes (RFC 4302).
            51 => usize::from(*rest.get(1)?) * 4 + 8,
            44 => {
                let header: &[u8; 8] = rest.first_chunk()?;
                let field = u16::from_be_bytes([header[2], header[3]]);
                let id = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
                let (offset, more) = (u32::from(field & 0xfff8), field & 1 != 0);
                // An atomic fragment (RFC 6946) is whole.
                if offset > 0 || more {
                    part = Some(Part { id, offset, more });
                }
                8
            }
            _ => return Some((next, part, rest)),
        };
        next = *rest.first()?;
        rest = rest.get(length..)?;
        // What follows belongs to the whole packet, which is not here yet.
        if part.is_some() {
            return Some((next, part, rest));
        }
    }
    None
}

/// Steps over an authentication header (RFC 4302); other payloads are what they are.
#[must_use]
pub fn behind_authentication(protocol: u8, payload: &[u8]) -> Option<(u8, &[u8])> {
    if protocol != AUTHENTICATION {
        return Some((protocol, payload));
    }
    let length = usize::from(*payload.get(1)?) * 4 + 8;
    Some((*payload.first()?, payload.get(length..)?))
}

/// The payload behind extension headers that stood inside a fragmented packet; `None` when they are broken.
#[must_use]
pub fn behind_extensions(next: u8, rest: &[u8]) -> Option<(u8, &[u8])> {
    extensions(next, rest).map(|(protocol, _, payload)| (protocol, payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{IpHeaders, PacketBuilder};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_etherparse_on_ipv4(
            source: [u8; 4], destination: [u8; 4], ttl: u8, payload in prop::collection::vec(any::<u8>(), 0..64)
        ) {
            let builder = PacketBuilder::ipv4(source, destination, ttl).udp(1, 2);
            let mut bytes = Vec::new();
            builder.write(&mut bytes, &payload).unwrap();
            bytes.extend([0; 6]); // Ethernet padding
            let packet = decode(&bytes).unwrap();
            prop_assert_eq!(packet.source, Address::v4(source));
            prop_assert_eq!(packet.destination.ip(), IpAddr::from(destination));
            prop_assert_eq!((packet.ttl, packet.protocol, packet.part, packet.missing), (ttl, 17, None, 0));
            prop_assert_eq!(&packet.payload[8..], &payload[..]);
        }

        #[test]
        fn agrees_with_etherparse_on_anything(mut bytes in prop::collection::vec(any::<u8>(), 0..160), v6: bool) {
            if let Some(first) = bytes.first_mut() {
                *first = if v6 { 0x60 } else { 0x45 };
            }
            let ours = decode(&bytes);
            if let Ok((headers, payload)) = IpHeaders::from_slice(&bytes) {
                // etherparse reads the headers inside fragments too; the whole packet is not here, so we do not.
                if !payload.fragmented {
                    let ours = ours.unwrap();
                    prop_assert_eq!(ours.payload, payload.payload);
                    prop_assert_eq!(ours.protocol, payload.ip_number.0);
                    prop_assert_eq!(ours.part, None);
                }
                let ours = ours.unwrap();
                match headers {
                    IpHeaders::Ipv4(header, _) => prop_assert_eq!(ours.source, Address::v4(header.source)),
                    IpHeaders::Ipv6(header, _) => prop_assert_eq!(ours.source, Address::v6(header.source)),
                }
            }
        }
    }

    #[test]
    fn fragments_and_cuts_are_told() {
        let mut bytes = [0_u8; 28];
        bytes[0] = 0x45;
        bytes[2..4].copy_from_slice(&100_u16.to_be_bytes());
        bytes[4..6].copy_from_slice(&7_u16.to_be_bytes());
        bytes[6..8].copy_from_slice(&(0x2000_u16 | 2).to_be_bytes());
        let packet = decode(&bytes).unwrap();
        assert_eq!(packet.part, Some(Part { id: 7, offset: 16, more: true }));
        assert_eq!((packet.payload.len(), packet.missing), (8, 72));
    }

    #[test]
    fn an_endless_chain_of_extensions_is_malformed() {
        let mut bytes = vec![0_u8; 40 + 8 * 40];
        bytes[0] = 0x60;
        bytes[4..6].copy_from_slice(&320_u16.to_be_bytes());
        assert_eq!(decode(&bytes), None);
    }

    #[test]
    fn groups_are_known() {
        assert!(Address::v4([224, 0, 0, 251]).is_group() && Address::v4([255; 4]).is_group());
        assert!(Address::v6([0xff; 16]).is_group() && !Address::v4([10, 0, 0, 255]).is_group());
    }
}
