//! The interfaces of one association under the numbers by which requests name them (C706 §12.6.4.3).

use super::agreement::Agreement;
use super::bind::{self, CONTEXTS_MAX};
use super::call::Called;
use super::interfaces;
use super::uuid::Uuid;

/// An interface that requests name by number.
#[derive(Clone, Copy, Debug)]
struct Presented {
    number: u16,
    interface: Uuid,
    version: (u16, u16),
    wide: bool,
}

/// All of one association, at most [`CONTEXTS_MAX`].
#[derive(Default)]
pub struct Contexts(Vec<Presented>);

impl Contexts {
    /// Notes what was offered under its numbers; once it is answered, without what was refused.
    pub fn present(&mut self, agreement: &Agreement, taken: &[bind::Taken]) {
        for (index, offered) in agreement.offered.iter().enumerate() {
            let answer = taken.get(index);
            if answer.is_some_and(|answer| answer.result != 0) {
                continue;
            }
            let new = Presented {
                number: offered.context,
                interface: offered.interface,
                version: offered.version,
                wide: answer.is_some_and(|answer| answer.syntax == bind::NDR64),
            };
            let room = self.0.len() < CONTEXTS_MAX;
            match self.0.iter_mut().find(|old| old.number == new.number) {
                // Answers say how arguments are written; a new offer of an agreed number does not.
                Some(old) if answer.is_some() || old.interface != new.interface => *old = new,
                Some(_) => {}
                None if room => self.0.push(new),
                None => {}
            }
        }
    }

    /// What a request calls by this number. If no agreement was seen, a pipe tells by its name what it serves.
    #[must_use]
    pub fn called(&self, number: u16, operation: u16, pipe: Option<&str>) -> Called {
        match self.0.iter().find(|known| known.number == number) {
            Some(known) => Called {
                interface: Some(known.interface),
                version: Some(known.version),
                operation,
                wide: known.wide,
            },
            None => {
                let pipe = pipe.filter(|_| self.0.is_empty());
                Called {
                    interface: pipe.and_then(interfaces::of_pipe),
                    version: None,
                    operation,
                    wide: false,
                }
            }
        }
    }
}
