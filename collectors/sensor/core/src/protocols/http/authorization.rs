//! Log-ins with a password in the head of a request (RFC 7617): who logs in, and how the server takes it.

use super::head::Head;
use super::transaction::Transaction;
use crate::base64;
use crate::context::Context;
use crate::events;
use crate::secrets::mask;
use crate::text::lossless;

/// Longest name of a user that is kept, in bytes.
const USER_MAX: usize = 256;

/// What `Authorization: Basic` holds, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Basic {
    user: String,
    domain: Option<String>,
    /// Mask of the password; empty ones stay readable.
    secret: String,
}

impl Basic {
    /// Reads what stands behind the scheme.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let pair = base64::decode(value)?;
        let colon = memchr::memchr(b':', &pair)?;
        let (user, password) = (pair.get(..colon.min(USER_MAX))?, pair.get(colon + 1..)?);
        let user = lossless(user).into_owned();
        let (domain, user) = match user.split_once('\\') {
            Some((domain, user)) => (Some(domain.to_owned()), user.to_owned()),
            None => (None, user),
        };
        let secret = if password.is_empty() { String::new() } else { mask(password) };
        Some(Self { user, domain, secret })
    }
}

/// Log-ins of one connection. Clients send the password with every request: only a change is told.
#[derive(Default)]
pub(super) struct LogIns {
    last: Option<(Box<Basic>, &'static str)>,
}

impl LogIns {
    /// Tells the log-in of a transaction, unless it is the last one again.
    pub(super) fn tell(&mut self, transaction: &Transaction, context: &mut Context<'_>) {
        let Some(request) = &transaction.request else { return };
        let Some(basic) = &request.head.basic else { return };
        let status = transaction.response.as_ref().and_then(|response| response.head.status());
        let outcome = match status {
            Some(401 | 407) => "failure",
            Some(200..=399) => "success",
            _ => "unknown",
        };
        let attempt = (basic.clone(), outcome);
        if self.last.as_ref() == Some(&attempt) {
            return;
        }
        let reason = status.filter(|_| outcome == "failure").map(|status| status.to_string());
        let row = events::Login {
            user_name: Some(&basic.user),
            user_domain: basic.domain.as_deref(),
            event_outcome: Some(outcome),
            network_protocol: Some("http"),
            vonggac_login_method: Some("basic"),
            vonggac_login_secret: Some(&basic.secret),
            vonggac_login_encrypted: Some(false),
            vonggac_login_reason: reason.as_deref(),
            ..events::Login::default()
        };
        context.emit(request.head.time, &row);
        self.last = Some(attempt);
    }
}

/// The program behind a request, where what it asks for is its alone: `network.application`.
pub(super) fn application(head: &Head, path: Option<&str>) -> Option<&'static str> {
    let declared = head.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    // Remote management of Windows (MS-WSMV): SOAP, bare or encrypted.
    let managed = path.is_some_and(|path| path == "/wsman" || path.starts_with("/wsman/"));
    let soap = declared.starts_with("application/soap+xml") || declared.starts_with("multipart/encrypted");
    let agent = head.user_agent.as_deref().is_some_and(|agent| agent.contains("WinRM"));
    match head.method()? {
        "RPC_IN_DATA" | "RPC_OUT_DATA" => Some("rpc-over-http"),
        "POST" if managed && (soap || agent) => Some("winrm"),
        _ => None,
    }
}
