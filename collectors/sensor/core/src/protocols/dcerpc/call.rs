//! One call: its request and its response, each in any number of fragments, and the event that they become.

use super::arguments::{self, Arguments};
use super::endpoints;
use super::interfaces::{self, Operation};
use super::pdu::{self, Order, PRIVACY, Trailer};
use super::uuid::Uuid;
use crate::context::Context;
use crate::events;
use crate::protocols::Direction;
use crate::time::Micros;

/// Bytes of arguments kept of one call: names and command lines stand in front; tasks in XML have some 4 KiB.
pub const KEPT_MAX: usize = 8 << 10;

/// Last bytes kept of a response: a return code behind which up to 15 bytes of padding may stand.
const TAIL_BYTES: usize = 20;

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

/// Arguments of one direction.
#[derive(Clone, Debug, Default)]
pub struct Stub {
    /// Bytes behind the heads, with what protects them.
    pub bytes: u64,
    /// Fragments.
    pub fragments: u32,
    /// Byte order of the sender.
    pub order: Order,
    /// How the first fragment is protected.
    pub trailer: Option<Trailer>,
    /// Whether anything is kept.
    pub keep: bool,
    kept: Vec<u8>,
    tail: Vec<u8>,
}

impl Stub {
    /// A fragment begins with this many bytes.
    pub fn begin(&mut self, order: Order, bytes: usize) {
        self.order = order;
        self.bytes += bytes as u64;
        self.fragments = self.fragments.saturating_add(1);
        self.tail.clear();
    }

    /// The next bytes of the arguments.
    pub fn add(&mut self, bytes: &[u8]) {
        if self.keep {
            let room = KEPT_MAX - self.kept.len().min(KEPT_MAX);
            self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        let over = (self.tail.len() + bytes.len()).saturating_sub(TAIL_BYTES);
        if over >= self.tail.len() {
            self.tail.clear();
            self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL_BYTES)..]);
        } else {
            self.tail.drain(..over);
            self.tail.extend_from_slice(bytes);
        }
    }

    /// Bytes were never seen: what is kept ends here.
    pub fn tear(&mut self) {
        self.keep = false;
        self.tail.clear();
    }

    /// The fragment has ended.
    pub fn end(&mut self, trailer: Option<Trailer>) {
        let Some(trailer) = trailer else { return };
        self.trailer.get_or_insert(trailer);
        let padding = usize::from(trailer.padding);
        self.tail.truncate(self.tail.len().saturating_sub(padding));
        if self.kept.len() < KEPT_MAX {
            self.kept.truncate(self.kept.len().saturating_sub(padding));
        }
    }

    fn sealed(&self) -> bool {
        self.trailer.is_some_and(|trailer| trailer.level >= PRIVACY)
    }

    /// Arguments that can be read.
    fn clear(&self) -> Option<&[u8]> {
        (!self.sealed() && !self.kept.is_empty()).then_some(&self.kept[..])
    }

    /// The last number: the result of all operations of Windows.
    fn result(&self) -> Option<u32> {
        let at = self.tail.len().checked_sub(4)?;
        if self.sealed() { None } else { self.order.u32(&self.tail, at) }
    }

    /// Memory held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.kept.capacity()
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
        let status = number.map(status_name);
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
        let trailer = self.stubs.iter().find_map(|stub| stub.trailer);
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
            vonggac_dcerpc_auth_type: trailer.and_then(|trailer| trailer.kind_name(about.negotiated)),
            vonggac_dcerpc_auth_level: trailer.and_then(Trailer::level_name),
            vonggac_dcerpc_target: told.arguments.target.as_deref(),
            vonggac_dcerpc_command: told.arguments.command.as_deref(),
            vonggac_dcerpc_zero_credential: told.arguments.zero,
            vonggac_dcerpc_endpoints: Some(told.endpoints.as_slice()).filter(|list| !list.is_empty()),
            ..events::Dcerpc::default()
        };
        self.sizes(&mut row);
        context.emit_from(self.caller, self.since, &row);
    }

    fn sizes(&self, row: &mut events::Dcerpc<'_>) {
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

/// Statuses with which log-ins fail: access denied, logon failure, errors of the security package, no such level,
/// wrong checksum.
pub const DENIED: [u32; 5] = [0x0000_0005, 0x0000_052e, 0x0000_0721, 0x1c00_001d, 0x1c00_001f];

/// Name of a status (C706 appendix E; MS-RPCE §2.2.2.8 names those of Windows).
#[must_use]
pub fn status_name(status: u32) -> String {
    let name = match status {
        0x0000_0005 => "access_denied",
        0x0000_052e => "logon_failure",
        0x0000_06c6 => "invalid_bound",
        0x0000_06d1 => "procnum_out_of_range",
        0x0000_06f7 => "bad_stub_data",
        0x0000_0721 => "sec_pkg_error",
        0x1c00_0001 => "nca_s_fault_int_div_by_zero",
        0x1c00_0002 => "nca_s_fault_addr_error",
        0x1c00_0009 => "nca_s_fault_invalid_tag",
        0x1c00_000a => "nca_s_fault_invalid_bound",
        0x1c00_000d => "nca_s_fault_cancel",
        0x1c00_0012 => "nca_s_fault_unspec",
        0x1c00_001a => "nca_s_fault_context_mismatch",
        0x1c00_001b => "nca_s_fault_remote_no_memory",
        0x1c00_001d => "nca_s_unsupported_authn_level",
        0x1c00_001f => "nca_s_invalid_checksum",
        0x1c01_0002 => "nca_s_op_rng_error",
        0x1c01_0003 => "nca_s_unk_if",
        0x1c01_0006 => "nca_s_wrong_boot_time",
        0x1c01_000b => "nca_s_proto_error",
        0x1c01_0013 => "nca_s_out_args_too_big",
        0x1c01_0014 => "nca_s_server_too_busy",
        0x1c01_0015 => "nca_s_fault_string_too_long",
        0x1c01_0017 => "nca_s_unsupported_type",
        _ => return format!("0x{status:08x}"),
    };
    name.to_owned()
}
