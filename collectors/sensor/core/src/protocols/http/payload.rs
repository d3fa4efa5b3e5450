//! What a body carries: decoded, carried to a file or taken apart as a form, and described by figures.

use super::coding::Coding;
use super::multipart::Multipart;
use crate::context::Context;
use crate::files::{FileId, FileMeta, Kind};

/// Bytes at the beginning of a body that its figures are made of.
const HEAD_MAX: usize = 4_096;

/// Bytes of a form that people fill in, or of a program's report; what is longer carries something.
const FORM_MAX: u64 = 16 << 10;

/// Longest message of DNS (RFC 8484 §6).
const DNS_MAX: usize = 65_535;

/// Its media type.
const DNS_MESSAGE: &str = "application/dns-message";

/// Figures of a body; nothing of its content.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::protocols) struct Figures {
    pub(in crate::protocols) bytes: u64,
    pub(in crate::protocols) mime: Option<&'static str>,
    pub(in crate::protocols) entropy: Option<f64>,
    pub(in crate::protocols) printable: Option<f64>,
    pub(in crate::protocols) fields: Option<i64>,
    pub(in crate::protocols) password: Option<bool>,
    /// Attacks marked in its beginning.
    pub(in crate::protocols) markers: Vec<String>,
    /// A message of DNS: data of a program, and told as such.
    pub(in crate::protocols) dns: Option<Vec<u8>>,
}

enum Sink {
    /// No byte has come yet.
    Waiting,
    File(FileId),
    Form(Box<Multipart>),
    Dns(Vec<u8>),
    Nothing,
}

/// What is known of a body before its first byte.
pub(in crate::protocols) struct Carried {
    pub(in crate::protocols) meta: FileMeta,
    pub(in crate::protocols) content_type: Option<String>,
    pub(in crate::protocols) request: bool,
}

/// A body under way.
pub(in crate::protocols) struct Payload {
    coding: Coding,
    about: Carried,
    sink: Sink,
    head: Vec<u8>,
    bytes: u64,
    ampersands: i64,
}

impl Payload {
    pub(in crate::protocols) fn new(about: Carried, coding: Coding) -> Self {
        // A part of what is encoded as a whole cannot be decoded by itself.
        let coding = if about.meta.range.is_some() { Coding::of(b"") } else { coding };
        Self { coding, about, sink: Sink::Waiting, head: Vec::new(), bytes: 0, ampersands: 0 }
    }

    /// Adds bytes as carried.
    pub(in crate::protocols) fn add(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        self.bytes += bytes.len() as u64;
        let Self { coding, about, sink, head, ampersands, .. } = self;
        coding.add(bytes, &mut |decoded| deliver(about, sink, head, ampersands, decoded, context));
    }

    /// `missing` bytes as carried were never seen. An encoded body is lost from there on.
    pub(in crate::protocols) fn gap(&mut self, missing: u64, context: &mut Context<'_>) {
        self.bytes = self.bytes.saturating_add(missing);
        self.coding.cut();
        if matches!(self.sink, Sink::Waiting) {
            self.sink = open(&self.about, context);
        }
        match &mut self.sink {
            Sink::Waiting | Sink::Nothing => {}
            Sink::File(file) => context.file_gap(*file, missing),
            Sink::Form(form) => form.gap(missing, context),
            // A message with a hole is none.
            Sink::Dns(_) => self.sink = Sink::Nothing,
        }
    }

    /// The body has ended, complete or not.
    pub(in crate::protocols) fn finish(mut self, complete: bool, context: &mut Context<'_>) -> Figures {
        let Self { coding, about, sink, head, ampersands, .. } = &mut self;
        coding.finish(&mut |decoded| deliver(about, sink, head, ampersands, decoded, context));
        self.report(context);
        let mut figures = Figures { bytes: self.bytes, ..Figures::default() };
        let mut counts = [0; 256];
        crate::files::count(&mut counts, &self.head);
        figures.entropy = crate::files::entropy(&counts);
        if self.about.request {
            figures.printable = printable(&counts);
            super::markers::note("body", &self.head, &mut figures.markers);
        }
        match std::mem::replace(&mut self.sink, Sink::Nothing) {
            Sink::Waiting | Sink::Nothing => {}
            Sink::Form(mut form) => {
                form.finish(context);
                figures.mime = Some("multipart/form-data");
                figures.fields = Some(i64::from(form.parts));
                figures.password = Some(form.password);
            }
            Sink::Dns(message) => {
                figures.mime = Some("application/dns-message");
                figures.dns = Some(message).filter(|_| complete);
            }
            Sink::File(file) if self.about.request => {
                figures.mime = context.file_type(file);
                self.form_figures(&mut figures);
                if self.is_form_data(file, context) {
                    context.file_abandon(file);
                } else {
                    context.file_close(file, !complete || self.coding.trouble.broken);
                }
            }
            Sink::File(file) => {
                let found = context.file_close(file, !complete || self.coding.trouble.broken);
                figures.mime = found.map(|found| found.mime);
            }
        }
        figures
    }

    fn report(&self, context: &mut Context<'_>) {
        let trouble = self.coding.trouble;
        for (met, name) in [
            (trouble.mismatch, "http-encoding-mismatch"),
            (trouble.broken && !trouble.bomb, "http-bad-encoding"),
            (trouble.bomb, "http-decompression-bomb"),
            (self.coding.excess, "http-too-many-encodings"),
        ] {
            if met {
                context.anomaly(name);
            }
        }
    }

    fn declared(&self) -> &str {
        self.about.content_type.as_deref().unwrap_or_default()
    }

    fn form_figures(&self, figures: &mut Figures) {
        let declared = self.declared().to_ascii_lowercase();
        if declared.contains("x-www-form-urlencoded") {
            figures.fields = Some(self.ampersands + 1);
            figures.password = Some(form_has_password(&self.head));
        } else if declared.contains("json") {
            figures.password = Some(json_has_password(&self.head));
        }
    }

    /// A little text that is sent as a form, as JSON or without a type is data of a program, not a file.
    fn is_form_data(&self, file: FileId, context: &Context<'_>) -> bool {
        let declared = self.declared().to_ascii_lowercase();
        let text = context.file_kind(file).is_none_or(|found| found.kind == Kind::Text);
        let short = self.bytes <= FORM_MAX;
        text && short
            && (declared.is_empty() || declared.contains("form-urlencoded") || declared.contains("json"))
    }
}

fn deliver(
    about: &Carried,
    sink: &mut Sink,
    head: &mut Vec<u8>,
    ampersands: &mut i64,
    bytes: &[u8],
    context: &mut Context<'_>,
) {
    if bytes.is_empty() {
        return;
    }
    let room = HEAD_MAX.saturating_sub(head.len()).min(bytes.len());
    head.extend_from_slice(&bytes[..room]);
    if about.request && matches!(sink, Sink::Waiting | Sink::File(_)) {
        *ampersands += i64::try_from(memchr::memchr_iter(b'&', bytes).count()).unwrap_or(0);
    }
    if matches!(sink, Sink::Waiting) {
        *sink = open(about, context);
    }
    match sink {
        Sink::File(file) => context.file_data(*file, bytes),
        Sink::Form(form) => form.add(bytes, context),
        Sink::Dns(message) => {
            let room = DNS_MAX.saturating_sub(message.len()).min(bytes.len());
            message.extend_from_slice(&bytes[..room]);
        }
        Sink::Waiting | Sink::Nothing => {}
    }
}

fn open(about: &Carried, context: &mut Context<'_>) -> Sink {
    if about.content_type.as_deref().is_some_and(|value| value.trim_start().starts_with(DNS_MESSAGE)) {
        return Sink::Dns(Vec::new());
    }
    if about.request
        && let Some(form) = about.content_type.as_deref().map(str::as_bytes)
        && let Some(form) = Multipart::of(form, about.meta.clone())
    {
        return Sink::Form(Box::new(form));
    }
    context.file_open(about.meta.clone()).map_or(Sink::Nothing, Sink::File)
}

/// Share of printable ASCII and line ends.
#[allow(clippy::cast_precision_loss)] // at most HEAD_MAX
fn printable(counts: &[u64; 256]) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    let texts: u64 = counts[0x20..0x7f].iter().sum::<u64>() + counts[9] + counts[10] + counts[13];
    (total > 0).then(|| texts as f64 / total as f64)
}

/// Whether a form field of this name asks for a password.
pub(in crate::protocols) fn is_password_name(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let words: [&[u8]; 5] = [b"passw", b"pwd", b"matkhau", b"mat_khau", b"passphrase"];
    name == b"pass" || words.iter().any(|word| memchr::memmem::find(&name, word).is_some())
}

fn form_has_password(body: &[u8]) -> bool {
    body.split(|&b| b == b'&')
        .filter_map(|field| memchr::memchr(b'=', field).map(|at| field.split_at(at)))
        .any(|(name, value)| value.len() > 1 && is_password_name(name))
}

/// `"password":"…"` anywhere in a JSON text.
fn json_has_password(body: &[u8]) -> bool {
    let mut strings =
        body.split(|&b| b == b'"').skip(1).step_by(2).zip(body.split(|&b| b == b'"').skip(2).step_by(2));
    strings.any(|(name, between)| is_password_name(name) && between.trim_ascii() == b":")
}
