//! Messages of SOCKS.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::text::lossless;

/// Methods of a greeting: nine are registered.
const METHODS_MAX: u8 = 10;

/// Highest registered method (IANA); private ones (128 to 254) are left out, to stay strict.
const METHOD_MAX: u8 = 9;

/// Longest user id or name of SOCKS 4 and 4a.
const ID_MAX: usize = 256;

/// A message at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// It, and how many bytes it takes.
    Whole(T, usize),
    /// Its end has not come.
    Incomplete,
    /// These bytes are no such message.
    Broken,
}

/// What the client wants.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// `4`, `4a` or `5`.
    pub version: &'static str,
    /// `connect`, `bind` or `udp-associate`.
    pub command: &'static str,
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Of SOCKS 4.
    pub user: Option<String>,
}

/// The greeting of SOCKS 5: the methods that the client knows.
pub fn greeting(bytes: &[u8]) -> Taken<&[u8]> {
    let [5, rest @ ..] = bytes else { return Taken::Broken };
    let Some((&count, rest)) = rest.split_first() else { return Taken::Incomplete };
    if count == 0 || count > METHODS_MAX {
        return Taken::Broken;
    }
    let methods = &rest[..rest.len().min(usize::from(count))];
    let strange =
        methods.iter().enumerate().any(|(at, method)| *method > METHOD_MAX || methods[..at].contains(method));
    match () {
        () if strange => Taken::Broken,
        () if methods.len() < usize::from(count) => Taken::Incomplete,
        () => Taken::Whole(methods, 2 + methods.len()),
    }
}

fn command(number: u8) -> Option<&'static str> {
    ["connect", "bind", "udp-associate"].get(usize::from(number).checked_sub(1)?).copied()
}

/// An address of SOCKS 5 behind its kind, with the port, and how many bytes they take.
pub fn address(bytes: &[u8]) -> Taken<(String, u16)> {
    let Some((kind, rest)) = bytes.split_first() else { return Taken::Incomplete };
    let (host, used) = match kind {
        1 => match rest.first_chunk::<4>() {
            Some(octets) => (IpAddr::from(Ipv4Addr::from(*octets)).to_string(), 4),
            None => return Taken::Incomplete,
        },
        4 => match rest.first_chunk::<16>() {
            Some(octets) => (IpAddr::from(Ipv6Addr::from(*octets)).to_string(), 16),
            None => return Taken::Incomplete,
        },
        3 => match rest.split_first() {
            Some((0, _)) => return Taken::Broken,
            Some((length, name)) => match name.get(..usize::from(*length)) {
                Some(name) => (lossless(name).into_owned(), 1 + name.len()),
                None => return Taken::Incomplete,
            },
            None => return Taken::Incomplete,
        },
        _ => return Taken::Broken,
    };
    match rest[used..].first_chunk::<2>() {
        Some(port) => Taken::Whole((host, u16::from_be_bytes(*port)), 1 + used + 2),
        None => Taken::Incomplete,
    }
}

/// A request of SOCKS 5.
pub fn request5(bytes: &[u8]) -> Taken<Request> {
    let Some((head, rest)) = bytes.split_first_chunk::<3>() else {
        return if bytes.first().is_none_or(|version| *version == 5) {
            Taken::Incomplete
        } else {
            Taken::Broken
        };
    };
    let (5, Some(command), 0) = (head[0], command(head[1]), head[2]) else { return Taken::Broken };
    match address(rest) {
        Taken::Whole((host, port), used) => {
            Taken::Whole(Request { version: "5", command, host, port, user: None }, 3 + used)
        }
        Taken::Incomplete => Taken::Incomplete,
        Taken::Broken => Taken::Broken,
    }
}

/// A request of SOCKS 4, or of 4a, which has a name behind the address 0.0.0.x.
pub fn request4(bytes: &[u8]) -> Taken<Request> {
    let begins =
        bytes.first().is_none_or(|version| *version == 4) && bytes.get(1).is_none_or(|n| matches!(n, 1 | 2));
    let Some((head, rest)) = bytes.split_first_chunk::<8>() else {
        return if begins { Taken::Incomplete } else { Taken::Broken };
    };
    let (4, Some(command @ ("connect" | "bind"))) = (head[0], command(head[1])) else { return Taken::Broken };
    let port = u16::from_be_bytes([head[2], head[3]]);
    let address = Ipv4Addr::new(head[4], head[5], head[6], head[7]);
    let named = address.octets()[..3] == [0; 3] && address.octets()[3] != 0;
    if port == 0 || (!named && (address.octets()[0] == 0 || address.octets()[0] >= 224)) {
        return Taken::Broken;
    }
    let (user, used) = match string(rest) {
        Taken::Whole(user, used) => (Some(user).filter(|user| !user.is_empty()), used),
        Taken::Incomplete => return Taken::Incomplete,
        Taken::Broken => return Taken::Broken,
    };
    if !named {
        let host = address.to_string();
        return Taken::Whole(Request { version: "4", command, host, port, user }, 8 + used);
    }
    match string(&rest[used..]) {
        Taken::Whole(host, more) if !host.is_empty() => {
            Taken::Whole(Request { version: "4a", command, host, port, user }, 8 + used + more)
        }
        Taken::Incomplete => Taken::Incomplete,
        Taken::Whole(..) | Taken::Broken => Taken::Broken,
    }
}

/// Printable text up to a zero.
fn string(bytes: &[u8]) -> Taken<String> {
    let end = memchr::memchr(0, bytes);
    let text = &bytes[..end.unwrap_or(bytes.len())];
    if text.len() > ID_MAX || !text.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Taken::Broken;
    }
    end.map_or(Taken::Incomplete, |end| Taken::Whole(lossless(text).into_owned(), end + 1))
}

/// User name and password (RFC 1929).
pub fn credentials(bytes: &[u8]) -> Taken<(&[u8], &[u8])> {
    let Some((version, rest)) = bytes.split_first() else { return Taken::Incomplete };
    if *version != 1 {
        return Taken::Broken;
    }
    let part = |bytes: &'_ [u8]| bytes.first().map(|length| usize::from(*length) + 1);
    let Some(user) = part(rest) else { return Taken::Incomplete };
    let Some(password) = rest.get(user..).and_then(part) else { return Taken::Incomplete };
    match rest.get(..user + password) {
        Some(both) => Taken::Whole((&both[1..user], &both[user + 1..]), 1 + user + password),
        None => Taken::Incomplete,
    }
}

/// What the code of a SOCKS 5 reply says (RFC 1928 §6).
pub fn reply5(code: u8) -> &'static str {
    const TEXTS: [&str; 9] = [
        "succeeded",
        "general failure",
        "not allowed by ruleset",
        "network unreachable",
        "host unreachable",
        "connection refused",
        "TTL expired",
        "command not supported",
        "address type not supported",
    ];
    TEXTS.get(usize::from(code)).copied().unwrap_or("unassigned")
}

/// What the code of a SOCKS 4 reply says.
pub fn reply4(code: u8) -> Option<&'static str> {
    ["succeeded", "rejected", "no identd on the client", "identd knows another user"]
        .get(usize::from(code.checked_sub(90)?))
        .copied()
}
