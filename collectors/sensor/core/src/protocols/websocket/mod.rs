//! WebSocket (RFC 6455) behind an upgrade from HTTP/1.1: sizes and kinds of frames. What they carry is not recorded.

mod decoder;
mod frames;
#[cfg(test)]
mod tests;

pub use decoder::WebSocket;

use super::{Carrier, Opening, Protocol, Verdict};

/// WebSocket in a stream; always known from the upgrade in front of it.
pub const TCP: Protocol = Protocol {
    name: "websocket",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(WebSocket::default()),
};

/// Two bytes of flags and length are like those of anything else.
fn probe(_: &Opening<'_>) -> Verdict {
    Verdict::NotMine
}
