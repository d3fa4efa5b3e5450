//! Banners and unencrypted packets.

use crate::text::lossless;

/// The protocol and the software of one side (RFC 4253 §4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Banner {
    /// `2.0`, `1.99` …
    pub version: String,
    /// Without the comment behind it.
    pub software: String,
}

/// Reads `SSH-2.0-OpenSSH_9.6 comment`.
pub fn banner(line: &[u8]) -> Option<Banner> {
    let rest = line.strip_prefix(b"SSH-")?;
    let dash = memchr::memchr(b'-', rest)?;
    let software = &rest[dash + 1..];
    let end = software.iter().position(u8::is_ascii_whitespace).unwrap_or(software.len());
    Some(Banner {
        version: lossless(&rest[..dash]).into_owned(),
        software: lossless(&software[..end]).into_owned(),
    })
}

/// Largest packet before encryption (RFC 4253 §6.1 wants 35,000; certificates and long lists stay far below).
pub const PACKET_MAX: usize = 65_536;

/// Numbers of messages (RFC 4253 §12, RFC 4419 §5).
pub mod message {
    /// SSH_MSG_DISCONNECT.
    pub const DISCONNECT: u8 = 1;
    /// SSH_MSG_KEXINIT.
    pub const KEXINIT: u8 = 20;
    /// SSH_MSG_NEWKEYS.
    pub const NEWKEYS: u8 = 21;
    /// SSH_MSG_KEXDH_REPLY, SSH_MSG_KEX_ECDH_REPLY.
    pub const KEX_REPLY: u8 = 31;
    /// SSH_MSG_KEX_DH_GEX_REPLY.
    pub const GROUP_REPLY: u8 = 33;
}

/// The first packet of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// Its payload, and how many bytes it takes.
    Whole(&'a [u8], usize),
    /// Its end has not come.
    Incomplete,
    /// These bytes are no packet.
    Broken,
}

/// Reads an unencrypted packet.
pub fn packet(bytes: &[u8]) -> Packet<'_> {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return Packet::Incomplete };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    if !(2..=PACKET_MAX).contains(&length) {
        return Packet::Broken;
    }
    let Some(body) = rest.get(..length) else { return Packet::Incomplete };
    let payload = body.split_first().and_then(|(padding, rest)| {
        let end = rest.len().checked_sub(usize::from(*padding))?;
        rest.get(..end).filter(|payload| !payload.is_empty())
    });
    payload.map_or(Packet::Broken, |payload| Packet::Whole(payload, length + 4))
}

/// A string behind its length, and what follows it.
pub fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// The host key in a key exchange reply: its type and the whole blob.
pub fn host_key(payload: &[u8]) -> Option<(String, &[u8])> {
    let (blob, _) = string(payload.get(1..)?)?;
    let (kind, _) = string(blob)?;
    let named = !kind.is_empty() && kind.len() <= 64 && kind.iter().all(u8::is_ascii_graphic);
    named.then(|| (lossless(kind).into_owned(), blob))
}
