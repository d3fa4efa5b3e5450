//! As much of DER (X.690) as SPNEGO and Kerberos tokens need.

/// One element: its tag, its content, and what follows it. Tags of one byte and lengths of up to three bytes, which is
/// all that these protocols use; a content that is cut is none.
pub(super) fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// The content of the element, if it has this tag.
pub(super) fn content(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    element(bytes).filter(|(found, ..)| *found == tag).map(|(_, content, _)| content)
}

/// The elements of a sequence, one after the other.
pub(super) fn elements(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, content, rest) = element(bytes)?;
        bytes = rest;
        Some((tag, content))
    })
}

/// The element with this tag in a sequence.
pub(super) fn member(sequence: &[u8], tag: u8) -> Option<&[u8]> {
    elements(sequence).find(|(found, _)| *found == tag).map(|(_, content)| content)
}

/// An object identifier in dotted form.
pub(super) fn dotted(content: &[u8]) -> String {
    let mut parts = Vec::new();
    let mut value = 0_u64;
    for byte in content {
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if parts.is_empty() {
                let first = (value / 40).min(2);
                parts.extend([first, value - 40 * first]);
            } else {
                parts.push(value);
            }
            value = 0;
        }
    }
    parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}
