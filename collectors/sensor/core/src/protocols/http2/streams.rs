//! The streams of a connection: a request with its response each, told as over HTTP/1.1.

use std::sync::Arc;

use crate::context::Context;
use crate::protocols::http::coding::Coding;
use crate::protocols::http::doh::Doh;
use crate::protocols::http::head::{Head, Start};
use crate::protocols::http::payload::{Figures, Payload};
use crate::protocols::http::transaction::{Message, Transaction};
use crate::url::Url;

/// Streams open at a time; servers allow a hundred (RFC 9113 §6.5.2), and the oldest give way.
pub const STREAMS_MAX: usize = 256;

/// Bytes of the heads of open streams that are kept. A head of honest clients has one or two thousand; hostile ones blow
/// up a few bytes to a hundred thousand.
pub const HEADS_MAX: usize = 256 << 10;

/// One stream.
struct Stream {
    id: u32,
    /// Bytes of its heads.
    held: usize,
    transaction: Transaction,
    /// Bodies under way: the request's and the response's.
    bodies: [Option<Payload>; 2],
    ended: [bool; 2],
    /// Behind CONNECT: no message of HTTP, so no file.
    tunnel: bool,
}

/// All streams of a connection.
#[derive(Default)]
pub struct Streams {
    open: Vec<Stream>,
    ordinal: i64,
    doh: Doh,
    /// Bytes of the heads of all open streams.
    held: usize,
    /// Highest streams so far, the server's (even) and the client's (odd): what is said below on no open stream comes
    /// late.
    highest: [u32; 2],
    /// Streams opened so far.
    pub opened: i64,
}

impl Streams {
    /// The request that asked for HTTP/2 is answered on stream 1 (RFC 7540 §3.2).
    pub fn upgraded(asked: &Transaction, context: &mut Context<'_>) -> Self {
        let mut streams = Self { ordinal: asked.ordinal + 1, ..Self::default() };
        if let Some(request) = &asked.request {
            let mut head = request.head.clone();
            if let Start::Request { version, .. } = &mut head.start {
                *version = Some("2".to_owned());
            }
            let stream = streams.begin(1, Arc::clone(&asked.url), context);
            stream.transaction.request = Some(Message { ended: Some(context.time), ..Message::new(head) });
            stream.ended[0] = true;
        }
        streams
    }

    /// A head has come; a second one is a trailer and says nothing.
    pub fn head(&mut self, id: u32, mut head: Head, context: &mut Context<'_>) {
        head.finish();
        let request = matches!(head.start, Start::Request { .. });
        // Interim: the response is still to come.
        if head.status().is_some_and(|status| (100..200).contains(&status)) {
            return;
        }
        let url = if request { Arc::new(head.url()) } else { Arc::default() };
        let stream = match self.open.iter().position(|stream| stream.id == id) {
            Some(at) => &mut self.open[at],
            None if id <= self.highest[usize::from(id % 2 == 1)] => return,
            None => self.begin(id, Arc::clone(&url), context),
        };
        let transaction = &mut stream.transaction;
        let slot = if request { &transaction.request } else { &transaction.response };
        if slot.is_some() {
            return;
        }
        let held = head.held();
        stream.held += held;
        stream.tunnel |= request && head.method() == Some("CONNECT");
        if request {
            transaction.url = url;
        }
        if !stream.tunnel {
            let coding = Coding::of(head.content_encoding.as_deref().unwrap_or_default().as_bytes());
            let payload = Payload::new(transaction.carried(&head, request), coding);
            stream.bodies[usize::from(!request)] = Some(payload);
        }
        if request {
            transaction.request = Some(Message::new(head));
            let (ordinal, asked) = (transaction.ordinal, Arc::clone(&transaction.url));
            self.doh.request(ordinal, &asked, context);
        } else {
            transaction.response = Some(Message::new(head));
        }
        self.held += held;
        self.bound(context);
    }

    /// The oldest streams give way where heads take too much.
    fn bound(&mut self, context: &mut Context<'_>) {
        while self.held > HEADS_MAX && self.open.len() > 1 {
            context.anomaly("http2-many-streams");
            let oldest = self.open.remove(0);
            self.finish(oldest, context);
        }
    }

    fn begin(&mut self, id: u32, url: Arc<Url>, context: &mut Context<'_>) -> &mut Stream {
        if self.open.len() >= STREAMS_MAX {
            context.anomaly("http2-many-streams");
            let oldest = self.open.remove(0);
            self.finish(oldest, context);
        }
        self.opened += 1;
        let highest = &mut self.highest[usize::from(id % 2 == 1)];
        *highest = id.max(*highest);
        let mut transaction = Transaction::new(url, self.ordinal, context);
        self.ordinal += 1;
        transaction.stream = Some(i64::from(id));
        let stream =
            Stream { id, held: 0, transaction, bodies: [None, None], ended: [false; 2], tunnel: false };
        let at = self.open.len();
        self.open.push(stream);
        &mut self.open[at]
    }

    fn body(&mut self, id: u32, side: usize) -> Option<&mut Payload> {
        let stream = self.open.iter_mut().rev().find(|stream| stream.id == id)?;
        stream.bodies.get_mut(side)?.as_mut()
    }

    /// Bytes of a body; `side` 0 is the request's.
    pub fn data(&mut self, id: u32, side: usize, bytes: &[u8], context: &mut Context<'_>) {
        if let Some(body) = self.body(id, side) {
            body.add(bytes, context);
        }
    }

    /// Bytes of a body were never seen.
    pub fn gap(&mut self, id: u32, side: usize, missing: u64, context: &mut Context<'_>) {
        if let Some(body) = self.body(id, side) {
            body.gap(missing, context);
        }
    }

    /// This side has said all.
    pub fn end(&mut self, id: u32, side: usize, context: &mut Context<'_>) {
        let Some(at) = self.open.iter().position(|stream| stream.id == id) else { return };
        let stream = &mut self.open[at];
        let (ordinal, dns) = (stream.transaction.ordinal, stream.end(side, true, context));
        if stream.ended == [true; 2] || (side == 1 && stream.transaction.request.is_none()) {
            let stream = self.open.remove(at);
            self.finish(stream, context);
        }
        self.doh.message(ordinal, dns, context);
    }

    /// The stream is broken off; says whether it had been answered.
    pub fn reset(&mut self, id: u32, context: &mut Context<'_>) -> bool {
        let Some(at) = self.open.iter().position(|stream| stream.id == id) else { return true };
        let stream = self.open.remove(at);
        let answered = stream.transaction.response.is_some();
        self.finish(stream, context);
        answered
    }

    /// The connection is over.
    pub fn close(&mut self, context: &mut Context<'_>) {
        for stream in std::mem::take(&mut self.open) {
            self.finish(stream, context);
        }
        self.doh.close(context);
    }

    fn finish(&mut self, mut stream: Stream, context: &mut Context<'_>) {
        self.held = self.held.saturating_sub(stream.held);
        for side in 0..2 {
            let dns = stream.end(side, false, context);
            self.doh.message(stream.transaction.ordinal, dns, context);
        }
        stream.transaction.emit(context);
    }
}

impl Stream {
    /// Ends the message of one side; gives the message of DNS that it was, if it was one.
    fn end(&mut self, side: usize, complete: bool, context: &mut Context<'_>) -> Option<Vec<u8>> {
        if std::mem::replace(&mut self.ended[side], true) {
            return None;
        }
        let mut figures: Figures =
            self.bodies[side].take().map(|body| body.finish(complete, context)).unwrap_or_default();
        let dns = figures.dns.take();
        let Transaction { request, response, .. } = &mut self.transaction;
        if let Some(message) = if side == 0 { request } else { response } {
            message.figures = figures;
            message.ended = complete.then_some(context.time);
        }
        dns
    }
}
