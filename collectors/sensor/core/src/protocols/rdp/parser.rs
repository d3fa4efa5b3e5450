//! Bytes to messages.

use crate::text::{lossless, utf16};

/// X.224 connection request.
pub const REQUEST: u8 = 0xe0;
/// X.224 connection confirm.
pub const CONFIRM: u8 = 0xd0;
/// X.224 data.
pub const DATA: u8 = 0xf0;

/// TPKT header, and X.224 header of a request or confirm.
pub const HEAD_BYTES: usize = 11;
/// A confirm with a negotiation.
pub const NEGOTIATED_BYTES: usize = HEAD_BYTES + 8;

/// Virtual channels kept: the protocol allows 31.
const CHANNELS_MAX: usize = 31;

/// Longest cookie or token that is kept, in bytes; a request has no room for more than 250.
const COOKIE_MAX: usize = 250;

/// Whole length of the TPKT that begins here; `None` when it is none.
#[must_use]
pub fn total(header: &[u8; 4]) -> Option<usize> {
    let [version, _, high, low] = *header;
    let total = usize::from(u16::from_be_bytes([high, low]));
    (version == 3 && total > 6).then_some(total)
}

/// A connection request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `mstshash`: the name of the user, as a rule.
    pub cookie: Option<String>,
    /// What a load balancer wants to see again.
    pub routing_token: Option<String>,
    /// Flags of the negotiation.
    pub flags: u8,
    /// Kinds of security offered; `None` from clients that know but one.
    pub requested: Option<u32>,
}

/// What stands behind the header of a connection request.
#[must_use]
pub fn request(mut bytes: &[u8]) -> Request {
    let mut request = Request::default();
    if let Some(end) = memchr::memmem::find(bytes, b"\r\n") {
        let line = bytes.get(..end.min(COOKIE_MAX)).unwrap_or_default();
        let value = line.strip_prefix(b"Cookie: ").unwrap_or(line);
        match value.strip_prefix(b"mstshash=") {
            Some(name) => request.cookie = Some(lossless(name).into_owned()),
            None => request.routing_token = Some(lossless(value).into_owned()),
        }
        bytes = bytes.get(end + 2..).unwrap_or_default();
    }
    if let Some([1, flags, 8, 0, a, b, c, d]) = bytes.first_chunk() {
        request.flags = *flags;
        request.requested = Some(u32::from_le_bytes([*a, *b, *c, *d]));
    }
    request
}

/// What the server chose, or why it refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// This kind of security; 0 also from servers that know no other.
    Selected(u32),
    /// The reason.
    Refused(u32),
}

/// What stands behind the header of a connection confirm.
#[must_use]
pub fn confirm(bytes: &[u8]) -> Confirm {
    match bytes.first_chunk() {
        Some([2, _, 8, 0, a, b, c, d]) => Confirm::Selected(u32::from_le_bytes([*a, *b, *c, *d])),
        Some([3, _, 8, 0, a, b, c, d]) => Confirm::Refused(u32::from_le_bytes([*a, *b, *c, *d])),
        _ => Confirm::Selected(0),
    }
}

/// Names of the kinds of security in a mask.
#[must_use]
pub fn security(mask: u32) -> Vec<String> {
    const NAMES: [(u32, &str); 5] =
        [(1, "tls"), (2, "credssp"), (4, "rdstls"), (8, "credssp-early"), (16, "aad")];
    let names = NAMES.iter().filter(|(bit, _)| mask & bit != 0).map(|(_, name)| (*name).to_owned());
    let names: Vec<String> = names.collect();
    if names.is_empty() { vec!["rdp".to_owned()] } else { names }
}

/// Name of the reason of a refusal.
#[must_use]
pub fn refusal(code: u32) -> &'static str {
    match code {
        1 => "SSL_REQUIRED_BY_SERVER",
        2 => "SSL_NOT_ALLOWED_BY_SERVER",
        3 => "SSL_CERT_NOT_ON_SERVER",
        4 => "INCONSISTENT_FLAGS",
        5 => "HYBRID_REQUIRED_BY_SERVER",
        6 => "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
        _ => "unknown",
    }
}

/// What a client says of itself (MS-RDPBCGR §2.2.1.3.2, 2.2.1.3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Name of the machine.
    pub name: Option<String>,
    /// Build number.
    pub build: Option<i64>,
    /// Keyboard layout, hexadecimal.
    pub keyboard: Option<String>,
    /// `10.7`
    pub version: Option<String>,
    /// Virtual channels.
    pub channels: Vec<String>,
}

/// The client's data in an MCS Connect-Initial: blocks of type, length and content, which stand behind the key `Duca` and
/// two bytes of length. The encodings around them (BER, then PER) say nothing more.
#[must_use]
pub fn client(bytes: &[u8]) -> Option<Client> {
    let start = memchr::memmem::find(bytes, b"Duca")? + 6;
    let (mut rest, mut client) = (bytes.get(start..)?, Client::default());
    while let Some(([low, high, length_low, length_high], _)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let Some((block, behind)) = rest.split_at_checked(length).filter(|_| length >= 4) else { break };
        match [*low, *high] {
            [1, 0xc0] => core(&mut client, block.get(4..).unwrap_or_default()),
            [3, 0xc0] => client.channels = channels(block.get(4..).unwrap_or_default()),
            _ => {}
        }
        rest = behind;
    }
    Some(client)
}

fn number(block: &[u8], at: usize) -> Option<u32> {
    block.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn core(client: &mut Client, block: &[u8]) {
    client.version = number(block, 0).map(version);
    client.keyboard = number(block, 12).map(|layout| format!("{layout:08x}"));
    client.build = number(block, 16).map(i64::from);
    client.name = block.get(20..52).map(utf16).filter(|name| !name.is_empty());
}

/// Versions of the protocol: 4, 5 (to 8.1), 10.0 and so on.
fn version(number: u32) -> String {
    match number {
        0x0008_0001 => "4.0".to_owned(),
        0x0008_0004 => "5.0".to_owned(),
        0x0008_0005..=0x0008_00ff => format!("10.{}", number - 0x0008_0005),
        other => format!("{other:08x}"),
    }
}

fn channels(block: &[u8]) -> Vec<String> {
    let definitions = block.get(4..).unwrap_or_default().chunks_exact(12).take(CHANNELS_MAX);
    definitions
        .filter_map(|definition| definition.first_chunk::<8>())
        .map(|name| name.split(|byte| *byte == 0).next().unwrap_or_default())
        .map(|name| lossless(name).into_owned())
        .collect()
}
