//! Records of a datagram, and the fragments of handshake messages in them (RFC 6347 §4.1, §4.2.2).

use crate::protocols::tls::hello::Cursor;

/// Asks the client to prove its address with a cookie.
pub const HELLO_VERIFY_REQUEST: u8 = 3;

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// In clear.
    Clear {
        /// Content type, as in TLS.
        kind: u8,
        /// What it carries.
        body: &'a [u8],
    },
    /// Behind the change to encryption.
    Encrypted,
}

/// A piece of a handshake message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment<'a> {
    /// Handshake type, as in TLS.
    pub kind: u8,
    /// Length of the whole message.
    pub length: usize,
    /// Which message of its direction.
    pub number: u16,
    /// Where the piece belongs.
    pub offset: usize,
    /// The piece.
    pub data: &'a [u8],
}

/// The record at the start of these bytes and what follows it; `None` when none begins here.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let mut cursor = Cursor(bytes);
    let kind = cursor.u8()?;
    // The short header of 1.3, behind the handshake.
    if kind & 0xe0 == 0x20 {
        return Some((Record::Encrypted, &[]));
    }
    if !(20..=25).contains(&kind) || !matches!(cursor.u16()?, 0xfeff | 0xfefd) {
        return None;
    }
    let epoch = cursor.u16()?;
    cursor.take(6)?;
    let body = cursor.vector16()?;
    let record = if epoch == 0 { Record::Clear { kind, body } } else { Record::Encrypted };
    Some((record, cursor.0))
}

/// The fragment at the start of a handshake record and what follows it.
#[must_use]
pub fn fragment(body: &[u8]) -> Option<(Fragment<'_>, &[u8])> {
    let mut cursor = Cursor(body);
    let (kind, length, number) = (cursor.u8()?, cursor.u24()?, cursor.u16()?);
    let (offset, bytes) = (cursor.u24()?, cursor.u24()?);
    let data = cursor.take(bytes)?;
    Some((Fragment { kind, length, number, offset, data }, cursor.0))
}
