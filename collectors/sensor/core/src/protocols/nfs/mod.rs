//! NFS 2 and 3 (RFC 1094, RFC 1813) over ONC RPC (RFC 5531): who changes which names. Reads, writes and attributes are
//! counted; of NFS 4 only that it is spoken.
//!
//! Clients use system ports, so that who asks is told by the call, not by the side of the flow.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};

/// NFS over TCP: records behind their length.
pub const TCP: Protocol = Protocol {
    name: "nfs",
    carrier: Carrier::Stream,
    probe: probe_stream,
    decoder: || Box::new(decoder::Nfs::stream()),
};

/// NFS over UDP.
pub const UDP: Protocol = Protocol {
    name: "nfs",
    carrier: Carrier::Datagram,
    probe: probe_datagram,
    decoder: || Box::new(decoder::Nfs::datagrams()),
};

/// A call of the program; replies do not say whose they are.
fn probe_datagram(opening: &Opening<'_>) -> Verdict {
    if parser::call(opening.bytes).is_some() { Verdict::Mine } else { Verdict::NotMine }
}

fn probe_stream(opening: &Opening<'_>) -> Verdict {
    let bytes = opening.bytes;
    if bytes.first().is_some_and(|mark| *mark != 0x80) {
        return Verdict::NotMine;
    }
    match bytes.get(4..4 + parser::CALL_BYTES) {
        Some(_) if parser::call(&bytes[4..]).is_some() => Verdict::Mine,
        None if bytes.get(8..12).is_none_or(|kind| kind == [0; 4]) => Verdict::Unsure,
        _ => Verdict::NotMine,
    }
}
