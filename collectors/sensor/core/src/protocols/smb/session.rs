//! Log-ins: the tokens of session set-ups, and who a session belongs to.

use super::transaction::Account;
use crate::context::Context;
use crate::events;
use crate::protocols::kerberos::{self, Presented};
use crate::protocols::ntlm::{Ending, Exchange};
use crate::time::Micros;

/// One step of a log-in.
#[derive(Default)]
pub struct Setup {
    /// What NTLM tells.
    pub exchange: Exchange,
    /// What a ticket of Kerberos tells.
    pub ticket: Option<Presented>,
    /// What SMB 1 tells of the two systems: client's and server's system and LAN manager.
    pub systems: [Option<String>; 4],
    /// An account of SMB 1 before extended security, with its password's kind.
    pub old: Option<Old>,
    /// The server takes the client for a guest.
    pub guest: bool,
}

/// A log-in of SMB 1 without tokens (MS-CIFS §2.2.4.53).
pub struct Old {
    /// Account and domain in clear.
    pub account: Account,
    /// The password travels in clear; its mask.
    pub secret: Option<String>,
}

/// A log-in under way, or a session.
pub struct Session {
    /// Its number (SMB 1: user id).
    pub id: u64,
    /// The log-in, as long as it goes on.
    pub exchange: Exchange,
    /// Who uses it.
    pub account: Account,
}

impl Setup {
    /// Takes the token of one message.
    pub fn token(&mut self, blob: &[u8], time: Micros) {
        self.exchange.token(blob, time);
        if let Some(ticket) = kerberos::ticket_of(blob) {
            self.ticket = Some(ticket);
        }
    }

    /// The account that logs in, as far as it is told: Kerberos tells the realm alone.
    pub fn account(&self) -> Account {
        if let Some(old) = &self.old {
            return old.account.clone();
        }
        let realm = self.ticket.as_ref().and_then(|ticket| ticket.realm.clone());
        Account {
            user: self.exchange.user().map(str::to_owned),
            domain: self.exchange.domain().map(str::to_owned).or(realm),
        }
    }

    fn method(&self) -> Option<&'static str> {
        if self.ticket.is_some() {
            return Some("kerberos");
        }
        let anonymous = match &self.old {
            Some(old) => old.account.user.is_none(),
            None if self.exchange.is_answered() => self.exchange.user().is_none(),
            None => return None,
        };
        Some(if anonymous { "none" } else { "ntlm" })
    }

    /// Adds what the log-in tells to a row; a row borrows, so that it is handed on and not given back.
    pub fn describe(&self, row: events::Smb<'_>, send: impl FnOnce(&events::Smb<'_>)) {
        let account = self.account();
        let version = self.exchange.version().map(|version| version.to_string());
        let [client_os, client_lanman, server_os, server_lanman] = &self.systems;
        let service = self.ticket.as_ref().and_then(|ticket| ticket.service.as_deref());
        let service: Vec<String> =
            service.into_iter().flat_map(|name| name.split('/')).map(str::to_owned).collect();
        let row = events::Smb {
            user_name: account.user.as_deref(),
            user_domain: account.domain.as_deref(),
            vonggac_smb_auth: self.method(),
            vonggac_smb_guest: self.guest.then_some(true),
            vonggac_smb_client_host: self.exchange.workstation(),
            vonggac_smb_client_version: version.as_deref(),
            vonggac_smb_client_os: client_os.as_deref(),
            vonggac_smb_client_lanman: client_lanman.as_deref(),
            vonggac_smb_server_os: server_os.as_deref(),
            vonggac_smb_server_lanman: server_lanman.as_deref(),
            vonggac_smb_kerberos_realm: self.ticket.as_ref().and_then(|ticket| ticket.realm.as_deref()),
            vonggac_smb_kerberos_service: Some(service.as_slice()).filter(|parts| !parts.is_empty()),
            ..row
        };
        send(&row);
    }

    /// The server has decided, or nobody knows: `ntlm`, `kerberos` and `login` events.
    pub fn conclude(
        &mut self,
        since: Micros,
        outcome: &'static str,
        reason: Option<&str>,
        context: &mut Context<'_>,
    ) {
        let ending = match outcome {
            "success" => Ending::Success,
            "failure" => Ending::Failure,
            _ => Ending::Unknown,
        };
        self.exchange.conclude(ending, reason, "smb", context);
        if let Some(ticket) = &self.ticket {
            ticket.emit(context);
        }
        let secret = self.old.as_ref().and_then(|old| old.secret.as_deref());
        if self.ticket.is_none() && self.old.is_none() {
            return;
        }
        let account = self.account();
        let row = events::Login {
            network_protocol: Some("smb"),
            user_name: account.user.as_deref(),
            user_domain: account.domain.as_deref(),
            event_outcome: Some(ending.name()),
            vonggac_login_method: if secret.is_some() { Some("plain") } else { self.method() },
            vonggac_login_secret: secret,
            vonggac_login_encrypted: Some(secret.is_none()),
            vonggac_login_reason: reason.filter(|_| ending == Ending::Failure),
            ..events::Login::default()
        };
        context.emit(since, &row);
    }
}

impl Session {
    /// The connection ended before the log-in did.
    pub fn conclude(&mut self, context: &mut Context<'_>) {
        self.exchange.conclude(Ending::Unknown, None, "smb", context);
    }
}
