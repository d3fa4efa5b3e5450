//! Counts the frames of both sides, and tells the connection as one event.

use super::frames::{self, CLOSE, Header};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// One direction.
#[derive(Default)]
struct Side {
    /// Bytes of the current frame's payload that are still to come.
    left: u64,
    bytes: u64,
    first: Option<u64>,
}

/// One connection.
#[derive(Default)]
pub struct WebSocket {
    sides: [Side; 2],
    /// Opcodes in the order of their first, and how many of each.
    kinds: Vec<(u8, i64)>,
    compressed: bool,
    unmasked: bool,
    close_code: Option<u16>,
    start: Option<Micros>,
}

impl WebSocket {
    fn frame(&mut self, direction: Direction, header: &Header) {
        // The opcodes are six, so that the list is short.
        match self.kinds.iter_mut().find(|(opcode, _)| *opcode == header.opcode) {
            Some((_, count)) => *count += 1,
            None => self.kinds.push((header.opcode, 1)),
        }
        self.compressed |= header.compressed;
        self.unmasked |= direction == Direction::ToServer && header.mask.is_none();
        let side = &mut self.sides[direction.index()];
        side.left = header.length;
        side.bytes = side.bytes.saturating_add(header.length);
        if matches!(header.opcode, 1 | 2) {
            side.first.get_or_insert(header.length);
        }
    }
}

impl Decoder for WebSocket {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.start.get_or_insert(context.time);
        let index = direction.index();
        let mut used = 0;
        while used < bytes.len() {
            let left = usize::try_from(self.sides[index].left).unwrap_or(usize::MAX);
            let passed = left.min(bytes.len() - used);
            used += passed;
            self.sides[index].left -= passed as u64;
            let rest = &bytes[used..];
            if rest.is_empty() {
                break;
            }
            let header = match frames::read(rest) {
                Ok(Some(header)) => header,
                Ok(None) => break,
                Err(reason) => return Outcome::Malformed(reason),
            };
            let payload = &rest[header.bytes..];
            if header.opcode == CLOSE && self.close_code.is_none() {
                // Short by the standard, so that it can be waited for.
                if (payload.len() as u64) < header.length {
                    break;
                }
                let length = usize::try_from(header.length).unwrap_or(0);
                self.close_code =
                    payload.get(..length).and_then(|code| frames::close_code(code, header.mask));
            }
            used += header.bytes;
            self.frame(direction, &header);
        }
        Outcome::Parsed(used)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _: &mut Context<'_>) -> Outcome {
        let side = &mut self.sides[direction.index()];
        // Beyond the frame nothing tells where the next one begins.
        if missing > side.left {
            return Outcome::Done;
        }
        side.left -= missing;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        let Some(start) = self.start.take() else { return };
        let kinds: Vec<String> =
            self.kinds.iter().filter_map(|(opcode, _)| frames::name(*opcode)).map(str::to_owned).collect();
        let counts: Vec<i64> = self.kinds.iter().map(|(_, count)| *count).collect();
        let [client, server] = &self.sides;
        let number = |value: u64| i64::try_from(value).ok();
        context.emit(
            start,
            &events::Websocket {
                vonggac_websocket_kinds: Some(&kinds),
                vonggac_websocket_counts: Some(&counts),
                vonggac_websocket_client_bytes: number(client.bytes),
                vonggac_websocket_server_bytes: number(server.bytes),
                vonggac_websocket_client_first_bytes: client.first.and_then(number),
                vonggac_websocket_server_first_bytes: server.first.and_then(number),
                vonggac_websocket_compressed: Some(self.compressed),
                vonggac_websocket_unmasked: Some(self.unmasked),
                vonggac_websocket_close_code: self.close_code.map(i64::from),
                ..events::Websocket::default()
            },
        );
    }
}
