//! ICMP and ICMPv6 conversations (RFC 792, RFC 4443): pings, their answers, and errors.
//!
//! A ping tunnel shows in the payloads: real pings repeat one payload and get it back unchanged.

use std::net::IpAddr;

use xxhash_rust::xxh3::xxh3_64;

use crate::community::{CommunityId, icmp_ports};
use crate::events;
use crate::flow::key::Key;
use crate::flow::shape::Look;
use crate::ip::{self, Address, protocol};
use crate::protocols::Direction;

/// Distinct sizes and contents counted in one conversation: one or two are ordinary, this many are a tunnel.
pub const DISTINCT_MAX: usize = 16;

/// Echo requests whose answer is awaited: more are under way only in a flood.
const AWAITED: usize = 8;

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Protocol number: ICMP or ICMPv6.
    pub protocol: u8,
    /// Type.
    pub kind: u8,
    /// Code.
    pub code: u8,
    /// Identifier of an echo, timestamp or mask exchange; else the code.
    pub id: u16,
    /// Sequence number of an echo.
    pub sequence: u16,
    /// What follows the eight bytes of the header.
    pub content: &'a [u8],
}

/// Reads a message; `None` when it is cut.
#[must_use]
pub fn decode(number: u8, bytes: &[u8]) -> Option<Message<'_>> {
    let (kind, code) = (*bytes.first()?, *bytes.get(1)?);
    let word = |at: usize| bytes.get(at..at + 2).map_or(0, |pair| u16::from_be_bytes([pair[0], pair[1]]));
    let paired = matches!((number, kind), (protocol::ICMP, 0 | 8 | 13..=18) | (protocol::ICMPV6, 128 | 129));
    bytes.get(3)?;
    Some(Message {
        protocol: number,
        kind,
        code,
        id: if paired { word(4) } else { u16::from(code) },
        sequence: if paired { word(6) } else { 0 },
        content: bytes.get(8..).unwrap_or_default(),
    })
}

impl Message<'_> {
    /// An answer: the client is who receives it.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        matches!((self.protocol, self.kind), (protocol::ICMP, 0 | 14 | 16 | 18) | (protocol::ICMPV6, 129))
    }

    fn is_echo_request(&self) -> bool {
        matches!((self.protocol, self.kind), (protocol::ICMP, 8) | (protocol::ICMPV6, 128))
    }

    fn is_error(&self) -> bool {
        matches!(
            (self.protocol, self.kind),
            (protocol::ICMP, 3 | 4 | 5 | 11 | 12) | (protocol::ICMPV6, 1..=4)
        )
    }

    /// The conversation that it belongs to, and whether its sender is the key's low end.
    #[must_use]
    pub fn key(&self, source: Address, destination: Address) -> (Key, bool) {
        let (kind, counterpart, one_way) = icmp_ports(self.protocol, self.kind, self.code);
        let class = if one_way { kind } else { kind.min(counterpart) };
        Key::without_ports(source, destination, self.protocol, class, self.id)
    }

    /// Destination of the packet that an error complains about.
    fn quoted(&self) -> Option<(IpAddr, Option<u16>)> {
        let packet = ip::decode(self.content).filter(|_| self.is_error())?;
        let ported = matches!(packet.protocol, protocol::TCP | protocol::UDP | protocol::SCTP);
        let port = packet.payload.get(2..4).filter(|_| ported && packet.part.is_none());
        Some((packet.destination.ip(), port.map(|port| u16::from_be_bytes([port[0], port[1]]))))
    }
}

/// Distinct values, up to [`DISTINCT_MAX`].
#[derive(Clone, Copy, Default)]
struct Distinct<T> {
    values: [T; DISTINCT_MAX],
    count: u8,
}

impl<T: Copy + PartialEq> Distinct<T> {
    /// Whether the value is new and there was room for it.
    fn note(&mut self, value: T) -> bool {
        let count = usize::from(self.count);
        let new = count < DISTINCT_MAX && !self.values[..count].contains(&value);
        if new {
            self.values[count] = value;
            self.count += 1;
        }
        new
    }
}

/// Messages of one conversation.
#[derive(Default)]
pub struct Conversation {
    kind: u8,
    code: u8,
    answer_first: bool,
    payload_max: u32,
    sizes: Distinct<u32>,
    kinds: Distinct<u64>,
    /// Sequence number and content of the last echo requests.
    awaited: [Option<(u16, u64)>; AWAITED],
    asked: u8,
    mismatches: u32,
    entropy: Option<f64>,
    quoted: Option<(IpAddr, Option<u16>)>,
}

impl Conversation {
    /// One that begins with this message.
    #[must_use]
    pub fn new(message: &Message<'_>) -> Self {
        Self { kind: message.kind, code: message.code, answer_first: message.is_answer(), ..Self::default() }
    }

    /// Adds a message; `whole` when the capture has all of it.
    pub fn note(&mut self, message: &Message<'_>, whole: bool) {
        let size = u32::try_from(message.content.len()).unwrap_or(u32::MAX);
        self.payload_max = self.payload_max.max(size);
        self.sizes.note(size);
        let hash = xxh3_64(message.content);
        if self.kinds.note(hash)
            && let Some(look) = Look::of(message.content)
        {
            self.entropy = Some(self.entropy.map_or(look.entropy, |highest| highest.max(look.entropy)));
        }
        if self.quoted.is_none() {
            self.quoted = message.quoted();
        }
        if message.is_echo_request() {
            self.awaited[usize::from(self.asked) % AWAITED] = whole.then_some((message.sequence, hash));
            self.asked = self.asked.wrapping_add(1);
        } else if message.is_answer() && whole {
            let asked = self.awaited.iter().flatten().find(|(sequence, _)| *sequence == message.sequence);
            self.mismatches += u32::from(asked.is_some_and(|(_, content)| *content != hash));
        }
    }

    /// Community ID of the conversation.
    #[must_use]
    pub fn community_id(&self, source: Address, destination: Address, number: u8) -> CommunityId {
        let (kind, other, one_way) = icmp_ports(number, self.kind, self.code);
        let (low, high) = if self.answer_first { (other, kind) } else { (kind, other) };
        CommunityId::of((source, low), (destination, high), number, one_way)
    }

    /// The row of the `icmp` dataset, without what the flow knows.
    #[must_use]
    pub fn row(&self) -> events::Icmp<'static> {
        events::Icmp {
            vonggac_icmp_type: Some(i64::from(self.kind)),
            vonggac_icmp_code: Some(i64::from(self.code)),
            vonggac_icmp_payload_max: Some(i64::from(self.payload_max)),
            vonggac_icmp_payload_sizes: Some(i64::from(self.sizes.count)),
            vonggac_icmp_payload_kinds: Some(i64::from(self.kinds.count)),
            vonggac_icmp_mismatches: Some(i64::from(self.mismatches)),
            vonggac_icmp_entropy: self.entropy,
            vonggac_icmp_inner_destination_ip: self.quoted.map(|(address, _)| address),
            vonggac_icmp_inner_destination_port: self.quoted.and_then(|(_, port)| port),
            ..events::Icmp::default()
        }
    }
}

/// Who is the client of a conversation that begins with `message`.
#[must_use]
pub fn client(message: &Message<'_>, destination: Address) -> Direction {
    if message.is_answer() && !destination.is_group() { Direction::ToClient } else { Direction::ToServer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(kind: u8, sequence: u8, content: &[u8]) -> Vec<u8> {
        [&[kind, 0, 0, 0, 0, 9, 0, sequence][..], content].concat()
    }

    #[test]
    fn answers_that_differ_from_their_requests_are_counted() {
        let packets = [echo(8, 1, b"ping"), echo(0, 1, b"ping"), echo(8, 2, b"ping"), echo(0, 2, b"secret")];
        let mut conversation = Conversation::new(&decode(1, &packets[0]).unwrap());
        for packet in &packets {
            conversation.note(&decode(1, packet).unwrap(), true);
        }
        let row = conversation.row();
        assert_eq!(row.vonggac_icmp_mismatches, Some(1));
        assert_eq!(row.vonggac_icmp_payload_kinds, Some(2));
        assert_eq!(row.vonggac_icmp_payload_sizes, Some(2));
        assert_eq!(row.vonggac_icmp_payload_max, Some(6));
    }

    #[test]
    fn both_directions_of_an_echo_are_one_conversation() {
        let (a, b) = (Address::v4([10, 0, 0, 1]), Address::v4([10, 0, 0, 2]));
        let (request, answer) = (echo(8, 1, b""), echo(0, 1, b""));
        let (request, answer) = (decode(1, &request).unwrap(), decode(1, &answer).unwrap());
        assert_eq!(request.key(a, b), (answer.key(b, a).0, true));
        let asked_first = Conversation::new(&request).community_id(a, b, 1);
        assert_eq!(Conversation::new(&answer).community_id(a, b, 1), asked_first);
    }

    #[test]
    fn an_error_tells_what_it_is_about() {
        let mut error = vec![3, 3, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 17, 0, 0];
        error.extend([10, 0, 0, 1, 203, 0, 113, 9, 0xc0, 0, 0, 53, 0, 8, 0, 0]);
        let mut conversation = Conversation::new(&decode(1, &error).unwrap());
        conversation.note(&decode(1, &error).unwrap(), true);
        let row = conversation.row();
        assert_eq!(row.vonggac_icmp_inner_destination_ip, Some(IpAddr::from([203, 0, 113, 9])));
        assert_eq!(row.vonggac_icmp_inner_destination_port, Some(53));
        assert_eq!(decode(1, &error[..3]), None);
    }
}
