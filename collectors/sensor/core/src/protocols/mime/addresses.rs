//! Lists of mailboxes in headers (RFC 5322 §3.4).

use super::words::readable;

/// The mailboxes of a header value, as written and decoded, and their addresses in lower case.
pub(super) fn mailboxes(value: &[u8], most: usize) -> (Vec<String>, Vec<String>) {
    let (mut written, mut addresses) = (Vec::new(), Vec::new());
    for part in split(value).take(most) {
        written.push(readable(part).into_owned());
        addresses.extend(address(part));
    }
    (written, addresses)
}

/// The parts between commas, outside of quotes, angle brackets and comments.
fn split(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut depth, mut escaped) = (false, 0_u32, false);
    let parts = value.split(move |&byte| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match byte {
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'(' | b'<' if !quoted => depth += 1,
            b')' | b'>' if !quoted => depth = depth.saturating_sub(1),
            b',' if !quoted && depth == 0 => return true,
            _ => {}
        }
        false
    });
    parts.map(<[u8]>::trim_ascii).filter(|part| !part.is_empty())
}

/// The address of one mailbox: in angle brackets, or the word with an at sign.
fn address(mailbox: &[u8]) -> Option<String> {
    let bracketed = memchr::memrchr(b'<', mailbox).map(|at| &mailbox[at + 1..]);
    let found = match bracketed {
        Some(inner) => &inner[..memchr::memchr(b'>', inner).unwrap_or(inner.len())],
        None => mailbox.split(u8::is_ascii_whitespace).find(|word| word.contains(&b'@'))?,
    };
    let text = readable(found).trim().to_lowercase();
    (!text.is_empty()).then_some(text)
}
