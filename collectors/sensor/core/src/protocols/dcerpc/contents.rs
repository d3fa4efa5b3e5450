//! Things inside arguments that have a form of their own: tasks in XML, classes, texts of OLE, objects of WMI.

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

/// Program and arguments of a task in XML (MS-TSCH §2.5); the XML itself where there is no program.
#[must_use]
pub fn task(xml: &str) -> String {
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
#[must_use]
pub fn class(bytes: &[u8]) -> Option<String> {
    let known = CLASSES.iter().filter_map(|(uuid, name)| Some((Uuid::parse(uuid)?.little(), name)));
    let found = known.filter_map(|(uuid, name)| Some((memchr::memmem::find(bytes, &uuid)?, name)));
    found.min().map(|(_, name)| (*name).to_owned())
}

/// The texts of OLE in some bytes (MS-OAUT §2.2.23.2), told by their three counts that agree; the last one first.
#[must_use]
pub fn texts(bytes: &[u8], order: Order) -> Option<String> {
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
#[must_use]
pub fn parameters(bytes: &[u8]) -> Option<String> {
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
