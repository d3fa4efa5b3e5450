//! Link layers: from the first byte of a frame to its network layer.
//!
//! Tunnels that carry frames or packets inside IP (GRE, VXLAN, GENEVE, IP-in-IP, 6in4, Teredo) do not belong here: they
//! come back to [`strip`], [`typed`] or [`ppp`] from the transport layer ([`crate::tunnel`]).

use std::fmt;

use crate::frame::Link;
use crate::tunnel::Kind;

/// VLAN, MPLS, PPPoE and SNAP headers in front of one packet: real networks stack two or three, a loop of them is hostile.
pub const HEADERS_MAX: usize = 16;

const IPV4: u16 = 0x0800;
const ARP: u16 = 0x0806;
const IPV6: u16 = 0x86dd;
const LLDP: u16 = 0x88cc;

/// VLAN tags of one frame that are kept: provider and customer tag, and one more where a site stacks its own.
pub const VLANS_MAX: usize = 3;

/// VLAN tags of a frame, outermost first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vlans {
    tags: [u16; VLANS_MAX],
    count: u8,
}

impl Vlans {
    /// The outer tag, which `network.vlan.id` tells.
    #[inline]
    #[must_use]
    pub fn outer(self) -> Option<u16> {
        self.list().first().copied()
    }

    /// All of them.
    #[inline]
    #[must_use]
    pub fn list(&self) -> &[u16] {
        self.tags.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// All of them as numbers for an event, zeros behind them.
    #[must_use]
    pub fn numbers(self) -> [i64; VLANS_MAX] {
        self.tags.map(i64::from)
    }

    /// Adds an inner tag; those beyond [`VLANS_MAX`] are not kept.
    pub(crate) fn push(&mut self, tag: u16) {
        if let Some(place) = self.tags.get_mut(usize::from(self.count)) {
            *place = tag;
            self.count += 1;
        }
    }
}

/// A hardware address; all zero where the link has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// As text, `None` where there is none.
    #[must_use]
    pub fn text(self) -> Option<MacText> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        if self.0 == [0; 6] {
            return None;
        }
        let mut text = [b':'; 17];
        for (index, byte) in self.0.iter().enumerate() {
            text[index * 3] = DIGITS[usize::from(byte >> 4)];
            text[index * 3 + 1] = DIGITS[usize::from(byte & 15)];
        }
        Some(MacText(text))
    }

    fn read(bytes: &[u8]) -> Self {
        bytes.first_chunk().map_or_else(Self::default, |address| Self(*address))
    }
}

/// `00:1b:21:3c:9d:02`, without an allocation.
#[derive(Clone, Copy)]
pub struct MacText([u8; 17]);

impl MacText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // SAFETY: `Mac::text`, the only maker, writes colons and hexadecimal digits.
        unsafe { std::str::from_utf8_unchecked(&self.0) }
    }
}

impl fmt::Display for MacText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What stands behind the link layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// IPv4 or IPv6; the version nibble tells.
    Ip(&'a [u8]),
    /// ARP.
    Arp(&'a [u8]),
    /// LLDP (IEEE 802.1AB).
    Lldp(&'a [u8]),
    /// IEEE 802.2 LLC, as long as the frame says: spanning tree, CDP.
    Llc(&'a [u8]),
    /// PPPoE discovery.
    PppoeDiscovery(&'a [u8]),
    /// Something that the sensor does not read (IPX, PPP control …).
    Other,
}

/// A frame without its link layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stripped<'a> {
    /// Hardware address of the sender.
    pub source: Mac,
    /// Hardware address of the receiver.
    pub destination: Mac,
    /// VLAN tags.
    pub vlans: Vlans,
    /// MPLS label at the bottom of the stack, or PPPoE session: a tunnel below IP.
    pub label: Option<(Kind, u32)>,
    /// The network layer.
    pub content: Content<'a>,
}

impl<'a> Stripped<'a> {
    /// Without addresses, tags and labels.
    #[must_use]
    pub fn bare(content: Content<'a>) -> Self {
        Self {
            source: Mac::default(),
            destination: Mac::default(),
            vlans: Vlans::default(),
            label: None,
            content,
        }
    }
}

/// Takes the link layer off; `None` when it is cut or broken.
#[must_use]
pub fn strip(link: Link, bytes: &[u8]) -> Option<Stripped<'_>> {
    match link {
        Link::Ethernet => ethernet(bytes),
        Link::LinuxSll => {
            let (header, rest) = bytes.split_first_chunk::<16>()?;
            let ethertype = u16::from_be_bytes([header[14], header[15]]);
            let source = if header[5] == 6 { Mac::read(&header[6..12]) } else { Mac::default() };
            Some(Stripped { source, ..typed(ethertype, rest)? })
        }
        Link::LinuxSll2 => {
            let (header, rest) = bytes.split_first_chunk::<20>()?;
            let ethertype = u16::from_be_bytes([header[0], header[1]]);
            let source = if header[11] == 6 { Mac::read(&header[12..18]) } else { Mac::default() };
            Some(Stripped { source, ..typed(ethertype, rest)? })
        }
        Link::RawIp => Some(Stripped::bare(Content::Ip(bytes))),
        Link::Null => {
            let (family, rest) = bytes.split_first_chunk::<4>()?;
            // Written in the byte order of the capturing host, which the file does not tell; families are small.
            let family = u32::from_le_bytes(*family).min(u32::from_be_bytes(*family));
            Some(Stripped::bare(address_family(family, rest)))
        }
        Link::Loop => {
            let (family, rest) = bytes.split_first_chunk::<4>()?;
            Some(Stripped::bare(address_family(u32::from_be_bytes(*family), rest)))
        }
        Link::CiscoHdlc => {
            let (header, rest) = bytes.split_first_chunk::<4>()?;
            typed(u16::from_be_bytes([header[2], header[3]]), rest)
        }
        Link::Ppp => ppp(bytes).map(Stripped::bare),
    }
}

/// A PPP frame (RFC 1661), with or without the address and control bytes of HDLC framing (RFC 1662) and with the
/// protocol in one or two bytes.
#[must_use]
pub fn ppp(bytes: &[u8]) -> Option<Content<'_>> {
    let bytes = bytes.strip_prefix(&[0xff, 3]).unwrap_or(bytes);
    let (first, rest) = bytes.split_first()?;
    // The first byte of an uncompressed number is even.
    let (protocol, rest) = if first & 1 == 1 {
        (u16::from(*first), rest)
    } else {
        let (second, rest) = rest.split_first()?;
        (u16::from_be_bytes([*first, *second]), rest)
    };
    Some(if matches!(protocol, 0x0021 | 0x0057) { Content::Ip(rest) } else { Content::Other })
}

/// AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, by operating system.
fn address_family(family: u32, rest: &[u8]) -> Content<'_> {
    if matches!(family, 2 | 10 | 24 | 28 | 30) { Content::Ip(rest) } else { Content::Other }
}

/// An Ethernet II or IEEE 802.3 frame.
fn ethernet(bytes: &[u8]) -> Option<Stripped<'_>> {
    let (header, rest) = bytes.split_first_chunk::<14>()?;
    let ethertype = u16::from_be_bytes([header[12], header[13]]);
    let inner = typed(ethertype, rest)?;
    Some(Stripped { source: Mac::read(&header[6..12]), destination: Mac::read(&header[..6]), ..inner })
}

/// Walks the tags and labels between an Ethernet type and the network layer.
#[must_use]
pub fn typed(mut ethertype: u16, mut rest: &[u8]) -> Option<Stripped<'_>> {
    let mut found = Stripped::bare(Content::Other);
    for _ in 0..HEADERS_MAX {
        let content = match ethertype {
            IPV4 | IPV6 => Content::Ip(rest),
            ARP => Content::Arp(rest),
            LLDP => Content::Lldp(rest),
            0x8863 => Content::PppoeDiscovery(rest),
            0x8100 | 0x88a8 | 0x9100 => {
                let (tag, inner) = rest.split_first_chunk::<4>()?;
                found.vlans.push(u16::from_be_bytes([tag[0], tag[1]]) & 0x0fff);
                (ethertype, rest) = (u16::from_be_bytes([tag[2], tag[3]]), inner);
                continue;
            }
            0x8847 | 0x8848 => {
                let (label, inner) = below_labels(rest)?;
                found.label = Some((Kind::Mpls, label));
                match by_version(inner) {
                    Some(next) => {
                        (ethertype, rest) = next;
                        continue;
                    }
                    None => Content::Other,
                }
            }
            0x8864 => {
                let (session, content) = session(rest)?;
                found.label = Some((Kind::Pppoe, session));
                content
            }
            // A length, not a type: IEEE 802.3 with LLC; SNAP may lead to IP.
            0..=1500 => match rest.get(..usize::from(ethertype)).unwrap_or(rest) {
                [0xaa, 0xaa, 3, 0, 0, 0, high, low, inner @ ..] => {
                    (ethertype, rest) = (u16::from_be_bytes([*high, *low]), inner);
                    continue;
                }
                llc => Content::Llc(llc),
            },
            _ => match behind(ethertype, rest) {
                Some(next) => {
                    (ethertype, rest) = next;
                    continue;
                }
                None => Content::Other,
            },
        };
        return Some(Stripped { content, ..found });
    }
    None
}

/// A session of PPPoE; the protocol of PPP stands in the last two bytes of the header.
fn session(rest: &[u8]) -> Option<(u32, Content<'_>)> {
    let header: &[u8; 8] = rest.first_chunk()?;
    let session = u32::from(u16::from_be_bytes([header[2], header[3]]));
    Some((session, ppp(rest.get(6..)?)?))
}

/// The type and content of an Ethernet frame, whose addresses say nothing new.
fn behind_addresses(frame: &[u8]) -> Option<(u16, &[u8])> {
    let (header, inner) = frame.split_first_chunk::<14>()?;
    Some((u16::from_be_bytes([header[12], header[13]]), inner))
}

/// Headers of switches that lead to another Ethernet type: provider backbone (IEEE 802.1ah), VN-Tag (IEEE 802.1BR),
/// Cisco's security group tag, service chains (NSH, RFC 8300).
fn behind(ethertype: u16, rest: &[u8]) -> Option<(u16, &[u8])> {
    match ethertype {
        0x88e7 => behind_addresses(rest.get(4..)?),
        0x8926 => {
            let (header, inner) = rest.split_first_chunk::<6>()?;
            Some((u16::from_be_bytes([header[4], header[5]]), inner))
        }
        0x8909 => {
            let (header, inner) = rest.split_first_chunk::<8>()?;
            Some((u16::from_be_bytes([header[6], header[7]]), inner))
        }
        0x894f => {
            let header: &[u8; 4] = rest.first_chunk()?;
            // Counted in four bytes, those of the header with it.
            let inner = rest.get(4 * usize::from(header[1] & 0x3f).max(1)..)?;
            match header[3] {
                1 => Some((IPV4, inner)),
                2 => Some((IPV6, inner)),
                3 => behind_addresses(inner),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The MPLS label that is marked as the bottom of the stack, and what follows it.
fn below_labels(mut rest: &[u8]) -> Option<(u32, &[u8])> {
    for _ in 0..HEADERS_MAX {
        let (label, inner) = rest.split_first_chunk::<4>()?;
        rest = inner;
        if label[2] & 1 == 1 {
            return Some((u32::from_be_bytes(*label) >> 12, rest));
        }
    }
    None
}

/// MPLS does not say what it carries; the first nibble does (RFC 4928): IP, or the control word of a pseudowire with an
/// Ethernet frame behind it (RFC 4448).
fn by_version(rest: &[u8]) -> Option<(u16, &[u8])> {
    match rest.first()? >> 4 {
        4 => Some((IPV4, rest)),
        6 => Some((IPV6, rest)),
        0 => behind_addresses(rest.get(4..)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(link: Link, bytes: &[u8]) -> Option<Content<'_>> {
        strip(link, bytes).map(|stripped| stripped.content)
    }

    #[test]
    fn ethernet_with_stacked_tags_keeps_all_of_them() {
        let mut frame = vec![1, 2, 3, 4, 5, 6, 0, 0x1b, 0x21, 0x3c, 0x9d, 2];
        frame.extend([0x88, 0xa8, 0, 20, 0x81, 0, 0, 30, 8, 0, 0x45]);
        let stripped = strip(Link::Ethernet, &frame).unwrap();
        assert_eq!((stripped.vlans.outer(), stripped.vlans.list()), (Some(20), &[20, 30][..]));
        assert_eq!(stripped.source.text().unwrap().as_str(), "00:1b:21:3c:9d:02");
        assert_eq!(stripped.content, Content::Ip(&[0x45]));
    }

    #[test]
    fn labels_sessions_and_snap_lead_to_ip() {
        let mpls = [&[0; 12][..], &[0x88, 0x47, 0, 0, 0x10, 64, 0, 0, 0x21, 64, 0x60]].concat();
        assert_eq!(content(Link::Ethernet, &mpls), Some(Content::Ip(&[0x60])));
        let pppoe = [&[0; 12][..], &[0x88, 0x64, 0x11, 0, 0, 1, 0, 3, 0, 0x21, 0x45]].concat();
        assert_eq!(content(Link::Ethernet, &pppoe), Some(Content::Ip(&[0x45])));
        let snap = [&[0; 12][..], &[0, 9, 0xaa, 0xaa, 3, 0, 0, 0, 8, 6, 7]].concat();
        assert_eq!(content(Link::Ethernet, &snap), Some(Content::Arp(&[7])));
        assert_eq!(strip(Link::Ethernet, &mpls).unwrap().label, Some((Kind::Mpls, 2)));
        assert_eq!(strip(Link::Ethernet, &pppoe).unwrap().label, Some((Kind::Pppoe, 1)));
        let inner = [&[0; 12][..], &[8, 0, 0x45]].concat();
        let wire = [&[0; 12][..], &[0x88, 0x47, 0, 0, 0x21, 64, 0, 0, 0, 0], &inner].concat();
        assert_eq!(content(Link::Ethernet, &wire), Some(Content::Ip(&[0x45])));
        let backbone = [&[0; 12][..], &[0x88, 0xe7, 0, 0, 0, 9], &inner].concat();
        let chain = [&[0; 12][..], &[0x89, 0x4f, 0x0f, 2, 1, 3, 0, 0, 1, 1], &inner].concat();
        let port = [&[0; 12][..], &[0x89, 0x26, 0, 1, 0, 2, 8, 0, 0x45]].concat();
        let group = [&[0; 12][..], &[0x89, 9, 1, 1, 0, 1, 0, 7, 8, 0, 0x45]].concat();
        for frame in [backbone, chain, port, group] {
            assert_eq!(content(Link::Ethernet, &frame), Some(Content::Ip(&[0x45])));
        }
        // However deep the wires are laid into each other, a loop walks them.
        let wire = [&[0x88, 0x47, 0, 0, 0x21, 64, 0, 0, 0, 0][..], &[0; 12]].concat();
        let deep = [&[0; 12][..], &wire.repeat(2_000)].concat();
        assert_eq!(content(Link::Ethernet, &deep), None);
        let tree = [&[0; 12][..], &[0, 9, 0x42, 0x42, 3, 0, 0, 0, 0, 0, 1, 7, 7]].concat();
        assert_eq!(content(Link::Ethernet, &tree), Some(Content::Llc(&[0x42, 0x42, 3, 0, 0, 0, 0, 0, 1])));
    }

    #[test]
    fn every_link_type_is_read() {
        let sll = [&[0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0][..], &[0x45]].concat();
        assert_eq!(strip(Link::LinuxSll, &sll).unwrap().source, Mac([1, 2, 3, 4, 5, 6]));
        assert_eq!(content(Link::LinuxSll, &sll), Some(Content::Ip(&[0x45])));
        let sll2 = [&[0x86, 0xdd][..], &[0; 9], &[6, 1, 2, 3, 4, 5, 6, 0, 0], &[0x60]].concat();
        assert_eq!(content(Link::LinuxSll2, &sll2), Some(Content::Ip(&[0x60])));
        assert_eq!(content(Link::RawIp, &[0x45]), Some(Content::Ip(&[0x45])));
        assert_eq!(content(Link::Null, &[2, 0, 0, 0, 0x45]), Some(Content::Ip(&[0x45])));
        assert_eq!(content(Link::Null, &[0, 0, 0, 30, 0x60]), Some(Content::Ip(&[0x60])));
        assert_eq!(content(Link::Loop, &[0, 0, 0, 2, 0x45]), Some(Content::Ip(&[0x45])));
        assert_eq!(content(Link::Loop, &[0, 0, 0, 7, 0x45]), Some(Content::Other));
        assert_eq!(content(Link::CiscoHdlc, &[0x0f, 0, 8, 0, 0x45]), Some(Content::Ip(&[0x45])));
        assert_eq!(content(Link::Ppp, &[0xff, 3, 0, 0x21, 0x45]), Some(Content::Ip(&[0x45])));
        assert_eq!(content(Link::Ppp, &[0x57, 0x60]), Some(Content::Ip(&[0x60])));
    }

    #[test]
    fn what_is_cut_or_endless_is_malformed() {
        assert_eq!(strip(Link::Ethernet, &[0; 13]), None);
        assert_eq!(strip(Link::LinuxSll, &[0; 15]), None);
        let tags = [&[0; 12][..], &[0x81, 0, 0, 1].repeat(HEADERS_MAX + 4)].concat();
        assert_eq!(strip(Link::Ethernet, &tags), None);
    }
}
