//! Attributes with their values as text, bounded and without secrets.

use crate::asn1::{self, Elements};
use crate::secrets::mask;
use crate::text::lossless;

/// Texts kept of one message, and their bytes together: a flow may have many requests under way.
const TEXTS_MAX: usize = 64;
const TEXTS_BYTES_MAX: usize = 8 << 10;

/// Longest value that is kept, in bytes: security descriptors and pictures are longer.
const VALUE_MAX: usize = 256;

/// Longest distinguished or attribute name that is kept, in bytes.
const NAME_MAX: usize = 512;

/// Attributes whose values open doors and whose names do not end in `password`, `pwd` or `pw`; in lower case.
const SECRETS: [&[u8]; 20] = [
    b"authpassword",
    b"currentvalue",
    b"ipanthash",
    b"ipantrustauthincoming",
    b"ipantrustauthoutgoing",
    b"krbextradata",
    b"krbprincipalkey",
    b"lmpwdhistory",
    b"msds-managedpasswordid",
    b"msfve-keypackage",
    b"mslaps-encryptedpasswordhistory",
    b"mspkiaccountcredentials",
    b"mspkidpapimasterkeys",
    b"ntpwdhistory",
    b"priorvalue",
    b"pwdhistory",
    b"sambapasswordhistory",
    b"supplementalcredentials",
    b"trustauthincoming",
    b"trustauthoutgoing",
];

/// Whether the values of an attribute are secrets; options behind a semicolon do not matter.
#[must_use]
pub fn is_secret(attribute: &[u8]) -> bool {
    let name = attribute.split(|byte| *byte == b';').next().unwrap_or_default().to_ascii_lowercase();
    [&b"password"[..], b"pwd", b"pw"].iter().any(|end| name.ends_with(end))
        || SECRETS.contains(&name.as_slice())
}

/// A name from the wire.
#[must_use]
pub fn name(bytes: &[u8]) -> String {
    lossless(bytes.get(..NAME_MAX).unwrap_or(bytes)).into_owned()
}

/// One value of an attribute: masked, or as text.
#[must_use]
pub fn value(attribute: &[u8], value: &[u8]) -> String {
    if is_secret(attribute) && !value.is_empty() {
        return mask(value);
    }
    lossless(value.get(..VALUE_MAX).unwrap_or(value)).into_owned()
}

/// A bounded list of texts.
#[derive(Default)]
pub struct Texts {
    list: Vec<String>,
    bytes: usize,
}

impl Texts {
    /// Adds a text; says whether there was room.
    fn push(&mut self, text: String) -> bool {
        self.bytes += text.len();
        let room = self.list.len() < TEXTS_MAX && self.bytes <= TEXTS_BYTES_MAX;
        if room {
            self.list.push(text);
        }
        room
    }

    /// Adds an attribute with its values, each as `attribute=value` behind `prefix`; without values the name alone.
    pub fn attribute(&mut self, prefix: &str, content: &[u8]) -> bool {
        let mut parts = Elements(content);
        let Some(attribute) = parts.expect(asn1::OCTET_STRING) else { return true };
        let values = Elements(parts.expect(asn1::SET).unwrap_or_default());
        if values.0.is_empty() {
            return self.push(format!("{prefix}{}", name(attribute)));
        }
        for (_, one) in values {
            if !self.push(format!("{prefix}{}={}", name(attribute), value(attribute, one))) {
                return false;
            }
        }
        true
    }

    /// The list.
    #[must_use]
    pub fn into_list(self) -> Vec<String> {
        self.list
    }
}

/// A list of names.
#[must_use]
pub fn names(list: &[u8]) -> Vec<String> {
    let (list, mut texts) = (Elements(list), Texts::default());
    for (_, bytes) in list {
        if !texts.push(name(bytes)) {
            break;
        }
    }
    texts.list
}

/// A list of attributes with their values.
#[must_use]
pub fn attributes(prefix: &str, list: &[u8]) -> Vec<String> {
    let (list, mut texts) = (Elements(list), Texts::default());
    for (_, content) in list {
        if !texts.attribute(prefix, content) {
            break;
        }
    }
    texts.list
}
