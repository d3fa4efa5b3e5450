//! What a bind says of who logs in (RFC 4511 §4.2; SASL PLAIN of RFC 4616, CRAM-MD5 of RFC 2195, DIGEST-MD5 of RFC 2831, SCRAM of
//! RFC 5802;
//! Sicily of MS-ADTS §5.1.1.1.3). Passwords are masked here and do not leave this module.

use super::parser::Request;
use super::values;
use crate::asn1::{self, Elements};
use crate::secrets::mask;

/// Longest token of a mechanism that is looked into, in bytes: Kerberos tickets have up to 64 KiB.
const TOKEN_MAX: usize = 64 << 10;

/// Who binds, and how.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// `simple`, the name of the SASL mechanism, or `ntlm` (Sicily).
    pub method: String,
    /// Account without its domain.
    pub user: Option<String>,
    /// Its domain.
    pub domain: Option<String>,
    /// Mask of the password; empty ones stay readable.
    pub secret: Option<String>,
    /// Token of the mechanism, for those that carry NTLM or Kerberos.
    pub token: Vec<u8>,
    /// A SASL mechanism: what follows the bind may be signed or encrypted.
    pub layered: bool,
}

impl Credentials {
    /// For `vonggac.login.method`.
    #[must_use]
    pub fn login_method(&self, kerberos: bool) -> String {
        if kerberos { "kerberos".to_owned() } else { self.method.to_ascii_lowercase() }
    }

    /// The password, if there was one, travelled in clear.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.secret.is_some()
    }
}

/// Reads a BindRequest.
#[must_use]
pub fn bind(mut fields: Elements<'_>) -> Option<Request> {
    let version = asn1::integer(fields.expect(asn1::INTEGER)?);
    let name = fields.expect(asn1::OCTET_STRING)?;
    let (tag, content) = fields.next()?;
    let mut credentials = match tag {
        0x80 => Credentials {
            method: "simple".to_owned(),
            secret: Some(masked(content)),
            ..Credentials::default()
        },
        0xa3 => sasl(content)?,
        // Sicily: package discovery, and the first and third message of NTLM.
        0x89..=0x8b => {
            Credentials { method: "ntlm".to_owned(), token: token(content), ..Credentials::default() }
        }
        _ => return None,
    };
    if credentials.user.is_none() {
        (credentials.user, credentials.domain) = account(name);
    }
    Some(Request {
        operation: "bind",
        name: Some(values::name(name)),
        version,
        credentials: Some(credentials),
        ..Request::default()
    })
}

fn masked(password: &[u8]) -> String {
    if password.is_empty() { String::new() } else { mask(password) }
}

fn token(content: &[u8]) -> Vec<u8> {
    content.get(..TOKEN_MAX).unwrap_or(content).to_vec()
}

fn sasl(content: &[u8]) -> Option<Credentials> {
    let mut fields = Elements(content);
    let method = values::name(fields.expect(asn1::OCTET_STRING)?);
    let content = fields.optional(asn1::OCTET_STRING).unwrap_or_default();
    let mut credentials = Credentials { layered: true, ..Credentials::default() };
    match method.as_str() {
        "PLAIN" => {
            let mut parts = content.splitn(3, |byte| *byte == 0).skip(1);
            credentials.user = parts.next().map(values::name);
            credentials.secret = parts.next().map(masked);
        }
        "CRAM-MD5" => {
            let end = content.iter().rposition(|byte| *byte == b' ');
            credentials.user = end.and_then(|end| content.get(..end)).map(values::name);
        }
        "DIGEST-MD5" => {
            credentials.user = between(content, b"username=\"", b'"');
            credentials.domain = between(content, b"realm=\"", b'"');
        }
        "EXTERNAL" => {}
        // The first of two messages names the user (RFC 5802 §5.1).
        scram if scram.starts_with("SCRAM-") => credentials.user = between(content, b",n=", b','),
        _ => credentials.token = token(content),
    }
    Some(Credentials { method, ..credentials })
}

/// The value behind `label` up to `end`.
fn between(content: &[u8], label: &[u8], end: u8) -> Option<String> {
    let start = memchr::memmem::find(content, label)? + label.len();
    let rest = content.get(start..)?;
    rest.get(..memchr::memchr(end, rest)?).map(values::name)
}

/// Account and domain of a name at a bind: `DOMAIN\user`, `user@domain`, or a distinguished name, of which the first
/// part is the account and the parts `DC` are the domain.
fn account(name: &[u8]) -> (Option<String>, Option<String>) {
    let text = values::name(name);
    if let Some((domain, user)) = text.split_once('\\').filter(|_| !text.contains('=')) {
        return (Some(user.to_owned()), Some(domain.to_owned()));
    }
    if !text.contains('=') {
        return match text.split_once('@') {
            Some((user, domain)) => (Some(user.to_owned()), Some(domain.to_owned())),
            None => (Some(text).filter(|text| !text.is_empty()), None),
        };
    }
    let mut parts = text.split(',').filter_map(|part| part.split_once('='));
    let user = parts.next().map(|(_, value)| value.trim().to_owned());
    let labels = parts.filter(|(kind, _)| kind.trim().eq_ignore_ascii_case("dc"));
    let domain = labels.map(|(_, label)| label.trim()).collect::<Vec<_>>().join(".");
    (user, Some(domain).filter(|domain| !domain.is_empty()))
}
