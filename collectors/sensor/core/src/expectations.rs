//! Flows that other flows announce: FTP names the end of its data connections, TFTP answers from a new port. Their bytes
//! say nothing of themselves, so that the announcing decoder gives the one that will read them.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;

use crate::protocols::{Carrier, Decoder};
use crate::time::Micros;

/// What the decoder that announces a flow and the one that reads it both know of the transfer.
pub struct Shared<T>(Arc<Mutex<T>>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Shared<T> {
    /// For two decoders.
    pub fn new(transfer: T) -> Self {
        Self(Arc::new(Mutex::new(transfer)))
    }

    /// Both decoders run in one thread: nobody ever waits here.
    pub fn get(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Announcements kept at a time, over all flows: a server of a thousand clients has as many transfers about to begin.
/// The oldest give way.
pub const EXPECTATIONS_MAX: usize = 4_096;

/// How long an announcement waits for its flow, µs: clients connect at once, or not at all.
pub const EXPECTATION_LIFE: i64 = 60_000_000;

/// Who will read an announced flow.
pub struct Expected {
    /// For `network.protocol`.
    pub protocol: &'static str,
    /// What carries it.
    pub carrier: Carrier,
    /// Its decoder, which knows what the announcing flow said of it.
    pub decoder: Box<dyn Decoder>,
}

type End = (IpAddr, u16, Carrier);

/// All announcements that wait.
#[derive(Default)]
pub struct Expectations {
    waiting: HashMap<End, (Micros, Expected), RandomState>,
    /// Ends in the order of their announcement; those that were met or announced again are passed over.
    order: VecDeque<(Micros, End)>,
    announced: u64,
    met: u64,
    expired: u64,
}

impl Expectations {
    /// Announces a flow to or from this end; a later announcement of the same end replaces the earlier.
    pub fn add(&mut self, time: Micros, host: IpAddr, port: u16, expected: Expected) {
        self.announced += 1;
        self.expire(time);
        while self.order.len() >= EXPECTATIONS_MAX {
            self.forget_oldest();
        }
        let end = (host, port, expected.carrier);
        self.waiting.insert(end, (time, expected));
        self.order.push_back((time, end));
    }

    /// The announcement that a flow between these ends fulfils; server's end first.
    pub fn meet(
        &mut self,
        time: Micros,
        carrier: Carrier,
        destination: (IpAddr, u16),
        source: (IpAddr, u16),
    ) -> Option<Expected> {
        if self.waiting.is_empty() {
            return None;
        }
        self.expire(time);
        let met = [destination, source]
            .into_iter()
            .find_map(|(host, port)| self.waiting.remove(&(host, port, carrier)));
        self.met += u64::from(met.is_some());
        met.map(|(_, expected)| expected)
    }

    fn expire(&mut self, time: Micros) {
        while self.order.front().is_some_and(|(since, _)| time.since(*since) > EXPECTATION_LIFE) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some((since, end)) = self.order.pop_front() else { return };
        if self.waiting.get(&end).is_some_and(|(time, _)| *time == since) {
            self.waiting.remove(&end);
            self.expired += 1;
        }
    }

    /// Counters by their names.
    #[must_use]
    pub fn counters(&self) -> [(&'static str, u64); 3] {
        [
            ("expectations.announced", self.announced),
            ("expectations.met", self.met),
            ("expectations.expired", self.expired),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::template::IDENT;

    const HOST: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 20, 7, 31));
    const OTHER: (IpAddr, u16) = (IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9)), 20);

    fn announce(expectations: &mut Expectations, time: i64, port: u16) {
        let expected = Expected { protocol: "ident", carrier: Carrier::Stream, decoder: (IDENT.decoder)() };
        expectations.add(Micros(time), HOST, port, expected);
    }

    fn meets(expectations: &mut Expectations, time: i64, port: u16) -> bool {
        expectations.meet(Micros(time), Carrier::Stream, OTHER, (HOST, port)).is_some()
    }

    #[test]
    fn an_announcement_is_met_once_from_either_side() {
        let mut expectations = Expectations::default();
        announce(&mut expectations, 0, 2_000);
        assert!(expectations.meet(Micros(1), Carrier::Datagram, (HOST, 2_000), OTHER).is_none());
        assert!(meets(&mut expectations, 1, 2_000));
        assert!(!meets(&mut expectations, 2, 2_000));
        announce(&mut expectations, 3, 2_000);
        assert!(expectations.meet(Micros(4), Carrier::Stream, (HOST, 2_000), OTHER).is_some());
    }

    #[test]
    fn announcements_grow_old_and_the_newest_counts() {
        let mut expectations = Expectations::default();
        announce(&mut expectations, 0, 2_000);
        announce(&mut expectations, EXPECTATION_LIFE, 2_000);
        assert!(meets(&mut expectations, 2 * EXPECTATION_LIFE, 2_000));
        announce(&mut expectations, 2 * EXPECTATION_LIFE, 2_001);
        assert!(!meets(&mut expectations, 3 * EXPECTATION_LIFE + 1, 2_001));
        assert_eq!(expectations.counters()[2], ("expectations.expired", 1));
    }

    #[test]
    fn a_flood_of_announcements_is_bounded() {
        let mut expectations = Expectations::default();
        for port in 0..20_000 {
            announce(&mut expectations, 0, port);
        }
        assert!(
            expectations.waiting.len() <= EXPECTATIONS_MAX && expectations.order.len() <= EXPECTATIONS_MAX
        );
        assert!(meets(&mut expectations, 1, 19_999) && !meets(&mut expectations, 1, 0));
    }
}
