//! Names of kinds of messages and of errors (RFC 3416 §3).

use super::parser::Kind;

/// Name of a kind of message.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Get => "get",
        Kind::GetNext => "get-next",
        Kind::Response => "response",
        Kind::Set => "set",
        Kind::Trap => "trap",
        Kind::GetBulk => "get-bulk",
        Kind::Inform => "inform",
        Kind::TrapV2 => "trap-v2",
        Kind::Report => "report",
        Kind::Encrypted => "encrypted",
    }
}

/// Name of an error; `None` for no error.
#[must_use]
pub fn error(number: i64) -> Option<&'static str> {
    const NAMES: [&str; 18] = [
        "tooBig",
        "noSuchName",
        "badValue",
        "readOnly",
        "genErr",
        "noAccess",
        "wrongType",
        "wrongLength",
        "wrongEncoding",
        "wrongValue",
        "noCreation",
        "inconsistentValue",
        "resourceUnavailable",
        "commitFailed",
        "undoFailed",
        "authorizationError",
        "notWritable",
        "inconsistentName",
    ];
    match number {
        0 => None,
        _ => Some(usize::try_from(number - 1).ok().and_then(|index| NAMES.get(index)).unwrap_or(&"unknown")),
    }
}
