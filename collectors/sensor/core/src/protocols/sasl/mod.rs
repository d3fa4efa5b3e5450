//! Log-ins by SASL (RFC 4422) as the mail protocols carry them: base64 lines between client and server.
//!
//! PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195), DIGEST-MD5 (RFC 2831), SCRAM (RFC 5802), NTLM (MS-NLMP), bearer tokens
//! (RFC 7628, XOAUTH2). Who logs in is told; passwords and tokens are masked.

mod ntlm;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use crate::context::Context;
use crate::events::Login;
use crate::protocols::mime::transfer::base64;
use crate::secrets::mask;
use crate::text::lossless;
use crate::time::Micros;

/// Longest answer that is looked at; NTLM and bearer tokens have a few thousand letters.
const ANSWER_MAX: usize = 12 << 10;
/// Longest name that goes into an event.
const NAME_MAX: usize = 256;
/// Longest reason that goes into an event.
const REASON_MAX: usize = 256;

/// An attempt to log in, under way or over.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    protocol: &'static str,
    time: Micros,
    method: String,
    /// Account as given, with its domain if it has one.
    account: Option<String>,
    domain: Option<String>,
    host: Option<String>,
    secret: Option<String>,
    /// The password did not travel in clear.
    encrypted: bool,
    answers: u32,
}

impl Attempt {
    /// An attempt by user name and password in clear, outside of SASL (`USER` and `PASS`, `LOGIN`).
    pub(crate) fn clear(protocol: &'static str, account: &[u8], password: &[u8], time: Micros) -> Self {
        let mut attempt = Self::new(protocol, "password", time);
        attempt.account = name(account);
        attempt.password(password);
        attempt
    }

    /// An attempt by a user name and a digest of the password (`APOP`).
    pub(crate) fn digest(protocol: &'static str, method: &str, account: &[u8], time: Micros) -> Self {
        let mut attempt = Self::new(protocol, method, time);
        attempt.account = name(account);
        attempt.encrypted = true;
        attempt
    }

    /// An attempt by the mechanism that AUTH or AUTHENTICATE names.
    pub(crate) fn begin(
        protocol: &'static str,
        mechanism: &[u8],
        initial: Option<&[u8]>,
        time: Micros,
    ) -> Self {
        let mechanism = name(mechanism).unwrap_or_default().to_ascii_lowercase();
        let mut attempt = Self::new(protocol, &mechanism, time);
        if let Some(initial) = initial {
            attempt.answer(initial);
        }
        attempt
    }

    fn new(protocol: &'static str, method: &str, time: Micros) -> Self {
        Self {
            protocol,
            time,
            method: method.to_owned(),
            account: None,
            domain: None,
            host: None,
            secret: None,
            encrypted: false,
            answers: 0,
        }
    }

    /// The next line of the client.
    pub(crate) fn answer(&mut self, line: &[u8]) {
        let bytes = base64(line.trim_ascii(), ANSWER_MAX);
        self.answers += 1;
        match (self.method.as_str(), self.answers) {
            ("plain", 1) => self.plain(&bytes),
            ("login", 1) => self.account = name(&bytes),
            ("login", 2) => self.password(&bytes),
            ("cram-md5", 1) => {
                let end = memchr::memrchr(b' ', &bytes).unwrap_or(bytes.len());
                self.account = name(&bytes[..end]);
                self.encrypted = true;
            }
            ("digest-md5", 1) => {
                self.account = value(&bytes, b"username=\"", b'"');
                self.domain = value(&bytes, b"realm=\"", b'"');
                self.encrypted = true;
            }
            ("ntlm" | "msn" | "gss-spnego", _) => self.ntlm(&bytes),
            ("xoauth2" | "oauthbearer", 1) => {
                self.account = value(&bytes, b"user=", 1).or_else(|| value(&bytes, b"a=", b','));
                let token = value(&bytes, b"auth=", 1).unwrap_or_default();
                self.password(token.trim_start_matches("Bearer ").as_bytes());
            }
            (method, 1) if method.starts_with("scram-") => {
                self.account = value(&bytes, b"n=", b',');
                self.encrypted = true;
            }
            _ => {}
        }
    }

    fn plain(&mut self, bytes: &[u8]) {
        let mut parts = bytes.splitn(3, |&b| b == 0);
        let (acting, account, password) = (parts.next(), parts.next(), parts.next());
        self.account = account.and_then(name).or_else(|| acting.and_then(name));
        self.password(password.unwrap_or_default());
    }

    fn ntlm(&mut self, bytes: &[u8]) {
        self.encrypted = true;
        if let Some(found) = ntlm::authenticate(bytes) {
            (self.account, self.domain, self.host) = (found.user, found.domain, found.host);
        }
    }

    /// `anonymous` and empty passwords stay readable: they open nothing.
    fn password(&mut self, password: &[u8]) {
        let anonymous = self.account.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("anonymous"));
        self.secret = Some(if password.is_empty() || anonymous {
            name(password).unwrap_or_default()
        } else {
            mask(password)
        });
    }

    /// The account, where it is learnt from another command.
    pub(crate) fn known_as(&mut self, account: Option<&str>) {
        if self.account.is_none() {
            self.account = account.map(str::to_owned);
        }
    }

    /// The account without its domain, for events about what it does.
    pub(crate) fn user(&self) -> Option<&str> {
        let account = self.account.as_deref()?;
        Some(split(account).map_or(account, |(user, _)| user))
    }

    /// Emits the `login` event. `None`: the answer was not seen.
    pub(crate) fn over(self, success: Option<bool>, reason: &[u8], context: &mut Context<'_>) {
        let account = self.account.as_deref();
        let (user, domain) = match account.and_then(split) {
            Some((user, domain)) => (Some(user), self.domain.as_deref().or(Some(domain))),
            None => (account, self.domain.as_deref()),
        };
        let reason = lossless(&reason[..reason.len().min(REASON_MAX)]);
        let row = Login {
            network_protocol: Some(self.protocol),
            user_name: user,
            user_domain: domain.filter(|domain| !domain.is_empty()),
            event_outcome: Some(outcome(success)),
            vonggac_login_method: Some(&self.method),
            vonggac_login_secret: self.secret.as_deref(),
            vonggac_login_encrypted: Some(self.encrypted),
            vonggac_login_reason: Some(&*reason).filter(|text| success == Some(false) && !text.is_empty()),
            vonggac_login_host: self.host.as_deref().filter(|host| !host.is_empty()),
            ..Login::default()
        };
        context.emit(self.time, &row);
    }
}

/// For `event.outcome`.
pub(crate) fn outcome(success: Option<bool>) -> &'static str {
    match success {
        Some(true) => "success",
        Some(false) => "failure",
        None => "unknown",
    }
}

/// `nvan@example.org` and `DOMAIN\nvan` → user and domain; an address instead of a domain stays with its user.
fn split(account: &str) -> Option<(&str, &str)> {
    if let Some((domain, user)) = account.split_once('\\') {
        return Some((user, domain));
    }
    let (user, domain) = account.rsplit_once('@')?;
    let named = domain.parse::<IpAddr>().is_err() && !domain.starts_with('[');
    (named && !user.is_empty() && !domain.is_empty()).then_some((user, domain))
}

fn name(bytes: &[u8]) -> Option<String> {
    let bytes = bytes[..bytes.len().min(NAME_MAX)].trim_ascii();
    (!bytes.is_empty()).then(|| lossless(bytes).into_owned())
}

/// What stands between `key` and `end`.
fn value(bytes: &[u8], key: &[u8], end: u8) -> Option<String> {
    let rest = &bytes[memchr::memmem::find(bytes, key)? + key.len()..];
    let rest = &rest[..memchr::memchr(end, rest).unwrap_or(rest.len())];
    Some(lossless(rest).into_owned()).filter(|text| !text.is_empty())
}
