//! Commands of the client, SMB 1.

use super::parser::{self, Block, Header, command};
use super::transactions::{self, Wish};
use super::{number, place};
use crate::context::Context;
use crate::protocols::Direction;
use crate::protocols::smb::connection::{Connection, Stream, Waiting, describe_create};
use crate::protocols::smb::handles::Key;
use crate::protocols::smb::parser::{Change, Data};
use crate::protocols::smb::requests::{describe_change, name_file};
use crate::protocols::smb::session::{Old, Setup};
use crate::protocols::smb::transaction::{Account, Negotiation, Opening, Transaction};
use crate::secrets;

/// Takes one command.
pub fn take(
    connection: &mut Connection,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) -> Option<(Stream, Data)> {
    match block.command {
        command::READ_ANDX => {
            let (file, offset) = parser::read_request(block)?;
            let (session, tree) = place(header);
            let waiting = Waiting::Read { key: Key::One(file), offset, session, tree };
            connection.wait(number(header, block), waiting, context);
        }
        command::WRITE_ANDX => return write(connection, header, block, context),
        _ => begin(connection, header, block, context)?,
    }
    None
}

/// A command that becomes an event, with its answer.
fn begin(
    connection: &mut Connection,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) -> Option<()> {
    let name = parser::name(block.command)?;
    let wish = match block.command {
        command::TRANSACTION | command::TRANSACTION2 | command::NT_TRANSACT => transactions::wish(block),
        _ => None,
    };
    if matches!(wish, Some(Wish::Nothing | Wish::Change { change: Change::Other | Change::Length(_), .. })) {
        return None;
    }
    let mut row = connection.begin(1, name, context);
    row.message = Some(u64::from(header.multiplex));
    (row.session, row.tree) = (Some(u64::from(header.user)), Some(u32::from(header.tree)));
    match wish {
        Some(wish) => grant(connection, &mut row, header, wish, context),
        None => fill(connection, &mut row, header, block, context),
    }
    if row.path.is_none() && row.pipe.is_none() {
        name_file(connection, &mut row);
    }
    if block.command != command::NEGOTIATE {
        connection.wait(number(header, block), Waiting::Row(row), context);
    } else if let Some(older) = connection.offer.replace(row) {
        // The answer may be one of SMB 2, so that an offer waits elsewhere.
        connection.emit(*older, context);
    }
    Some(())
}

fn write(
    connection: &mut Connection,
    header: &Header,
    block: &Block<'_>,
    context: &mut Context<'_>,
) -> Option<(Stream, Data)> {
    let (file, offset, data) = parser::write(block)?;
    let key = Key::One(file);
    let start = block.message.part(data.at, data.length);
    connection.handle(key, place(header), start, context)?.written.commands += 1;
    connection.wait(number(header, block), Waiting::Write { key }, context);
    Some((Stream { key, offset, patient: true }, data))
}

/// What the words and bytes of a command say.
fn fill(
    connection: &mut Connection,
    row: &mut Transaction,
    header: &Header,
    block: &Block<'_>,
    context: &Context<'_>,
) {
    match block.command {
        command::NEGOTIATE => {
            row.tree = None;
            let dialects = parser::dialects(block);
            row.negotiation = Some(Box::new(Negotiation { dialects, ..Negotiation::default() }));
        }
        command::SESSION_SETUP_ANDX => {
            row.tree = None;
            row.setup = Some(set_up(connection, header, block, context));
        }
        command::LOGOFF_ANDX => row.tree = None,
        command::TREE_CONNECT_ANDX => {
            let password = block.size(6).unwrap_or(0);
            row.tree = None;
            row.share = Some(block.text(block.bytes.at + password).0);
        }
        command::CLOSE => row.key = block.words.u16(0).map(Key::One),
        command::NT_CREATE_ANDX | command::OPEN_ANDX | command::OPEN | command::CREATE => {
            let (session, tree) = place(header);
            let pipe = connection.is_pipe(session, tree);
            create(row, pipe, block);
        }
        _ => name(row, block),
    }
}

/// Commands on names.
fn name(row: &mut Transaction, block: &Block<'_>) {
    let function = match block.command {
        command::RENAME | command::NT_RENAME => Some("rename"),
        command::DELETE | command::DELETE_DIRECTORY => Some("delete"),
        command::CREATE_DIRECTORY | command::CHECK_DIRECTORY => None,
        _ => return,
    };
    let (path, end) = block.tagged();
    row.path = Some(path);
    row.function = function.map(str::to_owned);
    if function == Some("rename") {
        row.target = Some(block.text(end + 1).0);
    }
}

fn create(row: &mut Transaction, pipe: bool, block: &Block<'_>) {
    let words = block.words;
    let (name, opening) = match block.command {
        command::NT_CREATE_ANDX => {
            let opening = Opening {
                disposition: words.u32(35),
                access: words.u32(15).unwrap_or(0),
                options: words.u32(39).unwrap_or(0),
            };
            (block.text(block.bytes.at).0, opening)
        }
        command::OPEN_ANDX => (block.text(block.bytes.at).0, Opening::default()),
        _ => (block.tagged().0, Opening::default()),
    };
    describe_create(row, pipe, name, opening);
}

/// A step of a log-in, with tokens or without (MS-SMB §2.2.4.6.1, MS-CIFS §2.2.4.53.1).
fn set_up(
    connection: &mut Connection,
    header: &Header,
    block: &Block<'_>,
    context: &Context<'_>,
) -> Box<Setup> {
    let mut setup = Box::new(Setup::default());
    let start = block.bytes.at;
    let lengths = [block.size(14).unwrap_or(0), block.size(16).unwrap_or(0)];
    let mut at = match block.words.0.len() {
        24 => {
            let user = u64::from(header.user);
            if let Some(session) = connection.sessions.iter_mut().find(|session| session.id == user) {
                setup.exchange = std::mem::take(&mut session.exchange);
            }
            setup.token(block.message.part(start, lengths[0]), context.time);
            start + lengths[0]
        }
        count => {
            // Only the later form has a second answer to the challenge.
            let second = if count == 26 { lengths[1] } else { 0 };
            let (user, at) = block.text(start + lengths[0] + second);
            let (domain, at) = block.text(at);
            let secret = plain_password(block.message.part(start, lengths[0]), second);
            setup.old = Some(Old { account: account(user, domain), secret });
            at
        }
    };
    for place in 0..2 {
        let (told, end) = block.text(at);
        setup.systems[place] = Some(told).filter(|told| !told.is_empty());
        at = end;
    }
    setup
}

fn account(user: String, domain: String) -> Account {
    let [user, domain] = [user, domain].map(|name| Some(name).filter(|name| !name.is_empty()));
    Account { user, domain }
}

/// The mask of a password in clear; answers to a challenge have 24 bytes, or come with a longer one.
fn plain_password(password: &[u8], second: usize) -> Option<String> {
    let text = password.strip_suffix(&[0]).unwrap_or(password);
    (!text.is_empty() && password.len() != 24 && second < 24).then(|| secrets::mask(text))
}

/// What a transaction wants goes to its row, what it has for a pipe to the pipe.
fn grant(
    connection: &mut Connection,
    row: &mut Transaction,
    header: &Header,
    wish: Wish<'_>,
    context: &mut Context<'_>,
) {
    match wish {
        Wish::Pipe { file, input } => {
            row.function = Some("TRANS_TRANSACT_NMPIPE".to_owned());
            row.key = Some(Key::One(file));
            if let Some(handle) = connection.handle(Key::One(file), place(header), input, context) {
                handle.written.commands += 1;
                handle.data(Direction::ToServer, 0, input, false, context);
            }
        }
        Wish::Change { file, path, change } => {
            row.key = file.map(Key::One);
            row.path = path;
            describe_change(row, Some(change));
        }
        Wish::Find(pattern) => {
            row.function = Some("TRANS2_FIND_FIRST2".to_owned());
            row.pattern = Some(pattern);
        }
        Wish::Other(function) => row.function = Some(function).filter(|function| !function.is_empty()),
        Wish::Nothing => {}
    }
}
