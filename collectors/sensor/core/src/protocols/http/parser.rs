//! Lines of a message head as data (RFC 9112), read as leniently as the most lenient browser or server does: what only
//! a sensor refuses is what an attacker sends.

use crate::files::Range;

/// Longest method; the registered ones have at most 17 letters.
const METHOD_MAX: usize = 32;

/// A request line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestLine<'a> {
    pub(super) method: &'a [u8],
    pub(super) target: &'a [u8],
    /// `None`: HTTP/0.9, which has neither version nor headers.
    pub(super) version: Option<&'a [u8]>,
}

/// A status line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatusLine<'a> {
    pub(super) version: &'a [u8],
    pub(super) status: Option<i64>,
    pub(super) reason: &'a [u8],
}

/// White space as lenient parsers see it: controls, and the Latin-1 no-break space.
pub(super) fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0xa0
}

/// Without blanks at both ends.
pub(in crate::protocols) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && is_blank(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_blank(*last)
    {
        bytes = rest;
    }
    bytes
}

fn split_blank(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&b| is_blank(b)).unwrap_or(bytes.len());
    (&bytes[..end], trim(&bytes[end..]))
}

/// Whether a byte may stand in a method or a header name (RFC 9110 §5.6.2).
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

pub(in crate::protocols) fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// The methods that HTTP/0.9 clients and sloppy ones send without a version.
const BARE_METHODS: [&[u8]; 3] = [b"GET", b"POST", b"HEAD"];

/// Reads a request line; `None` when it is none.
pub(super) fn request_line(line: &[u8]) -> Option<RequestLine<'_>> {
    let (method, rest) = split_blank(trim(line));
    if method.is_empty()
        || method.len() > METHOD_MAX
        || !method.iter().all(|&b| is_token(b))
        || rest.is_empty()
    {
        return None;
    }
    let last = rest.iter().rposition(|&b| is_blank(b)).map_or(0, |at| at + 1);
    if starts_with_ignoring_case(&rest[last..], b"HTTP/") {
        // A target that is missing altogether is still a request: "GET HTTP/1.1".
        return Some(RequestLine { method, target: trim(&rest[..last]), version: Some(&rest[last + 5..]) });
    }
    let bare = BARE_METHODS.contains(&method) && matches!(rest[0], b'/' | b'h' | b'*');
    bare.then_some(RequestLine { method, target: rest, version: None })
}

/// Reads a status line; `None` when it is none.
pub(super) fn status_line(line: &[u8]) -> Option<StatusLine<'_>> {
    let line = trim(line);
    if starts_with_ignoring_case(line, b"ICY ") {
        let (status, reason) = status(&line[4..]);
        return Some(StatusLine { version: b"1.0", status, reason });
    }
    if !starts_with_ignoring_case(line, b"HTTP/") {
        return None;
    }
    let rest = &line[5..];
    let end = rest.iter().position(|b| !b.is_ascii_digit() && *b != b'.').unwrap_or(rest.len());
    let (version, rest) = rest.split_at(end);
    let (_, rest) = split_blank(rest);
    let (status, reason) = status(rest);
    Some(StatusLine { version, status, reason })
}

fn status(rest: &[u8]) -> (Option<i64>, &[u8]) {
    let end = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    // "2XX" is no status, "200OK" is one with its blank missing.
    if end < 3 && rest.get(end).is_some_and(|&b| !is_blank(b)) {
        return (None, rest);
    }
    let code = std::str::from_utf8(&rest[..end.min(6)]).ok().and_then(|digits| digits.parse().ok());
    let (_, reason) = split_blank(&rest[end..]);
    (code, reason)
}

/// Splits a header into name and value. Lenient: blanks around the colon, several colons, zero bytes in the name.
pub(in crate::protocols) fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    let mut value = &line[colon + 1..];
    while let [b':', rest @ ..] = value {
        value = rest;
    }
    Some((trim(&line[..colon]), trim(value)))
}

/// The pieces of a line between bare carriage returns: some user agents end lines there.
pub(super) fn pieces(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&b| b == b'\r').filter(|piece| !piece.is_empty())
}

/// The first number in a chunk-size line: `Ok(None)` for an empty line, `Err` for one without a number.
pub(super) fn chunk_size(line: &[u8]) -> Result<Option<u64>, ()> {
    let line = trim(line);
    if line.is_empty() {
        return Ok(None);
    }
    let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let text = std::str::from_utf8(&line[..digits]).map_err(drop)?;
    let text = text.trim_start_matches('0');
    match (digits, text.len()) {
        (0, _) => Err(()),
        (_, 0) => Ok(Some(0)),
        (_, 1..=15) => u64::from_str_radix(text, 16).map(Some).map_err(drop),
        _ => Err(()),
    }
}

/// Whether a body that is said to be chunked begins like one; `None`: too few bytes to tell.
pub(super) fn looks_chunked(bytes: &[u8]) -> Option<bool> {
    let begin = bytes.iter().position(|&b| !is_blank(b))?;
    let rest = &bytes[begin..];
    let digits = rest.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    if digits == 0 || digits > 16 {
        return Some(false);
    }
    let next = *rest.get(digits)?;
    if !is_blank(next) && next != b';' {
        return Some(false);
    }
    memchr::memchr(b'\n', rest).map(|_| true)
}

/// Every whole number in a Content-Length value, smallest and largest of them and the first.
pub(super) fn lengths(value: &[u8]) -> impl Iterator<Item = u64> {
    value
        .split(|b| !b.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(|run| std::str::from_utf8(run).ok().and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX))
}

/// `bytes 0-67/100` → which part of the whole (RFC 9110 §14.4).
pub(super) fn range(value: &[u8]) -> Ranged {
    let numbers: Vec<u64> = lengths(value).take(4).collect();
    match numbers[..] {
        [0, last, total] if last.checked_add(1) == Some(total) => Ranged::Whole,
        [first, last, total] if first <= last && last < total => Ranged::Part(Range { first, last, total }),
        _ => Ranged::Unknown,
    }
}

/// What a Content-Range says of the body.
pub(super) enum Ranged {
    /// All of the file.
    Whole,
    /// A part of known place.
    Part(Range),
    /// A part, nobody knows which.
    Unknown,
}

/// The value of a parameter (`name="value"` or `name=value`) of a header value.
pub(super) fn parameter<'a>(value: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = value;
    while let Some(semicolon) = memchr::memchr(b';', rest) {
        rest = trim(&rest[semicolon + 1..]);
        let Some(equals) = memchr::memchr(b'=', rest) else { continue };
        if !trim(&rest[..equals]).eq_ignore_ascii_case(name) {
            continue;
        }
        let found = trim(&rest[equals + 1..]);
        if let Some(quoted) = found.strip_prefix(b"\"") {
            return Some(&quoted[..memchr::memchr(b'"', quoted).unwrap_or(quoted.len())]);
        }
        return Some(trim(&found[..memchr::memchr(b';', found).unwrap_or(found.len())]));
    }
    None
}

/// The file name of a Content-Disposition; the extended form (RFC 8187) outranks the plain one.
pub(super) fn file_name(disposition: &[u8]) -> Option<Vec<u8>> {
    if let Some(extended) = parameter(disposition, b"filename*") {
        let encoded = extended.splitn(3, |&b| b == b'\'').last().unwrap_or(extended);
        return Some(percent_decode(encoded)).filter(|name| !name.is_empty());
    }
    parameter(disposition, b"filename").map(<[u8]>::to_vec).filter(|name| !name.is_empty())
}

pub(in crate::protocols) fn percent_decode(bytes: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if *first == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            out.push(high << 4 | low);
            rest = after;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}
