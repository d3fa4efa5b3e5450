//! One NTP message.

use std::net::Ipv4Addr;

/// A time message without extensions and MAC.
const TIME_BYTES: usize = 48;

/// A control message without data.
const CONTROL_BYTES: usize = 12;

/// A private message without data.
const PRIVATE_BYTES: usize = 8;

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Modes 1 to 5.
    Time(Time),
    /// Mode 6: an operation, or its answer.
    Control {
        /// Version.
        version: u8,
        /// From the server.
        answer: bool,
        /// Number of the operation.
        operation: u8,
    },
    /// Mode 7: a request of `ntpdc`, or its answer.
    Private {
        /// Version.
        version: u8,
        /// From the server.
        answer: bool,
        /// Number of the request.
        request: u8,
    },
}

/// A time message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Version.
    pub version: u8,
    /// 1 symmetric active, 2 symmetric passive, 3 client, 4 server, 5 broadcast.
    pub mode: u8,
    /// 0 unspecified or refused, 1 has a clock, 16 not synchronised.
    pub stratum: u8,
    reference: [u8; 4],
}

impl Message {
    /// Reads a datagram; `None` when it is no message.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let [first, second, _, fourth, ..] = bytes else { return None };
        let (version, mode) = (first >> 3 & 7, first & 7);
        if !(1..=4).contains(&version) {
            return None;
        }
        match mode {
            1..=5 if bytes.len() >= TIME_BYTES => {
                let reference = *bytes[12..].first_chunk::<4>()?;
                Some(Self::Time(Time { version, mode, stratum: *second, reference }))
            }
            6 if bytes.len() >= CONTROL_BYTES => {
                Some(Self::Control { version, answer: second & 0x80 != 0, operation: second & 0x1f })
            }
            7 if bytes.len() >= PRIVATE_BYTES => {
                Some(Self::Private { version, answer: first & 0x80 != 0, request: *fourth })
            }
            _ => None,
        }
    }

    /// Name of a request for control or private use.
    pub fn control(&self) -> Option<String> {
        match self {
            Self::Control { answer: false, operation, .. } => {
                const NAMES: [&str; 12] = [
                    "read-status",
                    "read-variables",
                    "write-variables",
                    "read-clock",
                    "write-clock",
                    "set-trap",
                    "trap",
                    "configure",
                    "save-configuration",
                    "read-mru",
                    "read-ordered-list",
                    "request-nonce",
                ];
                let name = usize::from(*operation).checked_sub(1).and_then(|place| NAMES.get(place));
                Some(name.map_or_else(|| format!("control-{operation}"), |name| (*name).to_owned()))
            }
            Self::Private { answer: false, request, .. } => Some(match request {
                20 | 42 => "monlist".to_owned(),
                0 | 1 => "peer-list".to_owned(),
                4 => "system-info".to_owned(),
                number => format!("private-{number}"),
            }),
            _ => None,
        }
    }
}

impl Time {
    /// Whether every field of the message makes sense: for messages on other ports.
    pub fn is_plausible(&self, bytes: &[u8]) -> bool {
        let Some(head) = bytes.first_chunk::<TIME_BYTES>() else { return false };
        // Fixed-point seconds: the root of all time is not ten seconds away.
        let near = |at: usize| head[at] == 0 && head[at + 1] < 10;
        bytes.len() == TIME_BYTES
            && matches!(self.mode, 3 | 4)
            && matches!(self.version, 3 | 4)
            && self.stratum <= 16
            && head[2] <= 17
            && (head[3] == 0 || head[3] >= 0xe0)
            && near(4)
            && near(8)
            && head[40..48] != [0; 8]
    }

    /// The reference: a clock or a refusal as letters, or the address of the source.
    pub fn reference(&self) -> Option<String> {
        if self.reference == [0; 4] {
            return None;
        }
        let letters = self.reference.iter().take_while(|byte| **byte != 0);
        if self.stratum <= 1 && letters.clone().all(u8::is_ascii_graphic) {
            return Some(letters.map(|byte| char::from(*byte)).collect());
        }
        Some(Ipv4Addr::from(self.reference).to_string())
    }
}

/// Name of a mode.
pub fn mode_name(mode: u8) -> &'static str {
    match mode {
        1 => "symmetric-active",
        2 => "symmetric-passive",
        3 => "client",
        4 => "server",
        5 => "broadcast",
        6 => "control",
        _ => "private",
    }
}
