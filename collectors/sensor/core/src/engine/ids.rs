//! Deterministic ids: the same packets from the same source give the same ids.

use crate::context::EventId;

/// Makes ids for one sensor and capture source.
pub struct Ids {
    material: Vec<u8>,
    prefix: usize,
}

impl Ids {
    /// For a sensor and its capture source.
    #[must_use]
    pub fn new(observer: &str, source: &str) -> Self {
        let material = [observer.as_bytes(), &[0], source.as_bytes(), &[0]].concat();
        Self { prefix: material.len(), material }
    }

    /// The id of what these parts describe; parts must be of fixed length or the last.
    pub fn of(&mut self, parts: &[&[u8]]) -> EventId {
        for part in parts {
            self.material.extend_from_slice(part);
        }
        let id = EventId::of(&self.material);
        self.material.truncate(self.prefix);
        id
    }
}
