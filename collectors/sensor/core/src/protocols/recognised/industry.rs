//! Machines and buildings: named only, except those with a decoder of their own.

use super::{Datagrams, Openings, be16, begins, either, le32, mine, size};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// Where BACnet lives; elsewhere two messages are wanted.
const BACNET: u16 = 47_808;

/// OPC UA (part 6, §7.1): a hello whose length fits, with buffer sizes behind it, or its acknowledgement.
pub fn opcua(openings: &Openings<'_>) -> Verdict {
    let message = |bytes: &[u8], word: &[u8]| match (begins(bytes, word), le32(bytes, 4)) {
        (Mine, Some(length)) => mine((28..=4_200).contains(&length)),
        (Mine, None) => Unsure,
        (verdict, _) => verdict,
    };
    either(message(openings.client, b"HELF"), message(openings.server, b"ACKF"))
}

/// EtherNet/IP over TCP (ODVA volume 2, §2-4): a session is registered with version 1.
pub fn ethernet_ip_stream(openings: &Openings<'_>) -> Verdict {
    let client = openings.client;
    let start = begins(client, &[0x65, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    match (start, client.get(20..28)) {
        (Mine, Some(rest)) => mine(rest == [0, 0, 0, 0, 1, 0, 0, 0]),
        (Mine, None) => Unsure,
        (verdict, _) => verdict,
    }
}

/// EtherNet/IP over UDP: a machine is asked for its identity, and says it.
pub fn ethernet_ip_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    let asks = |head: &[u8], length: usize| {
        length == 24 && head.starts_with(&[0x63, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    };
    let answers = bytes.starts_with(&[0x63, 0])
        && size(super::le16(bytes, 2)) == bytes.len().checked_sub(24)
        && bytes.get(26..28) == Some(&[0x0c, 0]);
    if answers {
        Mine
    } else if asks(bytes, bytes.len()) {
        mine(datagrams.port(44_818))
    } else {
        NotMine
    }
}

/// BACnet/IP (annex J): the type of the virtual link, a function, the datagram's length, and network protocol version 1.
pub fn bacnet(datagrams: &Datagrams<'_>) -> Verdict {
    let fits = |head: &[u8], length: usize| {
        let network = match head.get(1) {
            Some(4) => 10,
            Some(0..=11) => 4,
            _ => return false,
        };
        // Functions 0 to 3, 5 to 8 manage the link and carry no network message.
        let carries = matches!(head.get(1), Some(4 | 9..=11));
        head.first() == Some(&0x81)
            && size(be16(head, 2)) == Some(length)
            && (!carries || head.get(network) == Some(&1))
    };
    let known = datagrams.port(BACNET)
        || datagrams.earlier.iter().any(|glimpse| fits(glimpse.head(), glimpse.length));
    match (fits(datagrams.bytes, datagrams.bytes.len()), known) {
        (true, true) => Mine,
        (true, false) => Unsure,
        (false, _) => NotMine,
    }
}
