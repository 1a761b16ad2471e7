//! From pairs to connected components, in one task.

use super::columns::{ROWS, batch, longs, of_longs};
use dedup::cluster::components;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Pairs of ordinals whose stories are numbered anew, without gaps.
#[derive(Default)]
struct Dense {
    pairs: Vec<(i64, i64)>,
}

/// Stories, and pairs of their places.
type Numbered = (Vec<i64>, Vec<(u32, u32)>);

impl Dense {
    fn push(&mut self, rows: PyRecordBatch) -> PyResult<()> {
        let rows = rows.into_inner();
        let (a, b) = (longs(&rows, "a")?, longs(&rows, "b")?);
        self.pairs.extend(a.values().iter().copied().zip(b.values().iter().copied()));
        Ok(())
    }

    /// The stories, ascending, and the pairs by their places among them.
    fn numbered(&mut self) -> PyResult<Numbered> {
        let pairs = std::mem::take(&mut self.pairs);
        let mut stories: Vec<i64> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        stories.sort_unstable();
        stories.dedup();
        if u32::try_from(stories.len()).is_err() {
            return Err(PyValueError::new_err("too many stories for one task; use components=\"stars\""));
        }
        let place = |story: i64| stories.partition_point(|&other| other < story) as u32;
        let numbered = pairs.iter().map(|&(a, b)| (place(a), place(b))).collect();
        Ok((stories, numbered))
    }
}

/// Connected components of all pairs: about 40 bytes a pair.
#[pyclass(module = "wirededup._core")]
#[derive(Default)]
pub(crate) struct Components(Dense);

#[pymethods]
impl Components {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn push(&mut self, rows: PyRecordBatch) -> PyResult<Vec<Py<PyAny>>> {
        self.0.push(rows)?;
        Ok(Vec::new())
    }

    /// A row a story: its ordinal, and the least one of its component.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let (stories, pairs) = self.0.numbered()?;
        let parts = py.detach(|| components(stories.len(), pairs));
        let rows: Vec<(i64, i64)> = parts
            .iter()
            .flat_map(|part| part.iter().map(|&place| (stories[place as usize], stories[part[0] as usize])))
            .collect();
        written(py, &rows, ["ordinal", "part"])
    }
}

fn written<'py>(py: Python<'py>, rows: &[(i64, i64)], names: [&str; 2]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let made = rows.chunks(ROWS).map(|rows| {
        let columns = vec![
            (names[0], of_longs(rows.iter().map(|row| row.0))),
            (names[1], of_longs(rows.iter().map(|row| row.1))),
        ];
        PyRecordBatch::new(batch(columns)?).into_pyarrow(py)
    });
    made.collect()
}
