//! The flow of the requests, and the flow of a transfer.

use super::parser::{Message, Request};
use super::transfer::Transfer;
use crate::context::Context;
use crate::expectations::{Expected, Shared};
use crate::protocols::{Carrier, Decoder, Direction, Outcome};

/// The flow of the requests: one after the other, each with its transfer.
#[derive(Default)]
pub struct Tftp {
    current: Option<Shared<Transfer>>,
    /// The server answers from its own port.
    carries: bool,
}

impl Tftp {
    fn request(&mut self, request: &Request<'_>, context: &mut Context<'_>) {
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.get().repeats(request) && !current.get().is_over())
        {
            return;
        }
        self.close(context);
        let client = (context.flow.source_ip, context.flow.source_port.unwrap_or(0));
        let transfer = Shared::new(Transfer::new(request, client, context));
        self.carries = false;
        self.current = Some(transfer.clone());
        let expected =
            Expected { protocol: "tftp", carrier: Carrier::Datagram, decoder: Box::new(Blocks { transfer }) };
        context.expect(client.0, client.1, expected);
    }
}

impl Decoder for Tftp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match Message::parse(bytes) {
            None => context.anomaly("tftp-malformed"),
            Some(Message::Request(request)) if direction == Direction::ToServer => {
                self.request(&request, context);
            }
            Some(message) => {
                self.carries = true;
                if let Some(current) = &self.current {
                    current.get().message(direction == Direction::ToServer, &message, context);
                }
            }
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if let Some(current) = self.current.take() {
            let mut transfer = current.get();
            if self.carries {
                transfer.cut(context);
            }
            transfer.emit(context);
        }
    }
}

/// The flow of a transfer from a port of its own.
pub struct Blocks {
    transfer: Shared<Transfer>,
}

impl Decoder for Blocks {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let mut transfer = self.transfer.get();
        let source_is_client = transfer.is_client((context.flow.source_ip, context.flow.source_port));
        let from_client = source_is_client == (direction == Direction::ToServer);
        match Message::parse(bytes) {
            None => context.anomaly("tftp-malformed"),
            Some(message) => transfer.message(from_client, &message, context),
        }
        if transfer.is_over() { Outcome::Done } else { Outcome::Parsed(bytes.len()) }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.transfer.get().cut(context);
    }
}
