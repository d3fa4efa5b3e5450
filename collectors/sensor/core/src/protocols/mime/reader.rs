//! A letter as it streams by: heads, delimiters, parts within parts.

use std::sync::Arc;

use super::Letter;
use super::body::{Body, attach};
use super::head::{Head, Told};
use crate::context::Context;
use crate::files::{FileMeta, LetterMeta};
use crate::protocols::http::lines::Lines;

/// Parts within parts; forwarded letters of forwarded letters reach some six.
const DEPTH_MAX: usize = 16;
/// Parts of one letter that are looked at.
const PARTS_MAX: i64 = 1_000;
/// Longest boundary; RFC 2046 allows 70, mailers are known to go over it.
const BOUNDARY_MAX: usize = 256;
/// Bytes of a line that may be a delimiter.
const LOOK: usize = BOUNDARY_MAX + 8;

enum State {
    Head(Box<Head>),
    Body(Box<Body>),
    /// Preamble, epilogue, or a part that is not looked at.
    Skip,
}

/// A multipart around the current place.
struct Multipart {
    /// Two hyphens and the boundary.
    delimiter: Vec<u8>,
    digest: bool,
    /// Letters around it.
    depth: usize,
}

/// A letter under way.
pub(crate) struct Reader {
    /// For the files in it.
    about: FileMeta,
    /// Its own head is in `about`.
    described: bool,
    letter: Letter,
    state: State,
    around: Vec<Multipart>,
    lines: Lines,
    /// A line begins here.
    start: bool,
    /// The beginning of a line that may be a delimiter.
    held: Vec<u8>,
    /// The rest of a delimiter's line is passed over.
    passing: bool,
    torn: bool,
}

impl Reader {
    /// A letter of which nothing has come.
    pub(crate) fn new(about: FileMeta) -> Self {
        Self {
            about,
            described: false,
            letter: Letter::default(),
            state: State::Head(Box::new(Head::outermost())),
            around: Vec::new(),
            lines: Lines::default(),
            start: true,
            held: Vec::new(),
            passing: false,
            torn: false,
        }
    }

    /// Adds bytes.
    pub(crate) fn add(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        self.letter.bytes = self.letter.bytes.saturating_add_unsigned(bytes.len() as u64);
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.passing {
                self.pass(&mut rest);
            } else if let State::Head(_) = self.state {
                if let Some(line) = self.lines.take(&mut rest) {
                    self.head_line(&line, context);
                }
            } else {
                self.content(&mut rest, context);
            }
        }
    }

    /// `missing` bytes were never seen.
    pub(crate) fn gap(&mut self, missing: u64, context: &mut Context<'_>) {
        self.torn = true;
        self.lines = Lines::default();
        self.flush_held(context);
        self.start = false;
        if let State::Body(body) = &mut self.state {
            body.gap(missing, &mut self.letter, context);
        }
    }

    /// The letter has ended, `complete` or not.
    pub(crate) fn finish(mut self, complete: bool, context: &mut Context<'_>) -> Letter {
        self.flush_held(context);
        if let State::Head(_) = self.state {
            let last = self.lines.rest();
            if !last.is_empty() {
                self.head_line(&last, context);
            }
        }
        if let State::Head(head) = &mut self.state {
            head.settle(&mut self.letter);
        }
        if complete && !self.around.is_empty() {
            context.anomaly("mime-unclosed-multipart");
        }
        self.end_part(complete, false, context);
        self.letter.complete = complete && !self.torn;
        self.letter
    }

    fn pass(&mut self, rest: &mut &[u8]) {
        match memchr::memchr(b'\n', rest) {
            Some(end) => {
                *rest = &rest[end + 1..];
                self.passing = false;
            }
            None => *rest = &[],
        }
    }

    fn head_line(&mut self, line: &[u8], context: &mut Context<'_>) {
        // A part whose head never ends is ended by the next delimiter.
        if self.delimit(line, context) {
            return;
        }
        let State::Head(head) = &mut self.state else { return };
        match head.line(line, &mut self.letter) {
            Told::Field => {}
            Told::Odd => context.anomaly("mime-odd-header"),
            Told::End => self.head_over(context),
            Told::Body => {
                self.head_over(context);
                self.start = true;
                // The line end was taken off.
                let mut whole = line.to_vec();
                whole.push(b'\n');
                self.content(&mut &whole[..], context);
            }
        }
    }

    /// A head is complete: what it announces begins.
    fn head_over(&mut self, context: &mut Context<'_>) {
        let State::Head(head) = std::mem::replace(&mut self.state, State::Skip) else { return };
        self.start = true;
        self.describe();
        if head.excess {
            context.anomaly("mime-long-head");
        }
        if self.letter.parts >= PARTS_MAX {
            return context.anomaly("mime-many-parts");
        }
        let kind = head.kind.as_ref().map_or("", |kind| kind.main.as_str());
        let nested = kind == "message/rfc822" || kind == "message/global" || (kind.is_empty() && head.digest);
        if kind.starts_with("multipart/") {
            return self.multipart(&head, kind == "multipart/digest", context);
        }
        // A letter within a letter may not be encoded (RFC 2046 §5.2.1); an encoded one is a file.
        if nested && !head.encoding.to_ascii_lowercase().starts_with(b"base64") {
            if let Some(name) = head.name() {
                attach(&mut self.letter, name);
            }
            if head.depth >= DEPTH_MAX {
                return context.anomaly("mime-too-deep");
            }
            self.state = State::Head(Box::new(Head::inner(false, head.depth + 1)));
            return;
        }
        self.state = State::Body(Box::new(Body::new(&head, &self.about, &mut self.letter)));
    }

    /// The letter's own head is complete: its files tell of it.
    fn describe(&mut self) {
        if std::mem::replace(&mut self.described, true) {
            return;
        }
        let known = self.about.letter.take();
        let letter = LetterMeta {
            from: self.letter.from.clone(),
            from_addresses: self.letter.from_addresses.clone(),
            to: self.letter.to.clone(),
            subject: self.letter.subject.clone(),
            ..known.map_or_else(LetterMeta::default, Arc::unwrap_or_clone)
        };
        self.about.letter = Some(Arc::new(letter));
    }

    fn multipart(&mut self, head: &Head, digest: bool, context: &mut Context<'_>) {
        let boundary = head.kind.as_ref().and_then(|kind| kind.bytes("boundary"));
        let boundary = boundary.filter(|boundary| !boundary.is_empty() && boundary.len() <= BOUNDARY_MAX);
        let Some(boundary) = boundary else {
            context.anomaly("mime-bad-boundary");
            let plain = Head::of_text(head.encoding.clone());
            self.state = State::Body(Box::new(Body::new(&plain, &self.about, &mut self.letter)));
            return;
        };
        if self.around.len() >= DEPTH_MAX {
            return context.anomaly("mime-too-deep");
        }
        let delimiter = [b"--", &boundary[..]].concat();
        self.around.push(Multipart { delimiter, digest, depth: head.depth });
    }

    /// Content up to the next line that may be a delimiter.
    fn content(&mut self, rest: &mut &[u8], context: &mut Context<'_>) {
        let watching = !self.around.is_empty();
        if watching && (!self.held.is_empty() || (self.start && rest[0] == b'-')) {
            return self.may_delimit(rest, context);
        }
        let found = watching.then(|| memchr::memmem::find(rest, b"\n-")).flatten();
        let end = found.map_or(rest.len(), |at| at + 1);
        self.deliver(&rest[..end], context);
        self.start = rest[..end].last() == Some(&b'\n');
        *rest = &rest[end..];
    }

    fn deliver(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        if let State::Body(body) = &mut self.state {
            body.add(bytes, &mut self.letter, context);
        }
    }

    /// A line that begins with a hyphen: held until it is known what it is.
    fn may_delimit(&mut self, rest: &mut &[u8], context: &mut Context<'_>) {
        let room = LOOK - self.held.len().min(LOOK);
        let look = &rest[..rest.len().min(room)];
        let end = memchr::memchr(b'\n', look);
        let taken = end.map_or(look.len(), |end| end + 1);
        self.held.extend_from_slice(&rest[..taken]);
        *rest = &rest[taken..];
        if end.is_none() && self.held.len() < LOOK {
            return;
        }
        let line = std::mem::take(&mut self.held);
        self.start = end.is_some();
        if self.delimit(&line, context) {
            self.passing = end.is_none();
        } else {
            self.deliver(&line, context);
        }
    }

    fn flush_held(&mut self, context: &mut Context<'_>) {
        let line = std::mem::take(&mut self.held);
        if !line.is_empty() && !self.delimit(&line, context) {
            self.deliver(&line, context);
        }
    }

    /// Acts on a delimiter of any multipart around; says whether the line was one.
    fn delimit(&mut self, line: &[u8], context: &mut Context<'_>) -> bool {
        if self.around.is_empty() || !line.starts_with(b"--") {
            return false;
        }
        let found = self.around.iter().rposition(|multipart| closes(line, &multipart.delimiter).is_some());
        let Some(index) = found else { return false };
        let closing = closes(line, &self.around[index].delimiter).unwrap_or(false);
        if index + 1 < self.around.len() {
            context.anomaly("mime-unclosed-multipart");
        }
        self.end_part(true, true, context);
        self.start = true;
        self.around.truncate(if closing { index } else { index + 1 });
        if !closing && let Some(multipart) = self.around.last() {
            let Multipart { digest, depth, .. } = *multipart;
            self.state = State::Head(Box::new(Head::inner(digest, depth)));
        }
        true
    }

    fn end_part(&mut self, complete: bool, delimited: bool, context: &mut Context<'_>) {
        let complete = complete && (delimited || self.around.is_empty());
        match std::mem::replace(&mut self.state, State::Skip) {
            State::Body(body) => body.finish(complete, &mut self.letter, context),
            State::Head(mut head) => head.settle(&mut self.letter),
            State::Skip => {}
        }
    }
}

/// Whether a line is this delimiter, and whether it closes the multipart.
fn closes(line: &[u8], delimiter: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(delimiter)?;
    if rest.starts_with(b"--") {
        return Some(true);
    }
    rest.trim_ascii().is_empty().then_some(false)
}
