//! The three messages (MS-NLMP §2.2.1): offsets into the message, bounds-checked; names in UTF-16 or the client's
//! code page.

use std::borrow::Cow;
use std::fmt;

use super::SIGNATURE;
use crate::text;
use crate::time::Micros;

/// Longest name taken, in bytes: DNS names have 255 characters at most, in UTF-16.
const NAME_MAX: usize = 512;

/// Pairs of the target information read: ten kinds are defined.
const PAIRS_MAX: usize = 16;

/// Negotiated flags (MS-NLMP §2.2.2.5).
pub mod flag {
    /// Names are UTF-16.
    pub const UNICODE: u32 = 0x0000_0001;
    /// The log-in is anonymous.
    pub const ANONYMOUS: u32 = 0x0000_0800;
    /// The client sends its domain with the first message.
    pub const DOMAIN_SUPPLIED: u32 = 0x0000_1000;
    /// The client sends its name with the first message.
    pub const WORKSTATION_SUPPLIED: u32 = 0x0000_2000;
    /// NTLM v1 with a challenge of the client too.
    pub const EXTENDED_SECURITY: u32 = 0x0008_0000;
    /// The version of the system is there.
    pub const VERSION: u32 = 0x0200_0000;
}

/// Version of the sender's system (MS-NLMP §2.2.2.10), written as `10.0 build 17763 rev 15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Major version of Windows.
    pub major: u8,
    /// Minor version.
    pub minor: u8,
    /// Build number.
    pub build: u16,
    /// Revision of NTLMSSP, 15 everywhere.
    pub revision: u8,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} build {} rev {}", self.major, self.minor, self.build, self.revision)
    }
}

/// The first message: what the client can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Negotiate<'a> {
    /// [`flag`]s.
    pub flags: u32,
    /// Domain of the client's machine.
    pub domain: Option<Cow<'a, str>>,
    /// Name of the client's machine.
    pub workstation: Option<Cow<'a, str>>,
    /// Version of the client's system.
    pub version: Option<Version>,
}

/// The second message: who the server is, and what the client must answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// [`flag`]s.
    pub flags: u32,
    /// Domain or machine that the server logs in to.
    pub target: Option<Cow<'a, str>>,
    /// The number to answer; some attack tools always send the same.
    pub challenge: [u8; 8],
    /// What the server says of itself.
    pub targets: Targets,
    /// Version of the server's system.
    pub version: Option<Version>,
}

/// Target information (`AV_PAIR`, MS-NLMP §2.2.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// NetBIOS name of the server.
    pub computer: Option<String>,
    /// NetBIOS name of its domain.
    pub domain: Option<String>,
    /// DNS name of the server.
    pub dns_computer: Option<String>,
    /// DNS name of its domain.
    pub dns_domain: Option<String>,
    /// DNS name of its forest.
    pub dns_tree: Option<String>,
    /// Whom the client means to log in to (`cifs/server`); only in the answer.
    pub service: Option<String>,
    /// The server's clock.
    pub time: Option<Micros>,
    /// The answer carries a check of all three messages.
    pub checked: bool,
}

/// How the client answers the challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Not at all: a null session.
    Anonymous,
    /// With the LAN Manager hash alone.
    LanManager,
    /// NTLM version 1.
    V1,
    /// NTLM version 1 with a challenge of the client (NTLM2 session response).
    V1Extended,
    /// NTLM version 2.
    V2,
}

impl Response {
    /// For `vonggac.ntlm.response`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::LanManager => "lm",
            Self::V1 => "ntlmv1",
            Self::V1Extended => "ntlmv1-ess",
            Self::V2 => "ntlmv2",
        }
    }
}

/// The third message: who the client is, and its answer, which never leaves this parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticate<'a> {
    /// [`flag`]s; old clients leave them out.
    pub flags: u32,
    /// Domain of the account.
    pub domain: Cow<'a, str>,
    /// The account.
    pub user: Cow<'a, str>,
    /// Name of the client's machine.
    pub workstation: Cow<'a, str>,
    /// Version of the client's system.
    pub version: Option<Version>,
    /// How it answers.
    pub response: Response,
    /// A session key is sent: what follows can be signed or sealed.
    pub session_key: bool,
    /// What an answer of version 2 repeats of the server, and adds.
    pub targets: Targets,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// The first.
    Negotiate(Negotiate<'a>),
    /// The second.
    Challenge(Challenge<'a>),
    /// The third.
    Authenticate(Authenticate<'a>),
}

/// Reads the message that `bytes` begin with; what follows it is left alone. `None` for what is no message, and for one
/// whose fixed part is cut.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    let kind = u32_at(bytes.strip_prefix(SIGNATURE)?, 0)?;
    match kind {
        1 => negotiate(bytes).map(Message::Negotiate),
        2 => challenge(bytes).map(Message::Challenge),
        3 => authenticate(bytes).map(Message::Authenticate),
        _ => None,
    }
}

fn negotiate(bytes: &[u8]) -> Option<Negotiate<'_>> {
    let flags = u32_at(bytes, 12)?;
    // These two are in the client's code page, always.
    let name = |bit, at| (flags & bit != 0).then(|| named(field(bytes, at)?, false)).flatten();
    Some(Negotiate {
        flags,
        domain: name(flag::DOMAIN_SUPPLIED, 16),
        workstation: name(flag::WORKSTATION_SUPPLIED, 24),
        version: version(bytes, flags, 32),
    })
}

fn challenge(bytes: &[u8]) -> Option<Challenge<'_>> {
    let flags = u32_at(bytes, 20)?;
    Some(Challenge {
        flags,
        target: field(bytes, 12).and_then(|name| named(name, flags & flag::UNICODE != 0)),
        challenge: *bytes.get(24..)?.first_chunk()?,
        targets: field(bytes, 40).map(targets).unwrap_or_default(),
        version: version(bytes, flags, 48),
    })
}

fn authenticate(bytes: &[u8]) -> Option<Authenticate<'_>> {
    // The fixed part ends where the first field begins: old clients leave out flags and version.
    let fields = [12, 20, 28, 36, 44];
    let first = fields.iter().filter_map(|at| begins(bytes, *at)).min().unwrap_or(bytes.len());
    bytes.get(..52)?;
    let flags = if first >= 64 { u32_at(bytes, 60)? } else { 0 };
    let unicode = if first >= 64 { flags & flag::UNICODE != 0 } else { looks_wide(bytes) };
    let name = |at| field(bytes, at).and_then(|name| named(name, unicode)).unwrap_or_default();
    let (lm, nt) = (field(bytes, 12).unwrap_or_default(), field(bytes, 20).unwrap_or_default());
    // Version 2 repeats the server's information behind a proof of 16 bytes and 28 of its own (§2.2.2.7).
    let targets = nt.get(44..).map(targets).unwrap_or_default();
    Some(Authenticate {
        flags,
        domain: name(28),
        user: name(36),
        workstation: name(44),
        version: if first >= 72 { version(bytes, flags, 64) } else { None },
        response: response(lm, nt, flags),
        session_key: first >= 64 && field(bytes, 52).is_some_and(|key| !key.is_empty()),
        targets,
    })
}

/// Lengths tell (MS-NLMP §2.2.2.3 to 2.2.2.8): version 1 has 24 bytes, version 2 more.
fn response(lm: &[u8], nt: &[u8], flags: u32) -> Response {
    match nt.len() {
        0 if lm.len() <= 1 || flags & flag::ANONYMOUS != 0 => Response::Anonymous,
        0 => Response::LanManager,
        // The client's challenge of 8 bytes stands in the other field, filled up with zeros.
        1..=24 if flags & flag::EXTENDED_SECURITY != 0 && lm.get(8..24) == Some(&[0; 16]) => {
            Response::V1Extended
        }
        1..=24 => Response::V1,
        _ => Response::V2,
    }
}

/// Names without flags: the account is wide when its second byte is zero.
fn looks_wide(bytes: &[u8]) -> bool {
    [36, 28, 44].into_iter().filter_map(|at| field(bytes, at)).any(|name| name.get(1) == Some(&0))
}

/// Pairs of kind, length and value up to the end mark.
fn targets(mut bytes: &[u8]) -> Targets {
    let mut targets = Targets::default();
    for _ in 0..PAIRS_MAX {
        let (Some(kind), Some(length)) = (u16_at(bytes, 0), u16_at(bytes, 2)) else { break };
        let Some((value, rest)) = bytes.get(4..).and_then(|rest| rest.split_at_checked(usize::from(length)))
        else {
            break;
        };
        let name = || named(value, true).map(Cow::into_owned);
        match kind {
            0 => break,
            1 => targets.computer = name(),
            2 => targets.domain = name(),
            3 => targets.dns_computer = name(),
            4 => targets.dns_domain = name(),
            5 => targets.dns_tree = name(),
            6 => targets.checked = u32_at(value, 0).is_some_and(|flags| flags & 2 != 0),
            7 => targets.time = value.first_chunk().and_then(|time| filetime(u64::from_le_bytes(*time))),
            9 => targets.service = name(),
            _ => {}
        }
        bytes = rest;
    }
    targets
}

/// 100 ns since 1601; what lies before 1970 is no clock.
fn filetime(value: u64) -> Option<Micros> {
    let micros = i64::try_from(value / 10).ok()? - 11_644_473_600_000_000;
    (micros > 0).then_some(Micros(micros))
}

fn version(bytes: &[u8], flags: u32, at: usize) -> Option<Version> {
    let [major, minor, low, high, _, _, _, revision] = *bytes.get(at..)?.first_chunk::<8>()?;
    let version = Version { major, minor, build: u16::from_le_bytes([low, high]), revision };
    (flags & flag::VERSION != 0).then_some(version)
}

/// Where the field described at `at` begins, if it is not empty.
fn begins(bytes: &[u8], at: usize) -> Option<usize> {
    u16_at(bytes, at).filter(|length| *length > 0)?;
    usize::try_from(u32_at(bytes, at + 4)?).ok()
}

/// The field described at `at`: length, room, offset.
fn field(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16_at(bytes, at)?);
    let offset = usize::try_from(u32_at(bytes, at + 4)?).ok()?;
    bytes.get(offset..offset.checked_add(length)?)
}

fn named(bytes: &[u8], unicode: bool) -> Option<Cow<'_, str>> {
    let bytes = &bytes[..bytes.len().min(NAME_MAX)];
    let name = if unicode { Cow::Owned(text::utf16(bytes)) } else { text::lossless(bytes) };
    (!name.is_empty()).then_some(name)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
