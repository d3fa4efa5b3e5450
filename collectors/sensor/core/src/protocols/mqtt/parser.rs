//! Packets (MQTT 3.1.1 §2 and §3, MQTT 5 §2 and §3).

/// Topics of one subscription that are told.
const TOPICS_MAX: usize = 64;

/// Kinds of packets, by number.
pub mod kind {
    /// A client connects.
    pub const CONNECT: u8 = 1;
    /// The broker lets it, or not.
    pub const CONNACK: u8 = 2;
    /// A message.
    pub const PUBLISH: u8 = 3;
    /// Received (quality of service 2, part 1).
    pub const PUBREC: u8 = 5;
    /// Released (part 2).
    pub const PUBREL: u8 = 6;
    /// Topics are subscribed to.
    pub const SUBSCRIBE: u8 = 8;
    /// Acknowledged.
    pub const SUBACK: u8 = 9;
    /// Topics are left.
    pub const UNSUBSCRIBE: u8 = 10;
    /// Acknowledged.
    pub const UNSUBACK: u8 = 11;
    /// Goodbye.
    pub const DISCONNECT: u8 = 14;
    /// An exchange of credentials (version 5).
    pub const AUTH: u8 = 15;
}

const NAMES: [&str; 16] = [
    "reserved",
    "connect",
    "connack",
    "publish",
    "puback",
    "pubrec",
    "pubrel",
    "pubcomp",
    "subscribe",
    "suback",
    "unsubscribe",
    "unsuback",
    "pingreq",
    "pingresp",
    "disconnect",
    "auth",
];

/// The name of a kind.
#[must_use]
pub fn name(kind: u8) -> &'static str {
    NAMES.get(usize::from(kind)).copied().unwrap_or("reserved")
}

/// Properties that a CONNACK of version 5 may have (MQTT 5 §3.2.2.3).
pub const CONNACK_PROPERTIES: [u8; 17] =
    [0x11, 0x12, 0x13, 0x15, 0x16, 0x1a, 0x1c, 0x1f, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a];

/// Where a packet begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// The fixed header takes `head` bytes, the rest of the packet `body`.
    Packet {
        /// Bytes of the fixed header.
        head: usize,
        /// Bytes behind it.
        body: usize,
    },
    /// The header has not come yet.
    Incomplete,
    /// No packet begins like this.
    Broken,
}

/// Reads the fixed header.
#[must_use]
pub fn frame(bytes: &[u8]) -> Framing {
    let mut body = 0_usize;
    for (index, byte) in bytes.iter().skip(1).take(4).enumerate() {
        body |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Framing::Packet { head: index + 2, body };
        }
    }
    if bytes.len() < 5 { Framing::Incomplete } else { Framing::Broken }
}

/// Whether a CONNECT names MQTT; `None` while that cannot be told.
#[must_use]
pub fn names_protocol(body: &[u8]) -> Option<bool> {
    let fits = |name: &[u8]| body[..body.len().min(name.len())] == name[..body.len().min(name.len())];
    let (new, old) = (b"\0\x04MQTT".as_slice(), b"\0\x06MQIsdp".as_slice());
    match (fits(new), fits(old)) {
        (true, _) if body.len() >= new.len() => Some(true),
        (_, true) if body.len() >= old.len() => Some(true),
        (false, false) => Some(false),
        _ => None,
    }
}

/// What stands in a body that is read from the front.
#[derive(Clone, Copy)]
pub struct Body<'a>(pub &'a [u8]);

impl<'a> Body<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    /// A number of two bytes.
    pub fn number(&mut self) -> Option<u16> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*number))
    }

    /// Bytes behind their length.
    pub fn text(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (text, rest) = self.0.split_at_checked(usize::from(length))?;
        self.0 = rest;
        Some(text)
    }

    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A number of one to four bytes.
    pub fn variable(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        for index in 0..4 {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The properties of version 5, behind their length.
    pub fn properties(&mut self) -> Option<&'a [u8]> {
        let length = self.variable()?;
        self.bytes(length)
    }
}

/// A client's hello.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Connect<'a> {
    /// 3 for version 3.1, 4 for 3.1.1, 5.
    pub level: u8,
    /// Flags.
    pub clean: bool,
    /// Identifier.
    pub client_id: &'a [u8],
    /// Topic of the last will.
    pub will: Option<&'a [u8]>,
    /// Account.
    pub user: Option<&'a [u8]>,
    /// Its password.
    pub password: Option<&'a [u8]>,
}

/// Reads a CONNECT.
#[must_use]
pub fn connect(body: &[u8]) -> Option<Connect<'_>> {
    let mut body = Body(body);
    body.text()?;
    // Bridges set the highest bit.
    let level = body.byte()? & 0x7f;
    let flags = body.byte()?;
    body.number()?;
    if level >= 5 {
        body.properties()?;
    }
    let client_id = body.text()?;
    let will = if flags & 0x04 != 0 {
        if level >= 5 {
            body.properties()?;
        }
        let topic = body.text()?;
        body.text()?;
        Some(topic)
    } else {
        None
    };
    let user = if flags & 0x80 != 0 { Some(body.text()?) } else { None };
    let password = if flags & 0x40 != 0 { Some(body.text()?) } else { None };
    Some(Connect { level, clean: flags & 0x02 != 0, client_id, will, user, password })
}

/// Topic, packet identifier and size of what is published; of a body of `whole` bytes of which the first are here.
#[must_use]
pub fn publish(body: &[u8], flags: u8, level: u8, whole: usize) -> Option<(&[u8], Option<u16>, usize)> {
    let had = body.len();
    let mut body = Body(body);
    let topic = body.text()?;
    let id = if flags & 0x06 != 0 { Some(body.number()?) } else { None };
    if level >= 5 {
        body.properties()?;
    }
    Some((topic, id, whole.saturating_sub(had - body.0.len())))
}

/// Topics with what is asked for each; the second list is empty where nothing is asked.
pub type Topics<'a> = (Vec<&'a [u8]>, Vec<i64>);

/// Topics and what is asked for each, of SUBSCRIBE; of UNSUBSCRIBE the topics.
#[must_use]
pub fn topics(body: &[u8], level: u8, asks: bool) -> Option<(u16, Topics<'_>)> {
    let mut body = Body(body);
    let id = body.number()?;
    if level >= 5 {
        body.properties()?;
    }
    let (mut topics, mut qualities) = (Vec::new(), Vec::new());
    while !body.0.is_empty() && topics.len() < TOPICS_MAX {
        topics.push(body.text()?);
        if asks {
            qualities.push(i64::from(body.byte()? & 3));
        }
    }
    Some((id, (topics, qualities)))
}

/// Packet identifier and reason codes of what acknowledges.
#[must_use]
pub fn acknowledgement(kind: u8, body: &[u8], level: u8) -> Option<(Option<u16>, Vec<i64>)> {
    let mut body = Body(body);
    let list = |body: Body<'_>| body.0.iter().take(TOPICS_MAX).map(|code| i64::from(*code)).collect();
    // In version 5 a code that is left out is 0.
    let one = |body: Body<'_>| {
        if level >= 5 { vec![body.0.first().map_or(0, |code| i64::from(*code))] } else { Vec::new() }
    };
    match kind {
        kind::CONNACK => Some((None, vec![i64::from(*body.0.get(1)?)])),
        kind::DISCONNECT | kind::AUTH => Some((None, one(body))),
        _ => {
            let id = Some(body.number()?);
            if level >= 5 && matches!(kind, kind::SUBACK | kind::UNSUBACK) {
                body.properties()?;
            }
            let codes = if matches!(kind, kind::SUBACK | kind::UNSUBACK) { list(body) } else { one(body) };
            Some((id, codes))
        }
    }
}
