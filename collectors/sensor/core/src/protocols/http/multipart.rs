//! Uploads in forms (RFC 7578): each part with a file name is a file.

use super::lines::Lines;
use super::parser::{file_name, header, parameter, trim};
use crate::context::Context;
use crate::files::{FileId, FileMeta};
use crate::text::lossless;

/// Parts looked at in one body; browsers send a handful.
const PARTS_MAX: u32 = 256;
/// Longest boundary; RFC 2046 allows 70.
const BOUNDARY_MAX: usize = 256;

enum State {
    /// In front of a boundary, with data of this file if it is one.
    Data(Option<FileId>),
    /// Behind a boundary: the rest of its line.
    Boundary,
    Head,
    Over,
}

/// A form under way.
pub(super) struct Multipart {
    delimiter: Vec<u8>,
    state: State,
    /// Bytes that may belong to a delimiter.
    held: Vec<u8>,
    lines: Lines,
    name: Option<Vec<u8>>,
    file: Option<String>,
    declared_type: Option<String>,
    /// For the files found.
    meta: FileMeta,
    /// Parts so far.
    pub(super) parts: u32,
    /// A part with the name of a password.
    pub(super) password: bool,
}

impl Multipart {
    /// A form with the boundary that the Content-Type names; `None` when that is no form.
    pub(super) fn of(content_type: &[u8], meta: FileMeta) -> Option<Self> {
        if !super::parser::starts_with_ignoring_case(content_type, b"multipart/") {
            return None;
        }
        let boundary =
            parameter(content_type, b"boundary").filter(|b| !b.is_empty() && b.len() <= BOUNDARY_MAX)?;
        Some(Self {
            delimiter: [b"--", boundary].concat(),
            state: State::Data(None),
            held: Vec::new(),
            lines: Lines::default(),
            name: None,
            file: None,
            declared_type: None,
            meta,
            parts: 0,
            password: false,
        })
    }

    pub(super) fn add(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        let mut joined = std::mem::take(&mut self.held);
        let mut rest = bytes;
        if !joined.is_empty() {
            joined.extend_from_slice(bytes);
            rest = &joined;
        }
        while !rest.is_empty() {
            match self.state {
                State::Data(file) => self.data(file, &mut rest, context),
                State::Boundary => {
                    if let Some(line) = self.lines.take(&mut rest) {
                        self.state = if line.starts_with(b"--") { State::Over } else { State::Head };
                    }
                }
                State::Head => {
                    if let Some(line) = self.lines.take(&mut rest) {
                        self.head_line(&line, context);
                    }
                }
                State::Over => return,
            }
        }
    }

    /// Data up to the next delimiter; what may be the beginning of one is held back.
    fn data(&mut self, file: Option<FileId>, bytes: &mut &[u8], context: &mut Context<'_>) {
        let Some(at) = memchr::memmem::find(bytes, &self.delimiter) else {
            let (data, tail) = bytes.split_at(bytes.len().saturating_sub(self.delimiter.len() + 1));
            if let Some(file) = file {
                context.file_data(file, data);
            }
            self.held = tail.to_vec();
            *bytes = &[];
            return;
        };
        let data = &bytes[..at];
        let data = data.strip_suffix(b"\n").map_or(data, |data| data.strip_suffix(b"\r").unwrap_or(data));
        if let Some(file) = file {
            context.file_data(file, data);
            context.file_close(file, false);
        }
        self.state = State::Boundary;
        *bytes = &bytes[at + self.delimiter.len()..];
    }

    fn head_line(&mut self, line: &[u8], context: &mut Context<'_>) {
        if trim(line).is_empty() {
            self.part(context);
            return;
        }
        let Some((name, value)) = header(line) else { return };
        if name.eq_ignore_ascii_case(b"content-disposition") {
            self.name = parameter(value, b"name").map(<[u8]>::to_vec);
            self.file = file_name(value).map(|name| lossless(&name).into_owned());
        } else if name.eq_ignore_ascii_case(b"content-type") {
            self.declared_type = Some(lossless(value).into_owned());
        }
    }

    /// The head of a part is complete.
    fn part(&mut self, context: &mut Context<'_>) {
        self.parts += 1;
        self.password |= self.name.take().is_some_and(|name| super::payload::is_password_name(&name));
        let declared_type = self.declared_type.take();
        let file = self.file.take().filter(|_| self.parts <= PARTS_MAX).and_then(|name| {
            context.file_open(FileMeta { name: Some(name), declared_type, upload: true, ..self.meta.clone() })
        });
        self.state = State::Data(file);
    }

    /// The body has ended.
    pub(super) fn finish(&mut self, context: &mut Context<'_>) {
        if let State::Data(Some(file)) = self.state {
            context.file_data(file, &self.held);
            // Without the closing boundary the end of the file is missing.
            context.file_close(file, true);
        }
        self.state = State::Over;
    }

    /// A hole in the body.
    pub(super) fn gap(&mut self, missing: u64, context: &mut Context<'_>) {
        if let State::Data(Some(file)) = self.state {
            context.file_data(file, &std::mem::take(&mut self.held));
            context.file_gap(file, missing);
        }
    }
}
