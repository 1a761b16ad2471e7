//! From stories sorted by bucket to candidate pairs.

use super::columns::{ROWS, batch, longs, of_longs};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Pairs of every bucket of fewer than `family` members; of larger ones the members. Holds one
/// bucket.
#[pyclass(module = "wirededup._core")]
pub(crate) struct BucketPairs {
    family: usize,
    bucket: Option<i64>,
    members: Vec<i64>,
    is_family: bool,
    found: Vec<(i64, i64, i64)>,
}

/// What a row is: two stories that meet, or a family by its bucket and a member.
const PAIR: i64 = 0;
const FAMILY: i64 = 1;

#[pymethods]
impl BucketPairs {
    #[new]
    fn new(family: usize) -> Self {
        Self { family, bucket: None, members: Vec::new(), is_family: false, found: Vec::new() }
    }

    /// Takes rows sorted by bucket and ordinal.
    fn push<'py>(&mut self, py: Python<'py>, rows: PyRecordBatch) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rows = rows.into_inner();
        let (buckets, stories) = (longs(&rows, "bucket")?, longs(&rows, "ordinal")?);
        py.detach(|| {
            for (&bucket, &story) in buckets.values().iter().zip(stories.values()) {
                self.meet(bucket, story);
            }
        });
        self.drain(py)
    }

    /// The pairs of the last bucket.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.close();
        self.drain(py)
    }
}

impl BucketPairs {
    fn meet(&mut self, bucket: i64, story: i64) {
        if self.bucket != Some(bucket) {
            self.close();
            self.bucket = Some(bucket);
        }
        if self.is_family {
            self.found.push((bucket, story, FAMILY));
            return;
        }
        self.members.push(story);
        if self.members.len() == self.family {
            self.is_family = true;
            self.found.extend(self.members.drain(..).map(|member| (bucket, member, FAMILY)));
        }
    }

    fn close(&mut self) {
        for (i, &a) in self.members.iter().enumerate() {
            self.found.extend(self.members[i + 1..].iter().map(|&b| (a, b, PAIR)));
        }
        self.members.clear();
        self.is_family = false;
    }

    fn drain<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let found = std::mem::take(&mut self.found);
        let made = found.chunks(ROWS).map(|rows| {
            let made = batch(vec![
                ("a", of_longs(rows.iter().map(|row| row.0))),
                ("b", of_longs(rows.iter().map(|row| row.1))),
                ("kind", of_longs(rows.iter().map(|row| row.2))),
            ])?;
            PyRecordBatch::new(made).into_pyarrow(py)
        });
        made.collect()
    }
}
