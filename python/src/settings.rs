//! From keyword arguments to the library's checked settings and field names.

use crate::failure::exception;
use dedup::config::Config;
use dedup::input::Fields;
use dedup::relation::model::Model;
use dedup::{Keep, Level, Linkage};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::time::Duration;

/// Checked settings of a run.
#[pyclass(frozen, module = "wirededup._core")]
pub(crate) struct Settings {
    pub(crate) config: Config,
}

#[pymethods]
impl Settings {
    /// Checks the settings; `window` is in seconds, `memory` in bytes, `model` what its file says.
    #[new]
    #[pyo3(signature = (*, level="rewrite", threshold=0.7, shingle=5, window=Some(604_800), linkage="average",
        keep="first", keep_furniture=false, all_relations=false, facts=false, texts=false, strict=false, threads=None, memory=None,
        model=None))]
    #[expect(clippy::too_many_arguments, clippy::fn_params_excessive_bools, reason = "keywords of Python")]
    fn new(
        level: &str,
        threshold: f64,
        shingle: usize,
        window: Option<u64>,
        linkage: &str,
        keep: &str,
        keep_furniture: bool,
        all_relations: bool,
        facts: bool,
        texts: bool,
        strict: bool,
        threads: Option<usize>,
        memory: Option<u64>,
        model: Option<&str>,
    ) -> PyResult<Self> {
        let level = match level {
            "identical" => Level::Identical,
            "copy" => Level::Copy,
            "rewrite" => Level::Rewrite,
            other => return Err(unknown("a level of identical, copy or rewrite", other)),
        };
        let linkage = match linkage {
            "single" => Linkage::Single,
            "average" => Linkage::Average,
            "complete" => Linkage::Complete,
            other => return Err(unknown("a linkage of single, average or complete", other)),
        };
        let keep: Keep = keep.parse().map_err(|error| exception(&error))?;
        let builder = Config::builder()
            .level(level)
            .threshold(threshold)
            .shingle(shingle)
            .window(window.map(Duration::from_secs))
            .linkage(linkage)
            .keep(keep)
            .keep_furniture(keep_furniture)
            .all_relations(all_relations)
            .facts(facts)
            .texts(texts)
            .strict(strict)
            .threads(threads)
            .memory(memory);
        let model = model.map(Model::read).transpose().map_err(|error| exception(&error))?;
        let builder = match model {
            Some(model) => builder.model(model),
            None => builder,
        };
        Ok(Self { config: builder.build().map_err(|error| exception(&error))? })
    }
}

impl Settings {
    /// The settings with a number of threads: the pool of a run is its own, so that a process
    /// forked from one that has scanned can scan too.
    pub(crate) fn with_threads(&self) -> Config {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.config.clone().with_threads(self.config.threads().unwrap_or(cores))
    }
}

fn unknown(expected: &str, found: &str) -> PyErr {
    PyValueError::new_err(format!("expected {expected}, found `{found}`"))
}

/// Names of columns or keys. The defaults, `id` and `text`, leave it to the usual names, which
/// these head.
pub(crate) fn fields(
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
) -> Fields {
    let named = |name: &str, usual: &str| (name != usual).then(|| name.to_owned());
    Fields { id: named(id, "id"), text: named(text, "text"), headline, date: time, source, language }
}

/// Those of `names` that stand for a part of a story, once each.
#[pyfunction]
#[pyo3(signature = (names, *, id="id", text="text", headline=None, source=None, time=None, language=None))]
pub(crate) fn columns(
    names: Vec<String>,
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
) -> Vec<String> {
    let fields = fields(id, text, headline, source, time, language);
    names.into_iter().filter(|name| fields.role(name).is_some()).collect()
}

/// Raises `ValueError` if no column can be the text, or one that is named is missing.
#[pyfunction]
#[pyo3(signature = (columns, *, id="id", text="text", headline=None, source=None, time=None, language=None))]
pub(crate) fn require(
    columns: Vec<String>,
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
) -> PyResult<()> {
    crate::frame::require(&fields(id, text, headline, source, time, language), &columns)
}

/// What a column stands for: `id`, `text`, `headline`, `date`, `source`, `language`, or nothing.
#[pyfunction]
#[pyo3(signature = (name, *, id="id", text="text", headline=None, source=None, time=None, language=None))]
pub(crate) fn role(
    name: &str,
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
) -> String {
    let role = fields(id, text, headline, source, time, language).role(name);
    role.map_or_else(String::new, |(role, _)| format!("{role:?}").to_lowercase())
}
