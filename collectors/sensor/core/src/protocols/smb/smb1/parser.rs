//! Messages of SMB 1 (MS-CIFS §2.2.3 and 2.2.4, MS-SMB §2.2.4): pure functions. Offsets count from the header.

use crate::protocols::smb::parser::Data;
use crate::protocols::smb::wire::{NAME_MAX, Wire};
use crate::text;

/// Bytes of the header.
pub const HEADER: usize = 32;

/// Commands chained in one message: real clients chain two or three.
pub const CHAIN_MAX: usize = 8;

/// Dialects read from an offer: Windows offers a dozen with all extras.
const DIALECTS_MAX: usize = 32;

const RESPONSE: u8 = 0x80;
const UNICODE: u16 = 0x8000;
const NT_STATUS: u16 = 0x4000;

/// Commands by number (§2.2.2.1); names in [`name`].
pub mod command {
    pub const CREATE_DIRECTORY: u8 = 0x00;
    pub const DELETE_DIRECTORY: u8 = 0x01;
    pub const OPEN: u8 = 0x02;
    pub const CREATE: u8 = 0x03;
    pub const CLOSE: u8 = 0x04;
    pub const DELETE: u8 = 0x06;
    pub const RENAME: u8 = 0x07;
    pub const CHECK_DIRECTORY: u8 = 0x10;
    pub const TRANSACTION: u8 = 0x25;
    pub const OPEN_ANDX: u8 = 0x2d;
    pub const READ_ANDX: u8 = 0x2e;
    pub const WRITE_ANDX: u8 = 0x2f;
    pub const TRANSACTION2: u8 = 0x32;
    pub const TREE_DISCONNECT: u8 = 0x71;
    pub const NEGOTIATE: u8 = 0x72;
    pub const SESSION_SETUP_ANDX: u8 = 0x73;
    pub const LOGOFF_ANDX: u8 = 0x74;
    pub const TREE_CONNECT_ANDX: u8 = 0x75;
    pub const NT_TRANSACT: u8 = 0xa0;
    pub const NT_CREATE_ANDX: u8 = 0xa2;
    pub const NT_RENAME: u8 = 0xa5;
    pub const NONE: u8 = 0xff;
}

/// Name of a command that becomes an event; `None` for those that only ask, lock, flush or carry data.
pub fn name(number: u8) -> Option<&'static str> {
    Some(match number {
        command::CREATE_DIRECTORY => "CREATE_DIRECTORY",
        command::DELETE_DIRECTORY => "DELETE_DIRECTORY",
        command::OPEN => "OPEN",
        command::CREATE => "CREATE",
        command::CLOSE => "CLOSE",
        command::DELETE => "DELETE",
        command::RENAME => "RENAME",
        command::CHECK_DIRECTORY => "CHECK_DIRECTORY",
        command::TRANSACTION => "TRANSACTION",
        command::OPEN_ANDX => "OPEN_ANDX",
        command::TRANSACTION2 => "TRANSACTION2",
        0x2b => "ECHO",
        0x70 => "TREE_CONNECT",
        command::TREE_DISCONNECT => "TREE_DISCONNECT",
        command::NEGOTIATE => "NEGOTIATE",
        command::SESSION_SETUP_ANDX => "SESSION_SETUP_ANDX",
        command::LOGOFF_ANDX => "LOGOFF_ANDX",
        command::TREE_CONNECT_ANDX => "TREE_CONNECT_ANDX",
        command::NT_TRANSACT => "NT_TRANSACT",
        command::NT_CREATE_ANDX => "NT_CREATE_ANDX",
        command::NT_RENAME => "NT_RENAME",
        _ => return None,
    })
}

/// Commands that begin with the command, and the place, of the next one in the chain (§2.2.3.4).
fn is_chained(number: u8) -> bool {
    matches!(
        number,
        0x24 | command::OPEN_ANDX
            | command::READ_ANDX
            | command::WRITE_ANDX
            | command::SESSION_SETUP_ANDX
            | command::LOGOFF_ANDX
            | command::TREE_CONNECT_ANDX
            | command::NT_CREATE_ANDX
    )
}

/// The header of a message (§2.2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Number of the first command ([`command`]).
    pub command: u8,
    /// An NT status; DOS errors are put into its terms.
    pub status: u32,
    /// The server answers.
    pub response: bool,
    /// Texts are UTF-16.
    pub unicode: bool,
    /// Share.
    pub tree: u16,
    /// Process of the client.
    pub process: u32,
    /// User id: the session.
    pub user: u16,
    /// Number of the message within the process.
    pub multiplex: u16,
}

/// Reads a header.
pub fn header(message: &[u8]) -> Option<Header> {
    let wire = Wire(message.get(..HEADER)?);
    let flags = wire.u16(10)?;
    let status = wire.u32(5)?;
    Some(Header {
        command: wire.u8(4)?,
        status: if flags & NT_STATUS == 0 { of_dos(status) } else { status },
        response: wire.u8(9)? & RESPONSE != 0,
        unicode: flags & UNICODE != 0,
        tree: wire.u16(24)?,
        process: u32::from(wire.u16(12)?) << 16 | u32::from(wire.u16(26)?),
        user: wire.u16(28)?,
        multiplex: wire.u16(30)?,
    })
}

/// The NT status that means the same as a DOS error: class in the lowest byte, code in the upper half (§2.2.2.4).
fn of_dos(error: u32) -> u32 {
    match (error & 0xff, error >> 16) {
        (0, _) => 0,
        (1, 1) => 0xc000_0002,
        (1, 2) => 0xc000_000f,
        (1, 3) => 0xc000_003a,
        (1, 5) => 0xc000_0022,
        (1, 6) => 0xc000_0008,
        (1, 18) => 0x8000_0006,
        (1, 32) => 0xc000_0043,
        (1, 80) => 0xc000_0035,
        (1, 87) => 0xc000_000d,
        (1, 234) => 0x8000_0005,
        (2, 2) => 0xc000_006d,
        (2, 4) => 0xc000_00ca,
        (2, 5) => 0xc000_00c9,
        (2, 6) => 0xc000_00cc,
        // An error all the same: STATUS_UNSUCCESSFUL.
        _ => 0xc000_0001,
    }
}

/// One command of a message: its words, and where its bytes lie.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Number of the command.
    pub command: u8,
    /// Its words.
    pub words: Wire<'a>,
    /// The whole message.
    pub message: Wire<'a>,
    /// Where its bytes lie.
    pub bytes: Data,
    /// Texts are UTF-16.
    pub unicode: bool,
}

/// The commands of a message, along their chain; a chain only goes forward.
pub fn blocks<'a>(header: &Header, message: &'a [u8]) -> impl Iterator<Item = Block<'a>> {
    let mut next = Some((header.command, HEADER));
    let unicode = header.unicode;
    std::iter::from_fn(move || {
        let (command, at) = next.take()?;
        let wire = Wire(message);
        let count = 2 * usize::from(wire.u8(at)?);
        let words = Wire(wire.part(at + 1, count));
        let bytes = Data { at: at + 3 + count, length: usize::from(wire.u16(at + 1 + count).unwrap_or(0)) };
        if is_chained(command)
            && let (Some(follower), Some(place)) = (words.u8(0), words.u16(2))
            && follower != command::NONE
            && usize::from(place) > at
        {
            next = Some((follower, usize::from(place)));
        }
        Some(Block { command, words, message: wire, bytes, unicode })
    })
    .take(CHAIN_MAX)
}

impl<'a> Block<'a> {
    /// Bytes behind the words.
    pub fn bytes(&self) -> &'a [u8] {
        self.message.part(self.bytes.at, self.bytes.length)
    }

    /// A text at this place of the message, in UTF-16 from the next even place, or in the client's code page; and the
    /// place behind its zero.
    pub fn text(&self, at: usize) -> (String, usize) {
        let end = self.bytes.at.saturating_add(self.bytes.length).min(self.message.0.len());
        let at = if self.unicode { at.next_multiple_of(2) } else { at };
        let rest = self.message.part(at, end.saturating_sub(at));
        if self.unicode {
            let units = rest.chunks_exact(2).position(|unit| unit == [0, 0]).unwrap_or(rest.len() / 2);
            (text::utf16(&rest[..(2 * units).min(NAME_MAX)]), at + 2 * units + 2)
        } else {
            let length = memchr::memchr(0, rest).unwrap_or(rest.len());
            (text::lossless(&rest[..length.min(NAME_MAX)]).into_owned(), at + length + 1)
        }
    }

    /// The same without UTF-16, whatever the header says.
    pub fn narrow(&self, at: usize) -> (String, usize) {
        Block { unicode: false, ..*self }.text(at)
    }

    /// The first text behind its format byte (old commands on names).
    pub fn tagged(&self) -> (String, usize) {
        self.text(self.bytes.at + 1)
    }

    /// A number of the words as a size.
    pub fn size(&self, at: usize) -> Option<usize> {
        self.words.u16(at).map(usize::from)
    }
}

/// The dialects of an offer (§2.2.4.52).
pub fn dialects(block: &Block<'_>) -> Vec<String> {
    let names = block.bytes().split(|byte| *byte == 0).filter_map(|name| name.strip_prefix(&[2]));
    names.take(DIALECTS_MAX).map(|name| text::lossless(&name[..name.len().min(64)]).into_owned()).collect()
}

/// The data of a read, in its answer (§2.2.4.42.2).
pub fn read(block: &Block<'_>) -> Option<Data> {
    let high = block.size(14).unwrap_or(0);
    Some(Data { at: block.size(12)?, length: high << 16 | block.size(10)? })
}

/// The file and the place that a read asks for.
pub fn read_request(block: &Block<'_>) -> Option<(u16, u64)> {
    Some((block.words.u16(4)?, place(block, 6, 20)?))
}

/// The file, the place and the data of a write (§2.2.4.43.1).
pub fn write(block: &Block<'_>) -> Option<(u16, u64, Data)> {
    let data = Data { at: block.size(22)?, length: block.size(18)? << 16 | block.size(20)? };
    Some((block.words.u16(4)?, place(block, 6, 24)?, data))
}

/// An offset whose upper half only newer clients send.
fn place(block: &Block<'_>, low: usize, high: usize) -> Option<u64> {
    let high = block.words.u32(high).unwrap_or(0);
    Some(u64::from(high) << 32 | u64::from(block.words.u32(low)?))
}
