//! Timers on packet time. A capture may jump by years: only slots that hold something are visited.

use std::collections::VecDeque;

use crate::time::Micros;

/// Slots of one second: more than the longest wait between two looks at a flow ([`super::UPDATE_EVERY`]).
const SLOTS: usize = 1_024;
const SPAN: i64 = 1_023;

/// A timer for one use of one place in the flow table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Place in the table.
    pub index: u32,
    /// How often the place had been used before: timers of earlier flows are recognised by it.
    pub generation: u32,
}

/// A timer wheel; within one slot timers go off in the order in which they were set, so that results never depend on
/// the seed of the flow table.
pub struct Wheel {
    slots: Vec<Vec<Timer>>,
    occupied: [u64; SLOTS / 64],
    /// The last second whose slot was emptied.
    second: i64,
}

impl Wheel {
    /// A wheel that stands at `time`.
    #[must_use]
    pub fn new(time: Micros) -> Self {
        Self {
            slots: std::iter::repeat_with(Vec::new).take(SLOTS).collect(),
            occupied: [0; SLOTS / 64],
            second: second(time),
        }
    }

    /// Whether no timer can go off before `time`.
    #[inline]
    #[must_use]
    pub fn is_at(&self, time: Micros) -> bool {
        second(time) <= self.second
    }

    /// Sets a timer for the first full second at or after `due`; further off than the wheel reaches, it goes off
    /// early and whoever set it looks again. Gives the second.
    pub fn set(&mut self, timer: Timer, due: Micros) -> i64 {
        let wanted = second(Micros(due.0.saturating_add(999_999)));
        let at = wanted.clamp(self.second.saturating_add(1), self.second.saturating_add(SPAN));
        let slot = slot(at);
        self.slots[slot].push(timer);
        self.occupied[slot / 64] |= 1 << (slot % 64);
        at
    }

    /// The next second, not after `now`, whose timers go off; they are added to `timers`. `None`: the wheel has
    /// reached `now`.
    pub fn turn(&mut self, now: Micros, timers: &mut VecDeque<Timer>) -> Option<i64> {
        let target = second(now);
        if target <= self.second {
            return None;
        }
        match self.next_occupied().filter(|at| *at <= target) {
            Some(at) => {
                let slot = slot(at);
                self.second = at;
                self.occupied[slot / 64] &= !(1 << (slot % 64));
                timers.extend(self.slots[slot].drain(..));
                Some(at)
            }
            None => {
                self.second = target;
                None
            }
        }
    }

    fn next_occupied(&self) -> Option<i64> {
        let first = slot(self.second.saturating_add(1));
        let words = self.occupied.len();
        for step in 0..=words {
            let index = (first / 64 + step) % words;
            let mut word = self.occupied[index];
            if step == 0 {
                word &= u64::MAX << (first % 64);
            } else if step == words {
                word &= !(u64::MAX << (first % 64));
            }
            if word != 0 {
                let found = index * 64 + word.trailing_zeros() as usize;
                let ahead = (found + SLOTS - first) % SLOTS;
                return Some(self.second.saturating_add(1).saturating_add(i64::try_from(ahead).unwrap_or(0)));
            }
        }
        None
    }
}

fn second(time: Micros) -> i64 {
    time.0.div_euclid(1_000_000)
}

fn slot(second: i64) -> usize {
    usize::try_from(second.rem_euclid(SPAN + 1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Micros {
        Micros(seconds * 1_000_000)
    }

    proptest! {
        #[test]
        fn timers_go_off_in_order_and_never_early(
            start in -3_000_i64..3_000, waits in prop::collection::vec(0_i64..1_000, 1..40), step in 1_i64..2_000
        ) {
            let mut wheel = Wheel::new(at(start));
            for (index, wait) in waits.iter().enumerate() {
                wheel.set(Timer { index: index as u32, generation: 0 }, at(start + wait));
            }
            let (mut now, mut gone, mut timers) = (start, Vec::new(), VecDeque::new());
            while now < start + 1_100 {
                now += step;
                while let Some(second) = wheel.turn(at(now), &mut timers) {
                    gone.extend(timers.drain(..).map(|timer| (second, timer.index)));
                }
            }
            let mut expected: Vec<(i64, u32)> =
                waits.iter().enumerate().map(|(i, wait)| (start + wait.max(&1), i as u32)).collect();
            expected.sort_unstable();
            prop_assert_eq!(gone, expected);
        }
    }

    #[test]
    fn a_jump_of_years_visits_only_what_is_set() {
        let mut wheel = Wheel::new(at(0));
        wheel.set(Timer { index: 7, generation: 1 }, at(60));
        let (mut timers, mut turns) = (VecDeque::new(), 0);
        while wheel.turn(at(3_000_000_000), &mut timers).is_some() {
            turns += 1;
        }
        assert_eq!((turns, wheel.second), (1, 3_000_000_000));
    }

    #[test]
    fn the_ends_of_time_are_ordinary_input() {
        let mut wheel = Wheel::new(Micros(i64::MIN));
        wheel.set(Timer { index: 0, generation: 0 }, Micros(i64::MAX));
        let mut timers = VecDeque::new();
        while wheel.turn(Micros(i64::MAX), &mut timers).is_some() {}
        assert_eq!(timers.len(), 1);
    }
}
