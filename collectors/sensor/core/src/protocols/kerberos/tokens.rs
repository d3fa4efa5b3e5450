//! Kerberos inside other protocols: an AP-REQ, bare, as GSS-API token (RFC 4121 §4.1) or inside SPNEGO (RFC 4178).

use super::names;
use super::parser::{Message, Ticket};
use crate::context::Context;
use crate::events;
use crate::protocols::ntlm::spnego;

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
    match Message::parse(spnego::kerberos(bytes)?)? {
        Message::Presented(ticket) => Some(ticket.into()),
        _ => None,
    }
}
