//! Follows the records of both sides until they encrypt.

use super::handshake::Handshake;
use super::records::{self, Piece, Records};
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};

/// Bytes of one direction that are followed for a handshake to end. Past that it is one-sided traffic, or somebody who
/// wants reassembly to go on for ever.
pub const HANDSHAKE_BYTES_MAX: usize = 1024 * 1024;

/// One connection.
#[derive(Default)]
pub struct Tls {
    records: [Records; 2],
    seen: [usize; 2],
    handshake: Handshake,
    told: bool,
}

impl Tls {
    fn read(
        &mut self,
        direction: Direction,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Result<usize, &'static str> {
        let at = direction.index();
        if self.seen[at] == 0 && bytes[0] & 0x80 != 0 {
            return self.handshake.ssl2(direction, bytes, context);
        }
        let handshake = &mut self.handshake;
        self.records[at].read(bytes, &mut |piece| take(handshake, direction, piece, context))
    }

    fn tell(&mut self, context: &mut Context<'_>) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        if let Some((records::CLIENT_HELLO, body)) = self.records[0].partial() {
            self.handshake.cut_hello(body, context.time);
        }
        let holed = self.records[1].holed();
        self.handshake.tell(holed, context);
    }
}

impl Decoder for Tls {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let used = match self.read(direction, bytes, context) {
            Ok(used) => used,
            Err(reason) => {
                self.tell(context);
                return Outcome::Malformed(reason);
            }
        };
        let seen = &mut self.seen[direction.index()];
        *seen = seen.saturating_add(used);
        let endless = *seen > HANDSHAKE_BYTES_MAX;
        if self.handshake.over() || endless {
            if endless && self.records[direction.index()].in_message() {
                context.anomaly("tls-oversized-handshake");
            }
            self.tell(context);
            return Outcome::Done;
        }
        Outcome::Parsed(used)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.records[direction.index()].gap(missing);
        self.seen[direction.index()] += 1;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.tell(context);
    }
}

/// Takes a piece of one direction; tells whether handshake records behind it are encrypted.
fn take(
    handshake: &mut Handshake,
    direction: Direction,
    piece: Piece<'_>,
    context: &mut Context<'_>,
) -> bool {
    match piece {
        // Whatever else came in the same bytes: another split would not have shown it.
        _ if handshake.over() => {}
        Piece::Message { kind, body, whole } => handshake.message(direction, kind, body, whole, context),
        Piece::ChangeCipherSpec => return handshake.change_cipher(direction),
        Piece::Alert(alert) => handshake.alert(alert),
        Piece::Encrypted => handshake.encrypted(direction),
        Piece::Overread => context.anomaly("tls-heartbeat-overread"),
    }
    false
}
