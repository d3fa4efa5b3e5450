//! BitTorrent's distributed hash table (BEP 5): which torrents a machine looks for and offers, without any tracker.

mod bencode;
mod decoder;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};

/// The table's messages in datagrams.
pub const DHT: Protocol = Protocol {
    name: "bittorrent-dht",
    carrier: Carrier::Datagram,
    probe,
    decoder: || Box::new(decoder::Dht::default()),
};

/// A dictionary that says what kind of message it is, and has what that kind has.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if bytes.first() != Some(&b'd') || bytes.last() != Some(&b'e') {
        return Verdict::NotMine;
    }
    match bencode::read(bytes).and_then(|value| decoder::Message::of(&value).map(|_| ())) {
        Some(()) => Verdict::Mine,
        None => Verdict::NotMine,
    }
}
