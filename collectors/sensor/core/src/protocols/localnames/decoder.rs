//! Questions, answers and claims as events.

use std::collections::VecDeque;
use std::net::IpAddr;

use xxhash_rust::xxh3::xxh3_64;

use super::Flavour;
use super::netbios::{self, Name};
use crate::context::Context;
use crate::events::{self, some};
use crate::link::{Mac, MacText};
use crate::protocols::dns::parser::{Message, framed};
use crate::protocols::dns::{Lists, names};
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// What a flow says again within this time is not told again, µs: services announce themselves every few seconds.
pub const REPEAT_AFTER: i64 = 300_000_000;

/// Different messages remembered for that; more in five minutes are news anyway.
const REMEMBERED_MAX: usize = 32;

/// Questions of one flow that wait for an answer.
const WAITING_MAX: usize = 16;

/// Records told of one message: a printer's whole list of services is some dozens.
const TOLD_MAX: usize = 64;

/// A message with what only NetBIOS has.
struct Said {
    time: Micros,
    message: Message,
    subject: Option<Name>,
    mac: Option<[u8; 6]>,
}

/// One flow.
pub struct LocalNames {
    flavour: Flavour,
    framed: bool,
    waiting: VecDeque<Said>,
    /// Hashes of what was told, and when.
    told: VecDeque<(u64, Micros)>,
}

impl LocalNames {
    /// `framed`: messages stand behind their length.
    #[must_use]
    pub fn new(flavour: Flavour, framed: bool) -> Self {
        Self { flavour, framed, waiting: VecDeque::new(), told: VecDeque::new() }
    }

    fn message(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) {
        let Some(said) = self.read(bytes, context) else { return };
        let message = &said.message;
        if message.is_response() {
            let asked = self.waiting.iter().position(|asked| answers(message, &asked.message));
            let asked = asked.and_then(|at| self.waiting.remove(at));
            if asked.is_some() || self.is_news(bytes, context.time) {
                self.emit(asked.as_ref(), Some((&said, direction)), context);
            }
        } else if is_group(context.flow.destination_ip) || said.message.opcode() != 0 {
            if self.is_news(bytes, context.time) {
                self.emit(Some(&said), None, context);
            }
        } else if !self.waiting.iter().any(|asked| answers(message, &asked.message)) {
            if self.waiting.len() >= WAITING_MAX
                && let Some(asked) = self.waiting.pop_front()
            {
                self.emit(Some(&asked), None, context);
            }
            self.waiting.push_back(said);
        }
    }

    fn read(&self, bytes: &[u8], context: &mut Context<'_>) -> Option<Said> {
        let time = context.time;
        if self.flavour == Flavour::NetBios {
            let Some(decoded) = netbios::parse(bytes) else {
                context.anomaly("netbios-ns-malformed");
                return None;
            };
            let (subject, mac) = (decoded.subject, decoded.mac);
            return Some(Said { time, message: decoded.message, subject, mac });
        }
        let mut message = Message::parse_with(bytes, self.flavour == Flavour::Mdns)?;
        if message.defects.contains(&"dns-truncated") {
            context.anomaly(if self.flavour == Flavour::Mdns { "mdns-truncated" } else { "llmnr-truncated" });
        }
        if self.flavour == Flavour::Llmnr && message.opcode() != 0 {
            context.anomaly("llmnr-bad-opcode");
        }
        let more = std::mem::take(&mut message.additionals);
        if self.flavour == Flavour::Mdns && message.is_response() {
            message.answers.extend(more.into_iter().filter(|record| record.kind != 41 && record.kind != 47));
        }
        Some(Said { time, message, subject: None, mac: None })
    }

    /// Whether these bytes (without the transaction id) have not been told within [`REPEAT_AFTER`].
    fn is_news(&mut self, bytes: &[u8], now: Micros) -> bool {
        let hash = xxh3_64(bytes.get(2..).unwrap_or_default());
        self.told.retain(|(_, time)| now.since(*time) < REPEAT_AFTER);
        if self.told.iter().any(|(known, _)| *known == hash) {
            return false;
        }
        if self.told.len() >= REMEMBERED_MAX {
            self.told.pop_front();
        }
        self.told.push_back((hash, now));
        true
    }

    fn emit(&self, asked: Option<&Said>, answer: Option<(&Said, Direction)>, context: &mut Context<'_>) {
        let Some(shown) = answer.map(|(answer, _)| answer).or(asked) else { return };
        let (client, server) = (context.flow.source_ip, context.flow.destination_ip);
        let sender = match answer {
            Some((_, Direction::ToClient)) => server,
            _ => client,
        };
        let message = &shown.message;
        let question = asked.unwrap_or(shown).message.questions.first().or(message.questions.first());
        let named = |question: &crate::protocols::dns::parser::Question| question.name.to_ascii_lowercase();
        let subject = shown.subject.as_ref().or(asked.and_then(|asked| asked.subject.as_ref()));
        let name = question.map(named).or_else(|| subject.map(|name| name.text.to_ascii_lowercase()));
        let kind = question.map(|question| self.kind(question.kind));
        let more: Vec<String> = message.questions.iter().skip(1).map(named).collect();
        let role = subject.map(Name::role);
        let host = self.own_name(shown, sender);
        let mac = shown.mac.map(Mac).and_then(Mac::text);
        let opcode = self.opcode(message.opcode());
        let code = answer.map(|_| names::response_code(message.response_code()));
        let flags = self.flags(message.flags);
        let lists = Lists::of(message.answers.iter().take(TOLD_MAX).cloned(), |kind| self.kind(kind));
        let row = events::Llmnr {
            network_protocol: Some(self.flavour.name()),
            dns_id: Some(i64::from(message.id)),
            dns_type: Some(if answer.is_some() { "answer" } else { "query" }),
            dns_op_code: Some(&opcode),
            dns_question_name: name.as_deref(),
            dns_question_type: kind.as_deref(),
            dns_response_code: code.as_deref(),
            dns_header_flags: some(&flags),
            dns_answers_name: some(&lists.name),
            dns_answers_type: some(&lists.kind),
            dns_answers_data: some(&lists.data),
            dns_answers_ttl: some(&lists.ttl),
            dns_resolved_ip: some(&lists.address),
            vonggac_dns_rtt: answer.and(asked).map(|asked| context.time.since(asked.time)),
            vonggac_llmnr_asked: Some(asked.is_some()),
            vonggac_llmnr_more_questions: some(&more),
            vonggac_llmnr_responder_ip: answer.map(|_| sender),
            vonggac_llmnr_role: role.as_deref(),
            vonggac_llmnr_host_name: host.as_deref(),
            vonggac_llmnr_host_ip: host.as_ref().map(|_| sender),
            vonggac_llmnr_host_mac: mac.as_ref().map(MacText::as_str),
            ..events::Llmnr::default()
        };
        context.emit(asked.map_or(context.time, |asked| asked.time), &row);
    }

    /// The name that the sender gives itself: a record of its own address, or its own table of names. Who answers with
    /// another's address, or for another's, says nothing about himself.
    fn own_name(&self, said: &Said, sender: IpAddr) -> Option<String> {
        let records = &said.message.answers;
        let record = if self.flavour == Flavour::NetBios {
            let own =
                records.iter().find(|record| record.kind == netbios::NBSTAT && record.data == "workstation");
            let claims = !said.message.is_response() && matches!(said.message.opcode(), 5 | 8 | 9);
            let single = said.subject.as_ref().is_some_and(|name| matches!(name.suffix, 0x00 | 0x20));
            own.or_else(|| records.iter().find(|record| claims && single && record.address == Some(sender)))
        } else {
            records.iter().find(|record| record.address == Some(sender))
        };
        record.map(|record| record.name.clone()).filter(|name| !name.is_empty() && name != "*")
    }

    fn kind(&self, number: u16) -> String {
        match (self.flavour, number) {
            (Flavour::NetBios, netbios::NB) => "NB".to_owned(),
            (Flavour::NetBios, netbios::NBSTAT) => "NBSTAT".to_owned(),
            _ => names::kind(number).into_owned(),
        }
    }

    /// Where DNS has CD, NetBIOS has B: sent to everybody (RFC 1002 §4.2.1.1).
    fn flags(&self, bits: u16) -> Vec<String> {
        let mut flags = names::flags(bits).to_vec();
        if let Some(flag) = flags.iter_mut().find(|flag| self.flavour == Flavour::NetBios && *flag == "CD") {
            "B".clone_into(flag);
        }
        flags
    }

    /// Operations of NetBIOS have numbers of their own (RFC 1002 §4.2.1.1).
    fn opcode(&self, number: u16) -> String {
        match (self.flavour, number) {
            (Flavour::NetBios, 5) => "REGISTRATION".to_owned(),
            (Flavour::NetBios, 6) => "RELEASE".to_owned(),
            (Flavour::NetBios, 7) => "WACK".to_owned(),
            (Flavour::NetBios, 8 | 9) => "REFRESH".to_owned(),
            (Flavour::NetBios, 15) => "MULTIHOMED-REGISTRATION".to_owned(),
            _ => names::opcode(number).into_owned(),
        }
    }
}

impl Decoder for LocalNames {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if !self.framed {
            self.message(direction, bytes, context);
            return Outcome::Parsed(bytes.len());
        }
        framed(bytes, |message| self.message(direction, message, context))
            .map_or(Outcome::Malformed("llmnr-bad-length"), Outcome::Parsed)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        while let Some(asked) = self.waiting.pop_front() {
            self.emit(Some(&asked), None, context);
        }
    }
}

/// Whether `message` answers, or repeats, what was asked.
fn answers(message: &Message, asked: &Message) -> bool {
    let same = match (message.questions.first(), asked.questions.first()) {
        (Some(one), Some(other)) => one.same(other),
        _ => message.is_response(),
    };
    message.id == asked.id && same
}

fn is_group(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_multicast() || address.is_broadcast(),
        IpAddr::V6(address) => address.is_multicast(),
    }
}
