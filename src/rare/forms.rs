//! From the shingles that hundreds share to the families of those of which much is shared so.

use super::postings::{FAMILY, FORM};
use crate::story::Ordinal;

/// How much of each story is what hundreds share.
pub(super) struct Forms {
    /// Kept shingles in runs of at least [`FAMILY`] stories.
    shared: Vec<u32>,
    /// The longest of these runs, by length and number.
    longest: Vec<(u32, u32)>,
    runs: u32,
}

impl Forms {
    /// Nothing is shared yet by so many stories.
    pub(super) fn new(stories: usize) -> Self {
        Self { shared: vec![0; stories], longest: vec![(0, 0); stories], runs: 0 }
    }

    /// Counts a run of the shingle that its stories, in order, share.
    pub(super) fn add(&mut self, run: &[u64]) {
        for &entry in run {
            let story = entry as Ordinal as usize;
            self.shared[story] += 1;
            // Of equal runs the first.
            if run.len() as u32 > self.longest[story].0 {
                self.longest[story] = (run.len() as u32, self.runs);
            }
        }
        self.runs += 1;
    }

    /// The stories of which much is shared so, by the longest run that each is in; ascending, and by first
    /// story. `kept` are the shingles of each in all, and `order` says which story stands at each place.
    pub(super) fn families(self, kept: &[u32], order: &[Ordinal]) -> Vec<Vec<Ordinal>> {
        let mut families = vec![Vec::new(); self.runs as usize];
        for (place, (&shared, &(_, run))) in self.shared.iter().zip(&self.longest).enumerate() {
            if shared > 0 && u64::from(shared) * 100 >= u64::from(kept[place]) * FORM {
                families[run as usize].push(order[place]);
            }
        }
        families.retain(|family| family.len() >= FAMILY);
        families.iter_mut().for_each(|family| family.sort_unstable());
        families.sort_unstable();
        families
    }
}
