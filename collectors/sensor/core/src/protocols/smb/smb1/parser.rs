//! Messages of SMB 1 (MS-CIFS §2.2.3): pure functions.

use crate::protocols::smb::wire::Wire;

/// Bytes of the header.
pub const HEADER: usize = 32;

const RESPONSE: u8 = 0x80;
const UNICODE: u16 = 0x8000;
const NT_STATUS: u16 = 0x4000;

/// The header of a message (§2.2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub command: u8,
    /// An NT status, or class and code of a DOS error.
    pub status: u32,
    pub nt: bool,
    pub response: bool,
    pub unicode: bool,
    pub tree: u16,
    pub process: u32,
    pub user: u16,
    pub multiplex: u16,
}

/// Reads a header.
pub fn header(message: &[u8]) -> Option<Header> {
    let wire = Wire(message.get(..HEADER)?);
    let flags = wire.u16(10)?;
    Some(Header {
        command: wire.u8(4)?,
        status: wire.u32(5)?,
        nt: flags & NT_STATUS != 0,
        response: wire.u8(9)? & RESPONSE != 0,
        unicode: flags & UNICODE != 0,
        tree: wire.u16(24)?,
        process: u32::from(wire.u16(12)?) << 16 | u32::from(wire.u16(26)?),
        user: wire.u16(28)?,
        multiplex: wire.u16(30)?,
    })
}
