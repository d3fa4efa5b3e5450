//! One request with its reply, and the events that it becomes.

use std::borrow::Cow;

use super::names;
use super::parser::{Exchange, Failure, Principal, Reply, Request, preauth};
use crate::context::Context;
use crate::events;
use crate::time::Micros;

/// What came back.
pub(super) enum Answer {
    Reply(Box<Reply>),
    Failure(Box<Failure>),
}

fn exchange(of: Exchange) -> &'static str {
    match of {
        Exchange::As => "AS",
        Exchange::Tgs => "TGS",
    }
}

/// One event of a request, its answer, or both; for the authentication service the attempt to log in as well.
pub(super) fn emit(
    time: Micros,
    request: Option<&Request>,
    answer: Option<&Answer>,
    context: &mut Context<'_>,
) {
    let names = Names::of(request, answer);
    let mut row = events::Kerberos {
        event_outcome: Some(outcome(answer)),
        event_duration: answer.map(|_| context.time.since(time).saturating_mul(1_000)),
        ..events::Kerberos::default()
    };
    names.fill(&mut row);
    if let Some(request) = request {
        asked(request, &mut row);
    }
    match answer {
        Some(Answer::Reply(reply)) => {
            row.vonggac_kerberos_reply_type = Some(exchange(reply.exchange));
            row.vonggac_kerberos_encryption_ticket_weak = reply.ticket.encryption.map(names::is_weak);
            row.vonggac_kerberos_encryption_reply_weak = reply.encryption.map(names::is_weak);
            answered(&reply.client, &reply.ticket.service, &mut row);
        }
        Some(Answer::Failure(failure)) => {
            row.vonggac_kerberos_reply_type = Some("ERROR");
            row.vonggac_kerberos_error_text = failure.text.as_deref();
            answered(&failure.client, &failure.service, &mut row);
        }
        None => {}
    }
    context.emit(time, &row);
    login(time, request, answer, &row, context);
}

fn outcome(answer: Option<&Answer>) -> &'static str {
    match answer {
        Some(Answer::Reply(_)) => "success",
        Some(Answer::Failure(_)) => "failure",
        None => "unknown",
    }
}

/// What the request says.
fn asked<'a>(request: &'a Request, row: &mut events::Kerberos<'a>) {
    row.vonggac_kerberos_request_type = Some(exchange(request.exchange));
    row.user_name = request.client.as_deref();
    row.vonggac_kerberos_service_name = request.service.as_deref();
    row.vonggac_kerberos_service_realm = request.realm.as_deref();
    row.vonggac_kerberos_client_host = request.host.as_deref();
    row.vonggac_kerberos_till = request.till;
    match request.exchange {
        Exchange::As => {
            row.user_domain = request.realm.as_deref();
            row.vonggac_kerberos_preauth_used = Some(proves(request));
        }
        Exchange::Tgs => {
            let proxy = request.options & names::CNAME_IN_ADDITIONAL_TICKET != 0;
            row.vonggac_kerberos_delegation = match (&request.impersonated, proxy) {
                (Some(_), _) => Some("S4U2Self"),
                (None, true) => Some("S4U2Proxy"),
                (None, false) => None,
            };
        }
    }
    if let Some(user) = &request.impersonated {
        row.user_effective_name = user.name.as_deref();
        row.user_effective_domain = user.realm.as_deref();
    }
}

/// What the answer says. In TGS-REQ the client is hidden in its ticket, so that only the answer names it.
fn answered<'a>(client: &'a Principal, service: &'a Principal, row: &mut events::Kerberos<'a>) {
    row.vonggac_kerberos_reply_client = client.name.as_deref();
    row.vonggac_kerberos_reply_realm = client.realm.as_deref();
    row.user_name = row.user_name.or(client.name.as_deref());
    row.user_domain = row.user_domain.or(client.realm.as_deref());
    row.vonggac_kerberos_service_name = row.vonggac_kerberos_service_name.or(service.name.as_deref());
    row.vonggac_kerberos_service_realm = row.vonggac_kerberos_service_realm.or(service.realm.as_deref());
}

fn proves(request: &Request) -> bool {
    request.preauth.iter().any(|kind| preauth::PROOFS.contains(kind))
}

/// What has numbers on the wire and names in events.
#[derive(Default)]
struct Names {
    offered: Vec<String>,
    preauth: Vec<String>,
    options: Vec<String>,
    presented: Option<Cow<'static, str>>,
    proof: Option<Cow<'static, str>>,
    ticket: Option<Cow<'static, str>>,
    reply: Option<Cow<'static, str>>,
    failure: Option<Cow<'static, str>>,
    status: Option<Cow<'static, str>>,
}

impl Names {
    fn of(request: Option<&Request>, answer: Option<&Answer>) -> Self {
        let mut names = Self::default();
        if let Some(request) = request {
            names.offered =
                request.offered.iter().map(|kind| names::encryption(*kind).into_owned()).collect();
            names.preauth = request.preauth.iter().map(|kind| names::preauth(*kind).into_owned()).collect();
            names.options = names::options(request.options);
            let presented = request.presented.as_ref().and_then(|ticket| ticket.encryption);
            names.presented = presented.map(names::encryption);
            names.proof = request.proof_encryption.map(names::encryption);
        }
        match answer {
            Some(Answer::Reply(reply)) => {
                names.ticket = reply.ticket.encryption.map(names::encryption);
                names.reply = reply.encryption.map(names::encryption);
            }
            Some(Answer::Failure(failure)) => {
                names.failure = Some(names::failure(failure.code));
                names.status = failure.status.map(names::status);
            }
            None => {}
        }
        names
    }

    fn fill<'a>(&'a self, row: &mut events::Kerberos<'a>) {
        row.vonggac_kerberos_encryption_offered = some(&self.offered);
        row.vonggac_kerberos_preauth_types = some(&self.preauth);
        row.vonggac_kerberos_options = some(&self.options);
        row.vonggac_kerberos_encryption_presented = self.presented.as_deref();
        row.vonggac_kerberos_encryption_proof = self.proof.as_deref();
        row.vonggac_kerberos_encryption_ticket = self.ticket.as_deref();
        row.vonggac_kerberos_encryption_reply = self.reply.as_deref();
        row.vonggac_kerberos_error_code = self.failure.as_deref();
        row.vonggac_kerberos_status = self.status.as_deref();
    }
}

fn some(list: &[String]) -> Option<&[String]> {
    Some(list).filter(|list| !list.is_empty())
}

/// An attempt to log in: not the first round, to which the server only says what it wants.
fn login(
    time: Micros,
    request: Option<&Request>,
    answer: Option<&Answer>,
    row: &events::Kerberos<'_>,
    context: &mut Context<'_>,
) {
    let asked = request.is_some_and(|request| request.exchange == Exchange::As);
    let attempt = match answer {
        Some(Answer::Reply(reply)) => reply.exchange == Exchange::As,
        Some(Answer::Failure(failure)) => asked && ends_attempt(failure.code),
        None => asked && request.is_some_and(proves),
    };
    if attempt {
        let row = events::Login {
            user_name: row.user_name,
            user_domain: row.user_domain,
            event_outcome: row.event_outcome,
            network_protocol: Some("kerberos"),
            vonggac_login_method: Some("kerberos"),
            vonggac_login_encrypted: Some(true),
            vonggac_login_reason: row.vonggac_kerberos_error_code,
            vonggac_login_host: row.vonggac_kerberos_client_host,
            ..events::Login::default()
        };
        context.emit(time, &row);
    }
}

/// Whether an error ends an attempt to log in, rather than asking for another round.
fn ends_attempt(code: i64) -> bool {
    use names::error::{MORE_PREAUTH_DATA_REQUIRED, PREAUTH_REQUIRED, RESPONSE_TOO_BIG, SKEW, WRONG_REALM};
    ![PREAUTH_REQUIRED, RESPONSE_TOO_BIG, SKEW, WRONG_REALM, MORE_PREAUTH_DATA_REQUIRED].contains(&code)
}
