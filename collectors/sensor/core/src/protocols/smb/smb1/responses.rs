//! Answers of the server, SMB 1.

use super::parser::{self, Block, Header, command};
use super::{number, place, transactions};
use crate::context::Context;
use crate::protocols::Direction;
use crate::protocols::smb::connection::{Connection, Stream, Tree, Waiting, is_pipe_share};
use crate::protocols::smb::handles::{Handle, Key};
use crate::protocols::smb::parser::{DIRECTORY, Data, Stat};
use crate::protocols::smb::status;
use crate::protocols::smb::transaction::Transaction;

/// Bits of the security mode (MS-CIFS §2.2.4.52.2): signatures enabled, required.
const SIGNING: u8 = 4;
const SIGNING_REQUIRED: u8 = 8;

/// Takes one answer.
pub fn take(
    connection: &mut Connection,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) -> Option<(Stream, Data)> {
    if block.command == command::NEGOTIATE {
        negotiated(connection, header, block, context);
        return None;
    }
    match connection.answered(number(header, block))? {
        Waiting::Read { key, offset, .. } => {
            if !matches!(header.status, status::SUCCESS | status::BUFFER_OVERFLOW) {
                return None;
            }
            let data = parser::read(block)?;
            let start = block.message.part(data.at, data.length);
            let handle = connection.handle(key, place(header), start, context)?;
            handle.read.commands += 1;
            handle.note(header.status);
            let patient = connection.may_fill(key, offset);
            Some((Stream { key, offset, patient }, data))
        }
        Waiting::Write { key } => {
            connection.written(key, header.status);
            None
        }
        Waiting::Row(mut row) => {
            row.status = Some(header.status);
            row_answered(connection, row, header, block, context);
            None
        }
    }
}

fn row_answered(
    connection: &mut Connection,
    mut row: Box<Transaction>,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) {
    let success = header.status == status::SUCCESS;
    match block.command {
        command::SESSION_SETUP_ANDX => return set_up(connection, row, header, block, context),
        command::TREE_CONNECT_ANDX if success => tree_connected(connection, &mut row, header, block, context),
        command::NT_CREATE_ANDX | command::OPEN_ANDX | command::OPEN | command::CREATE if success => {
            created(connection, &mut row, header, block, context);
        }
        command::CLOSE if success => {
            if let Some(handle) = row.key.and_then(|key| connection.handles.take(key)) {
                connection.sum_up(handle, &mut row, context);
            }
        }
        command::TRANSACTION if transceived(connection, &row, header, block, context) => return,
        _ => {}
    }
    let (session, tree) = place(header);
    connection.emit(*row, context);
    match block.command {
        command::TREE_DISCONNECT if success => connection.disconnect(session, tree),
        command::LOGOFF_ANDX if success => drop(connection.take_session(session)),
        _ => {}
    }
}

fn negotiated(connection: &mut Connection, header: &Header, block: &Block<'_>, context: &mut Context<'_>) {
    let Some(mut row) = connection.offer.take() else { return };
    row.status = Some(header.status);
    if let Some(told) = &mut row.negotiation
        && let Some(dialect) = block.size(0).and_then(|index| told.dialects.get(index))
    {
        connection.dialect = Some(dialect.clone());
        connection.version = Some(1);
        told.server_signing = block.words.u8(2).map(|mode| match mode & (SIGNING | SIGNING_REQUIRED) {
            0 => "none",
            SIGNING => "enabled",
            _ => "required",
        });
    }
    connection.emit(*row, context);
}

fn set_up(
    connection: &mut Connection,
    mut row: Box<Transaction>,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) {
    let mut setup = row.setup.take().unwrap_or_default();
    let start = block.bytes.at;
    let mut at = start;
    if block.words.0.len() == 8 {
        let length = block.size(6).unwrap_or(0);
        setup.token(block.message.part(start, length), context.time);
        at += length;
    }
    for place in 2..4 {
        let (told, end) = block.text(at);
        setup.systems[place] = Some(told).filter(|told| !told.is_empty());
        at = end;
    }
    setup.guest = block.words.u16(4).is_some_and(|action| action & 1 != 0);
    row.session = Some(u64::from(header.user));
    row.setup = Some(setup);
    connection.logged_in(row, context);
}

fn tree_connected(
    connection: &mut Connection,
    row: &mut Transaction,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) {
    let (session, id) = place(header);
    row.tree = Some(id);
    let path = row.share.clone().unwrap_or_default();
    row.share_type = match block.narrow(block.bytes.at).0.as_str() {
        "IPC" => Some("pipe"),
        "A:" => Some("disk"),
        "LPT1:" => Some("print"),
        _ => is_pipe_share(&path).then_some("pipe"),
    };
    connection.connect(Tree { session, id, path, kind: row.share_type }, context);
}

/// The number of the file and what is told of it stand at other places in each of these answers.
fn created(
    connection: &mut Connection,
    row: &mut Transaction,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) {
    let words = block.words;
    let (number, stat) = match block.command {
        command::NT_CREATE_ANDX => {
            let stat = Stat {
                created: words.time(11),
                accessed: words.time(19),
                modified: words.time(27),
                changed: words.time(35),
                size: words.u64(55).unwrap_or(0),
                directory: words.u32(43).is_some_and(|attributes| attributes & DIRECTORY != 0),
            };
            (words.u16(5), Some(stat))
        }
        command::OPEN_ANDX => {
            (words.u16(4), words.u32(12).map(|size| Stat { size: u64::from(size), ..Stat::default() }))
        }
        _ => (words.u16(0), None),
    };
    let Some(number) = number else { return };
    let key = Key::One(number);
    let pipe = row.pipe.is_some();
    row.key = Some(key);
    row.stat = stat.filter(|_| !pipe);
    let (session, tree) = place(header);
    let path = row.pipe.clone().or_else(|| row.path.clone());
    let mut handle = Handle::new(key, session, tree, path, pipe, row.time);
    handle.size = row.stat.map(|stat| stat.size);
    connection.open(handle, context);
}

/// The answer of a pipe; such a command is summed up at its close, unless it failed.
fn transceived(
    connection: &mut Connection,
    row: &Transaction,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) -> bool {
    let answered = matches!(header.status, status::SUCCESS | status::BUFFER_OVERFLOW);
    let Some(handle) = row.key.filter(|_| answered).and_then(|key| connection.handles.find(key)) else {
        return false;
    };
    handle.read.commands += 1;
    if let Some(data) = transactions::answer(block) {
        handle.data(Direction::ToClient, 0, block.message.part(data.at, data.length), false, context);
    }
    true
}
