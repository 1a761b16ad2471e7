//! From verified copies to rows, and back.

use super::columns::{ROWS, batch, longs, of_longs};
use arrow_array::{Int64Array, RecordBatch};
use dedup::config::Config;
use dedup::relation::judge::shortest_copy;
use dedup::similarity::Overlap;
use dedup::story::Story;
use dedup::{text, verify, wire};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Two stories that are copies, by their ordinals.
#[derive(Clone, Copy)]
pub(super) struct Tie {
    pub(super) a: i64,
    pub(super) b: i64,
    pub(super) overlap: Overlap,
}

/// A story as copies are verified.
pub(super) struct Compared {
    ordinal: i64,
    tokens: usize,
    shingles: Vec<u64>,
}

impl Compared {
    pub(super) fn new(config: &Config, ordinal: i64, mut story: Story) -> Self {
        wire::prepare(&mut story, config.keep_furniture());
        let mut tokens = Vec::new();
        text::token_hashes(&story.body, &mut tokens);
        let shingles = dedup::shingle::distinct(&tokens, config.shingle());
        Self { ordinal, tokens: tokens.len(), shingles }
    }

    /// The tie of two stories that are copies.
    pub(super) fn copy(&self, other: &Self, config: &Config) -> Option<Tie> {
        if self.tokens.min(other.tokens) < shortest_copy(config.shingle()) {
            return None;
        }
        let overlap = verify::copy(&self.shingles, &other.shingles, config.threshold())?;
        Some(Tie { a: self.ordinal, b: other.ordinal, overlap })
    }
}

pub(super) fn written<'py>(py: Python<'py>, ties: &[Tie]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let made = ties.chunks(ROWS).map(|ties| {
        let longs = |of: fn(&Tie) -> i64| of_longs(ties.iter().map(of));
        let columns = vec![
            ("a", longs(|tie| tie.a)),
            ("b", longs(|tie| tie.b)),
            ("shared", longs(|tie| tie.overlap.shared.into())),
            ("size_a", longs(|tie| tie.overlap.a.into())),
            ("size_b", longs(|tie| tie.overlap.b.into())),
        ];
        PyRecordBatch::new(batch(columns)?).into_pyarrow(py)
    });
    made.collect()
}

/// The overlaps in a batch of ties.
pub(super) struct Overlaps([Int64Array; 3]);

impl Overlaps {
    pub(super) fn of(rows: &RecordBatch) -> PyResult<Self> {
        Ok(Self([longs(rows, "shared")?, longs(rows, "size_a")?, longs(rows, "size_b")?]))
    }

    pub(super) fn at(&self, row: usize) -> Overlap {
        let [shared, a, b] =
            self.0.each_ref().map(|column| u32::try_from(column.value(row)).unwrap_or_default());
        Overlap { shared, a, b }
    }
}
