//! Connections that have ended a while ago: what still comes for them is an echo, not a new connection.

use xxhash_rust::xxh3::xxh3_64;

use super::key::Key;
use crate::time::Micros;

/// Connections remembered: at 100 a second, those of the last minutes. What is forgotten shows as a flow of its own,
/// which is what it would be without this memory.
pub const ENDED_MAX: usize = 16_384;

/// How long an end echoes, µs: TCP repeats a FIN for about two minutes before it gives up (RFC 9293, R2).
pub const ECHO_MAX: i64 = 120_000_000;

/// A place for each connection by the hash of its key; a newer one takes the place of an older. The hash has no seed, so
/// that results do not depend on one: who makes keys collide only brings back the flows of his own echoes.
#[derive(Default)]
pub struct Ended {
    places: Vec<(u64, Micros)>,
}

impl Ended {
    /// A connection has ended; its last packet came at `last`.
    pub fn note(&mut self, key: &Key, last: Micros) {
        if self.places.is_empty() {
            self.places = vec![(0, Micros(i64::MIN)); ENDED_MAX];
        }
        let hash = hash(key);
        if let Some(place) = self.places.get_mut(index(hash)) {
            *place = (hash, last);
        }
    }

    /// Whether a connection with this key ended less than [`ECHO_MAX`] before `time`.
    #[must_use]
    pub fn echoes(&self, key: &Key, time: Micros) -> bool {
        let hash = hash(key);
        let place = self.places.get(index(hash));
        place.is_some_and(|(known, last)| *known == hash && time.since(*last) <= ECHO_MAX)
    }
}

fn index(hash: u64) -> usize {
    usize::try_from(hash % ENDED_MAX as u64).unwrap_or(0)
}

fn hash(key: &Key) -> u64 {
    let mut material = [0_u8; 42];
    material[..16].copy_from_slice(&key.low.to_le_bytes());
    material[16..32].copy_from_slice(&key.high.to_le_bytes());
    material[32..34].copy_from_slice(&key.low_port.to_le_bytes());
    material[34..36].copy_from_slice(&key.high_port.to_le_bytes());
    material[36] = key.protocol;
    material[37] = u8::from(key.v6);
    material[38..].copy_from_slice(&key.space.to_le_bytes());
    xxh3_64(&material)
}
