//! One message head under way: its lines come one by one, and only what events need of them is kept.

use super::authorization::Basic;
use super::parser::{
    RequestLine, StatusLine, header, is_blank, lengths, pieces, request_line, starts_with_ignoring_case,
    status_line, trim,
};
use super::{markers, negotiate};
use crate::secrets::{mask, mask_url};
use crate::text::lossless;
use crate::time::Micros;
use crate::url::Url;

/// Longest header value that is kept, in bytes.
const VALUE_MAX: usize = 4_096;
/// Longest target that is kept: exploits send long ones.
const TARGET_MAX: usize = 16_384;
/// Header names kept of one message; browsers send about twenty.
const NAMES_MAX: usize = 128;
/// Longest header name that is kept.
const NAME_MAX: usize = 128;
/// Longest logical line (with its continuations) that is looked at.
const LOGICAL_MAX: usize = 65_536;

/// First line of a message.
#[derive(Clone, Debug)]
pub(in crate::protocols) enum Start {
    Request { method: String, target: Vec<u8>, version: Option<String> },
    Status { version: String, status: Option<i64>, reason: String },
}

/// The numbers named in Content-Length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols) struct Lengths {
    pub(in crate::protocols) first: Option<u64>,
    pub(in crate::protocols) largest: u64,
    pub(in crate::protocols) differ: bool,
}

/// What is kept of a head.
#[derive(Clone, Debug)]
pub(in crate::protocols) struct Head {
    pub(in crate::protocols) time: Micros,
    pub(in crate::protocols) start: Start,
    pub(in crate::protocols) names: Vec<String>,
    pub(in crate::protocols) host: Option<String>,
    pub(in crate::protocols) referrer: Option<String>,
    pub(in crate::protocols) user_agent: Option<String>,
    pub(in crate::protocols) content_type: Option<String>,
    pub(in crate::protocols) content_encoding: Option<String>,
    pub(in crate::protocols) transfer_encoding: Option<String>,
    pub(in crate::protocols) disposition: Option<String>,
    pub(in crate::protocols) content_range: Option<String>,
    pub(in crate::protocols) server: Option<String>,
    pub(in crate::protocols) location: Option<String>,
    pub(in crate::protocols) authorization: Option<String>,
    pub(in crate::protocols) secret_hash: Option<String>,
    pub(in crate::protocols) basic: Option<Box<Basic>>,
    pub(in crate::protocols) cookie_length: Option<i64>,
    /// Attacks marked in headers and cookies ([`markers`]).
    pub(in crate::protocols) markers: Vec<String>,
    pub(in crate::protocols) lengths: Lengths,
    pub(in crate::protocols) upgrade: Option<String>,
    pub(in crate::protocols) closes: bool,
    /// A message of NTLM in the head.
    pub(in crate::protocols) token: Option<Vec<u8>>,
    /// A line that is no header, or was cut.
    pub(in crate::protocols) odd: bool,
    logical: Vec<u8>,
}

impl Head {
    /// A head that begins with this line; `None` when it begins none. Behind bare carriage returns the line may hold
    /// headers, too.
    pub(in crate::protocols) fn begin(line: &[u8], request: bool, time: Micros) -> Option<Self> {
        let mut first = Vec::new();
        let mut rest = pieces(line).peekable();
        while let Some(piece) = rest.next_if(|piece| trim(&first).is_empty() || is_fold(piece)) {
            first.extend_from_slice(piece);
        }
        let start =
            if request { Start::request(request_line(&first)?) } else { Start::status(status_line(&first)?) };
        let mut head = Self::new(start, time);
        for piece in rest {
            head.piece(piece);
        }
        Some(head)
    }

    fn new(start: Start, time: Micros) -> Self {
        Self {
            time,
            start,
            names: Vec::new(),
            host: None,
            referrer: None,
            user_agent: None,
            content_type: None,
            content_encoding: None,
            transfer_encoding: None,
            disposition: None,
            content_range: None,
            server: None,
            location: None,
            authorization: None,
            secret_hash: None,
            basic: None,
            cookie_length: None,
            markers: Vec::new(),
            lengths: Lengths::default(),
            upgrade: None,
            closes: false,
            token: None,
            odd: false,
            logical: Vec::new(),
        }
    }

    /// A head whose fields come one by one, decoded (HTTP/2).
    pub(in crate::protocols) fn of_fields(request: bool, time: Micros) -> Self {
        let version = "2".to_owned();
        let start = if request {
            Start::Request { method: String::new(), target: Vec::new(), version: Some(version) }
        } else {
            Start::Status { version, status: None, reason: String::new() }
        };
        Self::new(start, time)
    }

    /// Takes one field; what used to stand in the first line comes as fields with a colon (RFC 9113 §8.3).
    pub(in crate::protocols) fn field(&mut self, name: &[u8], value: &[u8]) {
        if !name.starts_with(b":") {
            return self.header(name, value);
        }
        self.name(name);
        let text = || lossless(&value[..value.len().min(VALUE_MAX)]).into_owned();
        match (&mut self.start, name) {
            (Start::Request { method, .. }, b":method") => *method = text(),
            (Start::Request { target, .. }, b":path") => {
                *target = value[..value.len().min(TARGET_MAX)].to_vec()
            }
            (Start::Request { .. }, b":authority") => keep(&mut self.host, value),
            (Start::Status { status, .. }, b":status") => *status = text().parse().ok(),
            _ => {}
        }
    }

    fn name(&mut self, name: &[u8]) {
        if self.names.len() < NAMES_MAX {
            self.names.push(lossless(&name[..name.len().min(NAME_MAX)]).into_owned());
        }
    }

    /// Takes one line; blank ones end heads and do not come here.
    pub(in crate::protocols) fn line(&mut self, line: &[u8]) {
        for piece in pieces(line) {
            self.piece(piece);
        }
    }

    /// A header, or the continuation of one (obs-fold, RFC 9112 §5.2).
    fn piece(&mut self, piece: &[u8]) {
        if !is_fold(piece) {
            self.flush();
        } else if !self.logical.is_empty() {
            self.logical.push(b' ');
        }
        let room = LOGICAL_MAX.saturating_sub(self.logical.len());
        self.odd |= piece.len() > room;
        self.logical.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    /// All lines have come.
    pub(in crate::protocols) fn finish(&mut self) {
        self.flush();
        self.logical = Vec::new();
    }

    fn flush(&mut self) {
        if trim(&self.logical).is_empty() {
            self.logical.clear();
            return;
        }
        let logical = std::mem::take(&mut self.logical);
        match header(&logical) {
            Some((name, value)) => self.header(name, value),
            None => self.odd = true,
        }
        self.logical = logical;
        self.logical.clear();
    }

    fn header(&mut self, name: &[u8], value: &[u8]) {
        self.name(name);
        if markers::may_mark(value)
            && matches!(self.start, Start::Request { .. })
            && !name.eq_ignore_ascii_case(b"cookie")
        {
            markers::note("header", value, &mut self.markers);
        }
        let mut plain = [0; 24];
        let Some(name) = normal(name, &mut plain) else { return };
        match name {
            b"host" => keep(&mut self.host, value),
            b"referer" => keep(&mut self.referrer, &mask_url(value)),
            b"user-agent" => keep(&mut self.user_agent, value),
            b"content-type" => keep(&mut self.content_type, value),
            b"content-encoding" => join(&mut self.content_encoding, value),
            b"transfer-encoding" => join(&mut self.transfer_encoding, value),
            b"content-length" => self.content_length(value),
            b"content-disposition" => keep(&mut self.disposition, value),
            b"content-range" => keep(&mut self.content_range, value),
            b"server" => keep(&mut self.server, value),
            b"location" => keep(&mut self.location, &mask_url(value)),
            b"authorization" | b"proxy-authorization" => self.secret(value),
            b"www-authenticate" | b"proxy-authenticate" => self.token(value),
            b"cookie" => {
                let length = i64::try_from(value.len()).unwrap_or(i64::MAX);
                self.cookie_length = Some(self.cookie_length.unwrap_or(0).saturating_add(length));
                if markers::may_mark_cookie(value) {
                    markers::note("cookie", value, &mut self.markers);
                }
            }
            b"upgrade" => keep(&mut self.upgrade, value),
            b"connection" => {
                self.closes |= memchr::memmem::find(&value.to_ascii_lowercase(), b"close").is_some()
            }
            _ => {}
        }
    }

    fn token(&mut self, value: &[u8]) {
        if self.token.is_none() {
            self.token = negotiate::token(value);
        }
    }

    fn content_length(&mut self, value: &[u8]) {
        for length in lengths(value) {
            self.lengths.differ |= self.lengths.first.is_some_and(|first| first != length);
            self.lengths.first.get_or_insert(length);
            self.lengths.largest = self.lengths.largest.max(length);
        }
    }

    /// The scheme stays readable, the rest is masked. Without a scheme everything is the secret.
    fn secret(&mut self, value: &[u8]) {
        self.token(value);
        let end = value.iter().position(|&b| is_blank(b)).filter(|&end| end <= 20);
        let scheme =
            end.map(|end| &value[..end]).filter(|s| s.iter().all(|b| b.is_ascii_alphabetic() || *b == b'-'));
        let secret = scheme.map_or(value, |scheme| trim(&value[scheme.len()..]));
        if self.basic.is_none() && scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic")) {
            self.basic = Basic::read(secret).map(Box::new);
        }
        let scheme = scheme.map_or("unknown".into(), lossless);
        self.authorization.get_or_insert_with(|| scheme.into_owned());
        self.secret_hash.get_or_insert_with(|| mask(secret));
    }

    /// Bytes kept, about.
    pub(in crate::protocols) fn held(&self) -> usize {
        let target = match &self.start {
            Start::Request { method, target, .. } => method.len() + target.len(),
            Start::Status { reason, .. } => reason.len(),
        };
        let values = [
            &self.host,
            &self.referrer,
            &self.user_agent,
            &self.content_type,
            &self.content_encoding,
            &self.transfer_encoding,
            &self.disposition,
            &self.content_range,
            &self.server,
            &self.location,
            &self.upgrade,
        ];
        let names: usize = self.names.iter().map(|name| size_of::<String>() + name.len()).sum();
        size_of::<Self>()
            + target
            + names
            + values.iter().filter_map(|v| v.as_ref()).map(String::len).sum::<usize>()
    }

    pub(in crate::protocols) fn version(&self) -> Option<&str> {
        match &self.start {
            Start::Request { version, .. } => Some(version.as_deref().unwrap_or("0.9")),
            Start::Status { version, .. } => Some(version),
        }
    }

    pub(in crate::protocols) fn status(&self) -> Option<i64> {
        match self.start {
            Start::Status { status, .. } => status,
            Start::Request { .. } => None,
        }
    }

    pub(in crate::protocols) fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Status { .. } => None,
        }
    }

    /// A success answers CONNECT with a tunnel. Where the request was not seen, proxies say so in their own words.
    pub(super) fn opens_tunnel(&self, method: Option<&str>) -> bool {
        let Start::Status { reason, .. } = &self.start else { return false };
        method.is_some() || reason.to_ascii_lowercase().contains("connection established")
    }

    /// The target of a request taken apart.
    pub(in crate::protocols) fn url(&self) -> Url {
        let Start::Request { method, target, .. } = &self.start else { return Url::default() };
        let (host, connect) = (self.host.as_deref().map(str::as_bytes), method == "CONNECT");
        // A CONNECT of HTTP/2 names its target as the authority alone.
        let target = if connect && target.is_empty() { host.unwrap_or_default() } else { target };
        Url::parse(target, host, connect)
    }
}

impl Start {
    fn request(line: RequestLine<'_>) -> Self {
        Self::Request {
            method: lossless(line.method).into_owned(),
            target: line.target[..line.target.len().min(TARGET_MAX)].to_vec(),
            version: line.version.map(short),
        }
    }

    fn status(line: StatusLine<'_>) -> Self {
        Self::Status {
            version: short(line.version),
            status: line.status,
            reason: lossless(&line.reason[..line.reason.len().min(VALUE_MAX)]).into_owned(),
        }
    }
}

fn short(version: &[u8]) -> String {
    lossless(&version[..version.len().min(16)]).into_owned()
}

/// Continuations begin with white space; some user agents take a zero byte for it.
fn is_fold(piece: &[u8]) -> bool {
    matches!(piece.first(), Some(b' ' | b'\t' | 0))
}

/// The name in lower case without zero bytes; `None` when it is longer than any that is asked for.
fn normal<'a>(name: &[u8], into: &'a mut [u8; 24]) -> Option<&'a [u8]> {
    let mut length = 0;
    for byte in name.iter().filter(|&&b| b != 0) {
        *into.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(&into[..length])
}

/// The first of several headers of one name counts, as in browsers.
fn keep(into: &mut Option<String>, value: &[u8]) {
    if into.is_none() {
        *into = Some(lossless(&value[..value.len().min(VALUE_MAX)]).into_owned());
    }
}

fn join(into: &mut Option<String>, value: &[u8]) {
    match into {
        None => keep(into, value),
        Some(known) if known.len() < VALUE_MAX => {
            known.push_str(", ");
            known.push_str(&lossless(&value[..value.len().min(VALUE_MAX)]));
        }
        Some(_) => {}
    }
}

/// Whether a Transfer-Encoding may mean chunks; the bytes decide.
pub(in crate::protocols) fn may_be_chunked(value: &str, request: bool) -> bool {
    // Servers refuse what they do not know; browsers have been seen to take anything for "chunked".
    if request {
        value.to_ascii_lowercase().contains("chunked")
    } else {
        !starts_with_ignoring_case(value.as_bytes(), b"identity")
    }
}
