//! Where a body ends: by length, by chunks, or with the connection (RFC 9112 §6).

use super::head::{Head, may_be_chunked};
use super::lines::Lines;
use super::parser::{chunk_size, looks_chunked, trim};

/// Bytes looked at to tell whether a body that is said to be chunked is.
const SNIFF_MAX: usize = 1_024;

/// How a body is delimited.
pub(super) enum Framing {
    /// So many more bytes.
    Length(u64),
    /// Until the connection ends.
    UntilClose,
    /// Said to be chunked: the first bytes decide; if they do not look like it, the other way holds.
    Unsure(Vec<u8>, Box<Framing>),
    /// Chunks.
    Chunked(Chunks),
    /// Nothing more.
    Over,
}

/// Where in a chunked body the stream stands.
#[derive(Default)]
pub(super) struct Chunks {
    lines: Lines,
    /// Bytes of the current chunk that are still to come.
    left: u64,
    trailer: bool,
}

/// What the framing met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Met {
    /// A chunk without a size: the body cannot be followed any further.
    pub(super) bad_chunk: bool,
    /// Said to be chunked, and is not.
    pub(super) not_chunked: bool,
}

impl Framing {
    /// What the head of a response says.
    pub(super) fn of_response(head: &Head) -> Self {
        let length = match head.lengths.first {
            None => Self::UntilClose,
            // Nothing follows on a connection that closes: better too much for the scanner than too little.
            Some(_) if head.closes => Self::Length(head.lengths.largest),
            Some(first) => Self::Length(first),
        };
        let chunked = head.transfer_encoding.as_deref().is_some_and(|value| may_be_chunked(value, false));
        if chunked { Self::said_chunked(length) } else { length }
    }

    /// A body that is said to be chunked, and what holds when it is not.
    pub(super) fn said_chunked(otherwise: Self) -> Self {
        Self::Unsure(Vec::new(), Box::new(otherwise))
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Over | Self::Length(0))
    }

    /// Takes the bytes of the body off `bytes` and hands its payload to `out`.
    pub(super) fn add(&mut self, bytes: &mut &[u8], met: &mut Met, out: &mut dyn FnMut(&[u8])) {
        while !bytes.is_empty() && !self.is_over() {
            match self {
                Self::Length(left) => take(bytes, left, out),
                Self::UntilClose => out(std::mem::take(bytes)),
                Self::Unsure(..) => self.sniff(bytes, met, out),
                Self::Chunked(chunks) if chunks.left > 0 => take(bytes, &mut chunks.left, out),
                Self::Chunked(chunks) => {
                    if let Some(line) = chunks.lines.take(bytes) {
                        self.chunk_line(&line, met);
                    }
                }
                Self::Over => {}
            }
        }
    }

    /// Holds the first line, and no byte behind the body's end, until it is clear what it is.
    fn sniff(&mut self, bytes: &mut &[u8], met: &mut Met, out: &mut dyn FnMut(&[u8])) {
        let Self::Unsure(held, otherwise) = self else { return };
        let most = match **otherwise {
            Self::Length(length) if length > 0 => usize::try_from(length).unwrap_or(SNIFF_MAX).min(SNIFF_MAX),
            _ => SNIFF_MAX,
        };
        let line = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
        let (now, later) = bytes.split_at(line.min(most - held.len()));
        held.extend_from_slice(now);
        *bytes = later;
        if let Some(chunked) = looks_chunked(held).or((held.len() >= most).then_some(false)) {
            self.decide(chunked, met, out);
        }
    }

    fn decide(&mut self, chunked: bool, met: &mut Met, out: &mut dyn FnMut(&[u8])) {
        let Self::Unsure(held, otherwise) = std::mem::replace(self, Self::Over) else { return };
        met.not_chunked |= !chunked;
        *self = if chunked { Self::Chunked(Chunks::default()) } else { *otherwise };
        self.add(&mut &held[..], met, out);
    }

    /// The stream has ended; says whether the body had, too. `closed`: the connection was closed in an orderly way.
    pub(super) fn end(&mut self, closed: bool, met: &mut Met, out: &mut dyn FnMut(&[u8])) -> bool {
        if let Self::Unsure(held, _) = self {
            let chunked =
                trim(held).first().is_some_and(u8::is_ascii_hexdigit) && chunk_size(held) == Ok(Some(0));
            self.decide(chunked, met, out);
        }
        let complete = match self {
            Self::Over | Self::Length(0) => true,
            Self::UntilClose => closed,
            Self::Length(_) | Self::Unsure(..) => false,
            // The last chunk may lack its line end, or its trailer.
            Self::Chunked(chunks) => chunks.trailer || chunk_size(&chunks.lines.rest()) == Ok(Some(0)),
        };
        *self = Self::Over;
        complete
    }

    /// Bytes of the body that are still to come, where that is known.
    pub(super) fn left(&self) -> Option<u64> {
        match self {
            Self::Length(left) => Some(*left),
            _ => None,
        }
    }

    /// `missing` bytes of the stream were not seen; says how many of them were payload, or that the end of the body may
    /// have been among them (`None`).
    pub(super) fn gap(&mut self, missing: u64) -> Option<u64> {
        match self {
            Self::UntilClose => {}
            Self::Length(left) if *left >= missing => *left -= missing,
            Self::Chunked(chunks) if chunks.left >= missing => chunks.left -= missing,
            _ => return None,
        }
        Some(missing)
    }

    fn chunk_line(&mut self, line: &[u8], met: &mut Met) {
        let Self::Chunked(chunks) = self else { return };
        if chunks.trailer {
            if trim(line).is_empty() {
                *self = Self::Over;
            }
            return;
        }
        match chunk_size(line) {
            Ok(None) => {}
            Ok(Some(0)) => chunks.trailer = true,
            Ok(Some(size)) => chunks.left = size,
            Err(()) => {
                met.bad_chunk = true;
                *self = Self::Over;
            }
        }
    }
}

/// Takes at most `left` bytes.
fn take(bytes: &mut &[u8], left: &mut u64, out: &mut dyn FnMut(&[u8])) {
    let now = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
    *left -= now as u64;
    out(&bytes[..now]);
    *bytes = &bytes[now..];
}
