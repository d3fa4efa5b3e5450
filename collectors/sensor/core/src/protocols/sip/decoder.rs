//! Pairs requests with their responses.

use super::parser::{self, Message, Start};
use crate::context::Context;
use crate::events::{self, some};
use crate::expectations::Expected;
use crate::protocols::{Carrier, Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::time::Micros;

/// A message: heads of some kilobytes with a session description or a presence document.
const MESSAGE_MAX: usize = 64 << 10;

/// Requests that wait: a proxy's connection carries the calls of a house.
const OPEN_MAX: usize = 128;

/// Responses of one request that are told.
const STATUSES_MAX: usize = 16;

/// Responses to nothing that was seen which are told.
const STRAY_MAX: u32 = 64;

/// Bytes of a header that are told.
const TEXT_MAX: usize = 512;

#[derive(Default)]
struct Transaction {
    time: Micros,
    from_server: bool,
    key: Vec<u8>,
    method: &'static str,
    uri: String,
    from: Option<String>,
    to: Option<String>,
    call_id: Option<String>,
    agent: Option<String>,
    server: Option<String>,
    account: Option<String>,
    statuses: Vec<i64>,
    reasons: Vec<String>,
    media: Vec<String>,
}

/// One flow.
pub struct Sip {
    framed: bool,
    open: Vec<Transaction>,
    stray: u32,
}

/// A flow that a session description announced: it has a name, and nothing to read.
struct Voice;

impl Decoder for Voice {
    fn data(&mut self, _direction: Direction, _bytes: &[u8], _context: &mut Context<'_>) -> Outcome {
        Outcome::Done
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}

impl Sip {
    /// Over UDP.
    #[must_use]
    pub fn datagrams() -> Self {
        Self { framed: false, open: Vec::new(), stray: 0 }
    }

    /// Over TCP.
    #[must_use]
    pub fn stream() -> Self {
        Self { framed: true, ..Self::datagrams() }
    }

    fn message(&mut self, direction: Direction, message: &Message<'_>, context: &mut Context<'_>) {
        let key = [
            message.header(b"call-id", b"i").unwrap_or_default(),
            message.header(b"cseq", b"").unwrap_or_default(),
        ]
        .join(&0);
        let media = message.media();
        for (_, end) in &media {
            if let Some((host, port)) = end {
                context.expect(
                    *host,
                    *port,
                    Expected { protocol: "rtp", carrier: Carrier::Datagram, decoder: Box::new(Voice) },
                );
            }
        }
        let media = media.into_iter().map(|(line, _)| line).collect();
        match message.start {
            Start::Request { method, uri } => {
                let Some(method) = parser::method(method) else { return };
                self.request(direction, message, (method, uri), (key, media), context);
            }
            Start::Response { code, reason } => {
                self.response(direction, message, (code, reason), (key, media), context)
            }
        }
    }

    fn request(
        &mut self,
        direction: Direction,
        message: &Message<'_>,
        (method, uri): (&'static str, &[u8]),
        (key, media): (Vec<u8>, Vec<String>),
        context: &mut Context<'_>,
    ) {
        let from_server = direction == Direction::ToClient;
        // Sent again while no answer came.
        if self
            .open
            .iter()
            .any(|open| open.key == key && open.from_server == from_server && open.method == method)
        {
            return;
        }
        let transaction = Transaction {
            time: context.time,
            from_server,
            key,
            method,
            uri: parser::shown(uri, TEXT_MAX),
            agent: shown(message, b"user-agent", b""),
            account: message.account(),
            media,
            ..Transaction::of(message)
        };
        if method == "ACK" {
            return tell(&transaction, context);
        }
        if self.open.len() >= OPEN_MAX {
            tell(&self.open.remove(0), context);
        }
        self.open.push(transaction);
    }

    fn response(
        &mut self,
        direction: Direction,
        message: &Message<'_>,
        (code, reason): (u16, &[u8]),
        (key, media): (Vec<u8>, Vec<String>),
        context: &mut Context<'_>,
    ) {
        let from_server = direction == Direction::ToServer;
        let position = self.open.iter().position(|open| open.key == key && open.from_server == from_server);
        let mut transaction = match position {
            Some(position) => self.open.remove(position),
            None if self.stray < STRAY_MAX => {
                self.stray += 1;
                Transaction { time: context.time, from_server, key, ..Transaction::of(message) }
            }
            None => return,
        };
        if transaction.statuses.len() < STATUSES_MAX {
            transaction.statuses.push(i64::from(code));
            transaction.reasons.push(lossless(reason).into_owned());
        }
        transaction.media.extend(media);
        transaction.server = shown(message, b"server", b"")
            .or_else(|| shown(message, b"user-agent", b""))
            .or(transaction.server);
        if code >= 200 || position.is_none() {
            tell(&transaction, context);
        } else {
            self.open.push(transaction);
        }
    }
}

impl Transaction {
    fn of(message: &Message<'_>) -> Self {
        Self {
            from: shown(message, b"from", b"f"),
            to: shown(message, b"to", b"t"),
            call_id: shown(message, b"call-id", b"i"),
            ..Self::default()
        }
    }
}

fn shown(message: &Message<'_>, name: &[u8], short: &[u8]) -> Option<String> {
    message.header(name, short).map(|value| parser::shown(value, TEXT_MAX))
}

fn tell(transaction: &Transaction, context: &mut Context<'_>) {
    let request = !transaction.method.is_empty();
    let row = events::Sip {
        vonggac_sip_method: Some(transaction.method).filter(|_| request),
        vonggac_sip_uri: Some(transaction.uri.as_str()).filter(|_| request),
        vonggac_sip_from: transaction.from.as_deref(),
        vonggac_sip_to: transaction.to.as_deref(),
        vonggac_sip_call_id: transaction.call_id.as_deref(),
        user_agent_original: transaction.agent.as_deref(),
        vonggac_sip_server: transaction.server.as_deref(),
        user_name: transaction.account.as_deref(),
        vonggac_sip_statuses: some(&transaction.statuses),
        vonggac_sip_reasons: some(&transaction.reasons),
        vonggac_sip_media: some(&transaction.media),
        vonggac_sip_from_server: Some(transaction.from_server),
        ..events::Sip::default()
    };
    context.emit(transaction.time, &row);
    if let Some(account) = &transaction.account
        && transaction.method != "ACK"
    {
        let last = transaction.statuses.last().copied();
        let reason = last.filter(|code| *code >= 300).map(|code| code.to_string());
        let row = events::Login {
            network_protocol: Some("sip"),
            user_name: Some(account),
            event_outcome: Some(match last {
                Some(401 | 403 | 407) => "failure",
                Some(200..=299) => "success",
                _ => "unknown",
            }),
            vonggac_login_method: Some("digest"),
            vonggac_login_encrypted: Some(true),
            vonggac_login_reason: reason.as_deref(),
            ..events::Login::default()
        };
        context.emit(transaction.time, &row);
    }
}

impl Decoder for Sip {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        // Empty lines and zeros keep the way through a translator open.
        let idle = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | 0)).count();
        if idle > 0 {
            return Outcome::Parsed(idle);
        }
        match Message::read(bytes, self.framed, MESSAGE_MAX) {
            Ok(Some((message, length))) => {
                self.message(direction, &message, context);
                Outcome::Parsed(length)
            }
            Ok(None) => Outcome::Parsed(0),
            Err(()) if self.framed => Outcome::Malformed("sip-bad-message"),
            Err(()) => {
                context.anomaly("sip-bad-message");
                Outcome::Parsed(bytes.len())
            }
        }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        for transaction in std::mem::take(&mut self.open) {
            tell(&transaction, context);
        }
    }
}
