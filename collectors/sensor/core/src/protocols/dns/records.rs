//! Data of resource records as text, in the form of zone files (RFC 1035 §5.1, RFC 9460 for SVCB).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names;
use super::parser::Reader;
use crate::text::{self, lossless};

/// Bytes of opaque data shown, in hexadecimal: tells keys and tunnels apart; their content is not needed.
pub const OPAQUE_BYTES_MAX: usize = 512;

/// The data of the record at `start`, and the address of A and AAAA. Data that does not fit its type is a defect and
/// shown in hexadecimal.
pub fn text(reader: &mut Reader<'_>, kind: u16, start: usize, length: usize) -> (String, Option<IpAddr>) {
    let data = &reader.bytes[start..start + length];
    let address = match (kind, data.len()) {
        (1, 4) => data.first_chunk::<4>().map(|a| IpAddr::V4(Ipv4Addr::from(*a))),
        (28, 16) => data.first_chunk::<16>().map(|a| IpAddr::V6(Ipv6Addr::from(*a))),
        _ => None,
    };
    if let Some(address) = address {
        let mut shown = String::with_capacity(16);
        text::push_address(address, &mut shown);
        return (shown, Some(address));
    }
    reader.at = start;
    let end = start + length;
    let shown = if length == 0 { Some(String::new()) } else { known(reader, kind, end) };
    match shown {
        // Names inside may be read past the record's end only by a lying length.
        Some(text) if reader.at == end || length == 0 => (text, None),
        _ => {
            reader.defect("dns-bad-rdata");
            (hex(data), None)
        }
    }
}

fn known(r: &mut Reader<'_>, kind: u16, end: usize) -> Option<String> {
    match kind {
        2 | 3 | 4 | 5 | 7 | 8 | 9 | 12 | 39 => domain(r),
        6 => {
            let (mut text, mailbox) = (domain(r)?, domain(r)?);
            // Six blanks and five numbers; every refusal carries such a record.
            text.reserve_exact(mailbox.len() + 56);
            text.push(' ');
            text.push_str(&mailbox);
            for _ in ["serial", "refresh", "retry", "expire", "minimum"] {
                text.push(' ');
                text::push_decimal(r.u32()?, &mut text);
            }
            Some(text)
        }
        14 | 17 => Some(format!("{} {}", domain(r)?, domain(r)?)),
        15 | 18 | 21 | 36 => Some(format!("{} {}", r.u16()?, domain(r)?)),
        13 | 16 | 99 | 258 => strings(r, end),
        33 => Some(format!("{} {} {} {}", r.u16()?, r.u16()?, r.u16()?, domain(r)?)),
        35 => naptr(r),
        43 | 59 | 32769 => Some(format!("{} {} {} {}", r.u16()?, r.u8()?, r.u8()?, rest(r, end)?)),
        44 => Some(format!("{} {} {}", r.u8()?, r.u8()?, rest(r, end)?)),
        24 | 46 => signature(r, end),
        25 | 48 | 60 => Some(format!("{} {} {} {}", r.u16()?, r.u8()?, r.u8()?, rest(r, end)?)),
        52 | 53 => Some(format!("{} {} {} {}", r.u8()?, r.u8()?, r.u8()?, rest(r, end)?)),
        64 | 65 => service(r, end),
        256 => Some(format!("{} {} {}", r.u16()?, r.u16()?, quoted(r.take(end.checked_sub(r.at)?)?))),
        257 => authority_authorization(r, end),
        _ => rest(r, end),
    }
}

/// Names in data are lower case: they are joined with names asked for.
fn domain(r: &mut Reader<'_>) -> Option<String> {
    let mut name = r.name()?;
    name.make_ascii_lowercase();
    Some(name)
}

fn rest(r: &mut Reader<'_>, end: usize) -> Option<String> {
    Some(hex(r.take(end.checked_sub(r.at)?)?))
}

fn hex(bytes: &[u8]) -> String {
    text::hex(&bytes[..bytes.len().min(OPAQUE_BYTES_MAX)])
}

fn string<'a>(r: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = r.u8()?;
    r.take(usize::from(length))
}

fn quoted(bytes: &[u8]) -> String {
    format!("\"{}\"", lossless(bytes).replace('\\', "\\\\").replace('"', "\\\""))
}

/// One string stands as it is; several are quoted, so that their borders (a tunnel's frames) stay visible.
fn strings(r: &mut Reader<'_>, end: usize) -> Option<String> {
    let first = string(r)?;
    if r.at == end && first.first() != Some(&b'"') {
        return Some(lossless(first).into_owned());
    }
    let mut text = quoted(first);
    while r.at < end {
        text.push(' ');
        text.push_str(&quoted(string(r)?));
    }
    Some(text)
}

fn naptr(r: &mut Reader<'_>) -> Option<String> {
    let (order, preference) = (r.u16()?, r.u16()?);
    let [flags, services, expression] = [quoted(string(r)?), quoted(string(r)?), quoted(string(r)?)];
    Some(format!("{order} {preference} {flags} {services} {expression} {}", domain(r)?))
}

fn signature(r: &mut Reader<'_>, end: usize) -> Option<String> {
    let (covered, algorithm, labels) = (names::kind(r.u16()?), r.u8()?, r.u8()?);
    let [ttl, expiration, inception] = [r.u32()?, r.u32()?, r.u32()?];
    let (tag, signer) = (r.u16()?, domain(r)?);
    let value = rest(r, end)?;
    Some(format!("{covered} {algorithm} {labels} {ttl} {expiration} {inception} {tag} {signer} {value}"))
}

fn authority_authorization(r: &mut Reader<'_>, end: usize) -> Option<String> {
    let (flags, tag) = (r.u8()?, string(r)?);
    let value = r.take(end.checked_sub(r.at)?)?;
    Some(format!("{flags} {} {}", lossless(tag), quoted(value)))
}

fn service(r: &mut Reader<'_>, end: usize) -> Option<String> {
    let mut text = format!("{} {}", r.u16()?, domain(r)?);
    while r.at < end {
        let (key, length) = (r.u16()?, usize::from(r.u16()?));
        let value = r.take(length)?;
        text.push(' ');
        text.push_str(&parameter(key, value)?);
    }
    Some(text)
}

fn parameter(key: u16, value: &[u8]) -> Option<String> {
    let chunks = |size: usize| (value.len().is_multiple_of(size)).then(|| value.chunks_exact(size));
    let listed = |items: Vec<String>| items.join(",");
    Some(match key {
        0 => format!(
            "mandatory={}",
            listed(chunks(2)?.map(|c| format!("key{}", u16::from_be_bytes([c[0], c[1]]))).collect())
        ),
        1 => format!("alpn={}", listed(alpn(value)?)),
        2 => "no-default-alpn".to_owned(),
        3 => format!("port={}", u16::from_be_bytes(*value.first_chunk::<2>()?)),
        4 => format!(
            "ipv4hint={}",
            listed(chunks(4)?.map(|c| Ipv4Addr::new(c[0], c[1], c[2], c[3]).to_string()).collect())
        ),
        5 => format!("ech={}", hex(value)),
        6 => format!(
            "ipv6hint={}",
            listed(
                chunks(16)?
                    .filter_map(|c| c.first_chunk::<16>())
                    .map(|c| Ipv6Addr::from(*c).to_string())
                    .collect()
            )
        ),
        7 => format!("dohpath={}", lossless(value)),
        _ => format!("key{key}={}", hex(value)),
    })
}

fn alpn(mut value: &[u8]) -> Option<Vec<String>> {
    let mut protocols = Vec::new();
    while let Some((length, rest)) = value.split_first() {
        let (protocol, rest) = rest.split_at_checked(usize::from(*length))?;
        protocols.push(lossless(protocol).into_owned());
        value = rest;
    }
    Some(protocols)
}
