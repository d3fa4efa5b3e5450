//! One message: priority, header and text.

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// `Oct 11 22:14:15`
const DATE_BYTES: usize = 15;

/// Longest name of a machine, program or process (RFC 5424 §6: 255, 48, 128).
const NAME_MAX: usize = 255;

/// A message.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// Facility × 8 + severity.
    pub priority: u8,
    /// Machine.
    pub host: Option<&'a [u8]>,
    /// Program.
    pub program: Option<&'a [u8]>,
    /// Process.
    pub process: Option<&'a [u8]>,
    /// What is left.
    pub text: &'a [u8],
}

/// `<34>` and what follows.
pub fn priority(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let rest = bytes.strip_prefix(b"<")?;
    let end = rest.iter().take(4).position(|byte| *byte == b'>')?;
    let digits = &rest[..end];
    let plain =
        !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) && (end == 1 || digits[0] != b'0');
    let number: u16 = std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()?;
    u8::try_from(number).ok().filter(|number| *number < 24 * 8).map(|number| (number, &rest[end + 1..]))
}

/// The count of bytes in front of a message (RFC 6587 §3.4.1), and how many bytes it takes.
pub fn count(bytes: &[u8]) -> Option<(u64, usize)> {
    let end = bytes.iter().take(9).position(|byte| *byte == b' ')?;
    let digits = &bytes[..end];
    let plain = !digits.is_empty() && digits[0] != b'0' && digits.iter().all(u8::is_ascii_digit);
    Some((std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()?, end + 1))
}

/// Whether a header of either RFC follows the priority.
pub fn has_form(rest: &[u8]) -> bool {
    is_dated(rest) || is_versioned(rest)
}

fn is_dated(rest: &[u8]) -> bool {
    MONTHS.iter().any(|month| rest.starts_with(month))
        && rest.get(3) == Some(&b' ')
        && rest.get(9) == Some(&b':')
}

fn is_versioned(rest: &[u8]) -> bool {
    rest.strip_prefix(b"1 ").is_some_and(|rest| {
        rest.starts_with(b"- ")
            || (rest.len() > 4 && rest[..4].iter().all(u8::is_ascii_digit) && rest[4] == b'-')
    })
}

/// Reads a message; `None` without a priority.
pub fn message(bytes: &[u8]) -> Option<Message<'_>> {
    let (priority, rest) = priority(bytes)?;
    let message = Message { priority, text: rest, ..Message::default() };
    Some(if is_versioned(rest) {
        versioned(message, &rest[2..])
    } else if is_dated(rest) {
        dated(message, rest.get(DATE_BYTES + 1..).unwrap_or_default())
    } else {
        message
    })
}

/// RFC 5424: time, host, program, process, message id and structured data, `-` for what is not there.
fn versioned<'a>(message: Message<'a>, rest: &'a [u8]) -> Message<'a> {
    let mut parts = rest.splitn(6, |byte| *byte == b' ');
    let mut next = || parts.next().filter(|part| *part != b"-" && part.len() <= NAME_MAX);
    let (_time, host, program, process, _id) = (next(), next(), next(), next(), next());
    let text = behind_data(parts.next().unwrap_or_default());
    Message { host, program, process, text, ..message }
}

/// Behind the structured data: `-` or `[name key="value"]…`, where `\]` and `\"` are escaped inside values.
fn behind_data(bytes: &[u8]) -> &[u8] {
    let mut at = 0;
    if bytes.first() == Some(&b'-') {
        at = 1;
    }
    while bytes.get(at) == Some(&b'[') {
        let mut escaped = false;
        let end = bytes[at..].iter().position(|byte| {
            let ends = *byte == b']' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        });
        let Some(end) = end else { return &[] };
        at += end + 1;
    }
    let text = bytes[at..].strip_prefix(b" ").unwrap_or(&bytes[at..]);
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}

/// RFC 3164: host and `program[process]:`, of which either may be missing.
fn dated<'a>(message: Message<'a>, rest: &'a [u8]) -> Message<'a> {
    let (word, behind) = word(rest);
    let (host, tagged) =
        if is_tag(word) { (None, rest) } else { (Some(word).filter(|w| !w.is_empty()), behind) };
    let (tag, text) = self::word(tagged);
    if !is_tag(tag) {
        return Message { host, text: tagged, ..message };
    }
    let tag = tag.strip_suffix(b":").unwrap_or(tag);
    let open = memchr::memchr(b'[', tag);
    let program = Some(&tag[..open.unwrap_or(tag.len())]).filter(|name| !name.is_empty());
    let process = open.map(|open| tag[open + 1..].strip_suffix(b"]").unwrap_or(&tag[open + 1..]));
    Message { host, program, process, text, ..message }
}

/// `sshd[4211]:` or `su:`
fn is_tag(word: &[u8]) -> bool {
    word.len() <= NAME_MAX && (word.ends_with(b":") || (word.ends_with(b"]") && word.contains(&b'[')))
}

/// The first word, and what stands behind the space.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', bytes) {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

/// Name of a facility (RFC 5424 §6.2.1).
pub fn facility(priority: u8) -> &'static str {
    const NAMES: [&str; 24] = [
        "kernel", "user", "mail", "daemon", "auth", "syslog", "printer", "news", "uucp", "cron", "authpriv",
        "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5",
        "local6", "local7",
    ];
    NAMES.get(usize::from(priority >> 3)).copied().unwrap_or("unknown")
}

/// Name of a severity.
pub fn severity(priority: u8) -> &'static str {
    const NAMES: [&str; 8] =
        ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"];
    NAMES[usize::from(priority & 7)]
}
