//! Answers of the server, SMB 2 and 3.

use super::connection::{Connection, Stream, Tree, Waiting, is_pipe_share};
use super::handles::{Handle, Key};
use super::names;
use super::parser::{self, Header, command};
use super::requests::signing;
use super::status;
use super::transaction::{Transaction, guid};
use super::wire::Wire;
use crate::context::Context;
use crate::protocols::Direction;

/// Takes one answer; gives where its data goes, if it carries any.
pub fn take(
    connection: &mut Connection,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> Option<Stream> {
    // The answer proper comes later, under the same number.
    if header.status == status::PENDING {
        return None;
    }
    let waiting = connection.answered((2, header.message));
    if header.command == command::NEGOTIATE {
        let offer = match waiting {
            Some(Waiting::Row(row)) => Some(row),
            _ => connection.offer.take(),
        };
        negotiated(connection, offer, header, message, context);
        return None;
    }
    match waiting? {
        Waiting::Read { key, offset, session, tree } => {
            read(connection, key, offset, (session, tree), header, message, context)
        }
        Waiting::Write { key } => {
            connection.written(key, header.status);
            None
        }
        Waiting::Row(mut row) => {
            row.status = Some(header.status);
            if names::COMMANDS.get(usize::from(header.command)) == Some(&row.command) {
                row_answered(connection, row, header, message, context);
            } else {
                context.anomaly("smb-other-answer");
                connection.emit(*row, context);
            }
            None
        }
    }
}

fn row_answered(
    connection: &mut Connection,
    mut row: Box<Transaction>,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) {
    let success = header.status == status::SUCCESS;
    row.key = row.key.map(|key| connection.resolve(key));
    match header.command {
        command::SESSION_SETUP => return set_up(connection, row, header, message, context),
        command::TREE_CONNECT if success => tree_connected(connection, &mut row, header, message, context),
        command::CREATE => created(connection, &mut row, header, message, context),
        command::CLOSE if success => {
            if let Some(handle) = row.key.and_then(|key| connection.handles.take(key)) {
                connection.sum_up(handle, &mut row, context);
            }
        }
        command::SET_INFO if success => renamed(connection, &row),
        command::IOCTL if transceived(connection, &row, header, message, context) => return,
        _ => {}
    }
    let ended = match header.command {
        command::TREE_DISCONNECT if success => row.tree,
        _ => None,
    };
    connection.emit(*row, context);
    if let Some(tree) = ended {
        connection.disconnect(header.session, tree);
    }
    if header.command == command::LOGOFF && success {
        connection.take_session(header.session);
    }
}

fn negotiated(
    connection: &mut Connection,
    offer: Option<Box<Transaction>>,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) {
    let mut row = offer.unwrap_or_else(|| connection.begin(2, "NEGOTIATE", context));
    row.command = "NEGOTIATE";
    row.status = Some(header.status);
    row.message = Some(header.message);
    if let Some(choice) = parser::choice(message).filter(|_| header.status == status::SUCCESS) {
        let version = if choice.dialect >= 0x0300 { 3 } else { 2 };
        row.version = version;
        // A dialect that only asks for another round is not agreed upon.
        connection.dialect = Some(names::dialect(choice.dialect));
        connection.version = Some(version);
        let told = row.negotiation.get_or_insert_default();
        told.server = Some(guid(choice.server));
        told.server_signing = Some(signing(choice.signing));
        told.cipher = choice.cipher.and_then(names::cipher);
    }
    connection.emit(*row, context);
}

fn set_up(
    connection: &mut Connection,
    mut row: Box<Transaction>,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) {
    let mut setup = row.setup.take().unwrap_or_default();
    setup.token(parser::token(message, true), context.time);
    setup.guest = header.status == status::SUCCESS && parser::session_flags(message) & 3 != 0;
    row.session = Some(header.session);
    row.setup = Some(setup);
    connection.logged_in(row, context);
}

fn tree_connected(
    connection: &mut Connection,
    row: &mut Transaction,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) {
    row.tree = header.tree;
    row.share_type = parser::share_type(message).and_then(names::share_type);
    let path = row.share.clone().unwrap_or_default();
    let kind = row.share_type.or_else(|| is_pipe_share(&path).then_some("pipe"));
    if let Some(id) = header.tree {
        connection.connect(Tree { session: header.session, id, path, kind }, context);
    }
}

fn created(
    connection: &mut Connection,
    row: &mut Transaction,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) {
    let early = Key::Create(header.message);
    let Some(created) = parser::created(message).filter(|_| header.status == status::SUCCESS) else {
        if let Some(mut handle) = connection.handles.take(early) {
            handle.abandon(context);
        }
        return;
    };
    let key = Key::Two(created.file);
    connection.name_created(header.message, key);
    row.key = Some(key);
    row.stat = Some(created.stat);
    let pipe = row.pipe.is_some();
    if pipe {
        row.stat = None;
    }
    let mut handle = connection.handles.take(early).unwrap_or_else(|| {
        let path = row.pipe.clone().or_else(|| row.path.clone());
        Handle::new(key, header.session, row.tree.unwrap_or(0), path, pipe, row.time)
    });
    handle.key = key;
    handle.size = (!pipe).then_some(created.stat.size);
    connection.open(handle, context);
}

/// From now on the file has its new name.
fn renamed(connection: &mut Connection, row: &Transaction) {
    if row.function.as_deref() == Some("rename")
        && let (Some(key), Some(target)) = (row.key, &row.target)
        && let Some(handle) = connection.handles.find(key)
    {
        handle.path = Some(target.clone());
    }
}

/// The answer of a pipe; such a command is summed up at its close, unless it failed.
fn transceived(
    connection: &mut Connection,
    row: &Transaction,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> bool {
    let answered = matches!(header.status, status::SUCCESS | status::BUFFER_OVERFLOW);
    if row.function.as_deref() != Some("FSCTL_PIPE_TRANSCEIVE") || !answered {
        return false;
    }
    let Some(handle) = row.key.and_then(|key| connection.handles.find(key)) else { return false };
    handle.read.commands += 1;
    handle.data(Direction::ToClient, 0, parser::control_output(message), false, context);
    true
}

fn read(
    connection: &mut Connection,
    key: Key,
    offset: u64,
    place: (u64, u32),
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> Option<Stream> {
    if !carries_data(header) {
        return None;
    }
    let data = parser::read(message)?;
    let key = connection.resolve(key);
    let start = Wire(message).part(data.at, data.length);
    let handle = connection.handle(key, place, start, context)?;
    handle.read.commands += 1;
    handle.note(header.status);
    let patient = connection.may_fill(key, offset);
    Some(Stream { key, offset, patient })
}

/// Whether a read response has data.
pub fn carries_data(header: &Header) -> bool {
    matches!(header.status, status::SUCCESS | status::BUFFER_OVERFLOW)
}
