//! The head of a letter or of a part: its fields, unfolded.

use super::addresses::mailboxes;
use super::parameters::Value;
use super::words::readable;
use super::{Letter, MAILBOXES_MAX};
use crate::protocols::http::parser::header;

/// Bytes kept of one field with its continuations: a To header of some hundred recipients.
const FIELD_MAX: usize = 16 << 10;
/// Fields of one head: letters that have passed many servers have some hundred.
const FIELDS_MAX: u32 = 1_000;
/// Longest text of a field that goes into an event.
const TEXT_MAX: usize = 1_024;

/// What a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Field,
    /// The head is over.
    End,
    /// No field, and none has come before: this is the body already.
    Body,
    /// No field, between fields.
    Odd,
}

/// A head under way.
#[derive(Default)]
pub(super) struct Head {
    /// The letter's own head, not that of a part or of a letter within.
    outermost: bool,
    /// Letters around this part.
    pub(super) depth: usize,
    /// Inside of multipart/digest, parts are letters unless they say otherwise.
    pub(super) digest: bool,
    field: Vec<u8>,
    fields: u32,
    pub(super) kind: Option<Value>,
    pub(super) disposition: Option<Value>,
    pub(super) encoding: Vec<u8>,
    /// Something went over a limit.
    pub(super) excess: bool,
}

impl Head {
    /// The head of the letter itself.
    pub(super) fn outermost() -> Self {
        Self { outermost: true, ..Self::default() }
    }

    /// The head of a part, or of a letter within, with so many letters around it.
    pub(super) fn inner(digest: bool, depth: usize) -> Self {
        Self { digest, depth, ..Self::default() }
    }

    /// The head of a text, in place of one that makes no sense.
    pub(super) fn of_text(encoding: Vec<u8>) -> Self {
        Self { encoding, ..Self::default() }
    }

    /// Takes one line without its end.
    pub(super) fn line(&mut self, line: &[u8], letter: &mut Letter) -> Told {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            self.settle(letter);
            return Told::End;
        }
        if matches!(line[0], b' ' | b'\t') {
            if self.fields == 0 {
                // A line of blanks only is an end as well, for mail programs.
                return if line.trim_ascii().is_empty() { Told::End } else { Told::Body };
            }
            self.append(b" ");
            self.append(line.trim_ascii());
            return Told::Field;
        }
        let Some((name, _)) = header(line).filter(|(name, _)| is_name(name)) else {
            return if self.fields == 0 { Told::Body } else { Told::Odd };
        };
        self.settle(letter);
        self.fields += 1;
        if self.fields > FIELDS_MAX {
            self.excess = true;
        } else if self.wants(name) {
            self.append(line);
        }
        Told::Field
    }

    fn append(&mut self, bytes: &[u8]) {
        // Continuations of fields that nobody wants.
        if self.field.is_empty() && bytes.first() == Some(&b' ') {
            return;
        }
        let room = FIELD_MAX.saturating_sub(self.field.len());
        self.excess |= bytes.len() > room;
        self.field.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn wants(&self, name: &[u8]) -> bool {
        const OF_PARTS: [&[u8]; 3] = [b"content-type", b"content-disposition", b"content-transfer-encoding"];
        const OF_LETTERS: [&[u8]; 10] = [
            b"from",
            b"to",
            b"cc",
            b"reply-to",
            b"subject",
            b"date",
            b"message-id",
            b"received",
            b"x-mailer",
            b"user-agent",
        ];
        let among = |names: &[&[u8]]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        among(&OF_PARTS) || (self.outermost && among(&OF_LETTERS))
    }

    /// The field so far is complete. Of fields that stand twice the first counts, as for most mail programs.
    pub(super) fn settle(&mut self, letter: &mut Letter) {
        let field = std::mem::take(&mut self.field);
        let Some((name, value)) = header(&field) else { return };
        let text = || Some(short(&readable(value))).filter(|text| !text.is_empty());
        let set = |place: &mut Option<String>| {
            if place.is_none() {
                *place = text();
            }
        };
        let list = |written: &mut Vec<String>, addresses: &mut Vec<String>| {
            if written.is_empty() {
                (*written, *addresses) = mailboxes(value, MAILBOXES_MAX);
            }
        };
        match &name.to_ascii_lowercase()[..] {
            b"content-type" => {
                self.kind.get_or_insert_with(|| Value::parse(value));
            }
            b"content-disposition" => {
                self.disposition.get_or_insert_with(|| Value::parse(value));
            }
            b"content-transfer-encoding" if self.encoding.is_empty() => self.encoding = value.to_vec(),
            b"from" => {
                set(&mut letter.from);
                list(&mut Vec::new(), &mut letter.from_addresses);
            }
            b"to" => list(&mut letter.to, &mut letter.to_addresses),
            b"cc" => list(&mut letter.cc, &mut letter.cc_addresses),
            b"reply-to" => list(&mut Vec::new(), &mut letter.reply_to),
            b"subject" => set(&mut letter.subject),
            b"date" => set(&mut letter.date),
            b"message-id" => set(&mut letter.message_id),
            b"x-mailer" | b"user-agent" => set(&mut letter.mailer),
            b"received" => letter.received += 1,
            _ => {}
        }
    }

    /// The name of the part as a file: Content-Disposition outranks Content-Type.
    pub(super) fn name(&self) -> Option<String> {
        let of = |value: &Option<Value>, name| value.as_ref().and_then(|value| value.text(name));
        let name = of(&self.disposition, "filename").or_else(|| of(&self.kind, "name"));
        name.or_else(|| of(&self.disposition, "name")).map(|name| short(&name))
    }
}

/// Field names have no blanks and no controls (RFC 5322 §2.2).
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| (b'!'..=b'~').contains(b) && *b != b':')
}

/// At most [`TEXT_MAX`] bytes of a text.
fn short(text: &str) -> String {
    let mut end = text.len().min(TEXT_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
