//! What a call acts upon, taken from its arguments.
//!
//! How to read them stands behind the operation's name in `interfaces.txt`, one letter a value: `h` a handle, `l` `w` `b`
//! numbers of 32, 16 and 8 bits, `s` a text of UTF-16, `a` one of bytes, `S` and `A` the same behind a pointer that may be
//! null, `U` a counted text, `c` a credential of 8 bytes, `o` the head of an object call, `B` a text of OLE, `g` a class
//! anywhere in the rest, `V` all texts of OLE in the rest, last first (so are arguments of methods kept), `P` what
//! a method of WMI is given. In front of a text, `>` takes it for the target and `!` for the command; two targets are joined.

use super::contents;
use super::ndr::Reader;
use super::pdu::Order;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Service, task, key, account, file or server that the call names.
    pub target: Option<String>,
    /// Program or query that it brings.
    pub command: Option<String>,
    /// The credential is all zeros.
    pub zero: Option<bool>,
}

/// Does this letter mean something?
#[cfg(test)]
pub fn is_known(letter: char) -> bool {
    "hlwbsaSAUcoBgVP>!".contains(letter)
}

/// Where a text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Nowhere,
    Target,
    Command,
}

/// Reads as far as the bytes go.
#[must_use]
pub fn read(pattern: &str, bytes: &[u8], order: Order, wide: bool) -> Arguments {
    let mut found = Arguments::default();
    let mut reader = Reader::new(bytes, order, wide);
    let mut into = Into::Nowhere;
    for letter in pattern.chars() {
        match letter {
            '>' => into = Into::Target,
            '!' => into = Into::Command,
            'g' => found.target = contents::class(bytes.get(reader.position()..).unwrap_or_default()),
            'V' => {
                found.take(into, contents::texts(bytes.get(reader.position()..).unwrap_or_default(), order))
            }
            'P' => found.take(into, contents::parameters(bytes.get(reader.position()..).unwrap_or_default())),
            'c' => found.zero = reader.take(8).map(|credential| credential == [0; 8]),
            _ => {
                let Some(value) = value(letter, &mut reader) else { break };
                found.take(into, value);
                into = Into::Nowhere;
            }
        }
    }
    found
}

/// One value; text where it is one. `None` at the end of what is there.
fn value(letter: char, reader: &mut Reader<'_>) -> Option<Option<String>> {
    Some(match letter {
        'h' => reader.handle().map(|()| None)?,
        'l' => reader.u32().map(|_| None)?,
        'w' => reader.u16().map(|_| None)?,
        'b' => reader.u8().map(|_| None)?,
        's' => Some(reader.string(true)?),
        'a' => Some(reader.string(false)?),
        'S' if reader.pointer()? => Some(reader.string(true)?),
        'A' if reader.pointer()? => Some(reader.string(false)?),
        'U' => {
            let _ = (reader.u16()?, reader.u16()?);
            if reader.pointer()? { Some(reader.string(true)?) } else { None }
        }
        // Version, flags, reserved, causality; extensions are none (MS-DCOM §2.2.13.3).
        'o' => reader.take(28).and_then(|_| reader.pointer()).filter(|extended| !extended).map(|_| None)?,
        'B' if reader.pointer()? => {
            // Room, bytes and characters (MS-OAUT §2.2.23.2).
            let (_, _, count) = (reader.size()?, reader.u32()?, reader.u32()?);
            Some(reader.characters(usize::try_from(count).ok()?, true)?)
        }
        _ => None,
    })
}

impl Arguments {
    fn take(&mut self, into: Into, value: Option<String>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else { return };
        match into {
            Into::Nowhere => {}
            Into::Target => match &mut self.target {
                Some(target) => {
                    target.push('.');
                    target.push_str(&value);
                }
                none => *none = Some(value),
            },
            Into::Command => {
                self.command = Some(if value.starts_with('<') { contents::task(&value) } else { value })
            }
        }
    }
}
