//! Kerberos inside other protocols: an AP-REQ, bare, as GSS-API token (RFC 4121 §4.1) or inside SPNEGO (RFC 4178).

use super::names;
use super::parser::{Message, Ticket};
use crate::asn1::{self, Elements};
use crate::context::Context;
use crate::events;

/// Layers that are taken off in search of the AP-REQ: SPNEGO, its sequence, the GSS-API token.
const LAYERS_MAX: usize = 4;

/// What a client shows to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Realm of the service.
    pub realm: Option<String>,
    /// The service: `cifs/dc1.example.org`.
    pub service: Option<String>,
    /// Encryption type of the ticket; [`super::encryption`] has its name.
    pub encryption: Option<i64>,
}

impl Presented {
    /// Tells it as a `kerberos` event of the flow whose protocol carries it.
    pub fn emit(&self, context: &mut Context<'_>) {
        let encryption = self.encryption.map(names::encryption);
        let row = events::Kerberos {
            vonggac_kerberos_request_type: Some("AP"),
            vonggac_kerberos_service_name: self.service.as_deref(),
            vonggac_kerberos_service_realm: self.realm.as_deref(),
            vonggac_kerberos_encryption_presented: encryption.as_deref(),
            ..events::Kerberos::default()
        };
        context.emit(context.time, &row);
    }
}

impl From<Ticket> for Presented {
    fn from(Ticket { service, encryption }: Ticket) -> Self {
        Self { realm: service.realm, service: service.name, encryption }
    }
}

/// The ticket of an AP-REQ: bare, in a GSS-API token, or in the first or a further message of SPNEGO.
#[must_use]
pub fn ticket_of(bytes: &[u8]) -> Option<Presented> {
    let mut bytes = bytes;
    for _ in 0..LAYERS_MAX {
        match bytes.first()? {
            0x6e => return presented(bytes),
            // InitialContextToken: the mechanism, and what it sends.
            0x60 => {
                let mut token = Elements(Elements(bytes).expect(0x60)?);
                token.expect(asn1::OID)?;
                // Kerberos puts two bytes before its messages; 01 00 is the AP-REQ.
                bytes = token.0.strip_prefix(&[1, 0]).unwrap_or(token.0);
            }
            // NegTokenInit and NegTokenResp have their token in the same field.
            0xa0 | 0xa1 => {
                let mut fields = Elements(Elements(Elements(bytes).next()?.1).expect(asn1::SEQUENCE)?);
                bytes = loop {
                    let (tag, content) = fields.next()?;
                    if tag == 0xa2 {
                        break Elements(content).expect(asn1::OCTET_STRING)?;
                    }
                };
            }
            _ => return None,
        }
    }
    None
}

fn presented(bytes: &[u8]) -> Option<Presented> {
    match Message::parse(bytes)? {
        Message::Presented(ticket) => Some(ticket.into()),
        _ => None,
    }
}
