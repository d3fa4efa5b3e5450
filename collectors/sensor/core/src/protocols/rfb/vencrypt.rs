//! VeNCrypt, security type 19 (the RFB protocol as the community describes it, §7.2.11): a version, a subtype, then TLS, or
//! a password in clear.

use crate::protocols::Outcome;
use crate::secrets::mask;
use crate::text::lossless;

/// A name and password in clear.
pub(super) const PLAIN: u32 = 256;
/// Subtypes inside TLS: with an anonymous key, or with a certificate; nothing, VNC's challenge, password or SASL in it.
const TLS: std::ops::RangeInclusive<u32> = 257..=264;
/// The one version that is in use.
const VERSION: [u8; 2] = [0, 2];
/// Longest name and longest password.
const NAME_MAX: u32 = 1_024;

/// The negotiation.
#[derive(Default)]
pub(super) struct VeNCrypt {
    /// Messages so far, of client and server.
    client: u8,
    server: u8,
    /// The subtype that the client chose.
    pub(super) kind: Option<u32>,
    pub(super) user: Option<String>,
    pub(super) secret: Option<String>,
}

impl VeNCrypt {
    /// The password has been sent: the result comes next.
    pub(super) fn is_over(&self) -> bool {
        self.secret.is_some()
    }

    /// What the server says: its version, whether it agrees, subtypes, whether it takes the one chosen.
    pub(super) fn server(&mut self, bytes: &[u8]) -> Outcome {
        let used = match (self.server, bytes) {
            (_, []) | (0, [_]) => return Outcome::Parsed(0),
            (0, [major, minor, ..]) if [*major, *minor] < VERSION => return Outcome::Done,
            (0, _) => 2,
            (1, [0, ..]) => 1,
            (2, [count, ..]) if *count > 0 && bytes.len() > usize::from(*count) * 4 => {
                1 + usize::from(*count) * 4
            }
            (2, [1..=255, ..]) => return Outcome::Parsed(0),
            (3, [taken, ..]) => {
                return match self.kind {
                    None => Outcome::Parsed(0),
                    Some(kind) if *taken == 1 && TLS.contains(&kind) => Outcome::Handover(1),
                    Some(_) => Outcome::Done,
                };
            }
            _ => return Outcome::Done,
        };
        self.server += 1;
        Outcome::Parsed(used)
    }

    /// What the client says: the version, the subtype, a password.
    pub(super) fn client(&mut self, bytes: &[u8]) -> Outcome {
        let used = match self.client {
            0 => match bytes.first_chunk::<2>() {
                None => return Outcome::Parsed(0),
                Some(&VERSION) => 2,
                Some(_) => return Outcome::Done,
            },
            1 => match bytes.first_chunk() {
                None => return Outcome::Parsed(0),
                Some(kind) => {
                    self.kind = Some(u32::from_be_bytes(*kind));
                    4
                }
            },
            _ if self.kind == Some(PLAIN) => match self.password(bytes) {
                Ok(0) => return Outcome::Parsed(0),
                Ok(used) => used,
                Err(()) => return Outcome::Malformed("rfb-long-text"),
            },
            // TLS begins when the server agrees.
            _ => return Outcome::Parsed(0),
        };
        self.client += 1;
        Outcome::Parsed(used)
    }

    fn password(&mut self, bytes: &[u8]) -> Result<usize, ()> {
        let Some((lengths, rest)) = bytes.split_first_chunk::<8>() else { return Ok(0) };
        let [name, secret] = [0, 4]
            .map(|at| u32::from_be_bytes([lengths[at], lengths[at + 1], lengths[at + 2], lengths[at + 3]]));
        if name > NAME_MAX || secret > NAME_MAX {
            return Err(());
        }
        let [name, secret] = [name, secret].map(|length| usize::try_from(length).unwrap_or(0));
        let Some((user, password)) = rest.get(..name + secret).map(|both| both.split_at(name)) else {
            return Ok(0);
        };
        self.user = Some(lossless(user).into_owned());
        self.secret = Some(mask(password));
        Ok(8 + name + secret)
    }
}
