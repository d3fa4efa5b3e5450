//! Tunnels inside IP: what their headers say and where the inner packet begins.
//!
//! The outer flow stays a flow of its own; [`inside`] only looks. Tunnels with a protocol number of their own are
//! believed by it. Those over UDP are taken for tunnels only where port **and** structure agree (Teredo, which wanders
//! through NAT: where the structure alone leaves no doubt), so that ordinary datagrams are never eaten.

mod gre;
#[cfg(test)]
mod tests;
mod udp;

use xxhash_rust::xxh3::xxh3_64;

use crate::context::EventId;
use crate::frame::Link;
use crate::ip::{Address, Packet, protocol};
use crate::link::{self, Content, Stripped};
use crate::transport::Transport;

/// Tunnels inside tunnels that are opened: an overlay inside a site's VPN inside PPPoE is three; more is a bomb.
pub const DEPTH_MAX: u8 = 4;

/// Different ids kept of one outer flow: a link between two switches carries some dozens of networks; the row shows that
/// there are many.
pub const IDS_MAX: usize = 16;

/// What kind of tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// RFC 2784, RFC 2890; the id is its key.
    Gre,
    /// RFC 7637: Ethernet in GRE; the id is the virtual subnet.
    Nvgre,
    /// PPP in GRE version 1 (RFC 2637); the id is the call.
    Pptp,
    /// Mirrored frames in GRE (types I to III); the id is the session.
    Erspan,
    /// RFC 7348; the id is the VNI.
    Vxlan,
    /// VXLAN-GPE; the id is the VNI.
    VxlanGpe,
    /// RFC 8926; the id is the VNI.
    Geneve,
    /// IPv4 in IP (RFC 2003).
    IpInIp,
    /// IPv6 in IP (RFC 4213).
    SixInFour,
    /// Ethernet in IP (RFC 3378).
    EtherIp,
    /// RFC 4380.
    Teredo,
    /// RFC 2661, version 2 with PPP; the id is tunnel and session.
    L2tp,
    /// TS 29.281; the id is the TEID.
    GtpU,
    /// The label at the bottom of the stack.
    Mpls,
    /// RFC 2516; the id is the session.
    Pppoe,
}

/// What tells two networks apart that a kind of tunnel carries, where their addresses may be the same.
enum Apart {
    /// The id names a network, the same for both directions and for all ends.
    Id,
    /// The two ends of the tunnel; the id, if there is one, is the same for both directions.
    Ends,
    /// The two ends alone: each direction has an id of its own.
    EndsOnly,
    /// Nothing: copies of a link, or addresses that are unique in the world and may come back by another relay.
    Nothing,
}

impl Kind {
    /// `vonggac.tunnel.kind`, and `network.protocol` of the outer flow.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gre => "gre",
            Self::Nvgre => "nvgre",
            Self::Pptp => "pptp",
            Self::Erspan => "erspan",
            Self::Vxlan => "vxlan",
            Self::VxlanGpe => "vxlan-gpe",
            Self::Geneve => "geneve",
            Self::IpInIp => "ipip",
            Self::SixInFour => "6in4",
            Self::EtherIp => "etherip",
            Self::Teredo => "teredo",
            Self::L2tp => "l2tp",
            Self::GtpU => "gtp-u",
            Self::Mpls => "mpls",
            Self::Pppoe => "pppoe",
        }
    }

    fn apart(self) -> Apart {
        match self {
            Self::Nvgre | Self::Vxlan | Self::VxlanGpe | Self::Geneve => Apart::Id,
            Self::Gre => Apart::Ends,
            Self::Pptp | Self::IpInIp | Self::EtherIp | Self::L2tp | Self::GtpU => Apart::EndsOnly,
            Self::Erspan | Self::SixInFour | Self::Teredo | Self::Mpls | Self::Pppoe => Apart::Nothing,
        }
    }

    /// The number that keeps inner flows of different tunnels apart ([`crate::flow::key::Key::space`]), inside `outer`.
    #[must_use]
    pub fn space(self, id: Option<u32>, (one, other): (Address, Address), outer: u32) -> u32 {
        let (by_ends, by_id) = match self.apart() {
            Apart::Nothing => return outer,
            Apart::Id => (false, true),
            Apart::Ends => (true, true),
            Apart::EndsOnly => (true, false),
        };
        let mut material = [0_u8; 40];
        material[..4].copy_from_slice(&outer.to_le_bytes());
        if by_id {
            material[4..8].copy_from_slice(&id.map_or(u32::MAX, |id| id).to_le_bytes());
        }
        if by_ends {
            material[8..24].copy_from_slice(&one.value.min(other.value).to_le_bytes());
            material[24..].copy_from_slice(&one.value.max(other.value).to_le_bytes());
        }
        squeezed(&material)
    }
}

/// A number for `material` that is not 0.
#[must_use]
pub fn squeezed(material: &[u8]) -> u32 {
    u32::try_from(xxh3_64(material) >> 32).unwrap_or(0) | 1
}

/// What a packet carries for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside<'a> {
    /// What kind of tunnel.
    pub kind: Kind,
    /// VNI, key, session, TEID: see [`Kind`].
    pub id: Option<u32>,
    /// The inner packet; `None` when it is cut or broken.
    pub inner: Option<Stripped<'a>>,
    /// Bytes of the inner frame or packet.
    pub length: usize,
}

impl<'a> Inside<'a> {
    fn ip(kind: Kind, id: Option<u32>, bytes: &'a [u8]) -> Self {
        Self { kind, id, inner: Some(Stripped::bare(Content::Ip(bytes))), length: bytes.len() }
    }

    fn ethernet(kind: Kind, id: Option<u32>, bytes: &'a [u8]) -> Self {
        Self { kind, id, inner: link::strip(Link::Ethernet, bytes), length: bytes.len() }
    }

    fn typed(kind: Kind, id: Option<u32>, ethertype: u16, bytes: &'a [u8]) -> Self {
        Self { kind, id, inner: link::typed(ethertype, bytes), length: bytes.len() }
    }

    fn broken(kind: Kind) -> Self {
        Self { kind, id: None, inner: None, length: 0 }
    }
}

/// The packet inside this one, if it is one of a tunnel.
#[inline]
#[must_use]
pub fn inside<'a>(packet: &Packet<'a>, transport: &Transport<'a>) -> Option<Inside<'a>> {
    match packet.protocol {
        protocol::TCP => None,
        protocol::UDP => udp::inside(transport),
        4 => Some(Inside::ip(Kind::IpInIp, None, packet.payload)),
        41 => Some(Inside::ip(Kind::SixInFour, None, packet.payload)),
        47 => gre::inside(packet.payload),
        97 => Some(match packet.payload.split_first_chunk::<2>() {
            Some((_, frame)) => Inside::ethernet(Kind::EtherIp, None, frame),
            None => Inside::broken(Kind::EtherIp),
        }),
        137 => Some(Inside::typed(Kind::Mpls, None, 0x8847, packet.payload)),
        _ => None,
    }
}

/// The tunnel that a flow travels in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// What kind of tunnel.
    pub kind: Kind,
    /// VNI, key, session, TEID: see [`Kind`].
    pub id: Option<u32>,
    /// The flow that carries it; `None` for tunnels below IP.
    pub outer: Option<EventId>,
}

/// What an outer flow carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// What kind of tunnel.
    pub kind: Kind,
    /// Different ids, in order of appearance, at most [`IDS_MAX`].
    pub ids: Vec<i64>,
    /// Inner packets.
    pub packets: i64,
}

/// What a flow has to do with tunnels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tunnelling {
    /// It travels in one.
    pub within: Option<Within>,
    /// It is one.
    pub carried: Option<Carried>,
}

impl Tunnelling {
    /// Counts a packet that the flow carried.
    pub fn carry(&mut self, kind: Kind, id: Option<u32>) {
        let carried = self.carried.get_or_insert(Carried { kind, ids: Vec::new(), packets: 0 });
        carried.packets += 1;
        if let Some(id) = id.map(i64::from)
            && carried.ids.len() < IDS_MAX
            && !carried.ids.contains(&id)
        {
            carried.ids.push(id);
        }
    }
}
