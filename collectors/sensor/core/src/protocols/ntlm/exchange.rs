//! The three messages of one log-in, and the events that they become.

use std::borrow::Cow;

use super::parser::{Authenticate, Challenge, Message, Negotiate, Response, Targets, Version};
use super::{find, parse};
use crate::context::Context;
use crate::events;
use crate::text;
use crate::time::Micros;

/// Which message a token carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// The client begins.
    Negotiate,
    /// The server asks.
    Challenge,
    /// The client answers: the carrier's next reply tells whether it is taken.
    Authenticate,
}

/// How a log-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The server took it.
    Success,
    /// The server refused it.
    Failure,
    /// Nobody knows: the reply was not seen, or says nothing.
    Unknown,
}

impl Ending {
    /// For `event.outcome`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Unknown => "unknown",
        }
    }
}

/// What is kept of the third message: never the answer itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Client {
    flags: u32,
    domain: String,
    user: String,
    workstation: String,
    response: Response,
    session_key: bool,
    targets: Targets,
}

/// What is kept of the second message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Server {
    target: Option<String>,
    challenge: String,
    targets: Targets,
    version: Option<Version>,
}

/// One log-in under way. Its size is bounded by the names that the parser takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    since: Option<Micros>,
    /// Version of the client's system, and its name and domain as the first message may tell them.
    version: Option<Version>,
    workstation: Option<String>,
    server: Option<Box<Server>>,
    client: Option<Box<Client>>,
}

impl Exchange {
    /// Takes what `blob` carries, wrapped or bare. A message that begins a new log-in while an older one waits for its
    /// verdict should come after [`Exchange::conclude`].
    pub fn token(&mut self, blob: &[u8], time: Micros) -> Option<Carried> {
        let message = parse(find(blob)?)?;
        Some(self.take(message, time))
    }

    /// The same for a message that has been read.
    pub fn take(&mut self, message: Message<'_>, time: Micros) -> Carried {
        self.since.get_or_insert(time);
        match message {
            Message::Negotiate(Negotiate { version, workstation, .. }) => {
                *self = Self { since: Some(time), version, ..Self::default() };
                self.workstation = workstation.map(Cow::into_owned);
                Carried::Negotiate
            }
            Message::Challenge(Challenge { target, challenge, targets, version, .. }) => {
                let target = target.map(Cow::into_owned);
                let challenge = text::hex(&challenge);
                self.server = Some(Box::new(Server { target, challenge, targets, version }));
                Carried::Challenge
            }
            Message::Authenticate(message) => {
                self.authenticate(message);
                Carried::Authenticate
            }
        }
    }

    fn authenticate(&mut self, message: Authenticate<'_>) {
        let Authenticate { flags, domain, user, workstation, version, response, session_key, targets } =
            message;
        self.version = version.or(self.version);
        self.client = Some(Box::new(Client {
            flags,
            domain: domain.into_owned(),
            user: user.into_owned(),
            workstation: workstation.into_owned(),
            response,
            session_key,
            targets,
        }));
    }

    /// The client has answered, and the verdict is outstanding.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.client.is_some()
    }

    /// Account of the log-in; `None` before the client has answered, and for anonymous ones.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.client.as_ref().map(|client| client.user.as_str()).filter(|user| !user.is_empty())
    }

    /// Domain of the account.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.client.as_ref().map(|client| client.domain.as_str()).filter(|domain| !domain.is_empty())
    }

    /// Name of the client's machine, as it says.
    #[must_use]
    pub fn workstation(&self) -> Option<&str> {
        let told =
            self.client.as_ref().map(|client| client.workstation.as_str()).filter(|name| !name.is_empty());
        told.or(self.workstation.as_deref())
    }

    /// Version of the client's system.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Ends the log-in and starts anew: an `ntlm` event if the server's or the client's names are known, and a `login`
    /// event if the client answered. `protocol` is the carrier's name, `reason` its own word for a failure
    /// (`STATUS_LOGON_FAILURE`, `401`). Also for flows that end in the middle, with [`Ending::Unknown`].
    pub fn conclude(
        &mut self,
        ending: Ending,
        reason: Option<&str>,
        protocol: &'static str,
        context: &mut Context<'_>,
    ) {
        let done = std::mem::take(self);
        if done.server.is_none() && done.client.is_none() {
            return;
        }
        let time = done.since.unwrap_or(context.time);
        done.emit(time, (ending, reason), protocol, context);
        if let Some(client) = &done.client {
            let anonymous = client.response == Response::Anonymous;
            let row = events::Login {
                network_protocol: Some(protocol),
                user_name: done.user(),
                user_domain: done.domain(),
                event_outcome: Some(ending.name()),
                vonggac_login_method: Some(if anonymous { "none" } else { "ntlm" }),
                vonggac_login_encrypted: Some(true),
                vonggac_login_reason: reason.filter(|_| ending != Ending::Success),
                vonggac_login_host: done.workstation(),
                ..events::Login::default()
            };
            context.emit(time, &row);
        }
    }

    fn emit(
        &self,
        time: Micros,
        (ending, reason): (Ending, Option<&str>),
        protocol: &'static str,
        context: &mut Context<'_>,
    ) {
        let text = |version: Option<Version>| version.map(|version| version.to_string());
        let client_version = text(self.version);
        let server_version = text(self.server.as_ref().and_then(|server| server.version));
        let mut row = events::Ntlm {
            network_protocol: Some(protocol),
            user_name: self.user(),
            user_domain: self.domain(),
            event_outcome: Some(ending.name()),
            vonggac_ntlm_host: self.workstation(),
            vonggac_ntlm_client_version: client_version.as_deref(),
            vonggac_ntlm_server_version: server_version.as_deref(),
            vonggac_ntlm_reason: reason,
            ..events::Ntlm::default()
        };
        if let Some(client) = &self.client {
            row.vonggac_ntlm_response = Some(client.response.name());
            row.vonggac_ntlm_flags = Some(i64::from(client.flags));
            row.vonggac_ntlm_session_key = Some(client.session_key);
            row.vonggac_ntlm_checked = Some(client.targets.checked);
            row.vonggac_ntlm_service = client.targets.service.as_deref();
        }
        // Where the question was not seen, an answer of version 2 repeats what it said.
        let repeated = self.client.as_ref().map(|client| &client.targets);
        if let Some(targets) = self.server.as_ref().map(|server| &server.targets).or(repeated) {
            row.vonggac_ntlm_server_computer = targets.computer.as_deref();
            row.vonggac_ntlm_server_domain = targets.domain.as_deref();
            row.vonggac_ntlm_server_dns_computer = targets.dns_computer.as_deref();
            row.vonggac_ntlm_server_dns_domain = targets.dns_domain.as_deref();
            row.vonggac_ntlm_server_dns_forest = targets.dns_tree.as_deref();
            row.vonggac_ntlm_server_time = targets.time;
        }
        if let Some(server) = &self.server {
            row.vonggac_ntlm_server_target = server.target.as_deref();
            row.vonggac_ntlm_server_challenge = Some(&server.challenge);
        }
        context.emit(time, &row);
    }
}
