//! What both sides say of a handshake in clear, whatever carries its messages.

mod event;

use super::fingerprints::Layer;
use super::hello::{ClientHello, Cursor, ServerHello};
use super::records;
use super::x509::Certificate;
use super::{ciphers, names, ssl2};
use crate::context::Context;
use crate::protocols::Direction;
use crate::time::Micros;

/// Certificates of a chain that are read; real chains have two to five.
pub const CHAIN_MAX: usize = 16;

/// DNS over TLS, and over QUIC (RFC 7858 §3.1, RFC 9250 §4.1.1).
const PORT_OF_DNS: u16 = 853;

/// What one side shows to prove who it is.
#[derive(Default)]
struct Chain {
    /// How many certificates it has; of absurd chains not all are kept.
    length: i64,
    certificates: Vec<Certificate>,
    time: Micros,
}

impl Chain {
    fn add(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        self.time = context.time;
        self.length += 1;
        if self.certificates.len() < CHAIN_MAX {
            let certificate = Certificate::read(bytes);
            for defect in &certificate.defects {
                context.anomaly(defect);
            }
            self.certificates.push(certificate);
        }
    }
}

/// What is known of the handshake.
#[derive(Default)]
pub struct Handshake {
    layer: Layer,
    /// The version of QUIC that carries it.
    pub quic_version: Option<String>,
    start: Option<Micros>,
    client: Option<ClientHello>,
    client_ssl2: Option<ssl2::ClientHello>,
    server: Option<ServerHello>,
    server_ssl2: bool,
    key_exchange_group: Option<u16>,
    /// Chains of certificates: the client's, if the server asks for one, and the server's.
    chains: [Chain; 2],
    /// The server has sent more than a hello: a full handshake.
    full: bool,
    /// The server changed to encryption right behind its hello.
    shortened: bool,
    encrypted: [bool; 2],
    last_alert: Option<u8>,
}

impl Handshake {
    /// Of a connection over this layer.
    #[must_use]
    pub fn over_layer(layer: Layer) -> Self {
        Self { layer, ..Self::default() }
    }

    /// Takes a handshake message; `whole` is false where its end is missing.
    pub fn message(
        &mut self,
        direction: Direction,
        kind: u8,
        body: &[u8],
        whole: bool,
        context: &mut Context<'_>,
    ) {
        if !whole && body.len() == records::MESSAGE_MAX {
            context.anomaly("tls-oversized-handshake");
        }
        let server = direction == Direction::ToClient;
        match kind {
            // A second hello follows a HelloRetryRequest; the first is the client's own choice.
            records::CLIENT_HELLO if !server && self.client.is_none() => {
                let mut hello = ClientHello::read(self.layer, body);
                if whole && !hello.complete {
                    context.anomaly("tls-bad-hello");
                }
                hello.complete &= whole;
                self.client = Some(hello);
                self.start.get_or_insert(context.time);
            }
            records::SERVER_HELLO if server => {
                let hello = ServerHello::read(body);
                if whole && !hello.complete {
                    context.anomaly("tls-bad-hello");
                }
                self.server = Some(hello);
                self.start.get_or_insert(context.time);
            }
            records::CERTIFICATE if self.chains[direction.index()].length == 0 => {
                self.full |= server;
                self.certificates(direction, body, whole, context);
            }
            records::SERVER_KEY_EXCHANGE if server => self.key_exchange(body),
            records::SERVER_HELLO_DONE if server => self.full = true,
            _ => {}
        }
    }

    /// ECDHE with a named curve; other exchanges begin with the length of a prime or of a hint.
    fn key_exchange(&mut self, body: &[u8]) {
        self.full = true;
        if let Some(&[3, high, low]) = body.first_chunk::<3>() {
            let ecdhe = self.server.as_ref().is_some_and(|s| ciphers::name(s.cipher).contains("_ECDH"));
            self.key_exchange_group = ecdhe.then(|| u16::from_be_bytes([high, low]));
        }
    }

    /// The chain of a Certificate message up to TLS 1.2 (RFC 5246 §7.4.2).
    fn certificates(&mut self, direction: Direction, body: &[u8], whole: bool, context: &mut Context<'_>) {
        let mut cursor = Cursor(body);
        if cursor.u24().is_none() {
            return;
        }
        while !cursor.0.is_empty() {
            let Some(certificate) = cursor.u24().and_then(|length| cursor.take(length)) else {
                if whole {
                    context.anomaly("tls-bad-certificates");
                }
                break;
            };
            self.chains[direction.index()].add(certificate, context);
        }
    }

    /// Takes a hello of SSL 2.0, and says how many bytes it has.
    pub fn ssl2(
        &mut self,
        direction: Direction,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Result<usize, &'static str> {
        match direction {
            Direction::ToServer => {
                let Some((hello, length)) = ssl2::client_hello(bytes)? else { return Ok(0) };
                context.anomaly("tls-ssl2-hello");
                self.client_ssl2 = Some(hello);
                self.start.get_or_insert(context.time);
                Ok(length)
            }
            Direction::ToClient => {
                let Some(hello) = ssl2::server_hello(bytes)? else { return Ok(0) };
                self.server_ssl2 = true;
                self.start.get_or_insert(context.time);
                self.chains[1].add(hello.certificate, context);
                Ok(bytes.len())
            }
        }
    }

    /// This direction has sent something that only the ends can read.
    pub fn encrypted(&mut self, direction: Direction) {
        self.encrypted[direction.index()] = true;
    }

    /// This direction changes to encryption; says whether what follows is encrypted. In TLS 1.3 it means nothing.
    pub fn change_cipher(&mut self, direction: Direction) -> bool {
        let modern = self.server.as_ref().is_some_and(|s| names::is_1_3(s.agreed_version()));
        if direction == Direction::ToClient && self.server.is_some() && !modern && !self.full {
            self.shortened = true;
        }
        !modern
    }

    /// An alert in clear.
    pub fn alert(&mut self, alert: u8) {
        self.last_alert = Some(alert);
    }

    /// What there is of a client's hello that was cut by the end of the flow.
    pub fn cut_hello(&mut self, body: &[u8], time: Micros) {
        if self.client.is_none() {
            self.client = Some(ClientHello { complete: false, ..ClientHello::read(self.layer, body) });
            self.start.get_or_insert(time);
        }
    }

    /// The client's hello, once it has come.
    #[must_use]
    pub fn client(&self) -> Option<&ClientHello> {
        self.client.as_ref()
    }

    /// The server has answered, and not just asked for another hello.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.server.as_ref().is_some_and(|server| !server.retry)
    }

    fn established(&self) -> bool {
        self.encrypted == [true, true]
    }

    /// Nothing more will be said in clear.
    #[must_use]
    pub fn over(&self) -> bool {
        self.established() || self.server_ssl2
    }

    fn agreed_version(&self) -> Option<u16> {
        if self.server_ssl2 {
            Some(names::SSL_2)
        } else {
            self.server.as_ref().map(ServerHello::agreed_version)
        }
    }

    fn resumed(&self, holed: bool) -> Option<bool> {
        let server = self.server.as_ref()?;
        if names::is_1_3(server.agreed_version()) {
            return Some(server.pre_shared_key);
        }
        // With the certificate possibly lost in a gap, the session's id has to tell.
        let same = self.client.as_ref().is_some_and(|c| !c.session.is_empty() && c.session == server.session);
        Some(if holed { same } else { self.shortened })
    }

    /// What the connection carries, where that is certain: names of machines are asked for here (DNS over TLS and over
    /// QUIC), or it is not told.
    #[must_use]
    pub fn protocol(&self, context: &Context<'_>) -> &'static str {
        let offers =
            |fits: fn(&[u8]) -> bool| self.client.as_ref().is_some_and(|c| c.alpn.iter().any(|p| fits(p)));
        let port = context.flow.destination_port == Some(PORT_OF_DNS);
        match self.layer {
            Layer::Stream if port || offers(|name| name == b"dot") => "dot",
            // Drafts had names of their own: doq-i02.
            Layer::Quic if port || offers(|name| name == b"doq" || name.starts_with(b"doq-")) => "doq",
            layer => layer.name(),
        }
    }
}
