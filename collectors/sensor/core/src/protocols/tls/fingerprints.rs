//! JA3 and JA3S (Althouse, Atkinson, Atkins 2017) and JA4 of the TLS client (FoxIO, the part under BSD-3).

use crate::text::{hex, push_decimal, push_hex};

use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::hello::{ClientHello, ServerHello};
use super::names::is_grease;

/// What carries a handshake: the first letter of JA4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// Records in a stream.
    #[default]
    Stream,
    /// DTLS.
    Datagrams,
    /// QUIC.
    Quic,
}

impl Layer {
    fn letter(self) -> char {
        match self {
            Self::Stream => 't',
            Self::Datagrams => 'd',
            Self::Quic => 'q',
        }
    }

    /// For `network.protocol`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stream => "tls",
            Self::Datagrams => "dtls",
            Self::Quic => "quic",
        }
    }
}

/// What JA3 is the hash of: `version,ciphers,extensions,groups,point formats`, decimal, without GREASE.
#[must_use]
pub fn ja3_string(hello: &ClientHello) -> String {
    let formats = hello.point_formats.iter().map(|f| u16::from(*f));
    // Five digits and a separator each.
    let numbers = hello.ciphers.len() + hello.extensions.len() + hello.groups.len();
    let mut text = String::with_capacity(16 + 6 * numbers);
    push_decimal(hello.version.into(), &mut text);
    for list in [&hello.ciphers, &hello.extensions, &hello.groups] {
        text.push(',');
        push_list(&mut text, list.iter().copied());
    }
    text.push(',');
    push_list(&mut text, formats);
    text
}

/// JA3 or JA3S: MD5 of its string.
#[must_use]
pub fn ja3(string: &str) -> String {
    hex(&Md5::digest(string))
}

/// What JA3S is the hash of: `version,cipher,extensions`, decimal.
#[must_use]
pub fn ja3s_string(hello: &ServerHello) -> String {
    let mut text = format!("{},{},", hello.version, hello.cipher);
    push_list(&mut text, hello.extensions.iter().copied());
    text
}

/// JA4 of a hello: what is offered in short, then hashes over the sorted ciphers and over the sorted extensions with the
/// signature algorithms.
#[must_use]
pub fn ja4(hello: &ClientHello, layer: Layer) -> String {
    let mut ciphers = real(&hello.ciphers);
    let extensions = real(&hello.extensions);
    let target = if hello.extensions.contains(&0) { 'd' } else { 'i' };
    let [first, last] = hello.alpn.first().map_or(['0', '0'], |alpn| ends(alpn));
    let begin = format!(
        "{}{}{target}{:02}{:02}{first}{last}",
        layer.letter(),
        version(hello.highest_version()),
        ciphers.len().min(99),
        extensions.len().min(99)
    );
    ciphers.sort_unstable();
    let mut others: Vec<u16> = extensions.into_iter().filter(|e| !matches!(e, 0x0000 | 0x0010)).collect();
    others.sort_unstable();
    let mut offer = hexadecimal(&others);
    if !hello.signature_algorithms.is_empty() {
        offer.push('_');
        offer.push_str(&hexadecimal(&real(&hello.signature_algorithms)));
    }
    format!("{begin}_{}_{}", short_hash(&hexadecimal(&ciphers)), short_hash(&offer))
}

fn real(values: &[u16]) -> Vec<u16> {
    values.iter().copied().filter(|value| !is_grease(*value)).collect()
}

fn version(number: u16) -> &'static str {
    match number {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        0xfeff => "d1",
        0xfefd => "d2",
        0xfefc => "d3",
        _ => "00",
    }
}

/// First and last letter of a protocol; of its hexadecimal form when one of them is neither letter nor digit.
fn ends(alpn: &[u8]) -> [char; 2] {
    match (alpn.first(), alpn.last()) {
        (Some(first), Some(last)) if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() => {
            [char::from(*first), char::from(*last)]
        }
        (Some(first), Some(last)) => {
            let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
            [digit(first >> 4), digit(last & 0x0f)]
        }
        _ => ['0', '0'],
    }
}

fn push_list(text: &mut String, values: impl Iterator<Item = u16>) {
    let mut separator = "";
    for value in values.filter(|value| !is_grease(*value)) {
        text.push_str(separator);
        push_decimal(value.into(), text);
        separator = "-";
    }
}

fn hexadecimal(values: &[u16]) -> String {
    let mut text = String::with_capacity(5 * values.len());
    let mut separator = "";
    for value in values {
        text.push_str(separator);
        value.to_be_bytes().into_iter().for_each(|byte| push_hex(byte, &mut text));
        separator = ",";
    }
    text
}

fn short_hash(text: &str) -> String {
    if text.is_empty() {
        return "0".repeat(12);
    }
    let mut hash = hex(&Sha256::digest(text));
    hash.truncate(12);
    hash
}
