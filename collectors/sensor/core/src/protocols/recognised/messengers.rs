//! Messengers that do not hide in TLS.
//!
//! Zalo and Viber have no published handshake; Telegram's obfuscated transport is random from its first byte.

use super::{Openings, begins, both, either, le32, mine, size};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{NotMine, Unsure};

/// A hello of the Noise handshake: a key, and a certificate at most.
const WHATSAPP_HELLO_MAX: u32 = 2_048;

/// `WhatsApp`: `WA`, a version and the first frame of its handshake; newer ones may say first where to route it (`ED`).
pub fn whatsapp(openings: &Openings<'_>) -> Verdict {
    let mut client = openings.client;
    if let Some([b'E', b'D', 0, 1, high, middle, low]) = client.first_chunk::<7>() {
        let length = u32::from_be_bytes([0, *high, *middle, *low]);
        match size(Some(length)).and_then(|length| client.get(7 + length..)) {
            Some(rest) => client = rest,
            None => return if length <= WHATSAPP_HELLO_MAX { Unsure } else { NotMine },
        }
    }
    let word = either(begins(client, b"WA"), begins(client, b"ED\0\x01"));
    match client.first_chunk::<8>() {
        Some([b'W', b'A', version @ 1..=9, minor, high, middle, low, first]) => {
            let length = u32::from_be_bytes([0, *high, *middle, *low]);
            // The hello of the Noise handshake is field 2 of its message; before version 2 a stream header came.
            let hello = if *version >= 6 { *first == 0x12 } else { *minor <= 9 };
            mine(hello && (8..=WHATSAPP_HELLO_MAX).contains(&length))
        }
        Some(_) => NotMine,
        None => {
            if word == NotMine {
                NotMine
            } else {
                Unsure
            }
        }
    }
}

/// Telegram's MTProto transports (core.telegram.org/mtproto/mtproto-transports): a word of the client and messages behind
/// their length, which must fit in both directions.
pub fn telegram(openings: &Openings<'_>) -> Verdict {
    match openings.client.first() {
        None => Unsure,
        Some(0xef) => both(abridged(&openings.client[1..]), abridged(openings.server)),
        Some(0xee) => intermediate(openings, [0xee; 4]),
        Some(0xdd) => intermediate(openings, [0xdd; 4]),
        Some(_) => NotMine,
    }
}

/// Words of four bytes behind their number in one byte.
fn abridged(bytes: &[u8]) -> Verdict {
    match bytes.split_first() {
        None => Unsure,
        Some((words @ 6..=0x7e, rest)) => {
            let length = 4 * usize::from(*words);
            if rest.len() < length {
                if rest.is_empty() { Unsure } else { NotMine }
            } else {
                mine(rest.len() == length)
            }
        }
        Some(_) => NotMine,
    }
}

fn intermediate(openings: &Openings<'_>, word: [u8; 4]) -> Verdict {
    let framed = |bytes: &[u8]| match size(le32(bytes, 0)) {
        None => Unsure,
        Some(length) => mine((24..=1 << 16).contains(&length) && bytes.len() <= 4 + length),
    };
    match begins(openings.client, &word) {
        Verdict::Mine => both(framed(&openings.client[word.len()..]), framed(openings.server)),
        verdict => verdict,
    }
}
