//! Lines of IMAP as data (RFC 9051 §2.2, §9).

use crate::protocols::Direction;

/// Longest tag that is taken for one; clients use four to ten letters.
const TAG_MAX: usize = 32;
/// Words of a command that are read; only the first ones matter.
const WORDS_MAX: usize = 16;
/// Longest word that is kept: names of mailboxes and accounts.
pub(super) const WORD_MAX: usize = 512;

/// A literal at the end of a line: `{12}`, `{12+}`, `~{12}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Literal<'a> {
    pub(super) size: u64,
    /// The line in front of it.
    pub(super) before: &'a [u8],
}

/// The literal that a line announces.
pub(super) fn literal(line: &[u8]) -> Option<Literal<'_>> {
    let inner = line.strip_suffix(b"}")?;
    let open = memchr::memrchr(b'{', inner)?;
    let digits = &inner[open + 1..];
    let digits = digits.strip_suffix(b"+").or_else(|| digits.strip_suffix(b"-")).unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(Literal { size, before: inner[..open].trim_ascii_end() })
}

/// Adds the words of a line; quoted strings are words without their quotes.
pub(super) fn words(line: &[u8], words: &mut Vec<Vec<u8>>) {
    let mut rest = line.trim_ascii();
    while !rest.is_empty() && words.len() < WORDS_MAX {
        let mut word = Vec::new();
        if let Some(mut quoted) = rest.strip_prefix(b"\"") {
            while let Some((&byte, tail)) = quoted.split_first() {
                quoted = tail;
                match byte {
                    b'"' => break,
                    b'\\' => {
                        word.extend(quoted.first());
                        quoted = quoted.get(1..).unwrap_or_default();
                    }
                    _ => word.push(byte),
                }
            }
            rest = quoted;
        } else {
            let end = rest.iter().position(|&b| b == b' ').unwrap_or(rest.len());
            word.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
        word.truncate(WORD_MAX);
        words.push(word);
        rest = rest.trim_ascii_start();
    }
}

/// Whether a word is a tag.
pub(super) fn is_tag(word: &[u8]) -> bool {
    (1..=TAG_MAX).contains(&word.len())
        && word.iter().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
}

/// How a command was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer<'a> {
    /// `tag OK …` or, refused, `tag NO …`, `tag BAD …`.
    Tagged {
        tag: &'a [u8],
        good: bool,
        text: &'a [u8],
    },
    /// `+ …`: go on.
    Continue,
    /// `* …`
    Untagged(&'a [u8]),
    Other,
}

/// Reads a line of a server.
pub(super) fn answer(line: &[u8]) -> Answer<'_> {
    let (first, rest) = split(line);
    match first {
        b"*" => Answer::Untagged(rest),
        b"+" => Answer::Continue,
        tag if is_tag(tag) => {
            let (status, text) = split(rest);
            match &status.to_ascii_uppercase()[..] {
                b"OK" => Answer::Tagged { tag, good: true, text },
                b"NO" | b"BAD" => Answer::Tagged { tag, good: false, text },
                _ => Answer::Other,
            }
        }
        _ => Answer::Other,
    }
}

/// The first word and the rest.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b' ', line).unwrap_or(line.len());
    (&line[..end], line[end..].trim_ascii())
}

/// What a literal in an answer to FETCH is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A letter, whole.
    Whole,
    /// A piece of a letter that begins at this byte (RFC 9051 §7.5.2).
    Piece(u64),
    /// Heads, parts, names.
    Other,
}

/// The item in front of a literal.
pub(super) fn item(before: &[u8]) -> Item {
    let word = before.rsplit(|b| matches!(b, b' ' | b'(')).next().unwrap_or_default().to_ascii_uppercase();
    if matches!(&word[..], b"BODY[]" | b"RFC822" | b"BINARY[]") {
        return Item::Whole;
    }
    let piece = word.strip_prefix(b"BODY[]<").and_then(|rest| rest.strip_suffix(b">"));
    let origin = piece.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    origin.map_or(Item::Other, Item::Piece)
}

/// The size of the pieces that a client asks for: `BODY.PEEK[]<0.20480>`.
pub(super) fn piece_size(line: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(line, b"[]<")?;
    let piece = &line[at + 3..];
    let piece = &piece[..memchr::memchr(b'>', piece)?];
    let dot = memchr::memchr(b'.', piece)?;
    std::str::from_utf8(&piece[dot + 1..]).ok()?.parse().ok()
}

/// Whether a line is a server's greeting.
pub(super) fn is_greeting(line: &[u8]) -> bool {
    let printable = line.iter().all(|b| (b' '..=b'~').contains(b) || *b >= 0x80);
    let starts: [&[u8]; 3] = [b"* OK ", b"* PREAUTH ", b"* BYE "];
    printable
        && starts
            .iter()
            .any(|start| line.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start)))
}

/// Whether a line is a command that a client may begin with (or go on with, when the beginning was not seen).
pub(super) fn is_opening(line: &[u8]) -> bool {
    // A tag with a number in it: words of other protocols have none.
    let (tag, rest) = split(line);
    if !is_tag(tag)
        || !tag.iter().any(u8::is_ascii_digit)
        || !rest.first().is_some_and(u8::is_ascii_alphabetic)
    {
        return false;
    }
    let mut found = Vec::new();
    words(line, &mut found);
    let [_, verb, arguments @ ..] = &found[..] else { return false };
    match (&verb.to_ascii_uppercase()[..], arguments) {
        (b"CAPABILITY" | b"STARTTLS" | b"IDLE" | b"LOGOUT" | b"NAMESPACE", []) => true,
        (b"LOGIN", [_, ..]) | (b"AUTHENTICATE", [_] | [_, _]) => true,
        (b"SELECT" | b"EXAMINE", [_, ..]) => true,
        (b"ID", [first, ..]) => first.starts_with(b"(") || first.eq_ignore_ascii_case(b"NIL"),
        (b"UID", [first, ..]) => {
            [&b"FETCH"[..], b"SEARCH", b"STORE", b"COPY"].iter().any(|word| first.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Whether the beginning of a line may become an opening.
pub(super) fn may_open(direction: Direction, bytes: &[u8]) -> bool {
    let printable = bytes.iter().all(|b| (b' '..=b'~').contains(b) || *b == b'\r');
    let space = memchr::memchr(b' ', bytes);
    let first = &bytes[..space.unwrap_or(bytes.len())];
    let begins = match direction {
        Direction::ToClient => b"* ".starts_with(&bytes[..bytes.len().min(2)]),
        Direction::ToServer => first.is_empty() || is_tag(first),
    };
    printable && begins
}
