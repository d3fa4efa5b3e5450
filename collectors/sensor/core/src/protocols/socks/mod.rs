//! SOCKS 4, 4a and 5 (RFC 1928, passwords of RFC 1929): one `socks` event a request. Behind a granted request the
//! stream is recognised again, so that what is tunnelled shows as well.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use parser::Taken;

/// The entry for [`super::ALL`].
pub const SOCKS: Protocol = Protocol {
    name: "socks",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Socks::default()),
};

/// The client's first message, whole and with nothing behind it, or with a whole request behind the greeting:
/// three bytes can be anything when more follows.
fn probe(opening: &Opening<'_>) -> Verdict {
    if opening.direction == Direction::ToClient {
        return Verdict::NotMine;
    }
    let bytes = opening.bytes;
    match bytes.first() {
        Some(5) => match parser::greeting(bytes) {
            Taken::Whole(_, used) if used < bytes.len() => {
                ends(parser::request5(&bytes[used..]), bytes.len() - used)
            }
            greeting => ends(greeting, bytes.len()),
        },
        Some(4) => ends(parser::request4(bytes), bytes.len()),
        _ => Verdict::NotMine,
    }
}

fn ends<T>(taken: Taken<T>, length: usize) -> Verdict {
    match taken {
        Taken::Whole(_, used) if used == length => Verdict::Mine,
        Taken::Incomplete => Verdict::Unsure,
        Taken::Whole(..) | Taken::Broken => Verdict::NotMine,
    }
}
