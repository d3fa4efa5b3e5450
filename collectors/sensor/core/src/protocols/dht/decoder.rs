//! Pairs questions with answers.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

use super::bencode::{self, Value};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text;
use crate::text::lossless;
use crate::time::Micros;

/// Questions of one flow that wait: two nodes ask each other seldom.
const WAITING_MAX: usize = 16;

/// Events of one flow; what comes behind says nothing new of these two nodes.
const TOLD_MAX: u32 = 64;

/// Peers of one answer that are told.
const PEERS_MAX: usize = 32;

/// Bytes of an identifier that are told: node ids and hashes have 20, tokens and versions a few.
const BYTES_MAX: usize = 64;

/// What a datagram says.
pub struct Message<'v> {
    value: &'v Value<'v>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Query,
    Response,
    Error,
}

impl<'v> Message<'v> {
    /// Of a dictionary that is a message.
    #[must_use]
    pub fn of(value: &'v Value<'v>) -> Option<Self> {
        let node = |part: &[u8]| {
            value.get(part).and_then(|part| part.get(b"id")?.text()).is_some_and(|id| id.len() == 20)
        };
        let kind = match value.get(b"y")?.text()? {
            b"q" if node(b"a") && value.get(b"q").is_some_and(|name| name.text().is_some()) => Kind::Query,
            b"r" if node(b"r") => Kind::Response,
            b"e" if value.get(b"e").is_some_and(|error| error.items().len() >= 2) => Kind::Error,
            _ => return None,
        };
        Some(Self { value, kind })
    }

    fn part(&self, part: &[u8], name: &[u8]) -> Option<&'v Value<'v>> {
        self.value.get(part)?.get(name)
    }

    fn hexadecimal(&self, part: &[u8], name: &[u8]) -> Option<String> {
        self.part(part, name)?.text().map(hexadecimal)
    }
}

#[derive(Default)]
struct Exchange {
    time: Micros,
    from_server: bool,
    transaction: String,
    query: Option<String>,
    version: Option<String>,
    node: Option<String>,
    target: Option<String>,
    info_hash: Option<String>,
    token: Option<String>,
    port: Option<u16>,
    answer: Option<String>,
    answer_version: Option<String>,
    peers: Vec<String>,
    error: Option<(i64, String)>,
}

/// One flow.
#[derive(Default)]
pub struct Dht {
    waiting: VecDeque<Exchange>,
    told: u32,
}

impl Dht {
    fn message(&mut self, direction: Direction, message: &Message<'_>, context: &mut Context<'_>) {
        let transaction = message.value.get(b"t").and_then(Value::text).map(hexadecimal).unwrap_or_default();
        let version = message.value.get(b"v").and_then(Value::text).map(hexadecimal);
        if message.kind == Kind::Query {
            let exchange = Exchange {
                time: context.time,
                from_server: direction == Direction::ToClient,
                transaction,
                query: message.value.get(b"q").and_then(Value::text).map(|name| lossless(name).into_owned()),
                version,
                node: message.hexadecimal(b"a", b"id"),
                target: message.hexadecimal(b"a", b"target"),
                info_hash: message.hexadecimal(b"a", b"info_hash"),
                token: message.hexadecimal(b"a", b"token"),
                port: message.part(b"a", b"port").and_then(|port| u16::try_from(port.number()?).ok()),
                ..Exchange::default()
            };
            if self.waiting.len() >= WAITING_MAX
                && let Some(oldest) = self.waiting.pop_front()
            {
                self.tell(&oldest, context);
            }
            self.waiting.push_back(exchange);
            return;
        }
        let from_server = direction == Direction::ToServer;
        let asked =
            |waiting: &Exchange| waiting.transaction == transaction && waiting.from_server == from_server;
        let position = self.waiting.iter().position(asked);
        let mut exchange = position.and_then(|position| self.waiting.remove(position)).unwrap_or_else(|| {
            Exchange { time: context.time, from_server, transaction, ..Exchange::default() }
        });
        exchange.answer_version = version;
        exchange.answer = message.hexadecimal(b"r", b"id");
        exchange.token = message.hexadecimal(b"r", b"token").or(exchange.token);
        let values = message.part(b"r", b"values").map_or(&[][..], Value::items);
        exchange.peers =
            values.iter().take(PEERS_MAX).filter_map(|peer| peer.text().and_then(address)).collect();
        if let Some([code, text, ..]) = message.value.get(b"e").map(Value::items) {
            let text = text.text().map(|text| lossless(&text[..text.len().min(BYTES_MAX)]).into_owned());
            exchange.error = code.number().zip(text);
        }
        self.tell(&exchange, context);
    }

    fn tell(&mut self, exchange: &Exchange, context: &mut Context<'_>) {
        self.told += 1;
        if self.told > TOLD_MAX {
            return;
        }
        let row = events::Dht {
            vonggac_dht_query: exchange.query.as_deref(),
            vonggac_dht_transaction_id: Some(&exchange.transaction),
            vonggac_dht_client_version: exchange.version.as_deref(),
            vonggac_dht_answer_version: exchange.answer_version.as_deref(),
            vonggac_dht_node_id: exchange.node.as_deref(),
            vonggac_dht_answer_id: exchange.answer.as_deref(),
            vonggac_dht_target: exchange.target.as_deref(),
            vonggac_dht_info_hash: exchange.info_hash.as_deref(),
            vonggac_dht_token: exchange.token.as_deref(),
            vonggac_dht_port: exchange.port,
            vonggac_dht_peers: Some(exchange.peers.as_slice()).filter(|peers| !peers.is_empty()),
            vonggac_dht_error_code: exchange.error.as_ref().map(|error| error.0),
            vonggac_dht_error: exchange.error.as_ref().map(|error| error.1.as_str()),
            vonggac_dht_from_server: Some(exchange.from_server),
            ..events::Dht::default()
        };
        context.emit(exchange.time, &row);
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    text::hex(&bytes[..bytes.len().min(BYTES_MAX)])
}

/// Compact address of a peer: 4 or 16 bytes and a port.
fn address(bytes: &[u8]) -> Option<String> {
    let (host, port) = bytes.split_last_chunk::<2>()?;
    let host = match host.len() {
        4 => IpAddr::from(*host.first_chunk::<4>()?),
        16 => IpAddr::from(*host.first_chunk::<16>()?),
        _ => return None,
    };
    Some(SocketAddr::new(host, u16::from_be_bytes(*port)).to_string())
}

impl Decoder for Dht {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if self.told > TOLD_MAX {
            return Outcome::Done;
        }
        // Peers that know each other go on with uTP in the same flow: those datagrams are passed over.
        let value = if bytes.first() == Some(&b'd') { bencode::read(bytes) } else { None };
        match value.as_ref().map(Message::of) {
            Some(Some(message)) => self.message(direction, &message, context),
            Some(None) => context.anomaly("dht-bad-message"),
            None if bytes.first() == Some(&b'd') => context.anomaly("dht-bad-message"),
            None => {}
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(exchange) = self.waiting.pop_front() {
            self.tell(&exchange, context);
        }
    }
}
