//! The life of flows: begun, counted, listened to, updated, ended.

use super::Engine;
use super::packets::Envelope;
use crate::context::{EventId, FlowJournal};
use crate::flow::key::Key;
use crate::flow::tcp::Connection;
use crate::flow::wheel::Timer;
use crate::flow::{Flow, Kind, Sighting, TCP_LINGER, UPDATE_EVERY};
use crate::icmp;
use crate::ip::{Packet, protocol};
use crate::protocols::Direction;
use crate::time::Micros;
use crate::transport::{Segment, Transport, flag};
use crate::tunnel::{Inside, Tunnelling};

/// Ports that only services have (IANA system ports).
const SYSTEM_PORTS: u16 = 1_024;

/// Services above them that answer to one host what was asked of a group: SSDP, multicast DNS, LLMNR.
const GROUP_SERVICES: [u16; 3] = [1_900, 5_353, 5_355];

/// What a packet that begins a flow says of it.
struct Beginning {
    key: Key,
    from_low: bool,
    from_client: bool,
    kind: Kind,
    ordinal: u32,
}

impl Engine {
    /// A packet of TCP, UDP or any protocol but ICMP.
    pub(super) fn flow(
        &mut self,
        envelope: &Envelope,
        packet: &Packet<'_>,
        transport: &Transport<'_>,
        sighting: &Sighting,
        inside: Option<&Inside<'_>>,
    ) {
        let (key, from_low) = key(envelope, packet, transport);
        let known = self.known(&key, from_low, sighting, transport.segment);
        if known.is_err() && self.is_echo(&key, transport, sighting.time) {
            self.sinks.counters.flows_echoes += 1;
            return;
        }
        let number = known.unwrap_or_else(|ordinal| {
            let kind = match packet.protocol {
                protocol::TCP => Kind::Tcp(Connection::default()),
                protocol::UDP => Kind::Udp,
                _ => Kind::Other,
            };
            let from_client = is_from_client(packet, transport);
            self.begin(envelope, Beginning { key, from_low, from_client, kind, ordinal }, sighting)
        });
        let Some(flow) = self.table.get(number) else { return };
        let direction = flow.direction(from_low);
        let was_closed = flow.is_closed();
        if was_closed {
            flow.echo(sighting.time.since(flow.last));
        }
        flow.count(direction, sighting, transport.payload);
        if let Some(name) = sighting.oddity {
            flow.journal.note(name, sighting.time);
        }
        let sighting = &Sighting { forged: flow.forged(direction, packet), ..*sighting };
        if let Some(inside) = inside {
            flow.tunnel.get_or_insert_default().carry(inside.kind, inside.id);
        } else if let Some(segment) = transport.segment {
            self.sinks.tcp(flow, direction, segment, transport, sighting);
        } else if key.protocol == protocol::UDP {
            self.sinks.udp(flow, direction, transport, sighting);
        }
        // Closed connections leave soon, not when their old timer goes off.
        if known.is_err() || (!was_closed && flow.is_closed()) {
            self.set_timer(number);
        }
    }

    /// A segment of a connection that has ended: it says goodbye again, or answers one.
    fn is_echo(&self, key: &Key, transport: &Transport<'_>, time: Micros) -> bool {
        transport.segment.is_some_and(|segment| {
            !segment.has(flag::SYN) && (segment.ends() || transport.payload.is_empty())
        }) && self.ended.echoes(key, time)
    }

    /// The flow of an outer packet that has just been counted.
    pub(super) fn outer(
        &mut self,
        envelope: &Envelope,
        packet: &Packet<'_>,
        transport: &Transport<'_>,
    ) -> Option<EventId> {
        let number = self.table.find(&key(envelope, packet, transport).0)?;
        self.table.get(number).map(|flow| flow.id)
    }

    /// An ICMP message.
    pub(super) fn icmp(
        &mut self,
        envelope: &Envelope,
        packet: &Packet<'_>,
        message: &icmp::Message<'_>,
        sighting: &Sighting,
    ) {
        let (key, from_low) = message.key(packet.source, packet.destination);
        let key = envelope.place(key, packet);
        let known = self.known(&key, from_low, sighting, None);
        let number = known.unwrap_or_else(|ordinal| {
            let from_client = icmp::client(message, packet.destination) == Direction::ToServer;
            let kind = Kind::Icmp(Box::new(icmp::Conversation::new(message)));
            self.begin(envelope, Beginning { key, from_low, from_client, kind, ordinal }, sighting)
        });
        let Some(flow) = self.table.get(number) else { return };
        flow.count(flow.direction(from_low), sighting, message.content);
        if let Kind::Icmp(conversation) = &mut flow.kind {
            conversation.note(message, packet.missing == 0);
        }
        if known.is_err() {
            self.set_timer(number);
        }
    }

    /// The flow of this key, unless the packet begins another: then the ordinal for that one.
    fn known(
        &mut self,
        key: &Key,
        from_low: bool,
        sighting: &Sighting,
        segment: Option<Segment>,
    ) -> Result<u32, u32> {
        let Some(number) = self.table.find(key) else { return Err(0) };
        let Some(flow) = self.table.get(number) else { return Err(0) };
        if !flow.refuses(from_low, sighting.time, segment) {
            return Ok(number);
        }
        let ordinal = if flow.start == sighting.time { flow.ordinal + 1 } else { 0 };
        self.end_flow(number, "idle");
        Err(ordinal)
    }

    /// Begins a flow.
    fn begin(&mut self, envelope: &Envelope, beginning: Beginning, sighting: &Sighting) -> u32 {
        let Beginning { key, from_low, from_client, kind, ordinal } = beginning;
        let client_low = from_low == from_client;
        let [sender, receiver] = envelope.macs;
        if self.table.is_full(self.max_flows)
            && let Some(victim) = self.table.victim()
        {
            self.sinks.counters.flows_evicted += 1;
            self.end_flow(victim, "evicted");
        }
        self.sinks.counters.flows_started += 1;
        let id = self.flow_id(&key, client_low, sighting.time, ordinal);
        let flow = Flow {
            key,
            client_low,
            id,
            ordinal,
            start: sighting.time,
            last: sighting.time,
            seen: sighting.clock,
            update: Micros(sighting.clock.0.saturating_add(UPDATE_EVERY)),
            updated: 0,
            timer: 0,
            macs: if from_client { [sender, receiver] } else { [receiver, sender] },
            vlans: envelope.vlans,
            tunnel: envelope
                .within
                .map(|within| Box::new(Tunnelling { within: Some(within), carried: None })),
            sides: Default::default(),
            kind,
            exchange: None,
            checksums: Default::default(),
            journal: FlowJournal::default(),
            midstream: !from_client,
            linger: TCP_LINGER,
        };
        self.table.insert(flow)
    }

    fn flow_id(&mut self, key: &Key, client_low: bool, start: Micros, ordinal: u32) -> EventId {
        let ((client, client_port), (server, server_port)) = (key.end(client_low), key.end(!client_low));
        let mut tuple = [0_u8; 50];
        tuple[..8].copy_from_slice(&start.0.to_le_bytes());
        tuple[8..24].copy_from_slice(&client.value.to_be_bytes());
        tuple[24..40].copy_from_slice(&server.value.to_be_bytes());
        tuple[40..42].copy_from_slice(&client_port.to_be_bytes());
        tuple[42..44].copy_from_slice(&server_port.to_be_bytes());
        tuple[44] = key.protocol;
        tuple[45] = u8::from(key.v6);
        tuple[46..].copy_from_slice(&ordinal.to_le_bytes());
        let space = key.space.to_le_bytes();
        self.ids.of(&[&tuple, if key.space == 0 { &[] } else { &space }])
    }

    fn set_timer(&mut self, number: u32) {
        let timer = self.table.timer(number);
        if let (Some(wheel), Some(flow)) = (self.wheel.as_mut(), self.table.get(number)) {
            flow.timer = wheel.set(timer, flow.deadline());
        }
    }

    /// A timer has gone off.
    pub(super) fn look_at(&mut self, timer: Timer, second: i64) {
        let Some(flow) = self.table.timed(timer).filter(|flow| flow.timer == second) else { return };
        let now = Micros(second.saturating_mul(1_000_000));
        if flow.seen.0.saturating_add(flow.patience()) < now.0 {
            self.end_flow(timer.index, "idle");
            return;
        }
        if flow.update <= now {
            flow.update = Micros(now.0.saturating_add(UPDATE_EVERY));
            if flow.packets() > flow.updated {
                flow.updated = flow.packets();
                self.sinks.update(flow);
            }
        }
        self.set_timer(timer.index);
    }

    /// Ends a flow and emits what is known of it; `reason` counts unless it was closed before.
    pub(super) fn end_flow(&mut self, number: u32, reason: &'static str) {
        if let Some(flow) = self.table.get(number) {
            if flow.is_closed() {
                self.ended.note(&flow.key, flow.last);
            }
            let reason = flow.reason(reason);
            self.sinks.end(flow, reason);
            self.table.remove(number);
        }
    }
}

/// The key of a packet, and whether its sender is the low end. ESP has a flow for each security association.
fn key(envelope: &Envelope, packet: &Packet<'_>, transport: &Transport<'_>) -> (Key, bool) {
    let (key, from_low) = match (packet.protocol, transport.payload.first_chunk::<4>()) {
        (protocol::ESP, Some([a, b, c, d])) => {
            let (high, low) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            Key::without_ports(packet.source, packet.destination, packet.protocol, high, low)
        }
        _ => Key::of(
            (packet.source, transport.source_port),
            (packet.destination, transport.destination_port),
            packet.protocol,
        ),
    };
    (envelope.place(key, packet), from_low)
}

/// Whether the first packet seen of a flow comes from its client.
fn is_from_client(packet: &Packet<'_>, transport: &Transport<'_>) -> bool {
    let (source, destination) = (transport.source_port, transport.destination_port);
    match transport.segment {
        Some(segment) if segment.has(flag::SYN) => !segment.has(flag::ACK),
        // Midstream: services have the lower port.
        Some(_) => source >= destination,
        // Without connections the first sender is the client, unless it answers from a system port: the question was
        // missed. Nobody answers to a group.
        None => {
            let answers = source != 0 && source < SYSTEM_PORTS || GROUP_SERVICES.contains(&source);
            let asks = destination < SYSTEM_PORTS || GROUP_SERVICES.contains(&destination);
            packet.destination.is_group() || !answers || asks
        }
    }
}
