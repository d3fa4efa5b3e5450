//! Messages.

/// A start-up message is parameters: the server itself takes no longer one.
const STARTUP_MAX: usize = 10_000;

/// The first message of a client, which has no letter in front.
#[derive(Debug, PartialEq, Eq)]
pub enum Startup<'a> {
    /// TLS or GSS is asked for.
    Encrypt,
    /// A query of another connection is to be cancelled.
    Cancel,
    /// Version 3 with its parameters.
    Version {
        /// Name and value in turn, each ended by a zero.
        parameters: &'a [u8],
    },
}

/// Reads the first message and its length; `None` when more is wanted.
///
/// # Errors
/// If it is none.
pub fn startup(bytes: &[u8]) -> Result<Option<(Startup<'_>, usize)>, ()> {
    let Some(length) = number(bytes, 0) else { return Ok(None) };
    if !(8..=STARTUP_MAX).contains(&length) {
        return Err(());
    }
    let Some(code) = number(bytes, 4) else { return Ok(None) };
    let message = match (code, length) {
        (80_877_103 | 80_877_104, 8) => Startup::Encrypt,
        (80_877_102, 16) => Startup::Cancel,
        (196_608..=196_610, 9..) => Startup::Version { parameters: &[] },
        _ => return Err(()),
    };
    let Some(body) = bytes.get(8..length) else { return Ok(None) };
    match message {
        Startup::Version { .. } if body.last() == Some(&0) && body.starts_with(b"user\0") || named(body) => {
            Ok(Some((Startup::Version { parameters: body }, length)))
        }
        Startup::Version { .. } => Err(()),
        other => Ok(Some((other, length))),
    }
}

/// Parameters that do not begin with the user: every name is a word.
fn named(body: &[u8]) -> bool {
    strings(body)
        .next()
        .is_some_and(|name| !name.is_empty() && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'))
}

/// A number of four bytes as a length.
#[must_use]
pub fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let value = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*value)).ok()
}

/// Strings, each ended by a zero.
pub fn strings(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.strip_suffix(&[0]).unwrap_or(bytes).split(|byte| *byte == 0)
}

/// A field of an error or notice: `C` code, `M` message, `S` severity.
#[must_use]
pub fn error_field(body: &[u8], field: u8) -> Option<&[u8]> {
    body.split(|byte| *byte == 0).find_map(|text| text.strip_prefix(&[field]))
}
