//! Messages (RFC 3261 §7) and what a session description says of media.

use std::net::IpAddr;

use crate::secrets;
use crate::text::lossless;

/// Methods (RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086).
const METHODS: [&str; 14] = [
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "REGISTER",
    "OPTIONS",
    "PRACK",
    "SUBSCRIBE",
    "NOTIFY",
    "PUBLISH",
    "INFO",
    "REFER",
    "MESSAGE",
    "UPDATE",
];

/// Lines of media of one description that are read.
const MEDIA_MAX: usize = 8;

/// First line of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start<'a> {
    /// A request.
    Request {
        /// Its method.
        method: &'a str,
        /// Its target.
        uri: &'a [u8],
    },
    /// A response.
    Response {
        /// Status code.
        code: u16,
        /// Reason phrase.
        reason: &'a [u8],
    },
}

/// Reads a first line.
#[must_use]
pub fn start(line: &[u8]) -> Option<Start<'_>> {
    if let Some(rest) = line.strip_prefix(b"SIP/2.0 ") {
        let code = std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()?;
        let reason = rest.get(3..)?.strip_prefix(b" ").unwrap_or_default();
        return (100..700).contains(&code).then_some(Start::Response { code, reason });
    }
    let line = line.strip_suffix(b" SIP/2.0")?;
    let space = memchr::memchr(b' ', line)?;
    let method = METHODS.iter().find(|method| method.as_bytes() == &line[..space])?;
    let uri = line.get(space + 1..).filter(|uri| !uri.is_empty())?;
    Some(Start::Request { method, uri })
}

/// Whether a line that has not ended yet may be a first line.
#[must_use]
pub fn may_begin(bytes: &[u8]) -> bool {
    let starts = |word: &[u8]| bytes[..bytes.len().min(word.len())] == word[..bytes.len().min(word.len())];
    let method = METHODS
        .iter()
        .any(|method| starts(method.as_bytes()) && bytes.get(method.len()).is_none_or(|b| *b == b' '));
    (starts(b"SIP/2.0 ") || method) && bytes.is_ascii()
}

/// One message.
#[derive(Debug)]
pub struct Message<'a> {
    /// First line.
    pub start: Start<'a>,
    head: &'a [u8],
    /// What stands behind the empty line, as far as it belongs to the message.
    pub body: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a message and its length: `Ok(None)` when more is wanted; in a datagram all that came is the message.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(bytes: &'a [u8], framed: bool, longest: usize) -> Result<Option<(Self, usize)>, ()> {
        let Some(end) = head_end(bytes) else {
            return if framed && bytes.len() < longest {
                Ok(None)
            } else if framed {
                Err(())
            } else {
                Self::whole(bytes, bytes.len()).map(Some).ok_or(())
            };
        };
        let Some((message, length)) = Self::whole(bytes, end) else { return Err(()) };
        if !framed {
            return Ok(Some((message, length)));
        }
        let told = message
            .header(b"content-length", b"l")
            .map_or(Some(0), |value| std::str::from_utf8(value).ok()?.parse().ok());
        let Some(told) = told.filter(|told| *told <= longest) else { return Err(()) };
        match bytes.get(end..end + told) {
            Some(body) => Ok(Some((Self { body, ..message }, end + told))),
            None => Ok(None),
        }
    }

    fn whole(bytes: &'a [u8], end: usize) -> Option<(Self, usize)> {
        let head = &bytes[..end];
        let line = memchr::memchr(b'\n', head)?;
        let start = start(head[..line].strip_suffix(b"\r").unwrap_or(&head[..line]))?;
        Some((Self { start, head: &head[line + 1..], body: &bytes[end..] }, bytes.len()))
    }

    /// Value of the first header of this name; names have a short form.
    #[must_use]
    pub fn header(&self, name: &[u8], short: &[u8]) -> Option<&'a [u8]> {
        self.head.split(|byte| *byte == b'\n').find_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            let known = line[..colon].trim_ascii();
            let same =
                known.eq_ignore_ascii_case(name) || (!short.is_empty() && known.eq_ignore_ascii_case(short));
            same.then(|| line[colon + 1..].trim_ascii())
        })
    }

    /// The account of an Authorization header.
    #[must_use]
    pub fn account(&self) -> Option<String> {
        let value =
            self.header(b"authorization", b"").or_else(|| self.header(b"proxy-authorization", b""))?;
        let at = memchr::memmem::find(&value.to_ascii_lowercase(), b"username=\"")? + 10;
        let rest = value.get(at..)?;
        Some(lossless(&rest[..memchr::memchr(b'"', rest)?]).into_owned())
    }

    /// Media of the session description: the lines as they stand, and where they are wanted.
    #[must_use]
    pub fn media(&self) -> Vec<(String, Option<(IpAddr, u16)>)> {
        let kind = self.header(b"content-type", b"c").unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with(b"application/sdp") {
            return Vec::new();
        }
        let lines = || self.body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let address = |line: &[u8]| {
            std::str::from_utf8(line.strip_prefix(b"c=")?)
                .ok()?
                .split(' ')
                .nth(2)?
                .split('/')
                .next()?
                .parse::<IpAddr>()
                .ok()
        };
        let host = lines().find_map(address);
        lines()
            .filter_map(|line| line.strip_prefix(b"m="))
            .take(MEDIA_MAX)
            .map(|line| {
                let text = lossless(line).into_owned();
                let port = text.split(' ').nth(1).and_then(|port| port.split('/').next()?.parse().ok());
                let voice = text.contains(" RTP/");
                let end = host.zip(port).filter(|(_, port)| voice && *port > 0);
                (text, end)
            })
            .collect()
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n")
        .map(|at| at + 4)
        .or_else(|| memchr::memmem::find(bytes, b"\n\n").map(|at| at + 2))
}

/// Text of a URI or of a header that has one, with the password that may stand in it masked (RFC 3261 §19.1.1).
#[must_use]
pub fn shown(value: &[u8], longest: usize) -> String {
    let value = &value[..value.len().min(longest)];
    let password = || {
        let scheme = memchr::memmem::find(value, b"sip:")
            .map(|at| at + 4)
            .or_else(|| memchr::memmem::find(value, b"sips:").map(|at| at + 5))?;
        let user = &value[scheme..];
        let at = user.iter().position(|byte| matches!(byte, b'@' | b'>' | b' '))?;
        let colon = memchr::memchr(b':', &user[..at])?;
        (user[at] == b'@' && colon + 1 < at).then_some((scheme + colon + 1, scheme + at))
    };
    match password() {
        Some((from, to)) => {
            let mask = secrets::mask(&value[from..to]);
            format!("{}{mask}{}", lossless(&value[..from]), lossless(&value[to..]))
        }
        None => lossless(value).into_owned(),
    }
}

/// The method of this name.
#[must_use]
pub fn method(name: &str) -> Option<&'static str> {
    METHODS.iter().find(|method| **method == name).copied()
}
