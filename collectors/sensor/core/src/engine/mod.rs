//! The whole sensor without its sources: frames in, events out. Knows neither files nor sockets.

pub mod counters;
mod flows;
mod ids;
mod local;
mod packets;
mod sinks;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;

use crate::context::tell_unfinished;
use crate::events::{self, Base, Events, Row};
use crate::expectations::Expectations;
use crate::files::{FileSettings, Files};
use crate::flow::ended::Ended;
use crate::flow::table::Table;
use crate::flow::wheel::{Timer, Wheel};
use crate::fragments::Fragments;
use crate::frame::Frame;
use crate::local::Recent;
use crate::protocols::{self, Protocol};
use crate::time::Micros;
use counters::Counters;
use ids::Ids;
use sinks::Sinks;

/// How often a live sensor tells its counters, µs.
pub const STATS_EVERY: i64 = 60_000_000;

/// Timers that may go off because of the time of one frame: a jump of years in a capture ends all of them, and their rows
/// should not wait in memory at once. The others end with the next frames.
pub const EXPIRED_AT_ONCE: usize = 8_192;

/// What a site can set.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// `observer.id` of every event.
    pub observer: String,
    /// Name of the capture source; part of `event.id`, so that two captures analysed together keep apart.
    pub source: String,
    /// Bytes of a file that are reassembled, hashed and offered for scanning.
    pub file_limit: u64,
    /// MD5 of files as well.
    pub md5: bool,
    /// SHA-1 of files as well.
    pub sha1: bool,
    /// Offer the content of files for scanning ([`Engine::take_files`]).
    pub keep_files: bool,
    /// Connections followed at a time.
    pub max_flows: usize,
}

/// The content of one file seen on the wire, for the scanner.
pub struct ExtractedFile {
    /// `event.id` of its `file` event.
    pub event_id: String,
    /// The content, up to the limit.
    pub content: Vec<u8>,
}

/// Frames in, events out.
pub struct Engine {
    max_flows: usize,
    ids: Ids,
    table: Table,
    ended: Ended,
    wheel: Option<Wheel>,
    /// Timers of `due_second` that have not been looked at yet.
    due: VecDeque<Timer>,
    due_second: i64,
    fragments: Fragments,
    sinks: Sinks,
    clock: Option<Micros>,
    /// Live: when the counters were told last.
    told: Option<Micros>,
    /// The last ARP message's time and material, and how often it was met: equal ones need different ids.
    last_arp: (Micros, [u8; 22], u32),
    /// Announcements told lately.
    recent: Recent,
}

impl Engine {
    /// A sensor that has seen nothing yet.
    #[must_use]
    pub fn new(settings: EngineSettings) -> Self {
        Self::with_registry(settings, protocols::ALL)
    }

    /// One that knows these protocols only.
    #[must_use]
    pub fn with_registry(settings: EngineSettings, registry: &'static [Protocol]) -> Self {
        Self {
            max_flows: settings.max_flows.max(1),
            ids: Ids::new(&settings.observer, &settings.source),
            table: Table::default(),
            ended: Ended::default(),
            wheel: None,
            due: VecDeque::new(),
            due_second: 0,
            fragments: Fragments::default(),
            sinks: Sinks {
                observer: settings.observer.as_str().into(),
                registry,
                events: Events::default(),
                files: Files::new(FileSettings {
                    limit: settings.file_limit,
                    md5: settings.md5,
                    sha1: settings.sha1,
                    keep: settings.keep_files,
                }),
                expectations: Expectations::default(),
                counters: Counters::default(),
                buffered: 0,
            },
            clock: None,
            told: None,
            last_arp: (Micros(0), [0; 22], 0),
            recent: Recent::default(),
        }
    }

    /// Takes one frame. Frames may be out of order a little; time never runs the engine backwards.
    pub fn frame(&mut self, frame: &Frame<'_>) {
        let counters = &mut self.sinks.counters;
        counters.packets_seen += 1;
        counters.bytes_seen += u64::from(frame.length);
        counters.packets_cut += u64::from(u64::from(frame.length) > frame.bytes.len() as u64);
        counters.packets_late += u64::from(self.clock.is_some_and(|clock| frame.time < clock));
        self.pass_time(frame.time);
        self.decode(frame);
    }

    /// Live capture without traffic: time passes, idle flows end.
    pub fn advance(&mut self, time: Micros) {
        self.pass_time(time);
        let told = *self.told.get_or_insert(time);
        if time.since(told) >= STATS_EVERY {
            self.told = Some(time);
            self.tell_counters(time);
        }
    }

    /// The input has ended: every flow ends.
    pub fn finish(&mut self) {
        for number in self.table.numbers() {
            self.end_flow(number, "input");
        }
        tell_unfinished(&mut self.sinks.files, &mut self.sinks.events, None);
        if let Some(clock) = self.clock {
            self.tell_counters(clock);
        }
    }

    /// Rows that wait in [`Engine::take`].
    #[must_use]
    pub fn rows(&self) -> usize {
        self.sinks.events.rows()
    }

    /// The events so far, one batch a dataset that has any.
    pub fn take(&mut self) -> Vec<(&'static str, RecordBatch)> {
        self.sinks.events.take()
    }

    /// Files that wait for the scanner.
    pub fn take_files(&mut self) -> Vec<ExtractedFile> {
        self.sinks.files.take_offered()
    }

    /// Newest packet time so far; `None` before the first frame.
    #[must_use]
    pub fn clock(&self) -> Option<Micros> {
        self.clock
    }

    /// Every counter by its dotted name (`packets.seen`, `packets.malformed`, `flows.evicted` …), in a fixed order.
    #[must_use]
    pub fn counters(&self) -> Vec<(&'static str, u64)> {
        let mut counters = self.sinks.counters.list();
        counters.extend(self.sinks.files.counters());
        counters.extend(self.sinks.expectations.counters());
        counters
    }

    /// Moves the clock on and lets timers go off; an earlier time changes nothing.
    fn pass_time(&mut self, time: Micros) {
        let clock = self.clock.map_or(time, |clock| clock.max(time));
        self.clock = Some(clock);
        let wheel = self.wheel.get_or_insert_with(|| Wheel::new(clock));
        if wheel.is_at(clock) && self.due.is_empty() {
            return;
        }
        self.fragments.expire(clock, &mut self.sinks.counters);
        tell_unfinished(&mut self.sinks.files, &mut self.sinks.events, Some(clock));
        for _ in 0..EXPIRED_AT_ONCE {
            let Some((timer, second)) = self.next_timer(clock) else { break };
            self.look_at(timer, second);
        }
    }

    /// The next timer that goes off until `clock`, and when it does.
    fn next_timer(&mut self, clock: Micros) -> Option<(Timer, i64)> {
        let wheel = self.wheel.as_mut()?;
        while self.due.is_empty() {
            self.due_second = wheel.turn(clock, &mut self.due)?;
        }
        self.due.pop_front().map(|timer| (timer, self.due_second))
    }

    /// One `stats` event for each counter.
    fn tell_counters(&mut self, time: Micros) {
        let observer = Arc::clone(&self.sinks.observer);
        for (name, value) in self.counters() {
            let id = self.ids.of(&[&time.0.to_le_bytes(), b"stats", name.as_bytes()]);
            let base = Base {
                timestamp: Some(time),
                event_id: Some(id.as_str()),
                event_dataset: Some(events::Stats::DATASET),
                observer_id: Some(&observer),
                ..Base::default()
            };
            let row = events::Stats {
                vonggac_stats_name: Some(name),
                vonggac_stats_value: i64::try_from(value).ok(),
                ..events::Stats::default()
            };
            row.push(&base, &mut self.sinks.events);
        }
    }
}
