//! From a frame to the flow that it belongs to, through the tunnels around it.

use std::sync::Arc;

use super::Engine;
use crate::arp::{self, Decoded};
use crate::events::{self, Base, Row};
use crate::flow::Sighting;
use crate::flow::key::Key;
use crate::fragments::Fate;
use crate::frame::Frame;
use crate::icmp;
use crate::ip::{self, Packet, Part, protocol};
use crate::link::{self, Content, Mac, MacText, Stripped, Vlans};
use crate::transport::{self, Transport};
use crate::tunnel::{self, Inside, Within};

/// What the frame says of the hosts on its link, and of the tunnels that it came through.
pub(super) struct Envelope {
    pub macs: [Mac; 2],
    pub vlans: Vlans,
    pub within: Option<Within>,
    /// Tunnels inside IP around it.
    depth: u8,
    /// [`Key::space`].
    space: u32,
}

impl Envelope {
    fn of(stripped: &Stripped<'_>) -> Self {
        Self {
            macs: [stripped.source, stripped.destination],
            vlans: stripped.vlans,
            within: stripped.label.map(|(kind, id)| Within { kind, id: Some(id), outer: None }),
            depth: 0,
            space: 0,
        }
    }

    /// The key of a packet with these ends. Addresses that mean something on one link only are told apart by its VLAN:
    /// no router stands between their ends that could change the tag.
    pub fn place(&self, key: Key, packet: &Packet<'_>) -> Key {
        let mut space = self.space;
        if self.vlans.outer().is_some() && (packet.destination.is_of_link() || packet.source.is_of_link()) {
            let mut material = [0_u8; 4 + 2 * link::VLANS_MAX];
            material[..4].copy_from_slice(&space.to_le_bytes());
            for (place, tag) in material[4..].chunks_exact_mut(2).zip(self.vlans.list()) {
                // A tag of 0 is a tag too.
                place.copy_from_slice(&(tag | 0x8000).to_le_bytes());
            }
            space = tunnel::squeezed(&material);
        }
        Key { space, ..key }
    }
}

/// Where a packet is malformed.
pub(super) enum Layer {
    Link,
    Network,
    Transport,
}

/// What became of a packet; the engine counts it for frames, once for each whatever tunnels are inside.
pub(super) enum Fared {
    Decoded,
    /// Decoded: an announcement on the local network, which is no flow.
    Announced,
    /// Decoded, but nothing that the sensor reads further.
    Other,
    Dropped,
    Malformed(Layer),
}

impl Engine {
    /// Reads a frame and counts it as exactly one of decoded, dropped and malformed.
    pub(super) fn decode(&mut self, frame: &Frame<'_>) {
        let fared = match link::strip(frame.link, frame.bytes) {
            None => Fared::Malformed(Layer::Link),
            Some(stripped) => self.content(frame, &Envelope::of(&stripped), stripped.content),
        };
        let counters = &mut self.sinks.counters;
        match fared {
            Fared::Decoded => counters.packets_decoded += 1,
            Fared::Other => {
                counters.packets_decoded += 1;
                counters.packets_other += 1;
            }
            Fared::Announced => {
                counters.packets_decoded += 1;
                counters.local_announcements += 1;
            }
            Fared::Dropped => counters.packets_dropped += 1,
            Fared::Malformed(layer) => {
                counters.packets_malformed += 1;
                match layer {
                    Layer::Link => counters.malformed_link += 1,
                    Layer::Network => counters.malformed_network += 1,
                    Layer::Transport => counters.malformed_transport += 1,
                }
            }
        }
    }

    fn content(&mut self, frame: &Frame<'_>, envelope: &Envelope, content: Content<'_>) -> Fared {
        match content {
            Content::Ip(bytes) => self.network(frame, envelope, bytes),
            Content::Arp(bytes) => self.arp(frame, envelope, bytes),
            Content::Lldp(bytes) => self.lldp(frame, envelope, bytes),
            Content::Llc(bytes) => self.llc(frame, envelope, bytes),
            Content::PppoeDiscovery(bytes) => self.offer(frame, envelope, bytes),
            Content::Other => Fared::Other,
        }
    }

    fn network(&mut self, frame: &Frame<'_>, envelope: &Envelope, bytes: &[u8]) -> Fared {
        let counters = &mut self.sinks.counters;
        let Some(packet) = ip::decode(bytes) else { return Fared::Malformed(Layer::Network) };
        let Some(part) = packet.part else {
            return self.transport(frame, envelope, &packet, (1, u64::from(frame.length), None));
        };
        counters.fragments_seen += 1;
        // Fragments of different tunnels must not meet.
        let part = Part { id: part.id ^ envelope.space, ..part };
        match self.fragments.add(&packet, part, frame.time, u64::from(frame.length), counters) {
            Fate::Held => Fared::Decoded,
            Fate::Refused => {
                counters.fragments_refused += 1;
                Fared::Dropped
            }
            Fate::Malformed => Fared::Malformed(Layer::Network),
            Fate::Whole(whole) => {
                // Further headers may stand inside the fragmented part of a packet.
                let inner = if packet.source.v6 {
                    ip::behind_extensions(packet.protocol, &whole.payload)
                } else {
                    ip::behind_authentication(packet.protocol, &whole.payload)
                };
                let Some((protocol, payload)) = inner else { return Fared::Malformed(Layer::Network) };
                let packet = Packet { protocol, part: None, payload, missing: 0, ..packet };
                let oddity = whole.overlapping.then_some("ip-fragments-overlap");
                self.transport(frame, envelope, &packet, (whole.frames, whole.frame_bytes, oddity))
            }
        }
    }

    fn transport(
        &mut self,
        frame: &Frame<'_>,
        envelope: &Envelope,
        packet: &Packet<'_>,
        (frames, bytes, oddity): (u64, u64, Option<&'static str>),
    ) -> Fared {
        let mut sighting = Sighting {
            time: frame.time,
            clock: self.clock.unwrap_or(frame.time),
            frames,
            bytes,
            ttl: packet.ttl,
            payload: 0,
            forged: false,
            oddity,
        };
        if matches!(packet.protocol, protocol::ICMP | protocol::ICMPV6) {
            let Some(message) = icmp::decode(packet.protocol, packet.payload) else {
                return Fared::Malformed(Layer::Transport);
            };
            sighting.payload = length(message.content).saturating_add(packet.missing);
            self.icmp(envelope, packet, &message, &sighting);
            if packet.protocol == protocol::ICMPV6 {
                self.neighbours(frame, envelope, packet);
            }
            return Fared::Decoded;
        }
        if let Some(fared) = self.announcement(frame, envelope, packet) {
            return fared;
        }
        let Some(transport) = transport::decode(packet.protocol, packet.payload, packet.missing) else {
            return Fared::Malformed(Layer::Transport);
        };
        sighting.payload = length(transport.payload).saturating_add(transport.missing);
        let inside = tunnel::inside(packet, &transport);
        self.flow(envelope, packet, &transport, &sighting, inside.as_ref());
        if packet.protocol == protocol::UDP {
            self.routers(frame, envelope, packet, &transport);
        }
        if let Some(inside) = inside {
            self.inner(frame, envelope, packet, &transport, &inside);
        }
        Fared::Decoded
    }

    /// The packet inside a tunnel, whose outer flow has been counted.
    fn inner(
        &mut self,
        frame: &Frame<'_>,
        envelope: &Envelope,
        packet: &Packet<'_>,
        transport: &Transport<'_>,
        inside: &Inside<'_>,
    ) {
        self.sinks.counters.tunnels_packets += 1;
        if envelope.depth >= tunnel::DEPTH_MAX {
            self.sinks.counters.tunnels_too_deep += 1;
            return;
        }
        let outer = self.outer(envelope, packet, transport);
        let Some(stripped) = inside.inner else {
            self.sinks.counters.tunnels_malformed += 1;
            return;
        };
        let envelope = Envelope {
            within: Some(Within { kind: inside.kind, id: inside.id, outer }),
            depth: envelope.depth + 1,
            space: inside.kind.space(inside.id, (packet.source, packet.destination), envelope.space),
            ..Envelope::of(&stripped)
        };
        let wire = u32::try_from(inside.length).unwrap_or(u32::MAX).saturating_add(transport.missing);
        let frame = Frame { bytes: &[], length: wire, ..*frame };
        match self.content(&frame, &envelope, stripped.content) {
            Fared::Decoded | Fared::Announced | Fared::Other => {}
            Fared::Dropped => self.sinks.counters.tunnels_dropped += 1,
            Fared::Malformed(_) => self.sinks.counters.tunnels_malformed += 1,
        }
    }

    fn arp(&mut self, frame: &Frame<'_>, envelope: &Envelope, bytes: &[u8]) -> Fared {
        let message = match arp::decode(bytes) {
            Decoded::Message(message) => message,
            Decoded::Foreign => return Fared::Other,
            Decoded::Malformed => return Fared::Malformed(Layer::Network),
        };
        let material = message.material();
        let (time, last, ordinal) = self.last_arp;
        let ordinal = if (time, last) == (frame.time, material) { ordinal + 1 } else { 0 };
        self.last_arp = (frame.time, material, ordinal);
        let parts: [&[u8]; 4] = [&frame.time.0.to_le_bytes(), b"arp", &ordinal.to_le_bytes(), &material];
        let id = self.ids.of(&parts);
        let macs = envelope.macs.map(Mac::text);
        let observer = Arc::clone(&self.sinks.observer);
        let base = Base {
            timestamp: Some(frame.time),
            event_id: Some(id.as_str()),
            event_dataset: Some(events::Arp::DATASET),
            observer_id: Some(&observer),
            source_mac: macs[0].as_ref().map(MacText::as_str),
            destination_mac: macs[1].as_ref().map(MacText::as_str),
            network_vlan_id: envelope.vlans.outer().map(i64::from),
            ..Base::default()
        };
        message.emit(&base, &mut self.sinks.events);
        Fared::Decoded
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
