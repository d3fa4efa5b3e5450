//! TCP and UDP headers, read in place (RFC 9293, RFC 768).

use crate::ip::protocol;

/// TCP flags.
pub mod flag {
    /// No more from this side.
    pub const FIN: u8 = 1;
    /// Opens a connection.
    pub const SYN: u8 = 2;
    /// Aborts a connection.
    pub const RST: u8 = 4;
    /// The acknowledgement field counts.
    pub const ACK: u8 = 16;
    /// There is urgent data. It stays in the stream, where interactive services read it; others skip its last byte.
    pub const URG: u8 = 32;
}

/// What only TCP has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Sequence number of the first payload byte (or of the SYN).
    pub sequence: u32,
    /// Next byte that the sender expects; meaningful with [`flag::ACK`].
    pub acknowledged: u32,
    /// FIN, SYN, RST, PSH, ACK, URG.
    pub flags: u8,
}

impl Segment {
    /// Says goodbye.
    #[must_use]
    pub fn ends(self) -> bool {
        self.has(flag::FIN | flag::RST)
    }

    /// Whether a flag of [`flag`] is set.
    #[must_use]
    pub fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// A transport header and what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transport<'a> {
    /// Sender's port; 0 where the protocol has none.
    pub source_port: u16,
    /// Receiver's port; 0 where the protocol has none.
    pub destination_port: u16,
    /// Set for TCP.
    pub segment: Option<Segment>,
    /// The payload as far as it was captured.
    pub payload: &'a [u8],
    /// Payload bytes that were on the wire but not captured.
    pub missing: u32,
}

/// Reads the header of `protocol`; `None` when it is cut or contradicts itself. `missing` is what the IP layer lacks.
#[must_use]
pub fn decode(number: u8, bytes: &[u8], missing: u32) -> Option<Transport<'_>> {
    match number {
        protocol::TCP => tcp(bytes, missing),
        protocol::UDP => udp(bytes, missing),
        protocol::SCTP => {
            let (ports, payload) = bytes.split_first_chunk::<4>()?;
            Some(Transport { payload, missing, ..ported(ports) })
        }
        _ => Some(Transport { source_port: 0, destination_port: 0, segment: None, payload: bytes, missing }),
    }
}

fn ported(ports: &[u8; 4]) -> Transport<'static> {
    Transport {
        source_port: u16::from_be_bytes([ports[0], ports[1]]),
        destination_port: u16::from_be_bytes([ports[2], ports[3]]),
        segment: None,
        payload: &[],
        missing: 0,
    }
}

fn tcp(bytes: &[u8], missing: u32) -> Option<Transport<'_>> {
    let header: &[u8; 20] = bytes.first_chunk()?;
    let length = usize::from(header[12] >> 4) * 4;
    if length < 20 {
        return None;
    }
    let segment = Segment {
        sequence: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
        acknowledged: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
        flags: header[13],
    };
    let ports = ported(header.first_chunk()?);
    Some(Transport { segment: Some(segment), payload: bytes.get(length..)?, missing, ..ports })
}

fn udp(bytes: &[u8], missing: u32) -> Option<Transport<'_>> {
    let (header, rest) = bytes.split_first_chunk::<8>()?;
    let ports = ported(header.first_chunk()?);
    let announced = usize::from(u16::from_be_bytes([header[4], header[5]]));
    // 0: a jumbogram (RFC 2675) or unfinished by offloading.
    if announced == 0 {
        return Some(Transport { payload: rest, missing, ..ports });
    }
    let length = announced.checked_sub(8)?;
    let captured = length.min(rest.len());
    // More announced than IP carries is a lie unless the capture cut it: treat it as cut, no receiver accepts it.
    let missing = u32::try_from(length - captured).unwrap_or(u32::MAX);
    Some(Transport { payload: &rest[..captured], missing, ..ports })
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{TcpSlice, UdpSlice};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_etherparse_on_tcp(bytes in prop::collection::vec(any::<u8>(), 0..90)) {
            let ours = decode(protocol::TCP, &bytes, 0);
            match TcpSlice::from_slice(&bytes) {
                Ok(theirs) => {
                    let ours = ours.unwrap();
                    let segment = ours.segment.unwrap();
                    prop_assert_eq!(ours.payload, theirs.payload());
                    prop_assert_eq!(ours.source_port, theirs.source_port());
                    prop_assert_eq!(ours.destination_port, theirs.destination_port());
                    prop_assert_eq!(segment.sequence, theirs.sequence_number());
                    prop_assert_eq!(segment.acknowledged, theirs.acknowledgment_number());
                    prop_assert_eq!(segment.has(flag::SYN), theirs.syn());
                    prop_assert_eq!(segment.has(flag::RST), theirs.rst());
                }
                Err(_) => prop_assert_eq!(ours, None),
            }
        }

        #[test]
        fn agrees_with_etherparse_on_udp(mut bytes in prop::collection::vec(any::<u8>(), 0..90), length in 0_u16..90) {
            if bytes.len() >= 8 {
                bytes[4..6].copy_from_slice(&length.to_be_bytes());
            }
            if let Ok(theirs) = UdpSlice::from_slice(&bytes) {
                let ours = decode(protocol::UDP, &bytes, 0).unwrap();
                prop_assert_eq!(ours.payload, theirs.payload());
                prop_assert_eq!((ours.source_port, ours.destination_port),
                    (theirs.source_port(), theirs.destination_port()));
            }
        }
    }
}
