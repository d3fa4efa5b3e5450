//! Commands, answers and literals: the state machine of one session.

use std::collections::VecDeque;

use super::LINE_MAX;
use super::letters::Letters;
use super::parser::{self, Answer, Item, Literal};
use crate::context::Context;
use crate::events;
use crate::protocols::mime::some;
use crate::protocols::sasl::Attempt;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::{self, Line, lossless};
use crate::time::Micros;

/// Commands whose answer has not come; clients send a handful at a time.
const WAITING_MAX: usize = 128;
/// Distinct commands named in the summary; the protocol has some thirty.
const COMMANDS_MAX: usize = 48;
/// Mailboxes named in the summary.
const MAILBOXES_MAX: usize = 32;
/// Longest name of a command.
const COMMAND_MAX: usize = 16;
/// Longest greeting that is kept.
const GREETING_MAX: usize = 256;
/// Lines that are not IMAP, until it is not IMAP.
const ODD_MAX: u32 = 32;

/// Where one direction stands.
#[derive(Default)]
enum Place {
    #[default]
    Line,
    /// The rest of a line that is passed over.
    LongLine,
    Literal {
        left: u64,
        use_of: Use,
    },
}

/// What becomes of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// A word of a command.
    Word,
    Letter,
    /// A piece of a letter; others may follow.
    Piece,
    Nothing,
}

/// What a good answer to a command does to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Same,
    /// TLS begins.
    Tls,
    /// What follows is compressed (RFC 4978).
    Compressed,
}

/// A command whose answer has not come.
struct Waiting {
    tag: Vec<u8>,
    after: After,
    attempt: Option<Attempt>,
}

/// One session.
#[derive(Default)]
pub(super) struct Imap {
    places: [Place; 2],
    /// Words of the command under way.
    words: Vec<Vec<u8>>,
    waiting: VecDeque<Waiting>,
    /// The letter under way in each direction.
    letters: [Option<Letters>; 2],
    piece_size: Option<u64>,
    challenged: bool,
    begun: Option<Micros>,
    user: Option<String>,
    greeting: Option<String>,
    mailboxes: Vec<String>,
    mailbox: Option<String>,
    commands: Vec<String>,
    requests: i64,
    refused: i64,
    read: i64,
    starttls: bool,
    odd: u32,
    server_seen: bool,
}

impl Imap {
    fn line(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if bytes.starts_with(&[0x16, 3]) {
            self.starttls = true;
            return Outcome::Handover(0);
        }
        let (line, length) = match text::line(bytes, LINE_MAX) {
            Line::Whole { text, length } => (text, length),
            Line::Incomplete => return Outcome::Parsed(0),
            Line::TooLong => {
                self.places[direction.index()] = Place::LongLine;
                return Outcome::Parsed(bytes.len().min(LINE_MAX));
            }
        };
        let after = match direction {
            Direction::ToServer => {
                self.client_line(line, context);
                After::Same
            }
            Direction::ToClient => self.server_line(line, context),
        };
        match after {
            After::Tls => return Outcome::Handover(length),
            After::Compressed => return Outcome::Done,
            After::Same => {}
        }
        if self.odd > ODD_MAX { Outcome::Malformed("imap-bad-line") } else { Outcome::Parsed(length) }
    }

    /// A line of a command, or an answer to a challenge.
    fn client_line(&mut self, line: &[u8], context: &mut Context<'_>) {
        if self.words.is_empty() {
            let bare = !line.contains(&b' ');
            let attempt = self.waiting.iter_mut().rev().find_map(|waiting| waiting.attempt.as_mut());
            if let Some(attempt) = attempt.filter(|_| self.challenged || bare) {
                self.challenged = false;
                return attempt.answer(line);
            }
            // What ends IDLE has no tag.
            if line.is_empty() || line.eq_ignore_ascii_case(b"DONE") {
                return;
            }
        }
        if let Some(size) = parser::piece_size(line) {
            self.piece_size = Some(size);
        }
        let Some(literal) = parser::literal(line) else {
            parser::words(line, &mut self.words);
            return self.command(context);
        };
        parser::words(literal.before, &mut self.words);
        let verb = self.words.get(1).map(|verb| verb.to_ascii_uppercase());
        // What follows the name of the mailbox in APPEND is a letter.
        let use_of = match verb.as_deref() {
            Some(b"APPEND") if self.words.len() > 2 => Use::Letter,
            _ => Use::Word,
        };
        self.begin(Direction::ToServer, literal, use_of, context);
    }

    fn begin(&mut self, direction: Direction, literal: Literal<'_>, use_of: Use, context: &mut Context<'_>) {
        let index = direction.index();
        match use_of {
            Use::Letter => {
                self.end_letter(index, false, context);
                self.letters[index] = Some(Letters::new(direction == Direction::ToServer, context));
            }
            Use::Word => self.words.push(Vec::new()),
            Use::Piece | Use::Nothing => {}
        }
        self.places[index] = Place::Literal { left: literal.size, use_of };
        if literal.size == 0 {
            self.end_literal(index, use_of, context);
        }
    }

    fn literal(&mut self, index: usize, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Place::Literal { left, use_of } = &mut self.places[index] else { return Outcome::Parsed(0) };
        let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
        *left -= length as u64;
        let (left, use_of) = (*left, *use_of);
        let part = &bytes[..length];
        match use_of {
            Use::Letter | Use::Piece => {
                if let Some(letter) = &mut self.letters[index] {
                    letter.add(part, context);
                }
            }
            Use::Word => {
                if let Some(word) = self.words.last_mut() {
                    let room = parser::WORD_MAX.saturating_sub(word.len());
                    word.extend_from_slice(&part[..part.len().min(room)]);
                }
            }
            Use::Nothing => {}
        }
        if left == 0 {
            self.end_literal(index, use_of, context);
        }
        Outcome::Parsed(length)
    }

    fn end_literal(&mut self, index: usize, use_of: Use, context: &mut Context<'_>) {
        self.places[index] = Place::Line;
        if use_of == Use::Letter {
            self.end_letter(index, true, context);
        }
    }

    fn end_letter(&mut self, index: usize, complete: bool, context: &mut Context<'_>) {
        let Some(letter) = self.letters[index].take() else { return };
        self.read += 1;
        let appended = self.words.get(2).map(|name| lossless(name).into_owned());
        let mailbox = if index == 0 { appended.as_ref() } else { self.mailbox.as_ref() };
        letter.emit(complete, self.user.as_deref(), mailbox, context);
    }

    /// A command is complete.
    fn command(&mut self, context: &mut Context<'_>) {
        let words = std::mem::take(&mut self.words);
        let [tag, verb, arguments @ ..] = &words[..] else {
            self.odd += 1;
            return;
        };
        let name = verb.to_ascii_uppercase();
        if !parser::is_tag(tag) || name.len() > COMMAND_MAX || !name.iter().all(u8::is_ascii_alphabetic) {
            self.odd += 1;
            return;
        }
        self.requests += 1;
        note(&mut self.commands, &name, COMMANDS_MAX);
        let after = match &name[..] {
            b"STARTTLS" => After::Tls,
            b"COMPRESS" => After::Compressed,
            _ => After::Same,
        };
        let mut waiting = Waiting { tag: tag.clone(), after, attempt: None };
        match (&name[..], arguments) {
            (b"LOGIN", [user, password, ..]) => {
                waiting.attempt = Some(Attempt::clear("imap", user, password, context.time));
            }
            (b"AUTHENTICATE", [mechanism, rest @ ..]) => {
                let initial = rest.first().map(Vec::as_slice);
                waiting.attempt = Some(Attempt::begin("imap", mechanism, initial, context.time));
            }
            (b"SELECT" | b"EXAMINE", [mailbox, ..]) => {
                note(&mut self.mailboxes, mailbox, MAILBOXES_MAX);
                self.mailbox = Some(lossless(mailbox).into_owned());
            }
            (b"APPEND", [mailbox, ..]) => note(&mut self.mailboxes, mailbox, MAILBOXES_MAX),
            _ => {}
        }
        if self.waiting.len() >= WAITING_MAX {
            self.forget(context);
        }
        self.waiting.push_back(waiting);
    }

    /// The oldest command will not be answered any more.
    fn forget(&mut self, context: &mut Context<'_>) {
        let forgotten = self.waiting.pop_front();
        if let Some(attempt) = forgotten.and_then(|waiting| waiting.attempt) {
            attempt.over(None, b"", context);
        }
    }

    /// A line of an answer. Says what follows.
    fn server_line(&mut self, line: &[u8], context: &mut Context<'_>) -> After {
        if let Some(literal) = parser::literal(line) {
            let use_of = self.use_of(literal, context);
            self.begin(Direction::ToClient, literal, use_of, context);
            return After::Same;
        }
        match parser::answer(line) {
            Answer::Tagged { tag, good, text } => return self.answered(tag, good, text, context),
            Answer::Continue => {
                self.challenged = self.waiting.iter().any(|waiting| waiting.attempt.is_some())
            }
            Answer::Untagged(text) if self.greeting.is_none() && self.requests == 0 => {
                self.greeting = Some(lossless(&text[..text.len().min(GREETING_MAX)]).into_owned());
            }
            // The rest of a line behind a literal looks like nothing.
            Answer::Untagged(_) | Answer::Other => {}
        }
        After::Same
    }

    /// What a literal of the server is for.
    fn use_of(&mut self, literal: Literal<'_>, context: &mut Context<'_>) -> Use {
        match parser::item(literal.before) {
            Item::Whole => Use::Letter,
            Item::Piece(0) => {
                self.end_letter(1, false, context);
                self.letters[1] = Some(Letters::new(false, context));
                Use::Piece
            }
            Item::Piece(origin) if self.letters[1].as_ref().is_some_and(|letter| letter.next() == origin) => {
                Use::Piece
            }
            Item::Piece(_) | Item::Other => Use::Nothing,
        }
    }

    fn answered(&mut self, tag: &[u8], good: bool, text: &[u8], context: &mut Context<'_>) -> After {
        self.end_pieces(context);
        let Some(index) = self.waiting.iter().position(|waiting| waiting.tag == tag) else {
            return After::Same;
        };
        let Some(waiting) = self.waiting.remove(index) else { return After::Same };
        self.refused += i64::from(!good);
        if let Some(attempt) = waiting.attempt {
            self.challenged = false;
            if good {
                self.user = attempt.user().map(str::to_owned);
            }
            attempt.over(Some(good), text, context);
        }
        let after = if good { waiting.after } else { After::Same };
        self.starttls |= after == After::Tls;
        after
    }

    /// A piece that is shorter than was asked for is the last one.
    fn end_pieces(&mut self, context: &mut Context<'_>) {
        let (Some(letter), Some(size)) = (&self.letters[1], self.piece_size) else { return };
        if size == 0 || letter.next() % size != 0 {
            self.end_letter(1, true, context);
        }
    }
}

/// Adds a name to a list that is bounded and has each name once.
fn note(list: &mut Vec<String>, name: &[u8], most: usize) {
    let name = lossless(name);
    if list.len() < most && !list.iter().any(|known| *known == name) {
        list.push(name.into_owned());
    }
}

impl Decoder for Imap {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        self.server_seen |= direction == Direction::ToClient;
        let index = direction.index();
        match self.places[index] {
            // Until STARTTLS is answered it is not known whether TLS begins.
            Place::Line
                if index == 0
                    && self.server_seen
                    && self.waiting.iter().any(|waiting| waiting.after == After::Tls) =>
            {
                Outcome::Parsed(0)
            }
            Place::Line => self.line(direction, bytes, context),
            Place::LongLine => {
                let end = memchr::memchr(b'\n', bytes);
                if end.is_some() {
                    self.places[index] = Place::Line;
                    if index == 0 {
                        self.words.clear();
                    }
                }
                Outcome::Parsed(end.map_or(bytes.len(), |end| end + 1))
            }
            Place::Literal { .. } => self.literal(index, bytes, context),
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        let index = direction.index();
        if let Place::Literal { left, use_of } = &mut self.places[index] {
            let lost = missing.min(*left);
            *left -= lost;
            let (left, use_of) = (*left, *use_of);
            if let Some(letter) = self.letters[index].as_mut().filter(|_| use_of != Use::Word) {
                letter.gap(lost, context);
            }
            if left == 0 {
                self.end_literal(index, use_of, context);
            }
            if lost == missing {
                return Outcome::Parsed(0);
            }
        }
        // What follows stands somewhere in a line.
        self.places[index] = Place::LongLine;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        for index in 0..2 {
            let open = matches!(self.places[index], Place::Literal { .. });
            self.end_letter(index, !open && index == 1 && self.piece_size.is_none(), context);
        }
        while !self.waiting.is_empty() {
            self.forget(context);
        }
        let Some(begun) = self.begun.take() else { return };
        let row = events::Imap {
            user_name: self.user.as_deref(),
            vonggac_imap_command: Some("SESSION"),
            vonggac_imap_mailboxes: some(&self.mailboxes),
            vonggac_imap_commands: some(&self.commands),
            vonggac_imap_requests: Some(self.requests),
            vonggac_imap_refused: Some(self.refused),
            vonggac_imap_letters: Some(self.read),
            vonggac_imap_greeting: self.greeting.as_deref(),
            vonggac_imap_starttls: Some(self.starttls),
            ..events::Imap::default()
        };
        context.emit(begun, &row);
    }
}
