//! Text of queries, fit to be told: short, and without the passwords that some carry.

use crate::secrets;
use crate::text::lossless;

/// Bytes of a query that are told: enough to see what it is after.
pub const QUERY_MAX: usize = 2_048;

/// Words in front of a password (`ALTER USER … PASSWORD '…'`, `IDENTIFIED BY '…'`, `SET PASSWORD = '…'`), lower case.
const SECRET_WORDS: [&[u8]; 3] = [b"password", b"identified", b"passwd"];

/// Bytes between such a word and the quote in front of the secret: `WITH mysql_native_password AS `, spaces, brackets.
const REACH: usize = 48;

/// The text of a query.
#[must_use]
pub fn shown(query: &[u8]) -> String {
    let query = query.strip_suffix(&[0]).unwrap_or(query);
    let query = &query[..query.len().min(QUERY_MAX)];
    lossless(&masked(query)).into_owned()
}

fn masked(query: &[u8]) -> Vec<u8> {
    let lower = query.to_ascii_lowercase();
    let mut out = Vec::with_capacity(query.len());
    let mut copied = 0;
    let mut at = 0;
    while let Some(word) = next_word(&lower, at) {
        at = word;
        let near = &query[word..query.len().min(word + REACH)];
        let Some(quote) = near.iter().position(|byte| matches!(byte, b'\'' | b'"')).map(|found| word + found)
        else {
            continue;
        };
        if near[..quote - word].contains(&b';') {
            continue;
        }
        let begin = quote + 1;
        // What is cut off at the end is part of the secret.
        let end = query[begin..]
            .iter()
            .position(|byte| *byte == query[quote])
            .map_or(query.len(), |found| begin + found);
        if end > begin {
            out.extend_from_slice(&query[copied..begin]);
            out.extend_from_slice(secrets::mask(&query[begin..end]).as_bytes());
            copied = end;
        }
        at = at.max(end);
    }
    out.extend_from_slice(&query[copied..]);
    out
}

/// Where the next of the words ends.
fn next_word(lower: &[u8], from: usize) -> Option<usize> {
    let rest = lower.get(from..)?;
    let ends = SECRET_WORDS.iter().filter_map(|word| Some(memchr::memmem::find(rest, word)? + word.len()));
    ends.min().map(|end| from + end)
}
