//! Pairs questions with answers.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::names;
use super::parser::{Message, Record, framed};
use crate::context::Context;
use crate::events::{self, some};
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Questions of one flow that wait for an answer. Stub resolvers use a port a question; a forwarder with one port
/// for all has some dozens open. The oldest is given up first.
pub const WAITING_MAX: usize = 128;

/// After this long a question counts as unanswered; resolvers give up sooner.
pub const ANSWER_TIMEOUT_MICROS: i64 = 30_000_000;

/// Records of a waiting question that are kept (dynamic updates carry some).
const WAITING_RECORDS_MAX: usize = 8;

struct Asked {
    time: Micros,
    bytes: usize,
    message: Message,
}

/// One flow of DNS.
pub struct Dns {
    waiting: VecDeque<Asked>,
    /// For `network.protocol`.
    protocol: &'static str,
    /// Messages stand behind their length.
    framed: bool,
    /// Bytes are missing: the next message's start must be found again.
    lost: [bool; 2],
}

impl Dns {
    /// Over UDP.
    #[must_use]
    pub fn datagrams() -> Self {
        Self { waiting: VecDeque::new(), protocol: "dns", framed: false, lost: [false; 2] }
    }

    /// Inside of another protocol, which gives it this name.
    #[must_use]
    pub fn inside(protocol: &'static str) -> Self {
        Self { protocol, ..Self::datagrams() }
    }

    /// Over TCP.
    #[must_use]
    pub fn stream() -> Self {
        Self { framed: true, ..Self::datagrams() }
    }

    /// Takes one message.
    pub fn message(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        let Some(mut message) = Message::parse(bytes) else {
            context.anomaly("dns-truncated");
            return;
        };
        for defect in &message.defects {
            context.anomaly(defect);
        }
        if message.flags & 0x0040 != 0 {
            context.anomaly("dns-reserved-bit");
        }
        if message.counts[0] > 1 {
            context.anomaly("dns-many-questions");
        }
        self.expire(context);
        if message.is_response() {
            let asked = self.find(&message).and_then(|at| self.waiting.remove(at));
            self.emit(asked, Some((message, bytes.len())), context);
        } else if self.find(&message).is_none() {
            message.answers.truncate(WAITING_RECORDS_MAX);
            message.authorities.truncate(WAITING_RECORDS_MAX);
            if self.waiting.len() == WAITING_MAX {
                let oldest = self.waiting.pop_front();
                self.emit(oldest, None, context);
            }
            // Most flows ask one question.
            self.waiting.reserve_exact(usize::from(self.waiting.is_empty()));
            self.waiting.push_back(Asked { time: context.time, bytes: bytes.len(), message });
        }
    }

    /// The waiting question of this message: itself sent again, or the one it answers. Servers may leave the
    /// question out of an error.
    fn find(&self, message: &Message) -> Option<usize> {
        self.waiting.iter().position(|asked| {
            asked.message.id == message.id
                && match (asked.message.questions.first(), message.questions.first()) {
                    (Some(one), Some(other)) => one.same(other),
                    (_, None) => message.is_response(),
                    (None, Some(_)) => false,
                }
        })
    }

    fn expire(&mut self, context: &mut Context<'_>) {
        while self.waiting.front().is_some_and(|asked| context.time.since(asked.time) > ANSWER_TIMEOUT_MICROS)
        {
            let oldest = self.waiting.pop_front();
            self.emit(oldest, None, context);
        }
    }
}

impl Dns {
    /// One event of a question, its answer, or both.
    fn emit(&self, asked: Option<Asked>, answer: Option<(Message, usize)>, context: &mut Context<'_>) {
        let (answered, query_time) = (answer.is_some(), asked.as_ref().map(|a| a.time));
        let (query_bytes, response_bytes) =
            (asked.as_ref().map(|a| a.bytes), answer.as_ref().map(|(_, bytes)| *bytes));
        let (mut shown, asking) = match (answer, asked) {
            (Some((answer, _)), asked) => (answer, asked.map(|a| a.message)),
            (None, Some(asked)) => (asked.message, None),
            (None, None) => return,
        };
        let [answers, authorities] =
            [std::mem::take(&mut shown.answers), std::mem::take(&mut shown.authorities)]
                .map(|records| Lists::of(records, |kind| names::kind(kind).into_owned()));
        let question = asking.as_ref().and_then(|a| a.questions.first()).or(shown.questions.first());
        let sent = question.map(|q| q.name.as_str());
        let name = sent.map(str::to_ascii_lowercase);
        let (kind, class) = (question.map(|q| names::kind(q.kind)), question.map(|q| names::class(q.class)));
        let opcode = names::opcode(shown.opcode());
        let code = answered.then(|| names::response_code(shown.response_code()));
        let flags = names::flags(shown.flags);
        let edns_size = asking.as_ref().and_then(|a| a.edns_size).or(shown.edns_size);
        let row = events::Dns {
            network_protocol: Some(self.protocol),
            dns_id: Some(i64::from(shown.id)),
            dns_type: Some(if answered { "answer" } else { "query" }),
            dns_op_code: Some(&opcode),
            dns_question_name: name.as_deref(),
            vonggac_dns_question_sent: sent.filter(|sent| name.as_deref() != Some(sent)),
            dns_question_type: kind.as_deref(),
            dns_question_class: class.as_deref(),
            dns_response_code: code.as_deref(),
            dns_header_flags: some(flags),
            dns_answers_name: some(&answers.name),
            dns_answers_type: some(&answers.kind),
            dns_answers_data: some(&answers.data),
            dns_answers_ttl: some(&answers.ttl),
            dns_resolved_ip: some(&answers.address),
            vonggac_dns_authority_name: some(&authorities.name),
            vonggac_dns_authority_type: some(&authorities.kind),
            vonggac_dns_authority_data: some(&authorities.data),
            vonggac_dns_authority_ttl: some(&authorities.ttl),
            vonggac_dns_authority_count: Some(i64::from(shown.counts[2])),
            vonggac_dns_additional_count: Some(i64::from(shown.counts[3])),
            vonggac_dns_rtt: query_time.filter(|_| answered).map(|asked| context.time.since(asked)),
            vonggac_dns_query_bytes: count(query_bytes),
            vonggac_dns_response_bytes: count(response_bytes),
            vonggac_dns_edns_size: edns_size.map(i64::from),
            ..events::Dns::default()
        };
        context.emit(query_time.unwrap_or(context.time), &row);
    }
}

impl Decoder for Dns {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if !self.framed {
            self.message(bytes, context);
            return Outcome::Parsed(bytes.len());
        }
        let lost = &mut self.lost[direction.index()];
        if *lost {
            // Messages mostly start with a segment; if this one does not, the next may.
            let Some((length, rest)) = bytes.split_first_chunk::<2>() else { return Outcome::Parsed(0) };
            if !Message::plausible_header(rest, usize::from(u16::from_be_bytes(*length))) {
                return Outcome::Parsed(bytes.len());
            }
            *lost = false;
        }
        framed(bytes, |message| self.message(message, context))
            .map_or(Outcome::Malformed("dns-bad-length"), Outcome::Parsed)
    }

    fn gap(&mut self, direction: Direction, _missing: u64, _context: &mut Context<'_>) -> Outcome {
        self.lost[direction.index()] = true;
        Outcome::Parsed(0)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(asked) = self.waiting.pop_front() {
            self.emit(Some(asked), None, context);
        }
    }
}

/// The records of a section as the parallel lists of an event.
#[derive(Default)]
pub(in crate::protocols) struct Lists {
    pub(in crate::protocols) name: Vec<String>,
    pub(in crate::protocols) kind: Vec<String>,
    pub(in crate::protocols) data: Vec<String>,
    pub(in crate::protocols) ttl: Vec<i64>,
    pub(in crate::protocols) address: Vec<IpAddr>,
}

impl Lists {
    /// `kind` names the types of records.
    pub(in crate::protocols) fn of(
        records: impl IntoIterator<Item = Record>,
        kind: impl Fn(u16) -> String,
    ) -> Self {
        let records = records.into_iter();
        let count = records.size_hint().0;
        let mut lists = Self {
            name: Vec::with_capacity(count),
            kind: Vec::with_capacity(count),
            data: Vec::with_capacity(count),
            ttl: Vec::with_capacity(count),
            address: Vec::with_capacity(count),
        };
        for mut record in records {
            record.name.make_ascii_lowercase();
            lists.name.push(record.name);
            lists.kind.push(kind(record.kind));
            lists.data.push(record.data);
            lists.ttl.push(i64::from(record.ttl));
            lists.address.extend(record.address);
        }
        lists
    }
}

fn count(bytes: Option<usize>) -> Option<i64> {
    bytes.and_then(|bytes| i64::try_from(bytes).ok())
}
