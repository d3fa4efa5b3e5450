//! Link types of capture files (the registry of tcpdump.org) that the sensor can read, and names of those it cannot.

use crate::frame::Link;

/// How frames of a link type begin; `None` for one that the sensor does not decode.
pub(super) fn link(link_type: u16) -> Option<Link> {
    match link_type {
        0 => Some(Link::Null),
        1 => Some(Link::Ethernet),
        9 | 50 => Some(Link::Ppp),
        // 12 and 14 are what BSD systems wrote for raw IP before the registry settled on 101.
        12 | 14 | 101 | 228 | 229 => Some(Link::RawIp),
        104 => Some(Link::CiscoHdlc),
        108 => Some(Link::Loop),
        113 => Some(Link::LinuxSll),
        276 => Some(Link::LinuxSll2),
        _ => None,
    }
}

/// For the message about packets that cannot be read.
pub(super) fn name(link_type: u16) -> &'static str {
    match link_type {
        105 => "IEEE 802.11 wireless",
        127 | 163 | 119 => "IEEE 802.11 wireless with radio information",
        187 | 201 => "Bluetooth",
        189 | 220 | 249 => "USB",
        195 | 230 => "IEEE 802.15.4",
        227 => "CAN bus",
        231 => "D-Bus",
        253 => "Netlink",
        _ => "not known",
    }
}
