//! LDAP version 2 and 3 (RFC 4511, filters of RFC 4515; MS-ADTS for Active Directory) over TCP, and connectionless over
//! UDP: who asks a directory for what, who changes it, and who logs in to it.
//!
//! Requests and results are paired by their message id. What a SASL layer signs but does not encrypt is read; where it
//! encrypts, one event of the operation `sealed` says so and the decoder is done. StartTLS hands over to TLS.

mod bind;
mod decoder;
mod filter;
mod layer;
mod names;
mod parser;
#[cfg(test)]
mod tests;
mod transaction;
mod values;

pub use decoder::Ldap;

use super::{Carrier, Opening, Protocol, Verdict};
use crate::asn1::{self, Elements, Head};

/// LDAP in a stream.
pub const TCP: Protocol = Protocol {
    name: "ldap",
    carrier: Carrier::Stream,
    probe: |opening: &Opening<'_>| begins_message(opening.bytes),
    decoder: || Box::new(Ldap::stream()),
};

/// LDAP in datagrams (CLDAP, MS-ADTS §6.3.3): how Windows looks for its domain controller.
pub const UDP: Protocol = Protocol {
    name: "ldap",
    carrier: Carrier::Datagram,
    probe: |opening: &Opening<'_>| match (begins_message(opening.bytes), Head::of(opening.bytes).total()) {
        (Verdict::Mine, Some(total)) if total <= opening.bytes.len() => Verdict::Mine,
        _ => Verdict::NotMine,
    },
    decoder: || Box::new(Ldap::datagrams()),
};

/// Bytes in which a message shows what it is: sequence, id and the first element of the operation, each with a length
/// of up to five bytes.
const OPENING_BYTES: usize = 24;

/// Whether these bytes begin a message: a sequence, a number, an operation that fits into it, and in the operation what
/// must stand first. A later element than that may be cut.
fn begins_message(bytes: &[u8]) -> Verdict {
    let unclear = if bytes.len() < OPENING_BYTES { Verdict::Unsure } else { Verdict::NotMine };
    let (head, content) = match Head::of(bytes) {
        Head::Known { tag: asn1::SEQUENCE, head, content } => (head, content),
        Head::Incomplete if matches!(bytes.first(), None | Some(&asn1::SEQUENCE)) => return Verdict::Unsure,
        _ => return Verdict::NotMine,
    };
    let mut message = Elements(bytes.get(head..).unwrap_or_default());
    // SNMP begins alike, with its version in place of the id; what follows differs.
    if message.0.first().is_some_and(|tag| *tag != asn1::INTEGER) {
        return Verdict::NotMine;
    }
    let Some((_, id)) = message.next() else { return unclear };
    if asn1::integer(id).is_none_or(|id| !(0..=i64::from(i32::MAX)).contains(&id)) {
        return Verdict::NotMine;
    }
    let (tag, length, operation) = match Head::of(message.0) {
        Head::Known { tag, head, content } => {
            (tag, head + content, (content, message.0.get(head..).unwrap_or_default()))
        }
        Head::Incomplete => return unclear,
        Head::Invalid => return Verdict::NotMine,
    };
    let before = bytes.len() - head - message.0.len();
    let controls = content.checked_sub(before).and_then(|left| left.checked_sub(length));
    match (controls, begins_operation(tag, operation)) {
        (None, _) => Verdict::NotMine,
        (Some(controls), Verdict::Mine) if controls > 0 => match message.0.get(length) {
            None | Some(&parser::CONTROLS) => Verdict::Mine,
            Some(_) => Verdict::NotMine,
        },
        (_, Verdict::Unsure) => unclear,
        (_, verdict) => verdict,
    }
}

/// Whether an operation of this length may begin with these bytes, behind which others may stand.
fn begins_operation(tag: u8, (length, content): (usize, &[u8])) -> Verdict {
    use parser::tag;
    let decided = |mine| if mine { Verdict::Mine } else { Verdict::NotMine };
    let first: &[u8] = match tag {
        tag::BIND => &[asn1::INTEGER, 1],
        tag::SEARCH | tag::MODIFY | tag::ADD | tag::MODIFY_DN | tag::COMPARE | tag::ENTRY => {
            &[asn1::OCTET_STRING]
        }
        tag::REFERENCE => &[asn1::OCTET_STRING],
        tag::EXTENDED => &[0x80],
        tag::UNBIND => return decided(length == 0),
        tag::ABANDON => return decided((1..=4).contains(&length)),
        // A distinguished name, of which at least the kind of its first part has come.
        tag::DELETE => return decided(content.get(..length).unwrap_or(content).contains(&b'=')),
        tag if parser::result_of(tag).is_some() => &[asn1::ENUMERATED, 1],
        _ => return Verdict::NotMine,
    };
    let known = content.len().min(first.len());
    match (content[..known] == first[..known], known == first.len()) {
        (false, _) => Verdict::NotMine,
        (true, false) => Verdict::Unsure,
        (true, true) => Verdict::Mine,
    }
}
