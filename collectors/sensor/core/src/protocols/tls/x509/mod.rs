//! X.509 certificates (RFC 5280), read leniently: every field stands for itself, and what is broken is left out. Strict
//! libraries refuse the whole of a certificate with an impossible date, and malware is where such certificates are.

mod names;
#[cfg(test)]
mod tests;

use crate::text::hex;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::asn1::{self, Elements};
use crate::text::lossless;
use crate::time::Micros;

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
        let mut outer = Elements(Elements(bytes).expect(asn1::SEQUENCE)?);
        let mut body = Elements(outer.expect(asn1::SEQUENCE)?);
        let version = body.optional(asn1::CONTEXT_0).map(|value| Elements(value).expect(asn1::INTEGER));
        self.version = Some(match version {
            None => 1,
            Some(number) => number.and_then(|n| n.last()).map_or(0, |n| u64::from(*n) + 1),
        });
        let serial = body.expect(asn1::INTEGER)?;
        let unsigned = serial.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(serial);
        self.serial = Some(hex(&unsigned[..unsigned.len().min(SERIAL_BYTES_MAX)]).to_ascii_uppercase());
        self.signature_algorithm =
            algorithm(body.expect(asn1::SEQUENCE)?).map(|(oid, _)| names::signature(&oid));
        let issuer = body.expect(asn1::SEQUENCE)?;
        let validity = body.expect(asn1::SEQUENCE)?;
        let subject = body.expect(asn1::SEQUENCE)?;
        self.issuer = Name::read(issuer);
        self.subject = Name::read(subject);
        self.self_signed = issuer == subject;
        self.validity(validity);
        self.key(body.expect(asn1::SEQUENCE)?);
        body.optional(asn1::CONTEXT_1_PRIMITIVE);
        body.optional(asn1::CONTEXT_2_PRIMITIVE);
        if let Some(extensions) = body.optional(asn1::CONTEXT_3) {
            self.extensions(Elements(extensions).expect(asn1::SEQUENCE)?)?;
        }
        Some(())
    }

    fn validity(&mut self, validity: &[u8]) {
        let mut validity = Elements(validity);
        self.not_before = validity.next().and_then(|(tag, text)| asn1::time(tag, text));
        self.not_after = validity.next().and_then(|(tag, text)| asn1::time(tag, text));
        if self.not_before.is_none() || self.not_after.is_none() || self.not_after < self.not_before {
            self.defects.push("x509-bad-validity");
        }
    }

    fn key(&mut self, info: &[u8]) {
        let mut info = Elements(info);
        let Some((oid, parameters)) = info.expect(asn1::SEQUENCE).and_then(algorithm) else { return };
        let bits = info.expect(asn1::BIT_STRING).unwrap_or_default();
        // The first byte counts the unused bits.
        let key = bits.get(1..).unwrap_or_default();
        self.key_size = names::key_size(&oid, parameters, key);
        self.key_algorithm = Some(names::key(&oid));
    }

    fn extensions(&mut self, list: &[u8]) -> Option<()> {
        let mut list = Elements(list);
        while !list.0.is_empty() {
            let mut extension = Elements(list.expect(asn1::SEQUENCE)?);
            let oid = asn1::oid(extension.expect(asn1::OID)?);
            extension.optional(asn1::BOOLEAN);
            let value = extension.expect(asn1::OCTET_STRING)?;
            if oid == "2.5.29.17" {
                self.alternative_names = alternative_names(Elements(value).expect(asn1::SEQUENCE)?);
            }
        }
        Some(())
    }
}

impl Name {
    fn read(sequence: &[u8]) -> Self {
        let (mut sets, mut parts, mut common_name) = (Elements(sequence), Vec::new(), None);
        while let Some(set) = sets.expect(asn1::SET) {
            let (mut attributes, mut together) = (Elements(set), Vec::new());
            while let Some(attribute) = attributes.expect(asn1::SEQUENCE) {
                let mut attribute = Elements(attribute);
                let Some(oid) = attribute.expect(asn1::OID).map(asn1::oid) else { break };
                let Some(value) = attribute.next().map(|(tag, value)| asn1::text(tag, value)) else { break };
                together.push([&*names::attribute(&oid), "=", &value].concat());
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
    let mut sequence = Elements(sequence);
    let oid = asn1::oid(sequence.expect(asn1::OID)?);
    Some((oid, sequence.0))
}

fn alternative_names(list: &[u8]) -> Vec<String> {
    let (list, mut names) = (Elements(list), Vec::new());
    for (tag, value) in list {
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
