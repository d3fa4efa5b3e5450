//! NTP (RFC 5905; control messages of RFC 9327, private ones of the reference implementation): one `ntp` event a flow.
//!
//! Time requests say little one by one. What matters is who serves time to whom, and the requests that are misused to
//! flood others: `monlist` and its like.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};
use parser::Message;

/// The entry for [`super::ALL`].
pub const NTP: Protocol = Protocol {
    name: "ntp",
    carrier: Carrier::Datagram,
    probe,
    decoder: || Box::new(decoder::Ntp::default()),
};

/// Where servers and peers speak.
const PORT: u16 = 123;

/// On its port any message; elsewhere a time message of which every field is plausible.
fn probe(opening: &Opening<'_>) -> Verdict {
    let expected = opening.ports.0 == PORT || opening.ports.1 == PORT;
    let mine = match Message::parse(opening.bytes) {
        Some(Message::Time(time)) => expected || time.is_plausible(opening.bytes),
        Some(_) => expected,
        None => false,
    };
    if mine { Verdict::Mine } else { Verdict::NotMine }
}
