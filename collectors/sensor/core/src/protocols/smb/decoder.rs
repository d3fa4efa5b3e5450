//! The stream of one connection cut into messages and commands. Reads and writes are passed on as they come, whatever
//! their size; of everything else no more is waited for than says something.

use super::connection::{Connection, Stream};
use super::framing::{self, Frame, HEAD, Magic};
use super::handles::Key;
use super::parser::{self, Data, HEADER, Header, READ_RESPONSE, WRITE_REQUEST, command};
use super::wire::Wire;
use super::{names, requests, responses, smb1};
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};

/// Bytes of a command that are waited for: log-ins with big Kerberos tickets and calls through pipes take up to 64 KiB
/// behind their heads. What a command has more is not read.
pub const COMMAND_MAX: usize = (64 << 10) + 512;

/// Commands in one message: real compounds have two to four.
pub const COMPOUND_MAX: u32 = 64;

/// Encrypted messages in a row after which a connection is left alone: nothing more is to be learnt, and shares without
/// encryption beside one with it are used before.
pub const ENCRYPTED_MAX: u32 = 256;

/// Sessions of which the first encrypted message is an event.
const ENCRYPTED_SESSIONS_MAX: usize = 16;

/// Bytes of a read or write that tell what it carries.
const START: usize = 8;

/// Times that the beginning of a message may be searched for because it was not where it should be.
const STRAYS_MAX: u32 = 8;

/// Data of the command that is being passed over.
struct Carried {
    stream: Stream,
    direction: Direction,
    /// Bytes before the data.
    before: usize,
    /// Bytes of the data.
    data: usize,
}

/// One direction of the stream.
#[derive(Default)]
struct Side {
    /// Bytes of the message that are still to come.
    left: usize,
    /// Of these, bytes of the command that are passed over.
    body: usize,
    carried: Option<Carried>,
    /// The file that the last command of the compound used.
    chain: Option<Key>,
    /// Commands of the message so far.
    commands: u32,
    /// Bytes given and left unused: a gap takes them too.
    held: usize,
    /// It is not known where the next message begins.
    lost: bool,
    strays: u32,
}

/// One connection.
#[derive(Default)]
pub struct Smb {
    sides: [Side; 2],
    connection: Connection,
    /// Sessions that are known to be encrypted.
    encrypted: Vec<u64>,
    /// Encrypted messages since the last plain one.
    run: u32,
}

impl Decoder for Smb {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let mut used = 0;
        loop {
            let rest = bytes.get(used..).unwrap_or_default();
            match self.step(direction, rest, context) {
                Ok(0) => {
                    self.sides[direction.index()].held = rest.len();
                    return Outcome::Parsed(used);
                }
                Ok(count) => used += count,
                Err(outcome) => return outcome,
            }
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        let side = &mut self.sides[direction.index()];
        let mut missing = missing.saturating_add(std::mem::take(&mut side.held) as u64);
        if side.body > 0 {
            let passed = usize::try_from(missing).unwrap_or(usize::MAX).min(side.body);
            missing -= passed as u64;
            side.pass(passed, |carried, part| {
                self.connection.gap(carried.direction, &mut carried.stream, part as u64, context);
            });
        }
        if missing > 0 {
            match usize::try_from(missing).ok().and_then(|missing| side.left.checked_sub(missing)) {
                // The rest of the message cannot be understood, but where it ends is known.
                Some(left) if side.left > 0 => (side.left, side.body) = (left, left),
                _ => (side.left, side.body, side.lost) = (0, 0, true),
            }
            side.carried = None;
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.connection.close(context);
    }
}

impl Side {
    /// Passes over bytes of the body; `take` is given the number of those that are data.
    fn pass(&mut self, count: usize, take: impl FnOnce(&mut Carried, usize)) {
        self.left -= count.min(self.left);
        self.body -= count.min(self.body);
        let Some(carried) = &mut self.carried else { return };
        let before = carried.before.min(count);
        carried.before -= before;
        let data = (count - before).min(carried.data);
        carried.data -= data;
        if data > 0 {
            take(carried, data);
        }
        if self.body == 0 {
            self.carried = None;
        }
    }

    /// The rest of the message says nothing.
    fn skip(&mut self) {
        self.body = self.left;
        self.carried = None;
    }
}

/// How many bytes were used (0: more are needed), or that this is the end.
type Step = Result<usize, Outcome>;

impl Smb {
    fn step(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Step {
        let side = &mut self.sides[direction.index()];
        if bytes.is_empty() {
            return Ok(0);
        }
        if side.lost {
            match framing::find(bytes) {
                Ok(0) => side.lost = false,
                Ok(place) | Err(place) => return Ok(place),
            }
        }
        if side.body > 0 {
            return Ok(self.pass(direction, bytes, context));
        }
        if side.left > 0 {
            return self.command(direction, bytes, context);
        }
        let Some(head) = bytes.first_chunk::<HEAD>() else { return Ok(0) };
        (side.commands, side.chain) = (0, None);
        match framing::frame(*head) {
            Frame::Message(length) => side.left = length,
            Frame::Service(length) => (side.left, side.body) = (length, length),
            Frame::Foreign => {
                side.strays += 1;
                if side.strays > STRAYS_MAX {
                    return Err(Outcome::Malformed("smb-no-message"));
                }
                context.anomaly("smb-stray-bytes");
                side.lost = true;
            }
        }
        Ok(HEAD)
    }

    /// Bytes that are passed over, or are data of a file.
    fn pass(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> usize {
        let side = &mut self.sides[direction.index()];
        let count = bytes.len().min(side.body);
        let before = side.carried.as_ref().map_or(0, |carried| carried.before.min(count));
        side.pass(count, |carried, data| {
            let part = &bytes[before..before + data];
            self.connection.data(carried.direction, &mut carried.stream, part, context);
        });
        count
    }

    /// The beginning of a command.
    fn command(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Step {
        let side = &mut self.sides[direction.index()];
        let bytes = &bytes[..bytes.len().min(side.left)];
        if bytes.len() < HEAD.min(side.left) {
            return Ok(0);
        }
        let kind = framing::magic(bytes).filter(|kind| side.left >= framing::shortest(*kind));
        let Some(kind) = kind else {
            context.anomaly("smb-bad-message");
            side.skip();
            return Ok(self.pass(direction, bytes, context));
        };
        if bytes.len() < framing::shortest(kind) {
            return Ok(0);
        }
        match kind {
            Magic::One => self.one(direction, bytes, context),
            Magic::Two => self.two(direction, bytes, context),
            Magic::Encrypted => self.encrypted(direction, bytes, context),
            Magic::Compressed => {
                if compression_overflows(Wire(bytes), side.left) {
                    context.anomaly("smb-compression-overflow");
                }
                side.skip();
                Ok(self.pass(direction, bytes, context))
            }
        }
    }

    fn two(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Step {
        self.run = 0;
        let side = &mut self.sides[direction.index()];
        let header = parser::header(bytes).filter(|head| usize::from(head.command) < names::COMMANDS.len());
        let Some(header) = header.filter(|_| side.commands < COMPOUND_MAX) else {
            context.anomaly(if header.is_some() { "smb-long-compound" } else { "smb-bad-header" });
            side.skip();
            return Ok(self.pass(direction, bytes, context));
        };
        let fits = (HEADER..=side.left).contains(&header.next);
        let size = if fits { header.next } else { side.left };
        let Some(message) = bytes.get(..wanted(&header, size)) else { return Ok(0) };
        if header.next != 0 && !fits {
            context.anomaly("smb-bad-compound");
        }
        side.commands += 1;
        let (stream, data) = if header.response {
            let stream = responses::take(&mut self.connection, &header, message, context);
            (stream, parser::read(message))
        } else {
            let stream = requests::take(&mut self.connection, &mut side.chain, &header, message, context);
            (stream, parser::write(message).map(|(data, _)| data))
        };
        Ok(self.begin_body(direction, size, message.len(), stream.zip(data), header.response))
    }

    fn one(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Step {
        self.run = 0;
        let side = &mut self.sides[direction.index()];
        let Some(header) = smb1::parser::header(bytes) else { return Ok(0) };
        let size = side.left;
        let Some(message) = bytes.get(..smb1::wanted(&header, size)) else { return Ok(0) };
        let carried = smb1::take(&mut self.connection, &header, message, context);
        Ok(self.begin_body(direction, size, message.len(), carried, header.response))
    }

    /// A command has been understood; what of it is not used yet is passed over, and its data streamed.
    fn begin_body(
        &mut self,
        direction: Direction,
        size: usize,
        known: usize,
        carried: Option<(Stream, Data)>,
        response: bool,
    ) -> usize {
        let side = &mut self.sides[direction.index()];
        // Data inside of the header is none.
        let carried = carried.filter(|(_, data)| data.at >= smb1::parser::HEADER);
        let used = carried.as_ref().map_or(known, |(_, data)| data.at.min(known));
        side.carried = carried.map(|(stream, data)| Carried {
            stream,
            direction: if response { Direction::ToClient } else { Direction::ToServer },
            before: data.at - used,
            data: data.length.min(size.saturating_sub(data.at)),
        });
        side.left -= used.min(side.left);
        side.body = (size - used).min(side.left);
        if side.body == 0 {
            side.carried = None;
        }
        used
    }

    /// An encrypted message: the first of each session is an event.
    fn encrypted(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Step {
        let session = Wire(bytes).u64(44).unwrap_or(0);
        if !self.encrypted.contains(&session) && self.encrypted.len() < ENCRYPTED_SESSIONS_MAX {
            self.encrypted.push(session);
            let mut row = self.connection.begin(3, "TRANSFORM", context);
            row.version = 3;
            row.session = Some(session);
            row.encrypted = true;
            self.connection.emit(*row, context);
        }
        self.run += 1;
        if self.run > ENCRYPTED_MAX {
            return Err(Outcome::Done);
        }
        self.sides[direction.index()].skip();
        Ok(self.pass(direction, bytes, context))
    }
}

/// Bytes of a command that tell all that is wanted of it.
fn wanted(header: &Header, size: usize) -> usize {
    let whole = if header.response {
        match header.command {
            command::READ if responses::carries_data(header) => READ_RESPONSE + START,
            command::NEGOTIATE
            | command::SESSION_SETUP
            | command::TREE_CONNECT
            | command::CREATE
            | command::IOCTL => COMMAND_MAX,
            _ => HEADER,
        }
    } else {
        match header.command {
            command::WRITE => WRITE_REQUEST + START,
            command::READ | command::QUERY_INFO => HEADER + 40,
            _ => COMMAND_MAX,
        }
    };
    whole.min(size)
}

/// Whether the sizes of a compressed message cannot be (CVE-2020-0796; MS-SMB2 §2.2.42).
fn compression_overflows(wire: Wire<'_>, length: usize) -> bool {
    let (Some(original), Some(flags), Some(offset)) = (wire.u32(4), wire.u16(10), wire.u32(12)) else {
        return false;
    };
    // With chained payloads the last field is the length of the first one.
    flags & 1 == 0
        && (original.checked_add(offset).is_none() || usize::try_from(offset).is_ok_and(|at| at > length))
}
