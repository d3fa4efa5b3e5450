//! Community ID v1: the same text for the same tuple in every tool (specification of the Community ID, version 1).

use sha1::{Digest, Sha1};

use crate::ip::{Address, protocol};

/// `1:` and 28 characters of base64; empty until it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommunityId(Option<[u8; 30]>);

impl CommunityId {
    /// The text, `None` where it was never computed.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        // SAFETY: `CommunityId::of`, the only maker, writes ASCII.
        self.0.as_ref().map(|text| unsafe { std::str::from_utf8_unchecked(text) })
    }

    /// Of a tuple. For ICMP the ports are the type of the message and what [`icmp_ports`] pairs with it.
    /// `one_way` keeps the order of the addresses (ICMP messages that have no counterpart).
    #[must_use]
    pub fn of(source: (Address, u16), destination: (Address, u16), number: u8, one_way: bool) -> Self {
        let (low, high) =
            if one_way || source <= destination { (source, destination) } else { (destination, source) };
        let mut sha1 = Sha1::new();
        // Two bytes of seed, 0 unless a site chose another.
        sha1.update([0, 0]);
        for (address, _) in [low, high] {
            let bytes = address.value.to_be_bytes();
            sha1.update(if address.v6 { &bytes[..] } else { &bytes[12..] });
        }
        sha1.update([number, 0]);
        if matches!(
            number,
            protocol::ICMP | protocol::TCP | protocol::UDP | protocol::ICMPV6 | protocol::SCTP
        ) {
            sha1.update(low.1.to_be_bytes());
            sha1.update(high.1.to_be_bytes());
        }
        let mut text = [0; 30];
        text[..2].copy_from_slice(b"1:");
        base64(&sha1.finalize().into(), &mut text[2..]);
        Self(Some(text))
    }
}

/// What stands for the ports of an ICMP message: its type, and the type of its answer or, without one, its code.
/// The last says that there is no answer.
#[must_use]
pub fn icmp_ports(number: u8, kind: u8, code: u8) -> (u16, u16, bool) {
    let counterpart = if number == protocol::ICMP {
        match kind {
            0 => Some(8),
            8 => Some(0),
            9 => Some(10),
            10 => Some(9),
            13 => Some(14),
            14 => Some(13),
            15 => Some(16),
            16 => Some(15),
            17 => Some(18),
            18 => Some(17),
            _ => None,
        }
    } else {
        match kind {
            128 | 130 | 133 | 135 | 139 | 144 => Some(kind + 1),
            129 | 131 | 134 | 136 | 140 | 145 => Some(kind - 1),
            _ => None,
        }
    };
    (u16::from(kind), u16::from(counterpart.unwrap_or(code)), counterpart.is_none())
}

/// Twenty bytes are 28 characters, the last of them padding.
fn base64(digest: &[u8; 20], out: &mut [u8]) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (group, four) in digest.chunks(3).zip(out.chunks_mut(4)) {
        let word = group.iter().fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        let word = word << (8 * (3 - group.len()));
        for (index, letter) in four.iter_mut().enumerate() {
            *letter = if index <= group.len() { ALPHABET[word >> (18 - 6 * index) & 63] } else { b'=' };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn address(text: &str) -> Address {
        match text.parse().unwrap() {
            IpAddr::V4(address) => Address::v4(address.octets()),
            IpAddr::V6(address) => Address::v6(address.octets()),
        }
    }

    fn id(number: u8, source: &str, source_port: u16, destination: &str, destination_port: u16) -> String {
        let (source, destination) = (address(source), address(destination));
        let (sport, dport, one_way) =
            match (number, u8::try_from(source_port), u8::try_from(destination_port)) {
                (1 | 58, Ok(kind), Ok(code)) => icmp_ports(number, kind, code),
                _ => (source_port, destination_port, false),
            };
        CommunityId::of((source, sport), (destination, dport), number, one_way).as_str().unwrap().to_owned()
    }

    /// Vectors of the specification and its reference implementation.
    #[test]
    fn official_vectors() {
        let web = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
        assert_eq!(id(6, "128.232.110.120", 34855, "66.35.250.204", 80), web);
        assert_eq!(id(6, "66.35.250.204", 80, "128.232.110.120", 34855), web);
        assert_eq!(id(6, "10.0.0.1", 10, "10.0.0.2", 11569), "1:SXBGMX1lBOwhhoDrZynfROxnhnM=");
        assert_eq!(id(6, "192.168.1.42", 42, "192.168.1.42", 41), "1:eRcf7I/xocOxnYo5pbJBV5NhVm0=");
        assert_eq!(id(17, "192.168.1.52", 54585, "8.8.8.8", 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
        assert_eq!(id(132, "192.168.170.8", 7, "192.168.170.56", 80), "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=");
        assert_eq!(id(46, "1.2.3.4", 0, "5.6.7.8", 0), "1:ikv3kmf89luf73WPz1jOs49S768=");
    }

    #[test]
    fn official_vectors_of_icmp() {
        let echo = "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=";
        assert_eq!(id(1, "192.168.0.89", 8, "192.168.0.1", 0), echo);
        assert_eq!(id(1, "192.168.0.1", 0, "192.168.0.89", 0), echo);
        assert_eq!(id(1, "192.168.0.89", 20, "192.168.0.1", 0), "1:3o2RFccXzUgjl7zDpqmY7yJi8rI=");
        assert_eq!(id(1, "192.168.0.89", 20, "192.168.0.1", 1), "1:tz/fHIDUHs19NkixVVoOZywde+I=");
        let neighbour = id(58, "fe80::200:86ff:fe05:80da", 135, "fe80::260:97ff:fe07:69ea", 0);
        assert_eq!(neighbour, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=");
        let exceeded = id(58, "3ffe:507:0:1:200:86ff:fe05:80da", 3, "3ffe:507:0:1:260:97ff:fe07:69ea", 0);
        assert_eq!(exceeded, "1:/OGBt9BN1ofenrmSPWYicpij2Vc=");
    }
}
