//! Messages of the NetBIOS name service (RFC 1002 §4.2) as messages of DNS with readable names.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use crate::protocols::dns::parser::{HEADER_BYTES, Message, Question, Reader, Record};
use crate::text::lossless;

/// Record type of names and their addresses.
pub const NB: u16 = 32;
/// Record type of a node's own table of names.
pub const NBSTAT: u16 = 33;

/// Names of one node that are kept: Windows has six, domain controllers a dozen.
const NAMES_MAX: usize = 32;

/// Addresses of one name that are kept.
const ADDRESSES_MAX: usize = 16;

/// Bytes of a name in its first-level encoding: two letters a byte.
const ENCODED_BYTES: usize = 32;

/// The name of a group, not of one node.
const GROUP: u16 = 0x8000;

/// What the sixteenth byte of a name says, as far as anybody asks for it.
const SUFFIXES: &[(u8, &str)] = &[
    (0x00, "workstation"),
    (0x01, "messenger"),
    (0x03, "user"),
    (0x06, "ras-server"),
    (0x1b, "domain-master-browser"),
    (0x1c, "domain-controllers"),
    (0x1d, "master-browser"),
    (0x1e, "browser-elections"),
    (0x1f, "netdde"),
    (0x20, "file-server"),
    (0x21, "ras-client"),
    (0xbe, "network-monitor"),
];

/// A name as people write it, and its suffix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Without padding.
    pub text: String,
    /// The sixteenth byte.
    pub suffix: u8,
}

impl Name {
    /// `file-server`, `domain-controllers` …; hexadecimal for what has no name.
    #[must_use]
    pub fn role(&self) -> String {
        let known = SUFFIXES.iter().find(|(suffix, _)| *suffix == self.suffix);
        known.map_or_else(|| format!("0x{:02x}", self.suffix), |(_, role)| (*role).to_owned())
    }

    /// The sixteen bytes of a name.
    fn of(bytes: &[u8; 16]) -> Self {
        let [text @ .., suffix] = bytes;
        let end = text.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
        // The group of browsers is called \x01\x02__MSBROWSE__\x02.
        let mut name = String::new();
        for letter in lossless(&text[..end]).chars() {
            if letter.is_control() {
                let _ = write!(name, "\\x{:02x}", u32::from(letter));
            } else {
                name.push(letter);
            }
        }
        Self { text: name, suffix: *suffix }
    }

    /// A name in presentation form whose first label is encoded; what stands behind it is the scope.
    #[must_use]
    pub fn decode(name: &str) -> Option<Self> {
        let (letters, scope) = name.split_once('.').unwrap_or((name, ""));
        let letters: &[u8; ENCODED_BYTES] = letters.as_bytes().try_into().ok()?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(letters.chunks_exact(2)) {
            let half = |letter: u8| letter.checked_sub(b'A').filter(|half| *half < 16);
            *byte = half(pair[0])? << 4 | half(pair[1])?;
        }
        let mut name = Self::of(&bytes);
        if !scope.is_empty() {
            let _ = write!(name.text, ".{scope}");
        }
        Some(name)
    }
}

/// Does a datagram begin like a message? The first name must be encoded as the protocol has it.
#[must_use]
pub fn plausible(bytes: &[u8]) -> bool {
    let name = bytes.get(HEADER_BYTES + 1..HEADER_BYTES + 1 + ENCODED_BYTES);
    let counts = bytes.get(4..12).is_some_and(|counts| counts.iter().step_by(2).all(|high| *high == 0));
    counts
        && bytes.get(HEADER_BYTES) == Some(&32)
        && name.is_some_and(|name| name.iter().all(|letter| (b'A'..=b'P').contains(letter)))
}

/// One message.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// With the names of questions and records as people write them.
    pub message: Message,
    /// The name that it is about.
    pub subject: Option<Name>,
    /// Hardware address from a node's own table.
    pub mac: Option<[u8; 6]>,
}

/// Reads a message; `None` when it is cut or not one.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Decoded> {
    if !plausible(bytes) {
        return None;
    }
    let word = |at: usize| bytes.get(at..at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let counts = [word(4)?, word(6)?, word(8)?, word(10)?];
    let mut decoded = Decoded {
        message: Message { id: word(0)?, flags: word(2)?, counts, ..Message::default() },
        ..Decoded::default()
    };
    let mut reader = Reader { bytes, at: HEADER_BYTES, defects: Vec::new() };
    for _ in 0..counts[0].min(1) {
        let name = Name::decode(&reader.name()?)?;
        let (kind, class) = (reader.u16()?, reader.u16()?);
        decoded.message.questions.push(Question { name: name.text.clone(), kind, class });
        decoded.subject = Some(name);
    }
    // Answers, and the record of a registration, which stands in the additional section.
    for _ in 0..counts[1].saturating_add(counts[3]).min(4) {
        record(&mut reader, &mut decoded)?;
    }
    Some(decoded)
}

fn record(reader: &mut Reader<'_>, decoded: &mut Decoded) -> Option<()> {
    let name = Name::decode(&reader.name()?)?;
    let (kind, _class, ttl) = (reader.u16()?, reader.u16()?, reader.u32()?);
    let length = usize::from(reader.u16()?);
    let data = reader.take(length)?;
    let mut push = |name: &str, data: String, address| {
        let name = name.to_owned();
        decoded.message.answers.push(Record { name, kind, ttl, data, address });
    };
    match kind {
        NB => {
            for entry in data.chunks_exact(6).take(ADDRESSES_MAX) {
                let address = IpAddr::V4(Ipv4Addr::new(entry[2], entry[3], entry[4], entry[5]));
                push(&name.text, address.to_string(), Some(address));
            }
        }
        NBSTAT => {
            let (count, rest) = data.split_first()?;
            for entry in rest.chunks_exact(18).take(usize::from(*count).min(NAMES_MAX)) {
                let (Some(own), Some([high, low])) = (entry.first_chunk(), entry.last_chunk::<2>()) else {
                    break;
                };
                let own = Name::of(own);
                let group = if u16::from_be_bytes([*high, *low]) & GROUP != 0 { " group" } else { "" };
                push(&own.text, format!("{}{group}", own.role()), None);
            }
            decoded.mac = rest.get(18 * usize::from(*count)..).and_then(|rest| rest.first_chunk()).copied();
        }
        _ => {}
    }
    decoded.subject.get_or_insert(name);
    Some(())
}
