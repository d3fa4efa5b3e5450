//! Heads of the messages of version 5 (C706 chapter 12, MS-RPCE §2.2.2).

use super::uuid::Uuid;

/// What every message begins with.
pub const HEADER_BYTES: usize = 16;

/// Head of a request or response, with its context and its operation.
pub const CALL_BYTES: usize = 24;

/// Descriptor in front of what protects a message (`sec_trailer`, MS-RPCE §2.2.2.11).
pub const TRAILER_BYTES: usize = 8;

/// Byte order of the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Intel's, and so nearly everybody's.
    #[default]
    Little,
    /// The network's.
    Big,
}

impl Order {
    /// By the first byte of the data representation; `None` for what is none.
    #[must_use]
    pub fn of(representation: u8) -> Option<Self> {
        match representation {
            0x00 | 0x01 => Some(Self::Big),
            0x10 | 0x11 => Some(Self::Little),
            _ => None,
        }
    }

    /// A number of 16 bits at this offset.
    #[must_use]
    pub fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Self::Big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    /// A number of 32 bits at this offset.
    #[must_use]
    pub fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Self::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// A number of 64 bits at this offset.
    #[must_use]
    pub fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Self::Big { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// An identifier at this offset.
    #[must_use]
    pub fn uuid(self, bytes: &[u8], at: usize) -> Option<Uuid> {
        Uuid::read(bytes.get(at..)?, self)
    }
}

/// Kinds of messages (C706 §12.1).
pub mod kind {
    #![allow(missing_docs, reason = "the names are the specification's")]
    pub const REQUEST: u8 = 0;
    pub const RESPONSE: u8 = 2;
    pub const FAULT: u8 = 3;
    pub const REJECT: u8 = 6;
    pub const BIND: u8 = 11;
    pub const BIND_ACK: u8 = 12;
    pub const BIND_NAK: u8 = 13;
    pub const ALTER_CONTEXT: u8 = 14;
    pub const ALTER_CONTEXT_RESP: u8 = 15;
    pub const AUTH3: u8 = 16;
    pub const RTS: u8 = 20;
}

/// Name of a kind, for `vonggac.dcerpc.request` and `.response`.
#[must_use]
pub fn kind_name(kind: u8) -> &'static str {
    match kind {
        kind::REQUEST => "request",
        kind::RESPONSE => "response",
        kind::FAULT => "fault",
        kind::REJECT => "reject",
        kind::BIND => "bind",
        kind::BIND_ACK => "bind_ack",
        kind::BIND_NAK => "bind_nak",
        kind::ALTER_CONTEXT => "alter_context",
        kind::ALTER_CONTEXT_RESP => "alter_context_resp",
        kind::AUTH3 => "auth3",
        _ => "other",
    }
}

/// First fragment of a call.
pub const FIRST: u8 = 0x01;
/// Last fragment of a call.
pub const LAST: u8 = 0x02;
/// An object's identifier follows the head of a request.
pub const OBJECT: u8 = 0x80;

/// The common head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Minor version: 0 or 1.
    pub minor: u8,
    /// [`kind`].
    pub kind: u8,
    /// [`FIRST`], [`LAST`], [`OBJECT`] …
    pub flags: u8,
    /// Byte order.
    pub order: Order,
    /// Bytes of the whole fragment.
    pub length: u16,
    /// Bytes of its proof of authenticity, without the descriptor.
    pub auth_length: u16,
    /// Number of the call.
    pub call: u32,
}

impl Header {
    /// Reads the head; `None` for what is none. Strict enough to find the next head in a torn stream.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk::<HEADER_BYTES>()?;
        let [5, minor @ 0..=1, kind, flags, representation, 0..=3, 0, 0, ..] = *head else { return None };
        let order = Order::of(representation)?;
        let header = Self {
            minor,
            kind,
            flags,
            order,
            length: order.u16(head, 8)?,
            auth_length: order.u16(head, 10)?,
            call: order.u32(head, 12)?,
        };
        (usize::from(header.length) >= header.least()? + header.protection()).then_some(header)
    }

    /// Bytes that a message of this kind has at least; `None` for kinds that do not exist.
    fn least(&self) -> Option<usize> {
        match self.kind {
            kind::REQUEST | kind::RESPONSE | kind::FAULT => Some(self.call_head()),
            kind::BIND | kind::ALTER_CONTEXT => Some(28),
            kind::BIND_NAK => Some(18),
            kind::BIND_ACK | kind::ALTER_CONTEXT_RESP => Some(24),
            kind::AUTH3 | 17..=kind::RTS => Some(HEADER_BYTES),
            _ => None,
        }
    }

    /// Bytes at the end that protect the message: descriptor and proof.
    #[must_use]
    pub fn protection(&self) -> usize {
        match usize::from(self.auth_length) {
            0 => 0,
            length => length + TRAILER_BYTES,
        }
    }

    /// Bytes of head in front of the arguments of a call.
    #[must_use]
    pub fn call_head(&self) -> usize {
        let object = self.kind == kind::REQUEST && self.flags & OBJECT != 0;
        if object { CALL_BYTES + 16 } else { CALL_BYTES }
    }

    /// The descriptor and the proof of a whole message.
    #[must_use]
    pub fn verifier<'a>(&self, message: &'a [u8]) -> Option<(Trailer, &'a [u8])> {
        let start = message.len().checked_sub(self.protection()).filter(|start| *start < message.len())?;
        let (trailer, proof) = message.get(start..)?.split_first_chunk::<TRAILER_BYTES>()?;
        Some((Trailer::parse(*trailer), proof))
    }
}

/// How a message is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trailer {
    /// Kind of authentication (MS-RPCE §2.2.1.1.7).
    pub kind: u8,
    /// Level of protection (MS-RPCE §2.2.1.1.8).
    pub level: u8,
    /// Bytes of padding in front of it.
    pub padding: u8,
}

/// The level at which arguments are encrypted.
pub const PRIVACY: u8 = 6;

impl Trailer {
    /// Reads the descriptor.
    #[must_use]
    pub fn parse([kind, level, padding, ..]: [u8; TRAILER_BYTES]) -> Self {
        Self { kind, level, padding }
    }

    /// Name of the level.
    #[must_use]
    pub fn level_name(self) -> Option<&'static str> {
        Some(match self.level {
            1 => "none",
            2 => "connect",
            3 => "call",
            4 => "packet",
            5 => "integrity",
            PRIVACY => "privacy",
            _ => return None,
        })
    }

    /// Name of the kind; `negotiated` is what SPNEGO led to.
    #[must_use]
    pub fn kind_name(self, negotiated: Option<&'static str>) -> Option<&'static str> {
        Some(match self.kind {
            9 => negotiated.unwrap_or("spnego"),
            10 => "ntlm",
            14 => "schannel",
            16 => "kerberos",
            68 => "netlogon",
            _ => return None,
        })
    }
}
