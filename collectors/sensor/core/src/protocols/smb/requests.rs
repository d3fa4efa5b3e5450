//! Commands of the client, SMB 2 and 3.

use super::connection::{Connection, Stream, Waiting, describe_create};
use super::handles::Key;
use super::names;
use super::parser::{self, Change, FileId, Header, command};
use super::session::Setup;
use super::transaction::{Negotiation, Opening, Transaction, guid};
use super::wire::Wire;
use crate::context::Context;
use crate::protocols::Direction;

/// How signatures are asked for (MS-SMB2 §2.2.3).
pub fn signing(mode: u16) -> &'static str {
    match mode & 3 {
        0 => "none",
        1 => "enabled",
        _ => "required",
    }
}

/// Takes one command; gives where its data goes, if it carries any.
pub fn take(
    connection: &mut Connection,
    chain: &mut Option<Key>,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> Option<Stream> {
    let key = file(chain, header, message);
    match header.command {
        command::READ => {
            let offset = parser::read_offset(message)?;
            let (session, tree) = place(header);
            let waiting = Waiting::Read { key: key?, offset, session, tree };
            connection.wait((2, header.message), waiting, context);
        }
        command::WRITE => return write(connection, key?, header, message, context),
        // What only asks, locks or lets go: too many to be worth an event each.
        command::QUERY_INFO | command::CANCEL | command::LOCK | command::OPLOCK_BREAK => {}
        _ => begin(connection, key, header, message, context)?,
    }
    None
}

fn place(header: &Header) -> (u64, u32) {
    (header.session, header.tree.unwrap_or(0))
}

/// A command that becomes an event, with its answer.
fn begin(
    connection: &mut Connection,
    key: Option<Key>,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> Option<()> {
    let change = (header.command == command::SET_INFO).then(|| parser::change(message)).flatten();
    if matches!(change, Some(Change::Other | Change::Length(_))) {
        return None;
    }
    let (session, tree) = place(header);
    let pipe = connection.is_pipe(session, tree);
    let name = *names::COMMANDS.get(usize::from(header.command))?;
    let mut row = connection.begin(2, name, context);
    row.message = Some(header.message);
    row.session = Some(header.session).filter(|session| *session != 0);
    row.tree = header.tree.filter(|_| uses_tree(header.command));
    row.key = key.filter(|_| header.command != command::CREATE);
    fill(&mut row, header.command, message, pipe, change);
    match header.command {
        command::SESSION_SETUP => row.setup = Some(set_up(connection, header, message, context)),
        command::IOCTL => control(connection, &mut row, (session, tree), message, context),
        _ => {}
    }
    name_file(connection, &mut row);
    connection.wait((2, header.message), Waiting::Row(row), context);
    Some(())
}

/// The file that a command is about; a create stands for the file that it will open.
fn file(chain: &mut Option<Key>, header: &Header, message: &[u8]) -> Option<Key> {
    if !header.related {
        *chain = None;
    }
    if header.command == command::CREATE {
        *chain = Some(Key::Create(header.message));
    } else if let Some(told) = parser::file(header.command, message)
        && told != FileId::PREVIOUS
    {
        *chain = Some(Key::Two(told));
    }
    *chain
}

fn uses_tree(number: u16) -> bool {
    !matches!(number, command::NEGOTIATE | command::SESSION_SETUP | command::LOGOFF | command::TREE_CONNECT)
}

/// What the parameters of a command say.
fn fill(row: &mut Transaction, number: u16, message: &[u8], pipe: bool, change: Option<Change>) {
    match number {
        command::NEGOTIATE => {
            row.negotiation = parser::offer(message).map(|offer| Box::new(negotiation(&offer)))
        }
        command::TREE_CONNECT => row.share = parser::share(message),
        command::CREATE => {
            if let Some(create) = parser::create(message) {
                let opening = Opening {
                    disposition: Some(create.disposition),
                    access: create.access,
                    options: create.options,
                };
                describe_create(row, pipe, create.name, opening);
            }
        }
        command::QUERY_DIRECTORY => row.pattern = parser::pattern(message),
        command::SET_INFO => describe_change(row, change),
        _ => {}
    }
}

/// What a set info does becomes the function of its row.
pub fn describe_change(row: &mut Transaction, change: Option<Change>) {
    let (function, target) = match change {
        Some(Change::Rename(path)) => ("rename", Some(path)),
        Some(Change::Link(path)) => ("link", Some(path)),
        Some(Change::Delete(true)) => ("delete", None),
        Some(Change::Delete(false)) => ("undelete", None),
        Some(Change::Length(_) | Change::Other) | None => return,
    };
    row.function = Some(function.to_owned());
    row.target = target;
}

fn negotiation(offer: &parser::Offer) -> Negotiation {
    Negotiation {
        dialects: offer.dialects.iter().map(|dialect| names::dialect(*dialect)).collect(),
        client: Some(guid(offer.client)),
        client_signing: Some(signing(offer.signing)),
        ..Negotiation::default()
    }
}

/// A step of a log-in: what the earlier steps told comes along.
fn set_up(connection: &mut Connection, header: &Header, message: &[u8], context: &Context<'_>) -> Box<Setup> {
    let mut setup = Box::new(Setup::default());
    if let Some(session) = connection.sessions.iter_mut().find(|session| session.id == header.session) {
        setup.exchange = std::mem::take(&mut session.exchange);
    }
    setup.token(parser::token(message, false), context.time);
    setup
}

/// The name of the file, where its create was seen.
pub fn name_file(connection: &mut Connection, row: &mut Transaction) {
    let Some(key) = row.key else { return };
    let (path, pipe) = match connection.handles.find(key) {
        Some(handle) => (handle.path.clone(), handle.pipe),
        None => match key {
            Key::Create(message) => match connection.waiting_row((2, message)) {
                Some(create) => (create.path.clone().or_else(|| create.pipe.clone()), create.pipe.is_some()),
                None => return,
            },
            _ => return,
        },
    };
    if pipe {
        row.pipe = path;
    } else {
        row.path = path;
    }
}

fn write(
    connection: &mut Connection,
    key: Key,
    header: &Header,
    message: &[u8],
    context: &mut Context<'_>,
) -> Option<Stream> {
    let (data, offset) = parser::write(message)?;
    let start = Wire(message).part(data.at, data.length);
    let key = connection.resolve(key);
    let handle = connection.handle(key, place(header), start, context)?;
    handle.written.commands += 1;
    connection.wait((2, header.message), Waiting::Write { key }, context);
    Some(Stream { key, offset, patient: true })
}

/// A control code; what it carries to a pipe goes there.
fn control(
    connection: &mut Connection,
    row: &mut Transaction,
    place: (u64, u32),
    message: &[u8],
    context: &mut Context<'_>,
) {
    let Some((code, input)) = parser::control(message) else { return };
    row.function = Some(names::control(code));
    if code == names::PIPE_TRANSCEIVE
        && let Some(key) = row.key.map(|key| connection.resolve(key))
        && let Some(handle) = connection.handle(key, place, input, context)
    {
        handle.written.commands += 1;
        handle.data(Direction::ToServer, 0, input, false, context);
    }
}
