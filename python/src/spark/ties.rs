//! From verified ties to rows, and back.

use super::columns::{ROWS, batch, longs, of_longs, of_reals, reals};
use arrow_array::{Array, Float64Array, Int64Array, RecordBatch};
use dedup::Relation;
use dedup::relation::judge::{Verdict, copy_score, shortest_copy};
use dedup::scan::PartTie;
use dedup::similarity::{Overlap, Similarity};
use dedup::verify;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// A tie of two stories by their ordinals.
#[derive(Clone, Copy)]
pub(super) struct Tie {
    pub(super) a: i64,
    pub(super) b: i64,
    pub(super) relation: Relation,
    pub(super) score: f64,
    pub(super) overlap: Overlap,
    pub(super) coverage: Option<(f32, f32)>,
    /// Which of the two takes the other back: neither 0, `a` 1, `b` 2.
    pub(super) kill: i64,
}

impl Tie {
    pub(super) fn judged(a: i64, b: i64, verdict: Verdict, kill: i64) -> Self {
        let Verdict { relation, score, overlap, coverage, .. } = verdict;
        Self { a, b, relation, score, overlap, coverage: Some((coverage.a, coverage.b)), kill }
    }
}

/// A story as copies are verified.
pub(super) struct Compared {
    pub(super) ordinal: i64,
    pub(super) tokens: usize,
    pub(super) shingles: Vec<u64>,
}

impl Compared {
    /// The tie of two stories that are copies.
    pub(super) fn copy(&self, other: &Self, width: usize, threshold: Similarity) -> Option<Tie> {
        if self.tokens.min(other.tokens) < shortest_copy(width) {
            return None;
        }
        let overlap = verify::copy(&self.shingles, &other.shingles, threshold)?;
        let (a, b) = (self.ordinal, other.ordinal);
        let score = copy_score(overlap);
        Some(Tie { a, b, relation: Relation::Copy, score, overlap, coverage: None, kill: 0 })
    }
}

pub(super) fn written<'py>(py: Python<'py>, ties: &[Tie]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let made = ties.chunks(ROWS).map(|ties| {
        let longs = |of: fn(&Tie) -> i64| of_longs(ties.iter().map(of));
        let coverage =
            |of: fn((f32, f32)) -> f32| of_reals(ties.iter().map(|tie| tie.coverage.map(|c| of(c).into())));
        let number = |tie: &Tie| i64::from(tie.relation.code());
        let columns = vec![
            ("a", longs(|tie| tie.a)),
            ("b", longs(|tie| tie.b)),
            ("relation", of_longs(ties.iter().map(number))),
            ("joins", of_longs(ties.iter().map(|tie| i64::from(tie.relation.joins(dedup::Level::Rewrite))))),
            ("score", of_reals(ties.iter().map(|tie| Some(tie.score)))),
            ("shared", longs(|tie| tie.overlap.shared.into())),
            ("size_a", longs(|tie| tie.overlap.a.into())),
            ("size_b", longs(|tie| tie.overlap.b.into())),
            ("coverage_a", coverage(|coverage| coverage.0)),
            ("coverage_b", coverage(|coverage| coverage.1)),
            ("kill", longs(|tie| tie.kill)),
        ];
        PyRecordBatch::new(batch(columns)?).into_pyarrow(py)
    });
    made.collect()
}

/// The tie columns of a batch.
pub(super) struct TieColumns {
    numbers: [Int64Array; 4],
    score: Float64Array,
    coverage: [Float64Array; 2],
}

impl TieColumns {
    pub(super) fn of(rows: &RecordBatch) -> PyResult<Self> {
        let numbers = [
            longs(rows, "relation")?,
            longs(rows, "shared")?,
            longs(rows, "size_a")?,
            longs(rows, "size_b")?,
        ];
        let coverage = [reals(rows, "coverage_a")?, reals(rows, "coverage_b")?];
        Ok(Self { numbers, score: reals(rows, "score")?, coverage })
    }

    /// The tie in a row, for stories at these places.
    pub(super) fn tie(&self, row: usize, a: u32, b: u32) -> PyResult<PartTie> {
        let [relation, shared, size_a, size_b] = self.numbers.each_ref().map(|column| column.value(row));
        let relation = u8::try_from(relation).ok().and_then(Relation::of_code);
        let relation = relation.ok_or_else(|| PyValueError::new_err("expected the number of a relation"))?;
        let count = |value: i64| u32::try_from(value).unwrap_or_default();
        let known = (!self.coverage[0].is_null(row)).then(|| {
            let [a, b] = self.coverage.each_ref().map(|column| column.value(row) as f32);
            (a, b)
        });
        Ok(PartTie {
            a,
            b,
            relation,
            score: self.score.value(row),
            overlap: Overlap { shared: count(shared), a: count(size_a), b: count(size_b) },
            coverage: known,
        })
    }
}
