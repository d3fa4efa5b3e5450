//! Keys of Initial packets and their removal (RFC 9001 §5): everybody who sees the client's first packet can derive them.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes128Gcm, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha256;

use super::packet::Long;
use super::version::Version;
use crate::protocols::Direction;

/// What header protection samples ends here, counted from the packet number.
pub const SAMPLE_END: usize = 4 + 16;

/// Length of the tag behind the payload.
const TAG_BYTES: usize = 16;

/// Keys of one direction.
struct Key {
    payload: Aes128Gcm,
    nonce: [u8; 12],
    header: Aes128,
}

/// Keys of both directions.
pub struct Keys([Key; 2]);

/// A packet without its protection.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// Packet number.
    pub number: u64,
    /// Frames.
    pub payload: Vec<u8>,
}

impl Keys {
    /// The keys that follow from the connection id which the client made up for the server.
    #[must_use]
    pub fn initial(version: Version, id: &[u8]) -> Option<Self> {
        let (_, secrets) = Hkdf::<Sha256>::extract(Some(version.salt()?), id);
        let of = |label: &[u8]| {
            let secret: [u8; 32] = expand(&secrets, label)?;
            let secret = Hkdf::<Sha256>::from_prk(&secret).ok()?;
            let [key, nonce, header] = version.labels();
            let (key, header): ([u8; 16], [u8; 16]) = (expand(&secret, key)?, expand(&secret, header)?);
            Some(Key {
                payload: Aes128Gcm::new(&key.into()),
                nonce: expand(&secret, nonce)?,
                header: Aes128::new(&header.into()),
            })
        };
        Some(Self([of(b"client in")?, of(b"server in")?]))
    }

    /// Removes the protection; `None` where these are not the keys. `largest` is the highest packet number so far.
    #[must_use]
    pub fn open(&self, direction: Direction, packet: &Long<'_>, largest: Option<u64>) -> Option<Opened> {
        let key = &self.0[direction.index()];
        let sample = packet.bytes.get(packet.number_at + 4..packet.number_at + SAMPLE_END)?;
        let mut mask: [u8; 16] = *sample.first_chunk()?;
        let block: &mut aes::Block = (&mut mask).into();
        key.header.encrypt_block(block);
        let (first, rest) = packet.bytes.split_first()?;
        let first = first ^ mask[0] & 0x0f;
        let length = usize::from(first & 3) + 1;
        let mut header = Vec::with_capacity(packet.number_at + length);
        header.push(first);
        header.extend_from_slice(rest.get(..packet.number_at.checked_sub(1)?)?);
        let protected = packet.bytes.get(packet.number_at..packet.number_at + length)?;
        header.extend(protected.iter().zip(&mask[1..]).map(|(byte, mask)| byte ^ mask));
        let truncated = header.get(packet.number_at..)?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
        let number = whole_number(truncated, length, largest);
        let mut nonce = key.nonce;
        for (byte, part) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= part;
        }
        let sealed = packet.bytes.get(packet.number_at + length..)?;
        let (payload, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG_BYTES)?)?;
        let tag: [u8; TAG_BYTES] = *tag.first_chunk()?;
        let mut payload = payload.to_vec();
        let (nonce, tag) = (Nonce::from(nonce), Tag::from(tag));
        let opened = key.payload.decrypt_inout_detached(&nonce, &header, payload.as_mut_slice().into(), &tag);
        opened.is_ok().then_some(Opened { number, payload })
    }
}

/// Protects a packet whose number has four bytes, for tests.
#[cfg(test)]
impl Keys {
    pub(super) fn seal(&self, direction: Direction, header: &[u8], payload: &[u8]) -> Vec<u8> {
        let key = &self.0[direction.index()];
        let (number_at, mut nonce, mut sealed) = (header.len() - 4, key.nonce, payload.to_vec());
        for (byte, part) in nonce[8..].iter_mut().zip(&header[number_at..]) {
            *byte ^= part;
        }
        let buffer = sealed.as_mut_slice().into();
        let tag = key.payload.encrypt_inout_detached(&Nonce::from(nonce), header, buffer).expect("short");
        let mut packet = [header, &sealed, &tag].concat();
        let mut mask: [u8; 16] = *packet[number_at + 4..].first_chunk().expect("long enough");
        key.header.encrypt_block((&mut mask).into());
        packet[0] ^= mask[0] & 0x0f;
        packet[number_at..number_at + 4].iter_mut().zip(&mask[1..]).for_each(|(byte, mask)| *byte ^= mask);
        packet
    }
}

/// HKDF-Expand-Label of TLS 1.3 with an empty context (RFC 8446 §7.1).
fn expand<const N: usize>(secret: &Hkdf<Sha256>, label: &[u8]) -> Option<[u8; N]> {
    let length = u16::try_from(N).ok()?.to_be_bytes();
    let name = [u8::try_from(6 + label.len()).ok()?];
    let mut out = [0; N];
    secret.expand_multi_info(&[&length, &name, b"tls13 ", label, &[0]], &mut out).ok()?;
    Some(out)
}

/// The packet number nearest to the one expected that ends in these bytes (RFC 9000 §A.3).
fn whole_number(truncated: u64, bytes: usize, largest: Option<u64>) -> u64 {
    let Some(expected) = largest.map(|largest| largest + 1) else { return truncated };
    let window = 1_u64 << (8 * bytes);
    let candidate = expected & !(window - 1) | truncated;
    if candidate + window / 2 <= expected {
        candidate + window
    } else if candidate > expected + window / 2 && candidate >= window {
        candidate - window
    } else {
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::whole_number;

    #[test]
    fn packet_numbers_are_completed() {
        // The example of RFC 9000 §A.3.
        assert_eq!(whole_number(0x9b32, 2, Some(0xa82f_30ea)), 0xa82f_9b32);
        assert_eq!(whole_number(0, 1, Some(0xff)), 0x100);
        assert_eq!(whole_number(0xff, 1, Some(0x100)), 0xff);
        assert_eq!(whole_number(7, 1, None), 7);
    }
}
