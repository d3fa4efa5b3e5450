//! One call: its request and its response, each in any number of fragments, and the event that they become.

use super::arguments::{self, Arguments};
use super::endpoints;
use super::interfaces::{self, Operation};
use super::pdu::{self, Trailer};
use super::status;
use super::stub::Stub;
use super::uuid::Uuid;
use crate::context::Context;
use crate::events;
use crate::protocols::Direction;
use crate::time::Micros;

/// What the client calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// The interface, if the agreement on it was seen.
    pub interface: Option<Uuid>,
    /// Its version.
    pub version: Option<(u16, u16)>,
    /// Number of the operation.
    pub operation: u16,
    /// Arguments have 64-bit pointers and counts.
    pub wide: bool,
}

impl Called {
    /// What the table knows of the operation.
    #[must_use]
    pub fn known(&self) -> Option<Operation> {
        interfaces::interface(self.interface?)?.operation(self.operation)
    }

    fn maps_endpoints(&self) -> bool {
        self.interface == Some(endpoints::MAPPER) && self.operation == endpoints::MAP
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Kind of the message that ended it ([`pdu::kind`]).
    pub kind: u8,
    /// Status of a fault or a refusal.
    pub status: Option<u32>,
}

/// What a call belongs to.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// `5.0`, `5.1` or `4.0`.
    pub version: &'static str,
    /// Named pipe, if there is one.
    pub pipe: Option<&'a str>,
    /// What SPNEGO led to.
    pub negotiated: Option<&'static str>,
}

/// One call under way.
#[derive(Clone, Debug)]
pub struct Call {
    /// When its first message came.
    pub since: Micros,
    /// Who calls.
    pub caller: Direction,
    /// Its number; version 4: its number in the activity.
    pub number: u32,
    /// Version 4: the activity.
    pub activity: Option<Uuid>,
    /// What is called; `None` if the request was not seen.
    pub called: Option<Called>,
    /// Request and response.
    pub stubs: [Stub; 2],
}

impl Call {
    /// A call of which nothing has been seen yet.
    #[must_use]
    pub fn new(since: Micros, caller: Direction, number: u32) -> Self {
        Self { since, caller, number, activity: None, called: None, stubs: Default::default() }
    }

    /// The request names what it calls: arguments are kept where they matter.
    pub fn ask(&mut self, called: Called, room: bool) {
        self.called = Some(called);
        let [request, response] = &mut self.stubs;
        request.keep = room && called.known().is_some_and(|known| !known.arguments.is_empty());
        let maps = room && called.maps_endpoints();
        request.keep |= maps;
        response.keep = maps;
    }

    /// Emits the event.
    pub fn emit(&self, ending: Option<Ending>, about: About<'_>, context: &mut Context<'_>) {
        let told = self.told();
        let number = ending.and_then(|ending| ending.status);
        let status = number.map(status::name);
        let known = self.called.as_ref().and_then(Called::known);
        // Only what the table knows is sure to end with its result.
        let answered = ending.is_some_and(|ending| ending.kind == pdu::kind::RESPONSE);
        let result = known.filter(|_| answered).and_then(|_| self.stubs[1].result());
        let result = result.map(|result| format!("0x{result:08x}"));
        let interface = self.called.and_then(|called| called.interface);
        let (uuid, name) =
            (interface.map(|uuid| uuid.to_string()), interface.and_then(interfaces::interface));
        let version =
            self.called.and_then(|called| called.version).map(|(major, minor)| format!("{major}.{minor}"));
        let activity = self.activity.map(|activity| activity.to_string());
        let mut row = events::Dcerpc {
            event_outcome: Some(outcome(ending)),
            vonggac_dcerpc_version: Some(about.version),
            vonggac_dcerpc_request: self.called.map(|_| "request"),
            vonggac_dcerpc_response: ending.map(|ending| pdu::kind_name(ending.kind)),
            vonggac_dcerpc_call_id: Some(i64::from(self.number)),
            vonggac_dcerpc_activity: activity.as_deref(),
            vonggac_dcerpc_interface_uuid: uuid.as_deref(),
            vonggac_dcerpc_interface_name: name.map(|interface| interface.name),
            vonggac_dcerpc_interface_version: version.as_deref(),
            vonggac_dcerpc_operation_number: self.called.map(|called| i64::from(called.operation)),
            vonggac_dcerpc_operation_name: known.map(|known| known.name),
            vonggac_dcerpc_pipe: about.pipe,
            vonggac_dcerpc_status: status.as_deref(),
            vonggac_dcerpc_result: result.as_deref(),
            vonggac_dcerpc_target: told.arguments.target.as_deref(),
            vonggac_dcerpc_command: told.arguments.command.as_deref(),
            vonggac_dcerpc_zero_credential: told.arguments.zero,
            vonggac_dcerpc_endpoints: Some(told.endpoints.as_slice()).filter(|list| !list.is_empty()),
            ..events::Dcerpc::default()
        };
        self.figures(about, &mut row);
        context.emit_from(self.caller, self.since, &row);
    }

    fn figures(&self, about: About<'_>, row: &mut events::Dcerpc<'_>) {
        let trailer = self.stubs.iter().find_map(|stub| stub.trailer);
        row.vonggac_dcerpc_auth_type = trailer.and_then(|trailer| trailer.kind_name(about.negotiated));
        row.vonggac_dcerpc_auth_level = trailer.and_then(Trailer::level_name);
        let [request, response] = &self.stubs;
        let seen = |stub: &Stub, value: u64| i64::try_from(value).ok().filter(|_| stub.fragments > 0);
        row.vonggac_dcerpc_request_bytes = seen(request, request.bytes);
        row.vonggac_dcerpc_request_fragments = seen(request, u64::from(request.fragments));
        row.vonggac_dcerpc_response_bytes = seen(response, response.bytes);
        row.vonggac_dcerpc_response_fragments = seen(response, u64::from(response.fragments));
    }

    fn told(&self) -> Told {
        let Some(called) = self.called else { return Told::default() };
        let [request, response] = &self.stubs;
        let mut told = Told::default();
        if called.maps_endpoints() {
            let clear = request.clear();
            let asked = clear.and_then(|clear| endpoints::asked(clear, request.order, called.wide));
            told.arguments.target = asked.map(interfaces::name_or_uuid);
            let clear = response.clear().unwrap_or_default();
            told.endpoints = endpoints::answered(clear, response.order, called.wide);
        } else if let (Some(known), Some(clear)) = (called.known(), request.clear()) {
            told.arguments = arguments::read(known.arguments, clear, request.order, called.wide);
        }
        told
    }
}

/// What the arguments say.
#[derive(Default)]
struct Told {
    arguments: Arguments,
    endpoints: Vec<String>,
}

fn outcome(ending: Option<Ending>) -> &'static str {
    match ending {
        Some(Ending { kind: pdu::kind::RESPONSE, .. }) => "success",
        Some(_) => "failure",
        None => "unknown",
    }
}
