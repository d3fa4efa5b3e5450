//! Pairs requests with answers, in the order in which they were sent.

use std::collections::VecDeque;

use super::parser::{self, Startup};
use super::query;
use crate::context::Context;
use crate::events;
use crate::protocols::skip::Skip;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets;
use crate::text::lossless;
use crate::time::Micros;

/// Of a longer message only this much is waited for: queries and errors are told cut.
const HEAD_MAX: usize = 8 << 10;

/// A message: the server's own limit is 1 GiB.
const MESSAGE_MAX: usize = 1 << 30;

/// Requests that wait for their answer: pipelines of drivers.
const WAITING_MAX: usize = 64;

/// Queries of one connection that are told; a session that runs for days is counted on.
const TOLD_MAX: i64 = 10_000;

#[derive(Default)]
struct Request {
    time: Micros,
    ordinal: i64,
    kind: &'static str,
    user: Option<String>,
    database: Option<String>,
    application: Option<String>,
    query: Option<String>,
    result: Option<String>,
    error: Option<(String, String)>,
    rows: Option<i64>,
    failed: Option<bool>,
}

/// How the client proves who it is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Method {
    #[default]
    None,
    Password,
    Md5,
    Sasl,
    Other,
}

/// One connection.
#[derive(Default)]
pub struct Pgsql {
    waiting: VecDeque<Request>,
    told: i64,
    user: Option<String>,
    method: Method,
    secret: Option<String>,
    server_version: Option<String>,
    /// The server's answer to a request for TLS is one byte.
    asked_encryption: bool,
    started: bool,
    logged_in: bool,
    skip: Skip,
}

impl Pgsql {
    fn startup(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let (message, length) = match parser::startup(bytes) {
            Ok(Some(read)) => read,
            Ok(None) => return Outcome::Parsed(0),
            Err(()) => return Outcome::Malformed("pgsql-bad-startup"),
        };
        match message {
            Startup::Encrypt => {
                self.asked_encryption = true;
                self.ask(Request { kind: "ssl", ..Request::default() }, context);
            }
            Startup::Cancel => {
                self.ask(Request { kind: "cancel", ..Request::default() }, context);
                return Outcome::Done;
            }
            Startup::Version { parameters } => {
                let mut request = Request { kind: "startup", ..Request::default() };
                let mut words = parser::strings(parameters);
                while let (Some(name), Some(value)) = (words.next(), words.next()) {
                    let value = Some(lossless(value).into_owned());
                    match name {
                        b"user" => request.user = value,
                        b"database" => request.database = value,
                        b"application_name" => request.application = value,
                        _ => {}
                    }
                }
                self.started = true;
                self.user.clone_from(&request.user);
                self.ask(request, context);
            }
        }
        Outcome::Parsed(length)
    }

    fn ask(&mut self, mut request: Request, context: &mut Context<'_>) {
        self.told += 1;
        if self.told > TOLD_MAX {
            context.anomaly("pgsql-many-requests");
            return;
        }
        (request.time, request.ordinal) = (context.time, self.told);
        if self.waiting.len() >= WAITING_MAX
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.tell(&oldest, context);
        }
        self.waiting.push_back(request);
    }

    fn request(&mut self, letter: u8, body: &[u8], context: &mut Context<'_>) -> Option<Outcome> {
        match letter {
            b'p' => {
                if self.method == Method::Password {
                    let password = body.strip_suffix(&[0]).unwrap_or(body);
                    self.secret =
                        Some(if password.is_empty() { String::new() } else { secrets::mask(password) });
                }
                self.ask(Request { kind: "authentication", ..Request::default() }, context);
            }
            b'Q' => {
                let query = Some(query::shown(body));
                self.ask(Request { kind: "query", query, ..Request::default() }, context);
            }
            b'P' => {
                // The name of the statement stands first.
                let query = body.split(|byte| *byte == 0).nth(1).map(query::shown);
                self.ask(Request { kind: "parse", query, ..Request::default() }, context);
            }
            b'X' => {
                self.ask(Request { kind: "terminate", ..Request::default() }, context);
                return Some(Outcome::Done);
            }
            _ => {}
        }
        None
    }

    fn answer(&mut self, letter: u8, body: &[u8], context: &mut Context<'_>) {
        match letter {
            b'R' => self.authentication(body, context),
            b'S' => {
                let mut words = parser::strings(body);
                if words.next() == Some(b"server_version") {
                    self.server_version = words.next().map(|version| lossless(version).into_owned());
                }
            }
            b'E' => {
                let text = |field| parser::error_field(body, field).map(|text| lossless(text).into_owned());
                let error = (text(b'C').unwrap_or_default(), text(b'M').unwrap_or_default());
                if !self.logged_in {
                    self.log_in("failure", Some(&error.0), context);
                }
                let Some(request) = self.waiting.front_mut() else { return };
                request.failed = Some(true);
                request.error = Some(error);
                // Before the log-in nothing comes behind an error.
                if !self.logged_in {
                    self.finish(context);
                }
            }
            b'D' => {
                if let Some(request) = self.waiting.front_mut() {
                    *request.rows.get_or_insert(0) += 1;
                }
            }
            b'C' => {
                if let Some(request) = self.waiting.front_mut() {
                    request.failed = Some(false);
                    request.result = parser::strings(body).next().map(|tag| lossless(tag).into_owned());
                }
            }
            b'Z' => self.finish(context),
            _ => {}
        }
    }

    fn authentication(&mut self, body: &[u8], context: &mut Context<'_>) {
        let (name, method) = match parser::number(body, 0) {
            Some(0) => ("authentication_ok", None),
            Some(3) => ("authentication_cleartext_password", Some(Method::Password)),
            Some(5) => ("authentication_md5_password", Some(Method::Md5)),
            Some(10) => ("authentication_sasl", Some(Method::Sasl)),
            Some(11) => ("authentication_sasl_continue", None),
            // What proves the server comes together with the end.
            Some(12) => return,
            _ => ("authentication_other", Some(Method::Other)),
        };
        if let Some(request) = self.waiting.front_mut() {
            (request.result, request.failed) = (Some(name.to_owned()), Some(false));
        }
        self.method = method.unwrap_or(self.method);
        if name == "authentication_ok" {
            self.logged_in = true;
            self.log_in("success", None, context);
        } else {
            self.finish(context);
        }
    }

    fn log_in(&mut self, outcome: &str, reason: Option<&str>, context: &mut Context<'_>) {
        let Some(user) = self.user.take() else { return };
        let row = events::Login {
            network_protocol: Some("pgsql"),
            user_name: Some(&user),
            event_outcome: Some(outcome),
            vonggac_login_method: Some(match self.method {
                Method::None => "none",
                Method::Password => "password",
                Method::Md5 => "md5",
                Method::Sasl => "scram",
                Method::Other => "other",
            }),
            vonggac_login_secret: self.secret.as_deref(),
            vonggac_login_encrypted: Some(!matches!(self.method, Method::Password)),
            vonggac_login_reason: reason,
            ..events::Login::default()
        };
        context.emit(context.time, &row);
    }

    fn finish(&mut self, context: &mut Context<'_>) {
        if let Some(request) = self.waiting.pop_front() {
            self.tell(&request, context);
        }
    }

    fn tell(&self, request: &Request, context: &mut Context<'_>) {
        let version = self
            .server_version
            .as_deref()
            .filter(|_| !matches!(request.kind, "query" | "parse" | "terminate"));
        let row = events::Sql {
            network_protocol: Some("pgsql"),
            vonggac_sql_ordinal: Some(request.ordinal),
            vonggac_sql_request: Some(request.kind),
            user_name: request.user.as_deref(),
            vonggac_sql_database: request.database.as_deref(),
            vonggac_sql_application: request.application.as_deref(),
            vonggac_sql_server_version: version,
            vonggac_sql_query: request.query.as_deref(),
            vonggac_sql_result: request.result.as_deref(),
            vonggac_sql_rows: request.rows,
            vonggac_sql_error_code: request.error.as_ref().map(|error| error.0.as_str()),
            vonggac_sql_error: request.error.as_ref().map(|error| error.1.as_str()),
            event_outcome: Some(match request.failed {
                Some(true) => "failure",
                Some(false) => "success",
                None => "unknown",
            }),
            ..events::Sql::default()
        };
        context.emit(request.time, &row);
    }

    /// One byte answers a request for encryption.
    fn encryption(&mut self, answer: u8, context: &mut Context<'_>) -> Outcome {
        self.asked_encryption = false;
        let accepted = matches!(answer, b'S' | b'G');
        if let Some(request) = self.waiting.front_mut() {
            request.failed = Some(!accepted);
            request.result = Some(if accepted { "accepted" } else { "refused" }.to_owned());
        }
        self.finish(context);
        match answer {
            b'S' => Outcome::Handover(1),
            b'G' => Outcome::Done,
            _ => Outcome::Parsed(1),
        }
    }
}

impl Decoder for Pgsql {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if let Some(passed) = self.skip.pass(direction, bytes) {
            return passed;
        }
        if direction == Direction::ToServer && !self.started {
            // What comes before the answer to a request for encryption is that encryption.
            return if self.asked_encryption { Outcome::Parsed(0) } else { self.startup(bytes, context) };
        }
        let Some(letter) = bytes.first().copied() else { return Outcome::Parsed(0) };
        if direction == Direction::ToClient && self.asked_encryption && letter != b'E' {
            return self.encryption(letter, context);
        }
        let Some(length) = parser::number(bytes, 1) else { return Outcome::Parsed(0) };
        if !letter.is_ascii_alphanumeric() || !(4..MESSAGE_MAX).contains(&length) {
            return Outcome::Malformed("pgsql-bad-message");
        }
        let whole = length - 4;
        // Rows and copied data are not looked at.
        let wanted = if matches!((direction, letter), (Direction::ToClient, b'D') | (_, b'd')) {
            0
        } else {
            whole.min(HEAD_MAX)
        };
        let Some(body) = bytes.get(5..5 + wanted) else { return Outcome::Parsed(0) };
        self.skip.set(direction, whole - wanted);
        match direction {
            Direction::ToServer => {
                if let Some(outcome) = self.request(letter, body, context) {
                    return outcome;
                }
            }
            Direction::ToClient => self.answer(letter, body, context),
        }
        Outcome::Parsed(5 + wanted)
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.skip.gap(direction, missing)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(request) = self.waiting.pop_front() {
            self.tell(&request, context);
        }
        self.log_in("unknown", None, context);
    }
}
