//! X.509 certificates (RFC 5280), read leniently: every field stands for itself, and what is broken is left out. Strict
//! libraries refuse the whole of a certificate with an impossible date, and malware is where such certificates are.

mod der;
mod names;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::fingerprints::hex;
use crate::text::lossless;
use crate::time::Micros;
use der::Der;

/// Alternative names kept: certificates of content networks have some hundred.
pub const ALTERNATIVE_NAMES_MAX: usize = 256;

/// Bytes of a serial number kept (RFC 5280 allows 20).
const SERIAL_BYTES_MAX: usize = 64;

/// One certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// SHA-1 of the DER bytes.
    pub sha1: String,
    /// SHA-256 of the DER bytes.
    pub sha256: String,
    /// 1, 2 or 3.
    pub version: Option<u64>,
    /// Hexadecimal, upper case, without the byte that only keeps it positive.
    pub serial: Option<String>,
    /// Who it is for.
    pub subject: Name,
    /// Who signed it.
    pub issuer: Name,
    /// Valid from.
    pub not_before: Option<Micros>,
    /// Valid until.
    pub not_after: Option<Micros>,
    /// `RSA`, `EC` …
    pub key_algorithm: Option<String>,
    /// Bits.
    pub key_size: Option<i64>,
    /// `sha256WithRSAEncryption` …
    pub signature_algorithm: Option<String>,
    /// DNS names, addresses, mail addresses and URIs.
    pub alternative_names: Vec<String>,
    /// Issuer and subject are the same bytes.
    pub self_signed: bool,
    /// What is wrong with it: names of anomalies.
    pub defects: Vec<&'static str>,
}

/// A distinguished name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The most specific common name.
    pub common_name: Option<String>,
    /// All of it in the order of the certificate: `C=VN, O=Example, CN=www.example.org`.
    pub distinguished_name: Option<String>,
}

impl Certificate {
    /// Reads the DER bytes; the hashes are there whatever they hold.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut certificate =
            Self { sha1: hex(&Sha1::digest(bytes)), sha256: hex(&Sha256::digest(bytes)), ..Self::default() };
        if certificate.fill(bytes).is_none() {
            certificate.defects.push("x509-malformed");
        }
        certificate
    }

    fn fill(&mut self, bytes: &[u8]) -> Option<()> {
        let mut outer = Der(Der(bytes).expect(der::SEQUENCE)?);
        let mut body = Der(outer.expect(der::SEQUENCE)?);
        let version = body.optional(der::CONTEXT_0).map(|value| Der(value).expect(der::INTEGER));
        self.version = Some(match version {
            None => 1,
            Some(number) => number.and_then(|n| n.last()).map_or(0, |n| u64::from(*n) + 1),
        });
        let serial = body.expect(der::INTEGER)?;
        let unsigned = serial.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(serial);
        self.serial = Some(hex(&unsigned[..unsigned.len().min(SERIAL_BYTES_MAX)]).to_ascii_uppercase());
        self.signature_algorithm =
            algorithm(body.expect(der::SEQUENCE)?).map(|(oid, _)| names::signature(&oid));
        let issuer = body.expect(der::SEQUENCE)?;
        let validity = body.expect(der::SEQUENCE)?;
        let subject = body.expect(der::SEQUENCE)?;
        self.issuer = Name::read(issuer);
        self.subject = Name::read(subject);
        self.self_signed = issuer == subject;
        self.validity(validity);
        self.key(body.expect(der::SEQUENCE)?);
        body.optional(der::CONTEXT_1_PRIMITIVE);
        body.optional(der::CONTEXT_2_PRIMITIVE);
        if let Some(extensions) = body.optional(der::CONTEXT_3) {
            self.extensions(Der(extensions).expect(der::SEQUENCE)?)?;
        }
        Some(())
    }

    fn validity(&mut self, validity: &[u8]) {
        let mut validity = Der(validity);
        self.not_before = validity.next().and_then(|(tag, text)| der::time(tag, text));
        self.not_after = validity.next().and_then(|(tag, text)| der::time(tag, text));
        if self.not_before.is_none() || self.not_after.is_none() || self.not_after < self.not_before {
            self.defects.push("x509-bad-validity");
        }
    }

    fn key(&mut self, info: &[u8]) {
        let mut info = Der(info);
        let Some((oid, parameters)) = info.expect(der::SEQUENCE).and_then(algorithm) else { return };
        let bits = info.expect(der::BIT_STRING).unwrap_or_default();
        // The first byte counts the unused bits.
        let key = bits.get(1..).unwrap_or_default();
        self.key_size = names::key_size(&oid, parameters, key);
        self.key_algorithm = Some(names::key(&oid));
    }

    fn extensions(&mut self, list: &[u8]) -> Option<()> {
        let mut list = Der(list);
        while !list.0.is_empty() {
            let mut extension = Der(list.expect(der::SEQUENCE)?);
            let oid = der::oid(extension.expect(der::OID)?);
            extension.optional(der::BOOLEAN);
            let value = extension.expect(der::OCTET_STRING)?;
            if oid == "2.5.29.17" {
                self.alternative_names = alternative_names(Der(value).expect(der::SEQUENCE)?);
            }
        }
        Some(())
    }
}

impl Name {
    fn read(sequence: &[u8]) -> Self {
        let (mut sets, mut parts, mut common_name) = (Der(sequence), Vec::new(), None);
        while let Some(set) = sets.expect(der::SET) {
            let (mut attributes, mut together) = (Der(set), Vec::new());
            while let Some(attribute) = attributes.expect(der::SEQUENCE) {
                let mut attribute = Der(attribute);
                let Some(oid) = attribute.expect(der::OID).map(der::oid) else { break };
                let Some(value) = attribute.next().map(|(tag, value)| der::text(tag, value)) else { break };
                together.push(format!("{}={value}", names::attribute(&oid)));
                if oid == "2.5.4.3" {
                    common_name = Some(value);
                }
            }
            parts.push(together.join(" + "));
        }
        Self { common_name, distinguished_name: Some(parts.join(", ")).filter(|name| !name.is_empty()) }
    }
}

/// OID and parameters of an AlgorithmIdentifier.
fn algorithm(sequence: &[u8]) -> Option<(String, &[u8])> {
    let mut sequence = Der(sequence);
    let oid = der::oid(sequence.expect(der::OID)?);
    Some((oid, sequence.0))
}

fn alternative_names(list: &[u8]) -> Vec<String> {
    let (mut list, mut names) = (Der(list), Vec::new());
    while let Some((tag, value)) = list.next() {
        if names.len() == ALTERNATIVE_NAMES_MAX {
            break;
        }
        match (tag, value.len()) {
            // Mail address, DNS name, URI.
            (0x81 | 0x82 | 0x86, _) => names.push(lossless(value).into_owned()),
            (0x87, 4) => {
                names.extend(value.first_chunk::<4>().map(|a| IpAddr::from(Ipv4Addr::from(*a)).to_string()))
            }
            (0x87, 16) => {
                names.extend(value.first_chunk::<16>().map(|a| IpAddr::from(Ipv6Addr::from(*a)).to_string()))
            }
            _ => {}
        }
    }
    names
}
