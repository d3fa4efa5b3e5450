//! One DNS message. Lenient: what can be read is read, and each defect is named instead of refusing the message.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::records;

/// Header of a message.
pub const HEADER_BYTES: usize = 12;

/// Messages behind their length (RFC 7766 §8), as over TCP: calls `each` with every whole one and gives the bytes used;
/// `None` at a length that no message has.
pub fn framed(bytes: &[u8], mut each: impl FnMut(&[u8])) -> Option<usize> {
    let mut at = 0;
    while let Some((length, rest)) = bytes.get(at..)?.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        if length < HEADER_BYTES {
            return None;
        }
        let Some(message) = rest.get(..length) else { break };
        each(message);
        at += 2 + length;
    }
    Some(at)
}

/// Records kept a section: a real answer has a handful, a crafted one thousands that expand by compression.
pub const RECORDS_MAX: usize = 256;

/// Questions kept: every resolver refuses more than one.
pub const QUESTIONS_MAX: usize = 4;

/// Longest name on the wire (RFC 1035 §2.3.4).
pub const NAME_BYTES_MAX: usize = 255;

/// Compression pointers followed in one name: a name has at most 127 labels, honest ones need one or two jumps.
pub const POINTERS_MAX: usize = 16;

/// Smallest question (root name, type, class) and record on the wire.
const QUESTION_BYTES_MIN: usize = 5;
const RECORD_BYTES_MIN: usize = 11;

/// The pseudo-record of EDNS.
const OPT: u16 = 41;

/// What the client wants to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Name as sent, in presentation form.
    pub name: String,
    /// Record type.
    pub kind: u16,
    /// Class.
    pub class: u16,
}

impl Question {
    /// The same question; letters may differ in case, because resolvers mix it against forgery.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name.eq_ignore_ascii_case(&other.name)
    }
}

/// One resource record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Owner name, in presentation form.
    pub name: String,
    /// Record type.
    pub kind: u16,
    /// Lifetime in seconds.
    pub ttl: u32,
    /// The data as text.
    pub data: String,
    /// The address of A and AAAA.
    pub address: Option<IpAddr>,
}

/// One message.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Transaction id.
    pub id: u16,
    /// The 16 bits of flags.
    pub flags: u16,
    /// The four counts of the header: questions, answers, authorities, additionals.
    pub counts: [u16; 4],
    /// Questions, at most [`QUESTIONS_MAX`].
    pub questions: Vec<Question>,
    /// Answers, at most [`RECORDS_MAX`].
    pub answers: Vec<Record>,
    /// Authorities, at most [`RECORDS_MAX`].
    pub authorities: Vec<Record>,
    /// Additionals, at most [`RECORDS_MAX`]; only where they are asked for ([`Message::parse_with`]).
    pub additionals: Vec<Record>,
    /// UDP payload size from EDNS.
    pub edns_size: Option<u16>,
    /// Upper eight bits of the response code, from EDNS.
    pub extended_code: u8,
    /// What is wrong with it: names of anomalies.
    pub defects: Vec<&'static str>,
}

impl Message {
    /// Could a message of `length` bytes begin like this? Opcode, response code and counts must fit.
    #[must_use]
    pub fn plausible_header(bytes: &[u8], length: usize) -> bool {
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else { return false };
        let flags = u16::from_be_bytes([header[2], header[3]]);
        let counts = counts(header);
        let least = usize::from(counts[0]) * QUESTION_BYTES_MIN
            + counts[1..].iter().map(|n| usize::from(*n)).sum::<usize>() * RECORD_BYTES_MIN;
        let (response, opcode, code) = (flags & 0x8000 != 0, flags >> 11 & 0xf, flags & 0xf);
        opcode <= 6
            && opcode != 3
            && code <= 11
            && usize::from(counts[0]) <= QUESTIONS_MAX
            && (counts[0] > 0 || response)
            && least <= length.saturating_sub(HEADER_BYTES)
    }

    /// Reads a message; `None` when there is not even a header.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        Self::parse_with(bytes, false)
    }

    /// Reads a message, with the records of its additional section where they tell more than glue.
    #[must_use]
    pub fn parse_with(bytes: &[u8], additionals: bool) -> Option<Self> {
        let header = bytes.first_chunk::<HEADER_BYTES>()?;
        let mut message = Self {
            id: u16::from_be_bytes([header[0], header[1]]),
            flags: u16::from_be_bytes([header[2], header[3]]),
            counts: counts(header),
            ..Self::default()
        };
        let mut reader = Reader { bytes, at: HEADER_BYTES, defects: Vec::new() };
        if message.sections(&mut reader, additionals).is_none() && message.flags & 0x0200 == 0 {
            reader.defect("dns-truncated");
        } else if reader.at < bytes.len() {
            reader.defect("dns-trailing-bytes");
        }
        message.defects = reader.defects;
        Some(message)
    }

    /// Is this an answer?
    #[must_use]
    pub fn is_response(&self) -> bool {
        self.flags & 0x8000 != 0
    }

    /// Kind of request: 0 is QUERY.
    #[must_use]
    pub fn opcode(&self) -> u16 {
        self.flags >> 11 & 0xf
    }

    /// Response code with the bits that EDNS adds.
    #[must_use]
    pub fn response_code(&self) -> u16 {
        u16::from(self.extended_code) << 4 | self.flags & 0xf
    }

    /// Nothing wrong, a question of a known class, nothing answered by a query: DNS wherever it is met.
    #[must_use]
    pub fn flawless(&self) -> bool {
        let asked = match self.questions.as_slice() {
            [] => self.is_response() && self.counts[1..].iter().any(|n| *n > 0),
            questions => questions.iter().all(|q| matches!(q.class, 1 | 3 | 4 | 254 | 255) && q.kind != 0),
        };
        let honest = self.is_response() || self.opcode() != 0 || self.counts[1] == 0;
        asked && honest && self.flags & 0x0040 == 0 && self.defects.is_empty()
    }

    fn sections(&mut self, reader: &mut Reader<'_>, additionals: bool) -> Option<()> {
        for _ in 0..self.counts[0] {
            let question = Question { name: reader.name()?, kind: reader.u16()?, class: reader.u16()? };
            if self.questions.len() < QUESTIONS_MAX {
                self.questions.push(question);
            }
        }
        for _ in 0..self.counts[1] {
            self.answers.extend(reader.record(self.answers.len() < RECORDS_MAX)?);
        }
        for _ in 0..self.counts[2] {
            self.authorities.extend(reader.record(self.authorities.len() < RECORDS_MAX)?);
        }
        for _ in 0..self.counts[3] {
            if additionals {
                self.additionals.extend(reader.record(self.additionals.len() < RECORDS_MAX)?);
            } else {
                self.additional(reader)?;
            }
        }
        Some(())
    }

    /// Of the additional section only EDNS is kept; glue repeats what other questions tell.
    fn additional(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let owner = reader.skip_name()?;
        let (kind, class, ttl) = (reader.u16()?, reader.u16()?, reader.u32()?);
        if kind == OPT && owner == 1 {
            self.edns_size = Some(class);
            self.extended_code = ttl.to_be_bytes()[0];
        }
        let length = usize::from(reader.u16()?);
        reader.take(length).map(drop)
    }
}

fn counts(header: &[u8; HEADER_BYTES]) -> [u16; 4] {
    std::array::from_fn(|i| u16::from_be_bytes([header[4 + 2 * i], header[5 + 2 * i]]))
}

/// A position in a message; `None` from any of its readers means that the message ends too early.
pub struct Reader<'a> {
    /// The whole message: names point back into it.
    pub bytes: &'a [u8],
    /// Where the next read starts.
    pub at: usize,
    /// What was wrong so far, each once.
    pub defects: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Notes a defect.
    pub fn defect(&mut self, name: &'static str) {
        if !self.defects.contains(&name) {
            self.defects.push(name);
        }
    }

    /// The next `length` bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..)?.get(..length)?;
        self.at += length;
        Some(taken)
    }

    /// One byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_be_bytes([b[0], b[1]]))
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Option<u32> {
        self.take(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// Steps over a name and says how many bytes it takes here.
    fn skip_name(&mut self) -> Option<usize> {
        let start = self.at;
        loop {
            match self.u8()? {
                0 => break,
                length @ 1..=63 => drop(self.take(usize::from(length))?),
                0xc0.. => {
                    self.u8()?;
                    break;
                }
                _ => {
                    self.defect("dns-bad-label");
                    return None;
                }
            }
        }
        Some(self.at - start)
    }

    /// A name in presentation form: labels joined by dots, `.` for the root. A pointer may lead anywhere in the
    /// message, but only [`POINTERS_MAX`] times; what was read before a defect is kept.
    pub fn name(&mut self) -> Option<String> {
        let start = self.at;
        self.skip_name()?;
        let mut name = Name { text: String::new(), plain: [0; NAME_BYTES_MAX], length: 0 };
        let (mut at, mut jumps, mut wire) = (start, 0, 1);
        loop {
            match self.bytes.get(at).copied()? {
                0 => break,
                high @ 0xc0.. => {
                    let low = self.bytes.get(at + 1).copied()?;
                    at = usize::from(u16::from_be_bytes([high & 0x3f, low]));
                    jumps += 1;
                    if jumps > POINTERS_MAX || at >= self.bytes.len() {
                        self.defect("dns-bad-pointer");
                        break;
                    }
                }
                length @ 1..=63 => {
                    let end = at + 1 + usize::from(length);
                    let Some(label) = self.bytes.get(at + 1..end) else {
                        self.defect("dns-bad-pointer");
                        break;
                    };
                    wire += label.len() + 1;
                    if wire > NAME_BYTES_MAX {
                        self.defect("dns-name-too-long");
                        break;
                    }
                    name.push(label);
                    at = end;
                }
                _ => {
                    self.defect("dns-bad-label");
                    break;
                }
            }
        }
        Some(name.finish())
    }

    /// One record, or nothing if it is not `wanted`.
    fn record(&mut self, wanted: bool) -> Option<Option<Record>> {
        let name = if wanted { self.name()? } else { self.skip_name().map(|_| String::new())? };
        let (kind, _class, ttl) = (self.u16()?, self.u16()?, self.u32()?);
        let length = usize::from(self.u16()?);
        let start = self.at;
        self.take(length)?;
        if !wanted {
            return Some(None);
        }
        let (data, address) = records::text(self, kind, start, length);
        self.at = start + length;
        Some(Some(Record { name, kind, ttl, data, address }))
    }
}

/// A name in the making.
struct Name {
    /// What has been written, once a label was not plain.
    text: String,
    /// Plain labels, each with its dot in front: no longer than they are on the wire.
    plain: [u8; NAME_BYTES_MAX],
    length: usize,
}

impl Name {
    fn push(&mut self, label: &[u8]) {
        // Letters, digits and signs that need no escape: nearly all labels are of them.
        let plain = label.iter().fold(true, |plain, byte| plain & PLAIN[usize::from(*byte)]);
        let end = self.length + 1 + label.len();
        match self.plain.get_mut(self.length..end) {
            Some([dot, place @ ..]) if plain => {
                *dot = b'.';
                place.copy_from_slice(label);
                self.length = end;
            }
            _ => {
                self.settle();
                push_label(&mut self.text, label);
            }
        }
    }

    /// Writes the plain labels down.
    fn settle(&mut self) {
        let plain = &self.plain[..self.length];
        let plain = if self.text.is_empty() { plain.get(1..).unwrap_or_default() } else { plain };
        self.text.push_str(std::str::from_utf8(plain).unwrap_or_default());
        self.length = 0;
    }

    fn finish(mut self) -> String {
        self.settle();
        if self.text.is_empty() { ".".to_owned() } else { self.text }
    }
}

/// Bytes of a label that are written as they are.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'.' && byte != b'\\';
        byte += 1;
    }
    plain
};

/// Adds a label: dots and backslashes in it are escaped as in zone files, control bytes and what is not UTF-8 as `\xNN`.
fn push_label(name: &mut String, label: &[u8]) {
    if !name.is_empty() {
        name.push('.');
    }
    for chunk in label.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '.' | '\\' => name.extend(['\\', letter]),
                '\0'..=' ' | '\x7f' => drop(write!(name, "\\x{:02x}", u32::from(letter))),
                _ => name.push(letter),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(name, "\\x{byte:02x}");
        }
    }
}
