//! Who logs in to an association, and by what.

use super::pdu::Header;
use crate::context::Context;
use crate::protocols::ntlm::{self, Ending, Exchange, spnego};

/// The log-in of one association; later ones replace the earlier.
#[derive(Default)]
pub struct Security {
    exchange: Exchange,
    /// What SPNEGO led to.
    pub negotiated: Option<&'static str>,
}

impl Security {
    /// Takes the token of a whole message.
    pub fn token(&mut self, header: &Header, message: &[u8], context: &mut Context<'_>) {
        let Some((_, token)) = header.verifier(message) else { return };
        self.negotiated = mechanism(token).or(self.negotiated);
        self.answered(Ending::Unknown, None, context);
        self.exchange.token(token, context.time);
    }

    /// The server has answered: that is the verdict on a log-in that waits for one.
    pub fn answered(&mut self, ending: Ending, reason: Option<&str>, context: &mut Context<'_>) {
        if self.exchange.is_answered() {
            let reason = reason.filter(|_| ending == Ending::Failure);
            self.exchange.conclude(ending, reason, "dcerpc", context);
        }
    }

    /// The end of the association.
    pub fn close(&mut self, context: &mut Context<'_>) {
        self.exchange.conclude(Ending::Unknown, None, "dcerpc", context);
    }
}

/// What SPNEGO leads to, by the token that it carries.
fn mechanism(token: &[u8]) -> Option<&'static str> {
    if ntlm::find(token).is_some() { Some("ntlm") } else { spnego::kerberos(token).map(|_| "kerberos") }
}
