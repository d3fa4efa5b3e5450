//! PostgreSQL's protocol, version 3 (its manual, "Frontend/Backend Protocol"): who logs in to which database, what is asked
//! and how it ends. Rows are counted, never told.

mod decoder;
mod parser;
pub mod query;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use parser::Startup;

/// PostgreSQL over TCP.
pub const PGSQL: Protocol = Protocol {
    name: "pgsql",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Pgsql::default()),
};

/// The client's first message carries a version, or a request whose number is nothing else's. The server's first byte
/// alone says too little; it is not asked.
fn probe(opening: &Opening<'_>) -> Verdict {
    if opening.direction == Direction::ToClient || opening.bytes.first().is_some_and(|first| *first != 0) {
        return Verdict::NotMine;
    }
    match parser::startup(opening.bytes) {
        Ok(Some((Startup::Version { .. } | Startup::Encrypt | Startup::Cancel, _))) => Verdict::Mine,
        Ok(None) => Verdict::Unsure,
        Err(()) => Verdict::NotMine,
    }
}
