//! Commands inside of commands: TRANSACTION carries what goes through pipes, TRANSACTION2 and NT_TRANSACT what the first
//! commands of SMB had no words for (MS-CIFS §2.2.5 to 2.2.7).

use super::parser::{Block, command};
use crate::protocols::smb::parser::{Change, Data, file_change};
use crate::protocols::smb::wire::Wire;

/// Writes to a pipe and reads its answer in one (§2.2.5.6).
const TRANSACT_PIPE: u16 = 0x26;

/// Subcommands of TRANSACTION2 (§2.2.6). SESSION_SETUP was never used by anyone but the DoublePulsar implant.
const SUBCOMMANDS2: [(u16, &str); 10] = [
    (0x00, "TRANS2_OPEN2"),
    (FIND_FIRST2, "TRANS2_FIND_FIRST2"),
    (0x04, "TRANS2_SET_FS_INFORMATION"),
    (SET_PATH, "TRANS2_SET_PATH_INFORMATION"),
    (SET_FILE, "TRANS2_SET_FILE_INFORMATION"),
    (0x09, "TRANS2_FSCTL"),
    (0x0d, "TRANS2_CREATE_DIRECTORY"),
    (0x0e, "TRANS2_SESSION_SETUP"),
    (0x10, "TRANS2_GET_DFS_REFERRAL"),
    (0x11, "TRANS2_REPORT_DFS_INCONSISTENCY"),
];
const FIND_FIRST2: u16 = 0x01;
const SET_PATH: u16 = 0x06;
const SET_FILE: u16 = 0x08;

/// Functions of NT_TRANSACT (§2.2.7).
const FUNCTIONS: [(u16, &str); 6] = [
    (1, "NT_TRANSACT_CREATE"),
    (2, "NT_TRANSACT_IOCTL"),
    (3, "NT_TRANSACT_SET_SECURITY_DESC"),
    (4, "NT_TRANSACT_NOTIFY_CHANGE"),
    (5, "NT_TRANSACT_RENAME"),
    (6, "NT_TRANSACT_QUERY_SECURITY_DESC"),
];

/// What a transaction wants.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish<'a> {
    /// Bytes for a pipe, and its answer.
    Pipe { file: u16, input: &'a [u8] },
    /// A file gets new properties.
    Change { file: Option<u16>, path: Option<String>, change: Change },
    /// Names of a directory that match a pattern.
    Find(String),
    /// Anything else that is worth an event.
    Other(String),
    /// It only asks.
    Nothing,
}

/// Reads the request of a TRANSACTION, TRANSACTION2 or NT_TRANSACT.
pub fn wish<'a>(block: &Block<'a>) -> Option<Wish<'a>> {
    Some(match block.command {
        command::TRANSACTION => match (block.words.u16(28), block.words.u16(30)) {
            (Some(TRANSACT_PIPE), Some(file)) => Wish::Pipe { file, input: part(block, 22, 24)? },
            _ => Wish::Other(block.text(block.bytes.at).0),
        },
        command::TRANSACTION2 => transaction2(block)?,
        _ => {
            let function = block.words.u16(36)?;
            match FUNCTIONS.iter().find(|(number, _)| *number == function) {
                Some((6, _)) => Wish::Nothing,
                Some((_, name)) => Wish::Other((*name).to_owned()),
                None => Wish::Other(format!("0x{function:04x}")),
            }
        }
    })
}

fn transaction2<'a>(block: &Block<'a>) -> Option<Wish<'a>> {
    let number = block.words.u16(28)?;
    let (parameters, data) = (Wire(part(block, 18, 20)?), part(block, 22, 24).unwrap_or_default());
    Some(match number {
        FIND_FIRST2 => Wish::Find(name(block, 12)?),
        SET_FILE => Wish::Change {
            file: parameters.u16(0),
            path: None,
            change: change(parameters.u16(2)?, Wire(data)),
        },
        SET_PATH => {
            Wish::Change { file: None, path: name(block, 6), change: change(parameters.u16(0)?, Wire(data)) }
        }
        _ => match SUBCOMMANDS2.iter().find(|(known, _)| *known == number) {
            Some((_, name)) => Wish::Other((*name).to_owned()),
            // Queries, and the rest of a find.
            None if number <= 0x10 => Wish::Nothing,
            None => Wish::Other(format!("0x{number:04x}")),
        },
    })
}

/// What the levels of SMB 1 mean: its own, or 1000 and a class of MS-FSCC (MS-SMB §2.2.2.3.5).
fn change(level: u16, data: Wire<'_>) -> Change {
    match level {
        0x0102 => file_change(13, data),
        0x0104 => file_change(20, data),
        // Here the name's length follows a root of four bytes only.
        1_010 | 1_011 => {
            let length = data.u32(8).and_then(|length| usize::try_from(length).ok());
            let path = length.map(|length| data.wide(12, length));
            match path {
                Some(path) if level == 1_010 => Change::Rename(path),
                Some(path) => Change::Link(path),
                None => Change::Other,
            }
        }
        1_013 => file_change(13, data),
        1_064 => file_change(64, data),
        _ => Change::Other,
    }
}

/// A name inside of the parameters.
fn name(block: &Block<'_>, at: usize) -> Option<String> {
    let place = block.size(20)?.checked_add(at)?;
    Some(block.text(place).0)
}

/// Parameters or data: their length and their place stand in the words.
fn part<'a>(block: &Block<'a>, length: usize, place: usize) -> Option<&'a [u8]> {
    Some(block.message.part(block.size(place)?, block.size(length)?))
}

/// The data that the answer of a TRANSACTION carries (§2.2.4.33.2).
pub fn answer(block: &Block<'_>) -> Option<Data> {
    Some(Data { at: block.size(14)?, length: block.size(12)? })
}
