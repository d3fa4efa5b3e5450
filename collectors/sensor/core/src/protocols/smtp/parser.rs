//! Lines of SMTP as data (RFC 5321 §4.1, §4.2), read as leniently as servers do.

/// A command of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    /// HELO or EHLO with the client's name.
    Hello(&'a [u8]),
    /// MAIL FROM with the path as sent.
    Mail(&'a [u8]),
    /// RCPT TO with the path as sent.
    Rcpt(&'a [u8]),
    Data,
    /// BDAT with its size; `None` when that is malformed, so that nothing follows.
    Chunk {
        size: Option<u64>,
        last: bool,
    },
    /// AUTH with mechanism and initial answer.
    Auth(&'a [u8], Option<&'a [u8]>),
    StartTls,
    Reset,
    Quit,
    /// XEXCH50 of Exchange 2000 and 2003: so many bytes of its own follow, once the server has said 354.
    Blob(u64),
    /// Another command that exists.
    Other,
    /// No command.
    Unknown,
}

/// Reads a command line.
pub(super) fn command(line: &[u8]) -> Command<'_> {
    let line = line.trim_ascii();
    let end = line.iter().position(|b| b.is_ascii_whitespace() || *b == b':').unwrap_or(line.len());
    let (verb, rest) = line.split_at(end);
    let rest = rest.trim_ascii();
    match &verb.to_ascii_uppercase()[..] {
        b"HELO" | b"EHLO" => Command::Hello(rest),
        b"MAIL" => path(rest, b"FROM").map_or(Command::Unknown, Command::Mail),
        b"RCPT" => path(rest, b"TO").map_or(Command::Unknown, Command::Rcpt),
        b"DATA" if rest.is_empty() => Command::Data,
        b"BDAT" => chunk(rest),
        // Exchange has a name of its own for it.
        b"AUTH" | b"X-EXPS" => {
            let mut words = rest.splitn(2, u8::is_ascii_whitespace);
            let mechanism = words.next().unwrap_or_default();
            Command::Auth(mechanism, words.next().map(<[u8]>::trim_ascii).filter(|text| !text.is_empty()))
        }
        b"XEXCH50" => {
            let size = rest.split(u8::is_ascii_whitespace).next().and_then(number);
            size.map_or(Command::Other, Command::Blob)
        }
        b"STARTTLS" if rest.is_empty() => Command::StartTls,
        b"RSET" => Command::Reset,
        b"QUIT" => Command::Quit,
        b"NOOP" | b"VRFY" | b"EXPN" | b"HELP" | b"TURN" | b"ETRN" | b"SEND" | b"SOML" | b"SAML"
        | b"XCLIENT" | b"XFORWARD" | b"BURL" => Command::Other,
        _ => Command::Unknown,
    }
}

/// Whether a line is surely a command, where it may be content as well.
pub(super) fn is_command(line: &[u8]) -> bool {
    match command(line) {
        Command::Mail(_) | Command::Rcpt(_) | Command::Data | Command::StartTls => true,
        Command::Hello(name) => !name.is_empty() && name.iter().all(|b| b.is_ascii_graphic()),
        Command::Chunk { size, .. } => size.is_some(),
        Command::Reset | Command::Quit => line.trim_ascii().len() == 4,
        Command::Auth(..) | Command::Blob(_) | Command::Other | Command::Unknown => false,
    }
}

/// Whether a line that begins like a command is one that may open a conversation.
pub(super) fn opens(line: &[u8]) -> bool {
    let printable = line.iter().all(|b| (b' '..=b'~').contains(b) || *b >= 0x80 || *b == b'\t');
    let whole = match command(line) {
        Command::Hello(name) => !name.is_empty() && name.iter().all(|b| !b.is_ascii_whitespace()),
        Command::Mail(_) | Command::Rcpt(_) => true,
        Command::Chunk { size, .. } => size.is_some(),
        _ => false,
    };
    printable && whole
}

/// `FROM:<a@b> SIZE=1` → `<a@b>`.
fn path<'a>(rest: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = rest.split_at_checked(word.len())?;
    if !found.eq_ignore_ascii_case(word) {
        return None;
    }
    let rest = rest.trim_ascii_start();
    // Some servers do without the colon.
    let rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start();
    if rest.starts_with(b"<") {
        let end = memchr::memchr(b'>', rest).map_or(rest.len(), |at| at + 1);
        return Some(&rest[..end]);
    }
    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    Some(&rest[..end])
}

fn number(digits: &[u8]) -> Option<u64> {
    let digits = Some(digits).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn chunk(rest: &[u8]) -> Command<'_> {
    let mut words = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let size = words.next().and_then(number);
    match (words.next(), words.next()) {
        (None, _) => Command::Chunk { size, last: false },
        (Some(word), None) if word.eq_ignore_ascii_case(b"LAST") => Command::Chunk { size, last: true },
        _ => Command::Chunk { size: None, last: false },
    }
}

/// A line of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reply<'a> {
    pub(super) code: u16,
    /// Another line of the same reply follows.
    pub(super) more: bool,
    pub(super) text: &'a [u8],
}

/// Reads a line of a reply.
pub(super) fn reply(line: &[u8]) -> Option<Reply<'_>> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code: u16 =
        std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))?.parse().ok()?;
    let (more, text) = match rest {
        [] => (false, rest),
        [b' ', text @ ..] => (false, text),
        [b'-', text @ ..] => (true, text),
        _ => return None,
    };
    (200..600).contains(&code).then_some(Reply { code, more, text: text.trim_ascii() })
}

/// What the first line of a server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greeting {
    Mine,
    /// A greeting of SMTP or of something else.
    Open,
    Foreign,
}

/// Judges one line of a server.
pub(super) fn greeting(line: &[u8]) -> Greeting {
    let Some(reply) = reply(line) else { return Greeting::Foreign };
    let lower = reply.text.to_ascii_lowercase();
    let has = |word: &str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    let mine = match reply.code {
        220 | 554 if has("smtp") => true,
        220 if has("ftp") => return Greeting::Foreign,
        220 => return Greeting::Open,
        354 => has("<crlf>.<crlf>") || has("<cr><lf>.<cr><lf>"),
        code => enhanced(code, reply.text),
    };
    if mine { Greeting::Mine } else { Greeting::Foreign }
}

/// Enhanced status codes (RFC 2034) stand behind SMTP replies only: `250 2.1.0 Ok`.
fn enhanced(code: u16, text: &[u8]) -> bool {
    let [class, b'.', subject, b'.', detail, b' ', ..] = text else { return false };
    u16::from(class.saturating_sub(b'0')) == code / 100 && subject.is_ascii_digit() && detail.is_ascii_digit()
}

/// Whether an incomplete line may become a greeting or reply.
pub(super) fn may_greet(bytes: &[u8]) -> bool {
    let digits = bytes.len().min(3);
    bytes[..digits].iter().all(u8::is_ascii_digit)
        && matches!(bytes.first(), None | Some(b'2' | b'3' | b'4' | b'5'))
        && matches!(bytes.get(3), None | Some(b' ' | b'-'))
        && bytes.iter().all(|&b| b >= b' ' || b == b'\r' || b == b'\t')
}
