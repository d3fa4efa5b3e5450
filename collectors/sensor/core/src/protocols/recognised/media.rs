//! Voice and pictures.

use super::{Datagrams, Openings, be16, be32, begins, either, mine};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// The magic cookie of every message (RFC 8489 §5).
const COOKIE: u32 = 0x2112_a442;

/// Messages of one sender in a row that make RTP: two numbers that go on are 60 bits that fit.
const RTP_ROW: usize = 2;

/// A STUN message: two zero bits, a length that is a multiple of four, the cookie. Gives its method.
fn stun(bytes: &[u8]) -> Option<u16> {
    let (kind, length) = (be16(bytes, 0)?, be16(bytes, 2)?);
    let whole = usize::from(length) + 20 <= bytes.len() && length % 4 == 0;
    // The class stands in two bits between those of the method.
    let method = kind & 0x000f | (kind & 0x00e0) >> 1 | (kind & 0x3e00) >> 2;
    (kind < 0x4000 && whole && be32(bytes, 4) == Some(COOKIE)).then_some(method)
}

/// Methods of TURN (RFC 8656 §17): allocate, refresh, send, data, create permission, bind a channel.
fn relays(method: u16) -> bool {
    matches!(method, 3 | 4 | 6..=9)
}

/// STUN (RFC 8489).
pub fn stun_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    mine(stun(datagrams.bytes).is_some_and(|method| !relays(method)))
}

/// TURN (RFC 8656): STUN that asks for a relay.
pub fn turn_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    mine(stun(datagrams.bytes).is_some_and(relays))
}

/// STUN and TURN over TCP.
pub fn stun_stream(openings: &Openings<'_>) -> Verdict {
    let message = |bytes: &[u8]| match bytes.first() {
        None => Unsure,
        Some(0 | 1) if bytes.len() < 20 && be32(bytes, 4).is_none_or(|cookie| cookie == COOKIE) => Unsure,
        Some(0 | 1) => mine(stun(bytes).is_some()),
        Some(_) => NotMine,
    };
    either(message(openings.client), message(openings.server))
}

/// RTSP (RFC 2326, RFC 7826): its version at the end of a request or the start of a response.
pub fn rtsp(openings: &Openings<'_>) -> Verdict {
    let request = |bytes: &[u8]| {
        if !bytes.first().is_none_or(u8::is_ascii_uppercase) {
            return NotMine;
        }
        match memchr::memchr(b'\n', &bytes[..bytes.len().min(1_024)]) {
            Some(end) => mine(
                bytes[..end].trim_ascii_end().ends_with(b" RTSP/1.0")
                    || bytes[..end].trim_ascii_end().ends_with(b" RTSP/2.0"),
            ),
            None if bytes.len() < 1_024 && bytes.is_ascii() => Unsure,
            None => NotMine,
        }
    };
    either(request(openings.client), begins(openings.server, b"RTSP/"))
}

/// RTP (RFC 3550 §5.1): one source and payload type, numbers that follow each other, time that does not run back.
pub fn rtp(datagrams: &Datagrams<'_>) -> Verdict {
    let Some(now) = Media::of(datagrams.bytes) else { return NotMine };
    let mut row = 0;
    let mut last = now;
    for glimpse in datagrams.earlier.iter().rev().filter(|glimpse| glimpse.direction == datagrams.direction) {
        let Some(before) = Media::of(glimpse.head()) else { break };
        let ahead = last.number.wrapping_sub(before.number);
        let later = last.time.wrapping_sub(before.time);
        if before.source != last.source
            || before.kind != last.kind
            || !(1..=4).contains(&ahead)
            || later > 1 << 20
        {
            break;
        }
        (row, last) = (row + 1, before);
    }
    if row >= RTP_ROW { Mine } else { Unsure }
}

#[derive(Clone, Copy)]
struct Media {
    kind: u8,
    number: u16,
    time: u32,
    source: u32,
}

impl Media {
    fn of(bytes: &[u8]) -> Option<Self> {
        let kind = bytes.get(1)? & 0x7f;
        let version = bytes.first()? >> 6;
        // Payload types from 72 to 76 are those of RTCP, 77 to 95 are not assigned.
        let fits = version == 2 && !(72..96).contains(&kind) && bytes.len() >= 13;
        let media = Self { kind, number: be16(bytes, 2)?, time: be32(bytes, 4)?, source: be32(bytes, 8)? };
        (fits && media.source != 0).then_some(media)
    }
}
