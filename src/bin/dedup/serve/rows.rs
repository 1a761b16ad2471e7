//! From rows of the list that were made to those that need not be made again: a row is what it was as
//! long as its cluster is.

use dedup::index::{Lately, Placed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of the rows that are kept.
const MOST: usize = 32 << 20;

/// By number and state of their clusters.
type Kept = Lately<(u32, u64), Arc<str>>;

/// Rows as JSON.
pub(super) struct Rows(Mutex<Kept>);

impl Default for Rows {
    fn default() -> Self {
        Self(Mutex::new(Lately::within(MOST)))
    }
}

impl Rows {
    /// The row of a cluster, if it was made.
    pub(super) fn get(&self, of: &Placed) -> Option<Arc<str>> {
        self.kept().get(&(of.number, of.state))
    }

    /// Keeps the row of a cluster.
    pub(super) fn keep(&self, of: &Placed, row: &Arc<str>) {
        /// Bytes of an entry beside its row.
        const ENTRY: usize = 64;
        self.kept().keep((of.number, of.state), Arc::clone(row), row.len() + ENTRY);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (rows, row): (Rows, Arc<str>) = (Rows::default(), "x".repeat(1 << 20).into());
        let placed = |number| Placed { number, state: 7, place: None };
        for number in 0..200 {
            rows.keep(&placed(number), &row);
            assert!(rows.get(&placed(0)).is_some(), "{number}");
        }
        assert!(rows.get(&placed(199)).is_some() && rows.get(&placed(100)).is_none());
        assert!(rows.get(&Placed { state: 8, ..placed(0) }).is_none(), "another state");
    }
}
