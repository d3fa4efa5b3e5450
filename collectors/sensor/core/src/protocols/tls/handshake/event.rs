//! The events of a handshake: one of it, and one more a certificate.

use std::borrow::Cow;

use super::{Chain, Handshake};
use crate::context::Context;
use crate::events::{self, some};
use crate::protocols::tls::hello::ClientHello;
use crate::protocols::tls::x509::Certificate;
use crate::protocols::tls::{ciphers, fingerprints, names};
use crate::text::{hex, lossless};
use crate::time::Micros;

/// Cipher suites shown: the longest honest offers have some two hundred.
const CIPHERS_SHOWN_MAX: usize = 512;

/// What an event says in words that are made for it.
struct Texts {
    version: Option<Cow<'static, str>>,
    offered_version: Option<Cow<'static, str>>,
    group: Option<Cow<'static, str>>,
    cipher: Option<Cow<'static, str>>,
    offered: Vec<String>,
    alpn: Vec<String>,
    ja3_string: Option<String>,
    ja3: Option<String>,
    ja4: Option<String>,
    ja3s_string: Option<String>,
    ja3s: Option<String>,
    alert: Option<Cow<'static, str>>,
}

impl Handshake {
    /// Emits what has been learnt; `holed`: messages of the server may be missing.
    pub fn tell(&self, holed: bool, context: &mut Context<'_>) {
        let Some(start) = self.start else { return };
        let (texts, protocol) = (self.texts(), self.protocol(context));
        let mut row = self.row(&texts, holed);
        row.network_protocol = Some(protocol);
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

    fn texts(&self) -> Texts {
        let (client, server) = (self.client.as_ref(), self.server.as_ref());
        let fingerprinted = client.filter(|hello| hello.complete);
        let answer = server.filter(|hello| hello.complete && !hello.retry);
        let old = self.client_ssl2.as_ref().map(|hello| hello.version);
        let alpn = client.map(|c| c.alpn.iter().map(|p| lossless(p).into_owned()).collect());
        let ja3_string = fingerprinted.map(fingerprints::ja3_string);
        let ja3s_string = answer.map(fingerprints::ja3s_string);
        Texts {
            version: self.agreed_version().map(names::version),
            offered_version: client.map(ClientHello::highest_version).or(old).map(names::version),
            group: server.and_then(|s| s.group).or(self.key_exchange_group).map(names::group),
            cipher: server.map(|s| ciphers::name(s.cipher)),
            offered: self.offered(),
            alpn: alpn.unwrap_or_default(),
            ja3: ja3_string.as_deref().map(fingerprints::ja3),
            ja3_string,
            ja4: fingerprinted.map(|hello| fingerprints::ja4(hello, self.layer)),
            ja3s: ja3s_string.as_deref().map(fingerprints::ja3),
            ja3s_string,
            alert: self.last_alert.map(names::alert),
        }
    }

    fn row<'a>(&'a self, texts: &'a Texts, holed: bool) -> events::Tls<'a> {
        let (client, server) = (self.client.as_ref(), self.server.as_ref());
        events::Tls {
            tls_version: texts.version.as_deref(),
            tls_cipher: texts.cipher.as_deref(),
            tls_curve: texts.group.as_deref(),
            tls_established: Some(self.established()),
            tls_resumed: self.resumed(holed),
            tls_next_protocol: server.and_then(|s| s.alpn.as_deref()),
            tls_client_server_name: client.and_then(|c| c.server_name.as_deref()),
            tls_client_ja3: texts.ja3.as_deref(),
            vonggac_tls_client_ja3_string: texts.ja3_string.as_deref(),
            tls_client_ja4: texts.ja4.as_deref(),
            tls_client_supported_ciphers: some(&texts.offered),
            vonggac_tls_client_alpn: some(&texts.alpn),
            vonggac_tls_client_version: texts.offered_version.as_deref(),
            vonggac_tls_client_ech: client.map(|c| c.ech),
            tls_server_ja3s: texts.ja3s.as_deref(),
            vonggac_tls_server_ja3s_string: texts.ja3s_string.as_deref(),
            vonggac_tls_server_chain_length: Some(self.chains[1].length).filter(|length| *length > 0),
            vonggac_tls_last_alert: texts.alert.as_deref(),
            vonggac_quic_version: self.quic_version.as_deref(),
            ..events::Tls::default()
        }
    }

    /// Suites offered, in hexadecimal, without GREASE: random values would make every hello unique.
    fn offered(&self) -> Vec<String> {
        match (&self.client, &self.client_ssl2) {
            (Some(client), _) => {
                let real = client.ciphers.iter().filter(|suite| !names::is_grease(**suite));
                real.take(CIPHERS_SHOWN_MAX).map(|suite| hex(&suite.to_be_bytes())).collect()
            }
            (None, Some(client)) => {
                client.ciphers.iter().take(CIPHERS_SHOWN_MAX).map(|suite| format!("{suite:06x}")).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Chain {
    fn tell(&self, client: bool, context: &mut Context<'_>) {
        for (position, certificate) in (0..).zip(&self.certificates) {
            tell_certificate((client, position), certificate, self.time, context);
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
