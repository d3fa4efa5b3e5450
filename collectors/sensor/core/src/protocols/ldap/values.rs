//! Attributes with their values as text, bounded and without secrets.

use crate::asn1::{self, Elements};
use crate::secrets::mask;
use crate::text::lossless;

/// Texts kept of one message.
const TEXTS_MAX: usize = 64;

/// Longest value that is kept, in bytes: security descriptors and pictures are longer.
const VALUE_MAX: usize = 256;

/// Longest distinguished or attribute name that is kept, in bytes.
const NAME_MAX: usize = 1_024;

/// Attributes whose values open doors and whose names do not end in `password`, `pwd` or `pw`; in lower case.
const SECRETS: [&[u8]; 16] = [
    b"authpassword",
    b"ipanthash",
    b"ipantrustauthincoming",
    b"ipantrustauthoutgoing",
    b"krbextradata",
    b"krbprincipalkey",
    b"lmpwdhistory",
    b"msds-managedpasswordid",
    b"msfve-keypackage",
    b"mslaps-encryptedpasswordhistory",
    b"ntpwdhistory",
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

/// A list of names.
#[must_use]
pub fn names(list: &[u8]) -> Vec<String> {
    let (mut list, mut names) = (Elements(list), Vec::new());
    while let Some((_, bytes)) = list.next() {
        if names.len() == TEXTS_MAX {
            break;
        }
        names.push(name(bytes));
    }
    names
}

/// One attribute with its values, each as `attribute=value` behind `prefix`; without values the name alone.
pub fn attribute(texts: &mut Vec<String>, prefix: &str, content: &[u8]) {
    let mut parts = Elements(content);
    let Some(attribute) = parts.expect(asn1::OCTET_STRING) else { return };
    let mut values = Elements(parts.expect(asn1::SET).unwrap_or_default());
    if values.0.is_empty() && texts.len() < TEXTS_MAX {
        texts.push(format!("{prefix}{}", name(attribute)));
    }
    while let Some((_, one)) = values.next() {
        if texts.len() == TEXTS_MAX {
            break;
        }
        texts.push(format!("{prefix}{}={}", name(attribute), value(attribute, one)));
    }
}

/// A list of attributes with their values.
#[must_use]
pub fn attributes(prefix: &str, list: &[u8]) -> Vec<String> {
    let (mut list, mut texts) = (Elements(list), Vec::new());
    while let Some((_, content)) = list.next() {
        if texts.len() == TEXTS_MAX {
            break;
        }
        attribute(&mut texts, prefix, content);
    }
    texts
}
