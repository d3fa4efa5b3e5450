//! One command with its replies, and the event that tells it.

use std::borrow::Cow;

use super::data::Transfer;
use super::login::Attempt;
use super::parser::{Command, End};
use crate::context::{Context, EventId};
use crate::events;
use crate::expectations::Shared;
use crate::secrets::mask;
use crate::text::lossless;
use crate::time::Micros;

/// Reply lines kept of one command: greetings and feature lists may be long, and say little.
const LINES_MAX: usize = 12;

/// Bytes kept of a reply line.
const TEXT_MAX: usize = 512;

/// Reply codes kept of one command: a preliminary and a final one are usual.
const CODES_MAX: usize = 8;

/// One command; the greeting has no verb.
pub struct Transaction {
    id: EventId,
    /// When the command was sent.
    pub time: Micros,
    /// Upper case; empty for what the server says unasked.
    pub verb: Cow<'static, str>,
    /// As sent, secrets masked.
    pub argument: Option<String>,
    argument_cut: bool,
    codes: Vec<i64>,
    texts: Vec<String>,
    reply_cut: bool,
    /// Who listens for the data connection, and where.
    pub data: Option<(&'static str, End)>,
    /// Size of the file as the server says.
    pub size: Option<i64>,
    /// Where the transfer goes on.
    pub offset: Option<i64>,
    /// The transfer that this command begins.
    pub transfer: Option<Shared<Transfer>>,
    /// The log-in that this command ends.
    pub attempt: Option<Attempt>,
}

impl Transaction {
    /// What the server says unasked: the greeting, a time-out.
    pub fn unasked(context: &mut Context<'_>) -> Self {
        Self {
            id: context.reserve("ftp"),
            time: context.time,
            verb: Cow::Borrowed(""),
            argument: None,
            argument_cut: false,
            codes: Vec::new(),
            texts: Vec::new(),
            reply_cut: false,
            data: None,
            size: None,
            offset: None,
            transfer: None,
            attempt: None,
        }
    }

    /// A command; `cut` when only the beginning of its line was kept.
    pub fn new(command: &Command<'_>, cut: bool, context: &mut Context<'_>) -> Self {
        Self {
            verb: command.verb.clone(),
            argument: command
                .argument
                .filter(|_| command.known)
                .map(|argument| shown(&command.verb, argument)),
            argument_cut: cut,
            ..Self::unasked(context)
        }
    }

    /// `event.id` of the event to come.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// Adds one line of a reply.
    pub fn add_line(&mut self, text: &[u8], cut: bool) {
        self.reply_cut |= cut || text.len() > TEXT_MAX;
        if self.texts.len() < LINES_MAX {
            self.texts.push(lossless(&text[..text.len().min(TEXT_MAX)]).into_owned());
        }
    }

    /// Adds the code of a reply.
    pub fn add_code(&mut self, code: u16) {
        if self.codes.len() < CODES_MAX {
            self.codes.push(i64::from(code));
        }
    }

    /// The name of a file, for commands about one.
    pub fn file_name(&self) -> Option<&str> {
        let about_file =
            ["RETR", "STOR", "STOU", "APPE", "DELE", "RNFR", "RNTO", "SIZE", "MDTM", "MFMT", "XCRC"];
        self.argument.as_deref().filter(|_| about_file.contains(&&*self.verb))
    }

    /// The event. `completed`: a final reply came.
    pub fn emit(&self, user: Option<&str>, completed: bool, context: &mut Context<'_>) {
        let outcome = match self.codes.last() {
            Some(400..) => "failure",
            Some(200..) => "success",
            _ => "unknown",
        };
        let direction = match &*self.verb {
            "STOR" | "STOU" | "APPE" => Some("upload"),
            "RETR" => Some("download"),
            _ => None,
        };
        let row = events::Ftp {
            user_name: user,
            event_outcome: Some(outcome),
            file_name: self.file_name(),
            vonggac_file_direction: direction,
            vonggac_ftp_command: Some(&*self.verb).filter(|verb| !verb.is_empty()),
            vonggac_ftp_argument: self.argument.as_deref(),
            vonggac_ftp_argument_cut: Some(self.argument_cut),
            vonggac_ftp_reply_codes: Some(self.codes.as_slice()).filter(|codes| !codes.is_empty()),
            vonggac_ftp_reply_texts: Some(self.texts.as_slice()).filter(|texts| !texts.is_empty()),
            vonggac_ftp_reply_cut: Some(self.reply_cut),
            vonggac_ftp_mode: self.data.map(|(mode, _)| mode),
            vonggac_ftp_data_ip: self.data.and_then(|(_, end)| end.0),
            vonggac_ftp_data_port: self.data.map(|(_, end)| end.1),
            vonggac_ftp_size: self.size,
            vonggac_ftp_offset: self.offset,
            vonggac_ftp_completed: Some(completed),
            ..events::Ftp::default()
        };
        context.emit_as(self.id, self.time, &row);
    }
}

/// The argument for people: what opens doors is masked. What PASS carries is shown by the log-in.
fn shown(verb: &str, argument: &[u8]) -> String {
    let opens_doors = match verb {
        "PASS" | "ACCT" | "ADAT" | "MIC" | "CONF" | "ENC" => true,
        "SITE" => {
            let words: [&[u8]; 3] = [b"pass", b"psw", b"pwd"];
            let upper = argument.to_ascii_lowercase();
            words.iter().any(|word| memchr::memmem::find(&upper, word).is_some())
        }
        _ => false,
    };
    if opens_doors { mask(argument) } else { lossless(argument).into_owned() }
}
