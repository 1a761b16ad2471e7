//! From shingle sets to where each lies while they are compared.

use crate::error::Result;
use crate::spool::{Place, Spool};
use crate::story::Ordinal;
use std::borrow::Cow;

/// The shingle sets of the stories that are compared, by ordinal.
#[derive(Debug)]
pub(super) struct Sets {
    places: Vec<Place>,
    shingles: Spool<u64>,
}

impl Sets {
    /// No sets yet, of `stories`; of them about `allowance` bytes may be held in memory.
    pub(super) fn new(stories: usize, allowance: u64) -> Self {
        Self { places: vec![Place::default(); stories], shingles: Spool::new(allowance) }
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
    }
}
