//! Pairs calls with replies; what moves content is counted.

use std::collections::VecDeque;

use super::parser::{self, Call};
use crate::context::Context;
use crate::events;
use crate::protocols::skip::Skip;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::time::Micros;

/// Of a record only this much is waited for: credentials and two names of 255 bytes.
const HEAD_MAX: usize = 2_048;

/// A record: writes carry up to 1 MiB.
const RECORD_MAX: u32 = 8 << 20;

/// Calls that wait: a client has some dozens in flight.
const WAITING_MAX: usize = 64;

/// Calls of one flow that are told.
const TOLD_MAX: u32 = 5_000;

#[derive(Default)]
struct Told {
    time: Micros,
    id: u32,
    version: i64,
    procedure: &'static str,
    from_server: bool,
    machine: Option<String>,
    uid: Option<i64>,
    name: Option<String>,
    new_name: Option<String>,
    status: Option<String>,
    count: i64,
}

/// One flow.
pub struct Nfs {
    framed: bool,
    waiting: VecDeque<Told>,
    /// One of each procedure: there are no more than two dozen.
    counted: Vec<Told>,
    told: u32,
    skip: Skip,
}

impl Nfs {
    /// Over UDP.
    #[must_use]
    pub fn datagrams() -> Self {
        Self { framed: false, waiting: VecDeque::new(), counted: Vec::new(), told: 0, skip: Skip::default() }
    }

    /// Over TCP.
    #[must_use]
    pub fn stream() -> Self {
        Self { framed: true, ..Self::datagrams() }
    }

    fn record(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) {
        if let Some(call) = parser::call(bytes) {
            self.call(direction, &call, context);
        } else if let Some((id, status)) = parser::reply(bytes)
            && let Some(position) = self.waiting.iter().position(|told| told.id == id)
            && let Some(mut told) = self.waiting.remove(position)
        {
            told.status = Some(status.map_or_else(|| "DENIED".to_owned(), parser::status));
            self.tell(&told, context);
        }
    }

    fn call(&mut self, direction: Direction, call: &Call<'_>, context: &mut Context<'_>) {
        let from_server = direction == Direction::ToClient;
        let version = i64::from(call.version);
        if !call.is_told() || self.told >= TOLD_MAX {
            let same = |told: &&mut Told| told.procedure == call.procedure && told.version == version;
            match self.counted.iter_mut().find(same) {
                Some(told) => told.count += 1,
                None => self.counted.push(Told {
                    time: context.time,
                    version,
                    procedure: call.procedure,
                    from_server,
                    count: 1,
                    ..Told::default()
                }),
            }
            return;
        }
        let text = |bytes: &[u8]| lossless(bytes).into_owned();
        let (name, new_name) = call.names();
        if self.waiting.len() >= WAITING_MAX
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.tell(&oldest, context);
        }
        self.waiting.push_back(Told {
            time: context.time,
            id: call.id,
            version,
            procedure: call.procedure,
            from_server,
            machine: call.user.map(|(machine, _)| text(machine)),
            uid: call.user.map(|(_, uid)| i64::from(uid)),
            name: name.map(text),
            new_name: new_name.map(text),
            status: None,
            count: 1,
        });
    }

    fn tell(&mut self, told: &Told, context: &mut Context<'_>) {
        self.told += 1;
        let row = events::Nfs {
            vonggac_nfs_version: Some(told.version),
            vonggac_nfs_procedure: Some(told.procedure),
            file_name: told.name.as_deref(),
            vonggac_nfs_new_name: told.new_name.as_deref(),
            vonggac_nfs_status: told.status.as_deref(),
            vonggac_nfs_machine: told.machine.as_deref(),
            vonggac_nfs_uid: told.uid,
            vonggac_nfs_from_server: Some(told.from_server),
            vonggac_nfs_count: Some(told.count),
            ..events::Nfs::default()
        };
        context.emit(told.time, &row);
    }
}

impl Decoder for Nfs {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if !self.framed {
            self.record(direction, bytes, context);
            return Outcome::Parsed(bytes.len());
        }
        if let Some(passed) = self.skip.pass(direction, bytes) {
            return passed;
        }
        let Some(mark) = bytes.first_chunk().map(|mark| u32::from_be_bytes(*mark)) else {
            return Outcome::Parsed(0);
        };
        let length = mark & 0x7fff_ffff;
        if length > RECORD_MAX {
            return Outcome::Malformed("nfs-bad-record");
        }
        let whole = usize::try_from(length).unwrap_or(0);
        let wanted = whole.min(HEAD_MAX);
        let Some(record) = bytes.get(4..4 + wanted) else { return Outcome::Parsed(0) };
        self.record(direction, record, context);
        self.skip.set(direction, whole - wanted);
        Outcome::Parsed(4 + wanted)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.skip.gap(direction, missing)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(told) = self.waiting.pop_front() {
            self.tell(&told, context);
        }
        for told in std::mem::take(&mut self.counted) {
            self.tell(&told, context);
        }
    }
}
