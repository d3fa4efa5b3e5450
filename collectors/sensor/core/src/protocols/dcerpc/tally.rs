//! Calls beyond those that are told one by one, counted by operation.

use super::call::{About, Call, Called};
use super::interfaces;
use crate::context::Context;
use crate::events;
use crate::time::Micros;

/// Operations counted apart: a client that calls so often mostly calls one.
const KINDS_MAX: usize = 64;

/// The counts of one association.
#[derive(Default)]
pub struct Tally {
    counts: Vec<(Called, Micros, i64)>,
    told: bool,
}

impl Tally {
    /// Counts a call; says so when it is the first. What is beyond all bounds counts with the last kind.
    pub fn add(&mut self, call: &Call) -> bool {
        if let Some(called) = call.called {
            let room = self.counts.len() < KINDS_MAX;
            match self.counts.iter_mut().find(|(known, ..)| *known == called) {
                Some((_, _, count)) => *count += 1,
                None if room => self.counts.push((called, call.since, 1)),
                None => {
                    if let Some((_, _, count)) = self.counts.last_mut() {
                        *count += 1;
                    }
                }
            }
        }
        !std::mem::replace(&mut self.told, true)
    }

    /// Emits one event an operation.
    pub fn emit(self, about: About<'_>, context: &mut Context<'_>) {
        for (called, since, count) in self.counts {
            let uuid = called.interface.map(|uuid| uuid.to_string());
            let row = events::Dcerpc {
                event_outcome: Some("unknown"),
                vonggac_dcerpc_version: Some(about.version),
                vonggac_dcerpc_request: Some("request"),
                vonggac_dcerpc_interface_uuid: uuid.as_deref(),
                vonggac_dcerpc_interface_name: called
                    .interface
                    .and_then(interfaces::interface)
                    .map(|interface| interface.name),
                vonggac_dcerpc_operation_number: Some(i64::from(called.operation)),
                vonggac_dcerpc_operation_name: called.known().map(|known| known.name),
                vonggac_dcerpc_pipe: about.pipe,
                vonggac_dcerpc_count: Some(count),
                ..events::Dcerpc::default()
            };
            context.emit(since, &row);
        }
    }
}
