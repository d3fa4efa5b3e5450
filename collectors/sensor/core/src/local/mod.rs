//! What is said on the local network without a conversation: router advertisements and neighbours (NDP), group memberships
//! (IGMP, MLD), bridges (STP), devices that introduce themselves (LLDP, CDP, offers of PPPoE), routers that share an address (VRRP).
//!
//! Each file reads one protocol into an [`Announcement`]; like ARP they become events without a flow. What is said again
//! with the same bytes within [`REPEAT_AFTER`] (NDP: [`REPEAT_NEIGHBOURS_AFTER`]) is told once, and all of them together
//! give at most [`ROWS_A_MINUTE`] rows a minute of packet time: who floods them costs a counter, not the store.

pub mod bpdu;
pub mod cdp;
pub mod discovery;
pub mod groups;
pub mod lldp;
pub mod ndp;
pub mod pppoe;
#[cfg(test)]
mod tests;
pub mod vrrp;

use xxhash_rust::xxh3::xxh3_64;

use crate::events::{Base, Events};
use crate::time::Micros;

/// Announcements come every 1 (VRRP) to 60 seconds (CDP); a change is told at once, an unchanged state this often, µs.
pub const REPEAT_AFTER: i64 = 300_000_000;

/// Claims of neighbours show for how long an address belonged to whom: told more often, µs.
pub const REPEAT_NEIGHBOURS_AFTER: i64 = 60_000_000;

/// Rows a minute: a campus of 2,000 hosts stays below.
pub const ROWS_A_MINUTE: u32 = 6_000;

/// Messages remembered, by the hash of their bytes; a newer one may take the place of an older, which is then told again
/// too early.
const REMEMBERED_MAX: usize = 4_096;

/// One message, read.
pub trait Announcement {
    /// `event.dataset`.
    const DATASET: &'static str;
    /// Within which the same message is told once, µs.
    const REPEAT_AFTER: i64 = REPEAT_AFTER;
    /// Adds the event; `base` has what every event has.
    fn emit(&self, base: &Base<'_>, events: &mut Events);
}

/// What became of an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// To be told; the number is the hash of its bytes.
    Told(u64),
    /// Told before.
    Repeated,
    /// Too many in this minute.
    Refused,
}

/// What has been told lately.
#[derive(Default)]
pub struct Recent {
    places: Vec<(u64, Micros)>,
    minute: i64,
    rows: u32,
}

impl Recent {
    /// Whether a message is to be told; `material` are its bytes and who sent it.
    pub fn judge(&mut self, dataset: &str, material: &[&[u8]], repeat_after: i64, now: Micros) -> News {
        if self.places.is_empty() {
            self.places = vec![(0, Micros(i64::MIN)); REMEMBERED_MAX];
        }
        let hash = material
            .iter()
            .fold(xxh3_64(dataset.as_bytes()), |hash, part| xxhash_rust::xxh3::xxh3_64_with_seed(part, hash));
        let index = usize::try_from(hash % REMEMBERED_MAX as u64).unwrap_or(0);
        let Some(place) = self.places.get_mut(index) else { return News::Refused };
        // A clock that runs backwards repeats too.
        if place.0 == hash && now.since(place.1) < repeat_after {
            return News::Repeated;
        }
        let minute = now.0.div_euclid(60_000_000);
        if self.minute != minute {
            (self.minute, self.rows) = (minute, 0);
        }
        if self.rows >= ROWS_A_MINUTE {
            return News::Refused;
        }
        self.rows += 1;
        *place = (hash, now);
        News::Told(hash)
    }
}

/// Bytes read from the front.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }
}
