//! Frames (RFC 9113 §4, §6).

use std::borrow::Cow;

/// What a client sends first.
pub const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Header of a frame.
pub const HEADER_BYTES: usize = 9;

/// Types of frames.
pub mod kind {
    /// A piece of a body.
    pub const DATA: u8 = 0;
    /// The head of a message, or its trailer.
    pub const HEADERS: u8 = 1;
    /// A stream is broken off.
    pub const RST_STREAM: u8 = 3;
    /// What the sender wants.
    pub const SETTINGS: u8 = 4;
    /// A request that the server makes in the client's stead.
    pub const PUSH_PROMISE: u8 = 5;
    /// A sign of life.
    pub const PING: u8 = 6;
    /// The connection ends.
    pub const GOAWAY: u8 = 7;
    /// More may be sent.
    pub const WINDOW_UPDATE: u8 = 8;
    /// The rest of a head.
    pub const CONTINUATION: u8 = 9;
}

/// Flags.
pub mod flag {
    /// Nothing more comes on this stream.
    pub const END_STREAM: u8 = 0x01;
    /// These settings are agreed to.
    pub const ACK: u8 = 0x01;
    /// The head is complete.
    pub const END_HEADERS: u8 = 0x04;
    /// Padding follows.
    pub const PADDED: u8 = 0x08;
    /// A priority stands in front.
    pub const PRIORITY: u8 = 0x20;
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Bytes behind the header.
    pub length: usize,
    /// Type.
    pub kind: u8,
    /// Flags, by type.
    pub flags: u8,
    /// Stream; 0 is the connection.
    pub stream: u32,
}

impl Header {
    /// The header at the start of these bytes.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let &[a, b, c, kind, flags, d, e, f, g] = bytes.first_chunk::<HEADER_BYTES>()?;
        let length = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        Some(Self { length, kind, flags, stream: u32::from_be_bytes([d & 0x7f, e, f, g]) })
    }

    /// Whether length and stream are such as the type allows.
    #[must_use]
    pub fn plausible(&self) -> bool {
        let of_stream = self.stream != 0;
        match self.kind {
            kind::DATA | kind::HEADERS | kind::CONTINUATION => of_stream,
            kind::PUSH_PROMISE => of_stream && self.length >= 4,
            kind::RST_STREAM => of_stream && self.length == 4,
            kind::SETTINGS => {
                !of_stream
                    && self.length.is_multiple_of(6)
                    && (self.flags & flag::ACK == 0 || self.length == 0)
            }
            kind::PING => !of_stream && self.length == 8,
            kind::GOAWAY => !of_stream && self.length >= 8,
            kind::WINDOW_UPDATE => self.length == 4,
            _ => true,
        }
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// A HEADERS or PUSH_PROMISE body without padding and priority.
#[must_use]
pub fn block<'a>(header: &Header, mut body: &'a [u8]) -> Option<&'a [u8]> {
    if header.has(flag::PADDED) {
        let (padding, rest) = body.split_first()?;
        body = rest.get(..rest.len().checked_sub(usize::from(*padding))?)?;
    }
    if header.kind == kind::HEADERS && header.has(flag::PRIORITY) {
        body = body.get(5..)?;
    }
    Some(body)
}

/// Numbers and values of a SETTINGS body.
pub fn settings(body: &[u8]) -> impl Iterator<Item = (u16, u32)> {
    body.chunks_exact(6).filter_map(|setting| {
        let (number, value) = setting.split_first_chunk::<2>()?;
        Some((u16::from_be_bytes(*number), u32::from_be_bytes(*value.first_chunk()?)))
    })
}

/// One of the registry, without extensions that nobody sends.
#[must_use]
pub fn is_known_setting(number: u16) -> bool {
    matches!(number, 1..=6 | 8 | 9)
}

/// Names of settings (IANA registry "HTTP/2 Settings").
#[must_use]
pub fn setting(number: u16) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        1 => "HEADER_TABLE_SIZE",
        2 => "ENABLE_PUSH",
        3 => "MAX_CONCURRENT_STREAMS",
        4 => "INITIAL_WINDOW_SIZE",
        5 => "MAX_FRAME_SIZE",
        6 => "MAX_HEADER_LIST_SIZE",
        8 => "ENABLE_CONNECT_PROTOCOL",
        9 => "NO_RFC7540_PRIORITIES",
        _ => return Cow::Owned(format!("0x{number:04x}")),
    })
}

/// Names of errors (RFC 9113 §7).
#[must_use]
pub fn error(number: u32) -> Cow<'static, str> {
    const NAMES: [&str; 14] = [
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    ];
    let name = usize::try_from(number).ok().and_then(|number| NAMES.get(number));
    name.map_or_else(|| Cow::Owned(format!("0x{number:08x}")), |name| Cow::Borrowed(*name))
}
