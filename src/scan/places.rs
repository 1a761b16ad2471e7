//! From where a record stands in its corpus to the story that came of it.

use crate::story::Ordinal;

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
}
