//! The flow table: places by number, found by key. Its hash is seeded at random, its results never depend on the seed.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::Flow;
use super::key::Key;
use super::wheel::Timer;

/// Places looked at for a flow to give up when the table is full: the longest silent of them goes.
const VICTIMS: usize = 16;

/// All flows that are followed.
#[derive(Default)]
pub struct Table {
    seed: RandomState,
    numbers: HashTable<u32>,
    places: Vec<Option<Flow>>,
    /// How often each place has been left: timers of earlier flows are void.
    generations: Vec<u32>,
    free: Vec<u32>,
    hand: usize,
}

impl Table {
    /// Whether the table holds `most` flows.
    #[must_use]
    pub fn is_full(&self, most: usize) -> bool {
        self.numbers.len() >= most
    }

    /// Where the flow with this key is.
    #[inline]
    #[must_use]
    pub fn find(&self, key: &Key) -> Option<u32> {
        let places = &self.places;
        self.numbers
            .find(self.seed.hash_one(key), |number| {
                places[*number as usize].as_ref().is_some_and(|flow| flow.key == *key)
            })
            .copied()
    }

    /// The flow at a place.
    #[inline]
    pub fn get(&mut self, number: u32) -> Option<&mut Flow> {
        self.places.get_mut(number as usize)?.as_mut()
    }

    /// The flow that a timer was set for, if it is still there.
    pub fn timed(&mut self, timer: Timer) -> Option<&mut Flow> {
        let index = timer.index as usize;
        let current = self.generations.get(index) == Some(&timer.generation);
        self.places.get_mut(index)?.as_mut().filter(|_| current)
    }

    /// A timer for the flow that is at a place now.
    #[must_use]
    pub fn timer(&self, number: u32) -> Timer {
        let generation = self.generations.get(number as usize).copied().unwrap_or(0);
        Timer { index: number, generation }
    }

    /// Adds a flow whose key is not in the table.
    pub fn insert(&mut self, flow: Flow) -> u32 {
        let hash = self.seed.hash_one(flow.key);
        let number = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            self.generations.push(0);
            u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
        });
        self.places[number as usize] = Some(flow);
        let (places, seed) = (&self.places, &self.seed);
        self.numbers.insert_unique(hash, number, |number| {
            places[*number as usize].as_ref().map_or(0, |flow| seed.hash_one(flow.key))
        });
        number
    }

    /// Takes a flow out. It is dropped where it stands: a flow is too large to be moved about.
    pub fn remove(&mut self, number: u32) {
        let Some(flow) = self.get(number) else { return };
        let key = flow.key;
        if let Ok(entry) = self.numbers.find_entry(self.seed.hash_one(key), |other| *other == number) {
            entry.remove();
        }
        let index = number as usize;
        self.places[index] = None;
        self.generations[index] = self.generations[index].wrapping_add(1);
        self.free.push(number);
    }

    /// A flow to give up for a new one: the longest silent of the next few places. Places are dealt out in the order
    /// of the packets, so that the choice does not depend on the seed.
    pub fn victim(&mut self) -> Option<u32> {
        let mut oldest: Option<(u32, i64)> = None;
        for _ in 0..VICTIMS.min(self.places.len()) {
            self.hand = (self.hand + 1) % self.places.len();
            if let Some(flow) = &self.places[self.hand]
                && oldest.is_none_or(|(_, seen)| flow.seen.0 < seen)
            {
                oldest = Some((u32::try_from(self.hand).unwrap_or(0), flow.seen.0));
            }
        }
        oldest.map(|(number, _)| number)
    }

    /// Every place that holds a flow, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let held: Vec<u32> = (0..u32::try_from(self.places.len()).unwrap_or(u32::MAX))
            .filter(|number| self.places[*number as usize].is_some())
            .collect();
        held.into_iter()
    }
}
