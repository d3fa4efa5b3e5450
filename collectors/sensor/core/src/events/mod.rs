//! Events on their way out: typed rows, gathered in columns, handed over as Arrow record batches.

pub mod columns;
mod generated;

pub use generated::*;

/// A list for a row: nothing where it is empty.
#[must_use]
pub(crate) fn some<T>(list: &[T]) -> Option<&[T]> {
    Some(list).filter(|list| !list.is_empty())
}

/// A row of one dataset; the types are generated from `schema/fields/`.
pub trait Row {
    /// `event.dataset`.
    const DATASET: &'static str;
    /// Adds this row to its table.
    fn push(&self, base: &Base<'_>, events: &mut Events);
}
