//! One session: whose turn it is, and what the prompts ask for.

use super::options::{Filter, Negotiated};
use super::prompts::{self, Prompt};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets::mask;
use crate::text::lossless;
use crate::time::Micros;

/// Bytes kept of a line that is typed: a name or a password.
const LINE_MAX: usize = 256;

/// Bytes kept of what the server says between two lines: messages of the day are longer, but end with a prompt.
const HEARD_MAX: usize = 4_096;

/// Bytes kept of the greeting.
const GREETING_MAX: usize = 256;

/// Lines after a password within which the server must have shown what it thinks of it: bots do not wait.
const PATIENCE: u8 = 4;

/// Lines of a session, and bytes of a direction, after which nothing more is learnt.
const LINES_MAX: i64 = 1_000;
const VOLUME_MAX: u64 = 4 << 20;

/// What the next line of the client is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Awaited {
    #[default]
    Anything,
    User,
    Password,
}

/// A log-in that the server has not judged yet.
struct Attempt {
    time: Micros,
    user: Option<String>,
    secret: Option<String>,
    patience: u8,
}

/// One session.
#[derive(Default)]
pub struct Telnet {
    begun: Option<Micros>,
    filters: [Filter; 2],
    negotiated: Negotiated,
    awaited: Awaited,
    /// The client has begun to speak.
    spoken: bool,
    /// The client is in the middle of a line.
    typing: bool,
    line: Vec<u8>,
    /// The line ended with CR: LF or NUL belong to it.
    returned: bool,
    /// What the server said since the client's last line.
    heard: Vec<u8>,
    greeting: Vec<u8>,
    user: Option<String>,
    attempt: Option<Attempt>,
    attempts: i64,
    outcome: Option<&'static str>,
    last_user: Option<String>,
    shell: bool,
    lines: i64,
    volume: [u64; 2],
}

impl Telnet {
    fn hear(&mut self, text: &[u8]) {
        if !self.spoken {
            let room = GREETING_MAX.saturating_sub(self.greeting.len()).min(text.len());
            self.greeting.extend_from_slice(&text[..room]);
        }
        let text = &text[text.len().saturating_sub(HEARD_MAX)..];
        if self.heard.len() + text.len() > 2 * HEARD_MAX {
            self.heard.drain(..(self.heard.len() + text.len() - HEARD_MAX).min(self.heard.len()));
        }
        self.heard.extend_from_slice(text);
    }

    fn types(&mut self, text: &[u8], context: &mut Context<'_>) {
        for &byte in text {
            if std::mem::replace(&mut self.returned, byte == b'\r') && matches!(byte, b'\n' | 0) {
                continue;
            }
            if !std::mem::replace(&mut self.typing, true) {
                self.listen(context);
            }
            match byte {
                b'\r' | b'\n' => self.said(context),
                8 | 0x7f => drop(self.line.pop()),
                _ if self.line.len() < LINE_MAX => self.line.push(byte),
                _ => {}
            }
        }
    }

    /// The client has typed a line.
    fn said(&mut self, context: &mut Context<'_>) {
        let line = std::mem::take(&mut self.line);
        self.typing = false;
        self.heard.clear();
        match std::mem::take(&mut self.awaited) {
            Awaited::User => self.user = Some(lossless(&line).into_owned()),
            Awaited::Password => {
                self.judge("unknown", None, context);
                let open = line.is_empty()
                    || self.user.as_deref().is_some_and(|user| user.eq_ignore_ascii_case("anonymous"));
                let secret = Some(if open { lossless(&line).into_owned() } else { mask(&line) });
                self.attempt =
                    Some(Attempt { time: context.time, user: self.user.take(), secret, patience: PATIENCE });
            }
            Awaited::Anything => self.lines += i64::from(!line.is_empty()),
        }
    }

    /// The client is about to speak, or nobody any more: what has the server said?
    fn listen(&mut self, context: &mut Context<'_>) {
        self.spoken = true;
        let heard = std::mem::take(&mut self.heard);
        let heard = &heard[heard.len().saturating_sub(HEARD_MAX)..];
        let prompt = prompts::prompt(heard);
        self.weigh(prompt, heard, context);
        match prompt {
            Some(Prompt::User) => self.awaited = Awaited::User,
            Some(Prompt::Password) => self.awaited = Awaited::Password,
            Some(Prompt::Shell) => {
                self.shell = true;
                // Let in by the name alone.
                if let Some(user) = self.user.take() {
                    self.attempt =
                        Some(Attempt { time: context.time, user: Some(user), secret: None, patience: 0 });
                    self.judge("success", None, context);
                }
            }
            None => {}
        }
    }

    /// What the server's text says of the log-in under way.
    fn weigh(&mut self, prompt: Option<Prompt>, heard: &[u8], context: &mut Context<'_>) {
        let Some(attempt) = &mut self.attempt else { return };
        let rejection = prompts::rejection(heard);
        match prompt {
            Some(Prompt::Shell) => self.judge("success", None, context),
            Some(Prompt::Password) => {
                self.user.clone_from(&attempt.user);
                self.judge("failure", rejection, context);
            }
            Some(Prompt::User) => self.judge("failure", rejection, context),
            None if rejection.is_some() => self.judge("failure", rejection, context),
            None if prompts::welcomes(heard) => self.judge("success", None, context),
            None if attempt.patience == 0 => self.judge("unknown", None, context),
            None => attempt.patience -= 1,
        }
    }

    /// Emits the log-in under way, if there is one.
    fn judge(&mut self, outcome: &'static str, reason: Option<&str>, context: &mut Context<'_>) {
        let Some(attempt) = self.attempt.take() else { return };
        self.attempts += 1;
        if self.outcome != Some("success") {
            self.outcome = Some(outcome);
            self.last_user.clone_from(&attempt.user);
        }
        let row = events::Login {
            network_protocol: Some("telnet"),
            user_name: attempt.user.as_deref(),
            event_outcome: Some(outcome),
            vonggac_login_method: Some(if attempt.secret.is_some() { "password" } else { "none" }),
            vonggac_login_secret: attempt.secret.as_deref(),
            vonggac_login_encrypted: Some(false),
            vonggac_login_reason: reason,
            ..events::Login::default()
        };
        context.emit(attempt.time, &row);
    }
}

impl Decoder for Telnet {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        let mut filter = std::mem::take(&mut self.filters[direction.index()]);
        let mut negotiated = std::mem::take(&mut self.negotiated);
        filter.add(bytes, &mut negotiated, &mut |text| match direction {
            Direction::ToServer => self.types(text, context),
            Direction::ToClient => self.hear(text),
        });
        self.filters[direction.index()] = filter;
        self.negotiated = negotiated;
        let volume = &mut self.volume[direction.index()];
        *volume += bytes.len() as u64;
        let enough = *volume > VOLUME_MAX || self.lines >= LINES_MAX;
        if enough { Outcome::Done } else { Outcome::Parsed(bytes.len()) }
    }

    fn gap(&mut self, direction: Direction, _missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.filters[direction.index()] = Filter::default();
        if direction == Direction::ToServer {
            // Half a line is neither a name nor a password.
            self.line.clear();
            self.awaited = Awaited::Anything;
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if !self.typing {
            self.listen(context);
        }
        self.judge("unknown", None, context);
        let greeting = prompts::without_escapes(&self.greeting);
        let row = events::Telnet {
            user_name: self.last_user.as_deref(),
            event_outcome: self.outcome,
            vonggac_telnet_terminal: self.negotiated.terminal.as_deref(),
            vonggac_telnet_options: Some(self.negotiated.options.as_slice()).filter(|list| !list.is_empty()),
            vonggac_telnet_greeting: Some(greeting.trim()).filter(|text| !text.is_empty()),
            vonggac_telnet_attempts: Some(self.attempts),
            vonggac_telnet_shell: Some(self.shell),
            vonggac_telnet_lines: Some(self.lines),
            ..events::Telnet::default()
        };
        context.emit(self.begun.unwrap_or(context.time), &row);
    }
}
