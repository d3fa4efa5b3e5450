//! One direction of a connection: where in the stream of messages it stands.

use super::framing::{Framing, Met};
use super::head::Head;
use super::lines::Lines;
use super::parser::is_token;
use super::payload::{Figures, Payload};
use crate::context::Context;

/// A body under way.
pub(super) struct Body {
    pub(super) framing: Framing,
    pub(super) payload: Payload,
    pub(super) met: Met,
    /// A blank line may still belong to the head, which ended in an odd way.
    pub(super) skip: Skip,
}

/// Whether a blank line in front of a body is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    No,
    /// If one comes.
    Blank,
    /// Its carriage return has come.
    LineFeed,
}

impl Body {
    pub(super) fn add(&mut self, bytes: &mut &[u8], context: &mut Context<'_>) {
        self.skip_blank(bytes, context);
        let Self { framing, payload, met, .. } = self;
        framing.add(bytes, met, &mut |part| payload.add(part, context));
    }

    fn skip_blank(&mut self, bytes: &mut &[u8], context: &mut Context<'_>) {
        while self.skip != Skip::No {
            match (self.skip, bytes.split_first()) {
                (_, None) => return,
                (_, Some((b'\n', rest))) => (self.skip, *bytes) = (Skip::No, rest),
                (Skip::Blank, Some((b'\r', rest))) => (self.skip, *bytes) = (Skip::LineFeed, rest),
                (before, Some(_)) => {
                    self.skip = Skip::No;
                    if before == Skip::LineFeed {
                        let Self { framing, payload, met, .. } = self;
                        framing.add(&mut &b"\r"[..], met, &mut |part| payload.add(part, context));
                    }
                }
            }
        }
    }

    /// Ends the body where the stream ends; `closed` in an orderly way.
    pub(super) fn end(mut self, closed: bool, context: &mut Context<'_>) -> Figures {
        let Self { framing, payload, met, .. } = &mut self;
        let complete = framing.end(closed, met, &mut |part| payload.add(part, context));
        self.finish(complete, context)
    }

    /// The figures of a body that has ended.
    pub(super) fn finish(self, complete: bool, context: &mut Context<'_>) -> Figures {
        let Met { bad_chunk, not_chunked } = self.met;
        if bad_chunk {
            context.anomaly("http-bad-chunk");
        }
        if not_chunked {
            context.anomaly("http-not-chunked");
        }
        self.payload.finish(complete && !bad_chunk, context)
    }
}

/// Where a direction stands.
#[derive(Default)]
pub(super) enum State {
    /// Between messages.
    #[default]
    Start,
    /// In a head.
    Head(Box<Head>),
    /// Behind a line of blanks in a head: its end, or a continuation.
    Blank(Box<Head>),
    /// Behind the head of a response that must not have a body but names a length.
    Perhaps(Box<Body>),
    /// In a body.
    Body(Box<Body>),
    /// Behind a CONNECT that is not yet answered.
    Tunnel,
}

/// One direction.
#[derive(Default)]
pub(super) struct Side {
    pub(super) lines: Lines,
    pub(super) state: State,
    /// Bytes passed over because they begin no message.
    pub(super) skipped: u64,
    /// A hole tore the stream, and no message has begun since.
    pub(super) torn: bool,
    /// A message began in the hole.
    pub(super) lost: bool,
    /// A message has begun here.
    pub(super) spoke: bool,
}

/// What a look at the next bytes tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Yes,
    No,
    /// Too few bytes.
    Unclear,
}

/// Names of headers looked at for [`continues_head`]; longer ones are taken for content.
const NAME_LOOK: usize = 64;

/// Whether a head goes on behind a line of blanks: with a continuation or another header.
pub(super) fn continues_head(bytes: &[u8]) -> Look {
    match bytes.first() {
        None => return Look::Unclear,
        Some(b' ' | b'\t') => return Look::Yes,
        Some(_) => {}
    }
    match bytes.iter().take(NAME_LOOK).find(|&&b| !is_token(b)) {
        Some(b':') => Look::Yes,
        None if bytes.len() < NAME_LOOK => Look::Unclear,
        _ => Look::No,
    }
}

/// Whether the next message begins here, and so no body.
pub(super) fn begins_message(bytes: &[u8]) -> Look {
    const START: &[u8] = b"HTTP/";
    let length = bytes.len().min(START.len());
    if !bytes[..length].eq_ignore_ascii_case(&START[..length]) {
        Look::No
    } else if length == START.len() {
        Look::Yes
    } else {
        Look::Unclear
    }
}
