//! What stands around messages behind a SASL log-in (RFC 4422 §3.7): four bytes of length, and a token that signs or
//! encrypts the message.

use crate::asn1::{self, Head};

/// Longest piece that peers agree upon (MS-ADTS): more is no length.
pub const PIECE_MAX: usize = 16 << 20;

/// Header of the tokens of Kerberos (RFC 4121 §4.2.6.2), and signature of NTLM (MS-NLMP §2.2.2.9): 16 bytes each.
pub const HEADER_BYTES: usize = 16;

/// In the flags of a token of Kerberos: encrypted.
const SEALED: u8 = 2;

/// The messages in a signed token; `None` where they are encrypted.
#[must_use]
pub fn open(token: &[u8]) -> Option<&[u8]> {
    let body = match token.split_first_chunk::<HEADER_BYTES>() {
        Some(([5, 4, flags, 0xff, count_high, count_low, turn_high, turn_low, ..], body)) => {
            let checksum = usize::from(u16::from_be_bytes([*count_high, *count_low]));
            let turned = usize::from(u16::from_be_bytes([*turn_high, *turn_low]));
            match (flags & SEALED, turned) {
                (0, 0) => body.get(..body.len().checked_sub(checksum)?)?,
                // Turned by the checksum's length, which then stands in front.
                (0, turned) if turned == checksum => body.get(checksum..)?,
                _ => return None,
            }
        }
        Some(([1, 0, 0, 0, ..], body)) => body,
        _ => token,
    };
    let Head::Known { tag: asn1::SEQUENCE, head, content } = Head::of(body) else { return None };
    (head + content <= body.len()).then_some(body)
}
