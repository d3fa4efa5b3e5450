//! Pairs packets with what acknowledges them.

use super::parser::{self, Framing, kind};
use super::properties;
use crate::context::Context;
use crate::events::{self, some};
use crate::protocols::skip::Skip;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets;
use crate::text::lossless;
use crate::time::Micros;

/// Of a message only this much is waited for: the longest topic is 64 KiB, real ones are short.
const HEAD_MAX: usize = 16 << 10;

/// A packet that is no message: subscriptions to hundreds of topics.
const BODY_MAX: usize = 96 << 10;

/// Exchanges that are open at a time (clients have 20 messages in flight by default).
const OPEN_MAX: usize = 64;

/// Messages of one topic and direction that are told one by one.
const TOLD_PER_TOPIC: i64 = 16;

/// Topics that are counted apart.
const TOPICS_MAX: usize = 256;

/// Acknowledgements of what was not seen that are told.
const STRAY_MAX: u32 = 16;

/// A packet with what acknowledges it.
#[derive(Default)]
struct Exchange {
    time: Micros,
    from_server: bool,
    id: Option<u16>,
    messages: Vec<String>,
    flags: Vec<i64>,
    reasons: Vec<i64>,
    topics: Vec<String>,
    qualities: Vec<i64>,
    client_id: Option<String>,
    user: Option<String>,
    secret: Option<String>,
    will: Option<String>,
    clean: Option<bool>,
    session: Option<bool>,
    payload: Option<usize>,
    properties: Vec<String>,
}

struct Topic {
    name: String,
    from_server: bool,
    time: Micros,
    count: i64,
}

/// One connection.
#[derive(Default)]
pub struct Mqtt {
    level: u8,
    open: Vec<Exchange>,
    topics: Vec<Topic>,
    stray: u32,
    /// Bytes of a message that are passed over.
    skip: Skip,
}

impl Mqtt {
    /// The version as people write it; empty while unknown.
    fn version(&self) -> Option<&'static str> {
        match self.level {
            3 => Some("3.1"),
            4 => Some("3.1.1"),
            5 => Some("5"),
            _ => None,
        }
    }

    /// `whole`: bytes of the body on the wire; `body` may be the first of them.
    fn packet(
        &mut self,
        direction: Direction,
        first: u8,
        body: &[u8],
        whole: usize,
        context: &mut Context<'_>,
    ) -> Option<()> {
        let (kind, flags) = (first >> 4, first & 0x0f);
        match kind {
            kind::CONNECT => self.connect(direction, flags, body, context)?,
            kind::PUBLISH => self.publish(direction, flags, body, whole, context)?,
            kind::SUBSCRIBE | kind::UNSUBSCRIBE => {
                let (id, (topics, qualities)) = parser::topics(body, self.level, kind == kind::SUBSCRIBE)?;
                let topics = topics.into_iter().map(|topic| lossless(topic).into_owned()).collect();
                let mut exchange = begun(direction, kind, flags, context.time);
                (exchange.id, exchange.topics, exchange.qualities) = (Some(id), topics, qualities);
                exchange.properties = self.properties(kind, flags, body);
                self.begin(exchange, context);
            }
            kind::DISCONNECT => {
                let mut exchange = begun(direction, kind, flags, context.time);
                (_, exchange.reasons) = parser::acknowledgement(kind, body, self.level)?;
                exchange.properties = self.properties(kind, flags, body);
                self.tell(&exchange, 1, context);
            }
            kind::CONNACK..=kind::UNSUBACK | kind::AUTH => {
                self.acknowledge(direction, kind, flags, body, context)?
            }
            _ => {}
        }
        Some(())
    }

    fn connect(
        &mut self,
        direction: Direction,
        flags: u8,
        body: &[u8],
        context: &mut Context<'_>,
    ) -> Option<()> {
        let connect = parser::connect(body)?;
        self.level = connect.level;
        let text = |bytes: &[u8]| lossless(bytes).into_owned();
        let mut exchange = begun(direction, kind::CONNECT, flags, context.time);
        exchange.properties = self.properties(kind::CONNECT, flags, body);
        exchange.client_id = Some(text(connect.client_id));
        exchange.clean = Some(connect.clean);
        exchange.will = connect.will.map(text);
        exchange.user = connect.user.map(text);
        exchange.secret = connect
            .password
            .map(|password| if password.is_empty() { String::new() } else { secrets::mask(password) });
        self.begin(exchange, context);
        Some(())
    }

    fn publish(
        &mut self,
        direction: Direction,
        flags: u8,
        body: &[u8],
        whole: usize,
        context: &mut Context<'_>,
    ) -> Option<()> {
        let (topic, id, payload) = parser::publish(body, flags, self.level, whole)?;
        let topic = lossless(topic).into_owned();
        let from_server = direction == Direction::ToClient;
        let room = self.topics.len() < TOPICS_MAX;
        let known =
            self.topics.iter_mut().find(|known| known.from_server == from_server && known.name == topic);
        match known {
            Some(known) => {
                known.count += 1;
                if known.count > TOLD_PER_TOPIC {
                    return Some(());
                }
            }
            None if room => {
                self.topics.push(Topic { name: topic.clone(), from_server, time: context.time, count: 1 });
            }
            None => {
                context.anomaly("mqtt-many-topics");
                return Some(());
            }
        }
        let mut exchange = begun(direction, kind::PUBLISH, flags, context.time);
        (exchange.id, exchange.topics, exchange.payload) = (id, vec![topic], Some(payload));
        exchange.properties = self.properties(kind::PUBLISH, flags, body);
        if flags & 0x06 == 0 {
            self.tell(&exchange, 1, context)
        } else {
            self.begin(exchange, context)
        }
        Some(())
    }

    /// Only version 5 has them.
    fn properties(&self, kind: u8, flags: u8, body: &[u8]) -> Vec<String> {
        if self.level >= 5 { properties::told(kind, flags, body) } else { Vec::new() }
    }

    fn begin(&mut self, exchange: Exchange, context: &mut Context<'_>) {
        if self.open.len() >= OPEN_MAX {
            let oldest = self.open.remove(0);
            self.tell(&oldest, 1, context);
        }
        self.open.push(exchange);
    }

    fn acknowledge(
        &mut self,
        direction: Direction,
        kind: u8,
        flags: u8,
        body: &[u8],
        context: &mut Context<'_>,
    ) -> Option<()> {
        // Only version 5 has more than two bytes here.
        if kind == kind::CONNACK && self.level == 0 && body.len() > 2 {
            self.level = 5;
        }
        let (id, reasons) = parser::acknowledgement(kind, body, self.level)?;
        let begin = match kind {
            kind::CONNACK | kind::AUTH => "connect",
            kind::SUBACK => "subscribe",
            kind::UNSUBACK => "unsubscribe",
            _ => "publish",
        };
        let from_server = (direction == Direction::ToClient) == matches!(kind, kind::PUBREL);
        let position = self.open.iter().position(|open| {
            let side = open.from_server == from_server || kind == kind::AUTH;
            open.id == id && side && open.messages.first().is_some_and(|first| first == begin)
        });
        let properties = self.properties(kind, flags, body);
        let refused = reasons.first().is_some_and(|code| *code >= 0x80);
        let goes_on = matches!(kind, kind::PUBREC | kind::PUBREL | kind::AUTH) && !refused;
        let Some(position) = position else {
            self.stray += 1;
            if self.stray <= STRAY_MAX {
                let mut alone = begun(direction, kind, flags, context.time);
                (alone.id, alone.reasons, alone.session) = (id, reasons, session(kind, body));
                alone.properties = properties;
                self.tell(&alone, 1, context);
            }
            return Some(());
        };
        let mut exchange = self.open.swap_remove(position);
        exchange.messages.push(parser::name(kind).to_owned());
        exchange.flags.push(i64::from(flags));
        exchange.properties.extend(properties);
        if !reasons.is_empty() {
            exchange.reasons = reasons;
        }
        exchange.session = session(kind, body).or(exchange.session);
        if goes_on && exchange.messages.len() < 8 {
            self.open.push(exchange);
        } else {
            self.tell(&exchange, 1, context);
        }
        Some(())
    }

    fn tell(&self, exchange: &Exchange, count: i64, context: &mut Context<'_>) {
        let row = events::Mqtt {
            vonggac_mqtt_messages: some(&exchange.messages),
            vonggac_mqtt_flags: some(&exchange.flags),
            vonggac_mqtt_from_server: Some(exchange.from_server),
            vonggac_mqtt_version: self.version(),
            vonggac_mqtt_client_id: exchange.client_id.as_deref(),
            user_name: exchange.user.as_deref(),
            vonggac_mqtt_clean_session: exchange.clean,
            vonggac_mqtt_session_present: exchange.session,
            vonggac_mqtt_will_topic: exchange.will.as_deref(),
            vonggac_mqtt_topics: some(&exchange.topics),
            vonggac_mqtt_qos: some(&exchange.qualities),
            vonggac_mqtt_message_id: exchange.id.map(i64::from),
            vonggac_mqtt_reason_codes: some(&exchange.reasons),
            vonggac_mqtt_payload_bytes: exchange.payload.and_then(|bytes| i64::try_from(bytes).ok()),
            vonggac_mqtt_properties: some(&exchange.properties),
            vonggac_mqtt_count: Some(count),
            ..events::Mqtt::default()
        };
        context.emit(exchange.time, &row);
        if exchange.user.is_some() || exchange.secret.is_some() {
            log_in(exchange, context);
        }
    }
}

fn begun(direction: Direction, kind: u8, flags: u8, time: Micros) -> Exchange {
    Exchange {
        time,
        from_server: direction == Direction::ToClient,
        messages: vec![parser::name(kind).to_owned()],
        flags: vec![i64::from(flags)],
        ..Exchange::default()
    }
}

fn session(kind: u8, body: &[u8]) -> Option<bool> {
    body.first().filter(|_| kind == kind::CONNACK).map(|flags| flags & 1 != 0)
}

fn log_in(exchange: &Exchange, context: &mut Context<'_>) {
    let answered = exchange.messages.iter().any(|message| message == "connack");
    let code = exchange.reasons.first().filter(|_| answered);
    let reason = code.filter(|code| **code != 0).map(|code| format!("{code:#04x}"));
    let row = events::Login {
        network_protocol: Some("mqtt"),
        user_name: exchange.user.as_deref(),
        event_outcome: Some(match code {
            Some(0) => "success",
            Some(_) => "failure",
            None => "unknown",
        }),
        vonggac_login_method: Some("plain"),
        vonggac_login_secret: exchange.secret.as_deref(),
        vonggac_login_encrypted: Some(false),
        vonggac_login_reason: reason.as_deref(),
        ..events::Login::default()
    };
    context.emit(exchange.time, &row);
}

impl Decoder for Mqtt {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if let Some(passed) = self.skip.pass(direction, bytes) {
            return passed;
        }
        let Some(first) = bytes.first() else { return Outcome::Parsed(0) };
        let (head, body) = match parser::frame(bytes) {
            Framing::Packet { head, body } => (head, body),
            Framing::Incomplete => return Outcome::Parsed(0),
            Framing::Broken => return Outcome::Malformed("mqtt-bad-length"),
        };
        let message = first >> 4 == kind::PUBLISH;
        if first >> 4 == 0 || (body > BODY_MAX && !message) {
            return Outcome::Malformed("mqtt-bad-packet");
        }
        let wanted = if message { body.min(HEAD_MAX) } else { body };
        let Some(had) = bytes.get(head..head + wanted) else { return Outcome::Parsed(0) };
        if self.packet(direction, *first, had, body, context).is_none() {
            return Outcome::Malformed("mqtt-bad-packet");
        }
        self.skip.set(direction, body - wanted);
        Outcome::Parsed(head + wanted)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.skip.gap(direction, missing)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        for exchange in std::mem::take(&mut self.open) {
            self.tell(&exchange, 1, context);
        }
        for topic in std::mem::take(&mut self.topics) {
            if topic.count > TOLD_PER_TOPIC {
                let counted = Exchange {
                    time: topic.time,
                    from_server: topic.from_server,
                    topics: vec![topic.name],
                    ..Exchange::default()
                };
                self.tell(&counted, topic.count - TOLD_PER_TOPIC, context);
            }
        }
    }
}
