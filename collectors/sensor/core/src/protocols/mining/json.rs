//! As much of JSON (RFC 8259) as the lines of a pool need; strict, and bounded in depth and number of values.

use std::borrow::Cow;

/// Levels of nesting: a subscription's answer has four.
const DEPTH_MAX: usize = 8;

/// Members and items of one list or object: branches of a Merkle tree, methods of a log-in.
const ITEMS_MAX: usize = 1_024;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, as it stands.
    Number(&'a str),
    /// A string.
    Text(Cow<'a, str>),
    /// `[…]`.
    List(Vec<Value<'a>>),
    /// `{…}`.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// A member of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// An item of a list.
    #[must_use]
    pub fn item(&self, index: usize) -> Option<&Value<'a>> {
        let Self::List(items) = self else { return None };
        items.get(index)
    }

    /// The text of a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        let Self::Text(text) = self else { return None };
        Some(text)
    }
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It may go on.
    Incomplete,
    /// It is no JSON, or more than is read.
    Broken,
}

/// The first value of some bytes, and how many it takes.
pub fn read(bytes: &[u8]) -> Result<(Value<'_>, usize), Problem> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // A character that is cut is not wrong.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).map_err(|_| Problem::Broken)?
        }
        Err(_) => return Err(Problem::Broken),
    };
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(DEPTH_MAX)?;
    Ok((value, reader.at))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Result<u8, Problem> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.text.as_bytes().get(self.at).copied().ok_or(Problem::Incomplete)
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Problem> {
        let depth = depth.checked_sub(1).ok_or(Problem::Broken)?;
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => Ok(Value::Text(self.string()?)),
            b't' => self.word("true", Value::Flag(true)),
            b'f' => self.word("false", Value::Flag(false)),
            b'n' => self.word("null", Value::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(Problem::Broken),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Problem> {
        let rest = &self.text[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        Err(if word.starts_with(rest) { Problem::Incomplete } else { Problem::Broken })
    }

    fn number(&mut self) -> Result<Value<'a>, Problem> {
        let rest = &self.text[self.at..];
        let part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.bytes().take_while(part).count();
        // A number ends where something else begins.
        if length == rest.len() {
            return Err(Problem::Incomplete);
        }
        self.at += length;
        Ok(Value::Number(&rest[..length]))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Problem> {
        self.at += 1;
        let rest = &self.text[self.at..];
        let mut escaped = false;
        for (index, byte) in rest.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at += index + 1;
                    return unescape(&rest[..index]);
                }
                0..=0x1f => return Err(Problem::Broken),
                _ => {}
            }
        }
        Err(Problem::Incomplete)
    }

    fn list(&mut self, depth: usize) -> Result<Value<'a>, Problem> {
        let mut items = Vec::new();
        self.at += 1;
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.goes_on(b']', items.len())? {
                continue;
            }
            return Ok(Value::List(items));
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, Problem> {
        let mut members = Vec::new();
        self.at += 1;
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek()? != b'"' {
                return Err(Problem::Broken);
            }
            let name = self.string()?;
            if self.peek()? != b':' {
                return Err(Problem::Broken);
            }
            self.at += 1;
            members.push((name, self.value(depth)?));
            if self.goes_on(b'}', members.len())? {
                continue;
            }
            return Ok(Value::Object(members));
        }
    }

    /// Behind an item: a comma, or the end.
    fn goes_on(&mut self, end: u8, items: usize) -> Result<bool, Problem> {
        let next = self.peek()?;
        self.at += 1;
        match next {
            b',' if items < ITEMS_MAX => Ok(true),
            _ if next == end => Ok(false),
            _ => Err(Problem::Broken),
        }
    }
}

fn unescape(raw: &str) -> Result<Cow<'_, str>, Problem> {
    if !raw.contains('\\') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        text.push(match characters.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).map_err(|_| Problem::Broken)?;
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            Some(other @ ('"' | '\\' | '/')) => other,
            _ => return Err(Problem::Broken),
        });
    }
    Ok(Cow::Owned(text))
}
