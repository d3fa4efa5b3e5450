//! MySQL and MariaDB (their "Client/Server Protocol"): the server's greeting, who logs in, what is asked and whether it went
//! well. Rows are not told.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};

/// MySQL over TCP.
pub const MYSQL: Protocol = Protocol {
    name: "mysql",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Mysql::default()),
};

/// The server speaks first: protocol 10 and a version, with the zero where the greeting has one.
fn probe(opening: &Opening<'_>) -> Verdict {
    if opening.direction == Direction::ToServer {
        return Verdict::NotMine;
    }
    let bytes = opening.bytes;
    let start = [bytes.get(2), bytes.get(3), bytes.get(4)];
    if start.iter().zip([0, 0, 10]).any(|(byte, wanted)| byte.is_some_and(|byte| *byte != wanted)) {
        return Verdict::NotMine;
    }
    match parser::packet(bytes, parser::GREETING_MAX) {
        Ok(Some((_, body, _))) if parser::greeting(body).is_some() => Verdict::Mine,
        Ok(None) if bytes.len() < parser::GREETING_MAX => Verdict::Unsure,
        _ => Verdict::NotMine,
    }
}
