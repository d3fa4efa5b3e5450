//! Bytes from the wire as text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// UTF-8 as it is; every byte that is not part of valid UTF-8 as `\xNN`, so that nothing is lost.
#[must_use]
pub fn lossless(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::lossless;

    #[test]
    fn keeps_utf8_and_escapes_the_rest() {
        assert_eq!(lossless("Tỉnh ủy".as_bytes()), "Tỉnh ủy");
        assert_eq!(lossless(b"a\xff\xc3b"), "a\\xff\\xc3b");
    }
}
