//! From what a reader ticks in the list to the reports that have it.

use super::super::standing::Standing;
use super::summary::{Named, Row};
use crate::relation::Relation;

/// What a report must have: of each kind one of those named, or anything if none is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Selection {
    /// Relations of a member to another.
    pub relations: Vec<Relation>,
    /// Where members stand after a kill or a correction.
    pub flags: Vec<Standing>,
    /// Languages of members.
    pub languages: Vec<String>,
    /// Agencies that members credit or are.
    pub agencies: Vec<String>,
}

impl Selection {
    /// Whether every report has it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn takes(&self, row: &Row<'_>) -> bool {
        fn any<T>(wanted: &[T], is_there: impl FnMut(&T) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(is_there)
        }
        any(&self.relations, |&one| row.relations.contains(&Named(one)))
            && any(&self.flags, |one| row.flags.contains(one))
            && any(&self.languages, |one| row.languages.contains(one.as_str()))
            && any(&self.agencies, |one| row.agencies.contains(one.as_str()))
    }
}
