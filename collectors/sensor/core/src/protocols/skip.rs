//! Long messages of which only the beginning is read: the rest is passed over, whatever the segments.

use super::{Direction, Outcome};

/// Bytes still to be passed over, each way.
#[derive(Default)]
pub(super) struct Skip([usize; 2]);

impl Skip {
    /// So many bytes behind what is read now.
    pub fn set(&mut self, direction: Direction, count: usize) {
        self.0[direction.index()] = count;
    }

    /// Passes over what belongs to an earlier message; `None` when the next one begins here.
    pub fn pass(&mut self, direction: Direction, bytes: &[u8]) -> Option<Outcome> {
        let skip = &mut self.0[direction.index()];
        if *skip == 0 {
            return None;
        }
        let passed = (*skip).min(bytes.len());
        *skip -= passed;
        Some(Outcome::Parsed(passed))
    }

    /// A hole inside a message that is passed over anyway does no harm; another loses the beginning of a message.
    pub fn gap(&mut self, direction: Direction, missing: u64) -> Outcome {
        let skip = &mut self.0[direction.index()];
        match usize::try_from(missing).ok().and_then(|missing| skip.checked_sub(missing)) {
            Some(rest) => {
                *skip = rest;
                Outcome::Parsed(0)
            }
            None => Outcome::Done,
        }
    }
}
