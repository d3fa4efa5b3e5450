//! Bytes to messages (RFC 4120 §5).

use crate::asn1::{self, Elements};
use crate::text::lossless;
use crate::time::Micros;

/// Encryption types and pre-authentication types kept of one message: clients send about ten.
const LIST_MAX: usize = 32;

/// Parts of a principal's name that are kept: services have two or three.
const PARTS_MAX: usize = 4;

/// Longest name that is kept, in bytes.
const NAME_MAX: usize = 256;

/// Types of pre-authentication data that are looked into or tell how the client proved itself.
pub mod preauth {
    /// A ticket, in requests for further tickets.
    pub const TGS_REQ: i64 = 1;
    /// The time, encrypted with the client's key.
    pub const ENC_TIMESTAMP: i64 = 2;
    /// A certificate (PKINIT).
    pub const PK_AS_REQ: i64 = 16;
    /// A user for whom a service wants a ticket (MS-SFU).
    pub const FOR_USER: i64 = 129;
    /// The same, with a better checksum.
    pub const FOR_X509_USER: i64 = 130;
    /// An armoured request: what is inside is encrypted.
    pub const FX_FAST: i64 = 136;
    /// The time under FAST.
    pub const ENCRYPTED_CHALLENGE: i64 = 138;
    /// One-time passwords.
    pub const OTP_REQUEST: i64 = 142;
    /// A password-authenticated key exchange.
    pub const SPAKE: i64 = 151;
    /// Those of an AS-REQ by which the client proves that it has its key.
    pub const PROOFS: [i64; 6] = [ENC_TIMESTAMP, PK_AS_REQ, FX_FAST, ENCRYPTED_CHALLENGE, OTP_REQUEST, SPAKE];
}

/// What a message asks for or answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// Authentication service: the first ticket.
    As,
    /// Ticket-granting service: further tickets.
    Tgs,
}

/// A name within a realm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// Parts with slashes between them.
    pub name: Option<String>,
    /// The realm.
    pub realm: Option<String>,
}

/// What is visible of a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// For whom it is.
    pub service: Principal,
    /// How it is encrypted.
    pub encryption: Option<i64>,
}

/// AS-REQ or TGS-REQ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which of them.
    pub exchange: Exchange,
    /// Types of pre-authentication data, in order.
    pub preauth: Vec<i64>,
    /// How the client's proof is encrypted.
    pub proof_encryption: Option<i64>,
    /// The ticket that is shown for another.
    pub presented: Option<Ticket>,
    /// The user for whom a service asks.
    pub impersonated: Option<Principal>,
    /// Options, the first bit (0) in the highest place.
    pub options: u32,
    /// Who asks, as far as said in clear.
    pub client: Option<String>,
    /// Realm of the service, and in AS-REQ of the client.
    pub realm: Option<String>,
    /// The service for which a ticket is wanted.
    pub service: Option<String>,
    /// Until when.
    pub till: Option<Micros>,
    /// Tells a repetition from a second request.
    pub nonce: Option<i64>,
    /// Encryption types that the client takes, best first.
    pub offered: Vec<i64>,
    /// NetBIOS name of the client's machine.
    pub host: Option<String>,
}

/// AS-REP or TGS-REP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Which of them.
    pub exchange: Exchange,
    /// To whom the ticket was given.
    pub client: Principal,
    /// The ticket.
    pub ticket: Ticket,
    /// How the part for the client is encrypted.
    pub encryption: Option<i64>,
}

/// KRB-ERROR.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// Number of the error.
    pub code: i64,
    /// The client, where the server names it.
    pub client: Principal,
    /// The service.
    pub service: Principal,
    /// Words of the server.
    pub text: Option<String>,
    /// Status of Windows, which says more.
    pub status: Option<u32>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// AS-REQ, TGS-REQ.
    Request(Box<Request>),
    /// AS-REP, TGS-REP.
    Reply(Box<Reply>),
    /// KRB-ERROR.
    Failure(Box<Failure>),
    /// AP-REQ: a ticket is shown to its service.
    Presented(Ticket),
    /// AP-REP, KRB-SAFE, KRB-PRIV, KRB-CRED: nothing to be seen.
    Other,
}

impl Message {
    /// Reads one whole message.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (tag, content) = Elements(bytes).next()?;
        let fields = Fields::of(content)?;
        match tag.wrapping_sub(0x60) {
            10 => Request::read(Exchange::As, fields).map(|request| Self::Request(Box::new(request))),
            12 => Request::read(Exchange::Tgs, fields).map(|request| Self::Request(Box::new(request))),
            11 => Reply::read(Exchange::As, fields).map(|reply| Self::Reply(Box::new(reply))),
            13 => Reply::read(Exchange::Tgs, fields).map(|reply| Self::Reply(Box::new(reply))),
            14 => fields.get(3).and_then(Ticket::read).map(Self::Presented),
            15 | 20..=22 => Some(Self::Other),
            30 => Failure::read(fields).map(|failure| Self::Failure(Box::new(failure))),
            _ => None,
        }
    }
}

/// The fields of a sequence, each under its number `[n]`.
#[derive(Clone, Copy)]
struct Fields<'a>(Elements<'a>);

impl<'a> Fields<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        Some(Self(Elements(Elements(bytes).expect(asn1::SEQUENCE)?)))
    }

    /// What stands under `[number]`.
    fn get(self, number: u8) -> Option<&'a [u8]> {
        let elements = self.0;
        for (tag, content) in elements {
            if tag == 0xa0 | number {
                return Some(content);
            }
        }
        None
    }

    fn integer(self, number: u8) -> Option<i64> {
        integer(self.get(number)?)
    }

    /// A string of any type.
    fn text(self, number: u8) -> Option<String> {
        text(self.get(number)?)
    }

    fn name(self, number: u8) -> Option<String> {
        name(self.get(number)?)
    }

    fn octets(self, number: u8) -> Option<&'a [u8]> {
        Elements(self.get(number)?).expect(asn1::OCTET_STRING)
    }

    fn items(self, number: u8) -> Elements<'a> {
        Elements(self.get(number).and_then(|list| Elements(list).expect(asn1::SEQUENCE)).unwrap_or_default())
    }
}

fn integer(bytes: &[u8]) -> Option<i64> {
    asn1::integer(Elements(bytes).expect(asn1::INTEGER)?)
}

fn text(bytes: &[u8]) -> Option<String> {
    let (_, content) = Elements(bytes).next()?;
    Some(lossless(content.get(..NAME_MAX).unwrap_or(content)).into_owned())
}

/// PrincipalName: `krbtgt` and `EXAMPLE.ORG` are `krbtgt/EXAMPLE.ORG`.
fn name(bytes: &[u8]) -> Option<String> {
    let list = Fields::of(bytes)?.items(1);
    let mut parts = Vec::new();
    for (_, part) in list {
        if parts.len() == PARTS_MAX {
            break;
        }
        parts.push(lossless(part.get(..NAME_MAX).unwrap_or(part)));
    }
    Some(parts.join("/")).filter(|name| !name.is_empty())
}

/// Type of an EncryptedData.
fn encryption(bytes: &[u8]) -> Option<i64> {
    Fields::of(bytes)?.integer(0)
}

impl Ticket {
    /// Reads what is in clear.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let fields = Fields::of(Elements(bytes).expect(0x61)?)?;
        Some(Self {
            service: Principal { name: fields.name(2), realm: fields.text(1) },
            encryption: fields.get(3).and_then(encryption),
        })
    }
}

impl Request {
    fn read(exchange: Exchange, message: Fields<'_>) -> Option<Self> {
        let body = Fields::of(message.get(4)?)?;
        let options = Elements(body.get(0)?).expect(asn1::BIT_STRING)?.get(1..5);
        let mut request = Self {
            exchange,
            preauth: Vec::new(),
            proof_encryption: None,
            presented: None,
            impersonated: None,
            options: options.and_then(|bits| bits.first_chunk()).map_or(0, |bits| u32::from_be_bytes(*bits)),
            client: body.name(1),
            realm: body.text(2),
            service: body.name(3),
            till: body.get(5).and_then(|time| Elements(time).next()).and_then(|(tag, t)| asn1::time(tag, t)),
            nonce: body.integer(7),
            offered: integers(body.items(8)),
            host: host(body.items(9)),
        };
        let list = message.items(3);
        for (_, entry) in list {
            let entry = Fields(Elements(entry));
            let (Some(kind), Some(value)) = (entry.integer(1), entry.octets(2)) else { continue };
            if request.preauth.len() < LIST_MAX {
                request.preauth.push(kind);
            }
            request.preauthentication(kind, value);
        }
        Some(request)
    }

    fn preauthentication(&mut self, kind: i64, value: &[u8]) {
        match kind {
            preauth::TGS_REQ => {
                if let Some(Message::Presented(ticket)) = Message::parse(value) {
                    self.presented = Some(ticket);
                }
            }
            preauth::ENC_TIMESTAMP => self.proof_encryption = encryption(value),
            preauth::FOR_USER => {
                if let Some(fields) = Fields::of(value) {
                    self.impersonated = Some(Principal { name: fields.name(0), realm: fields.text(1) });
                }
            }
            preauth::FOR_X509_USER => {
                if let Some(user) = Fields::of(value).and_then(|fields| Fields::of(fields.get(0)?)) {
                    self.impersonated.get_or_insert(Principal { name: user.name(1), realm: user.text(2) });
                }
            }
            _ => {}
        }
    }
}

fn integers(list: Elements<'_>) -> Vec<i64> {
    let mut numbers = Vec::new();
    for (_, number) in list {
        if numbers.len() == LIST_MAX {
            break;
        }
        numbers.extend(asn1::integer(number));
    }
    numbers
}

/// The NetBIOS name among the addresses; Windows sends it, filled up with blanks.
fn host(addresses: Elements<'_>) -> Option<String> {
    for (_, address) in addresses {
        let address = Fields(Elements(address));
        if address.integer(0) == Some(20) {
            let name = address.octets(1)?;
            return Some(lossless(name.get(..16).unwrap_or(name).trim_ascii_end()).into_owned());
        }
    }
    None
}

impl Reply {
    fn read(exchange: Exchange, message: Fields<'_>) -> Option<Self> {
        Some(Self {
            exchange,
            client: Principal { name: message.name(4), realm: message.text(3) },
            ticket: Ticket::read(message.get(5)?)?,
            encryption: message.get(6).and_then(encryption),
        })
    }
}

impl Failure {
    fn read(message: Fields<'_>) -> Option<Self> {
        Some(Self {
            code: message.integer(6)?,
            client: Principal { name: message.name(8), realm: message.text(7) },
            service: Principal { name: message.name(10), realm: message.text(9) },
            text: message.text(11).filter(|text| !text.is_empty()),
            status: message.octets(12).and_then(status),
        })
    }
}

/// The status in a KERB-ERROR-DATA with a KERB_EXT_ERROR (MS-KILE §2.2.1, 2.2.2).
fn status(data: &[u8]) -> Option<u32> {
    const EXTENDED: i64 = 3;
    let fields = Fields::of(data)?;
    let value = (fields.integer(1) == Some(EXTENDED)).then(|| fields.octets(2))??;
    value.first_chunk().map(|status| u32::from_le_bytes(*status))
}
