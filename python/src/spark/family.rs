//! From the members of families, in order, to the ties with their leaders.

use super::columns::{StoryColumns, longs};
use super::ties::{Compared, Tie, written};
use crate::settings::Settings;
use dedup::config::Config;
use dedup::scan::Leaders;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Compares the stories of large buckets with the leaders of their family, as a scan does. Holds
/// the leaders of one family.
#[pyclass(module = "wirededup._core")]
pub(crate) struct Families {
    config: Config,
    part: Option<i64>,
    leaders: Leaders<Compared>,
    found: Vec<Tie>,
}

#[pymethods]
impl Families {
    #[new]
    fn new(settings: &Settings) -> Self {
        Self { config: settings.config.clone(), part: None, leaders: Leaders::default(), found: Vec::new() }
    }

    /// Takes stories sorted by part and ordinal.
    fn push<'py>(&mut self, py: Python<'py>, rows: PyRecordBatch) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rows = rows.into_inner();
        let (stories, parts, ordinals) =
            (StoryColumns::of(&rows)?, longs(&rows, "part")?, longs(&rows, "ordinal")?);
        py.detach(|| {
            for row in 0..rows.num_rows() {
                if self.part != Some(parts.value(row)) {
                    self.part = Some(parts.value(row));
                    self.leaders = Leaders::default();
                }
                let member = Compared::new(&self.config, ordinals.value(row), stories.story(row));
                let copy = |leader: &Compared, member: &Compared| leader.copy(member, &self.config);
                self.found.extend(self.leaders.meet(member, copy));
            }
        });
        written(py, &std::mem::take(&mut self.found))
    }

    #[expect(clippy::unused_self, reason = "every kernel has it")]
    fn finish(&mut self) -> Vec<Py<PyAny>> {
        Vec::new()
    }
}
