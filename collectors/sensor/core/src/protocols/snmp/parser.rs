//! Bytes to messages.

use crate::asn1::{self, Elements, Head};
use crate::secrets::mask;
use crate::text;
use crate::text::lossless;

/// Variables whose names are kept of one message.
pub const OIDS_MAX: usize = 16;

/// Longest name of a user, and longest community that stays readable, in bytes.
const NAME_MAX: usize = 64;

/// Longest engine id (RFC 3411 §5 allows 32 bytes).
const ENGINE_MAX: usize = 32;

/// The one security model whose parameters are read: users (RFC 3414).
const USER_MODEL: i64 = 3;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Values of these variables.
    Get,
    /// Values of the variables behind these.
    GetNext,
    /// The answer.
    Response,
    /// Change these values.
    Set,
    /// A notification of version 1.
    Trap,
    /// Many variables behind these.
    GetBulk,
    /// A notification that wants an answer.
    Inform,
    /// A notification of version 2.
    TrapV2,
    /// The answer of an engine of version 3 that has to be asked otherwise.
    Report,
    /// What it is for cannot be seen.
    Encrypted,
}

impl Kind {
    fn of(tag: u8) -> Option<Self> {
        use Kind::{Get, GetBulk, GetNext, Inform, Report, Response, Set, Trap, TrapV2};
        let kinds = [Get, GetNext, Response, Set, Trap, GetBulk, Inform, TrapV2, Report];
        kinds.get(usize::from(tag.checked_sub(0xa0)?)).copied()
    }

    /// Whether nobody answers it.
    #[must_use]
    pub fn is_notification(self) -> bool {
        matches!(self, Self::Trap | Self::TrapV2)
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `1`, `2c` or `3`.
    pub version: &'static str,
    /// Community, masked unless well known.
    pub community: Option<String>,
    /// User of version 3.
    pub user: Option<String>,
    /// Engine of version 3, hexadecimal.
    pub engine: Option<String>,
    /// `none`, `auth` or `auth-encrypted`, of version 3.
    pub security: Option<&'static str>,
    /// What it is for.
    pub kind: Kind,
    /// Number by which an answer is found: of the message in version 3, of the request in others.
    pub id: i64,
    /// Error of a response.
    pub error: i64,
    /// Names of the first variables.
    pub oids: Vec<String>,
    /// How many variables there are.
    pub variables: i64,
}

/// Whether a datagram begins like a message: a sequence as long as the datagram, a version, and behind it a community
/// and a kind of message, or the header of version 3.
#[must_use]
pub fn plausible(bytes: &[u8]) -> bool {
    if Head::of(bytes).total() != Some(bytes.len()) {
        return false;
    }
    let Some(content) = Elements(bytes).expect(asn1::SEQUENCE) else { return false };
    let mut fields = Elements(content);
    match (fields.expect(asn1::INTEGER), fields.next()) {
        (Some([0 | 1]), Some((asn1::OCTET_STRING, _))) => {
            fields.0.first().is_some_and(|tag| Kind::of(*tag).is_some())
                && Head::of(fields.0).total() == Some(fields.0.len())
        }
        (Some([3]), Some((asn1::SEQUENCE, _))) => {
            fields.expect(asn1::OCTET_STRING).is_some()
                && matches!(fields.0.first(), Some(&(asn1::SEQUENCE | asn1::OCTET_STRING)))
                && Head::of(fields.0).total() == Some(fields.0.len())
        }
        _ => false,
    }
}

/// Reads a message.
#[must_use]
pub fn message(bytes: &[u8]) -> Option<Message> {
    let mut fields = Elements(Elements(bytes).expect(asn1::SEQUENCE)?);
    let version = match fields.expect(asn1::INTEGER)? {
        [0] => "1",
        [1] => "2c",
        [3] => return version_3(fields),
        _ => return None,
    };
    let community = fields.expect(asn1::OCTET_STRING)?;
    Some(Message { version, community: Some(shown(community)), ..operation(fields)? })
}

/// The two communities that equipment is delivered with, and none, stay readable.
fn shown(community: &[u8]) -> String {
    match community {
        b"public" | b"private" | b"" => lossless(community).into_owned(),
        _ => mask(community),
    }
}

fn empty(kind: Kind) -> Message {
    Message {
        version: "3",
        community: None,
        user: None,
        engine: None,
        security: None,
        kind,
        id: 0,
        error: 0,
        oids: Vec::new(),
        variables: 0,
    }
}

/// Version 3 (RFC 3412 §6): number, flags and model in the header, user and engine in the security parameters.
fn version_3(mut fields: Elements<'_>) -> Option<Message> {
    let mut header = Elements(fields.expect(asn1::SEQUENCE)?);
    let id = asn1::integer(header.expect(asn1::INTEGER)?)?;
    header.expect(asn1::INTEGER)?;
    let flags = *header.expect(asn1::OCTET_STRING)?.first()?;
    let model = asn1::integer(header.expect(asn1::INTEGER)?)?;
    let security = fields.expect(asn1::OCTET_STRING)?;
    let mut message = match fields.next()? {
        (asn1::SEQUENCE, scoped) => {
            let mut scoped = Elements(scoped);
            scoped.expect(asn1::OCTET_STRING)?;
            scoped.expect(asn1::OCTET_STRING)?;
            operation(scoped)?
        }
        _ => empty(Kind::Encrypted),
    };
    message.id = id;
    message.security = Some(match flags & 3 {
        0 | 2 => "none",
        1 => "auth",
        _ => "auth-encrypted",
    });
    if model == USER_MODEL {
        let mut user = Elements(Elements(security).expect(asn1::SEQUENCE)?);
        message.engine = user.expect(asn1::OCTET_STRING).and_then(hexadecimal);
        user.expect(asn1::INTEGER)?;
        user.expect(asn1::INTEGER)?;
        let name = user.expect(asn1::OCTET_STRING)?;
        let name = lossless(name.get(..NAME_MAX).unwrap_or(name)).into_owned();
        message.user = Some(name).filter(|name| !name.is_empty());
    }
    Some(message)
}

fn hexadecimal(bytes: &[u8]) -> Option<String> {
    Some(text::hex(&bytes[..bytes.len().min(ENGINE_MAX)])).filter(|digits| !digits.is_empty())
}

/// The operation itself (RFC 3416 §3, RFC 1157 §4.1.6 for the trap of version 1).
fn operation(mut fields: Elements<'_>) -> Option<Message> {
    let (tag, content) = fields.next()?;
    let kind = Kind::of(tag)?;
    let (mut message, mut fields) = (empty(kind), Elements(content));
    if kind == Kind::Trap {
        message.oids.extend(fields.expect(asn1::OID).map(asn1::oid));
        // Agent's address, two numbers and a time.
        for _ in 0..4 {
            fields.next()?;
        }
    } else {
        message.id = asn1::integer(fields.expect(asn1::INTEGER)?)?;
        let error = asn1::integer(fields.expect(asn1::INTEGER)?)?;
        message.error = if matches!(kind, Kind::Response) { error } else { 0 };
        fields.expect(asn1::INTEGER)?;
    }
    let mut list = Elements(fields.expect(asn1::SEQUENCE)?);
    while let Some(variable) = list.expect(asn1::SEQUENCE) {
        message.variables += 1;
        if message.oids.len() < OIDS_MAX {
            message.oids.extend(Elements(variable).expect(asn1::OID).map(asn1::oid));
        }
    }
    Some(message)
}
