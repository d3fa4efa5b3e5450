//! Pairs requests with results; log-ins and what may follow them.

use std::collections::VecDeque;

use super::layer;
use super::names;
use super::parser::{self, Done, Operation, Request, tag};
use super::transaction::{Asked, reason};
use super::{begins_message, bind::Credentials};
use crate::asn1::{self, Elements, Head};
use crate::context::Context;
use crate::events;
use crate::protocols::ntlm::{self, Ending};
use crate::protocols::{Decoder, Direction, Outcome, Verdict, kerberos};

/// Requests of one connection that wait for their result: programs send some ahead. The oldest is given up first.
const WAITING_MAX: usize = 32;

/// Longest message that is read; what is longer is passed over: requests and results are shorter, and of entries only
/// the first of a search is read.
const MESSAGE_MAX: usize = 96 << 10;

/// Longest message that is believed: entries carry pictures and lists of members.
const CONTENT_MAX: usize = 64 << 20;

/// Bytes in which id and operation stand.
const PEEK_BYTES: usize = 12;

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
    /// Account and domain that an earlier round of the log-in under way named.
    named: (Option<String>, Option<String>),
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
            self.name(credentials);
        }
        self.waiting.push_back(Asked::new(id, context.time, request));
    }

    /// Mechanisms of several rounds name the user in one of them.
    fn name(&mut self, credentials: &mut Credentials) {
        let named = std::mem::take(&mut self.named);
        if credentials.layered && credentials.user.is_none() {
            (credentials.user, credentials.domain) = named;
        }
    }

    fn give_up(&mut self, index: usize, context: &mut Context<'_>) {
        if let Some(asked) = self.waiting.remove(index) {
            asked.emit(None, &self.ntlm, context);
            self.login(&asked, None, context);
        }
    }

    fn answer(&mut self, id: i64, done: &Done, context: &mut Context<'_>) -> bool {
        let index = self.waiting.iter().position(|asked| asked.id == id);
        let asked = index.and_then(|index| self.waiting.remove(index)).unwrap_or_else(|| {
            // The request was not seen, or the server speaks unasked.
            let request = Request { operation: done.operation, ..Request::default() };
            Asked::new(id, context.time, request)
        });
        self.ntlm.token(&done.token, context.time);
        asked.emit(Some(done), &self.ntlm, context);
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
            self.named = (credentials.user.clone(), credentials.domain.clone());
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
            // Answers of a directory to a large search: nothing but entries.
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
