//! SMB 1 (MS-CIFS, MS-SMB): old, insecure and still what worms like best. One message carries one command, or a chain of
//! commands of which each begins where the one before says.

pub mod parser;
mod requests;
mod responses;
mod transactions;

use super::connection::{Connection, Number, Stream};
use super::decoder::COMMAND_MAX;
use super::parser::Data;
use crate::context::Context;
use parser::{Block, Header, command};

/// Bytes of a read or write that are waited for: header, words and where the data begins.
const DATA_HEAD: usize = 256;

/// Bytes of a message that tell all that is wanted of it.
pub fn wanted(header: &Header, size: usize) -> usize {
    let whole = match (header.command, header.response) {
        (command::READ_ANDX, true) | (command::WRITE_ANDX, false) => DATA_HEAD,
        _ => COMMAND_MAX,
    };
    whole.min(size)
}

/// Takes one message; gives where its data goes, and where in the message it lies, if it carries any.
pub fn take(
    connection: &mut Connection,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> Option<(Stream, Data)> {
    let mut carried = None;
    for block in parser::blocks(header, message) {
        let found = if header.response {
            responses::take(connection, header, &block, context)
        } else {
            requests::take(connection, header, &block, context)
        };
        carried = carried.or(found);
    }
    carried
}

/// What a command waits under: process and multiplex number name a message (MS-CIFS §2.2.1.6), the command its place in
/// the chain.
fn number(header: &Header, block: &Block<'_>) -> Number {
    let message = u64::from(header.process) << 16 | u64::from(header.multiplex);
    (1, u64::from(block.command) << 48 | message)
}

/// Session and share of a message.
fn place(header: &Header) -> (u64, u32) {
    (u64::from(header.user), u32::from(header.tree))
}
