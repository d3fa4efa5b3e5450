//! Bencoding (BEP 3), bounded.

/// Levels of nesting: a message, its arguments, a list of peers.
const DEPTH_MAX: usize = 6;

/// Items of one list or dictionary: peers in one datagram.
const ITEMS_MAX: usize = 512;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `i…e`
    Number(i64),
    /// `4:text`
    Text(&'a [u8]),
    /// `l…e`
    List(Vec<Value<'a>>),
    /// `d…e`
    Dictionary(Vec<(&'a [u8], Value<'a>)>),
}

impl<'a> Value<'a> {
    /// A member of a dictionary.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&Value<'a>> {
        let Self::Dictionary(members) = self else { return None };
        members.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The bytes of a text.
    #[must_use]
    pub fn text(&self) -> Option<&'a [u8]> {
        let Self::Text(text) = self else { return None };
        Some(text)
    }

    /// A number.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        let Self::Number(number) = self else { return None };
        Some(*number)
    }

    /// The items of a list.
    #[must_use]
    pub fn items(&self) -> &[Value<'a>] {
        let Self::List(items) = self else { return &[] };
        items
    }
}

/// The value that some bytes are, all of them.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Value<'_>> {
    let (value, rest) = value(bytes, DEPTH_MAX)?;
    rest.is_empty().then_some(value)
}

fn value(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let depth = depth.checked_sub(1)?;
    let (first, rest) = bytes.split_first()?;
    match first {
        b'i' => {
            let end = memchr::memchr(b'e', &rest[..rest.len().min(22)])?;
            let number = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
            Some((Value::Number(number), &rest[end + 1..]))
        }
        b'l' => {
            let (mut items, mut rest) = (Vec::new(), rest);
            while rest.first()? != &b'e' {
                let (item, behind) = value(rest, depth)?;
                items.push(item);
                rest = behind;
                if items.len() > ITEMS_MAX {
                    return None;
                }
            }
            Some((Value::List(items), &rest[1..]))
        }
        b'd' => {
            let (mut members, mut rest) = (Vec::new(), rest);
            while rest.first()? != &b'e' {
                let (name, behind) = text(rest)?;
                let (member, behind) = value(behind, depth)?;
                members.push((name, member));
                rest = behind;
                if members.len() > ITEMS_MAX {
                    return None;
                }
            }
            Some((Value::Dictionary(members), &rest[1..]))
        }
        _ => text(bytes).map(|(text, rest)| (Value::Text(text), rest)),
    }
}

fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', &bytes[..bytes.len().min(6)])?;
    let digits = &bytes[..colon];
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    bytes[colon + 1..].split_at_checked(length)
}
