//! DNS over HTTP (RFC 8484), where HTTP is in clear: its messages are told as over UDP.

use crate::context::Context;
use crate::protocols::Decoder;
use crate::protocols::dns::{self, Dns};
use crate::url::Url;

/// For `network.protocol`.
const NAME: &str = "doh";

/// Questions that wait for their answers, each with the request that asks it.
const WAITING_MAX: usize = 64;

/// The questions of one connection, each under the ordinal of its request: their own ids are all the same.
#[derive(Default)]
pub(in crate::protocols) struct Doh(Vec<(i64, Box<Dns>)>);

impl Doh {
    /// A request may ask in its query: `?dns=` and the message in base64url.
    pub(in crate::protocols) fn request(&mut self, ordinal: i64, url: &Url, context: &mut Context<'_>) {
        let parameters = url.query.as_deref().unwrap_or_default().split('&');
        let asked = parameters.filter_map(|parameter| parameter.strip_prefix("dns=")).next();
        let message = asked.and_then(base64url);
        // Whatever else is called dns is no message.
        self.message(ordinal, message.filter(|message| dns::is_flawless(message)), context);
    }

    /// A body was a message.
    pub(in crate::protocols) fn message(
        &mut self,
        ordinal: i64,
        message: Option<Vec<u8>>,
        context: &mut Context<'_>,
    ) {
        let Some(message) = message else { return };
        context.recognised(NAME);
        let at = self.0.iter().position(|(other, _)| *other == ordinal);
        let mut dns = at.map_or_else(|| Box::new(Dns::inside(NAME)), |at| self.0.remove(at).1);
        dns.message(&message, context);
        if at.is_some() || self.0.len() >= WAITING_MAX {
            dns.close(context);
        } else {
            self.0.push((ordinal, dns));
        }
    }

    /// The connection is over.
    pub(in crate::protocols) fn close(&mut self, context: &mut Context<'_>) {
        for (_, mut dns) in std::mem::take(&mut self.0) {
            dns.close(context);
        }
    }
}

/// Decodes base64url, with or without padding (RFC 4648 §5).
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(bits.checked_shr(held)?.to_le_bytes()[0]);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}
