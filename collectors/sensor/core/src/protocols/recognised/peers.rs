//! File sharing between peers.

use super::{Datagrams, Openings, be16, begins, either, le16, le32, mine, size};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// The opcodes of Kademlia in eMule (`opcodes.h`) with the lengths that their datagrams have: at least, and what is a
/// multiple of how many bytes behind that.
const KAD: [(u8, usize, usize); 9] = [
    (0x01, 2, 0),   // bootstrap request
    (0x09, 27, 25), // bootstrap response: own contact, then contacts
    (0x11, 22, 1),  // hello request: id, port, version, tags
    (0x19, 22, 1),  // hello response
    (0x22, 18, 0),  // hello response acknowledged
    (0x21, 35, 0),  // request: kind, target, receiver
    (0x29, 19, 25), // response: target, count, contacts
    (0x60, 2, 0),   // ping
    (0x61, 4, 0),   // pong: the port that was seen
];

/// The peer wire protocol (BEP 3): its name behind its length.
pub fn bittorrent(openings: &Openings<'_>) -> Verdict {
    let hello = |bytes| begins(bytes, b"\x13BitTorrent protocol");
    either(hello(openings.client), hello(openings.server))
}

/// The micro transport protocol (BEP 29): a SYN and the state message that answers with its connection id.
pub fn utp(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    match bytes.first_chunk::<20>() {
        Some(header @ [0x41, extension, ..]) => {
            let bare = *extension == 0 && bytes.len() == 20 && header[8..12] == [0; 4];
            if bare || (*extension == 2 && bytes.len() == 30) { Unsure } else { NotMine }
        }
        Some([0x21, 0..=2, ..]) => {
            let mut asked = datagrams.other().filter(|glimpse| glimpse.head().first() == Some(&0x41));
            mine(asked.any(|glimpse| {
                be16(glimpse.head(), 2) == be16(bytes, 2) && be16(glimpse.head(), 16) == be16(bytes, 18)
            }))
        }
        _ => NotMine,
    }
}

/// A connection to a tracker (BEP 15): the constant that begins every one.
pub fn tracker(datagrams: &Datagrams<'_>) -> Verdict {
    let constant = [0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0];
    mine(datagrams.bytes.starts_with(&constant) && datagrams.bytes.len() == 16)
}

/// Gnutella (RFC draft 0.6): `GNUTELLA CONNECT/0.6`, and its answer.
pub fn gnutella_stream(openings: &Openings<'_>) -> Verdict {
    let said = |bytes: &[u8]| either(begins(bytes, b"GNUTELLA CONNECT/0."), begins(bytes, b"GNUTELLA/0.6 "));
    either(said(openings.client), said(openings.server))
}

/// Gnutella over UDP: a message whose length is the datagram's, or two of the reliable layer (`GTA`, `GND`).
pub fn gnutella_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    if let Some([b'G', b'T' | b'N', b'A' | b'D', _, _, _, part, count]) = bytes.first_chunk::<8>() {
        let tagged = |head: &[u8]| head.get(..3) == bytes.get(..3);
        // An acknowledgement of all parts has no count.
        return match *count == 0 || (1..=*count).contains(part) {
            true if datagrams.earlier.iter().any(|glimpse| tagged(glimpse.head())) => Mine,
            true => Unsure,
            false => NotMine,
        };
    }
    let Some(header) = bytes.first_chunk::<23>() else { return NotMine };
    let known = matches!(header[16], 0x00..=0x02 | 0x30 | 0x31 | 0x40 | 0x80 | 0x81);
    let near = header[17] <= 7 && header[18] <= 7 && header[17] + header[18] > 0;
    mine(known && near && size(le32(header, 19)) == Some(bytes.len() - 23) && is_identifier(&header[..16]))
}

/// An identifier is random: zeros and counters have few values.
fn is_identifier(bytes: &[u8]) -> bool {
    let mut values = bytes.to_vec();
    values.sort_unstable();
    values.dedup();
    values.len() >= 8
}

/// eDonkey and eMule: a hello whose user hash has the two bytes that eMule's have.
pub fn edonkey(openings: &Openings<'_>) -> Verdict {
    let hello = |bytes: &[u8]| {
        if !matches!(bytes.first(), None | Some(0xe3)) || bytes.len() < 24 {
            return if matches!(bytes.first(), None | Some(0xe3)) { Unsure } else { NotMine };
        }
        let length = le32(bytes, 1).unwrap_or(0);
        // A peer's hello names the length of its hash; a log-in to a server does not.
        let hash = match bytes.get(5..7) {
            Some([0x01, 0x10]) => bytes.get(7..23),
            Some([0x01 | 0x4c, _]) => bytes.get(6..22),
            _ => None,
        };
        let emule = hash.is_some_and(|hash| hash[5] == 0x0e && hash[14] == 0x6f);
        mine((25..4_096).contains(&length) && emule)
    };
    either(hello(openings.client), hello(openings.server))
}

/// Kademlia in eMule: two datagrams with opcodes of the lengths that they have.
pub fn kad(datagrams: &Datagrams<'_>) -> Verdict {
    let fits = |head: &[u8], length: usize| {
        let Some([0xe4, opcode]) = head.first_chunk::<2>() else { return false };
        KAD.iter().any(|(known, least, step)| {
            known == opcode
                && length
                    .checked_sub(*least)
                    .is_some_and(|rest| if *step == 0 { rest == 0 } else { rest % step == 0 })
        })
    };
    match fits(datagrams.bytes, datagrams.bytes.len()) {
        true if datagrams.earlier.iter().any(|glimpse| {
            fits(glimpse.head(), glimpse.length) && kad_pair(glimpse.head(), datagrams.bytes)
        }) =>
        {
            Mine
        }
        true => Unsure,
        false => NotMine,
    }
}

/// Two messages say more together than one twice: short ones must be question and answer.
fn kad_pair(earlier: &[u8], now: &[u8]) -> bool {
    let asked_same = match (earlier.get(1), now.get(1)) {
        (Some(0x21), Some(0x29)) => earlier.get(3..19) == now.get(2..18),
        (Some(0x11), Some(0x19)) => true,
        (Some(0x01), Some(0x09)) | (Some(0x60), Some(0x61)) => true,
        _ => false,
    };
    asked_same
        || (now.get(1) == Some(&0x21) && earlier.get(1) == Some(&0x21) && le16(earlier, 19) == le16(now, 19))
}
