//! Drives the engine from a source and gives its events in batches.

use std::time::{Duration, Instant};

use arrow_array::RecordBatch;

use crate::engine::{Engine, EngineSettings, ExtractedFile};
use crate::frame::Frame;
use crate::sources::live::LiveCapture;
use crate::sources::{Capture, SourceError};
use crate::time::Micros;

/// Content of files that waits with the events: a batch is closed early rather than hold more.
const FILES_MAX: usize = 32 << 20;
/// Frames between two looks at the clock and at finished files: a look costs as much as a frame.
const STRIDE: u32 = 64;

/// Events of several datasets that were seen together.
#[derive(Default)]
pub struct Batch {
    /// Dataset and its rows.
    pub tables: Vec<(&'static str, RecordBatch)>,
    /// Files for the scanner.
    pub files: Vec<ExtractedFile>,
    /// Newest packet time so far; `None` before the first packet.
    pub clock: Option<Micros>,
}

/// What a call for the next batch gave.
pub enum Progress {
    /// Events.
    Batch(Batch),
    /// Time is up and the batch is not full yet; nothing was handed out, ask again.
    Pending,
    /// The input is over and everything has been handed out.
    End,
}

/// Times of the packets that an engine was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Packets.
    pub packets: u64,
    /// Earliest packet time.
    pub first: Option<Micros>,
    /// Latest packet time.
    pub last: Option<Micros>,
}

/// The engine with what waits to be handed out.
struct Gathering {
    engine: Engine,
    files: Vec<ExtractedFile>,
    file_bytes: usize,
    span: Span,
}

impl Gathering {
    fn new(settings: EngineSettings) -> Self {
        Self { engine: Engine::new(settings), files: Vec::new(), file_bytes: 0, span: Span::default() }
    }

    #[inline]
    fn frame(&mut self, frame: &Frame<'_>) {
        let span = &mut self.span;
        span.packets += 1;
        span.first = Some(span.first.map_or(frame.time, |first| first.min(frame.time)));
        span.last = span.last.max(Some(frame.time));
        self.engine.frame(frame);
    }

    fn collect_files(&mut self) {
        let files = self.engine.take_files();
        self.file_bytes += files.iter().map(|file| file.content.len()).sum::<usize>();
        self.files.extend(files);
    }

    #[inline]
    fn full(&self, max_rows: usize) -> bool {
        self.engine.rows() >= max_rows || self.file_bytes >= FILES_MAX
    }

    fn is_empty(&self) -> bool {
        self.engine.rows() == 0 && self.files.is_empty()
    }

    fn take(&mut self) -> Batch {
        self.collect_files();
        self.file_bytes = 0;
        let clock = self.engine.clock();
        Batch { tables: self.engine.take(), files: std::mem::take(&mut self.files), clock }
    }
}

/// A capture file, or standard input, through the engine.
pub struct CaptureRun {
    /// The capture being read.
    pub capture: Capture,
    gathering: Gathering,
    finished: bool,
}

impl CaptureRun {
    /// A capture that is read from its start.
    #[must_use]
    pub fn new(capture: Capture, settings: EngineSettings) -> Self {
        Self { capture, gathering: Gathering::new(settings), finished: false }
    }

    /// Works for at most `timeout`, or until `max_rows` events wait. Where a batch ends depends on the packets alone,
    /// never on how fast they were read.
    pub fn next_batch(&mut self, max_rows: usize, timeout: Duration) -> Result<Progress, SourceError> {
        let deadline = Instant::now().checked_add(timeout);
        while !self.finished {
            for _ in 0..STRIDE {
                let Some(frame) = self.capture.next_frame()? else {
                    self.gathering.engine.finish();
                    self.gathering.collect_files();
                    self.finished = true;
                    break;
                };
                self.gathering.frame(&frame);
                if self.gathering.engine.rows() >= max_rows {
                    break;
                }
            }
            self.gathering.collect_files();
            if self.gathering.full(max_rows) {
                break;
            }
            if !self.finished && deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Ok(Progress::Pending);
            }
        }
        Ok(if self.gathering.is_empty() { Progress::End } else { Progress::Batch(self.gathering.take()) })
    }

    /// Times of the packets so far.
    #[must_use]
    pub fn span(&self) -> Span {
        self.gathering.span
    }

    /// Counters of source and engine by their dotted names.
    #[must_use]
    pub fn counters(&self) -> Vec<(&'static str, u64)> {
        let source = self.capture.counters();
        let mut counters = vec![
            ("source.frames", source.frames),
            ("source.unreadable", source.unreadable),
            ("source.lost", source.lost),
            ("source.skipped_blocks", source.skipped_blocks),
        ];
        counters.extend(self.gathering.engine.counters());
        counters
    }
}

/// Live interfaces through the engine.
pub struct LiveRun {
    capture: LiveCapture,
    gathering: Gathering,
}

impl LiveRun {
    /// Interfaces that have just been opened.
    #[must_use]
    pub fn new(capture: LiveCapture, settings: EngineSettings) -> Self {
        Self { capture, gathering: Gathering::new(settings) }
    }

    /// Captures until `max_rows` events wait or `timeout` is over. Then it gives what there is if `last` says so;
    /// otherwise the batch goes on growing with the next call.
    pub fn next_batch(
        &mut self,
        max_rows: usize,
        timeout: Duration,
        last: bool,
    ) -> Result<Progress, SourceError> {
        let deadline = Instant::now() + timeout;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if self.capture.wait(left)? {
                self.drain(max_rows);
            }
            // Under traffic the clock is the packets' own, and only the counters are told.
            if let Some(time) = self.capture.quiet_since().or(self.gathering.engine.clock()) {
                self.gathering.engine.advance(time);
            }
            self.gathering.collect_files();
            if left.is_zero() || self.gathering.full(max_rows) {
                break;
            }
        }
        let due = last || self.gathering.full(max_rows);
        let give = due && !self.gathering.is_empty();
        Ok(if give { Progress::Batch(self.gathering.take()) } else { Progress::Pending })
    }

    /// Takes what lies in the rings, for a bounded number of frames: the deadline must be looked at now and then.
    fn drain(&mut self, max_rows: usize) {
        for _ in 0..STRIDE * 16 {
            let Some(frame) = self.capture.next_frame() else { break };
            self.gathering.frame(&frame);
            if self.gathering.full(max_rows) {
                break;
            }
        }
    }

    /// The input is over: takes every frame that has come by now, ends every flow and gives the rest.
    pub fn finish(&mut self) -> Batch {
        self.capture.rest(|frame| self.gathering.frame(frame));
        self.gathering.engine.finish();
        self.gathering.take()
    }

    /// Times of the packets so far.
    #[must_use]
    pub fn span(&self) -> Span {
        self.gathering.span
    }

    /// Counters of source and engine by their dotted names.
    pub fn counters(&mut self) -> Vec<(&'static str, u64)> {
        let mut counters = self.capture.counters();
        counters.extend(self.gathering.engine.counters());
        counters
    }
}
