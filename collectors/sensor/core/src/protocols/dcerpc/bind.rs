//! Agreeing on interfaces: what a client offers to call, and what the server takes (C706 §12.6.4.3 to 12.6.4.5).

use super::pdu::{Header, Order};
use super::uuid::Uuid;

/// Interfaces kept of one offer, and of one connection: clients that look for what a server has offer dozens.
pub const CONTEXTS_MAX: usize = 64;

/// Ways to write arguments kept of one offer: real clients have three.
const SYNTAXES_MAX: usize = 8;

/// 32-bit arguments (C706 chapter 14).
const NDR: Uuid =
    Uuid([0x8a, 0x88, 0x5d, 0x04, 0x1c, 0xeb, 0x11, 0xc9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60]);

/// 64-bit arguments (MS-RPCE §2.2.5).
pub const NDR64: Uuid =
    Uuid([0x71, 0x71, 0x05, 0x33, 0xbe, 0xba, 0x49, 0x37, 0x83, 0x19, 0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36]);

/// Bind time feature negotiation has its bits in the identifier (MS-RPCE §3.3.1.5.3).
const FEATURES: [u8; 8] = [0x6c, 0xb7, 0x1c, 0x2c, 0x98, 0x12, 0x45, 0x40];

/// An interface that the client wants to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Number by which requests will name it.
    pub context: u16,
    /// Its identifier.
    pub interface: Uuid,
    /// Its version.
    pub version: (u16, u16),
    /// How arguments may be written.
    pub syntaxes: Vec<Uuid>,
}

/// What the server says to one offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// 0 accepted, 1 refused by the user, 2 by the provider, 3 answer to features.
    pub result: u16,
    /// How arguments will be written.
    pub syntax: Uuid,
}

/// The offers of a whole bind or alter-context message; the flag says that there were more.
#[must_use]
pub fn offers(header: &Header, message: &[u8]) -> Option<(Vec<Offered>, bool)> {
    let order = header.order;
    let count = usize::from(*message.get(24)?);
    let mut rest = message.get(28..)?;
    let mut offers = Vec::with_capacity(count.min(CONTEXTS_MAX));
    for _ in 0..count.min(CONTEXTS_MAX) {
        let syntaxes = usize::from(*rest.get(2)?);
        let end = 24 + 20 * syntaxes;
        let item = rest.get(..end)?;
        offers.push(Offered {
            context: order.u16(item, 0)?,
            interface: order.uuid(item, 4)?,
            version: version(order, item, 20)?,
            syntaxes: (0..syntaxes.min(SYNTAXES_MAX)).filter_map(|n| order.uuid(item, 24 + 20 * n)).collect(),
        });
        rest = rest.get(end..)?;
    }
    Some((offers, count > CONTEXTS_MAX))
}

/// Major version in the lower half.
fn version(order: Order, bytes: &[u8], at: usize) -> Option<(u16, u16)> {
    let both = order.u32(bytes, at)?;
    Some((u16::try_from(both & 0xffff).ok()?, u16::try_from(both >> 16).ok()?))
}

/// The answers of a whole bind-ack or alter-context-resp message, in the order of the offers.
#[must_use]
pub fn answers(header: &Header, message: &[u8]) -> Option<Vec<Taken>> {
    let order = header.order;
    // Behind the server's second address, whose length is free, the list is aligned.
    let list = (26 + usize::from(order.u16(message, 24)?)).next_multiple_of(4);
    let count = usize::from(*message.get(list)?);
    let items = message.get(list + 4..)?.chunks_exact(24).take(count.min(CONTEXTS_MAX));
    Some(
        items
            .filter_map(|item| Some(Taken { result: order.u16(item, 0)?, syntax: order.uuid(item, 4)? }))
            .collect(),
    )
}

/// Name of a way to write arguments.
#[must_use]
pub fn syntax_name(syntax: Uuid) -> String {
    match syntax {
        NDR => "ndr".to_owned(),
        NDR64 => "ndr64".to_owned(),
        Uuid(bytes) if bytes.starts_with(&FEATURES) => "features".to_owned(),
        other => other.to_string(),
    }
}
