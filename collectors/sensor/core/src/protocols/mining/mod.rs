//! Stratum: how miners of crypto-currencies speak to their pool, in lines of JSON-RPC.
//!
//! Three dialects in clear: version 1 of Bitcoin's pools (`mining.subscribe`, `mining.authorize`, `mining.notify`), that of
//! Monero's (`login`, `job`, `submit`; XMRig) and that of Ethereum's (`eth_submitLogin`, `eth_getWork`). They are described
//! by the pools (slush pool's "Stratum mining protocol", XMRig's own notes, EIP-1571). A method of theirs is
//! evidence of mining whatever the port.

mod decoder;
mod json;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use json::Problem;

/// A line: jobs carry templates of blocks and lists of transactions.
const LINE_MAX: usize = 32 << 10;

/// The first line of a miner, which is short.
const FIRST_LINE_MAX: usize = 2_048;

/// Stratum over TCP.
pub const STRATUM: Protocol = Protocol {
    name: "stratum",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Stratum::default()),
};

/// Content decides: a first object whose method is one of mining.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if bytes.first() != Some(&b'{') {
        return Verdict::NotMine;
    }
    match json::read(&bytes[..bytes.len().min(FIRST_LINE_MAX)]) {
        Ok((message, _)) => match parser::Message::of(&message) {
            Some(message) if message.is_mining(opening.direction == Direction::ToClient) => Verdict::Mine,
            _ => Verdict::NotMine,
        },
        Err(Problem::Incomplete) if bytes.len() < FIRST_LINE_MAX => Verdict::Unsure,
        Err(_) => Verdict::NotMine,
    }
}
