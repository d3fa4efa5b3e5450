//! TDS, the protocol of Microsoft SQL Server (MS-TDS): versions, whether the log-in is encrypted, and where it is not, who
//! logs in from where.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};

/// TDS over TCP.
pub const TDS: Protocol =
    Protocol { name: "tds", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Tds::default()) };

/// A pre-login whose first option is the version, or a log-in that names its own length.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if opening.direction == Direction::ToClient
        || !matches!(bytes.first(), Some(&parser::PRE_LOGIN | &parser::LOGIN))
    {
        return Verdict::NotMine;
    }
    match parser::packet(bytes) {
        Ok(Some(packet)) if packet.kind == parser::PRE_LOGIN => {
            let version = parser::options(packet.body).is_some_and(|options| options.version.is_some());
            if version { Verdict::Mine } else { Verdict::NotMine }
        }
        Ok(Some(packet)) if parser::login(packet.body).is_some() => Verdict::Mine,
        Ok(None) => Verdict::Unsure,
        _ => Verdict::NotMine,
    }
}
