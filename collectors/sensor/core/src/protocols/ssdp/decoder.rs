//! Every message is an event, once in a while: devices repeat themselves.

use std::collections::VecDeque;

use xxhash_rust::xxh3::xxh3_64;

use super::parser::{Kind, Message};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::time::Micros;

/// What a flow says again within this time is not told again, µs: a device announces each of its services three times.
pub const REPEAT_AFTER: i64 = 300_000_000;

/// Different messages remembered for that: a router announces some twenty services.
const REMEMBERED_MAX: usize = 32;

/// One flow.
#[derive(Default)]
pub struct Ssdp {
    told: VecDeque<(u64, Micros)>,
}

impl Decoder for Ssdp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match Message::parse(bytes) {
            Some(message) if self.is_news(&message, context.time) => emit(&message, direction, context),
            Some(_) => {}
            None => context.anomaly("ssdp-malformed"),
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}

impl Ssdp {
    /// Dates and boot counters change from message to message and are no news.
    fn is_news(&mut self, message: &Message<'_>, now: Micros) -> bool {
        let mut material = message.kind.name().as_bytes().to_vec();
        for name in [&b"ST"[..], b"NT", b"NTS", b"USN", b"LOCATION", b"SERVER"] {
            material.push(0);
            material.extend_from_slice(message.header(name).unwrap_or_default());
        }
        let hash = xxh3_64(&material);
        self.told.retain(|(_, time)| now.since(*time) < REPEAT_AFTER);
        if self.told.iter().any(|(known, _)| *known == hash) {
            return false;
        }
        if self.told.len() >= REMEMBERED_MAX {
            self.told.pop_front();
        }
        self.told.push_back((hash, now));
        true
    }
}

fn emit(message: &Message<'_>, direction: Direction, context: &mut Context<'_>) {
    let text = |name: &[u8]| message.header(name).map(lossless);
    let target = if message.kind == Kind::Notify { text(b"NT") } else { text(b"ST") };
    let (status, usn, server) = (text(b"NTS"), text(b"USN"), text(b"SERVER"));
    let (location, agent) = (text(b"LOCATION").or(text(b"AL")), text(b"USER-AGENT"));
    let sender = match direction {
        Direction::ToServer => context.flow.source_ip,
        Direction::ToClient => context.flow.destination_ip,
    };
    let row = events::Ssdp {
        event_action: Some(message.kind.name()),
        user_agent_original: agent.as_deref(),
        vonggac_ssdp_target: target.as_deref(),
        vonggac_ssdp_status: status.as_deref().map(|status| status.trim_start_matches("ssdp:")),
        vonggac_ssdp_usn: usn.as_deref(),
        vonggac_ssdp_server: server.as_deref(),
        vonggac_ssdp_location: location.as_deref(),
        vonggac_ssdp_device_ip: (message.kind != Kind::Search).then_some(sender),
        ..events::Ssdp::default()
    };
    context.emit(context.time, &row);
}
