//! Lines of IRC as data (RFC 2812 §2.3.1).

use crate::protocols::Direction;

/// Parameters of a message (RFC 2812 §2.3).
const PARAMETERS_MAX: usize = 15;
/// Longest nickname that is taken for one; networks allow 9 to 32.
const NICK_MAX: usize = 32;

/// A message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    /// Who it is from.
    pub(super) prefix: Option<&'a [u8]>,
    /// As sent: an upper-case word or three digits.
    pub(super) command: &'a [u8],
    parameters: [&'a [u8]; PARAMETERS_MAX],
    pub(super) count: usize,
    /// The last parameter stands behind a colon.
    pub(super) trailing: bool,
}

impl<'a> Message<'a> {
    /// A parameter; empty where there is none.
    pub(super) fn parameter(&self, index: usize) -> &'a [u8] {
        self.parameters.get(index).copied().unwrap_or_default()
    }

    /// The last parameter.
    pub(super) fn last(&self) -> &'a [u8] {
        self.count.checked_sub(1).map_or(&[], |last| self.parameter(last))
    }

    /// The name in front of user and host in the prefix.
    pub(super) fn sender(&self) -> &'a [u8] {
        let prefix = self.prefix.unwrap_or_default();
        &prefix[..memchr::memchr(b'!', prefix).unwrap_or(prefix.len())]
    }

    /// A reply's number.
    pub(super) fn number(&self) -> Option<u16> {
        let digits = self.command.len() == 3 && self.command.iter().all(u8::is_ascii_digit);
        if digits { std::str::from_utf8(self.command).ok()?.parse().ok() } else { None }
    }
}

fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b' ', bytes).unwrap_or(bytes.len());
    let rest = &bytes[end..];
    let blanks = rest.iter().take_while(|&&b| b == b' ').count();
    (&bytes[..end], &rest[blanks..])
}

/// Reads a line; `None` when it is none of IRC.
pub(super) fn message(line: &[u8]) -> Option<Message<'_>> {
    let mut rest = line;
    if rest.first() == Some(&b'@') {
        rest = word(rest).1;
    }
    let mut prefix = None;
    if let Some(named) = rest.strip_prefix(b":") {
        let (found, after) = word(named);
        (prefix, rest) = (Some(found), after);
    }
    let (command, mut rest) = word(rest);
    let letters = (2..=16).contains(&command.len()) && command.iter().all(u8::is_ascii_alphabetic);
    let digits = command.len() == 3 && command.iter().all(u8::is_ascii_digit);
    if !letters && !digits {
        return None;
    }
    let mut message =
        Message { prefix, command, parameters: [&[]; PARAMETERS_MAX], count: 0, trailing: false };
    while !rest.is_empty() && message.count < PARAMETERS_MAX {
        let parameter = if let Some(trailing) = rest.strip_prefix(b":") {
            message.trailing = true;
            rest = &[];
            trailing
        } else {
            let (parameter, after) = word(rest);
            rest = after;
            parameter
        };
        message.parameters[message.count] = parameter;
        message.count += 1;
    }
    Some(message)
}

/// Whether a word is a nickname (RFC 2812 §2.3.1, and the digits in front that bots have).
pub(super) fn is_nick(word: &[u8]) -> bool {
    (1..=NICK_MAX).contains(&word.len())
        && word.iter().all(|b| b.is_ascii_alphanumeric() || b"[]\\`_^{|}-".contains(b))
}

/// Whether the beginning of a line may become an opening.
pub(super) fn may_open(direction: Direction, bytes: &[u8]) -> bool {
    const CLIENT: [&[u8]; 7] = [b"NICK ", b"USER ", b"CAP ", b"JOIN ", b"PRIVMSG ", b"NOTICE ", b"PASS "];
    const SERVER: [&[u8]; 2] = [b":", b"NOTICE "];
    let starts: &[&[u8]] = if direction == Direction::ToServer { &CLIENT } else { &SERVER };
    let begins = |start: &&[u8]| {
        let length = bytes.len().min(start.len());
        bytes[..length] == start[..length]
    };
    starts.iter().any(begins) && bytes.iter().all(|&b| b >= b' ' || b == b'\r' || b == 1 || b == 3)
}

/// An offer of a direct connection: `\x01DCC SEND name 3405803785 1024 5000\x01` → `SEND name 203.0.113.9:1024`.
pub(super) fn dcc(text: &[u8]) -> Option<String> {
    let inner = text.strip_prefix(b"\x01DCC ")?;
    let inner = inner.strip_suffix(b"\x01").unwrap_or(inner);
    let (kind, rest) = word(inner);
    let (name, rest) = if let Some(quoted) = rest.strip_prefix(b"\"") {
        let end = memchr::memchr(b'"', quoted)?;
        (&quoted[..end], quoted[end + 1..].trim_ascii())
    } else {
        word(rest)
    };
    let (address, rest) = word(rest);
    let port = word(rest).0;
    let text = |bytes: &[u8]| crate::text::lossless(&bytes[..bytes.len().min(256)]).into_owned();
    let number: Option<u32> = std::str::from_utf8(address).ok().and_then(|digits| digits.parse().ok());
    let host = number.map_or_else(|| text(address), |number| std::net::Ipv4Addr::from(number).to_string());
    Some(format!("{} {} {host}:{}", text(kind), text(name), text(port)))
}
