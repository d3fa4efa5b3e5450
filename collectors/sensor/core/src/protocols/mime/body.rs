//! A part without further parts: decoded, carried to a file, or searched for links.

use super::head::Head;
use super::transfer::{Transfer, uubegin, uudecode};
use super::words::readable;
use super::{ATTACHMENTS_MAX, Letter, links};
use crate::context::Context;
use crate::files::{FileId, FileMeta};
use crate::protocols::http::lines::Lines;

/// Links are looked for in so many decoded bytes of one part.
const TEXT_LOOK: u64 = 1 << 20;

/// A uuencoded file in a text.
enum Uu {
    No,
    /// Its lines are wanted by nobody: the sensor's limit on open files is reached.
    Refused,
    File(FileId),
}

/// What becomes of the decoded bytes.
struct Sink {
    /// Opened with the first byte.
    file: Option<FileId>,
    meta: Option<FileMeta>,
    /// Lines of a text.
    lines: Option<Lines>,
    looked: u64,
    uu: Uu,
    /// For a file within the text.
    about: FileMeta,
}

/// A part under way.
pub(super) struct Body {
    transfer: Transfer,
    sink: Sink,
    /// A line end in front of what comes next, unless that is a delimiter.
    owed: &'static [u8],
    lost: bool,
}

impl Body {
    /// The part that `head` announces.
    pub(super) fn new(head: &Head, about: &FileMeta, letter: &mut Letter) -> Self {
        let declared = head.kind.as_ref().map(|kind| kind.main.as_str()).filter(|kind| kind.contains('/'));
        let name = head.name();
        let attached = head.disposition.as_ref().is_some_and(|value| value.main == "attachment");
        let text = declared.is_none_or(|kind| kind.starts_with("text/"));
        // A text that is to be read is no file; a page may be a phishing page.
        let readable =
            declared.is_none_or(|kind| matches!(kind, "text/plain" | "text/enriched" | "text/richtext"));
        letter.parts += 1;
        if let Some(name) = &name {
            attach(letter, name.clone());
        }
        let meta = (name.is_some() || attached || !readable).then(|| FileMeta {
            declared_type: declared.map(str::to_owned),
            name,
            ..about.clone()
        });
        let lines = (text && !attached).then(Lines::default);
        Self {
            transfer: Transfer::of(&head.encoding),
            sink: Sink { file: None, meta, lines, looked: 0, uu: Uu::No, about: about.clone() },
            owed: b"",
            lost: false,
        }
    }

    /// Adds bytes as carried. The last line end is held back: it belongs to a delimiter, if one follows.
    pub(super) fn add(&mut self, bytes: &[u8], letter: &mut Letter, context: &mut Context<'_>) {
        let mut bytes = bytes;
        if self.owed == b"\r" && bytes.first() == Some(&b'\n') {
            self.owed = b"\r\n";
            bytes = &bytes[1..];
        }
        if bytes.is_empty() {
            return;
        }
        self.pay(letter, context);
        let (content, owed): (&[u8], &'static [u8]) = match bytes {
            [content @ .., b'\r', b'\n'] => (content, b"\r\n"),
            [content @ .., b'\n'] => (content, b"\n"),
            [content @ .., b'\r'] => (content, b"\r"),
            content => (content, b""),
        };
        self.owed = owed;
        self.give(content, letter, context);
    }

    fn pay(&mut self, letter: &mut Letter, context: &mut Context<'_>) {
        let owed = std::mem::take(&mut self.owed);
        self.give(owed, letter, context);
    }

    fn give(&mut self, bytes: &[u8], letter: &mut Letter, context: &mut Context<'_>) {
        if !bytes.is_empty() && !self.lost {
            let Self { transfer, sink, .. } = self;
            transfer.add(bytes, &mut |decoded| sink.add(decoded, letter, context));
        }
    }

    /// Bytes were lost. What is encoded cannot be read on.
    pub(super) fn gap(&mut self, missing: u64, letter: &mut Letter, context: &mut Context<'_>) {
        self.pay(letter, context);
        let missing = match self.transfer {
            Transfer::Plain => missing,
            Transfer::Base64(_) => missing / 4 * 3,
            Transfer::Quoted(_) => missing,
        };
        self.lost |= !matches!(self.transfer, Transfer::Plain);
        self.sink.open(context);
        if let Some(file) = self.sink.file {
            context.file_gap(file, missing);
        }
    }

    /// The part has ended; `complete` by a delimiter or with its letter. Either has the line end in front of it.
    pub(super) fn finish(mut self, complete: bool, letter: &mut Letter, context: &mut Context<'_>) {
        if !complete {
            self.pay(letter, context);
        }
        let Self { transfer, sink, lost, .. } = &mut self;
        let odd = transfer.finish(&mut |decoded| sink.add(decoded, letter, context));
        if odd {
            context.anomaly("mime-odd-base64");
        }
        sink.finish(complete && !*lost, letter, context);
    }
}

/// Notes the name of an attachment.
pub(super) fn attach(letter: &mut Letter, name: String) {
    if letter.attachments.len() < ATTACHMENTS_MAX {
        letter.attachments.push(name);
    }
}

impl Sink {
    fn open(&mut self, context: &mut Context<'_>) {
        if let Some(meta) = self.meta.take() {
            self.file = context.file_open(meta);
        }
    }

    fn add(&mut self, bytes: &[u8], letter: &mut Letter, context: &mut Context<'_>) {
        self.open(context);
        if let Some(file) = self.file {
            context.file_data(file, bytes);
        }
        let Some(mut lines) = self.lines.take() else { return };
        let mut rest = bytes;
        while let Some(line) = lines.take(&mut rest) {
            self.line(&line, letter, context);
        }
        self.looked += bytes.len() as u64;
        // A long text is no letter, unless a file is carried in it.
        self.lines = Some(lines).filter(|_| self.looked < TEXT_LOOK || !matches!(self.uu, Uu::No));
    }

    fn line(&mut self, line: &[u8], letter: &mut Letter, context: &mut Context<'_>) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !matches!(self.uu, Uu::No) {
            return self.uu_line(line, context);
        }
        if self.file.is_none()
            && let Some(name) = uubegin(line)
        {
            let name = readable(name).into_owned();
            letter.parts += 1;
            attach(letter, name.clone());
            let file = context.file_open(FileMeta { name: Some(name), ..self.about.clone() });
            self.uu = file.map_or(Uu::Refused, Uu::File);
            return;
        }
        links::collect(line, &mut letter.links);
    }

    fn uu_line(&mut self, line: &[u8], context: &mut Context<'_>) {
        match (line, uudecode(line), &self.uu) {
            (b"end", ..) => self.end_uu(false, context),
            (_, Some(data), Uu::File(file)) => context.file_data(*file, &data),
            (_, Some(_), _) => {}
            // No such line may stand in it.
            (_, None, _) if line.is_empty() => {}
            (_, None, _) => {
                context.anomaly("mime-bad-uuencode");
                self.end_uu(true, context);
            }
        }
    }

    fn end_uu(&mut self, truncated: bool, context: &mut Context<'_>) {
        if let Uu::File(file) = std::mem::replace(&mut self.uu, Uu::No) {
            context.file_close(file, truncated);
        }
    }

    fn finish(&mut self, complete: bool, letter: &mut Letter, context: &mut Context<'_>) {
        if let Some(mut lines) = self.lines.take() {
            let last = lines.rest();
            self.line(&last, letter, context);
        }
        self.end_uu(true, context);
        if let Some(file) = self.file.take() {
            context.file_close(file, !complete);
        }
    }
}
