//! Nodes of crypto-currencies.

use super::{Datagrams, Openings, be16, either, le32, mine};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// Bytes of the command, and where the payload's length stands behind it (Bitcoin's protocol, "Message structure").
const VERSION: &[u8; 12] = b"version\0\0\0\0\0";

/// A version message: the fixed part, and a user agent that is not longer than this.
const VERSION_BYTES: std::ops::RangeInclusive<u32> = 85..=1_024;

/// Bitcoin and what descends from it: a version message behind the four bytes that name the network.
pub fn bitcoin(openings: &Openings<'_>) -> Verdict {
    let version = |bytes: &[u8]| {
        let Some(rest) = bytes.get(4..) else { return Unsure };
        let command = &rest[..rest.len().min(VERSION.len())];
        if command != &VERSION[..command.len()] {
            return NotMine;
        }
        match le32(rest, VERSION.len()) {
            Some(length) => mine(VERSION_BYTES.contains(&length)),
            None => Unsure,
        }
    };
    either(version(openings.client), version(openings.server))
}

/// Node discovery of Ethereum (devp2p `discv4`): hash, signature, a kind of packet, and a list in RLP that fills the rest;
/// two datagrams.
pub fn ethereum(datagrams: &Datagrams<'_>) -> Verdict {
    let fits = |head: &[u8], length: usize| {
        let Some(header) = head.first_chunk::<102>() else { return false };
        let list = match header[98] {
            first @ 0xc0..=0xf7 => usize::from(first - 0xc0) + 1,
            0xf8 => usize::from(header[99]) + 2,
            0xf9 => be16(head, 99).map_or(0, usize::from) + 3,
            _ => 0,
        };
        // The last byte of the signature says which of two keys; packets are never longer than 1,280 bytes.
        header[96] <= 1 && matches!(header[97], 1..=6) && list + 98 == length && length <= 1_280
    };
    match fits(datagrams.bytes, datagrams.bytes.len()) {
        true if datagrams.earlier.iter().any(|glimpse| fits(glimpse.head(), glimpse.length)) => Mine,
        true => Unsure,
        false => NotMine,
    }
}
