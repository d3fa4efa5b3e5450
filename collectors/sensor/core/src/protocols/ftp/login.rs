//! USER and PASS as log-ins.

use crate::context::Context;
use crate::events;
use crate::secrets::mask;
use crate::text::lossless;
use crate::time::Micros;

/// Bytes kept of a user name.
const USER_MAX: usize = 256;

/// One log-in under way.
#[derive(Clone, Debug)]
pub struct Attempt {
    user: String,
    secret: Option<String>,
}

impl Attempt {
    /// What USER says.
    pub fn of(user: &[u8]) -> Self {
        Self { user: lossless(&user[..user.len().min(USER_MAX)]).into_owned(), secret: None }
    }

    /// Adds what PASS says; gives it as it may be shown.
    pub fn password(&mut self, password: &[u8]) -> String {
        // RFC 1635: anonymous users give their e-mail address, which is no secret.
        let open = password.is_empty() || self.user.eq_ignore_ascii_case("anonymous");
        let shown = if open { lossless(password).into_owned() } else { mask(password) };
        self.secret = Some(shown.clone());
        shown
    }

    /// The name as the client gave it.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The `login` event, by the code and text of the reply that decides it.
    pub fn emit(&self, time: Micros, code: Option<u16>, text: Option<&[u8]>, context: &mut Context<'_>) {
        let (domain, name) = match self.user.split_once('\\') {
            Some((domain, name)) => (Some(domain), name),
            None => (None, self.user.as_str()),
        };
        let outcome = match code {
            Some(200..=299) => "success",
            Some(400..) => "failure",
            _ => "unknown",
        };
        let reason = text.filter(|_| outcome == "failure").map(lossless);
        let row = events::Login {
            network_protocol: Some("ftp"),
            user_name: Some(name),
            user_domain: domain,
            event_outcome: Some(outcome),
            vonggac_login_method: Some(if self.secret.is_some() { "password" } else { "none" }),
            vonggac_login_secret: self.secret.as_deref(),
            vonggac_login_encrypted: Some(false),
            vonggac_login_reason: reason.as_deref(),
            ..events::Login::default()
        };
        context.emit(time, &row);
    }
}
