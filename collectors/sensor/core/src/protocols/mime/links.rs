//! Links in texts.

use crate::secrets::mask_url;
use crate::text::lossless;

/// Links kept of one letter: newsletters have some dozen.
const LINKS_MAX: usize = 32;
/// Places of one line that are looked at.
const LOOKS_MAX: usize = 64;
/// Longest link that is kept whole; browsers stop at about this.
const LINK_MAX: usize = 2_048;

/// Adds the links of one line that are not known yet.
pub(super) fn collect(line: &[u8], links: &mut Vec<String>) {
    let mut from = 0;
    for _ in 0..LOOKS_MAX {
        let Some(at) = next(line, from).filter(|_| links.len() < LINKS_MAX) else { return };
        let link = &line[at..];
        let end = link.iter().position(|&b| b <= b' ' || b"\"'<>()[]{}|\\^`\x7f".contains(&b));
        let end = end.unwrap_or(link.len()).min(LINK_MAX);
        let link = link[..end].trim_ascii_end();
        let length = link.iter().rposition(|b| !b".,;:!?*_~".contains(b)).map_or(0, |last| last + 1);
        from = at + end.max(4);
        if length > 8 {
            let text = lossless(&mask_url(&link[..length])).into_owned();
            if !links.contains(&text) {
                links.push(text);
            }
        }
    }
}

/// Where the next link begins.
fn next(line: &[u8], from: usize) -> Option<usize> {
    let rest = line.get(from..)?;
    let named = memchr::memmem::find_iter(rest, b"://").find_map(|colon| {
        let begin = rest[..colon].iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        let scheme = &rest[begin..colon];
        [&b"http"[..], b"https", b"ftp"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
            .then_some(begin)
    });
    let bare = memchr::memmem::find_iter(rest, b"www.").find(|&at| {
        at.checked_sub(1)
            .and_then(|before| rest.get(before))
            .is_none_or(|b| b.is_ascii_whitespace() || *b == b'(')
    });
    let first = match (named, bare) {
        (Some(named), Some(bare)) => named.min(bare),
        (named, bare) => named.or(bare)?,
    };
    Some(first + from)
}
