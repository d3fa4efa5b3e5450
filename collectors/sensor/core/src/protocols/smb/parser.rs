//! Messages of SMB 2 and 3 (MS-SMB2 §2.2): pure functions. `message` is always a whole command with its header, so that
//! the offsets in it, which count from the header, need no correction.

use super::wire::Wire;
use crate::time::Micros;

/// Bytes of the header.
pub const HEADER: usize = 64;
/// Bytes of a read response before its data can begin.
pub const READ_RESPONSE: usize = HEADER + 16;
/// Bytes of a write request before its data can begin.
pub const WRITE_REQUEST: usize = HEADER + 48;

/// Dialects read from an offer: five exist.
const DIALECTS_MAX: usize = 16;
/// Negotiate contexts read: seven kinds exist.
const CONTEXTS_MAX: usize = 16;
/// The context that chooses the cipher.
const ENCRYPTION: u16 = 2;

/// Commands by number; names in [`super::names::COMMANDS`].
pub mod command {
    pub const NEGOTIATE: u16 = 0;
    pub const SESSION_SETUP: u16 = 1;
    pub const LOGOFF: u16 = 2;
    pub const TREE_CONNECT: u16 = 3;
    pub const TREE_DISCONNECT: u16 = 4;
    pub const CREATE: u16 = 5;
    pub const CLOSE: u16 = 6;
    pub const FLUSH: u16 = 7;
    pub const READ: u16 = 8;
    pub const WRITE: u16 = 9;
    pub const LOCK: u16 = 10;
    pub const IOCTL: u16 = 11;
    pub const CANCEL: u16 = 12;
    pub const QUERY_DIRECTORY: u16 = 14;
    pub const CHANGE_NOTIFY: u16 = 15;
    pub const QUERY_INFO: u16 = 16;
    pub const SET_INFO: u16 = 17;
    pub const OPLOCK_BREAK: u16 = 18;
}

const RESPONSE: u32 = 1;
const ASYNC: u32 = 2;
const RELATED: u32 = 4;

/// Names an open file: the persistent and the volatile half (MS-SMB2 §2.2.14.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId(pub u64, pub u64);

impl FileId {
    /// In a related command: the file of the command before it.
    pub const PREVIOUS: Self = Self(u64::MAX, u64::MAX);

    fn at(wire: Wire<'_>, at: usize) -> Option<Self> {
        Some(Self(wire.u64(at)?, wire.u64(at + 8)?))
    }
}

/// The header of a command (MS-SMB2 §2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Number of the command ([`command`]).
    pub command: u16,
    /// Result; only in responses.
    pub status: u32,
    /// The server answers.
    pub response: bool,
    /// Uses the file of the command before it in the same compound.
    pub related: bool,
    /// Bytes from this header to the next one; 0 in the last command.
    pub next: usize,
    /// Number of the message, the same in the answer.
    pub message: u64,
    /// Share; unknown in asynchronous responses.
    pub tree: Option<u32>,
    /// Session; 0 before there is one.
    pub session: u64,
}

/// Reads a header; `None` if it is none.
pub fn header(bytes: &[u8]) -> Option<Header> {
    let wire = Wire(bytes.get(..HEADER)?);
    let flags = wire.u32(16)?;
    (wire.u16(4)? == 64).then_some(Header {
        command: wire.u16(12)?,
        status: wire.u32(8)?,
        response: flags & RESPONSE != 0,
        related: flags & RELATED != 0,
        next: usize::try_from(wire.u32(20)?).ok()?,
        message: wire.u64(24)?,
        tree: if flags & ASYNC == 0 { wire.u32(36) } else { None },
        session: wire.u64(40)?,
    })
}

/// `SMB2 NEGOTIATE` request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Numbers of the dialects.
    pub dialects: Vec<u16>,
    /// How signatures are asked for (§2.2.3).
    pub signing: u16,
    /// GUID of the client.
    pub client: [u8; 16],
}

/// Reads an offer of dialects (§2.2.3).
pub fn offer(message: &[u8]) -> Option<Offer> {
    let wire = Wire(message);
    let count = usize::from(wire.u16(HEADER + 2)?).min(DIALECTS_MAX);
    Some(Offer {
        dialects: (0..count).map_while(|index| wire.u16(HEADER + 36 + 2 * index)).collect(),
        signing: wire.u16(HEADER + 4)?,
        client: wire.array(HEADER + 12)?,
    })
}

/// `SMB2 NEGOTIATE` response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Number of the dialect.
    pub dialect: u16,
    /// How signatures are asked for (§2.2.4).
    pub signing: u16,
    /// GUID of the server.
    pub server: [u8; 16],
    /// The number of the cipher that the two agreed upon.
    pub cipher: Option<u16>,
}

/// Reads the server's choice (§2.2.4).
pub fn choice(message: &[u8]) -> Option<Choice> {
    let wire = Wire(message);
    let dialect = wire.u16(HEADER + 4)?;
    let capabilities = wire.u32(HEADER + 24)?;
    let cipher = match dialect {
        0x0311 => chosen_cipher(wire),
        // Before 3.1.1 there was but one cipher, and a bit that allows it.
        0x0300 | 0x0302 if capabilities & 0x40 != 0 => Some(1),
        _ => None,
    };
    Some(Choice { dialect, signing: wire.u16(HEADER + 2)?, server: wire.array(HEADER + 8)?, cipher })
}

fn chosen_cipher(wire: Wire<'_>) -> Option<u16> {
    let count = usize::from(wire.u16(HEADER + 6)?).min(CONTEXTS_MAX);
    let mut at = usize::try_from(wire.u32(HEADER + 60)?).ok()?;
    for _ in 0..count {
        let length = usize::from(wire.u16(at.checked_add(2)?)?);
        if wire.u16(at)? == ENCRYPTION {
            return wire.u16(at + 10);
        }
        at = (at + 8 + length).next_multiple_of(8);
    }
    None
}

/// The token of a session set-up: GSS-API, SPNEGO or bare NTLM (§2.2.5, §2.2.6).
pub fn token(message: &[u8], response: bool) -> &[u8] {
    let wire = Wire(message);
    let at = HEADER + if response { 4 } else { 12 };
    match (wire.u16(at), wire.u16(at + 2)) {
        (Some(offset), Some(length)) => wire.part(usize::from(offset), usize::from(length)),
        _ => &[],
    }
}

/// What a session response says of the session: guest 1, null 2, encrypted 4 (§2.2.6).
pub fn session_flags(message: &[u8]) -> u16 {
    Wire(message).u16(HEADER + 2).unwrap_or(0)
}

/// The path of a tree connect (§2.2.9).
pub fn share(message: &[u8]) -> Option<String> {
    let wire = Wire(message);
    let (offset, length) = (wire.u16(HEADER + 4)?, wire.u16(HEADER + 6)?);
    Some(wire.wide(usize::from(offset), usize::from(length)))
}

/// The number of the share's type (§2.2.10).
pub fn share_type(message: &[u8]) -> Option<u8> {
    Wire(message).u8(HEADER + 2)
}

/// `SMB2 CREATE` request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// Access mask asked for (§2.2.13.1).
    pub access: u32,
    /// What to do if the file is there or not.
    pub disposition: u32,
    /// Create options.
    pub options: u32,
    /// Path inside of the share.
    pub name: String,
}

/// Reads a create (§2.2.13).
pub fn create(message: &[u8]) -> Option<Create> {
    let wire = Wire(message);
    let (offset, length) = (wire.u16(HEADER + 44)?, wire.u16(HEADER + 46)?);
    Some(Create {
        access: wire.u32(HEADER + 24)?,
        disposition: wire.u32(HEADER + 36)?,
        options: wire.u32(HEADER + 40)?,
        name: wire.wide(usize::from(offset), usize::from(length)),
    })
}

/// `SMB2 CREATE` response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// The open file.
    pub file: FileId,
    /// What the server says of it.
    pub stat: Stat,
}

/// What a server says of a file that it opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// When it was made.
    pub created: Option<Micros>,
    /// When it was last read.
    pub accessed: Option<Micros>,
    /// When its content last changed.
    pub modified: Option<Micros>,
    /// When anything of it last changed.
    pub changed: Option<Micros>,
    /// Length in bytes.
    pub size: u64,
    /// It is a directory.
    pub directory: bool,
}

/// FILE_ATTRIBUTE_DIRECTORY (MS-FSCC §2.6).
pub const DIRECTORY: u32 = 0x10;

/// Reads what a create opened (§2.2.14).
pub fn created(message: &[u8]) -> Option<Created> {
    let wire = Wire(message);
    Some(Created {
        file: FileId::at(wire, HEADER + 64)?,
        stat: Stat {
            created: wire.time(HEADER + 8),
            accessed: wire.time(HEADER + 16),
            modified: wire.time(HEADER + 24),
            changed: wire.time(HEADER + 32),
            size: wire.u64(HEADER + 48)?,
            directory: wire.u32(HEADER + 56)? & DIRECTORY != 0,
        },
    })
}

/// The file that a request is about, for the commands that name one (§2.2.15 ff.).
pub fn file(command: u16, message: &[u8]) -> Option<FileId> {
    let at = match command {
        command::CLOSE
        | command::FLUSH
        | command::LOCK
        | command::IOCTL
        | command::QUERY_DIRECTORY
        | command::CHANGE_NOTIFY
        | command::OPLOCK_BREAK => 8,
        command::READ | command::WRITE | command::SET_INFO => 16,
        command::QUERY_INFO => 24,
        _ => return None,
    };
    FileId::at(Wire(message), HEADER + at)
}

/// Data inside a message: where it begins, counted from the header, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data {
    /// Its place.
    pub at: usize,
    /// Its length in bytes.
    pub length: usize,
}

/// Where a read request wants to read (§2.2.19).
pub fn read_offset(message: &[u8]) -> Option<u64> {
    Wire(message).u64(HEADER + 8)
}

/// The data of a read response (§2.2.20).
pub fn read(message: &[u8]) -> Option<Data> {
    let wire = Wire(message);
    let at = usize::from(wire.u8(HEADER + 2)?);
    Some(Data { at, length: usize::try_from(wire.u32(HEADER + 4)?).ok()? })
}

/// The data of a write request, and where it goes (§2.2.21).
pub fn write(message: &[u8]) -> Option<(Data, u64)> {
    let wire = Wire(message);
    let at = usize::from(wire.u16(HEADER + 2)?);
    let length = usize::try_from(wire.u32(HEADER + 4)?).ok()?;
    Some((Data { at, length }, wire.u64(HEADER + 8)?))
}

/// The control code of an ioctl and its input (§2.2.31).
pub fn control(message: &[u8]) -> Option<(u32, &[u8])> {
    let wire = Wire(message);
    let (offset, length) = (wire.u32(HEADER + 24)?, wire.u32(HEADER + 28)?);
    let input = wire.part(usize::try_from(offset).ok()?, usize::try_from(length).ok()?);
    Some((wire.u32(HEADER + 4)?, input))
}

/// The output of an ioctl (§2.2.32).
pub fn control_output(message: &[u8]) -> &[u8] {
    let wire = Wire(message);
    let number = |at| wire.u32(at).and_then(|number| usize::try_from(number).ok());
    match (number(HEADER + 32), number(HEADER + 36)) {
        (Some(offset), Some(length)) => wire.part(offset, length),
        _ => &[],
    }
}

/// The pattern of a directory query (§2.2.33).
pub fn pattern(message: &[u8]) -> Option<String> {
    let wire = Wire(message);
    let (offset, length) = (wire.u16(HEADER + 24)?, wire.u16(HEADER + 26)?);
    Some(wire.wide(usize::from(offset), usize::from(length)))
}

/// What a set info changes, as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file gets this path.
    Rename(String),
    /// The file gets this second path.
    Link(String),
    /// The file goes when it is closed, or stays after all.
    Delete(bool),
    /// Its length is set to this.
    Length(u64),
    /// Something else.
    Other,
}

/// Reads a set info (§2.2.39; classes of MS-FSCC §2.4).
pub fn change(message: &[u8]) -> Option<Change> {
    let wire = Wire(message);
    if wire.u8(HEADER + 2)? != 1 {
        return Some(Change::Other);
    }
    let (length, offset) = (wire.u32(HEADER + 4)?, wire.u16(HEADER + 8)?);
    let buffer = Wire(wire.part(usize::from(offset), usize::try_from(length).ok()?));
    Some(file_change(wire.u8(HEADER + 3)?, buffer))
}

/// What information of this class changes; the classes are those of MS-FSCC §2.4.
pub fn file_change(class: u8, buffer: Wire<'_>) -> Change {
    let path = || {
        let length = usize::try_from(buffer.u32(16)?).ok()?;
        Some(buffer.wide(20, length))
    };
    let found = match class {
        10 | 65 => path().map(Change::Rename),
        11 | 72 => path().map(Change::Link),
        13 => buffer.u8(0).map(|flag| Change::Delete(flag != 0)),
        64 => buffer.u32(0).map(|flags| Change::Delete(flags & 1 != 0)),
        20 => buffer.u64(0).map(Change::Length),
        _ => None,
    };
    found.unwrap_or(Change::Other)
}
