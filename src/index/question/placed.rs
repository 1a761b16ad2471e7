//! From a cluster on a page to a number that stands for all that is shown of it, so that whoever has
//! shown it before need not have it laid out again.

use super::walk::Candidate;
use crate::hash;
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::{Done, damage};
use crate::index::file::rows::State;

/// A cluster on a page.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Placed {
    /// The number of the canonical.
    pub number: u32,
    /// Another one as soon as a story of the cluster, a tie of one, or whether any story of the index
    /// names a source is another; and whenever all ties were judged anew.
    pub state: u64,
    /// Where it stands in [`Report::clusters`](crate::report::Report::clusters); `None` if it was known.
    pub place: Option<usize>,
}

impl Index {
    /// What stands for all that a report says of any cluster and that is not its own: when ties were
    /// judged, and whether any story names a source.
    pub(super) fn state_of_all(&self, state: &State) -> Done<u64> {
        Ok(hash::finalise(hash::finalise(state.judged_at()) ^ u64::from(self.is_voiced()?)))
    }

    /// What stands for all that a report says of a cluster. One number never has two stories, so the
    /// numbers stand for them, and for their ties until all are judged anew.
    ///
    /// `of_all` is what [`Index::state_of_all`] gives.
    pub(super) fn state_of(&self, candidate: &Candidate, of_all: u64) -> Done<u64> {
        let row = ClusterRow::read(&self.store.db, candidate.cluster)?;
        let found = candidate.stories.len();
        if row.stories as usize != found {
            return damage(format!("cluster {} has {found} stories, expected {}", row.cluster, row.stories));
        }
        let mut state = hash::finalise(row.seal().cast_unsigned() ^ of_all);
        candidate.stories.iter().for_each(|&story| state = hash::finalise(state ^ u64::from(story)));
        Ok(state)
    }
}
