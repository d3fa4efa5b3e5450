//! One message, out of the relays around it.

use std::fmt::Write as _;
use std::net::Ipv6Addr;

/// Relays around one message: RFC 8415 §7.6 allows eight.
const RELAYS_MAX: usize = 8;

/// Options read of one message, those inside others counted with them.
const OPTIONS_MAX: usize = 64;

/// Addresses, prefixes and servers kept of one message.
const ADDRESSES_MAX: usize = 16;

/// Bytes of an identifier that are told (RFC 8415 §11.1 allows 130).
const DUID_BYTES_MAX: usize = 130;

/// Numbers of options.
mod option {
    pub(super) const CLIENT_ID: u16 = 1;
    pub(super) const SERVER_ID: u16 = 2;
    pub(super) const ADDRESSES: u16 = 3;
    pub(super) const TEMPORARY_ADDRESSES: u16 = 4;
    pub(super) const ADDRESS: u16 = 5;
    pub(super) const REQUESTED: u16 = 6;
    pub(super) const RELAYED: u16 = 9;
    pub(super) const STATUS: u16 = 13;
    pub(super) const VENDOR_CLASS: u16 = 16;
    pub(super) const NAME_SERVERS: u16 = 23;
    pub(super) const DOMAINS: u16 = 24;
    pub(super) const PREFIXES: u16 = 25;
    pub(super) const PREFIX: u16 = 26;
    pub(super) const CLIENT_NAME: u16 = 39;
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Type.
    pub kind: u8,
    /// 24 bits.
    pub transaction: u32,
    /// The client's identifier.
    pub client: Vec<u8>,
    /// The server's identifier.
    pub server: Vec<u8>,
    /// Addresses asked for or assigned, with their lifetime in seconds.
    pub addresses: Vec<(Ipv6Addr, u32)>,
    /// Prefixes delegated.
    pub prefixes: Vec<String>,
    /// DNS servers.
    pub servers: Vec<Ipv6Addr>,
    /// First domain to search.
    pub domain: Option<String>,
    /// The client's name.
    pub name: Option<String>,
    /// The client's vendor class.
    pub vendor: Option<Vec<u8>>,
    /// Options asked for.
    pub requested: Vec<u16>,
    /// Status other than success.
    pub status: Option<u16>,
    /// The relay nearest to the client.
    pub relay: Option<Ipv6Addr>,
    /// Its options end in the middle of one.
    pub truncated: bool,
    options: usize,
}

impl Message {
    /// Reads a message; `None` when it is none.
    #[must_use]
    pub fn parse(mut bytes: &[u8]) -> Option<Self> {
        let mut relay = None;
        for _ in 0..=RELAYS_MAX {
            let kind = *bytes.first()?;
            if !matches!(kind, 12 | 13) {
                let head: &[u8; 4] = bytes.first_chunk()?;
                if !(1..=11).contains(&kind) {
                    return None;
                }
                let transaction = u32::from_be_bytes([0, head[1], head[2], head[3]]);
                let mut message = Self { kind, transaction, relay, ..Self::default() };
                message.read(bytes.get(4..)?, 0);
                return Some(message);
            }
            let link: [u8; 16] = bytes.get(2..)?.first_chunk().copied()?;
            relay = Some(Ipv6Addr::from(link)).filter(|link| !link.is_unspecified()).or(relay);
            bytes = relayed(bytes.get(34..)?)?;
        }
        None
    }

    /// Somebody is named, and nothing is cut.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let duid = |bytes: &[u8]| bytes.len() > 2 && bytes.first() == Some(&0);
        !self.truncated && (duid(&self.client) || duid(&self.server) || self.kind == 11)
    }

    /// Options; those of associations stand inside them (`depth` 1) and may hold a status (`depth` 2).
    fn read(&mut self, mut bytes: &[u8], depth: u8) {
        while !bytes.is_empty() {
            let Some((number, value, rest)) = option(bytes) else {
                self.truncated = true;
                return;
            };
            if self.options >= OPTIONS_MAX {
                return;
            }
            self.options += 1;
            self.option(number, value, depth);
            bytes = rest;
        }
    }

    fn option(&mut self, number: u16, value: &[u8], depth: u8) {
        let inside = |at: usize| value.get(at..).unwrap_or_default();
        let word = |at: usize| inside(at).first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        match number {
            option::CLIENT_ID => self.client = value.get(..DUID_BYTES_MAX).unwrap_or(value).to_vec(),
            option::SERVER_ID => self.server = value.get(..DUID_BYTES_MAX).unwrap_or(value).to_vec(),
            option::ADDRESSES | option::PREFIXES if depth == 0 => self.read(inside(12), 1),
            option::TEMPORARY_ADDRESSES if depth == 0 => self.read(inside(4), 1),
            option::ADDRESS if depth == 1 => {
                if let Some(address) =
                    value.first_chunk::<16>().filter(|_| self.addresses.len() < ADDRESSES_MAX)
                {
                    self.addresses.push((Ipv6Addr::from(*address), word(20)));
                }
                self.read(inside(24), 2);
            }
            option::PREFIX if depth == 1 => {
                if let Some([length, prefix @ ..]) =
                    inside(8).first_chunk::<17>().filter(|_| self.prefixes.len() < ADDRESSES_MAX)
                {
                    self.prefixes.push(format!("{}/{length}", Ipv6Addr::from(*prefix)));
                }
            }
            option::REQUESTED => {
                let numbers = value.chunks_exact(2).take(OPTIONS_MAX);
                self.requested = numbers.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            }
            option::STATUS => {
                let status = value.first_chunk().map(|bytes| u16::from_be_bytes(*bytes));
                self.status = status.filter(|status| *status != 0).or(self.status);
            }
            // An enterprise number stands in front, then lengths and texts.
            option::VENDOR_CLASS => {
                let length =
                    inside(4).first_chunk().map_or(0, |bytes| usize::from(u16::from_be_bytes(*bytes)));
                self.vendor = inside(6).get(..length).map(<[u8]>::to_vec);
            }
            option::NAME_SERVERS => {
                let servers =
                    value.chunks_exact(16).take(ADDRESSES_MAX).filter_map(|bytes| bytes.first_chunk::<16>());
                self.servers = servers.map(|bytes| Ipv6Addr::from(*bytes)).collect();
            }
            option::DOMAINS => self.domain = domain(value),
            option::CLIENT_NAME => self.name = domain(inside(1)),
            _ => {}
        }
    }
}

fn option(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let ([a, b, c, d], rest) = bytes.split_first_chunk::<4>()?;
    let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*c, *d])))?;
    Some((u16::from_be_bytes([*a, *b]), value, rest))
}

/// What a relay forwards.
fn relayed(mut bytes: &[u8]) -> Option<&[u8]> {
    for _ in 0..OPTIONS_MAX {
        let (number, value, rest) = option(bytes)?;
        if number == option::RELAYED {
            return Some(value);
        }
        bytes = rest;
    }
    None
}

/// A name in the form of DNS messages, without compression (RFC 8415 §10); a partial one does not end with the root.
fn domain(mut bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    while let Some((length @ 1..=63, rest)) = bytes.split_first() {
        let (label, rest) = rest.split_at_checked(usize::from(*length))?;
        let dot = if text.is_empty() { "" } else { "." };
        let _ = write!(text, "{dot}{}", crate::text::lossless(label));
        bytes = rest;
    }
    Some(text).filter(|text| !text.is_empty())
}

/// `SOLICIT`, `REPLY` …
#[must_use]
pub fn kind(number: u8) -> &'static str {
    const NAMES: [&str; 11] = [
        "SOLICIT",
        "ADVERTISE",
        "REQUEST",
        "CONFIRM",
        "RENEW",
        "REBIND",
        "REPLY",
        "RELEASE",
        "DECLINE",
        "RECONFIGURE",
        "INFORMATION-REQUEST",
    ];
    usize::from(number).checked_sub(1).and_then(|index| NAMES.get(index)).copied().unwrap_or("UNKNOWN")
}

/// The Ethernet address in an identifier made of one (RFC 8415 §11.2 with a time, §11.4 without).
#[must_use]
pub fn mac(duid: &[u8]) -> Option<[u8; 6]> {
    let address = match duid {
        [0, 1, 0, 1, _, _, _, _, address @ ..] | [0, 3, 0, 1, address @ ..] => address,
        _ => return None,
    };
    address.try_into().ok()
}
