//! NTLM (MS-NLMP): how machines and people of Windows networks prove who they are without Kerberos. It has no flows of
//! its own: SMB, HTTP, RPC, LDAP, SMTP and others carry its three messages, mostly inside SPNEGO ([`spnego`]).
//!
//! A carrier keeps one [`Exchange`] a log-in, gives it every token that goes by ([`Exchange::token`], either direction,
//! wrapped or bare), and says how it ended ([`Exchange::conclude`]): that emits the `ntlm` and the `login` event.

mod exchange;
mod parser;
#[cfg(test)]
pub mod samples;
pub mod spnego;
#[cfg(test)]
mod tests;

pub use exchange::{Carried, Ending, Exchange};
pub use parser::{Authenticate, Challenge, Message, Negotiate, Response, Targets, Version, parse};

/// What every message begins with.
const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// The NTLM message inside `blob`: bare, or inside SPNEGO or GSS-API, whatever wraps it. Its end is not cut off: what it
/// points to is told by offsets from its start.
#[must_use]
pub fn find(blob: &[u8]) -> Option<&[u8]> {
    let start = memchr::memmem::find(blob, SIGNATURE)?;
    blob.get(start..)
}
