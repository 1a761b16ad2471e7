//! From the stories and pairs of one block to verified copies.

use super::columns::{StoryColumns, longs};
use super::ties::{Compared, Tie, written};
use crate::settings::Settings;
use dedup::config::Config;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::collections::HashMap;

/// Compares pairs of stories, block by block. Holds the stories of one block.
#[pyclass(module = "wirededup._core")]
pub(crate) struct Compare {
    config: Config,
    block: Option<[i64; 3]>,
    known: HashMap<i64, Compared>,
    found: Vec<Tie>,
}

#[pymethods]
impl Compare {
    #[new]
    fn new(settings: &Settings) -> Self {
        Self { config: settings.config.clone(), block: None, known: HashMap::new(), found: Vec::new() }
    }

    /// Takes rows sorted by block, kind, a and b: the stories of a block, then its pairs.
    fn push<'py>(&mut self, py: Python<'py>, rows: PyRecordBatch) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rows = rows.into_inner();
        let stories = StoryColumns::of(&rows)?;
        let column = |name| longs(&rows, name);
        let block = [column("part")?, column("chunk_a")?, column("chunk_b")?];
        let (kind, a, b) = (column("kind")?, column("a")?, column("b")?);
        py.detach(|| {
            for row in 0..rows.num_rows() {
                let here = block.each_ref().map(|column| column.value(row));
                if self.block != Some(here) {
                    self.block = Some(here);
                    self.known.clear();
                }
                let (a, b) = (a.value(row), b.value(row));
                if kind.value(row) == 0 {
                    self.known.insert(a, Compared::new(&self.config, a, stories.story(row)));
                } else if let (Some(x), Some(y)) = (self.known.get(&a), self.known.get(&b)) {
                    self.found.extend(x.copy(y, &self.config));
                }
            }
        });
        written(py, &std::mem::take(&mut self.found))
    }

    #[expect(clippy::unused_self, reason = "every kernel has it")]
    fn finish(&mut self) -> Vec<Py<PyAny>> {
        Vec::new()
    }
}
