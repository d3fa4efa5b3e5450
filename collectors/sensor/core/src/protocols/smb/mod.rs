//! SMB 1 (MS-CIFS, MS-SMB), 2 and 3 (MS-SMB2) over direct TCP and the NetBIOS session service: shares, the files and
//! named pipes on them, and who uses them. Malware spreads over it, so that names, accounts and results count more
//! than contents; those go to the scanner like any file.

mod connection;
mod decoder;
mod framing;
mod handles;
mod names;
mod parser;
mod pipes;
mod requests;
mod responses;
mod session;
mod smb1;
mod status;
#[cfg(test)]
mod tests;
mod transaction;
mod transfer;
mod wire;

use super::{Carrier, Decoder, Direction, Opening, Protocol, Verdict};
use framing::{Frame, HEAD};

/// SMB in streams.
pub const TCP: Protocol = Protocol { name: "smb", carrier: Carrier::Stream, probe, decoder };

fn decoder() -> Box<dyn Decoder> {
    Box::new(decoder::Smb::default())
}

/// The four letters of the first message tell it on any port; before it may stand the session request of NetBIOS.
#[must_use]
pub fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    let Some(first) = bytes.first() else { return Verdict::Unsure };
    match first {
        0x00 => message(bytes),
        0x81 if opening.direction == Direction::ToServer => match framing::is_session_request(bytes) {
            None => Verdict::Unsure,
            Some(true) => Verdict::Mine,
            Some(false) => Verdict::NotMine,
        },
        // The answer to a session request, where the request was not seen.
        0x82 if opening.direction == Direction::ToClient => match bytes.split_at_checked(HEAD) {
            None => Verdict::Unsure,
            Some((&[0x82, 0, 0, 0], rest)) => message(rest),
            Some(_) => Verdict::NotMine,
        },
        _ => Verdict::NotMine,
    }
}

fn message(bytes: &[u8]) -> Verdict {
    let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else {
        return if bytes.first().is_none_or(|first| *first == 0) {
            Verdict::Unsure
        } else {
            Verdict::NotMine
        };
    };
    let Frame::Message(length) = framing::frame(*head) else { return Verdict::NotMine };
    if rest.len() < HEAD {
        let plausible = match rest.split_first() {
            None => true,
            Some((first, letters)) => *first >= 0xfc && b"SMB".starts_with(letters),
        };
        return if plausible { Verdict::Unsure } else { Verdict::NotMine };
    }
    match framing::magic(rest) {
        Some(kind) if length >= framing::shortest(kind) => Verdict::Mine,
        _ => Verdict::NotMine,
    }
}
