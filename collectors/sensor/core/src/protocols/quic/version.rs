//! Versions of QUIC, and what differs between them: the salt of the first keys, labels, numbers of packet types.

use super::packet::Kind;

/// A version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// RFC 9000.
    One,
    /// RFC 9369.
    Two,
    /// Drafts 23 to 34 of version 1.
    Draft(u8),
    /// Facebook's, made of draft 27.
    Facebook(u32),
    /// Google's with its own cryptography and the packets of the drafts: Q050.
    Google(u32),
    /// Google's with TLS: T050 and T051.
    GoogleTls(u32),
    /// Not known: nothing behind the connection ids can be read (RFC 8999).
    Other(u32),
}

const SALT_1: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
    0xbb, 0x7f, 0x0a,
];
const SALT_2: [u8; 20] = [
    0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9,
    0xbd, 0x2e, 0xd9,
];
const SALT_DRAFT_29: [u8; 20] = [
    0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43,
    0x90, 0xa8, 0x99,
];
const SALT_DRAFT_23: [u8; 20] = [
    0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe,
    0xf9, 0xf5, 0x02,
];
const SALT_Q050: [u8; 20] = [
    0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3,
    0xb5, 0x6b, 0x45,
];
const SALT_T050: [u8; 20] = [
    0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60,
    0x48, 0x83, 0x10,
];
const SALT_T051: [u8; 20] = [
    0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda,
    0x6e, 0x03, 0x3d,
];

/// `Q050`, `T050`, `T051`: four letters on the wire.
const Q050: u32 = u32::from_be_bytes(*b"Q050");
const T050: u32 = u32::from_be_bytes(*b"T050");
const T051: u32 = u32::from_be_bytes(*b"T051");

/// Versions that nobody speaks, offered to keep servers tolerant (RFC 9000 §15): 0x?a?a?a?a.
#[must_use]
pub fn is_grease(version: u32) -> bool {
    version & 0x0f0f_0f0f == 0x0a0a_0a0a
}

impl Version {
    /// By its number on the wire.
    #[must_use]
    pub fn of(number: u32) -> Self {
        match number {
            1 => Self::One,
            0x6b33_43cf => Self::Two,
            0xff00_0017..=0xff00_0022 => Self::Draft(number.to_be_bytes()[3]),
            0xface_b002 => Self::Facebook(number),
            Q050 => Self::Google(number),
            T050 | T051 => Self::GoogleTls(number),
            _ => Self::Other(number),
        }
    }

    /// What the connection id of the client's first packet is salted with; `None` for versions not known.
    #[must_use]
    pub fn salt(self) -> Option<&'static [u8; 20]> {
        Some(match self {
            Self::One | Self::Draft(33..) => &SALT_1,
            Self::Two => &SALT_2,
            Self::Draft(29..) => &SALT_DRAFT_29,
            Self::Draft(_) | Self::Facebook(_) => &SALT_DRAFT_23,
            Self::Google(_) => &SALT_Q050,
            Self::GoogleTls(T050) => &SALT_T050,
            Self::GoogleTls(_) => &SALT_T051,
            Self::Other(_) => return None,
        })
    }

    /// Labels of key, nonce and header protection (RFC 9001 §5.1, RFC 9369 §3.3.2).
    #[must_use]
    pub fn labels(self) -> [&'static [u8]; 3] {
        match self {
            Self::Two => [b"quicv2 key", b"quicv2 iv", b"quicv2 hp"],
            _ => [b"quic key", b"quic iv", b"quic hp"],
        }
    }

    /// What the two bits of a long header's type mean; version 2 has turned them (RFC 9369 §3.2).
    #[must_use]
    pub fn kind(self, bits: u8) -> Kind {
        let turned = if self == Self::Two { bits.wrapping_sub(1) } else { bits };
        match turned & 3 {
            0 => Kind::Initial,
            1 => Kind::ZeroRtt,
            2 => Kind::Handshake,
            _ => Kind::Retry,
        }
    }

    /// As in `vonggac.quic.version`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::One => "1".into(),
            Self::Two => "2".into(),
            Self::Draft(number) => format!("draft-{number}"),
            Self::Facebook(_) => "facebook-draft-27".into(),
            Self::Google(number) | Self::GoogleTls(number) | Self::Other(number) => {
                let letters = number.to_be_bytes();
                let named = letters.iter().all(u8::is_ascii_alphanumeric);
                if named { letters.map(char::from).iter().collect() } else { format!("0x{number:08x}") }
            }
        }
    }
}
