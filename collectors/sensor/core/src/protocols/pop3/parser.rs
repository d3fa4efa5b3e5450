//! Lines of POP3 as data (RFC 1939 §3).

/// Arguments of a command that are read; the protocol has at most two.
const ARGUMENTS_MAX: usize = 4;

/// A command line: the command in upper case, and its arguments.
pub(super) fn command(line: &[u8]) -> Option<(String, Vec<&[u8]>)> {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let verb = words.next()?;
    if !(3..=8).contains(&verb.len()) || !verb.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let verb = verb.iter().map(|&b| char::from(b.to_ascii_uppercase())).collect();
    Some((verb, words.take(ARGUMENTS_MAX).collect()))
}

/// How a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    Err,
    /// A challenge: the client goes on.
    Continue,
}

impl Status {
    /// For the event.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Err => "ERR",
            Self::Continue => "CONTINUE",
        }
    }
}

/// A status line, and the text behind the status.
pub(super) fn status(line: &[u8]) -> Option<(Status, &[u8])> {
    let (status, rest) = if let Some(rest) = line.strip_prefix(b"+OK") {
        (Status::Ok, rest)
    } else if let Some(rest) = line.strip_prefix(b"-ERR") {
        (Status::Err, rest)
    } else if let Some(rest) = line.strip_prefix(b"+") {
        (Status::Continue, rest)
    } else {
        return None;
    };
    matches!(rest.first(), None | Some(b' ' | b'\t')).then(|| (status, rest.trim_ascii()))
}

/// Whether a line begins an answer, where it may be text as well.
pub(super) fn is_status(line: &[u8]) -> bool {
    matches!(status(line), Some((Status::Ok | Status::Err, _)))
}

/// Whether a good answer to a command has lines up to a dot.
pub(super) fn is_multiline(verb: &str, arguments: usize) -> bool {
    match verb {
        "CAPA" | "RETR" | "TOP" => true,
        "LIST" | "UIDL" | "AUTH" => arguments == 0,
        _ => false,
    }
}
