//! From a cluster on a page to a number that stands for all that is shown of it, so that whoever has
//! shown it before need not have it laid out again.

use super::walk::Candidate;
use crate::hash;
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::{Done, damage};
use crate::index::file::ties;

/// A cluster on a page.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Placed {
    /// The number of the canonical.
    pub number: u32,
    /// Another one as soon as a story of the cluster, a tie of one, or whether any story of the index
    /// names a source is another.
    pub state: u64,
    /// Where it stands in [`Report::clusters`](crate::report::Report::clusters); `None` if it was known.
    pub place: Option<usize>,
}

impl Index {
    /// What stands for all that a report says of a cluster. One number never has two stories, so the
    /// numbers stand for them.
    ///
    /// `is_voiced` says whether any story of the index names a source.
    pub(super) fn state_of(&self, candidate: &Candidate, is_voiced: bool) -> Done<u64> {
        let db = &self.store.db;
        let row = ClusterRow::read(db, candidate.cluster)?;
        let found = candidate.stories.len();
        if row.stories as usize != found {
            return damage(format!("cluster {} has {found} stories, expected {}", row.cluster, row.stories));
        }
        let mut state = hash::finalise(row.seal().cast_unsigned());
        let mut mix = |value: u64| state = hash::finalise(state ^ value);
        candidate.stories.iter().for_each(|&story| mix(story.into()));
        ties::seals(db, row.cluster, |seal| mix(seal.cast_unsigned()))?;
        mix(is_voiced.into());
        Ok(state)
    }
}
