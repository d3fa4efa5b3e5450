//! Remote control of machines through somebody else's servers.
//!
//! AnyDesk speaks TLS: its certificate (`AnyDesk Client`) and application protocol stand in the events of TLS. UltraViewer
//! has no published handshake: the names of its servers tell it.

use super::{Datagrams, Openings, begins, both, either, mine};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// Length of a varint of protobuf that is looked at: the small numbers and lengths of these messages.
const VARINT_BYTES_MAX: usize = 3;

/// `TeamViewer`: the magic 17 24 in front of every message; the first is the command to identify.
pub fn teamviewer_stream(openings: &Openings<'_>) -> Verdict {
    let identify = |bytes: &[u8]| begins(bytes, &[0x17, 0x24, 0x0a, 0x20]);
    let message = |bytes: &[u8]| begins(bytes, &[0x17, 0x24]);
    let identified = either(identify(openings.client), identify(openings.server));
    either(identified, both(message(openings.client), message(openings.server)))
}

/// `TeamViewer` over UDP: the magic stands behind a counter and zeros; two datagrams.
pub fn teamviewer_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    let magic = |bytes: &[u8]| {
        bytes.get(..13).is_some_and(|head| head[1..10] == [0; 9] && head[11..] == [0x17, 0x24])
    };
    match magic(datagrams.bytes) {
        true if datagrams.earlier.iter().any(|glimpse| magic(glimpse.head())) => Mine,
        true => Unsure,
        false => NotMine,
    }
}

/// Numbers of `RustDesk`'s messages (`rendezvous.proto`, the fields of `RendezvousMessage`).
const REGISTER_PEER: u32 = 6;
const REGISTER_PEER_RESPONSE: u32 = 7;
const REGISTER_KEY: u32 = 15;
const REGISTER_KEY_RESPONSE: u32 = 16;

/// `RustDesk` over UDP: a peer registers with its id, the server says whether it wants its key.
pub fn rustdesk_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    let asks = |bytes: &[u8]| match field(bytes) {
        Some((REGISTER_PEER | REGISTER_KEY, message)) => has_id(message),
        _ => false,
    };
    let answers = match field(bytes) {
        Some((REGISTER_PEER_RESPONSE | REGISTER_KEY_RESPONSE, message)) => {
            matches!(message, [] | [0x08 | 0x10, _])
        }
        _ => false,
    };
    match (asks(bytes), answers) {
        (true, _) if datagrams.same().any(|glimpse| asks(glimpse.head())) => Mine,
        (true, _) => Unsure,
        (_, true) => mine(datagrams.other().any(|glimpse| asks(glimpse.head()))),
        _ => NotMine,
    }
}

/// `RustDesk` over TCP: a message behind its length, in the lowest two bits of which stands how many bytes it takes.
/// Both sides' first messages must fill their frames exactly.
pub fn rustdesk_stream(openings: &Openings<'_>) -> Verdict {
    let framed = |bytes: &[u8]| {
        let Some((first, rest)) = bytes.split_first() else { return Unsure };
        // One byte of length: up to 63 bytes, which these messages never exceed by much.
        let length = usize::from(first >> 2);
        match (first & 3, rest.len()) {
            (0, had) if had < length => {
                if rest.first().is_none_or(|tag| tag & 7 == 2) {
                    Unsure
                } else {
                    NotMine
                }
            }
            (0, _) => {
                let known = |number| matches!(number, 8..=27);
                mine(rest.get(..length).and_then(field).is_some_and(|(number, message)| {
                    known(number)
                        && message.len() >= 2
                        && message.first().is_some_and(|tag| matches!(tag, 0x08 | 0x0a))
                }))
            }
            _ => NotMine,
        }
    };
    both(framed(openings.client), framed(openings.server))
}

/// A protobuf message of exactly one field that holds bytes: its number and content.
fn field(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (tag, rest) = varint(bytes)?;
    let (length, rest) = varint(rest)?;
    (tag & 7 == 2 && usize::try_from(length) == Ok(rest.len())).then_some((tag >> 3, rest))
}

fn varint(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let end = bytes.iter().take(VARINT_BYTES_MAX).position(|byte| byte & 0x80 == 0)?;
    let (number, rest) = bytes.split_at_checked(end + 1)?;
    let value = number.iter().rev().fold(0, |value, byte| value << 7 | u32::from(byte & 0x7f));
    Some((value, rest))
}

/// An id as field 1: digits, or the name that a company chose.
fn has_id(message: &[u8]) -> bool {
    let Some((0x0a, rest)) = varint(message) else { return false };
    let Some((length, rest)) = varint(rest) else { return false };
    let id = usize::try_from(length).ok().and_then(|length| rest.get(..length)).unwrap_or_default();
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (6..=32).contains(&id.len()) && id.iter().all(letter)
}
