//! Secrets in free text: `password=…`, `"passwd": "…"`, `https://user:…@host`.

use crate::secrets::{is_secret_name, mask, mask_url};

/// The text with the values of secret names, and the passwords of URLs, masked.
pub fn masked(text: &[u8]) -> Vec<u8> {
    let words = text.split(|byte| *byte == b' ');
    let words = words
        .map(|word| if memchr::memmem::find(word, b"://").is_some() { mask_url(word) } else { word.into() });
    let text = words.collect::<Vec<_>>().join(&b' ');
    let mut out = Vec::with_capacity(text.len());
    let mut copied = 0;
    while let Some(at) = memchr::memchr2(b'=', b':', &text[copied..]).map(|at| at + copied) {
        out.extend_from_slice(&text[copied..=at]);
        copied = at + 1;
        if !is_secret_name(name_before(&text[..at])) {
            continue;
        }
        let (from, to) = value_behind(&text, at + 1);
        // A mask of what `mask_url` found stays as it is.
        if from < to && !text[from..to].starts_with(b"k:") {
            out.extend_from_slice(&text[copied..from]);
            out.extend_from_slice(mask(&text[from..to]).as_bytes());
            copied = to;
        }
    }
    out.extend_from_slice(&text[copied..]);
    out
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

/// The name that ends here, without quotes and spaces around it.
fn name_before(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_end();
    let text = text.strip_suffix(b"\"").or_else(|| text.strip_suffix(b"'")).unwrap_or(text);
    let start = text.iter().rposition(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')));
    &text[start.map_or(0, |at| at + 1)..]
}

/// Where the value behind `at` lies: to the closing quote, or to the next space or separator.
fn value_behind(text: &[u8], at: usize) -> (usize, usize) {
    let start = text[at..].iter().position(|byte| *byte != b' ').map_or(text.len(), |n| n + at);
    let quote = text.get(start).copied().filter(|byte| is_quote(*byte));
    let from = start + usize::from(quote.is_some());
    let ends = |byte: &u8| match quote {
        Some(quote) => *byte == quote,
        None => matches!(byte, b' ' | b',' | b';' | b'&' | b')' | b'}' | b'"' | b'\''),
    };
    let to = text[from..].iter().position(ends).map_or(text.len(), |n| n + from);
    (from, to)
}
