//! One conversation between two ends, and the table of all of them.

pub mod ended;
pub mod history;
pub mod key;
mod rows;
pub mod shape;
pub mod table;
pub mod tcp;
pub mod wheel;

use std::sync::{Arc, LazyLock};

use crate::checksum;
use crate::context::{EventId, FlowIdentity, FlowJournal};
use crate::icmp;
use crate::ip::{Packet, protocol};
use crate::link::{Mac, Vlans};
use crate::protocols::Direction;
use crate::stream::Dialogue;
use crate::time::Micros;
use crate::transport::{Segment, flag};
use crate::tunnel::Tunnelling;
use key::Key;
use shape::{Head, Look, Shape};
use tcp::Connection;

/// An open TCP connection without packets. Keep-alives mostly come every 15 to 60 minutes; a connection that is
/// silent for longer is cut by firewalls anyway.
pub const TCP_IDLE: i64 = 3_600_000_000;
/// The same after an RST that was not believed: silence shows that it was true.
pub const TCP_ABORTED_IDLE: i64 = 900_000_000;
/// A SYN that nobody answers: Linux gives up after 127 s, but its last repeats are over a minute apart.
pub const TCP_ATTEMPT_IDLE: i64 = 70_000_000;
/// After FIN or RST: late packets still belong to the connection.
pub const TCP_LINGER: i64 = 5_000_000;
/// No flow is over after a shorter silence.
const PATIENCE_LEAST: i64 = TCP_LINGER;
/// A FIN or RST that is sent again waits twice as long each time: an ended connection waits for this many times the last
/// silence …
pub const LINGER_FACTOR: i64 = 3;
/// … but no longer than this.
pub const LINGER_MAX: i64 = 120_000_000;
/// UDP: longer than DNS waits, shorter than most heartbeats on fresh ports.
pub const UDP_IDLE: i64 = 60_000_000;
/// ICMP: pings come every second; slow ones every ten.
pub const ICMP_IDLE: i64 = 60_000_000;
/// Every other protocol over IP.
pub const OTHER_IDLE: i64 = 60_000_000;
/// `flow_update` rows of flows that are still open: a tunnel of days shows within minutes, at 6 rows an hour.
pub const UPDATE_EVERY: i64 = 600_000_000;

/// One side of a flow.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Packets.
    pub packets: u64,
    /// Whole frames, bytes on the wire.
    pub bytes: u64,
    /// Transport payload, bytes on the wire.
    pub payload: u64,
    /// TTL of the first packet.
    pub ttl_first: u8,
    /// Smallest TTL.
    pub ttl_min: u8,
}

/// What the transport adds.
pub enum Kind {
    /// TCP.
    Tcp(Connection),
    /// UDP.
    Udp,
    /// ICMP and ICMPv6.
    Icmp(Box<icmp::Conversation>),
    /// Any other protocol number.
    Other,
}

/// A dialogue, with what its events say of the flow.
pub struct Talk {
    /// The same for the life of the flow.
    pub identity: FlowIdentity,
    /// Recognition and decoder.
    pub dialogue: Dialogue,
}

/// What the two sides said: there once a packet carried payload. Most flows of a scan never have any.
#[derive(Default)]
pub struct Exchange {
    /// First packets.
    pub shape: Shape,
    /// How the first payload of client and server looks.
    pub looks: [Option<Look>; 2],
    /// Its first bytes.
    pub heads: [Head; 2],
    /// There once somebody listens to it.
    pub talk: Option<Talk>,
}

/// One flow. What every packet touches stands first, within three cache lines: with tens of thousands of flows open,
/// waiting for memory is most of what a packet costs.
#[repr(C, align(64))]
pub struct Flow {
    /// Its place in the world.
    pub key: Key,
    /// Time of the newest packet.
    pub last: Micros,
    /// The engine's clock at the newest packet.
    pub seen: Micros,
    /// Client and server.
    pub sides: [Side; 2],
    /// What the transport adds.
    pub kind: Kind,
    /// What was said.
    pub exchange: Option<Box<Exchange>>,
    /// The client is the key's low end.
    pub client_low: bool,
    /// The start was not seen.
    pub midstream: bool,
    /// VLAN tags of the first packet.
    pub vlans: Vlans,
    /// Hardware addresses of client and server.
    pub macs: [Mac; 2],
    /// `vonggac.flow.id`.
    pub id: EventId,
    /// Time of the first packet.
    pub start: Micros,
    /// Which of several flows of the same tuple and start time.
    pub ordinal: u32,
    /// When the next `flow_update` is due.
    pub update: Micros,
    /// Packets at the last `flow_update`.
    pub updated: u64,
    /// The second in which this flow's timer goes off; earlier timers are void.
    pub timer: i64,
    /// Ended TCP connection: silence after which it leaves, µs.
    pub linger: i64,
    /// Checksums of both sides.
    pub checksums: [checksum::Record; 2],
    /// What it has to do with tunnels.
    pub tunnel: Option<Box<Tunnelling>>,
    /// Events and anomalies so far.
    pub journal: FlowJournal,
}

/// What a packet says of its flow, whatever it carries.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    /// Packet time.
    pub time: Micros,
    /// The engine's clock.
    pub clock: Micros,
    /// Frames that it came in.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// TTL or hop limit.
    pub ttl: u8,
    /// Payload bytes on the wire.
    pub payload: u32,
    /// Its checksum is wrong where others of its sender are right.
    pub forged: bool,
    /// What is odd about its packet: an anomaly of the flow.
    pub oddity: Option<&'static str>,
}

impl Flow {
    /// Who sends when the key's low end does, or not.
    #[inline]
    #[must_use]
    pub fn direction(&self, from_low: bool) -> Direction {
        if from_low == self.client_low { Direction::ToServer } else { Direction::ToClient }
    }

    /// Counts a packet.
    #[inline]
    pub fn count(&mut self, direction: Direction, sighting: &Sighting, content: &[u8]) {
        self.last = self.last.max(sighting.time);
        self.seen = sighting.clock;
        let side = &mut self.sides[direction.index()];
        if side.packets == 0 {
            (side.ttl_first, side.ttl_min) = (sighting.ttl, sighting.ttl);
        }
        side.ttl_min = side.ttl_min.min(sighting.ttl);
        side.packets += sighting.frames;
        side.bytes += sighting.bytes;
        if sighting.payload > 0 {
            let first = side.payload == 0;
            side.payload += u64::from(sighting.payload);
            let exchange = self.exchange.get_or_insert_default();
            if first {
                exchange.looks[direction.index()] = Look::of(content);
                exchange.heads[direction.index()] = Head::of(content);
            }
            exchange.shape.note(direction, sighting.payload, sighting.time);
        }
    }

    /// Whether this packet, just counted, is one that its receiver drops for its checksums, while it takes others.
    #[inline]
    pub fn forged(&mut self, direction: Direction, packet: &Packet<'_>) -> bool {
        let index = direction.index();
        self.checksums[index].forged(self.sides[index].packets, packet)
    }

    /// The first bytes of a side, as digits, where nobody knows what they are; see [`shape::Head`].
    #[must_use]
    pub fn heads(&self) -> [Option<String>; 2] {
        match &self.exchange {
            Some(exchange) if self.protocol().is_none() => exchange.heads.map(Head::told),
            _ => [None, None],
        }
    }

    /// Who listens to it.
    #[must_use]
    pub fn talk(&self) -> Option<&Talk> {
        self.exchange.as_ref()?.talk.as_ref()
    }

    /// Client and server change places: what is said shows that the first guess was wrong.
    pub fn turn(&mut self) {
        self.client_low = !self.client_low;
        self.macs.swap(0, 1);
        self.sides.swap(0, 1);
        self.checksums.swap(0, 1);
        if let Some(exchange) = &mut self.exchange {
            exchange.shape.turn();
            exchange.looks.swap(0, 1);
            exchange.heads.swap(0, 1);
        }
        if let Kind::Tcp(connection) = &mut self.kind {
            connection.turn();
        }
    }

    /// Packets of both sides.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.sides[0].packets + self.sides[1].packets
    }

    /// Another packet of an ended connection, which was silent for `gap` µs.
    pub fn echo(&mut self, gap: i64) {
        self.linger = self.linger.max(gap.saturating_mul(LINGER_FACTOR).min(LINGER_MAX));
    }

    /// A connection that nobody uses any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(&self.kind, Kind::Tcp(connection) if connection.is_closed())
    }

    /// Silence after which the flow is over, µs.
    #[must_use]
    pub fn patience(&self) -> i64 {
        match &self.kind {
            Kind::Tcp(connection) if connection.is_closed() => self.linger,
            Kind::Tcp(connection) if connection.state() == "S0" => TCP_ATTEMPT_IDLE,
            Kind::Tcp(connection) if connection.was_aborted() => TCP_ABORTED_IDLE,
            Kind::Tcp(_) => TCP_IDLE,
            Kind::Udp => UDP_IDLE,
            Kind::Icmp(_) => ICMP_IDLE,
            Kind::Other => OTHER_IDLE,
        }
    }

    /// From when on this flow is over or due for an update, whichever comes first.
    #[must_use]
    pub fn deadline(&self) -> Micros {
        Micros(self.seen.0.saturating_add(self.patience() + 1)).min(self.update)
    }

    /// Whether a packet of `time` begins another flow: this one was silent too long, or the packet opens a new
    /// connection on the same ports.
    #[must_use]
    pub fn refuses(&self, from_low: bool, time: Micros, segment: Option<Segment>) -> bool {
        let silent = time.since(self.last);
        if silent > PATIENCE_LEAST && silent > self.patience() {
            return true;
        }
        let (Kind::Tcp(connection), Some(segment)) = (&self.kind, segment) else { return false };
        let opens = segment.flags & (flag::SYN | flag::ACK | flag::RST) == flag::SYN;
        opens && !connection.owns_syn(self.direction(from_low), segment.sequence)
    }

    /// `vonggac.flow.end_reason`: how it was closed, or `otherwise`.
    #[must_use]
    pub fn reason(&self, otherwise: &'static str) -> &'static str {
        match &self.kind {
            Kind::Tcp(connection) if connection.is_reset() => "rst",
            Kind::Tcp(connection) if connection.is_finished() => "fin",
            _ => otherwise,
        }
    }

    /// What events say of this flow; made when the first of them is.
    #[must_use]
    pub fn identity(&self, observer: &Arc<str>) -> FlowIdentity {
        let (source, source_port) = self.key.end(self.client_low);
        let (destination, destination_port) = self.key.end(!self.client_low);
        let ported = matches!(self.key.protocol, protocol::TCP | protocol::UDP | protocol::SCTP);
        let community_id = match &self.kind {
            Kind::Icmp(conversation) => conversation.community_id(source, destination, self.key.protocol),
            _ => crate::community::CommunityId::of(
                (source, source_port),
                (destination, destination_port),
                self.key.protocol,
                false,
            ),
        };
        FlowIdentity {
            id: self.id,
            observer: Arc::clone(observer),
            community_id,
            transport: transport_name(self.key.protocol),
            source_ip: source.ip(),
            source_port: ported.then_some(source_port),
            source_mac: self.macs[0],
            destination_ip: destination.ip(),
            destination_port: ported.then_some(destination_port),
            destination_mac: self.macs[1],
            vlan: self.vlans.outer(),
        }
    }
}

/// `network.transport`.
#[must_use]
pub fn transport_name(number: u8) -> &'static str {
    static NUMBERS: LazyLock<Vec<String>> = LazyLock::new(|| (0..=255_u8).map(|n| n.to_string()).collect());
    match number {
        protocol::ICMP => "icmp",
        protocol::TCP => "tcp",
        protocol::UDP => "udp",
        protocol::ICMPV6 => "ipv6-icmp",
        other => NUMBERS[usize::from(other)].as_str(),
    }
}
