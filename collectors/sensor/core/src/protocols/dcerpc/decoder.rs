//! Remote procedure calls over TCP.

use super::association::Association;
use crate::context::Context;
use crate::protocols::{Decoder, Direction, Outcome};

/// How a server greets that also takes calls through web proxies (MS-RPCH §2.1.1.1).
pub const GREETING: &[u8] = b"ncacn_http/1.0";

/// One connection.
#[derive(Default)]
pub struct Connection {
    association: Association,
    greeted: bool,
}

impl Decoder for Connection {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if direction == Direction::ToClient && !self.greeted {
            let length = bytes.len().min(GREETING.len());
            if bytes[..length] == GREETING[..length] {
                self.greeted = length == GREETING.len();
                return Outcome::Parsed(if self.greeted { length } else { 0 });
            }
            self.greeted = true;
        }
        self.association.data(direction, bytes, context)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.greeted |= direction == Direction::ToClient;
        self.association.gap(direction, missing)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.association.close(context);
    }
}
