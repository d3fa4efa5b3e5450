//! Event time: the packets' own clock.

/// Microseconds since 1970-01-01T00:00:00Z; negative before it (broken clocks are ordinary input).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// Microseconds from `earlier` to `self`; 0 when time ran backwards.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}
