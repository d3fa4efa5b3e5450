//! What both sides say of a handshake in clear, whatever carries its messages, and the events that it becomes: one of the
//! handshake, and one more a certificate.

use super::fingerprints::{self, Layer};
use super::hello::{ClientHello, Cursor, ServerHello};
use super::records;
use super::x509::Certificate;
use super::{ciphers, names, ssl2};
use crate::context::Context;
use crate::events;
use crate::protocols::Direction;
use crate::text::lossless;
use crate::time::Micros;

/// Certificates of a chain that are read; real chains have two to five.
pub const CHAIN_MAX: usize = 16;

/// Cipher suites shown: the longest honest offers have some two hundred.
const CIPHERS_SHOWN_MAX: usize = 512;

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

    fn tell(&self, client: bool, context: &mut Context<'_>) {
        for (position, certificate) in (0..).zip(&self.certificates) {
            tell_certificate((client, position), certificate, self.time, context);
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
            records::SERVER_KEY_EXCHANGE if server => {
                self.full = true;
                // ECDHE with a named curve; other exchanges begin with the length of a prime or of a hint.
                if let Some(&[3, high, low]) = body.first_chunk::<3>() {
                    let ecdhe =
                        self.server.as_ref().is_some_and(|s| ciphers::name(s.cipher).contains("_ECDH"));
                    self.key_exchange_group = ecdhe.then(|| u16::from_be_bytes([high, low]));
                }
            }
            records::SERVER_HELLO_DONE if server => self.full = true,
            _ => {}
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
        let says = |name: &[u8]| {
            let offered = self.client.as_ref().is_some_and(|c| c.alpn.iter().any(|p| p == name));
            offered
                || self.server.as_ref().and_then(|s| s.alpn.as_deref()).is_some_and(|p| p.as_bytes() == name)
        };
        let port = context.flow.destination_port == Some(PORT_OF_DNS);
        match self.layer {
            Layer::Stream if port || says(b"dot") => "dot",
            Layer::Quic if port || says(b"doq") => "doq",
            layer => layer.name(),
        }
    }

    /// Emits what has been learnt; `holed`: messages of the server may be missing.
    pub fn tell(&self, holed: bool, context: &mut Context<'_>) {
        let Some(start) = self.start else { return };
        let (client, server) = (self.client.as_ref(), self.server.as_ref());
        let fingerprinted = client.filter(|hello| hello.complete);
        let version = self.agreed_version().map(names::version);
        let offered_version = client
            .map(ClientHello::highest_version)
            .or(self.client_ssl2.as_ref().map(|c| c.version))
            .map(names::version);
        let group = server.and_then(|s| s.group).or(self.key_exchange_group).map(names::group);
        let ja3_string = fingerprinted.map(fingerprints::ja3_string);
        let ja3 = ja3_string.as_deref().map(fingerprints::ja3);
        let ja4 = fingerprinted.map(|hello| fingerprints::ja4(hello, self.layer));
        let ja3s_string =
            server.filter(|hello| hello.complete && !hello.retry).map(fingerprints::ja3s_string);
        let ja3s = ja3s_string.as_deref().map(fingerprints::ja3);
        let (cipher, offered) = (server.map(|s| ciphers::name(s.cipher)), self.offered());
        let alpn: Vec<String> =
            client.map(|c| c.alpn.iter().map(|p| lossless(p).into_owned()).collect()).unwrap_or_default();
        let alert = self.last_alert.map(names::alert);
        let protocol = self.protocol(context);
        let mut row = events::Tls {
            tls_version: version.as_deref(),
            tls_cipher: cipher.as_deref(),
            tls_curve: group.as_deref(),
            tls_established: Some(self.established()),
            tls_resumed: self.resumed(holed),
            tls_next_protocol: server.and_then(|s| s.alpn.as_deref()),
            tls_client_server_name: client.and_then(|c| c.server_name.as_deref()),
            tls_client_ja3: ja3.as_deref(),
            tls_client_ja4: ja4.as_deref(),
            vonggac_tls_client_ja3_string: ja3_string.as_deref(),
            vonggac_quic_version: self.quic_version.as_deref(),
            network_protocol: Some(protocol),
            tls_client_supported_ciphers: Some(offered.as_slice()).filter(|list| !list.is_empty()),
            vonggac_tls_client_alpn: Some(alpn.as_slice()).filter(|list| !list.is_empty()),
            vonggac_tls_client_version: offered_version.as_deref(),
            vonggac_tls_client_ech: client.map(|c| c.ech),
            tls_server_ja3s: ja3s.as_deref(),
            vonggac_tls_server_ja3s_string: ja3s_string.as_deref(),
            vonggac_tls_server_chain_length: Some(self.chains[1].length).filter(|length| *length > 0),
            vonggac_tls_last_alert: alert.as_deref(),
            ..events::Tls::default()
        };
        if let Some(leaf) = self.chains[1].certificates.first() {
            fill(&mut row, leaf);
        }
        if let Some(own) = self.chains[0].certificates.first() {
            row.tls_client_subject = own.subject.distinguished_name.as_deref();
            row.tls_client_issuer = own.issuer.distinguished_name.as_deref();
            row.tls_client_hash_sha1 = Some(&own.sha1);
        }
        if protocol != self.layer.name() {
            context.recognised(protocol);
        }
        context.emit(start, &row);
        self.chains[1].tell(false, context);
        self.chains[0].tell(true, context);
    }

    /// Suites offered, in hexadecimal, without GREASE: random values would make every hello unique.
    fn offered(&self) -> Vec<String> {
        match (&self.client, &self.client_ssl2) {
            (Some(client), _) => {
                let real = client.ciphers.iter().filter(|suite| !names::is_grease(**suite));
                real.take(CIPHERS_SHOWN_MAX).map(|suite| format!("{suite:04x}")).collect()
            }
            (None, Some(client)) => {
                client.ciphers.iter().take(CIPHERS_SHOWN_MAX).map(|suite| format!("{suite:06x}")).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The server's own certificate in the event of the handshake.
fn fill<'a>(row: &mut events::Tls<'a>, leaf: &'a Certificate) {
    row.tls_server_hash_sha1 = Some(&leaf.sha1);
    row.tls_server_hash_sha256 = Some(&leaf.sha256);
    row.tls_server_x509_subject_common_name = leaf.subject.common_name.as_deref();
    row.tls_server_x509_subject_distinguished_name = leaf.subject.distinguished_name.as_deref();
    row.tls_server_x509_issuer_common_name = leaf.issuer.common_name.as_deref();
    row.tls_server_x509_issuer_distinguished_name = leaf.issuer.distinguished_name.as_deref();
    row.tls_server_x509_serial_number = leaf.serial.as_deref();
    row.tls_server_x509_alternative_names =
        Some(leaf.alternative_names.as_slice()).filter(|list| !list.is_empty());
    row.tls_server_x509_not_before = leaf.not_before;
    row.tls_server_x509_not_after = leaf.not_after;
    row.tls_server_x509_public_key_algorithm = leaf.key_algorithm.as_deref();
    row.tls_server_x509_public_key_size = leaf.key_size;
    row.tls_server_x509_signature_algorithm = leaf.signature_algorithm.as_deref();
    row.vonggac_tls_server_self_signed = Some(leaf.self_signed);
}

fn tell_certificate(
    (client, position): (bool, i64),
    certificate: &Certificate,
    time: Micros,
    context: &mut Context<'_>,
) {
    let version = certificate.version.map(|version| version.to_string());
    let row = events::X509 {
        x509_subject_common_name: certificate.subject.common_name.as_deref(),
        x509_subject_distinguished_name: certificate.subject.distinguished_name.as_deref(),
        x509_issuer_common_name: certificate.issuer.common_name.as_deref(),
        x509_issuer_distinguished_name: certificate.issuer.distinguished_name.as_deref(),
        x509_serial_number: certificate.serial.as_deref(),
        x509_alternative_names: Some(certificate.alternative_names.as_slice())
            .filter(|list| !list.is_empty()),
        x509_not_before: certificate.not_before,
        x509_not_after: certificate.not_after,
        x509_public_key_algorithm: certificate.key_algorithm.as_deref(),
        x509_public_key_size: certificate.key_size,
        x509_signature_algorithm: certificate.signature_algorithm.as_deref(),
        x509_version_number: version.as_deref(),
        vonggac_x509_position: Some(position),
        vonggac_x509_client: Some(client),
        vonggac_x509_self_signed: Some(certificate.self_signed),
        file_hash_sha256: Some(&certificate.sha256),
        ..events::X509::default()
    };
    context.emit(time, &row);
}
