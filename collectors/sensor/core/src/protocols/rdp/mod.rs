//! The opening of remote desktop connections (MS-RDPBCGR §1.3.1.1, X.224, T.125): who connects, which security the two
//! sides agree upon, and from which machine where nothing is encrypted.
//!
//! Nearly all connections go on in TLS, to whose decoder the stream is handed over. CredSSP, and with it the NTLM or
//! Kerberos log-in and its outcome, happens inside TLS and cannot be seen: the user is the name in the cookie, which
//! clients cut short, and the outcome of the log-in stays unknown.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

pub use decoder::Rdp;

use super::{Carrier, Opening, Protocol, Verdict};

/// RDP over TCP.
pub const TCP: Protocol =
    Protocol { name: "rdp", carrier: Carrier::Stream, probe, decoder: || Box::new(Rdp::default()) };

/// Where other protocols open connections of the same transport: a bare request there is theirs.
const ISO_TRANSPORT: u16 = 102;

/// A connection request or confirm with what only RDP puts into it: a cookie or a negotiation.
fn probe(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    // TPKT of version 3 and less than 256 bytes; X.224 connection request or confirm with empty references.
    let fixed = [Some(3), Some(0), Some(0), None, None, None, Some(0), Some(0), None, None, Some(0)];
    if bytes.iter().zip(fixed).any(|(byte, fixed)| fixed.is_some_and(|fixed| fixed != *byte)) {
        return Verdict::NotMine;
    }
    if bytes.get(5).is_some_and(|code| !matches!(*code, parser::REQUEST | parser::CONFIRM)) {
        return Verdict::NotMine;
    }
    let Some((head, rest)) = bytes.split_first_chunk::<{ parser::HEAD_BYTES }>() else {
        return Verdict::Unsure;
    };
    let (total, indicated, code) = (usize::from(head[3]), usize::from(head[4]), head[5]);
    if total != indicated + 5 || total < parser::HEAD_BYTES {
        return Verdict::NotMine;
    }
    let bare = total == parser::HEAD_BYTES && code == parser::REQUEST && opening.ports.1 != ISO_TRANSPORT;
    let negotiation = |kind| [Some(kind), None, Some(8), Some(0)];
    let text = |text: &[u8; 4]| text.map(Some);
    let beginnings: &[[Option<u8>; 4]] = match code {
        _ if bare => return Verdict::Mine,
        parser::REQUEST => &[text(b"Cook"), text(b"msts"), text(b"tsv:"), negotiation(1)],
        _ if total != parser::NEGOTIATED_BYTES => return Verdict::NotMine,
        _ => &[negotiation(2), negotiation(3)],
    };
    let fits = |beginning: &[Option<u8>; 4]| {
        rest.iter().zip(beginning).all(|(byte, fixed)| fixed.is_none_or(|fixed| fixed == *byte))
    };
    match total > parser::HEAD_BYTES && beginnings.iter().any(fits) {
        true if rest.len() >= 4 => Verdict::Mine,
        true => Verdict::Unsure,
        false => Verdict::NotMine,
    }
}
