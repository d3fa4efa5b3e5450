//! NTLM in the heads of HTTP (RFC 4559, MS-NTHT): three messages over one connection, whose last one logs the connection in.

use super::head::Head;
use crate::base64;
use crate::context::Context;
use crate::protocols::ntlm::{self, Ending, Exchange};

/// Longest header value that is decoded, in bytes: tokens of NTLM have some hundred, tickets of Kerberos may have 64 KiB.
const VALUE_MAX: usize = 8 << 10;

/// The token of NTLM behind one of its two schemes; it never becomes an event.
pub(super) fn token(value: &[u8]) -> Option<Vec<u8>> {
    let (scheme, rest) = value.split_at_checked(value.iter().position(|byte| *byte == b' ')?)?;
    let named = [b"NTLM".as_slice(), b"Negotiate"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
    if !named || rest.len() > VALUE_MAX {
        return None;
    }
    let token = base64::decode(rest)?;
    ntlm::find(&token).is_some().then_some(token)
}

/// The log-in of one connection.
#[derive(Default)]
pub(super) struct Negotiation(Exchange);

impl Negotiation {
    /// A whole head of either side.
    pub(super) fn head(&mut self, head: &Head, context: &mut Context<'_>) {
        if self.0.is_answered() {
            let status = head.status();
            let ending = match status {
                Some(100..=199) => None,
                Some(401 | 407) => Some(Ending::Failure),
                Some(200..=499) => Some(Ending::Success),
                Some(_) => Some(Ending::Unknown),
                // The next request comes before the answer: only a new log-in ends this one.
                None => head.token.as_ref().map(|_| Ending::Unknown),
            };
            if let Some(ending) = ending {
                self.conclude(ending, status, context);
            }
        }
        if let Some(token) = &head.token {
            self.0.token(token, head.time);
        }
    }

    fn conclude(&mut self, ending: Ending, status: Option<i64>, context: &mut Context<'_>) {
        let reason = status.filter(|_| ending == Ending::Failure).map(|status| status.to_string());
        self.0.conclude(ending, reason.as_deref(), "http", context);
    }

    /// The flow is over.
    pub(super) fn close(&mut self, context: &mut Context<'_>) {
        self.conclude(Ending::Unknown, None, context);
    }
}
