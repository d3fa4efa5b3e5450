//! Pairs requests with results and tells each pair as one event.

use std::collections::VecDeque;

use super::layer;
use super::names;
use super::parser::{self, Done, Operation, Request, tag};
use super::{begins_message, bind::Credentials};
use crate::asn1::{self, Elements, Head};
use crate::context::Context;
use crate::events;
use crate::protocols::ntlm::{self, Ending};
use crate::protocols::{Decoder, Direction, Outcome, Verdict, kerberos};
use crate::time::Micros;

/// Requests of one connection that wait for their result: programs send some ahead. The oldest is given up first.
const WAITING_MAX: usize = 64;

/// Longest message that is read; what is longer is passed over: requests and results are shorter, and of entries only
/// the first of a search is read.
const MESSAGE_MAX: usize = 96 << 10;

/// Longest message that is believed: entries carry pictures and lists of members.
const CONTENT_MAX: usize = 64 << 20;

/// Bytes in which id and operation stand.
const PEEK_BYTES: usize = 12;

/// A request that waits.
struct Asked {
    id: i64,
    time: Micros,
    request: Request,
    entries: i64,
    references: i64,
    first: Option<(String, Vec<String>)>,
}

/// One connection or flow of LDAP.
#[derive(Default)]
pub struct Ldap {
    datagrams: bool,
    waiting: VecDeque<Asked>,
    /// Bytes still to be passed over, each way.
    skip: [usize; 2],
    /// Bytes are missing: the next message's start must be found again.
    lost: [bool; 2],
    ntlm: ntlm::Exchange,
    /// A ticket of Kerberos was shown in the log-in under way.
    ticket: bool,
    /// Who is logged in with SASL: from then on messages may be signed or encrypted.
    layered: Option<Credentials>,
}

impl Ldap {
    /// Over TCP.
    #[must_use]
    pub fn stream() -> Self {
        Self::default()
    }

    /// Over UDP.
    #[must_use]
    pub fn datagrams() -> Self {
        Self { datagrams: true, ..Self::default() }
    }

    /// Messages one after the other, whole: a datagram, or what was signed.
    fn messages(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        let mut elements = Elements(bytes);
        while let Some(content) = elements.expect(asn1::SEQUENCE) {
            self.message(content, context);
        }
        if !elements.0.is_empty() {
            context.anomaly("ldap-malformed");
        }
    }

    /// One message; says whether TLS begins behind it.
    fn message(&mut self, content: &[u8], context: &mut Context<'_>) -> bool {
        let Some((id, operation)) = parser::message(content) else {
            context.anomaly("ldap-malformed");
            return false;
        };
        match operation {
            Operation::Request(request) => self.ask(id, *request, context),
            Operation::Farewell(operation) => {
                let row = events::Ldap {
                    vonggac_ldap_message_id: Some(id),
                    vonggac_ldap_operation: Some(operation),
                    ..events::Ldap::default()
                };
                context.emit(context.time, &row);
            }
            Operation::Entry { name, attributes } => {
                if let Some(asked) = self.asked(id) {
                    asked.entries += 1;
                    asked.first.get_or_insert((name, attributes));
                }
            }
            Operation::Reference => {
                if let Some(asked) = self.asked(id) {
                    asked.references += 1;
                }
            }
            Operation::Intermediate => {}
            Operation::Done(done) => return self.answer(id, &done, context),
        }
        false
    }

    fn asked(&mut self, id: i64) -> Option<&mut Asked> {
        self.waiting.iter_mut().find(|asked| asked.id == id)
    }

    fn ask(&mut self, id: i64, mut request: Request, context: &mut Context<'_>) {
        if let Some(index) = self.waiting.iter().position(|asked| asked.id == id) {
            if self.datagrams {
                // Sent again.
                return;
            }
            self.give_up(index, context);
        }
        if self.waiting.len() == WAITING_MAX {
            context.anomaly("ldap-many-requests");
            self.give_up(0, context);
        }
        if let Some(credentials) = &mut request.credentials {
            let token = std::mem::take(&mut credentials.token);
            if let Some(ticket) = kerberos::ticket_of(&token) {
                ticket.emit(context);
                self.ticket = true;
            }
            self.ntlm.token(&token, context.time);
        }
        let time = context.time;
        self.waiting.push_back(Asked { id, time, request, entries: 0, references: 0, first: None });
    }

    fn give_up(&mut self, index: usize, context: &mut Context<'_>) {
        if let Some(asked) = self.waiting.remove(index) {
            self.emit(&asked, None, context);
            self.login(&asked, None, context);
        }
    }

    fn answer(&mut self, id: i64, done: &Done, context: &mut Context<'_>) -> bool {
        let index = self.waiting.iter().position(|asked| asked.id == id);
        let asked = index.and_then(|index| self.waiting.remove(index)).unwrap_or_else(|| {
            // The request was not seen, or the server speaks unasked.
            let request = Request { operation: done.operation, ..Request::default() };
            Asked { id, time: context.time, request, entries: 0, references: 0, first: None }
        });
        self.ntlm.token(&done.token, context.time);
        self.emit(&asked, Some(done), context);
        if done.code == names::code::SUCCESS && asked.request.operation == "bind" {
            self.layered = asked.request.credentials.clone().filter(|credentials| credentials.layered);
            if let Some(bound) = &mut self.layered {
                bound.user = bound.user.take().or_else(|| self.ntlm.user().map(str::to_owned));
                bound.domain = bound.domain.take().or_else(|| self.ntlm.domain().map(str::to_owned));
            }
        }
        self.login(&asked, Some(done), context);
        done.code == names::code::SUCCESS && asked.request.extension.as_deref() == Some(names::START_TLS)
    }

    /// The log-in of a bind, once it has ended.
    fn login(&mut self, asked: &Asked, done: Option<&Done>, context: &mut Context<'_>) {
        let Some(credentials) = &asked.request.credentials else { return };
        if done.is_some_and(|done| done.code == names::code::SASL_BIND_IN_PROGRESS) {
            return;
        }
        let ending = match done {
            None => Ending::Unknown,
            Some(done) if done.code == names::code::SUCCESS => Ending::Success,
            Some(_) => Ending::Failure,
        };
        let reason = done.filter(|_| ending == Ending::Failure).map(reason);
        let ticket = std::mem::take(&mut self.ticket);
        if self.ntlm.is_answered() {
            return self.ntlm.conclude(ending, reason.as_deref(), "ldap", context);
        }
        if credentials.user.is_none() && !ticket {
            // Nobody logs in: an anonymous bind, or the first round of a log-in that went no further.
            return;
        }
        let method = credentials.login_method(ticket);
        let row = events::Login {
            user_name: credentials.user.as_deref(),
            user_domain: credentials.domain.as_deref(),
            event_outcome: Some(ending.name()),
            network_protocol: Some("ldap"),
            vonggac_login_method: Some(&method),
            vonggac_login_secret: credentials.secret.as_deref(),
            vonggac_login_encrypted: Some(!credentials.is_clear()),
            vonggac_login_reason: reason.as_deref(),
            ..events::Login::default()
        };
        context.emit(asked.time, &row);
    }

    /// A message of a stream, of which `head` and `content` are the lengths and some bytes have come.
    fn framed(
        &mut self,
        index: usize,
        bytes: &[u8],
        (head, content): (usize, usize),
        context: &mut Context<'_>,
    ) -> Outcome {
        let total = head + content;
        let come = bytes.get(head..total.min(bytes.len())).unwrap_or_default();
        let Some((id, operation)) = parser::peek(come) else {
            let cut = come.len() < PEEK_BYTES.min(content);
            return if cut { Outcome::Parsed(0) } else { Outcome::Malformed("ldap-malformed") };
        };
        let entry = operation == tag::ENTRY;
        let read = entry && self.asked(id).is_some_and(|asked| asked.first.is_none());
        if total > MESSAGE_MAX || entry && !read {
            match self.asked(id) {
                Some(asked) if entry => asked.entries += 1,
                _ if entry => {}
                _ => context.anomaly("ldap-long-message"),
            }
            let passed = total.min(bytes.len());
            self.skip[index] = total - passed;
            return Outcome::Parsed(passed);
        }
        let Some(message) = bytes.get(head..total) else { return Outcome::Parsed(0) };
        if self.message(message, context) { Outcome::Handover(total) } else { Outcome::Parsed(total) }
    }

    /// Behind a SASL log-in: a length, and a token that is signed or encrypted.
    fn layer(&mut self, index: usize, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Some((length, token)) = bytes.split_first_chunk::<4>() else { return Outcome::Parsed(0) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > layer::PIECE_MAX {
            return Outcome::Malformed("ldap-malformed");
        }
        if length > MESSAGE_MAX {
            context.anomaly("ldap-long-message");
            self.skip[index] = length;
            return Outcome::Parsed(4);
        }
        let Some(token) = token.get(..length) else { return Outcome::Parsed(0) };
        if let Some(messages) = layer::open(token) {
            self.messages(messages, context);
            return Outcome::Parsed(4 + length);
        }
        let row = events::Ldap {
            user_name: self.layered.as_ref().and_then(|bound| bound.user.as_deref()),
            user_domain: self.layered.as_ref().and_then(|bound| bound.domain.as_deref()),
            vonggac_ldap_operation: Some("sealed"),
            vonggac_ldap_method: self.layered.as_ref().map(|bound| bound.method.as_str()),
            ..events::Ldap::default()
        };
        context.emit(context.time, &row);
        Outcome::Done
    }

    fn emit(&self, asked: &Asked, done: Option<&Done>, context: &mut Context<'_>) {
        let mut row = events::Ldap { vonggac_ldap_message_id: Some(asked.id), ..events::Ldap::default() };
        request(&asked.request, &mut row);
        if let Some(credentials) = &asked.request.credentials {
            row.user_name = credentials.user.as_deref().or(self.ntlm.user());
            row.user_domain = credentials.domain.as_deref().or(self.ntlm.domain());
            row.vonggac_ldap_method = Some(&credentials.method);
        }
        if asked.request.operation == "search" {
            row.vonggac_ldap_entries = Some(asked.entries);
            row.vonggac_ldap_references = Some(asked.references).filter(|count| *count > 0);
        }
        if let Some((name, attributes)) = &asked.first {
            row.vonggac_ldap_entry_name = Some(name);
            row.vonggac_ldap_entry_attributes = some(attributes);
        }
        row.event_outcome = Some(outcome(done));
        let code = done.map(|done| names::result(done.code));
        row.vonggac_ldap_result_code = code.as_deref();
        if let Some(done) = done {
            row.event_duration = Some(context.time.since(asked.time).saturating_mul(1_000));
            row.vonggac_ldap_result_name = done.name.as_deref();
            row.vonggac_ldap_result_text = done.text.as_deref();
            let extension = asked.request.extension.as_deref().or(done.extension.as_deref());
            row.vonggac_ldap_extension = extension.map(names::extension);
        }
        context.emit(asked.time, &row);
    }
}

impl Decoder for Ldap {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let index = direction.index();
        if self.datagrams {
            self.messages(bytes, context);
            return Outcome::Parsed(bytes.len());
        }
        if self.skip[index] > 0 {
            let passed = bytes.len().min(self.skip[index]);
            self.skip[index] -= passed;
            return Outcome::Parsed(passed);
        }
        if self.lost[index] {
            // Messages mostly start with a segment; if this one does not, the next may.
            match begins_message(bytes) {
                Verdict::Mine => self.lost[index] = false,
                Verdict::Unsure => return Outcome::Parsed(0),
                Verdict::NotMine => return Outcome::Parsed(bytes.len()),
            }
        }
        match Head::of(bytes) {
            Head::Known { tag: asn1::SEQUENCE, head, content } if content <= CONTENT_MAX => {
                self.framed(index, bytes, (head, content), context)
            }
            Head::Incomplete if bytes.first() == Some(&asn1::SEQUENCE) => Outcome::Parsed(0),
            _ if self.layered.is_some() => self.layer(index, bytes, context),
            _ => Outcome::Malformed("ldap-malformed"),
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        let index = direction.index();
        match usize::try_from(missing).ok().and_then(|missing| self.skip[index].checked_sub(missing)) {
            Some(rest) => self.skip[index] = rest,
            // Where messages are signed or encrypted, the next one cannot be told.
            None if self.layered.is_some() => return Outcome::Done,
            None => (self.skip[index], self.lost[index]) = (0, true),
        }
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while !self.waiting.is_empty() {
            self.give_up(0, context);
        }
        self.ntlm.conclude(Ending::Unknown, None, "ldap", context);
    }
}

fn outcome(done: Option<&Done>) -> &'static str {
    use names::code::{COMPARE_FALSE, COMPARE_TRUE, REFERRAL, SASL_BIND_IN_PROGRESS, SUCCESS};
    match done.map(|done| done.code) {
        Some(SUCCESS | COMPARE_FALSE | COMPARE_TRUE) => "success",
        None | Some(REFERRAL | SASL_BIND_IN_PROGRESS) => "unknown",
        Some(_) => "failure",
    }
}

/// Result of a failed bind with the number that Active Directory adds: `invalidCredentials data 52e`.
fn reason(done: &Done) -> String {
    let mut reason = names::result(done.code).into_owned();
    let detail = done.text.as_deref().and_then(|text| text.split_once(", data "));
    if let Some((_, detail)) = detail {
        let digits: String = detail.chars().take_while(char::is_ascii_hexdigit).take(8).collect();
        reason.push_str(" data ");
        reason.push_str(&digits);
    }
    reason
}

fn request<'a>(request: &'a Request, row: &mut events::Ldap<'a>) {
    row.vonggac_ldap_operation = Some(request.operation);
    row.vonggac_ldap_name = request.name.as_deref();
    row.vonggac_ldap_version = request.version;
    row.vonggac_ldap_scope = request.scope;
    row.vonggac_ldap_dereference = request.dereference;
    row.vonggac_ldap_size_limit = request.size_limit;
    row.vonggac_ldap_time_limit = request.time_limit;
    row.vonggac_ldap_types_only = request.types_only;
    row.vonggac_ldap_filter = request.filter.as_deref();
    row.vonggac_ldap_attributes = some(&request.attributes);
    row.vonggac_ldap_value = request.value.as_deref();
    row.vonggac_ldap_changes = some(&request.changes);
    row.vonggac_ldap_new_name = request.new_name.as_deref();
    row.vonggac_ldap_new_superior = request.new_superior.as_deref();
    row.vonggac_ldap_delete_old_name = request.delete_old_name;
    row.vonggac_ldap_extension = request.extension.as_deref().map(names::extension);
    row.vonggac_ldap_controls = some(&request.controls);
}

fn some(list: &[String]) -> Option<&[String]> {
    Some(list).filter(|list| !list.is_empty())
}
