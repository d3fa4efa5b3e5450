//! Where everything that is found goes, and how a flow's content gets there.

use std::sync::Arc;

use crate::context::Context;
use crate::events::{self, Events};
use crate::expectations::Expectations;
use crate::files::Files;
use crate::flow::{Flow, Kind, Sighting, Talk};
use crate::protocols::{Carrier, Direction, Opening, Protocol, Verdict};
use crate::stream::{BUFFERED_MAX, Desk, Dialogue};
use crate::time::Micros;
use crate::transport::{Segment, Transport, flag};

use super::counters::Counters;

/// Events, files and counters, and what it takes to make them.
pub(super) struct Sinks {
    pub observer: Arc<str>,
    pub registry: &'static [Protocol],
    pub events: Events,
    pub files: Files,
    pub expectations: Expectations,
    pub counters: Counters,
    /// Bytes that dialogues hold.
    pub buffered: usize,
}

impl Sinks {
    /// A TCP segment of a flow.
    pub fn tcp(
        &mut self,
        flow: &mut Flow,
        mut direction: Direction,
        mut segment: Segment,
        transport: &Transport<'_>,
        sighting: &Sighting,
    ) {
        let Kind::Tcp(connection) = &mut flow.kind else { return };
        if sighting.forged && (sighting.payload == 0 || segment.has(flag::SYN | flag::RST)) {
            return flow.journal.note("tcp-bad-checksum", sighting.time);
        }
        // What it carries may still turn out to be true; that it is the end will show by itself.
        segment.flags &= if sighting.forged { !flag::FIN } else { 0xff };
        if let Err(stray) = connection.segment(direction, segment, sighting.payload) {
            flow.journal.note(stray.name(), sighting.time);
            return;
        }
        if let Some(name) = connection.revoked() {
            flow.journal.note(name, sighting.time);
        }
        if segment.has(flag::URG) && sighting.payload > 0 {
            flow.journal.note("tcp-urgent", sighting.time);
        }
        flow.midstream = connection.is_midstream();
        if segment.has(flag::SYN) && direction == Direction::ToServer && sighting.payload > 0 {
            return connection.hold_early(segment, transport.payload);
        }
        let early = connection.early(direction, segment);
        if segment.has(flag::RST) || (flow.exchange.is_none() && early.is_none() && sighting.payload == 0) {
            return;
        }
        if flow.midstream && flow.talk().is_none() && self.is_turned(flow, direction, transport) {
            flow.turn();
            direction = direction.other();
        }
        self.content(flow, (direction, segment), transport, sighting, early.as_ref());
    }

    /// The content of a segment, and what came early.
    fn content(
        &mut self,
        flow: &mut Flow,
        (direction, segment): (Direction, Segment),
        transport: &Transport<'_>,
        sighting: &Sighting,
        early: Option<&(u32, Vec<u8>)>,
    ) {
        let Kind::Tcp(connection) = &flow.kind else { return };
        let (sides, midstream) = (connection.sides, flow.midstream);
        let first_ttl = flow.sides[direction.index()].ttl_first;
        let Some(dialogue) = self.dialogue(flow, Carrier::Stream) else { return };
        dialogue.midstream = midstream;
        for (side, direction) in sides.iter().zip([Direction::ToServer, Direction::ToClient]) {
            if side.known {
                dialogue.begin(direction, side.start);
            }
        }
        self.talk(flow, sighting.time, |dialogue, desk| {
            let first = segment.sequence.wrapping_add(u32::from(segment.has(flag::SYN)));
            if let Some((start, bytes)) = early {
                dialogue.segment(Direction::ToServer, *start, bytes, 0, desk);
            }
            if segment.has(flag::ACK) {
                dialogue.confirm(direction.other(), segment.acknowledged, desk);
            }
            let doubt = dialogue.doubts(direction, segment, (sighting.ttl, first_ttl), sighting.forged);
            if let Some(doubt) = doubt.filter(|_| sighting.payload > 0 && transport.missing == 0) {
                dialogue.doubt(direction, doubt.of(first, transport.payload), desk);
            } else {
                if sighting.payload > 0 {
                    dialogue.segment(direction, first, transport.payload, transport.missing, desk);
                }
                if segment.has(flag::FIN) {
                    dialogue.end(direction, first.wrapping_add(sighting.payload), desk);
                }
            }
            if segment.has(flag::ACK) {
                dialogue.acknowledged(direction.other(), segment.acknowledged, desk);
            }
        });
    }

    /// Whether the first content of a connection met midstream is an opening of the other side: a request that the
    /// supposed server sends, a banner of the supposed client.
    fn is_turned(&self, flow: &Flow, direction: Direction, transport: &Transport<'_>) -> bool {
        let (client, server) = (flow.key.end(flow.client_low).1, flow.key.end(!flow.client_low).1);
        let claimed = |direction: Direction, ports: (u16, u16)| {
            let opening = Opening { direction, bytes: transport.payload, ports };
            let mut asked = self.registry.iter().filter(|protocol| protocol.carrier == Carrier::Stream);
            asked.any(|protocol| (protocol.probe)(&opening) == Verdict::Mine)
        };
        !claimed(direction, (client, server)) && claimed(direction.other(), (server, client))
    }

    /// A UDP datagram of a flow. A cut one is only counted: no decoder could tell it from a malformed one.
    pub fn udp(
        &mut self,
        flow: &mut Flow,
        direction: Direction,
        transport: &Transport<'_>,
        sighting: &Sighting,
    ) {
        if transport.payload.is_empty() || transport.missing > 0 {
            return;
        }
        if sighting.forged {
            return flow.journal.note("udp-bad-checksum", sighting.time);
        }
        if self.dialogue(flow, Carrier::Datagram).is_some() {
            self.talk(flow, sighting.time, |dialogue, desk| {
                dialogue.datagram(direction, transport.payload, desk);
            });
        }
    }

    /// The dialogue of a flow, begun if there is none; `None` when nothing more is to be learnt from it.
    fn dialogue<'f>(&mut self, flow: &'f mut Flow, carrier: Carrier) -> Option<&'f mut Dialogue> {
        if flow.talk().is_none() {
            let identity = flow.identity(&self.observer);
            let destination = (identity.destination_ip, identity.destination_port.unwrap_or(0));
            let source = (identity.source_ip, identity.source_port.unwrap_or(0));
            let dialogue = match self.expectations.meet(flow.last, carrier, destination, source) {
                Some(expected) => {
                    self.counters.flows_recognised += 1;
                    Dialogue::announced(self.registry, expected)
                }
                None => Dialogue::new(carrier, self.registry),
            };
            flow.exchange.get_or_insert_default().talk = Some(Talk { identity, dialogue });
        }
        let talk = flow.exchange.as_deref_mut()?.talk.as_mut()?;
        Some(&mut talk.dialogue).filter(|dialogue| !dialogue.is_over())
    }

    fn talk(&mut self, flow: &mut Flow, time: Micros, act: impl FnOnce(&mut Dialogue, &mut Desk<'_>)) {
        let Some(talk) = flow.exchange.as_deref_mut().and_then(|exchange| exchange.talk.as_mut()) else {
            return;
        };
        let before = talk.dialogue.buffered();
        let mut desk = Desk {
            time,
            flow: &talk.identity,
            journal: &mut flow.journal,
            events: &mut self.events,
            files: &mut self.files,
            expectations: &mut self.expectations,
            counters: &mut self.counters,
            room: BUFFERED_MAX.saturating_sub(self.buffered),
        };
        act(&mut talk.dialogue, &mut desk);
        self.buffered = (self.buffered + talk.dialogue.buffered()).saturating_sub(before);
    }

    /// The flow goes on: a `flow_update` row.
    pub fn update(&mut self, flow: &mut Flow) {
        let mut journal = std::mem::take(&mut flow.journal);
        flow.journal.carries = journal.carries;
        self.emit(flow, &mut journal, |context| {
            context.emit(flow.start, &flow.update_row());
        });
        flow.journal = journal;
    }

    /// The flow is over: what its decoder still holds, its row, and its anomalies.
    pub fn end(&mut self, flow: &mut Flow, reason: &'static str) {
        let last = flow.last;
        self.talk(flow, last, |dialogue, desk| dialogue.close(desk));
        self.counters.flows_ended += 1;
        self.counters.anomalies_refused += flow.journal.refused;
        let mut journal = std::mem::take(&mut flow.journal);
        flow.journal.carries = journal.carries;
        let anomalies = std::mem::take(&mut journal.anomalies);
        let flow = &*flow;
        let shape = flow.exchange.as_ref().map(|exchange| &exchange.shape);
        let heads = flow.heads();
        let (sizes, gaps) = shape.map(|shape| (shape.sizes(), shape.gaps())).unwrap_or_default();
        self.emit(flow, &mut journal, |context| {
            let row = flow.row(reason, sizes.as_slice(), gaps.as_slice());
            let (vlans, stacked) = (flow.vlans.numbers(), flow.vlans.list().len());
            let vlans = vlans.get(..stacked).filter(|_| stacked > 1);
            context.emit(
                flow.start,
                &events::Flow {
                    vonggac_flow_vlans: vlans,
                    vonggac_source_payload_head: heads[0].as_deref(),
                    vonggac_destination_payload_head: heads[1].as_deref(),
                    ..row
                },
            );
            if let Some(tunnel) = flow.tunnel_row() {
                context.emit(flow.start, &tunnel);
            }
            if let Kind::Icmp(conversation) = &flow.kind {
                let requests = i64::try_from(flow.sides[0].packets).ok();
                let replies = i64::try_from(flow.sides[1].packets).ok();
                context.emit(
                    flow.start,
                    &events::Icmp {
                        event_duration: row.event_duration,
                        vonggac_source_payload_bytes: row.vonggac_source_payload_bytes,
                        vonggac_destination_payload_bytes: row.vonggac_destination_payload_bytes,
                        vonggac_icmp_requests: requests,
                        vonggac_icmp_replies: replies,
                        ..conversation.row()
                    },
                );
            }
            for anomaly in &anomalies {
                context.emit(
                    anomaly.first,
                    &events::Anomaly {
                        network_protocol: row.network_protocol,
                        vonggac_anomaly_name: Some(anomaly.name),
                        vonggac_anomaly_count: Some(anomaly.count),
                        ..events::Anomaly::default()
                    },
                );
            }
        });
    }

    fn emit(
        &mut self,
        flow: &Flow,
        journal: &mut crate::context::FlowJournal,
        act: impl FnOnce(&mut Context<'_>),
    ) {
        let made;
        let identity = match flow.talk() {
            Some(talk) => &talk.identity,
            None => {
                made = flow.identity(&self.observer);
                &made
            }
        };
        act(&mut Context::new(
            flow.last,
            identity,
            journal,
            &mut self.events,
            &mut self.files,
            &mut self.expectations,
        ));
    }
}
