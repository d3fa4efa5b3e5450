//! The last message of NTLM inside SASL: who logs in, from which machine.

use crate::protocols::ntlm::{self, Message};

/// Names in the message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) user: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) host: Option<String>,
}

/// Reads the message; `None` when it is another one.
pub(super) fn authenticate(bytes: &[u8]) -> Option<Names> {
    let Message::Authenticate(message) = ntlm::parse(ntlm::find(bytes)?)? else { return None };
    let [user, domain, host] = [message.user, message.domain, message.workstation]
        .map(|name| Some(name.into_owned()).filter(|name| !name.is_empty()));
    Some(Names { user, domain, host })
}
