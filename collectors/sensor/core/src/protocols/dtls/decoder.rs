//! Puts messages together from their fragments, and hands them to the handshake that all of TLS shares.

use super::records::{self, Fragment, Record};
use crate::context::Context;
use crate::protocols::tls::fingerprints::Layer;
use crate::protocols::tls::handshake::Handshake;
use crate::protocols::tls::pieces::Pieces;
use crate::protocols::tls::records as tls;
use crate::protocols::{Decoder, Direction, Outcome};

/// Datagrams that are followed for a handshake to end: a chain of certificates in small fragments takes some thirty.
pub const DATAGRAMS_MAX: u32 = 128;

/// Longest message that is put together; chains of certificates are the longest.
pub const MESSAGE_MAX: usize = 64 << 10;

/// Messages of one direction that may be incomplete at a time: one, unless datagrams overtake each other.
const OPEN_MAX: usize = 8;

/// A message of which fragments have come.
struct Message {
    number: u16,
    kind: u8,
    length: usize,
    pieces: Pieces,
}

/// One direction.
#[derive(Default)]
struct Side {
    open: Vec<Message>,
    /// Numbers of the messages that were read: they are sent again when the other side is slow.
    read: Vec<u16>,
}

/// One connection.
pub struct Dtls {
    handshake: Handshake,
    sides: [Side; 2],
    datagrams: u32,
}

impl Default for Dtls {
    fn default() -> Self {
        Self { handshake: Handshake::over_layer(Layer::Datagrams), sides: Default::default(), datagrams: 0 }
    }
}

impl Dtls {
    fn clear(&mut self, direction: Direction, kind: u8, body: &[u8], context: &mut Context<'_>) {
        match kind {
            tls::CHANGE_CIPHER_SPEC => drop(self.handshake.change_cipher(direction)),
            tls::ALERT => {
                if let Some(alert) = body.get(1) {
                    self.handshake.alert(*alert);
                }
            }
            tls::HANDSHAKE => {
                let mut rest = body;
                while !rest.is_empty() {
                    let Some((fragment, behind)) = records::fragment(rest) else {
                        return context.anomaly("dtls-bad-fragment");
                    };
                    self.fragment(direction, &fragment, context);
                    rest = behind;
                }
            }
            _ => {}
        }
    }

    fn fragment(&mut self, direction: Direction, fragment: &Fragment<'_>, context: &mut Context<'_>) {
        let Side { open, read } = &mut self.sides[direction.index()];
        let wanted = matches!(
            fragment.kind,
            tls::CLIENT_HELLO
                | tls::SERVER_HELLO
                | tls::CERTIFICATE
                | tls::SERVER_KEY_EXCHANGE
                | tls::SERVER_HELLO_DONE
        );
        if !wanted || read.contains(&fragment.number) {
            return;
        }
        let at = open.iter().position(|message| message.number == fragment.number).unwrap_or_else(|| {
            if open.len() >= OPEN_MAX {
                open.remove(0);
            }
            let Fragment { number, kind, length, .. } = *fragment;
            open.push(Message { number, kind, length, pieces: Pieces::default() });
            open.len() - 1
        });
        let message = &mut open[at];
        let limit = message.length.min(MESSAGE_MAX);
        if message.kind != fragment.kind || !message.pieces.add(fragment.offset, fragment.data, limit) {
            return context.anomaly("dtls-bad-fragment");
        }
        if message.pieces.ready().len() == message.length {
            let message = open.swap_remove(at);
            read.push(message.number);
            self.handshake.message(direction, message.kind, message.pieces.ready(), true, context);
        }
    }
}

impl Decoder for Dtls {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.datagrams += 1;
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some((record, behind)) = records::read(rest) else {
                // Telephones send their voice and STUN over the same ports (RFC 7983).
                if (20..64).contains(&rest[0]) {
                    context.anomaly("dtls-bad-record");
                }
                break;
            };
            match record {
                Record::Clear { kind, body } => self.clear(direction, kind, body, context),
                Record::Encrypted => self.handshake.encrypted(direction),
            }
            rest = behind;
        }
        if self.handshake.over() || self.datagrams >= DATAGRAMS_MAX {
            return Outcome::Done;
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        let cut = self.sides[0].open.iter().find(|message| message.kind == tls::CLIENT_HELLO);
        if let Some(cut) = cut.filter(|cut| !cut.pieces.ready().is_empty()) {
            self.handshake.cut_hello(cut.pieces.ready(), context.time);
        }
        self.handshake.tell(false, context);
    }
}
