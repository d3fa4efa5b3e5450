//! Virtual private networks.
//!
//! Tor is not here: its links are TLS, and what is odd about them (names that nobody asked for, certificates of a day)
//! stands in the events of TLS.

use super::{Datagrams, Openings, be16, be32, begins, both, le32, le64, mine, size};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// The opcode and key 0 of OpenVPN's first packets (`ssl_pkt.h`): hard reset of a client (version 2, version 3 with
/// tls-crypt-v2) and of a server.
const CLIENT_RESETS: [u8; 2] = [0x38, 0x50];
const SERVER_RESET: u8 = 0x40;

/// Opcode, session id, an empty list of acknowledgements and a packet number.
const CLIENT_RESET_BYTES: usize = 14;

/// A reset carries no data; behind a wrapped client key of tls-crypt-v2 it has at most 1,024 bytes and some.
const RESET_BYTES_MAX: usize = 1_400;

/// WireGuard's messages (whitepaper §5.4): first byte, three zeros, length.
const WIREGUARD_INITIATION: (u32, usize) = (1, 148);
const WIREGUARD_RESPONSE: (u32, usize) = (2, 92);
const WIREGUARD_COOKIE: (u32, usize) = (3, 64);
const WIREGUARD_DATA: u32 = 4;

/// IKE leaves the first four bytes zero on this port (RFC 3948), so that ESP can be told from it.
const NAT_TRAVERSAL: u16 = 4_500;

/// OpenVPN over TCP: each packet behind its length in two bytes.
pub fn openvpn_stream(openings: &Openings<'_>) -> Verdict {
    let framed = |bytes: &[u8], opcodes: &[u8]| match bytes.get(2) {
        None if bytes.first().is_none_or(|high| *high <= 5) => Unsure,
        Some(opcode) if opcodes.contains(opcode) => {
            let length = size(be16(bytes, 0)).unwrap_or(0);
            match (CLIENT_RESET_BYTES..=RESET_BYTES_MAX).contains(&length) {
                true if bytes.len() >= 2 + length => Mine,
                true => Unsure,
                false => NotMine,
            }
        }
        _ => NotMine,
    };
    let verdict = both(framed(openings.client, &CLIENT_RESETS), framed(openings.server, &[SERVER_RESET]));
    if verdict != Mine {
        return verdict;
    }
    let packet = |bytes| <[u8]>::get(bytes, 2..2 + size(be16(bytes, 0))?);
    match (packet(openings.client), packet(openings.server)) {
        (Some(client), Some(server)) => mine(answers_reset(client, server)),
        _ => NotMine,
    }
}

/// OpenVPN over UDP.
pub fn openvpn_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    match bytes.first() {
        Some(opcode) if CLIENT_RESETS.contains(opcode) => {
            let plausible = (CLIENT_RESET_BYTES..=RESET_BYTES_MAX).contains(&bytes.len());
            if plausible && session(bytes).is_some() { Unsure } else { NotMine }
        }
        Some(&SERVER_RESET) => {
            let asked = |head: &[u8]| head.first().is_some_and(|opcode| CLIENT_RESETS.contains(opcode));
            let mut resets = datagrams.other().filter(|glimpse| asked(glimpse.head()));
            mine(resets.any(|glimpse| answers_reset(glimpse.head(), bytes)))
        }
        _ => NotMine,
    }
}

/// The session id behind the opcode.
fn session(packet: &[u8]) -> Option<&[u8]> {
    packet.get(1..9).filter(|id| id.iter().any(|byte| *byte != 0))
}

/// Whether a server's reset answers a client's: it acknowledges with the client's session id, in clear or behind an
/// HMAC (tls-auth); or both are under tls-crypt, whose first packet numbers are in clear.
fn answers_reset(client: &[u8], server: &[u8]) -> bool {
    let (Some(asked), Some(answered)) = (session(client), session(server)) else { return false };
    let numbered = |packet| matches!(be32(packet, 9), Some(1 | 0x0f00_0001)) && packet.len() >= 54;
    let acknowledged =
        server.get(9..).is_some_and(|rest| rest.windows(asked.len()).any(|window| window == asked));
    asked != answered && (acknowledged || (numbered(client) && numbered(server)))
}

/// WireGuard: a response that names the initiation's index, two initiations, or data that counts upwards.
pub fn wireguard(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    let Some(kind) = le32(bytes, 0).filter(|kind| (1..=4).contains(kind)) else { return NotMine };
    let index = |at| le32(bytes, at);
    match (kind, bytes.len()) {
        WIREGUARD_INITIATION => {
            let again =
                datagrams.same().any(|glimpse| is(glimpse.head(), glimpse.length, WIREGUARD_INITIATION));
            if again { Mine } else { Unsure }
        }
        WIREGUARD_RESPONSE => {
            let mut asked = datagrams
                .other()
                .filter(|glimpse| is(glimpse.head(), glimpse.length, WIREGUARD_INITIATION))
                .map(|glimpse| le32(glimpse.head(), 4));
            if asked.any(|sender| sender == index(8)) { Mine } else { Unsure }
        }
        WIREGUARD_COOKIE => {
            let mut asked = datagrams.other().filter(|g| is(g.head(), g.length, WIREGUARD_INITIATION));
            mine(asked.any(|glimpse| le32(glimpse.head(), 4) == index(4)))
        }
        (WIREGUARD_DATA, length) if length >= 32 && length % 16 == 0 => {
            let counter = le64(bytes, 8).unwrap_or(u64::MAX);
            let mut before =
                datagrams.same().filter(|glimpse| le32(glimpse.head(), 0) == Some(WIREGUARD_DATA));
            let follows = before.any(|glimpse| {
                let ahead = le64(glimpse.head(), 8).map(|earlier| counter.wrapping_sub(earlier));
                le32(glimpse.head(), 4) == index(4) && matches!(ahead, Some(1..=64))
            });
            if follows { Mine } else { Unsure }
        }
        _ => NotMine,
    }
}

fn is(head: &[u8], length: usize, message: (u32, usize)) -> bool {
    le32(head, 0) == Some(message.0) && length == message.1
}

/// IKEv1 and IKEv2 (RFC 2408 §3.1, RFC 7296 §3.1): the header, whose length is the datagram's, and a first payload and
/// exchange that the version has.
pub fn ike(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes.strip_prefix(&[0; 4]).unwrap_or(datagrams.bytes);
    let Some(header) = bytes.first_chunk::<28>() else { return NotMine };
    let zero = |part: &[u8]| part.iter().all(|byte| *byte == 0);
    let (payload, version, exchange, flags) = (header[16], header[17], header[18], header[19]);
    let fits = match version {
        0x10 => matches!(payload, 1..=21 | 130..=131) && matches!(exchange, 1..=6 | 32 | 33) && flags <= 7,
        0x20 => matches!(payload, 0 | 33..=54) && matches!(exchange, 34..=44) && flags & 0xc7 == 0,
        _ => false,
    };
    // A first message has no responder yet, and IKEv2 begins with message 0.
    let begins =
        !zero(&header[8..16]) || (matches!(payload, 1 | 33) && (version == 0x10 || zero(&header[20..24])));
    let length = size(be32(header, 24)) == Some(bytes.len());
    mine(fits && begins && length && !zero(&header[..8]))
}

/// ESP in UDP (RFC 3948): on its port only, an index that no IKE message has, and numbers that count upwards.
pub fn esp(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    let (Some(index), Some(number)) = (be32(bytes, 0), be32(bytes, 4)) else { return NotMine };
    if !datagrams.port(NAT_TRAVERSAL) || index < 256 || bytes.len() < 32 || !bytes.len().is_multiple_of(4) {
        return NotMine;
    }
    let follows = datagrams.same().any(|glimpse| {
        let ahead = be32(glimpse.head(), 4).map(|earlier| number.wrapping_sub(earlier));
        be32(glimpse.head(), 0) == Some(index) && matches!(ahead, Some(1..=64))
    });
    if follows { Mine } else { Unsure }
}

/// PPTP (RFC 2637 §2.1): a request to start the control connection, 156 bytes with the magic cookie.
pub fn pptp(openings: &Openings<'_>) -> Verdict {
    begins(openings.client, &[0, 156, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0])
}

/// tinc (its manual, "The meta-protocol"): `0 name 17` or `0 name 17.7` on a line of its own, by both sides.
pub fn tinc(openings: &Openings<'_>) -> Verdict {
    let line = |bytes: &[u8]| {
        if begins(bytes, b"0 ") != Mine {
            return begins(bytes, b"0 ");
        }
        let Some(end) = memchr::memchr(b'\n', &bytes[..bytes.len().min(80)]) else {
            return if bytes.len() < 80 { Unsure } else { NotMine };
        };
        let mut words = bytes[..end].split(|byte| *byte == b' ').skip(1);
        let name = words.next().unwrap_or_default();
        let named = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        mine(
            named && words.next().is_some_and(|version| version.starts_with(b"17")) && words.next().is_none(),
        )
    };
    both(line(openings.client), line(openings.server))
}

/// Discovery messages of Tailscale (`disco.go`): six bytes of magic, a key and a nonce.
pub fn tailscale(datagrams: &Datagrams<'_>) -> Verdict {
    mine(datagrams.bytes.starts_with("TS💬".as_bytes()) && datagrams.bytes.len() >= 62)
}
