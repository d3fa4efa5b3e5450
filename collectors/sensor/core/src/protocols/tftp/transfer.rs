//! The transfer of one file, on whichever flow it runs.

use std::net::IpAddr;

use super::parser::{Message, Request};
use crate::context::{Context, EventId};
use crate::events;
use crate::files::{FileId, FileMeta};
use crate::text::lossless;
use crate::time::Micros;

/// Block size without the option (RFC 1350 §2).
const BLOCK_SIZE: usize = 512;

/// Largest block size (RFC 2348).
const BLOCK_SIZE_MAX: usize = 65_464;

/// Blocks that may be missing in front of one: a window of the usual size. More is another transfer.
const AHEAD_MAX: u16 = 64;

/// Bytes kept of a name or value of an option, and of the text of an error.
const TEXT_MAX: usize = 256;

/// One request and what became of it.
pub struct Transfer {
    id: EventId,
    time: Micros,
    client: (IpAddr, u16),
    write: bool,
    /// Name of the file.
    pub name: String,
    mode: &'static str,
    options: Vec<String>,
    block_size: usize,
    /// Number of the block to come.
    next: u16,
    bytes: u64,
    file: Option<FileId>,
    opened: bool,
    complete: bool,
    error: Option<String>,
}

impl Transfer {
    /// What a request asks for.
    pub fn new(request: &Request<'_>, client: (IpAddr, u16), context: &mut Context<'_>) -> Self {
        let options = request.options.iter().map(|(name, value)| format!("{}={}", text(name), text(value)));
        Self {
            id: context.reserve("tftp"),
            time: context.time,
            client,
            write: request.write,
            name: text(request.file),
            mode: request.mode,
            options: options.collect(),
            block_size: BLOCK_SIZE,
            next: 1,
            bytes: 0,
            file: None,
            opened: false,
            complete: false,
            error: None,
        }
    }

    /// The same request again: its answer was late.
    pub fn repeats(&self, request: &Request<'_>) -> bool {
        self.write == request.write && self.name == text(request.file)
    }

    /// Whether this end is the client's.
    pub fn is_client(&self, end: (IpAddr, Option<u16>)) -> bool {
        end == (self.client.0, Some(self.client.1))
    }

    /// Complete, or given up.
    pub fn is_over(&self) -> bool {
        self.complete || self.error.is_some()
    }

    /// A message of either side.
    pub fn message(&mut self, from_client: bool, message: &Message<'_>, context: &mut Context<'_>) {
        match message {
            Message::Data(number, block) if from_client == self.write => self.block(*number, block, context),
            Message::Data(..) => context.anomaly("tftp-data-from-receiver"),
            Message::Options(options) if !from_client => {
                let size = options.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"blksize"));
                let size = size.and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok());
                self.block_size =
                    size.filter(|size| (8..=BLOCK_SIZE_MAX).contains(size)).unwrap_or(BLOCK_SIZE);
            }
            Message::Error(code, reason) if !self.is_over() => {
                self.error = Some(format!("{code} {}", text(reason)).trim_end().to_owned());
                self.cut(context);
            }
            _ => {}
        }
    }

    fn block(&mut self, number: u16, block: &[u8], context: &mut Context<'_>) {
        let ahead = number.wrapping_sub(self.next);
        // Repeated blocks were acknowledged too late.
        if self.is_over() || ahead > AHEAD_MAX {
            return;
        }
        if !std::mem::replace(&mut self.opened, true) {
            self.file = context.file_open(FileMeta {
                carrier: Some(self.id),
                protocol: "tftp",
                upload: self.write,
                name: Some(self.name.clone()),
                ..FileMeta::default()
            });
        }
        if let Some(file) = self.file {
            if ahead > 0 {
                context.file_gap(file, u64::from(ahead) * self.block_size as u64);
            }
            context.file_data(file, block);
        }
        self.bytes += block.len() as u64;
        self.next = number.wrapping_add(1);
        if block.len() < self.block_size {
            self.complete = true;
            if let Some(file) = self.file.take() {
                context.file_close(file, false);
            }
        }
    }

    /// The flow that carries it has ended.
    pub fn cut(&mut self, context: &mut Context<'_>) {
        if let Some(file) = self.file.take() {
            context.file_close(file, true);
        }
    }

    /// The event of the request.
    pub fn emit(&self, context: &mut Context<'_>) {
        let outcome = match (self.complete, &self.error) {
            (true, _) => "success",
            (false, Some(_)) => "failure",
            (false, None) => "unknown",
        };
        let row = events::Tftp {
            event_outcome: Some(outcome),
            file_name: Some(&self.name),
            file_size: i64::try_from(self.bytes).ok().filter(|_| self.opened),
            vonggac_file_direction: Some(if self.write { "upload" } else { "download" }),
            vonggac_tftp_operation: Some(if self.write { "write" } else { "read" }),
            vonggac_tftp_mode: Some(self.mode),
            vonggac_tftp_options: Some(self.options.as_slice()).filter(|options| !options.is_empty()),
            vonggac_tftp_block_size: i64::try_from(self.block_size).ok(),
            vonggac_tftp_error: self.error.as_deref(),
            ..events::Tftp::default()
        };
        context.emit_as(self.id, self.time, &row);
    }
}

fn text(bytes: &[u8]) -> String {
    lossless(&bytes[..bytes.len().min(TEXT_MAX)]).into_owned()
}
