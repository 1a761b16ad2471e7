//! From what is looked for in an index to whether a story may be what is meant.

use super::list::Filter;
use crate::index::file::rows::StoryRow;
use crate::index::file::sought::Sought;

/// Which clusters of an index are looked for, and in what order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// What one story of the cluster must fulfil, and how many stories there must be.
    pub filter: Filter,
    /// Only those with a story of one of these sources, without regard to ASCII case; of any if
    /// there is none.
    pub sources: Vec<String>,
    /// Only those with a story that holds this.
    pub text: Sought,
    /// Which come first.
    pub order: Order,
}

impl Search {
    /// Whether a story may be of any source and any time.
    pub(in crate::index) fn takes_all(&self) -> bool {
        let Filter { since, until, source, least: _, story: _ } = &self.filter;
        since.is_none() && until.is_none() && source.is_none() && self.sources.is_empty()
    }

    pub(in crate::index) fn takes(&self, row: &StoryRow) -> bool {
        let is_source = |source: &String| source.eq_ignore_ascii_case(&row.source);
        self.filter.takes(row) && (self.sources.is_empty() || self.sources.iter().any(is_source))
    }
}

/// Which clusters come first.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Order {
    /// The one whose latest story came last.
    #[default]
    Newest,
    /// The one whose first story came first.
    Oldest,
    /// The one of most stories.
    Largest,
    /// The one whose members are least alike.
    Weakest,
}
