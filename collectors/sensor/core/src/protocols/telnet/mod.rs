//! Telnet (RFC 854 and 855; terminal type of RFC 1091): log-ins by their prompts, on any port.
//!
//! What the server says between two lines of the client is looked at as a whole, once the client speaks again: a prompt
//! for a name or a password, a rejection, a shell. Passwords are masked; of what is typed after the log-in only the
//! number of lines is kept, because it may hold secrets. One `telnet` event a session, one `login` event an attempt.

mod decoder;
mod options;
mod prompts;
#[cfg(test)]
mod tests;

use super::{Carrier, Direction, Opening, Protocol, Verdict};
use options::Opened;
use prompts::Prompt;

/// The entry for [`super::ALL`].
pub const TELNET: Protocol = Protocol {
    name: "telnet",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::Telnet::default()),
};

/// Where servers listen, and where bots look for them.
const PORTS: [u16; 3] = [23, 2_323, 23_231];

/// Bytes of text before the first prompt that recognition waits for.
const GREETING_MAX: usize = 1_024;

/// Negotiation of options, or a server's text that ends with a prompt for a name.
fn probe(opening: &Opening<'_>) -> Verdict {
    let expected = PORTS.contains(&opening.ports.1);
    let rest = match options::opened(opening.bytes) {
        Opened::Negotiations(2..) => return Verdict::Mine,
        Opened::Negotiations(_) if expected => return Verdict::Mine,
        // Three bytes may be anything; a prompt behind them is not.
        Opened::Negotiations(_) => &opening.bytes[3..],
        Opened::Incomplete => return Verdict::Unsure,
        Opened::Other => opening.bytes,
    };
    if opening.direction == Direction::ToServer || !is_text(rest) {
        return Verdict::NotMine;
    }
    match prompts::prompt(rest) {
        Some(Prompt::User) => Verdict::Mine,
        Some(_) if expected => Verdict::Mine,
        _ if opening.bytes.len() < GREETING_MAX => Verdict::Unsure,
        _ if expected => Verdict::Mine,
        _ => Verdict::NotMine,
    }
}

/// UTF-8, of which the last letter may be cut, without other control characters than terminals obey.
fn is_text(bytes: &[u8]) -> bool {
    let control =
        |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\r' | b'\n' | b'\t' | 0 | 7 | 8 | 0x1b);
    let broken = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some());
    !broken && !bytes.iter().any(control)
}
