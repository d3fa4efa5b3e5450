//! SSH (RFC 4253; key exchange of RFC 4419, 5656 and 8731): banners, algorithm lists with HASSH, host key, and whether a
//! log-in succeeded.
//!
//! **Log-ins are inferred from sizes**, because everything behind NEWKEYS is encrypted. Authentication (RFC 4252) is
//! question and answer, so that all that the server sends between two messages of the client is one answer; this holds
//! for any way of cutting the stream into segments. The cipher and MAC agreed say how large a packet becomes.
//! USERAUTH_SUCCESS has a payload of one byte; USERAUTH_FAILURE carries at least one method name (14 bytes), and every
//! other message of the server before a log-in is larger than that. An answer smaller than the smallest rejection is
//! therefore a success, or belongs to a session that follows one (CHANNEL_SUCCESS, WINDOW_ADJUST). Other answers are
//! rejections or intermediate steps; those of the commonest size are counted as rejections.
//!
//! Limits: a success is seen late, or only by its volume, when the server adds more to it before the client speaks; clients
//! that ask once without credentials show one rejection more than they made guesses; user names are never seen;
//! nothing is inferred for unknown ciphers and for compression from the start. What is not sure is `unknown`.

mod algorithms;
mod authentication;
mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};

/// The entry for [`super::ALL`].
pub const SSH: Protocol =
    Protocol { name: "ssh", carrier: Carrier::Stream, probe, decoder: || Box::new(decoder::Ssh::default()) };

/// Both sides begin with their version.
fn probe(opening: &Opening<'_>) -> Verdict {
    let begins = |known: &[u8]| {
        let length = opening.bytes.len().min(known.len());
        opening.bytes[..length] == known[..length]
    };
    match begins(b"SSH-1.") || begins(b"SSH-2.") {
        true if opening.bytes.len() >= 6 => Verdict::Mine,
        true => Verdict::Unsure,
        false => Verdict::NotMine,
    }
}
