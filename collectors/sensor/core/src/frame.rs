//! What capture sources hand to the engine: one frame with its time.

use crate::time::Micros;

/// How the bytes of a frame begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// LINKTYPE_ETHERNET (1).
    Ethernet,
    /// LINKTYPE_LINUX_SLL (113).
    LinuxSll,
    /// LINKTYPE_LINUX_SLL2 (276).
    LinuxSll2,
    /// LINKTYPE_RAW (101), and 228/229 for IPv4/IPv6 alone: begins with the IP header.
    RawIp,
    /// LINKTYPE_NULL (0): address family in the byte order of the capturing host.
    Null,
    /// LINKTYPE_LOOP (108): address family in network byte order.
    Loop,
    /// LINKTYPE_C_HDLC (104): Cisco's HDLC on serial lines.
    CiscoHdlc,
    /// LINKTYPE_PPP (9) and LINKTYPE_PPP_HDLC (50).
    Ppp,
}

/// One captured frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// When it was captured.
    pub time: Micros,
    /// How it begins.
    pub link: Link,
    /// What was captured of it.
    pub bytes: &'a [u8],
    /// Its length on the wire (larger than `bytes` when the capture cut it).
    pub length: u32,
}
