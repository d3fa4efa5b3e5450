//! Command lines, reply lines and the ends of data connections: pure functions.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

/// Longest verb that is still taken for a command (`XSHA256` has seven letters).
const VERB_MAX: usize = 10;

/// Verbs of the RFCs and of common extensions.
const KNOWN: [&str; 64] = [
    "ABOR", "ACCT", "ADAT", "ALLO", "APPE", "AUTH", "AVBL", "CCC", "CDUP", "CLNT", "CONF", "COMB", "CWD",
    "DELE", "ENC", "EPRT", "EPSV", "FEAT", "HASH", "HELP", "HOST", "LANG", "LIST", "LPRT", "LPSV", "MDTM",
    "MFMT", "MIC", "MKD", "MLSD", "MLST", "MODE", "NLST", "NOOP", "OPTS", "PASS", "PASV", "PBSZ", "PORT",
    "PROT", "PWD", "QUIT", "REIN", "REST", "RETR", "RMD", "RNFR", "RNTO", "SITE", "SIZE", "SMNT", "STAT",
    "STOR", "STOU", "STRU", "SYST", "TYPE", "USER", "XCRC", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD",
];

/// A command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// Upper case.
    pub verb: Cow<'static, str>,
    /// An RFC or a common server knows it.
    pub known: bool,
    /// Behind the first space.
    pub argument: Option<&'a [u8]>,
}

/// Reads a command; `None` when no verb begins the line.
pub fn command(line: &[u8]) -> Option<Command<'_>> {
    let line = without_telnet(line);
    let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
    let (verb, rest) = line.split_at(end);
    let fits = (3..=VERB_MAX).contains(&verb.len())
        && verb[0].is_ascii_alphabetic()
        && verb.iter().all(u8::is_ascii_alphanumeric);
    if !fits {
        return None;
    }
    let known = KNOWN.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(verb));
    let verb = match known {
        Some(known) => Cow::Borrowed(*known),
        None => Cow::Owned(String::from_utf8_lossy(verb).to_ascii_uppercase()),
    };
    Some(Command { verb, known: known.is_some(), argument: rest.get(1..).filter(|rest| !rest.is_empty()) })
}

/// Before ABOR clients send the Telnet signals IP and Synch (RFC 959 §4.1.3).
fn without_telnet(mut line: &[u8]) -> &[u8] {
    while let [0xff, _, rest @ ..] | [0xf2, rest @ ..] = line {
        line = rest;
    }
    line
}

/// A reply line that carries a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// Three digits.
    pub code: u16,
    /// Lines of the same reply follow.
    pub more: bool,
    /// Behind the code.
    pub text: &'a [u8],
}

/// Reads a reply line; `None` for lines in the middle of a reply.
pub fn reply(line: &[u8]) -> Option<Reply<'_>> {
    let (digits, rest) = line.split_first_chunk::<3>()?;
    if !matches!(digits[0], b'1'..=b'6') || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    match rest {
        [] => Some(Reply { code, more: false, text: rest }),
        [b' ', text @ ..] => Some(Reply { code, more: false, text }),
        [b'-', text @ ..] => Some(Reply { code, more: true, text }),
        _ => None,
    }
}

/// One end of a data connection; EPSV names no address.
pub type End = (Option<IpAddr>, u16);

/// `192,168,0,13,234,10` as PORT has it.
pub fn port(argument: &[u8]) -> Option<End> {
    let mut numbers = [0_u8; 6];
    let mut parts = argument.trim_ascii().split(|byte| *byte == b',');
    for number in &mut numbers {
        *number = decimal(parts.next()?.trim_ascii())?;
    }
    let [a, b, c, d, high, low] = numbers;
    parts.next().is_none().then(|| (Some(Ipv4Addr::new(a, b, c, d).into()), u16::from_be_bytes([high, low])))
}

/// `|2|1080::8:800:200C:417A|5282|` as EPRT has it, with any delimiter.
pub fn extended_port(argument: &[u8]) -> Option<End> {
    let (delimiter, rest) = argument.trim_ascii().split_first()?;
    let mut parts = rest.split(|byte| byte == delimiter);
    let (_, address, port) = (parts.next()?, parts.next()?, parts.next()?);
    let address = std::str::from_utf8(address).ok()?.parse().ok()?;
    Some((Some(address), decimal(port)?))
}

/// The six numbers anywhere in the text of reply 227: servers differ in what stands around them (RFC 1123 §4.1.2.6).
pub fn passive(text: &[u8]) -> Option<End> {
    let numbers = |byte: &u8| byte.is_ascii_digit() || *byte == b',';
    text.split(|byte| !numbers(byte)).find_map(port)
}

/// `(|||58612|)` in the text of reply 229.
pub fn extended_passive(text: &[u8]) -> Option<End> {
    let open = memchr::memchr(b'(', text)?;
    let [a, b, c, rest @ ..] = &text[open + 1..] else { return None };
    if a != b || b != c {
        return None;
    }
    let end = rest.iter().position(|byte| byte == a)?;
    Some((None, decimal(&rest[..end])?))
}

/// `Opening data connection for resume.doc (39424 bytes)`
pub fn announced_size(text: &[u8]) -> Option<i64> {
    let open = memchr::memrchr(b'(', text)?;
    let rest = &text[open + 1..];
    let end = memchr::memchr(b' ', rest)?;
    rest[end..].starts_with(b" bytes").then(|| decimal(&rest[..end]))?
}

/// A decimal number and nothing else.
pub fn decimal<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}
