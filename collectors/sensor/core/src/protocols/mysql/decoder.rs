//! Greeting, log-in, commands: each command with the first packet of its answer.

use super::super::pgsql::query;
use super::parser::{self, Response};
use crate::context::Context;
use crate::events;
use crate::protocols::skip::Skip;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::time::Micros;

/// Of a packet only this much is waited for; the longest has 16 MiB.
const HEAD_MAX: usize = 8 << 10;

/// A packet of the log-in: attributes of drivers make some hundred bytes.
const LOGIN_MAX: usize = 64 << 10;

/// Commands of one connection that are told.
const TOLD_MAX: i64 = 10_000;

/// Commands (`enum_server_command`): quit, change of database, query, prepared statement.
const QUIT: u8 = 1;
const DATABASE: u8 = 2;
const QUERY: u8 = 3;
const PREPARE: u8 = 22;

#[derive(Default, PartialEq)]
enum Phase {
    #[default]
    Greeting,
    LogIn,
    Commands,
}

struct Command {
    time: Micros,
    kind: &'static str,
    text: String,
}

/// One connection.
#[derive(Default)]
pub struct Mysql {
    phase: Phase,
    version: Option<String>,
    user: Option<String>,
    database: Option<String>,
    method: Option<String>,
    begun: Micros,
    command: Option<Command>,
    told: i64,
    skip: Skip,
}

impl Mysql {
    fn client(&mut self, body: &[u8], context: &mut Context<'_>) -> Option<Outcome> {
        if self.phase != Phase::Commands {
            // Behind the first answer only proofs follow.
            if self.user.is_some() || self.phase == Phase::Greeting {
                return None;
            }
            let Some(Response { encrypts, user, database, plugin, .. }) = parser::response(body) else {
                return Some(Outcome::Malformed("mysql-bad-login"));
            };
            if encrypts {
                self.tell_login(None, context);
                return Some(Outcome::Handover(usize::MAX));
            }
            let text = |bytes: &[u8]| lossless(bytes).into_owned();
            self.begun = context.time;
            (self.user, self.database, self.method) =
                (Some(text(user)), database.map(text), plugin.map(text));
            return None;
        }
        self.answer(None, context);
        let (command, text) = body.split_first()?;
        let (kind, text) = match *command {
            QUIT => return Some(Outcome::Done),
            DATABASE => ("database", lossless(text).into_owned()),
            QUERY => ("query", query::shown(text)),
            PREPARE => ("parse", query::shown(text)),
            _ => return None,
        };
        if self.told > TOLD_MAX {
            context.anomaly("mysql-many-requests");
            return Some(Outcome::Done);
        }
        self.command = Some(Command { time: context.time, kind, text });
        None
    }

    fn server(&mut self, body: &[u8], context: &mut Context<'_>) -> Option<Outcome> {
        match self.phase {
            Phase::Greeting => {
                let Some(version) = parser::greeting(body) else {
                    return Some(Outcome::Malformed("mysql-bad-greeting"));
                };
                self.version = Some(lossless(version).into_owned());
                self.phase = Phase::LogIn;
            }
            Phase::LogIn => match body.first() {
                Some(0) => {
                    self.tell_login(Some(None), context);
                    self.phase = Phase::Commands;
                }
                Some(0xff) => {
                    self.tell_login(Some(parser::error(body)), context);
                    return Some(Outcome::Done);
                }
                // Another way is asked for, or more of the proof.
                Some(0xfe) => {
                    let end = memchr::memchr(0, body).unwrap_or(body.len());
                    self.method = body
                        .get(1..end)
                        .filter(|name| !name.is_empty())
                        .map(|name| lossless(name).into_owned());
                }
                _ => {}
            },
            Phase::Commands => self.answer(Some(body), context),
        }
        None
    }

    /// The first packet of an answer; `None`: none came before the next command.
    fn answer(&mut self, body: Option<&[u8]>, context: &mut Context<'_>) {
        let Some(command) = self.command.take() else { return };
        self.told += 1;
        let error = body.and_then(parser::error);
        let code = error.map(|(code, _)| code.to_string());
        let message = error.map(|(_, message)| lossless(message).into_owned());
        let row = events::Sql {
            network_protocol: Some("mysql"),
            vonggac_sql_ordinal: Some(self.told),
            vonggac_sql_request: Some(command.kind),
            vonggac_sql_query: Some(command.text.as_str()).filter(|_| command.kind != "database"),
            vonggac_sql_database: Some(command.text.as_str()).filter(|_| command.kind == "database"),
            vonggac_sql_error_code: code.as_deref(),
            vonggac_sql_error: message.as_deref(),
            event_outcome: Some(match (body, error) {
                (None, _) => "unknown",
                (Some(_), None) => "success",
                (Some(_), Some(_)) => "failure",
            }),
            ..events::Sql::default()
        };
        context.emit(command.time, &row);
    }

    /// `result`: the error, if any; `None` when the end was not seen.
    fn tell_login(&mut self, result: Option<Option<(u16, &[u8])>>, context: &mut Context<'_>) {
        let error = result.flatten();
        let (code, message) = (
            error.map(|(code, _)| code.to_string()),
            error.map(|(_, message)| lossless(message).into_owned()),
        );
        let outcome = match (result, error) {
            (None, _) => "unknown",
            (Some(_), None) => "success",
            (Some(_), Some(_)) => "failure",
        };
        self.told += 1;
        let row = events::Sql {
            network_protocol: Some("mysql"),
            vonggac_sql_ordinal: Some(self.told),
            vonggac_sql_request: Some(if self.user.is_some() { "startup" } else { "ssl" }),
            user_name: self.user.as_deref(),
            vonggac_sql_database: self.database.as_deref(),
            vonggac_sql_server_version: self.version.as_deref(),
            vonggac_sql_error_code: code.as_deref(),
            vonggac_sql_error: message.as_deref(),
            event_outcome: Some(outcome),
            ..events::Sql::default()
        };
        let time = if self.user.is_some() { self.begun } else { context.time };
        context.emit(time, &row);
        let Some(user) = self.user.take() else { return };
        let row = events::Login {
            network_protocol: Some("mysql"),
            user_name: Some(&user),
            event_outcome: Some(outcome),
            vonggac_login_method: Some(self.method.as_deref().unwrap_or("mysql_native_password")),
            // The proof is a hash under the server's challenge.
            vonggac_login_encrypted: Some(self.method.as_deref() != Some("mysql_clear_password")),
            vonggac_login_reason: code.as_deref(),
            ..events::Login::default()
        };
        context.emit(time, &row);
    }
}

impl Decoder for Mysql {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if let Some(passed) = self.skip.pass(direction, bytes) {
            return passed;
        }
        let Some([l0, l1, l2, _]) = bytes.first_chunk::<4>() else { return Outcome::Parsed(0) };
        let whole = usize::from(*l0) | usize::from(*l1) << 8 | usize::from(*l2) << 16;
        if self.phase != Phase::Commands && whole > LOGIN_MAX {
            return Outcome::Malformed("mysql-long-packet");
        }
        // Rows are passed over: only the first packet behind a command is looked at.
        let idle =
            direction == Direction::ToClient && self.phase == Phase::Commands && self.command.is_none();
        let wanted = if idle {
            0
        } else if self.phase == Phase::Commands {
            whole.min(HEAD_MAX)
        } else {
            whole
        };
        let Some(body) = bytes.get(4..4 + wanted) else { return Outcome::Parsed(0) };
        self.skip.set(direction, whole - wanted);
        let outcome = match direction {
            Direction::ToServer => self.client(body, context),
            Direction::ToClient if idle => None,
            Direction::ToClient => self.server(body, context),
        };
        match outcome {
            Some(Outcome::Handover(_)) => Outcome::Handover(4 + whole),
            Some(outcome) => outcome,
            None => Outcome::Parsed(4 + wanted),
        }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if self.user.is_some() {
            self.tell_login(None, context);
        }
        self.answer(None, context);
    }
}
