//! Frames of Initial packets (RFC 9000 §12.4, §19).

use super::packet::varint;
use super::version::Version;
use crate::protocols::tls::hello::Cursor;

const PADDING: u64 = 0x00;
const PING: u64 = 0x01;
const ACK: u64 = 0x02;
const ACK_ECN: u64 = 0x03;
const CRYPTO: u64 = 0x06;
/// CRYPTO, as Google numbered its frames.
const CRYPTO_GOOGLE: u64 = 0x08;
const CLOSE: u64 = 0x1c;
const CLOSE_APPLICATION: u64 = 0x1d;

/// What is of use.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A piece of the handshake.
    Crypto {
        /// Where it belongs.
        offset: usize,
        /// The piece.
        data: &'a [u8],
    },
    /// The connection ends, with this error.
    Close(u64),
}

/// Hands the frames of a payload to `sink`; false where one is broken or has no place in an Initial packet.
pub fn read(version: Version, payload: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> bool {
    let mut cursor = Cursor(payload);
    let google = matches!(version, Version::Google(_) | Version::GoogleTls(_));
    while !cursor.0.is_empty() {
        if frame(google, &mut cursor, sink).is_none() {
            // Google's acknowledgements have a shape of their own, and stand behind the hello.
            return google;
        }
    }
    true
}

fn frame(google: bool, cursor: &mut Cursor<'_>, sink: &mut dyn FnMut(Frame<'_>)) -> Option<()> {
    match varint(cursor)? {
        PADDING | PING => {}
        kind @ (ACK | ACK_ECN) if !google => acknowledgement(kind, cursor)?,
        kind if kind == if google { CRYPTO_GOOGLE } else { CRYPTO } => {
            let (offset, length) = (varint(cursor)?, varint(cursor)?);
            let data = cursor.take(usize::try_from(length).ok()?)?;
            sink(Frame::Crypto { offset: usize::try_from(offset).ok()?, data });
        }
        kind @ (CLOSE | CLOSE_APPLICATION) if !google => {
            let code = varint(cursor)?;
            if kind == CLOSE {
                varint(cursor)?;
            }
            let reason = varint(cursor)?;
            cursor.take(usize::try_from(reason).ok()?)?;
            sink(Frame::Close(code));
        }
        _ => return None,
    }
    Some(())
}

fn acknowledgement(kind: u64, cursor: &mut Cursor<'_>) -> Option<()> {
    varint(cursor)?;
    varint(cursor)?;
    let ranges = varint(cursor)?;
    varint(cursor)?;
    // Each range takes bytes, so that a number too high ends with them.
    for _ in 0..ranges {
        varint(cursor)?;
        varint(cursor)?;
    }
    if kind == ACK_ECN {
        for _ in 0..3 {
            varint(cursor)?;
        }
    }
    Some(())
}
