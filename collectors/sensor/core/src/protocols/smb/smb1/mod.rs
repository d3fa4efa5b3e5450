//! SMB 1 (MS-CIFS, MS-SMB).

pub mod parser;

use super::connection::{Connection, Stream};
use super::parser::Data;
use crate::context::Context;
use parser::Header;

pub fn wanted(_header: &Header, size: usize) -> usize {
    size.min(65_536)
}

pub fn take(
    _connection: &mut Connection,
    _header: &Header,
    _message: &[u8],
    _context: &mut Context<'_>,
) -> Option<(Stream, Data)> {
    None
}
