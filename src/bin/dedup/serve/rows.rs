//! From rows of the list that were made to those that need not be made again: a row is what it was as
//! long as its cluster is.

use dedup::index::Placed;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of the rows that are kept.
const MOST: usize = 32 << 20;

type Held = HashMap<(u32, u64), Arc<str>>;

/// Rows as JSON, by number and state of their clusters.
#[derive(Default)]
pub(super) struct Rows(Mutex<Kept>);

/// Those that were asked for lately, and those before them, which go when there are too many.
#[derive(Default)]
struct Kept {
    late: Held,
    early: Held,
    /// Of those that were asked for lately.
    bytes: usize,
}

impl Rows {
    /// The row of a cluster, if it was made.
    pub(super) fn get(&self, of: &Placed) -> Option<Arc<str>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (of.number, of.state);
        if let Some(row) = kept.late.get(&key) {
            return Some(Arc::clone(row));
        }
        let row = kept.early.remove(&key)?;
        kept.insert(key, &row);
        Some(row)
    }

    /// Keeps the row of a cluster.
    pub(super) fn keep(&self, of: &Placed, row: &Arc<str>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((of.number, of.state), row);
    }
}

impl Kept {
    fn insert(&mut self, key: (u32, u64), row: &Arc<str>) {
        /// Bytes of an entry beside its row.
        const ENTRY: usize = 64;
        let bytes = row.len() + ENTRY;
        if self.bytes + bytes > MOST / 2 {
            (self.early, self.bytes) = (std::mem::take(&mut self.late), 0);
        }
        if self.late.insert(key, Arc::clone(row)).is_none() {
            self.bytes += bytes;
        }
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
