//! Files fetched in parts (RFC 9110 §14: updates, download managers, loaders that hide a program in pieces): the ranges
//! of one address that one machine fetches, over whatever connections, are joined to one file.

use std::collections::BTreeMap;
use std::net::IpAddr;

use xxhash_rust::xxh3::xxh3_128;

use super::{Closed, FileId, FileMeta, FileType, Files};
use crate::context::{EventId, FlowIdentity};
use crate::time::Micros;
use crate::url::Url;

/// Files that are joined at a time; parts of further ones are files of their own, and partial.
pub const JOINS_MAX: usize = 1_024;
/// Bytes that wait for what lies before them, over all files: download managers fetch some eight parts at once.
pub const AHEAD_MAX: u64 = 64 << 20;
/// Pieces of one file that wait: one for each part under way or done, with room for holes.
const PIECES_MAX: usize = 1_024;
/// How long the next byte of a file may be away, µs: services that fetch in the background pause between parts.
const JOIN_LIFE: i64 = 120_000_000;

/// Where a part lies in its file; `first` and `last` count from 0, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First byte.
    pub first: u64,
    /// Last byte.
    pub last: u64,
    /// Size of the whole.
    pub total: u64,
}

/// A file that comes in parts.
pub(super) struct Join {
    /// The connection of the first part; its event has the id of that part.
    flow: FlowIdentity,
    whole: FileId,
    total: u64,
    /// All bytes before this one have been added.
    next: u64,
    /// Bytes behind the limit on content, which nothing is made of but their number.
    beyond: u64,
    ahead: BTreeMap<u64, Vec<u8>>,
    ahead_bytes: u64,
    last: Micros,
    parts: i64,
    /// Parts under way.
    under_way: i64,
}

/// A part under way.
#[derive(Clone, Copy)]
pub(super) struct Part {
    key: u128,
    at: u64,
}

/// What makes two parts those of one file: the machine that fetches, the address, the size.
fn key(client: IpAddr, url: Option<&Url>, total: u64) -> u128 {
    let (domain, original) = url.map_or(("", ""), |url| (url.domain.as_deref().unwrap_or(""), &url.original));
    xxh3_128(format!("{client} {total} {domain} {original}").as_bytes())
}

impl Join {
    /// Takes bytes that lie ahead, if there is `room` for them; gives how many were kept.
    fn wait(&mut self, at: u64, bytes: &[u8], room: u64) -> u64 {
        if bytes.len() as u64 > room {
            return 0;
        }
        let full = self.ahead.len() >= PIECES_MAX;
        let kept = match self.ahead.range_mut(..=at).next_back() {
            // The usual case: the piece goes on.
            Some((start, piece)) if start + piece.len() as u64 >= at => {
                let known = usize::try_from(start + piece.len() as u64 - at).unwrap_or(usize::MAX);
                let new = bytes.get(known..).unwrap_or(&[]);
                piece.extend_from_slice(new);
                new.len() as u64
            }
            _ if full => 0,
            _ => {
                self.ahead.insert(at, bytes.to_vec());
                bytes.len() as u64
            }
        };
        self.ahead_bytes += kept;
        kept
    }

    fn is_whole(&self, limit: u64) -> bool {
        self.next >= self.total.min(limit) && self.next + self.beyond >= self.total
    }
}

impl Files {
    /// Opens a part: of a file that is being joined, or the first of a new one. At [`JOINS_MAX`] it is a partial file.
    pub fn open_part(
        &mut self,
        time: Micros,
        id: EventId,
        meta: FileMeta,
        flow: &FlowIdentity,
    ) -> Option<FileId> {
        let Some(range) = meta.range else { return self.open(time, id, meta) };
        let key = key(flow.source_ip, meta.url.as_deref(), range.total);
        if !self.joins.contains_key(&key) {
            if self.joins.len() >= JOINS_MAX {
                return self.open(time, id, FileMeta { partial: true, range: None, ..meta });
            }
            let whole = self.open(time, id, meta.clone())?;
            let join = Join {
                flow: flow.clone(),
                whole,
                total: range.total,
                next: 0,
                beyond: 0,
                ahead: BTreeMap::new(),
                ahead_bytes: 0,
                last: time,
                parts: 0,
                under_way: 0,
            };
            self.joins.insert(key, Box::new(join));
        }
        let part = self.open(time, id, meta)?;
        let join = self.joins.get_mut(&key)?;
        join.last = time;
        join.parts += 1;
        join.under_way += 1;
        self.open[part.place].as_mut()?.part = Some(Part { key, at: range.first });
        Some(part)
    }

    /// The file that a handle stands for: its own, or the whole that it is a part of.
    pub(super) fn whole(&self, file: FileId) -> FileId {
        let part = self.find(file).and_then(|open| open.part);
        part.and_then(|part| self.joins.get(&part.key)).map_or(file, |join| join.whole)
    }

    /// The type of the whole so far, when the file is a part.
    #[must_use]
    pub fn part_type(&self, file: FileId) -> Option<FileType> {
        self.find(file)?.part?;
        self.file_type(file)
    }

    /// Passes over `size` bytes of a part, which come, or were lost.
    pub(super) fn part_on(&mut self, file: FileId, size: u64) -> Option<Part> {
        let found = self.open.get_mut(file.place).and_then(Option::as_mut);
        let part = found.filter(|open| open.opening == file.opening)?.part.as_mut()?;
        let before = *part;
        part.at = part.at.saturating_add(size);
        Some(before)
    }

    /// Adds bytes of a part to its whole.
    pub(super) fn part_data(&mut self, part: Part, bytes: &[u8]) {
        let Some(mut join) = self.joins.remove(&part.key) else { return };
        let held = join.ahead_bytes;
        let within = usize::try_from(join.total.saturating_sub(part.at)).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(within)];
        let limit = self.settings.limit;
        if part.at <= join.next {
            self.go_on(&mut join, part.at, bytes);
            self.catch_up(&mut join);
        } else if part.at >= limit {
            join.beyond = (join.beyond + bytes.len() as u64).min(join.total - limit.min(join.total));
        } else {
            let kept = join.wait(part.at, bytes, AHEAD_MAX.saturating_sub(self.ahead));
            self.counters.unjoined += bytes.len() as u64 - kept;
        }
        self.ahead = (self.ahead + join.ahead_bytes).saturating_sub(held);
        self.joins.insert(part.key, join);
    }

    /// Adds what is new in bytes that begin at, or before, the first that is wanted.
    fn go_on(&mut self, join: &mut Join, at: u64, bytes: &[u8]) {
        let known = usize::try_from(join.next.saturating_sub(at)).unwrap_or(usize::MAX);
        if let Some(new) = bytes.get(known..) {
            self.data(join.whole, new);
            join.next += new.len() as u64;
        }
    }

    /// Adds what no longer lies ahead.
    fn catch_up(&mut self, join: &mut Join) {
        while let Some(entry) = join.ahead.first_entry()
            && *entry.key() <= join.next
        {
            let (start, piece) = entry.remove_entry();
            join.ahead_bytes -= piece.len() as u64;
            self.go_on(join, start, &piece);
        }
        // What was only counted lies behind the limit, and so does what comes now.
        let counted = join.total.saturating_sub(join.next);
        join.beyond = join.beyond.min(counted);
    }

    /// A part has ended: gives the whole if that is complete now.
    pub(super) fn close_part(&mut self, part: Part) -> Option<Closed> {
        let limit = self.settings.limit;
        let join = self.joins.get_mut(&part.key)?;
        join.under_way -= 1;
        let whole = join.is_whole(limit);
        whole.then(|| self.joins.remove(&part.key))?.and_then(|join| self.finish(*join))
    }

    /// Nothing of a part was seen.
    pub(super) fn abandon_part(&mut self, part: Part) {
        let Some(join) = self.joins.get_mut(&part.key) else { return };
        join.parts -= 1;
        join.under_way -= 1;
        if join.parts == 0 {
            let whole = join.whole;
            self.joins.remove(&part.key);
            self.remove(whole);
        }
    }

    fn finish(&mut self, mut join: Join) -> Option<Closed> {
        self.ahead = self.ahead.saturating_sub(join.ahead_bytes);
        while let Some((start, piece)) = join.ahead.pop_first() {
            if start > join.next {
                self.gap(join.whole, start - join.next);
                join.next = start;
            }
            self.go_on(&mut join, start, &piece);
        }
        let missing = join.total.saturating_sub(join.next + join.beyond);
        self.gap(join.whole, missing);
        let mut open = self.remove(join.whole)?;
        open.content.pass(join.beyond);
        self.counters.joined += u64::from(missing == 0);
        let mut closed = self.closed(open, false);
        closed.joined = Some((join.parts, join.flow));
        Some(closed)
    }

    /// The files whose parts have not come for long, or all that are under way (`now` is `None`), as they are.
    pub fn unfinished(&mut self, now: Option<Micros>) -> Vec<Closed> {
        if self.joins.is_empty() {
            return Vec::new();
        }
        if let Some(now) = now {
            self.joins.values_mut().filter(|join| join.under_way > 0).for_each(|join| join.last = now);
        }
        let late = |join: &Join| now.is_none_or(|now| now.since(join.last) > JOIN_LIFE);
        let found = self.joins.iter().filter(|(_, join)| late(join));
        let mut keys: Vec<_> = found.map(|(key, join)| (join.last, *key)).collect();
        keys.sort_unstable();
        let joins: Vec<_> = keys.iter().filter_map(|(_, key)| self.joins.remove(key)).collect();
        joins.into_iter().filter_map(|join| self.finish(*join)).collect()
    }
}
