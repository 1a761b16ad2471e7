//! From shingle sets to where each lies while they are compared, and how alike those are that are gone.

use crate::error::Result;
use crate::similarity::{Overlap, Similarity};
use crate::spool::{Place, Spool};
use crate::story::Ordinal;
use rayon::prelude::*;
use std::borrow::Cow;

/// Two stories, `a < b`, and how alike they are.
pub(super) type Untied = (Ordinal, Ordinal, Similarity);

/// The shingle sets of stories that are compared, by ordinal.
#[derive(Debug)]
pub(super) struct Sets {
    places: Vec<Place>,
    shingles: Spool<u64>,
    /// Pairs whose sets are not kept, sorted.
    untied: Vec<Untied>,
}

impl Sets {
    /// No sets yet, of `stories`; of them about `allowance` bytes may be held in memory.
    pub(super) fn new(stories: usize, allowance: u64) -> Self {
        Self { places: vec![Place::default(); stories], shingles: Spool::new(allowance), untied: Vec::new() }
    }

    /// Keeps `set` for `story`.
    pub(super) fn keep(&mut self, story: Ordinal, set: &[u64]) {
        self.places[story as usize] = self.shingles.push(set);
    }

    /// To be called once all sets are kept.
    pub(super) fn finish(&mut self) {
        self.shingles.finish();
    }

    /// How many shingles the set of `story` has, also when it is forgotten.
    pub(super) fn size(&self, story: Ordinal) -> u32 {
        self.places[story as usize].len
    }

    /// Notes the size of a set that is not kept.
    pub(super) fn set_size(&mut self, story: Ordinal, len: u32) {
        self.places[story as usize] = Place { slab: u32::MAX, start: 0, len };
    }

    /// The set of `story`, ascending; empty if there is none. Cost: nothing, or one read of the
    /// file.
    pub(super) fn get(&self, story: Ordinal) -> Cow<'_, [u64]> {
        self.shingles.get(self.places[story as usize])
    }

    /// Notes how alike stories are whose sets are not kept.
    pub(super) fn note(&mut self, mut untied: Vec<Untied>) {
        untied.par_sort_unstable();
        self.untied = untied;
    }

    /// How alike two stories are, by what is noted of them or by their sets. Cost: a search, or a merge.
    pub(super) fn similarity(&self, a: Ordinal, b: Ordinal) -> Similarity {
        let pair = (a.min(b), a.max(b));
        match self.untied.binary_search_by_key(&pair, |&(a, b, _)| (a, b)) {
            Ok(at) => self.untied[at].2,
            Err(_) => Overlap::of_sorted(&self.get(a), &self.get(b)).similarity(),
        }
    }

    /// What was given out is right, unless writing or reading a temporary file has failed.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::error::ErrorKind::Io) if it has.
    pub(super) fn sound(&self) -> Result<()> {
        self.shingles.sound()
    }

    /// Frees the shingles.
    pub(super) fn forget(&mut self) {
        self.shingles.forget();
        self.untied = Vec::new();
    }
}
