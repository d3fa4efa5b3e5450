//! Options, log-in and how it ends; then nothing more is learnt.

use super::parser::{self, End, Login};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets;
use crate::time::Micros;

/// One connection.
#[derive(Default)]
pub struct Tds {
    begun: Option<Micros>,
    version: Option<String>,
    login: Option<Login>,
    told: bool,
}

impl Tds {
    fn tell(&mut self, end: Option<&End>, encrypted: bool, context: &mut Context<'_>) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let time = self.begun.unwrap_or(context.time);
        let (code, message) = match end {
            Some(End::Refused(number, message)) => (Some(number.to_string()), Some(message.as_str())),
            _ => (None, None),
        };
        let outcome = match end {
            Some(End::Accepted) => "success",
            Some(End::Refused(..)) => "failure",
            None => "unknown",
        };
        let login = self.login.as_ref();
        let some =
            |of: fn(&Login) -> &String| login.map(of).map(String::as_str).filter(|text| !text.is_empty());
        let row = events::Sql {
            network_protocol: Some("tds"),
            vonggac_sql_ordinal: Some(1),
            vonggac_sql_request: Some(if encrypted { "ssl" } else { "startup" }),
            user_name: some(|login| &login.user),
            vonggac_sql_database: some(|login| &login.database),
            vonggac_sql_application: some(|login| &login.application),
            vonggac_sql_server_version: self.version.as_deref(),
            vonggac_sql_error_code: code.as_deref(),
            vonggac_sql_error: message,
            event_outcome: Some(outcome),
            ..events::Sql::default()
        };
        context.emit(time, &row);
        let Some(login) = login else { return };
        let secret = match login.password.as_str() {
            _ if login.integrated => None,
            "" => Some(String::new()),
            password => Some(secrets::mask(password.as_bytes())),
        };
        let row = events::Login {
            network_protocol: Some("tds"),
            user_name: some(|login| &login.user),
            event_outcome: Some(outcome),
            vonggac_login_method: Some(if login.integrated { "integrated" } else { "plain" }),
            vonggac_login_secret: secret.as_deref(),
            vonggac_login_encrypted: Some(login.integrated),
            vonggac_login_reason: code.as_deref(),
            vonggac_login_host: some(|login| &login.host),
            ..events::Login::default()
        };
        context.emit(time, &row);
    }
}

impl Decoder for Tds {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let packet = match parser::packet(bytes) {
            Ok(Some(packet)) => packet,
            Ok(None) => return Outcome::Parsed(0),
            Err(()) => return Outcome::Malformed("tds-bad-packet"),
        };
        self.begun.get_or_insert(context.time);
        match (direction, packet.kind) {
            (Direction::ToServer, parser::LOGIN) => match parser::login(packet.body) {
                Some(login) => self.login = Some(login),
                None => return Outcome::Malformed("tds-bad-login"),
            },
            (Direction::ToServer, parser::PRE_LOGIN) => {}
            (Direction::ToClient, parser::ANSWER) if self.login.is_none() => {
                let options = parser::options(packet.body).unwrap_or_default();
                self.version =
                    options.version.map(|(major, minor, build)| format!("{major}.{minor}.{build}"));
                // Anything but "not supported" encrypts at least the log-in.
                if options.encryption.is_some_and(|encryption| encryption != 2) {
                    self.tell(None, true, context);
                    return Outcome::Done;
                }
            }
            (Direction::ToClient, parser::ANSWER) => {
                if let Some(end) = parser::end(packet.body) {
                    self.tell(Some(&end), false, context);
                    return Outcome::Done;
                }
            }
            // A proof of Windows goes on; anything else is behind the log-in.
            _ if self.told => return Outcome::Done,
            _ => {}
        }
        Outcome::Parsed(packet.length)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if self.login.is_some() || self.version.is_some() {
            self.tell(None, false, context);
        }
    }
}
