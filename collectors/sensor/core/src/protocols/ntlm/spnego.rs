//! SPNEGO (RFC 4178, MS-SPNG) inside GSS-API (RFC 2743 §3.1): which mechanisms a client offers, which one the server
//! takes, and the token of the mechanism itself: NTLM or Kerberos (RFC 4121 §4.1).

use std::borrow::Cow;

use super::der;
use crate::text;

/// Mechanisms and names kept: real clients offer four.
const LIST_MAX: usize = 8;

/// Longest object identifier written out; longer ones are none.
const OID_MAX: usize = 32;

/// The initial token of GSS-API and its object identifier.
const INITIAL: u8 = 0x60;
const OID: u8 = 0x06;

/// Contents of the identifiers of SPNEGO and of Kerberos (5, user to user, and the one that Windows 2000 got wrong).
const SPNEGO_OID: &[u8] = &[0x2b, 6, 1, 5, 5, 2];
const KERBEROS_OIDS: [&[u8]; 3] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 3],
    &[0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2],
];

/// Mechanisms that have a name; others are told by their number.
const MECHANISMS: [(&[u8], &str); 6] = [
    (KERBEROS_OIDS[0], "Kerberos"),
    (KERBEROS_OIDS[1], "Kerberos-U2U"),
    (KERBEROS_OIDS[2], "MS-Kerberos"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10], "NTLM"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30], "NEGOEX"),
    (&[0x2b, 6, 1, 5, 2, 5], "IAKERB"),
];

/// Messages of Kerberos that GSS-API carries: AP-REQ, AP-REP, KRB-ERROR.
const KERBEROS_TAGS: [u8; 3] = [0x6e, 0x6f, 0x7e];

/// A token of SPNEGO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token<'a> {
    /// What the client offers, in its order, or what the server takes.
    pub mechanisms: Vec<Cow<'static, str>>,
    /// How far the negotiation is: 0 completed, 1 incomplete, 2 rejected, 3 wants a check; only from the server.
    pub state: Option<u8>,
    /// The token of the mechanism.
    pub inner: Option<&'a [u8]>,
}

/// Reads a token, with or without the frame of GSS-API. `None` for what is none.
#[must_use]
pub fn parse(blob: &[u8]) -> Option<Token<'_>> {
    let (tag, content, _) = der::element(blob)?;
    match tag {
        INITIAL => {
            let (_, oid, rest) = der::element(content).filter(|(tag, ..)| *tag == OID)?;
            if oid == SPNEGO_OID { initial(der::content(rest, 0xa0)?) } else { None }
        }
        0xa0 => initial(content),
        0xa1 => answer(content),
        _ => None,
    }
}

/// `NegTokenInit`.
fn initial(content: &[u8]) -> Option<Token<'_>> {
    let sequence = der::content(content, 0x30)?;
    let offered = der::member(sequence, 0xa0).and_then(|list| der::content(list, 0x30)).unwrap_or_default();
    let mechanisms = der::elements(offered).filter(|(tag, _)| *tag == OID).take(LIST_MAX);
    Some(Token {
        mechanisms: mechanisms.map(|(_, oid)| mechanism(oid)).collect(),
        state: None,
        inner: der::member(sequence, 0xa2).and_then(|token| der::content(token, 0x04)),
    })
}

/// `NegTokenResp`.
fn answer(content: &[u8]) -> Option<Token<'_>> {
    let sequence = der::content(content, 0x30)?;
    let taken = der::member(sequence, 0xa1).and_then(|oid| der::content(oid, OID));
    let state = der::member(sequence, 0xa0).and_then(|state| der::content(state, 0x0a));
    Some(Token {
        mechanisms: taken.into_iter().map(mechanism).collect(),
        state: state.and_then(|state| state.first().copied()),
        inner: der::member(sequence, 0xa2).and_then(|token| der::content(token, 0x04)),
    })
}

fn mechanism(oid: &[u8]) -> Cow<'static, str> {
    let oid = &oid[..oid.len().min(OID_MAX)];
    match MECHANISMS.iter().find(|(known, _)| *known == oid) {
        Some((_, name)) => Cow::Borrowed(*name),
        None => Cow::Owned(der::dotted(oid)),
    }
}

/// Names of the mechanisms that a token offers or takes; empty for what is no SPNEGO.
#[must_use]
pub fn mechanisms(blob: &[u8]) -> Vec<Cow<'static, str>> {
    parse(blob).map(|token| token.mechanisms).unwrap_or_default()
}

/// The Kerberos message (AP-REQ, AP-REP or KRB-ERROR) inside `blob`: SPNEGO, GSS-API or bare.
#[must_use]
pub fn kerberos(blob: &[u8]) -> Option<&[u8]> {
    let blob = parse(blob).and_then(|token| token.inner).unwrap_or(blob);
    let message = match der::element(blob)? {
        // Behind the identifier stand two bytes that tell the kind of token (RFC 4121 §4.1).
        (INITIAL, content, _) => {
            let (_, oid, rest) = der::element(content).filter(|(tag, ..)| *tag == OID)?;
            KERBEROS_OIDS.contains(&oid).then(|| rest.get(2..)).flatten()?
        }
        _ => blob,
    };
    KERBEROS_TAGS.contains(message.first()?).then_some(message)
}

/// What an AP-REQ says in clear of the ticket in it (RFC 4120 §5.3, 5.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Realm of the server.
    pub realm: String,
    /// Name of the service in its parts: `cifs`, `server.example.org`.
    pub service: Vec<String>,
    /// Encryption type of the ticket.
    pub encryption: Option<i64>,
}

/// Reads the ticket of an AP-REQ, as [`kerberos`] finds it.
#[must_use]
pub fn ticket(request: &[u8]) -> Option<Ticket> {
    let sequence = der::content(der::content(request, 0x6e)?, 0x30)?;
    let ticket = der::content(der::content(der::member(sequence, 0xa3)?, 0x61)?, 0x30)?;
    let realm = der::content(der::member(ticket, 0xa1)?, 0x1b)?;
    let name = der::content(der::member(ticket, 0xa2)?, 0x30)?;
    let parts = der::content(der::member(name, 0xa1)?, 0x30)?;
    let encrypted = der::member(ticket, 0xa3).and_then(|part| der::content(part, 0x30));
    let kind = encrypted.and_then(|part| der::content(der::member(part, 0xa0)?, 0x02));
    Some(Ticket {
        realm: text::lossless(realm).into_owned(),
        service: der::elements(parts)
            .take(LIST_MAX)
            .map(|(_, part)| text::lossless(part).into_owned())
            .collect(),
        encryption: kind.and_then(|digits| match digits {
            [low] => Some(i64::from(i8::from_be_bytes([*low]))),
            [high, low] => Some(i64::from(i16::from_be_bytes([*high, *low]))),
            _ => None,
        }),
    })
}
