//! What a call acts upon, taken from its arguments.
//!
//! How to read them stands behind the operation's name in `interfaces.txt`, one letter a value: `h` a handle, `l` `w` `b`
//! numbers of 32, 16 and 8 bits, `s` a text of UTF-16, `a` one of bytes, `S` and `A` the same behind a pointer that may be
//! null, `U` a counted text, `c` a credential of 8 bytes, `o` the head of an object call, `B` a text of OLE, `g` a class
//! anywhere in the rest, `V` all texts of OLE in the rest, last first (so are arguments of methods kept), `P` what
//! a method of WMI is given. In front of a text, `>` takes it for the target and `!` for the command; two targets are joined.

use super::ndr::Reader;
use super::pdu::Order;
use super::uuid::Uuid;
use crate::text;

/// Texts of OLE taken of one call: methods that run programs have four arguments.
const TEXTS_MAX: usize = 8;

/// Classes whose activation from afar runs programs (MS-DCOM; MITRE ATT&CK T1021.003, T1047).
const CLASSES: [(&str, &str); 10] = [
    ("8bc3f05e-d86b-11d0-a075-00c04fb68820", "WbemLevel1Login"),
    ("49b2791a-b1ae-4c90-9b8e-e860ba07f889", "MMC20.Application"),
    ("9ba05972-f6a8-11cf-a442-00a0c90a8f39", "ShellWindows"),
    ("c08afd90-f2a1-11d1-8455-00a0c91f3880", "ShellBrowserWindow"),
    ("00024500-0000-0000-c000-000000000046", "Excel.Application"),
    ("000209ff-0000-0000-c000-000000000046", "Word.Application"),
    ("0006f03a-0000-0000-c000-000000000046", "Outlook.Application"),
    ("00021a20-0000-0000-c000-000000000046", "Visio.Application"),
    ("0f87369f-a4e5-4cfc-bd3e-73e6154572dd", "Schedule.Service"),
    ("000c101c-0000-0000-c000-000000000046", "Msi.Package"),
];

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
            'g' => found.target = class(bytes.get(reader.position()..).unwrap_or_default()),
            'V' => found.take(into, texts(bytes.get(reader.position()..).unwrap_or_default(), order)),
            'P' => found.take(into, parameters(bytes.get(reader.position()..).unwrap_or_default())),
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
            Into::Command => self.command = Some(if value.starts_with('<') { task(&value) } else { value }),
        }
    }
}

/// Program and arguments of a task in XML (MS-TSCH §2.5); the XML itself where there is no program.
fn task(xml: &str) -> String {
    let content = |tag: &str| {
        let (_, rest) = xml.split_once(&format!("<{tag}>"))?;
        Some(rest.split_once("</").map_or(rest, |(content, _)| content))
    };
    match (content("Command"), content("Arguments")) {
        (Some(command), Some(arguments)) => format!("{command} {arguments}"),
        (Some(command), None) => command.to_owned(),
        _ => xml.to_owned(),
    }
}

/// The first known class in some bytes.
fn class(bytes: &[u8]) -> Option<String> {
    let known = CLASSES.iter().filter_map(|(uuid, name)| Some((Uuid::parse(uuid)?.little(), name)));
    let found = known.filter_map(|(uuid, name)| Some((memchr::memmem::find(bytes, &uuid)?, name)));
    found.min().map(|(_, name)| (*name).to_owned())
}

/// The texts of OLE in some bytes (MS-OAUT §2.2.23.2), told by their three counts that agree; the last one first.
fn texts(bytes: &[u8], order: Order) -> Option<String> {
    let mut texts = Vec::new();
    let mut at = 0;
    while let (Some(room), Some(length)) = (order.u32(bytes, at), order.u32(bytes, at + 4)) {
        let count = usize::try_from(room).ok()?;
        let agree = order.u32(bytes, at + 8) == Some(room) && room.checked_mul(2) == Some(length) && room > 0;
        at += 4;
        if agree && count <= bytes.len() && texts.len() < TEXTS_MAX {
            let mut reader = Reader::new(bytes.get(at + 8..)?, order, false);
            texts.extend(reader.characters(count, true).filter(|text| !text.is_empty()));
            at = (at + 8 + 2 * count).next_multiple_of(4);
        }
    }
    texts.reverse();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// The values that a method of WMI is given: strings behind the name of their class at the end of the encoded object
/// (MS-WMIO §2.2.78: a flag, then bytes or UTF-16, then zero).
fn parameters(bytes: &[u8]) -> Option<String> {
    const CLASS: &[u8] = b"__PARAMETERS\0";
    let mut rest = bytes.get(memchr::memmem::rfind(bytes, CLASS)? + CLASS.len()..)?;
    let mut values = Vec::new();
    while let (Some((flag, text)), true) = (rest.split_first(), values.len() < TEXTS_MAX) {
        let (value, length) = match flag {
            0 => {
                let end = memchr::memchr(0, text)?;
                (text::lossless(text.get(..end)?).into_owned(), end)
            }
            1 => {
                let units = text.chunks_exact(2).take_while(|unit| **unit != [0, 0]).count();
                (text::utf16(text.get(..2 * units)?), 2 * units + 1)
            }
            _ => break,
        };
        if value.chars().any(|letter| letter.is_control() && !letter.is_whitespace()) {
            break;
        }
        values.extend(Some(value).filter(|value| !value.is_empty()));
        rest = text.get(length + 1..).unwrap_or_default();
    }
    (!values.is_empty()).then(|| values.join(" "))
}
