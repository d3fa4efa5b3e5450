//! KEXINIT: what each side offers, and what they agree on (RFC 4253 §7.1).

use md5::{Digest as _, Md5};

use super::parser::string;
use crate::text::hex;
use crate::text::lossless;

/// The lists of one side, in the order of the message: key exchange, host key, then encryption, MAC and compression,
/// each to the server and to the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer([String; 8]);

/// Places in [`Offer`].
mod list {
    pub const KEY_EXCHANGE: usize = 0;
    pub const ENCRYPTION: [usize; 2] = [2, 3];
    pub const MAC: [usize; 2] = [4, 5];
    pub const COMPRESSION: [usize; 2] = [6, 7];
}

impl Offer {
    /// Reads the payload of KEXINIT: message number, 16 random bytes, lists.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let mut rest = payload.get(17..)?;
        let mut lists: [String; 8] = Default::default();
        for list in &mut lists {
            let (names, behind) = string(rest)?;
            *list = lossless(names).into_owned();
            rest = behind;
        }
        Some(Self(lists))
    }

    /// What HASSH is made of: key exchange, encryption, MAC and compression of what this side sends.
    pub fn text(&self, server: bool) -> String {
        let way = usize::from(server);
        let lists = [list::KEY_EXCHANGE, list::ENCRYPTION[way], list::MAC[way], list::COMPRESSION[way]];
        lists.map(|place| self.0[place].as_str()).join(";")
    }
}

/// HASSH and HASSHServer: MD5 of [`Offer::text`].
pub fn hassh(text: &str) -> String {
    hex(&Md5::digest(text))
}

/// What both sides agree on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Key exchange.
    pub key_exchange: Option<String>,
    /// Encryption, server to client.
    pub cipher: Option<String>,
    /// MAC, server to client; not used by ciphers that authenticate themselves.
    pub mac: Option<String>,
    /// Compression, server to client.
    pub compression: Option<String>,
}

impl Agreed {
    /// The first of the client's names that the server has as well.
    pub fn of(client: &Offer, server: &Offer) -> Self {
        let agree = |place: usize| {
            let known = |name: &&str| server.0[place].split(',').any(|other| other == *name);
            client.0[place].split(',').find(known).filter(|name| !name.is_empty()).map(str::to_owned)
        };
        Self {
            key_exchange: agree(list::KEY_EXCHANGE),
            cipher: agree(list::ENCRYPTION[1]),
            mac: agree(list::MAC[1]),
            compression: agree(list::COMPRESSION[1]),
        }
    }
}
