//! ARP for IPv4 over Ethernet (RFC 826).

use std::net::IpAddr;

use crate::events;
use crate::link::{Mac, MacText};

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// 1 asks, 2 answers.
    pub operation: u16,
    /// Sender's hardware address.
    pub sender_mac: Mac,
    /// Sender's address.
    pub sender: [u8; 4],
    /// Target's hardware address.
    pub target_mac: Mac,
    /// Target's address.
    pub target: [u8; 4],
}

/// What stands in an ARP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// IPv4 over Ethernet.
    Message(Message),
    /// Other kinds of addresses.
    Foreign,
    /// Cut.
    Malformed,
}

/// Reads a message.
#[must_use]
pub fn decode(bytes: &[u8]) -> Decoded {
    let Some(header) = bytes.first_chunk::<8>() else { return Decoded::Malformed };
    if header[..6] != [0, 1, 8, 0, 6, 4] {
        return Decoded::Foreign;
    }
    let Some(body) = bytes.get(8..).and_then(|rest| rest.first_chunk::<20>()) else {
        return Decoded::Malformed;
    };
    let mac = |at: usize| Mac(std::array::from_fn(|index| body[at + index]));
    let address = |at: usize| std::array::from_fn(|index| body[at + index]);
    Decoded::Message(Message {
        operation: u16::from_be_bytes([header[6], header[7]]),
        sender_mac: mac(0),
        sender: address(6),
        target_mac: mac(10),
        target: address(16),
    })
}

impl Message {
    /// Bytes that tell this message from others, for its `event.id`.
    #[must_use]
    pub fn material(&self) -> [u8; 22] {
        let mut material = [0; 22];
        material[..2].copy_from_slice(&self.operation.to_be_bytes());
        material[2..8].copy_from_slice(&self.sender_mac.0);
        material[8..12].copy_from_slice(&self.sender);
        material[12..18].copy_from_slice(&self.target_mac.0);
        material[18..].copy_from_slice(&self.target);
        material
    }

    /// Adds the event; `base` has what every event has.
    pub fn emit(&self, base: &events::Base<'_>, events: &mut events::Events) {
        let (sender, target) = (self.sender_mac.text(), self.target_mac.text());
        let row = events::Arp {
            vonggac_arp_operation: match self.operation {
                1 => Some("request"),
                2 => Some("reply"),
                _ => None,
            },
            vonggac_arp_sender_mac: sender.as_ref().map(MacText::as_str),
            vonggac_arp_target_mac: target.as_ref().map(MacText::as_str),
            vonggac_arp_gratuitous: Some(self.sender == self.target),
            ..events::Arp::default()
        };
        let base = events::Base {
            source_ip: Some(IpAddr::from(self.sender)),
            destination_ip: Some(IpAddr::from(self.target)),
            ..base.clone()
        };
        events::Row::push(&row, &base, events);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ipv4_over_ethernet_only() {
        let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, 1, 0, 0x1b, 0x21, 0, 0, 1, 10, 0, 0, 1];
        bytes.extend([0, 0, 0, 0, 0, 0, 10, 0, 0, 2]);
        let Decoded::Message(message) = decode(&bytes) else { panic!("not read") };
        assert_eq!((message.sender, message.target), ([10, 0, 0, 1], [10, 0, 0, 2]));
        assert_eq!(decode(&bytes[..27]), Decoded::Malformed);
        bytes[0] = 9;
        assert_eq!(decode(&bytes), Decoded::Foreign);
    }
}
