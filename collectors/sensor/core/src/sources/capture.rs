//! A capture being read from its first frame to its last, whatever its format and compression.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compression::decompressed;
use super::link_type;
use super::pcap::{self, Pcap};
use super::pcapng::PcapNg;
use super::window::{End, Window};
use super::{FRAME_MAX, SourceError};
use crate::frame::{Frame, Link};
use crate::time::Micros;

/// Unknown link types told apart in messages; a hostile pcapng can name all 65,536.
const UNKNOWN_MAX: usize = 8;
const STANDARD_INPUT: &str = "standard input";

/// Where a frame lies in the window.
#[derive(Clone, Copy)]
pub(super) struct Record {
    pub(super) time: Micros,
    pub(super) link_type: u16,
    /// First byte of the frame within the record.
    pub(super) start: usize,
    pub(super) captured: usize,
    /// Length on the wire.
    pub(super) length: u32,
    /// Bytes of the whole record.
    pub(super) size: usize,
}

/// What a format finds next.
pub(super) enum Step {
    Record(Record),
    /// The file is over.
    End,
    /// The file ends within a record.
    Cut,
    /// From here on nothing can be trusted.
    Damaged(&'static str),
}

enum Format {
    Pcap(Pcap),
    PcapNg(PcapNg),
}

/// What was met on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureCounters {
    /// Frames given out.
    pub frames: u64,
    /// Packets of a link type that the sensor does not decode, or longer than a frame can be.
    pub unreadable: u64,
    /// Packets that the capturing program says it lost.
    pub lost: u64,
    /// pcapng blocks without a packet that were skipped.
    pub skipped_blocks: u64,
}

/// One capture file, or standard input.
pub struct Capture {
    name: String,
    window: Window,
    format: Format,
    used: usize,
    link: Option<(u16, Link)>,
    frames: u64,
    unreadable: u64,
    unknown: BTreeMap<u16, u64>,
    cut: Option<String>,
    ended: bool,
    read: Arc<AtomicU64>,
    size: Option<u64>,
}

impl Capture {
    /// Opens a file. Errors: it cannot be opened, or is no capture.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let name = path.display().to_string();
        let file = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = file.map_err(|error| unreadable(&name, &reason(&error)))?;
        if metadata.is_dir() {
            return Err(unreadable(&name, "is a folder; name the capture files in it"));
        }
        let size = Some(metadata.len()).filter(|_| metadata.is_file());
        Self::new(name, Box::new(file), size)
    }

    /// Reads a capture from standard input.
    pub fn standard_input() -> Result<Self, SourceError> {
        // Not `io::stdin()`: its buffer of 8 KiB would be filled and copied once more.
        let file = io::stdin().as_fd().try_clone_to_owned().map(File::from);
        let file = file.map_err(|error| unreadable(STANDARD_INPUT, &reason(&error)))?;
        Self::new(STANDARD_INPUT.to_owned(), Box::new(file), None)
    }

    /// Reads a capture from anything. `size`: bytes that are expected, for [`Capture::share_read`].
    pub fn new(name: String, reader: Box<dyn Read + Send>, size: Option<u64>) -> Result<Self, SourceError> {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted { reader, read: Arc::clone(&read) };
        let reader = decompressed(Box::new(counted)).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => SourceError::Interrupted,
            _ => unreadable(&name, &reason(&error)),
        })?;
        let mut window = Window::new(reader);
        let format = recognise(&name, &mut window)?;
        Ok(Self {
            name,
            window,
            format,
            used: 0,
            link: None,
            frames: 0,
            unreadable: 0,
            unknown: BTreeMap::new(),
            cut: None,
            ended: false,
            read,
            size,
        })
    }

    /// The next frame; `None` at the end, also at a cut or damage ([`Capture::cut`]).
    /// Only [`SourceError::Interrupted`] is possible.
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, SourceError> {
        while !self.ended {
            self.window.consume(std::mem::take(&mut self.used));
            let step = match &mut self.format {
                Format::Pcap(pcap) => pcap.step(&mut self.window),
                Format::PcapNg(pcapng) => pcapng.step(&mut self.window),
            };
            let Step::Record(record) = step else {
                self.end(&step)?;
                break;
            };
            self.used = record.size;
            if let Some(link) = self.link(&record) {
                self.frames += 1;
                let bytes = &self.window.bytes()[record.start..record.start + record.captured];
                return Ok(Some(Frame { time: record.time, link, bytes, length: record.length }));
            }
        }
        Ok(None)
    }

    /// Why reading stopped before the end, if it did: one line.
    #[must_use]
    pub fn cut(&self) -> Option<&str> {
        self.cut.as_deref()
    }

    /// What could not be read though the file is whole: one line each.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let one = |(kind, count): (&u16, &u64)| {
            let (name, what) = (&self.name, link_type::name(*kind));
            format!(
                "{name}: {count} packets of link type {kind} ({what}) cannot be read; capture on Ethernet"
            )
        };
        self.unknown.iter().map(one).collect()
    }

    /// What was met so far.
    #[must_use]
    pub fn counters(&self) -> CaptureCounters {
        let (lost, skipped_blocks) = match &self.format {
            Format::Pcap(_) => (0, 0),
            Format::PcapNg(pcapng) => (pcapng.drops(), pcapng.skipped),
        };
        CaptureCounters { frames: self.frames, unreadable: self.unreadable, lost, skipped_blocks }
    }

    /// Share of the file that has been read, 0 to 1; `None` for standard input.
    #[must_use]
    pub fn share_read(&self) -> Option<f64> {
        let size = self.size.filter(|size| *size > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a progress bar")]
        let share = self.read.load(Ordering::Relaxed) as f64 / size as f64;
        Some(share.min(1.0))
    }

    #[inline]
    fn link(&mut self, record: &Record) -> Option<Link> {
        if let Some((known, link)) = self.link
            && known == record.link_type
            && record.captured <= FRAME_MAX
        {
            return Some(link);
        }
        self.new_link(record)
    }

    #[cold]
    fn new_link(&mut self, record: &Record) -> Option<Link> {
        let link = link_type::link(record.link_type).filter(|_| record.captured <= FRAME_MAX);
        if let Some(link) = link {
            self.link = Some((record.link_type, link));
        } else {
            self.unreadable += 1;
            if self.unknown.len() < UNKNOWN_MAX || self.unknown.contains_key(&record.link_type) {
                *self.unknown.entry(record.link_type).or_default() += 1;
            }
        }
        link
    }

    #[cold]
    fn end(&mut self, step: &Step) -> Result<(), SourceError> {
        let what = match (step, &self.window.ended) {
            (Step::Damaged(what), _) => format!("is damaged: {what}"),
            (_, End::Interrupted) => return Err(SourceError::Interrupted),
            (_, End::Failed(why)) => format!("cannot be read further: {why}"),
            (Step::Cut, End::Complete) => "ends within a packet".to_owned(),
            (Step::End | Step::Record(_), End::Complete) => {
                self.ended = true;
                return Ok(());
            }
        };
        self.ended = true;
        let (name, frames, offset) = (&self.name, self.frames, self.window.offset);
        self.cut = Some(format!("{name}: {what} at byte {offset}; {frames} packets before it were read"));
        Ok(())
    }
}

fn recognise(name: &str, window: &mut Window) -> Result<Format, SourceError> {
    if !window.have(pcap::HEADER) {
        match &window.ended {
            End::Interrupted => return Err(SourceError::Interrupted),
            End::Failed(why) => return Err(unreadable(name, &format!("cannot be read: {why}"))),
            End::Complete => {}
        }
    }
    let head = window.bytes();
    if PcapNg::recognised(head) {
        return Ok(Format::PcapNg(PcapNg::new()));
    }
    match Pcap::order(head) {
        Some(order) if head.len() >= pcap::HEADER => {
            let format = Format::Pcap(Pcap::new(order, head));
            window.consume(pcap::HEADER);
            Ok(format)
        }
        Some(_) => Err(unreadable(name, "ends within its file header: it holds no packets; copy it again")),
        None if head.is_empty() => Err(unreadable(name, "is empty; capture again")),
        None if head.starts_with(b"PK\x03\x04") => Err(unreadable(name, "is a zip archive; unpack it first")),
        None => Err(unreadable(name, "is no capture; give pcap or pcapng, plain or in gzip or zstd")),
    }
}

fn unreadable(name: &str, reason: &str) -> SourceError {
    SourceError::Unreadable { name: name.to_owned(), reason: reason.to_owned() }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file; check the path".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read; check its rights".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// Counts what goes through, for progress.
struct Counted {
    reader: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
