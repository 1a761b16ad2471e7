//! From where a record stands in its corpus to the story that came of it.

use crate::error::Result;
use crate::input::Corpus;
use crate::story::{Ordinal, Story};
use std::collections::BTreeMap;

/// For every record of a corpus the place of its story in the report.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Places(pub(super) Vec<Vec<Option<Ordinal>>>);

impl Places {
    /// The place in [`Report::stories`](crate::report::Report::stories) of the story that came of
    /// the record at `index` of block `block`; `None` if it was skipped.
    pub fn story(&self, block: usize, index: usize) -> Option<Ordinal> {
        self.0.get(block)?.get(index).copied().flatten()
    }

    /// How many records there are, skipped ones included.
    pub fn records(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// The same for every record in the order of the corpus: what came of it, block by block.
    pub fn in_order(&self) -> impl Iterator<Item = Option<Ordinal>> {
        self.0.iter().flatten().copied()
    }

    /// Reads the stories that are `wanted`, sorted, once more, as they came. What is no longer there
    /// is left out. Cost: one reading of the blocks that hold them.
    ///
    /// # Errors
    /// The first of their records that cannot be read any more.
    pub fn stories(
        &self,
        corpus: &(impl Corpus + ?Sized),
        wanted: &[Ordinal],
    ) -> Result<BTreeMap<Ordinal, Story>> {
        let wanted_at = |block: usize, index: usize| {
            self.story(block, index).filter(|story| wanted.binary_search(story).is_ok())
        };
        let holds = |block: usize| {
            (0..self.0.get(block).map_or(0, Vec::len)).any(|index| wanted_at(block, index).is_some())
        };
        let (mut found, mut failure) = (BTreeMap::new(), None);
        for block in corpus.blocks(&holds) {
            let number = block.number;
            block.records(
                |index| wanted_at(number, index).is_some(),
                |index, record| match (wanted_at(number, index), record) {
                    (Some(place), Ok(story)) => {
                        found.insert(place, story.into_owned());
                    }
                    (Some(_), Err(error)) => failure = failure.take().or(Some(error)),
                    (None, _) => {}
                },
            );
        }
        failure.map_or(Ok(found), Err)
    }
}
