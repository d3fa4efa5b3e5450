//! RFB, the protocol of VNC (RFC 6143, VeNCrypt with the TLS in it; Tight, Apple and other security types by their numbers): one `rfb` event a session.
//!
//! Challenge and response of VNC authentication are not recorded: together they give the password to whoever guesses.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;
mod vencrypt;

use super::{Carrier, Opening, Protocol, Verdict};

/// The entry for [`super::ALL`].
pub const RFB: Protocol =
    Protocol { name: "rfb", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Rfb::default()) };

/// Both sides begin with `RFB 003.008` and a line end.
fn probe(opening: &Opening<'_>) -> Verdict {
    match opening.bytes.first_chunk::<{ parser::VERSION_BYTES }>() {
        Some(line) if parser::version(line).is_some() => Verdict::Mine,
        None if b"RFB ".starts_with(opening.bytes) || opening.bytes.starts_with(b"RFB ") => Verdict::Unsure,
        _ => Verdict::NotMine,
    }
}
