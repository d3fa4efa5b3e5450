//! Announcements on the local network: read, judged and told ([`crate::local`]).

use std::net::IpAddr;
use std::sync::Arc;

use super::Engine;
use super::packets::{Envelope, Fared};
use crate::events::Base;
use crate::frame::Frame;
use crate::ip::{Packet, protocol};
use crate::link::{Mac, MacText};
use crate::local::{Announcement, News, bpdu, cdp, groups, lldp, ndp, pppoe, vrrp};
use crate::transport::Transport;

/// LLC headers of spanning tree, of Cisco's per-VLAN spanning tree and of CDP (both SNAP).
const SPANNING_TREE: &[u8] = &[0x42, 0x42, 3];
const SPANNING_TREE_CISCO: &[u8] = &[0xaa, 0xaa, 3, 0, 0, 0x0c, 1, 0x0b];
const CDP: &[u8] = &[0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0];

/// HSRP 1, and HSRP over IPv6.
const HSRP: [u16; 2] = [1_985, 2_029];

type Ends = Option<(IpAddr, IpAddr)>;

fn ends(packet: &Packet<'_>) -> Ends {
    Some((packet.source.ip(), packet.destination.ip()))
}

impl Engine {
    /// A frame with LLC.
    pub(super) fn llc(&mut self, frame: &Frame<'_>, envelope: &Envelope, bytes: &[u8]) -> Fared {
        if let Some(rest) = bytes.strip_prefix(CDP) {
            return self.announced(frame, envelope, None, bytes, cdp::read(rest).as_ref());
        }
        let tree = bytes.strip_prefix(SPANNING_TREE).or(bytes.strip_prefix(SPANNING_TREE_CISCO));
        match tree {
            Some(rest) => self.announced(frame, envelope, None, bytes, bpdu::read(rest).as_ref()),
            None => Fared::Other,
        }
    }

    /// A frame of LLDP.
    pub(super) fn lldp(&mut self, frame: &Frame<'_>, envelope: &Envelope, bytes: &[u8]) -> Fared {
        self.announced(frame, envelope, None, bytes, lldp::read(bytes).as_ref())
    }

    /// A frame of PPPoE discovery.
    pub(super) fn offer(&mut self, frame: &Frame<'_>, envelope: &Envelope, bytes: &[u8]) -> Fared {
        self.announced(frame, envelope, None, bytes, pppoe::read(bytes).as_ref())
    }

    /// Protocols over IP that are no conversation; `None` for all others, and for messages of unknown types: those are
    /// flows as any protocol is.
    pub(super) fn announcement(
        &mut self,
        frame: &Frame<'_>,
        envelope: &Envelope,
        packet: &Packet<'_>,
    ) -> Option<Fared> {
        let bytes = packet.payload;
        match packet.protocol {
            protocol::IGMP => {
                let read = groups::igmp(bytes)?;
                Some(self.announced(frame, envelope, ends(packet), bytes, Some(&read)))
            }
            protocol::VRRP => {
                let read = vrrp::vrrp(bytes, packet.source.v6)?;
                Some(self.announced(frame, envelope, ends(packet), bytes, Some(&read)))
            }
            _ => None,
        }
    }

    /// Neighbours and group memberships of IPv6, which are ICMP conversations too.
    pub(super) fn neighbours(&mut self, frame: &Frame<'_>, envelope: &Envelope, packet: &Packet<'_>) {
        let (bytes, ends) = (packet.payload, ends(packet));
        match bytes.first() {
            Some(133..=137) => {
                if let Some(read) = ndp::read(bytes) {
                    self.announce(frame, envelope, ends, bytes, &read);
                }
            }
            Some(130..=132 | 143) => {
                if let Some(read) = groups::mld(bytes) {
                    self.announce(frame, envelope, ends, bytes, &read);
                }
            }
            _ => {}
        }
    }

    /// HSRP, which is a flow too.
    pub(super) fn routers(
        &mut self,
        frame: &Frame<'_>,
        envelope: &Envelope,
        packet: &Packet<'_>,
        transport: &Transport<'_>,
    ) {
        if HSRP.contains(&transport.destination_port)
            && packet.destination.is_group()
            && let Some(read) = vrrp::hsrp(transport.payload)
        {
            self.announce(frame, envelope, ends(packet), transport.payload, &read);
        }
    }

    fn announced<A: Announcement>(
        &mut self,
        frame: &Frame<'_>,
        envelope: &Envelope,
        ends: Ends,
        bytes: &[u8],
        read: Option<&A>,
    ) -> Fared {
        // Cut, or something else that looks alike (GARP, CARP).
        let Some(read) = read else { return Fared::Other };
        self.announce(frame, envelope, ends, bytes, read);
        Fared::Announced
    }

    fn announce<A: Announcement>(
        &mut self,
        frame: &Frame<'_>,
        envelope: &Envelope,
        ends: Ends,
        bytes: &[u8],
        read: &A,
    ) {
        let mut addresses = [0_u8; 16];
        if let Some((source, _)) = ends {
            match source {
                IpAddr::V4(address) => addresses[..4].copy_from_slice(&address.octets()),
                IpAddr::V6(address) => addresses.copy_from_slice(&address.octets()),
            }
        }
        let vlan = envelope.vlans.outer().map_or([0; 2], |tag| (tag | 0x8000).to_be_bytes());
        let material: [&[u8]; 4] = [bytes, &envelope.macs[0].0, &addresses, &vlan];
        let hash = match self.recent.judge(A::DATASET, &material, A::REPEAT_AFTER, frame.time) {
            News::Told(hash) => hash,
            News::Repeated => return,
            News::Refused => {
                self.sinks.counters.local_refused += 1;
                return;
            }
        };
        let id = self.ids.of(&[&frame.time.0.to_le_bytes(), &hash.to_le_bytes(), A::DATASET.as_bytes()]);
        let macs = envelope.macs.map(Mac::text);
        let observer = Arc::clone(&self.sinks.observer);
        let base = Base {
            timestamp: Some(frame.time),
            event_id: Some(id.as_str()),
            event_dataset: Some(A::DATASET),
            observer_id: Some(&observer),
            source_ip: ends.map(|(source, _)| source),
            destination_ip: ends.map(|(_, destination)| destination),
            source_mac: macs[0].as_ref().map(MacText::as_str),
            destination_mac: macs[1].as_ref().map(MacText::as_str),
            network_vlan_id: envelope.vlans.outer().map(i64::from),
            ..Base::default()
        };
        read.emit(&base, &mut self.sinks.events);
    }
}
