//! Flows as rows of the `flow` and `flow_update` datasets.

use super::shape::Look;
use super::{Flow, Kind};
use crate::context::EventId;
use crate::events;
use crate::ip::protocol;
use crate::tunnel::{Carried, Within};

fn whole(number: u64) -> Option<i64> {
    i64::try_from(number).ok()
}

impl Flow {
    /// `network.protocol`: what its content is, or the tunnel that it is.
    pub(super) fn protocol(&self) -> Option<&'static str> {
        let spoken = self.talk().and_then(|talk| talk.dialogue.protocol());
        spoken.or_else(|| self.carried().map(|carried| carried.kind.name()))
    }

    /// What it carries, if it is a tunnel.
    #[must_use]
    pub fn carried(&self) -> Option<&Carried> {
        self.tunnel.as_ref().and_then(|tunnel| tunnel.carried.as_ref())
    }

    fn within(&self) -> Option<&Within> {
        self.tunnel.as_ref().and_then(|tunnel| tunnel.within.as_ref())
    }

    /// The row of a flow that is a tunnel.
    #[must_use]
    pub fn tunnel_row(&self) -> Option<events::Tunnel<'_>> {
        let carried = self.carried()?;
        let within = self.within();
        Some(events::Tunnel {
            network_protocol: Some(carried.kind.name()),
            event_duration: Some(self.last.since(self.start).saturating_mul(1_000)),
            vonggac_tunnel_kind: Some(carried.kind.name()),
            vonggac_tunnel_ids: (!carried.ids.is_empty()).then_some(&carried.ids),
            vonggac_tunnel_packets: Some(carried.packets),
            vonggac_tunnel_outer_flow: within.and_then(|within| within.outer.as_ref()).map(EventId::as_str),
            ..events::Tunnel::default()
        })
    }

    /// The row of a flow that is over.
    #[must_use]
    pub fn row<'a>(&'a self, reason: &'a str, sizes: &'a [i64], gaps: &'a [i64]) -> events::Flow<'a> {
        let update = self.update_row();
        let looks = self.exchange.as_ref().map_or([None; 2], |exchange| exchange.looks);
        let look = |index: usize, part: fn(Look) -> f64| looks[index].map(part);
        events::Flow {
            event_end: update.event_end,
            event_duration: update.event_duration,
            network_protocol: update.network_protocol,
            source_bytes: update.source_bytes,
            source_packets: update.source_packets,
            destination_bytes: update.destination_bytes,
            destination_packets: update.destination_packets,
            vonggac_source_payload_bytes: update.vonggac_source_payload_bytes,
            vonggac_destination_payload_bytes: update.vonggac_destination_payload_bytes,
            vonggac_source_bad_checksums: update.vonggac_source_bad_checksums,
            vonggac_destination_bad_checksums: update.vonggac_destination_bad_checksums,
            vonggac_source_retransmits: update.vonggac_source_retransmits,
            vonggac_destination_retransmits: update.vonggac_destination_retransmits,
            vonggac_source_missed_bytes: update.vonggac_source_missed_bytes,
            vonggac_destination_missed_bytes: update.vonggac_destination_missed_bytes,
            vonggac_source_ttl_first: update.vonggac_source_ttl_first,
            vonggac_source_ttl_min: update.vonggac_source_ttl_min,
            vonggac_destination_ttl_first: update.vonggac_destination_ttl_first,
            vonggac_destination_ttl_min: update.vonggac_destination_ttl_min,
            vonggac_flow_state: update.vonggac_flow_state,
            vonggac_flow_history: update.vonggac_flow_history,
            vonggac_source_tcp_flags: update.vonggac_source_tcp_flags,
            vonggac_destination_tcp_flags: update.vonggac_destination_tcp_flags,
            vonggac_flow_midstream: update.vonggac_flow_midstream,
            vonggac_flow_spi: (self.key.protocol == protocol::ESP).then(|| i64::from(self.key.spi())),
            vonggac_tunnel_kind: update.vonggac_tunnel_kind,
            vonggac_tunnel_id: update.vonggac_tunnel_id,
            vonggac_tunnel_outer_flow: update.vonggac_tunnel_outer_flow,
            vonggac_flow_end_reason: Some(reason),
            vonggac_flow_sizes: (!sizes.is_empty()).then_some(sizes),
            vonggac_flow_gaps: (!gaps.is_empty()).then_some(gaps),
            vonggac_source_entropy: look(0, |look| look.entropy),
            vonggac_destination_entropy: look(1, |look| look.entropy),
            vonggac_source_printable: look(0, |look| look.printable),
            vonggac_destination_printable: look(1, |look| look.printable),
            ..events::Flow::default()
        }
    }

    /// The row of a flow that goes on.
    #[must_use]
    pub fn update_row(&self) -> events::FlowUpdate<'_> {
        let [client, server] = &self.sides;
        let connection = match &self.kind {
            Kind::Tcp(connection) => Some(connection),
            _ => None,
        };
        let numbers = |index: usize| connection.map(|connection| connection.sides[index]);
        let flags = |index: usize| connection.map(|connection| i64::from(connection.flags[index]));
        let within = self.within();
        let two_way = if server.packets > 0 { "SF" } else { "S0" };
        let wrong = |index: usize| Some(i64::from(self.checksums[index].wrong)).filter(|&wrong| wrong > 0);
        let ttl = |seen: u64, ttl: u8| (seen > 0).then_some(i64::from(ttl));
        events::FlowUpdate {
            event_end: Some(self.last),
            event_duration: Some(self.last.since(self.start).saturating_mul(1_000)),
            network_protocol: self.journal.carries.or_else(|| self.protocol()),
            source_bytes: whole(client.bytes),
            source_packets: whole(client.packets),
            destination_bytes: whole(server.bytes),
            destination_packets: whole(server.packets),
            vonggac_source_payload_bytes: whole(client.payload),
            vonggac_destination_payload_bytes: whole(server.payload),
            vonggac_source_bad_checksums: wrong(0),
            vonggac_destination_bad_checksums: wrong(1),
            vonggac_source_retransmits: numbers(0).map(|side| i64::from(side.retransmits)),
            vonggac_destination_retransmits: numbers(1).map(|side| i64::from(side.retransmits)),
            vonggac_source_missed_bytes: numbers(0).and_then(|side| whole(side.hole)),
            vonggac_destination_missed_bytes: numbers(1).and_then(|side| whole(side.hole)),
            vonggac_source_ttl_first: ttl(client.packets, client.ttl_first),
            vonggac_source_ttl_min: ttl(client.packets, client.ttl_min),
            vonggac_destination_ttl_first: ttl(server.packets, server.ttl_first),
            vonggac_destination_ttl_min: ttl(server.packets, server.ttl_min),
            vonggac_flow_state: Some(connection.map_or(two_way, |connection| connection.state())),
            vonggac_flow_history: connection.map(|connection| connection.history.as_str()),
            vonggac_source_tcp_flags: flags(0),
            vonggac_destination_tcp_flags: flags(1),
            vonggac_flow_midstream: Some(self.midstream),
            vonggac_tunnel_kind: within.map(|within| within.kind.name()),
            vonggac_tunnel_id: within.and_then(|within| within.id).map(i64::from),
            vonggac_tunnel_outer_flow: within.and_then(|within| within.outer.as_ref()).map(EventId::as_str),
            ..events::FlowUpdate::default()
        }
    }
}
