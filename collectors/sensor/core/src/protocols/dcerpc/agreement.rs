//! A bind or alter-context message with its answer, and the event that they become.

use super::bind::{self, Offered, Taken};
use super::call::About;
use super::interfaces;
use super::pdu::{self, Trailer, kind};
use crate::context::Context;
use crate::events;
use crate::protocols::Direction;
use crate::time::Micros;

/// What a client offers to call.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// When it was offered.
    pub since: Micros,
    /// Who offers.
    pub caller: Direction,
    /// Number of the exchange.
    pub number: u32,
    /// Bind or alter-context; 255 if not seen.
    pub kind: u8,
    /// The interfaces.
    pub offered: Vec<Offered>,
    /// How the connection is to be protected.
    pub trailer: Option<Trailer>,
}

/// An agreement of which only the answer was seen.
const UNSEEN: u8 = 255;

impl Agreement {
    /// An offer that was not seen.
    #[must_use]
    pub fn unseen(since: Micros, caller: Direction, number: u32) -> Self {
        Self { since, caller, number, kind: UNSEEN, offered: Vec::new(), trailer: None }
    }

    /// Is this the one that an answer belongs to?
    #[must_use]
    pub fn is(&self, caller: Direction, number: u32) -> bool {
        self.caller == caller && self.number == number
    }

    /// Emits the event. `response` is the kind of the answer, if there is one.
    pub fn emit(
        &self,
        response: Option<u8>,
        taken: &[Taken],
        reason: Option<&str>,
        about: About<'_>,
        context: &mut Context<'_>,
    ) {
        let accepted = taken.iter().position(|taken| taken.result == 0);
        let main = accepted.and_then(|index| self.offered.get(index)).or(self.offered.first());
        let (uuids, names, versions, syntaxes) = self.lists();
        let results: Vec<i64> = taken.iter().map(|taken| i64::from(taken.result)).collect();
        let main_uuid = main.map(|main| main.interface.to_string());
        let main_version = main.map(|main| format!("{}.{}", main.version.0, main.version.1));
        let row = events::Dcerpc {
            event_outcome: Some(outcome(response, accepted.is_some())),
            vonggac_dcerpc_version: Some(about.version),
            vonggac_dcerpc_request: (self.kind != UNSEEN).then(|| pdu::kind_name(self.kind)),
            vonggac_dcerpc_response: response.map(pdu::kind_name),
            vonggac_dcerpc_call_id: Some(i64::from(self.number)),
            vonggac_dcerpc_interface_uuid: main_uuid.as_deref(),
            vonggac_dcerpc_interface_name: main
                .and_then(|main| interfaces::interface(main.interface))
                .map(|interface| interface.name),
            vonggac_dcerpc_interface_version: main_version.as_deref(),
            vonggac_dcerpc_offered_uuid: listed(&uuids),
            vonggac_dcerpc_offered_name: listed(&names),
            vonggac_dcerpc_offered_version: listed(&versions),
            vonggac_dcerpc_offered_syntax: listed(&syntaxes),
            vonggac_dcerpc_offered_result: listed(&results),
            vonggac_dcerpc_pipe: about.pipe,
            vonggac_dcerpc_status: reason,
            vonggac_dcerpc_auth_type: self.trailer.and_then(|trailer| trailer.kind_name(about.negotiated)),
            vonggac_dcerpc_auth_level: self.trailer.and_then(Trailer::level_name),
            ..events::Dcerpc::default()
        };
        context.emit_from(self.caller, self.since, &row);
    }

    fn lists(&self) -> (Vec<String>, Vec<String>, Vec<String>, Vec<String>) {
        let of = |text: fn(&Offered) -> String| self.offered.iter().map(text).collect();
        (
            of(|offered| offered.interface.to_string()),
            of(|offered| interfaces::name_or_uuid(offered.interface)),
            of(|offered| format!("{}.{}", offered.version.0, offered.version.1)),
            of(|offered| {
                offered.syntaxes.iter().map(|syntax| bind::syntax_name(*syntax)).collect::<Vec<_>>().join(" ")
            }),
        )
    }
}

fn outcome(response: Option<u8>, accepted: bool) -> &'static str {
    match response {
        None => "unknown",
        Some(kind::BIND_ACK | kind::ALTER_CONTEXT_RESP) if accepted => "success",
        Some(_) => "failure",
    }
}

fn listed<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}
