//! What a call acts upon, taken from its arguments.
//!
//! How to read them stands behind the operation's name in `interfaces.txt`, one letter a value: `h` a handle, `l` `w` `b`
//! numbers of 32, 16 and 8 bits, `s` a text of UTF-16, `a` one of bytes, `S` and `A` the same behind a pointer that may be
//! null, `U` a counted text, `c` a credential of 8 bytes, `o` the head of an object call, `B` a text of OLE, `g` a class
//! anywhere in the rest, `V` all texts of OLE in the rest, last first (so are arguments of methods kept), `P` what
//! a method of WMI is given, `r` a relative identifier of an account, `R` and `N` a counted list of them or of names, `d` an
//! identifier of security, `D` kind and content of a registry value, told if it is text. In front of a text, `>` takes it for the target and `!` for the command; two targets are joined.

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
    "hlwbsaSAUcoBgVPrRNdD>!".contains(letter)
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
        'r' => Some(reader.u32()?.to_string()),
        'R' => {
            let count = counted(reader)?;
            let numbers = (0..count).map_while(|_| reader.u32()).map(|number| number.to_string());
            Some(numbers.collect::<Vec<_>>().join(","))
        }
        'N' => names(reader),
        'd' => Some(security_identifier(reader)?),
        'D' => registry_text(reader),
        'B' if reader.pointer()? => {
            // Room, bytes and characters (MS-OAUT §2.2.23.2).
            let (_, _, count) = (reader.size()?, reader.u32()?, reader.u32()?);
            Some(reader.characters(usize::try_from(count).ok()?, true)?)
        }
        _ => None,
    })
}

/// Entries of a list told.
const LIST_MAX: usize = 32;

/// Count, room, offset and length of a list: how many entries of it are read.
fn counted(reader: &mut Reader<'_>) -> Option<usize> {
    let (_, _, _, count) = (reader.u32()?, reader.size()?, reader.size()?, reader.size()?);
    Some(count.min(LIST_MAX))
}

/// The heads of all texts stand before the first of them.
fn names(reader: &mut Reader<'_>) -> Option<String> {
    let (_, _, _, count) = (reader.u32()?, reader.size()?, reader.size()?, reader.size()?);
    if count > LIST_MAX {
        return None;
    }
    let mut there = 0;
    for _ in 0..count {
        let _ = (reader.u16()?, reader.u16()?);
        there += usize::from(reader.pointer()?);
    }
    let names: Vec<_> = (0..there).map_while(|_| reader.text()).collect();
    Some(names.join(","))
}

/// `S-1-5-21-…-512` (MS-DTYP §2.4.2).
fn security_identifier(reader: &mut Reader<'_>) -> Option<String> {
    let _ = reader.size()?;
    let head = reader.take(8)?;
    let authority = head[2..].iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let mut told = format!("S-{}-{authority}", head[0]);
    for _ in 0..head[1].min(15) {
        told.push_str(&format!("-{}", reader.u32()?));
    }
    Some(told)
}

/// A text of the registry (REG_SZ, REG_EXPAND_SZ); numbers and binary values are not told.
fn registry_text(reader: &mut Reader<'_>) -> Option<String> {
    let (kind, size) = (reader.u32()?, reader.size()?);
    matches!(kind, 1 | 2).then(|| reader.characters(size / 2, true))?
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
            // A password that is set stays one.
            Into::Command if self.target.as_deref().is_some_and(names_secret) => {
                self.command = Some(crate::secrets::mask(value.as_bytes()));
            }
            Into::Command => {
                self.command = Some(if value.starts_with('<') { contents::task(&value) } else { value })
            }
        }
    }
}

fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passwd", "secret"].iter().any(|word| name.contains(word))
}
