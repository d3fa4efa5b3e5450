//! Names of object identifiers met in certificates (RFC 5280, 4055, 5480, 5758, 8410, 9215; NIST CSOR for the
//! post-quantum ones), and sizes of keys.

use crate::asn1::{self, Elements};

/// Short name of an attribute of a distinguished name; dotted for what has none.
#[must_use]
pub fn attribute(oid: &str) -> String {
    match oid {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.13" => "description",
        "2.5.4.15" => "businessCategory",
        "2.5.4.17" => "postalCode",
        "2.5.4.41" => "name",
        "2.5.4.42" => "GN",
        "2.5.4.43" => "initials",
        "2.5.4.45" => "x500UniqueIdentifier",
        "2.5.4.46" => "dnQualifier",
        "2.5.4.65" => "pseudonym",
        "2.5.4.97" => "organizationIdentifier",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "1.2.840.113549.1.9.2" => "unstructuredName",
        "1.3.6.1.4.1.311.60.2.1.1" => "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2" => "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3" => "jurisdictionC",
        other => other,
    }
    .to_owned()
}

/// Algorithm of a public key; dotted for what has no name.
#[must_use]
pub fn key(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.1.1" => "RSA",
        "1.2.840.113549.1.1.7" => "RSAES-OAEP",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.10045.2.1" => "EC",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.10046.2.1" | "1.2.840.113549.1.3.1" => "DH",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.643.2.2.19" => "GOST2001",
        "1.2.643.7.1.1.1.1" => "GOST2012-256",
        "1.2.643.7.1.1.1.2" => "GOST2012-512",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        other => other,
    }
    .to_owned()
}

/// Algorithm of a signature; dotted for what has no name.
#[must_use]
pub fn signature(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.1.2" => "md2WithRSAEncryption",
        "1.2.840.113549.1.1.3" => "md4WithRSAEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.3.14.3.2.29" => "sha1WithRSA",
        "1.2.840.113549.1.1.10" => "rsassaPss",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14" => "sha224WithRSAEncryption",
        "1.2.840.10040.4.3" => "dsa-with-SHA1",
        "2.16.840.1.101.3.4.3.1" => "dsa-with-SHA224",
        "2.16.840.1.101.3.4.3.2" => "dsa-with-SHA256",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1" => "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.156.10197.1.501" => "SM2-with-SM3",
        "1.2.643.2.2.3" => "GOST2001-with-GOST94",
        "1.2.643.7.1.1.3.2" => "GOST2012-256-with-GOST2012-256",
        "1.2.643.7.1.1.3.3" => "GOST2012-512-with-GOST2012-512",
        other => return key(other),
    }
    .to_owned()
}

/// Bits of a public key: the modulus of RSA, the prime of DSA and DH, the order of the curve.
#[must_use]
pub fn key_size(oid: &str, parameters: &[u8], key: &[u8]) -> Option<i64> {
    match oid {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.7" | "1.2.840.113549.1.1.10" => {
            integer_bits(Elements(Elements(key).expect(asn1::SEQUENCE)?).expect(asn1::INTEGER)?)
        }
        "1.2.840.10040.4.1" | "1.2.840.10046.2.1" | "1.2.840.113549.1.3.1" => {
            integer_bits(Elements(Elements(parameters).expect(asn1::SEQUENCE)?).expect(asn1::INTEGER)?)
        }
        "1.2.840.10045.2.1" => curve_bits(Elements(parameters).expect(asn1::OID), key),
        "1.3.101.110" | "1.3.101.112" | "1.2.643.2.2.19" | "1.2.643.7.1.1.1.1" => Some(256),
        "1.3.101.111" => Some(448),
        "1.3.101.113" => Some(456),
        "1.2.643.7.1.1.1.2" => Some(512),
        _ => bits(key.len()).filter(|bits| *bits > 0),
    }
}

/// By the curve where it is known; otherwise by the point (0x04 and two coordinates, or 0x02/0x03 and one).
fn curve_bits(curve: Option<&[u8]>, point: &[u8]) -> Option<i64> {
    match curve.map(asn1::oid).as_deref() {
        Some("1.2.840.10045.3.1.1") => Some(192),
        Some("1.3.132.0.33") => Some(224),
        Some("1.2.840.10045.3.1.7" | "1.3.132.0.10" | "1.3.36.3.3.2.8.1.1.7" | "1.2.156.10197.1.301") => {
            Some(256)
        }
        Some("1.3.132.0.34" | "1.3.36.3.3.2.8.1.1.11") => Some(384),
        Some("1.3.36.3.3.2.8.1.1.13") => Some(512),
        Some("1.3.132.0.35") => Some(521),
        _ => {
            let (form, coordinates) = point.split_first()?;
            bits(if *form == 4 { coordinates.len() / 2 } else { coordinates.len() })
        }
    }
}

fn integer_bits(content: &[u8]) -> Option<i64> {
    let zeros = content.iter().take_while(|byte| **byte == 0).count();
    let significant = &content[zeros..];
    let top = significant.first().map_or(0, |byte| i64::from(byte.leading_zeros()));
    bits(significant.len()).map(|bits| bits - top)
}

fn bits(bytes: usize) -> Option<i64> {
    i64::try_from(bytes).ok().map(|bytes| bytes * 8)
}
