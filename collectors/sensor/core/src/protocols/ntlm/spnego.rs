//! SPNEGO (RFC 4178, MS-SPNG) inside GSS-API (RFC 2743 §3.1): which mechanisms a client offers, which one the server
//! takes, and the token of the mechanism itself: NTLM or Kerberos (RFC 4121 §4.1).

use std::borrow::Cow;

use crate::asn1::{self, ENUMERATED, Elements, OCTET_STRING, OID, SEQUENCE};

/// Mechanisms and names kept: real clients offer four.
const LIST_MAX: usize = 8;

/// Longest object identifier written out; longer ones are none.
const OID_MAX: usize = 32;

/// The initial token of GSS-API.
const INITIAL: u8 = 0x60;

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
    let (tag, content) = Elements(blob).next()?;
    match tag {
        INITIAL => {
            let mut token = Elements(content);
            if token.expect(OID)? == SPNEGO_OID { initial(token.expect(0xa0)?) } else { None }
        }
        0xa0 => initial(content),
        0xa1 => answer(content),
        _ => None,
    }
}

/// `NegTokenInit`.
fn initial(content: &[u8]) -> Option<Token<'_>> {
    let sequence = Elements(content).expect(SEQUENCE)?;
    let offered = member(sequence, 0xa0).and_then(|list| Elements(list).expect(SEQUENCE)).unwrap_or_default();
    let mechanisms = Elements(offered).filter(|(tag, _)| *tag == OID).take(LIST_MAX);
    Some(Token {
        mechanisms: mechanisms.map(|(_, oid)| mechanism(oid)).collect(),
        state: None,
        inner: member(sequence, 0xa2).and_then(|token| Elements(token).expect(OCTET_STRING)),
    })
}

/// `NegTokenResp`.
fn answer(content: &[u8]) -> Option<Token<'_>> {
    let sequence = Elements(content).expect(SEQUENCE)?;
    let taken = member(sequence, 0xa1).and_then(|oid| Elements(oid).expect(OID));
    let state = member(sequence, 0xa0).and_then(|state| Elements(state).expect(ENUMERATED));
    Some(Token {
        mechanisms: taken.into_iter().map(mechanism).collect(),
        state: state.and_then(|state| state.first().copied()),
        inner: member(sequence, 0xa2).and_then(|token| Elements(token).expect(OCTET_STRING)),
    })
}

/// The element with this tag in a sequence.
fn member(sequence: &[u8], tag: u8) -> Option<&[u8]> {
    Elements(sequence).find(|(found, _)| *found == tag).map(|(_, content)| content)
}

fn mechanism(oid: &[u8]) -> Cow<'static, str> {
    let oid = &oid[..oid.len().min(OID_MAX)];
    match MECHANISMS.iter().find(|(known, _)| *known == oid) {
        Some((_, name)) => Cow::Borrowed(*name),
        None => Cow::Owned(asn1::oid(oid)),
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
    let message = match Elements(blob).next()? {
        // Behind the identifier stand two bytes that tell the kind of token (RFC 4121 §4.1).
        (INITIAL, content) => {
            let mut token = Elements(content);
            let oid = token.expect(OID)?;
            KERBEROS_OIDS.contains(&oid).then(|| token.0.get(2..)).flatten()?
        }
        _ => blob,
    };
    KERBEROS_TAGS.contains(message.first()?).then_some(message)
}
