//! Commands inside the stream (RFC 854), taken out so that text remains.

use crate::text::lossless;

const IAC: u8 = 255;
const SB: u8 = 250;
const SE: u8 = 240;
/// WILL, WONT, DO, DONT.
const NEGOTIATION: std::ops::RangeInclusive<u8> = 251..=254;
/// Largest option that IANA has numbered in order.
const OPTION_MAX: u8 = 49;
const TERMINAL_TYPE: u8 = 24;

/// Bytes kept of a subnegotiation: terminal types are short.
const SUB_MAX: usize = 64;

/// Options kept of a session: IANA knows some fifty, clients negotiate a dozen.
const OPTIONS_MAX: usize = 24;

/// How a direction begins.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    /// So many negotiations in a row.
    Negotiations(usize),
    /// May become one.
    Incomplete,
    /// Otherwise.
    Other,
}

/// Looks at the first bytes.
pub fn opened(bytes: &[u8]) -> Opened {
    let is_one = |triple: &[u8]| {
        triple.iter().zip(0..).all(|(byte, place)| match place {
            0 => *byte == IAC,
            1 => NEGOTIATION.contains(byte),
            _ => *byte <= OPTION_MAX,
        })
    };
    let count = bytes.chunks(3).take_while(|triple| triple.len() == 3 && is_one(triple)).count();
    match count {
        // The beginning of a first or second one.
        0 | 1 if bytes.len() < 3 * (count + 1) && bytes.len() > 3 * count && is_one(&bytes[3 * count..]) => {
            Opened::Incomplete
        }
        0 if bytes.is_empty() => Opened::Incomplete,
        0 => Opened::Other,
        count => Opened::Negotiations(count),
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    Command,
    Option,
    Sub,
    SubCommand,
}

/// Takes the commands out of one direction.
#[derive(Debug, Default)]
pub struct Filter {
    state: State,
    sub: Vec<u8>,
}

/// What the commands of both directions said.
#[derive(Debug, Default)]
pub struct Negotiated {
    /// Names of options, in order of their first mention.
    pub options: Vec<String>,
    /// Terminal type.
    pub terminal: Option<String>,
}

impl Filter {
    /// Gives the text in `bytes` to `text`, in pieces.
    pub fn add(&mut self, mut bytes: &[u8], negotiated: &mut Negotiated, text: &mut dyn FnMut(&[u8])) {
        while let Some(&first) = bytes.first() {
            if self.state == State::Text {
                let end = memchr::memchr(IAC, bytes).unwrap_or(bytes.len());
                let (plain, rest) = bytes.split_at(end);
                if !plain.is_empty() {
                    text(plain);
                }
                if !rest.is_empty() {
                    self.state = State::Command;
                }
                bytes = rest.get(1..).unwrap_or_default();
                continue;
            }
            bytes = &bytes[1..];
            self.state = self.step(first, negotiated, text);
        }
    }

    fn step(&mut self, byte: u8, negotiated: &mut Negotiated, text: &mut dyn FnMut(&[u8])) -> State {
        match (self.state, byte) {
            (State::Command, IAC) => {
                text(&[IAC]);
                State::Text
            }
            (State::Command, SB) => {
                self.sub.clear();
                State::Sub
            }
            (State::Command, command) if NEGOTIATION.contains(&command) => State::Option,
            (State::Option, option) => {
                negotiated.mention(option);
                State::Text
            }
            (State::Sub, IAC) => State::SubCommand,
            (State::SubCommand, SE) => {
                negotiated.sub(&self.sub);
                State::Text
            }
            (State::Sub | State::SubCommand, byte) => {
                if self.sub.len() < SUB_MAX {
                    self.sub.push(byte);
                }
                State::Sub
            }
            (State::Command | State::Text, _) => State::Text,
        }
    }
}

impl Negotiated {
    fn mention(&mut self, option: u8) {
        let name = name(option);
        if self.options.len() < OPTIONS_MAX && !self.options.contains(&name) {
            self.options.push(name);
        }
    }

    /// `IAC SB TERMINAL-TYPE IS name IAC SE`: several names may be tried, the first counts.
    fn sub(&mut self, content: &[u8]) {
        if let [TERMINAL_TYPE, 0, name @ ..] = content
            && self.terminal.is_none()
        {
            self.terminal = Some(lossless(name).into_owned());
        }
    }
}

fn name(option: u8) -> String {
    let name = match option {
        0 => "binary",
        1 => "echo",
        3 => "suppress-go-ahead",
        5 => "status",
        6 => "timing-mark",
        TERMINAL_TYPE => "terminal-type",
        31 => "window-size",
        32 => "terminal-speed",
        33 => "flow-control",
        34 => "linemode",
        35 => "x-display",
        36 => "environment",
        37 => "authentication",
        38 => "encryption",
        39 => "new-environment",
        46 => "start-tls",
        number => return number.to_string(),
    };
    name.to_owned()
}
