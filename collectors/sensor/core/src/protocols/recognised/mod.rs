//! Protocols that are told by their handshakes and not read any further: a table of name and test.
//!
//! They are asked behind [`super::ALL`], about flows that no decoder has claimed, and see what a single opening does not
//! show: both directions of a stream, or several datagrams of one flow. What they recognise is the flow's
//! `network.protocol`, and nothing more is learnt of it. A name is given only where the handshake is published and cannot
//! be met by chance: thirty bits or more must fit, over both directions or two datagrams where one does not hold as many.
//!
//! To add one: a function in the file of its kind, a line in [`STREAMS`] or [`DATAGRAMS`], a test in `tests.rs`.

mod coins;
mod encrypted;
mod industry;
mod media;
mod messengers;
mod peers;
mod remote;
mod services;
#[cfg(test)]
mod tests;
mod vpn;

use super::{Direction, Verdict};

pub use encrypted::{UNIDENTIFIED, is_fully_encrypted};

/// Bytes of an earlier datagram that are kept: the header of an Ethereum packet, the longest that is compared.
pub const GLIMPSE_BYTES: usize = 104;

/// What both directions of a stream began with; empty where nothing was said yet.
#[derive(Clone, Copy, Debug)]
pub struct Openings<'a> {
    /// First bytes of the client.
    pub client: &'a [u8],
    /// First bytes of the server.
    pub server: &'a [u8],
}

/// An earlier datagram of a flow.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse {
    /// Who sent it.
    pub direction: Direction,
    /// Its whole length.
    pub length: usize,
    head: [u8; GLIMPSE_BYTES],
}

impl Glimpse {
    /// Of a datagram.
    #[must_use]
    pub fn of(direction: Direction, bytes: &[u8]) -> Self {
        let mut head = [0; GLIMPSE_BYTES];
        head.iter_mut().zip(bytes).for_each(|(kept, byte)| *kept = *byte);
        Self { direction, length: bytes.len(), head }
    }

    /// Its first bytes.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head[..self.length.min(GLIMPSE_BYTES)]
    }
}

/// A datagram and those of its flow that came before.
#[derive(Clone, Copy, Debug)]
pub struct Datagrams<'a> {
    /// Who sent the datagram.
    pub direction: Direction,
    /// The datagram, whole.
    pub bytes: &'a [u8],
    /// Earlier ones that fitted some protocol, oldest first.
    pub earlier: &'a [Glimpse],
    /// Ports of client and server.
    pub ports: (u16, u16),
}

impl<'a> Datagrams<'a> {
    /// Earlier datagrams of the same direction.
    fn same(&self) -> impl Iterator<Item = &'a Glimpse> {
        let direction = self.direction;
        self.earlier.iter().filter(move |glimpse| glimpse.direction == direction)
    }

    /// Earlier datagrams of the other direction.
    fn other(&self) -> impl Iterator<Item = &'a Glimpse> {
        let direction = self.direction;
        self.earlier.iter().filter(move |glimpse| glimpse.direction != direction)
    }

    /// Whether one of the flow's ports is this one.
    fn port(&self, port: u16) -> bool {
        self.ports.0 == port || self.ports.1 == port
    }
}

/// A protocol over TCP.
type Stream = (&'static str, fn(&Openings<'_>) -> Verdict);

/// A protocol over UDP.
type Datagram = (&'static str, fn(&Datagrams<'_>) -> Verdict);

/// Protocols over TCP, strongest handshakes first.
const STREAMS: &[Stream] = &[
    ("bittorrent", peers::bittorrent),
    ("openvpn", vpn::openvpn_stream),
    ("pptp", vpn::pptp),
    ("tinc", vpn::tinc),
    ("teamviewer", remote::teamviewer_stream),
    ("rustdesk", remote::rustdesk_stream),
    ("gnutella", peers::gnutella_stream),
    ("edonkey", peers::edonkey),
    ("bitcoin", coins::bitcoin),
    ("whatsapp", messengers::whatsapp),
    ("telegram", messengers::telegram),
    ("stun", media::stun_stream),
    ("rtsp", media::rtsp),
    ("opcua", industry::opcua),
    ("ethernet-ip", industry::ethernet_ip_stream),
    ("onc-rpc", services::onc_rpc_stream),
    ("rmi", services::rmi),
    ("mongodb", services::mongodb),
    ("redis", services::redis),
    ("memcached", services::memcached_stream),
    ("ajp", services::ajp),
    ("json-rpc", services::json_rpc),
];

/// Protocols over UDP, strongest handshakes first.
const DATAGRAMS: &[Datagram] = &[
    ("stun", media::stun_datagram),
    ("turn", media::turn_datagram),
    ("wireguard", vpn::wireguard),
    ("ike", vpn::ike),
    ("openvpn", vpn::openvpn_datagram),
    ("tailscale", vpn::tailscale),
    ("bittorrent", peers::utp),
    ("bittorrent", peers::tracker),
    ("gnutella", peers::gnutella_datagram),
    ("edonkey", peers::kad),
    ("ethereum", coins::ethereum),
    ("teamviewer", remote::teamviewer_datagram),
    ("rustdesk", remote::rustdesk_datagram),
    ("ethernet-ip", industry::ethernet_ip_datagram),
    ("bacnet", industry::bacnet),
    ("onc-rpc", services::onc_rpc_datagram),
    ("memcached", services::memcached_datagram),
    ("rtp", media::rtp),
    ("esp", vpn::esp),
];

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// This is the protocol.
    Sure(&'static str),
    /// It may be one of them: more must be seen.
    Open,
    /// It is none of them.
    Foreign,
}

fn ask(verdicts: impl Iterator<Item = (&'static str, Verdict)>) -> Recognition {
    let mut answer = Recognition::Foreign;
    for (name, verdict) in verdicts {
        match verdict {
            Verdict::Mine => return Recognition::Sure(name),
            Verdict::Unsure => answer = Recognition::Open,
            Verdict::NotMine => {}
        }
    }
    answer
}

/// What a stream that began like this speaks.
#[must_use]
pub fn stream(openings: &Openings<'_>) -> Recognition {
    ask(STREAMS.iter().map(|(name, test)| (*name, test(openings))))
}

/// What a flow of datagrams speaks.
#[must_use]
pub fn datagrams(datagrams: &Datagrams<'_>) -> Recognition {
    ask(DATAGRAMS.iter().map(|(name, test)| (*name, test(datagrams))))
}

/// A condition as a verdict.
fn mine(is: bool) -> Verdict {
    if is { Verdict::Mine } else { Verdict::NotMine }
}

/// Mine once both sides are, or as soon as one side cannot be, not.
fn both(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Mine, Verdict::Mine) => Verdict::Mine,
        (Verdict::NotMine, _) | (_, Verdict::NotMine) => Verdict::NotMine,
        _ => Verdict::Unsure,
    }
}

/// Mine as soon as one side is.
fn either(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Mine, _) | (_, Verdict::Mine) => Verdict::Mine,
        (Verdict::NotMine, Verdict::NotMine) => Verdict::NotMine,
        _ => Verdict::Unsure,
    }
}

/// Whether bytes begin with this word; those that are still missing may.
fn begins(bytes: &[u8], word: &[u8]) -> Verdict {
    let length = bytes.len().min(word.len());
    match bytes[..length] == word[..length] {
        true if length == word.len() => Verdict::Mine,
        true => Verdict::Unsure,
        false => Verdict::NotMine,
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|value| u16::from_be_bytes(*value))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|value| u32::from_be_bytes(*value))
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|value| u16::from_le_bytes(*value))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|value| u32::from_le_bytes(*value))
}

fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|value| u64::from_le_bytes(*value))
}

/// A length as read from the wire, for comparison with one in memory.
fn size(value: Option<impl Into<u64>>) -> Option<usize> {
    value.and_then(|value| usize::try_from(value.into()).ok())
}
