//! DNS over HTTP (RFC 8484), where HTTP is in clear: its messages are told as over UDP.

use crate::context::Context;
use crate::protocols::dns::{self, Dns};
use crate::url::Url;

/// For `network.protocol`.
const NAME: &str = "doh";

/// The questions and answers of one connection.
#[derive(Default)]
pub(in crate::protocols) struct Doh(Option<Box<Dns>>);

impl Doh {
    /// A request may ask in its query: `?dns=` and the message in base64url.
    pub(in crate::protocols) fn request(&mut self, url: &Url, context: &mut Context<'_>) {
        let parameters = url.query.as_deref().unwrap_or_default().split('&');
        let asked = parameters.filter_map(|parameter| parameter.strip_prefix("dns=")).next();
        let message = asked.and_then(base64url);
        // Whatever else is called dns is no message.
        self.message(message.filter(|message| dns::is_flawless(message)), context);
    }

    /// A body was a message.
    pub(in crate::protocols) fn message(&mut self, message: Option<Vec<u8>>, context: &mut Context<'_>) {
        if let Some(message) = message {
            context.recognised(NAME);
            self.0.get_or_insert_with(|| Box::new(Dns::datagrams())).message(&message, context);
        }
    }

    /// The connection is over.
    pub(in crate::protocols) fn close(&mut self, context: &mut Context<'_>) {
        if let Some(mut dns) = self.0.take() {
            crate::protocols::Decoder::close(&mut *dns, context);
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
