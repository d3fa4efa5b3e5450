//! From a frame to the flow that it belongs to.

use std::sync::Arc;

use super::Engine;
use crate::arp::{self, Decoded};
use crate::events::{self, Base, Row};
use crate::flow::Sighting;
use crate::fragments::Fate;
use crate::frame::Frame;
use crate::icmp;
use crate::ip::{self, Packet, protocol};
use crate::link::{self, Content, Mac, MacText};
use crate::transport;

/// What the frame says of the hosts on its link.
#[derive(Clone, Copy)]
pub(super) struct Envelope {
    pub macs: [Mac; 2],
    pub vlan: Option<u16>,
}

/// What became of a frame; the engine counts it.
pub(super) enum Fared {
    Decoded,
    Dropped,
    Malformed,
}

impl Engine {
    /// Reads a frame and counts it as exactly one of decoded, dropped and malformed.
    pub(super) fn decode(&mut self, frame: &Frame<'_>) {
        let fared = match link::strip(frame.link, frame.bytes) {
            None => {
                self.sinks.counters.malformed_link += 1;
                Fared::Malformed
            }
            Some(stripped) => {
                let envelope =
                    Envelope { macs: [stripped.source, stripped.destination], vlan: stripped.vlan };
                match stripped.content {
                    Content::Ip(bytes) => self.network(frame, envelope, bytes),
                    Content::Arp(bytes) => self.arp(frame, envelope, bytes),
                    Content::Other => {
                        self.sinks.counters.packets_other += 1;
                        Fared::Decoded
                    }
                }
            }
        };
        let counters = &mut self.sinks.counters;
        match fared {
            Fared::Decoded => counters.packets_decoded += 1,
            Fared::Dropped => counters.packets_dropped += 1,
            Fared::Malformed => counters.packets_malformed += 1,
        }
    }

    fn network(&mut self, frame: &Frame<'_>, envelope: Envelope, bytes: &[u8]) -> Fared {
        let counters = &mut self.sinks.counters;
        let Some(packet) = ip::decode(bytes) else {
            counters.malformed_network += 1;
            return Fared::Malformed;
        };
        let Some(part) = packet.part else {
            return self.transport(frame, envelope, &packet, (1, u64::from(frame.length)));
        };
        counters.fragments_seen += 1;
        match self.fragments.add(&packet, part, frame.time, u64::from(frame.length), counters) {
            Fate::Held => Fared::Decoded,
            Fate::Refused => {
                counters.fragments_refused += 1;
                Fared::Dropped
            }
            Fate::Malformed => {
                counters.malformed_network += 1;
                Fared::Malformed
            }
            Fate::Whole(whole) => {
                // Extension headers may stand inside the fragmented part of an IPv6 packet.
                let inner = if packet.source.v6 {
                    ip::behind_extensions(packet.protocol, &whole.payload)
                } else {
                    Some((packet.protocol, &whole.payload[..]))
                };
                let Some((protocol, payload)) = inner else {
                    counters.malformed_network += 1;
                    return Fared::Malformed;
                };
                let packet = Packet { protocol, part: None, payload, missing: 0, ..packet };
                self.transport(frame, envelope, &packet, (whole.frames, whole.frame_bytes))
            }
        }
    }

    fn transport(
        &mut self,
        frame: &Frame<'_>,
        envelope: Envelope,
        packet: &Packet<'_>,
        (frames, bytes): (u64, u64),
    ) -> Fared {
        let mut sighting = Sighting {
            time: frame.time,
            clock: self.clock.unwrap_or(frame.time),
            frames,
            bytes,
            ttl: packet.ttl,
            payload: 0,
        };
        if matches!(packet.protocol, protocol::ICMP | protocol::ICMPV6) {
            let Some(message) = icmp::decode(packet.protocol, packet.payload) else {
                self.sinks.counters.malformed_transport += 1;
                return Fared::Malformed;
            };
            sighting.payload = length(message.content).saturating_add(packet.missing);
            self.icmp(envelope, packet, &message, &sighting);
            return Fared::Decoded;
        }
        let Some(transport) = transport::decode(packet.protocol, packet.payload, packet.missing) else {
            self.sinks.counters.malformed_transport += 1;
            return Fared::Malformed;
        };
        sighting.payload = length(transport.payload).saturating_add(transport.missing);
        self.flow(envelope, packet, &transport, &sighting);
        Fared::Decoded
    }

    fn arp(&mut self, frame: &Frame<'_>, envelope: Envelope, bytes: &[u8]) -> Fared {
        let message = match arp::decode(bytes) {
            Decoded::Message(message) => message,
            Decoded::Foreign => {
                self.sinks.counters.packets_other += 1;
                return Fared::Decoded;
            }
            Decoded::Malformed => {
                self.sinks.counters.malformed_network += 1;
                return Fared::Malformed;
            }
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
            network_vlan_id: envelope.vlan.map(i64::from),
            ..Base::default()
        };
        message.emit(&base, &mut self.sinks.events);
        Fared::Decoded
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
