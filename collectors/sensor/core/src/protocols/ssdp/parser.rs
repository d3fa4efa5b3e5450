//! One message.

/// Headers read; devices send about ten.
const HEADERS_MAX: usize = 32;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Who is there?
    Search,
    /// A device tells of itself.
    Notify,
    /// A device answers a search.
    Response,
}

impl Kind {
    /// For events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Notify => "notify",
            Self::Response => "response",
        }
    }
}

/// One message; headers as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// What it is.
    pub kind: Kind,
    headers: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Message<'a> {
    /// Reads a datagram; `None` when it is none.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let kind = match bytes {
            [b'M', b'-', b'S', ..] if bytes.starts_with(b"M-SEARCH * HTTP/1.") => Kind::Search,
            [b'N', b'O', b'T', ..] if bytes.starts_with(b"NOTIFY * HTTP/1.") => Kind::Notify,
            [b'H', b'T', b'T', ..] if bytes.starts_with(b"HTTP/1.1 200") => Kind::Response,
            _ => return None,
        };
        let mut headers = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n').skip(1).take(HEADERS_MAX) {
            let line = line.trim_ascii();
            if line.is_empty() {
                break;
            }
            let colon = memchr::memchr(b':', line).unwrap_or(line.len());
            let value = line.get(colon + 1..).unwrap_or_default();
            headers.push((line[..colon].trim_ascii(), value.trim_ascii()));
        }
        let message = Self { kind, headers };
        let complete =
            kind != Kind::Response || message.header(b"ST").is_some() || message.header(b"USN").is_some();
        complete.then_some(message)
    }

    /// The value of a header, whatever the case of its name; `None` where it is empty.
    #[must_use]
    pub fn header(&self, name: &[u8]) -> Option<&'a [u8]> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value).filter(|value| !value.is_empty())
    }
}
