//! ClientHello and ServerHello (RFC 8446 §4.1, RFC 5246 §7.4.1). Lenient: a hello that is cut gives what stands before
//! the cut.

use crate::text::lossless;

use super::fingerprints::Layer;
use super::names;

const SERVER_NAME: u16 = 0;
const SUPPORTED_GROUPS: u16 = 10;
const POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
const ALPN: u16 = 16;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;
/// Transport parameters of QUIC (RFC 9001 §8.2), and their number in the drafts.
const QUIC_PARAMETERS: [u16; 2] = [57, 0xffa5];
/// Encrypted ClientHello, and its forerunner that encrypted the name alone.
const ENCRYPTED_HELLO: [u16; 2] = [0xfe0d, 0xffce];

/// The random of a ServerHello that only asks for another ClientHello: SHA-256 of "HelloRetryRequest".
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// What the client offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// The version field, 1.2 at most.
    pub version: u16,
    /// Session to resume, or random bytes.
    pub session: Vec<u8>,
    /// Cipher suites in order.
    pub ciphers: Vec<u16>,
    /// Types of the extensions in order.
    pub extensions: Vec<u16>,
    /// SNI, lower case.
    pub server_name: Option<String>,
    /// ALPN protocols in order.
    pub alpn: Vec<Vec<u8>>,
    /// Named groups in order.
    pub groups: Vec<u16>,
    /// Point formats in order.
    pub point_formats: Vec<u8>,
    /// Signature algorithms in order.
    pub signature_algorithms: Vec<u16>,
    /// Versions of the extension, in order.
    pub versions: Vec<u16>,
    /// Transport parameters of QUIC, as sent.
    pub quic_parameters: Vec<u8>,
    /// An encrypted ClientHello lies inside.
    pub ech: bool,
    /// Read to its end: only then fingerprints mean something.
    pub complete: bool,
}

impl ClientHello {
    /// Reads the body of the message; over DTLS it has a cookie.
    #[must_use]
    pub fn read(layer: Layer, body: &[u8]) -> Self {
        let mut hello = Self::default();
        let mut cursor = Cursor(body);
        hello.complete = hello.fill(layer, &mut cursor).is_some();
        hello
    }

    /// The highest version offered.
    #[must_use]
    pub fn highest_version(&self) -> u16 {
        let real = self.versions.iter().copied().filter(|v| !names::is_grease(*v));
        // Versions of DTLS count downwards; drafts (0x7fNN) are numbered above what they became, and lose against it.
        real.max_by_key(|v| match *v >> 8 {
            0xfe => (!*v, 0),
            0x7f => (names::TLS_1_3 - 1, *v),
            _ => (*v, 0),
        })
        .unwrap_or(self.version)
    }

    fn fill(&mut self, layer: Layer, cursor: &mut Cursor<'_>) -> Option<()> {
        self.version = cursor.u16()?;
        cursor.take(32)?;
        self.session = cursor.vector8()?.to_vec();
        if layer == Layer::Datagrams {
            cursor.vector8()?;
        }
        let ciphers = cursor.vector16();
        self.ciphers = pairs(ciphers.unwrap_or(cursor.0));
        ciphers?;
        cursor.vector8()?;
        if cursor.0.is_empty() {
            return Some(());
        }
        let length = usize::from(cursor.u16()?);
        let mut extensions = Cursor(cursor.0.get(..length).unwrap_or(cursor.0));
        while !extensions.0.is_empty() {
            let (kind, value) = (extensions.u16()?, extensions.vector16()?);
            self.extensions.push(kind);
            self.extension(kind, Cursor(value))?;
        }
        (cursor.0.len() >= length).then_some(())
    }

    fn extension(&mut self, kind: u16, mut value: Cursor<'_>) -> Option<()> {
        match kind {
            SERVER_NAME if !value.0.is_empty() => {
                let mut list = Cursor(value.vector16()?);
                let (name_kind, name) = (list.u8()?, list.vector16()?);
                if name_kind == 0 && !name.is_empty() {
                    self.server_name = Some(lossless(name).to_ascii_lowercase());
                }
            }
            SUPPORTED_GROUPS => self.groups = pairs(value.vector16()?),
            POINT_FORMATS => self.point_formats = value.vector8()?.to_vec(),
            SIGNATURE_ALGORITHMS => self.signature_algorithms = pairs(value.vector16()?),
            SUPPORTED_VERSIONS => self.versions = pairs(value.vector8()?),
            ALPN => {
                let mut list = Cursor(value.vector16()?);
                while !list.0.is_empty() {
                    self.alpn.push(list.vector8()?.to_vec());
                }
            }
            kind if QUIC_PARAMETERS.contains(&kind) => self.quic_parameters = value.0.to_vec(),
            _ => self.ech |= ENCRYPTED_HELLO.contains(&kind),
        }
        Some(())
    }
}

/// What the server chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerHello {
    /// The version field, 1.2 at most.
    pub version: u16,
    /// Session that it takes up or opens.
    pub session: Vec<u8>,
    /// The suite chosen.
    pub cipher: u16,
    /// Types of the extensions in order.
    pub extensions: Vec<u16>,
    /// Version of the extension.
    pub selected_version: Option<u16>,
    /// Group of the key share.
    pub group: Option<u16>,
    /// ALPN protocol chosen.
    pub alpn: Option<String>,
    /// It takes up the session whose key the client named (TLS 1.3).
    pub pre_shared_key: bool,
    /// Not an answer yet: the client shall say hello again.
    pub retry: bool,
    /// Read to its end.
    pub complete: bool,
}

impl ServerHello {
    /// Reads the body of the message.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let mut hello = Self::default();
        hello.complete = hello.fill(&mut Cursor(body)).is_some();
        hello
    }

    /// The version agreed upon.
    #[must_use]
    pub fn agreed_version(&self) -> u16 {
        // The final 1.3 stands in its extension; the first drafts named it here.
        let field = if self.version == names::TLS_1_3 { names::TLS_1_3_EARLY } else { self.version };
        self.selected_version.unwrap_or(field)
    }

    fn fill(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        self.version = cursor.u16()?;
        self.retry = cursor.take(32)? == RETRY;
        // Drafts of 1.3 before the 22nd had neither session nor compression; later ones say 1.2 in this field.
        let early_draft = names::is_1_3(self.version);
        if !early_draft {
            self.session = cursor.vector8()?.to_vec();
        }
        self.cipher = cursor.u16()?;
        if !early_draft {
            cursor.u8()?;
        }
        if cursor.0.is_empty() {
            return Some(());
        }
        let mut extensions = Cursor(cursor.vector16()?);
        while !extensions.0.is_empty() {
            let (kind, value) = (extensions.u16()?, extensions.vector16()?);
            self.extensions.push(kind);
            self.extension(kind, Cursor(value))?;
        }
        Some(())
    }

    fn extension(&mut self, kind: u16, mut value: Cursor<'_>) -> Option<()> {
        match kind {
            SUPPORTED_VERSIONS => self.selected_version = Some(value.u16()?),
            KEY_SHARE => self.group = Some(value.u16()?),
            PRE_SHARED_KEY => self.pre_shared_key = true,
            ALPN => self.alpn = Some(lossless(Cursor(value.vector16()?).vector8()?).into_owned()),
            _ => {}
        }
        Some(())
    }
}

fn pairs(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

/// What is left of a message; `None` from any of its readers means that it ends too early.
#[derive(Clone, Copy)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    /// The next `length` bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// One byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_be_bytes([b[0], b[1]]))
    }

    /// Three bytes.
    pub fn u24(&mut self) -> Option<usize> {
        self.take(3).map(|b| usize::from(b[0]) << 16 | usize::from(b[1]) << 8 | usize::from(b[2]))
    }

    /// A vector behind one byte of length.
    pub fn vector8(&mut self) -> Option<&'a [u8]> {
        let length = self.u8()?;
        self.take(usize::from(length))
    }

    /// A vector behind two bytes of length.
    pub fn vector16(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }
}
