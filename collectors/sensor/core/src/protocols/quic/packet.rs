//! Packets of a datagram by their headers (RFC 9000 §17, RFC 8999).

use super::version::Version;
use crate::protocols::tls::hello::Cursor;

/// Longest connection id (RFC 9000 §17.2).
pub const ID_MAX: usize = 20;

/// Versions read of a negotiation; servers offer a handful.
pub const VERSIONS_MAX: usize = 16;

/// What a long header announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Carries the hellos.
    Initial,
    /// Data of a client that knows the server.
    ZeroRtt,
    /// Carries the rest of the handshake, encrypted.
    Handshake,
    /// Asks the client to prove its address.
    Retry,
}

/// A packet with a long header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long<'a> {
    /// Its version.
    pub version: Version,
    /// What it is.
    pub kind: Kind,
    /// Connection id of the receiver.
    pub destination: &'a [u8],
    /// Connection id of the sender.
    pub source: &'a [u8],
    /// Where the protected packet number begins.
    pub number_at: usize,
    /// The whole packet.
    pub bytes: &'a [u8],
}

/// One packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header<'a> {
    /// Of the handshake.
    Long(Long<'a>),
    /// The server knows not the client's version, and offers others.
    Negotiation {
        /// What it speaks.
        versions: Vec<u32>,
    },
    /// Behind the handshake: nothing of it is in clear.
    Short,
}

/// The first packet of `bytes`, and what follows it in the same datagram. `None`: no packet begins here.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<(Header<'_>, &[u8])> {
    let mut cursor = Cursor(bytes);
    let first = cursor.u8()?;
    if first & 0x80 == 0 {
        return (first & 0x40 != 0).then_some((Header::Short, &[]));
    }
    let number = u32::from_be_bytes(*cursor.take(4)?.first_chunk()?);
    let destination = cursor.vector8()?;
    let source = cursor.vector8()?;
    if destination.len() > ID_MAX || source.len() > ID_MAX {
        return None;
    }
    if number == 0 {
        return Some((Header::Negotiation { versions: versions(cursor.0)? }, &[]));
    }
    // The fixed bit, which only those may turn who were told that they may (RFC 9287).
    if first & 0x40 == 0 {
        return None;
    }
    let version = Version::of(number);
    let kind = version.kind(first >> 4 & 3);
    let long = Long { version, kind, destination, source, number_at: 0, bytes };
    if matches!(version, Version::Other(_)) || kind == Kind::Retry {
        return Some((Header::Long(long), &[]));
    }
    if kind == Kind::Initial {
        let token = varint(&mut cursor)?;
        cursor.take(usize::try_from(token).ok()?)?;
    }
    let length = usize::try_from(varint(&mut cursor)?).ok()?;
    let number_at = bytes.len() - cursor.0.len();
    // A packet number of four bytes and what header protection samples behind it.
    if length < super::protection::SAMPLE_END {
        return None;
    }
    cursor.take(length)?;
    let (bytes, rest) = bytes.split_at_checked(number_at + length)?;
    Some((Header::Long(Long { number_at, bytes, ..long }), rest))
}

/// The versions that a server offers, to the end of the datagram.
fn versions(list: &[u8]) -> Option<Vec<u32>> {
    let whole = !list.is_empty() && list.len().is_multiple_of(4);
    let versions = list.chunks_exact(4).filter_map(|v| v.first_chunk().copied());
    whole.then(|| versions.take(VERSIONS_MAX).map(u32::from_be_bytes).collect())
}

/// A number of one to eight bytes; the first two bits tell how many (RFC 9000 §16).
pub fn varint(cursor: &mut Cursor<'_>) -> Option<u64> {
    let first = cursor.u8()?;
    let more = (1_usize << (first >> 6)) - 1;
    let rest = cursor.take(more)?;
    Some(rest.iter().fold(u64::from(first & 0x3f), |value, byte| value << 8 | u64::from(*byte)))
}
