//! The hellos of SSL 2.0 (Hickman 1995): old clients open with one to offer newer versions, and scanners to find
//! servers that still speak it.

use super::hello::Cursor;
use super::names;
use crate::protocols::Verdict;

/// Length, type, version and the three lengths of a ClientHello.
const CLIENT_HEADER_BYTES: usize = 11;

/// A ClientHello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientHello {
    /// Highest version that the client speaks.
    pub version: u16,
    /// Suites, three bytes each; those of SSL 3.0 and later begin with a zero.
    pub ciphers: Vec<u32>,
}

/// A ServerHello of a server that stays with SSL 2.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHello<'a> {
    /// Its certificate.
    pub certificate: &'a [u8],
}

/// Does the stream begin with the ClientHello?
#[must_use]
pub fn probe(bytes: &[u8]) -> Verdict {
    let Some(header) = bytes.first_chunk::<CLIENT_HEADER_BYTES>() else {
        let possible = bytes.get(2).is_none_or(|kind| *kind == 1)
            && bytes.get(3).is_none_or(|major| matches!(*major, 0 | 3))
            && bytes.get(4).is_none_or(|minor| *minor <= 4);
        return if possible { Verdict::Unsure } else { Verdict::NotMine };
    };
    if client_lengths(header).is_some() { Verdict::Mine } else { Verdict::NotMine }
}

/// Length of the message, and bytes of ciphers, when all lengths of the header agree.
fn client_lengths(header: &[u8; CLIENT_HEADER_BYTES]) -> Option<(usize, usize)> {
    let two = |at: usize| usize::from(u16::from_be_bytes([header[at], header[at + 1]]));
    let length = two(0) & 0x7fff;
    let (ciphers, session, challenge) = (two(5), two(7), two(9));
    let version = u16::from_be_bytes([header[3], header[4]]);
    let fits = header[0] & 0x80 != 0
        && header[2] == 1
        && (version == names::SSL_2 || (0x0300..=0x0304).contains(&version))
        && ciphers % 3 == 0
        && ciphers > 0
        && (16..=32).contains(&challenge)
        && length + 2 == CLIENT_HEADER_BYTES + ciphers + session + challenge;
    fits.then_some((length + 2, ciphers))
}

/// The ClientHello at the start of `bytes` and its length; `Ok(None)` when it has not come whole, `Err` when it is none.
pub fn client_hello(bytes: &[u8]) -> Result<Option<(ClientHello, usize)>, &'static str> {
    let Some(header) = bytes.first_chunk::<CLIENT_HEADER_BYTES>() else { return Ok(None) };
    let (length, ciphers) = client_lengths(header).ok_or("tls-bad-hello")?;
    let Some(message) = bytes.get(..length) else { return Ok(None) };
    let version = u16::from_be_bytes([message[3], message[4]]);
    let ciphers = message[CLIENT_HEADER_BYTES..][..ciphers]
        .chunks_exact(3)
        .map(|c| u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]))
        .collect();
    Ok(Some((ClientHello { version, ciphers }, length)))
}

/// The ServerHello at the start of `bytes`; `Ok(None)` when it has not come whole, `Err` when it is none.
pub fn server_hello(bytes: &[u8]) -> Result<Option<ServerHello<'_>>, &'static str> {
    let Some(&[high, low]) = bytes.first_chunk::<2>() else { return Ok(None) };
    let length = usize::from(u16::from_be_bytes([high & 0x7f, low]));
    let Some(message) = bytes.get(2..2 + length) else { return Ok(None) };
    let mut cursor = Cursor(message);
    let read = |cursor: &mut Cursor<'_>| {
        let kind = cursor.u8()?;
        cursor.take(2)?;
        let (version, certificate) = (cursor.u16()?, usize::from(cursor.u16()?));
        cursor.take(4)?;
        (kind == 4 && version == names::SSL_2).then_some(certificate)
    };
    let certificate = read(&mut cursor).ok_or("tls-bad-hello")?;
    let certificate = cursor.take(certificate).ok_or("tls-bad-hello")?;
    Ok(Some(ServerHello { certificate }))
}
