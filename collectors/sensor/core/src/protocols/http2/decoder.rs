//! Frames of both sides: heads put together, bodies handed on, the connection told.

use super::frames::{self, HEADER_BYTES, Header, PREFACE, flag, kind};
use super::hpack::{Fault, Table};
use super::streams::Streams;
use crate::context::Context;
use crate::events;
use crate::protocols::http::head::Head;
use crate::protocols::http::transaction::Transaction;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Bytes of a header block that are held; servers refuse more than some 16 KiB.
pub const BLOCK_MAX: usize = 64 << 10;

/// CONTINUATION frames of one block. Empty ones cost their sender nothing (CVE-2024-27316).
pub const CONTINUATIONS_MAX: u32 = 64;

/// Streams that a client may break off unanswered before it is an attack (CVE-2023-44487); browsers cancel some dozens
/// when one leaves a page.
pub const RESETS_MAX: i64 = 200;

/// Settings kept of one side; the registry has eight.
const SETTINGS_MAX: usize = 16;

/// Where a side stands in its frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// The preface may come.
    #[default]
    Preface,
    /// Between frames.
    Frames,
    /// In a body.
    Data { stream: u32, left: usize, padding: usize, end: bool },
    /// In a frame that is passed over.
    Skip(usize),
    /// Bytes are missing: the next frame must be found again.
    Lost,
}

/// A header block whose end has not come.
struct Block {
    /// The stream whose frames carry it.
    carrier: u32,
    /// The stream that it is about: another one for a promise.
    stream: u32,
    /// The head of a request, whoever sends it.
    request: bool,
    end_stream: bool,
    bytes: Vec<u8>,
    continuations: u32,
    /// It is too long, and only its end is waited for.
    refused: bool,
}

/// One direction.
#[derive(Default)]
struct Side {
    state: State,
    table: Table,
    block: Option<Block>,
    settings: Option<Vec<String>>,
    error: Option<u32>,
    resets: i64,
}

/// One connection.
#[derive(Default)]
pub struct Http2 {
    sides: [Side; 2],
    /// Which direction is the client's: the one with the preface.
    client: usize,
    streams: Streams,
    unanswered: i64,
    start: Option<Micros>,
}

impl Http2 {
    /// A connection that this request of HTTP/1.1 was upgraded to.
    pub(in crate::protocols) fn upgraded(asked: &Transaction, context: &mut Context<'_>) -> Self {
        Self { streams: Streams::upgraded(asked, context), ..Self::default() }
    }

    /// 0 for what belongs to requests.
    fn role(&self, index: usize) -> usize {
        usize::from(index != self.client)
    }

    /// Takes what stands at the front; says how many bytes that were, 0 for too few.
    fn step(&mut self, index: usize, bytes: &[u8], context: &mut Context<'_>) -> Result<usize, &'static str> {
        let role = self.role(index);
        let side = &mut self.sides[index];
        match &mut side.state {
            State::Preface => self.preface(index, bytes, context),
            State::Skip(left) => {
                let used = bytes.len().min(*left);
                *left -= used;
                if *left == 0 {
                    side.state = State::Frames;
                }
                Ok(used)
            }
            State::Data { stream, left, padding, end } => {
                let used = bytes.len().min(*left);
                *left -= used;
                let (stream, rest, end) = ((*stream), (*left, *padding), *end);
                self.streams.data(stream, role, &bytes[..used], context);
                self.data_over(index, stream, rest, end, context);
                Ok(used)
            }
            State::Lost => {
                let found =
                    Header::read(bytes).is_some_and(|h| h.plausible() && h.kind <= kind::CONTINUATION);
                if !found {
                    return Ok(if bytes.len() < HEADER_BYTES { 0 } else { bytes.len() });
                }
                side.state = State::Frames;
                self.frame(index, bytes, context)
            }
            State::Frames => self.frame(index, bytes, context),
        }
    }

    /// The client's first bytes, or a frame.
    fn preface(
        &mut self,
        index: usize,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Result<usize, &'static str> {
        let length = bytes.len().min(PREFACE.len());
        if bytes[..length] != PREFACE[..length] {
            self.sides[index].state = State::Frames;
            return self.frame(index, bytes, context);
        }
        if length < PREFACE.len() {
            return Ok(0);
        }
        self.sides[index].state = State::Frames;
        self.client = index;
        Ok(length)
    }

    fn data_over(
        &mut self,
        index: usize,
        stream: u32,
        (left, padding): (usize, usize),
        end: bool,
        context: &mut Context<'_>,
    ) {
        if left > 0 {
            return;
        }
        self.sides[index].state = if padding > 0 { State::Skip(padding) } else { State::Frames };
        if end {
            self.streams.end(stream, self.role(index), context);
        }
    }

    /// A frame: bodies as they come, everything else whole.
    fn frame(
        &mut self,
        index: usize,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Result<usize, &'static str> {
        let Some(header) = Header::read(bytes) else { return Ok(0) };
        if !header.plausible() {
            return Err("http2-bad-frame");
        }
        let body = &bytes[HEADER_BYTES..];
        if self.sides[index].block.is_some() && header.kind != kind::CONTINUATION {
            context.anomaly("http2-bad-continuation");
            self.sides[index].block = None;
            self.sides[index].table.lost();
        }
        let passed = !matches!(header.kind, kind::HEADERS..=kind::CONTINUATION);
        if header.kind == kind::DATA {
            return self.data_frame(index, &header, body, context);
        }
        if passed || header.length > BLOCK_MAX {
            if !passed {
                context.anomaly("http2-long-frame");
                self.sides[index].table.lost();
            }
            self.sides[index].state =
                if header.length > 0 { State::Skip(header.length) } else { State::Frames };
            return Ok(HEADER_BYTES);
        }
        let Some(body) = body.get(..header.length) else { return Ok(0) };
        self.whole(index, &header, body, context);
        Ok(HEADER_BYTES + header.length)
    }

    fn data_frame(
        &mut self,
        index: usize,
        header: &Header,
        body: &[u8],
        context: &mut Context<'_>,
    ) -> Result<usize, &'static str> {
        let (mut used, mut padding) = (HEADER_BYTES, 0);
        if header.has(flag::PADDED) {
            let Some(length) = body.first() else { return Ok(0) };
            (used, padding) = (used + 1, usize::from(*length));
        }
        let left = (header.length + HEADER_BYTES).checked_sub(used + padding).ok_or("http2-bad-frame")?;
        let end = header.has(flag::END_STREAM);
        self.sides[index].state = State::Data { stream: header.stream, left, padding, end };
        self.data_over(index, header.stream, (left, padding), end, context);
        Ok(used)
    }

    fn whole(&mut self, index: usize, header: &Header, body: &[u8], context: &mut Context<'_>) {
        let side = &mut self.sides[index];
        match header.kind {
            kind::HEADERS | kind::PUSH_PROMISE => self.begin_block(index, header, body, context),
            kind::CONTINUATION => self.continuation(index, header, body, context),
            kind::RST_STREAM => {
                side.resets += 1;
                let unanswered = !self.streams.reset(header.stream, context) && index == self.client;
                self.unanswered += i64::from(unanswered);
                if unanswered && self.unanswered > RESETS_MAX {
                    context.anomaly("http2-rapid-reset");
                }
            }
            kind::SETTINGS if !header.has(flag::ACK) && side.settings.is_none() => {
                let named =
                    frames::settings(body).map(|(n, value)| format!("{}={value}", frames::setting(n)));
                side.settings = Some(named.take(SETTINGS_MAX).collect());
            }
            kind::GOAWAY => {
                let code = body.get(4..).and_then(<[u8]>::first_chunk);
                side.error = code.map(|code| u32::from_be_bytes(*code));
            }
            _ => {}
        }
    }

    fn begin_block(&mut self, index: usize, header: &Header, body: &[u8], context: &mut Context<'_>) {
        let promise = header.kind == kind::PUSH_PROMISE;
        let Some(mut bytes) = frames::block(header, body) else {
            context.anomaly("http2-bad-frame");
            return self.sides[index].table.lost();
        };
        let mut stream = header.stream;
        if promise {
            let Some((promised, rest)) = bytes.split_first_chunk::<4>() else { return };
            (stream, bytes) = (u32::from_be_bytes(*promised) & 0x7fff_ffff, rest);
        }
        let block = Block {
            carrier: header.stream,
            stream,
            request: promise || index == self.client,
            end_stream: !promise && header.has(flag::END_STREAM),
            bytes: bytes.to_vec(),
            continuations: 0,
            refused: false,
        };
        if header.has(flag::END_HEADERS) {
            self.head(index, &block, context);
        } else {
            self.sides[index].block = Some(block);
        }
    }

    fn continuation(&mut self, index: usize, header: &Header, body: &[u8], context: &mut Context<'_>) {
        let side = &mut self.sides[index];
        let Some(mut block) = side.block.take_if(|block| block.carrier == header.stream) else {
            context.anomaly("http2-bad-continuation");
            side.block = None;
            return side.table.lost();
        };
        block.continuations += 1;
        if !block.refused
            && (block.bytes.len() + body.len() > BLOCK_MAX || block.continuations > CONTINUATIONS_MAX)
        {
            context.anomaly("http2-continuation-flood");
            block.refused = true;
            block.bytes = Vec::new();
            side.table.lost();
        }
        if !block.refused {
            block.bytes.extend_from_slice(body);
        }
        match (header.has(flag::END_HEADERS), block.refused) {
            (false, _) => side.block = Some(block),
            (true, false) => self.head(index, &block, context),
            (true, true) => {}
        }
    }

    /// A header block is complete.
    fn head(&mut self, index: usize, block: &Block, context: &mut Context<'_>) {
        let mut head = Head::of_fields(block.request, context.time);
        let table = &mut self.sides[index].table;
        if let Err(fault) = table.read(&block.bytes, &mut |name, value| head.field(name, value)) {
            context.anomaly(match fault {
                Fault::Broken => "http2-bad-compression",
                Fault::Bomb => "http2-header-bomb",
            });
            table.lost();
        }
        self.streams.head(block.stream, head, context);
        if block.end_stream {
            self.streams.end(block.stream, self.role(index), context);
        } else if block.request && index != self.client {
            // What a server promises was never asked: its request has no body.
            self.streams.end(block.stream, 0, context);
        }
    }
}

impl Decoder for Http2 {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.start.get_or_insert(context.time);
        let mut used = 0;
        while used < bytes.len() {
            match self.step(direction.index(), &bytes[used..], context) {
                Ok(0) => break,
                Ok(count) => used += count,
                Err(reason) => return Outcome::Malformed(reason),
            }
        }
        Outcome::Parsed(used)
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        let index = direction.index();
        let role = self.role(index);
        let state = self.sides[index].state;
        let count = usize::try_from(missing).unwrap_or(usize::MAX);
        match state {
            State::Data { stream, left, padding, end } if count <= left => {
                self.streams.gap(stream, role, missing, context);
                self.sides[index].state = State::Data { stream, left: left - count, padding, end };
                self.data_over(index, stream, (left - count, padding), end, context);
            }
            State::Skip(left) if count < left => self.sides[index].state = State::Skip(left - count),
            _ => {
                if let State::Data { stream, left, .. } = state {
                    self.streams.gap(stream, role, left as u64, context);
                }
                context.anomaly("http2-gap");
                let side = &mut self.sides[index];
                side.state = State::Lost;
                side.block = None;
                side.table.lost();
            }
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.streams.close(context);
        let Some(start) = self.start.take() else { return };
        let [client, server] = [self.client, 1 - self.client].map(|index| &self.sides[index]);
        let errors = [client, server].map(|side| side.error.map(frames::error));
        context.emit(
            start,
            &events::Http2 {
                vonggac_http2_client_settings: client.settings.as_deref(),
                vonggac_http2_server_settings: server.settings.as_deref(),
                vonggac_http2_streams: Some(self.streams.opened),
                vonggac_http2_client_resets: Some(client.resets),
                vonggac_http2_server_resets: Some(server.resets),
                vonggac_http2_client_error: errors[0].as_deref(),
                vonggac_http2_server_error: errors[1].as_deref(),
                ..events::Http2::default()
            },
        );
    }
}
