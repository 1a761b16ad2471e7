//! From stories to the marks by which their other versions are looked for.

use super::columns::{StoryColumns, batch, longs, of_longs};
use super::compare::prepared;
use crate::settings::Settings;
use dedup::config::Config;
use dedup::evidence::quote;
use dedup::evidence::{Landmarks, frequency};
use dedup::rare::{RareKeys, Sampling};
use dedup::story::Story;
use dedup::text;
use dedup::wire;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Calls `each` for every story, and writes the marks that it pushes beside the ordinal.
fn marks(
    py: Python<'_>,
    rows: PyRecordBatch,
    each: impl Fn(Story, &mut dyn FnMut(u32)) + Sync,
) -> PyResult<Bound<'_, PyAny>> {
    let rows = rows.into_inner();
    let (stories, ordinals) = (StoryColumns::of(&rows)?, longs(&rows, "ordinal")?);
    let made = py.detach(|| {
        let (mut marks, mut of) = (Vec::new(), Vec::new());
        for (row, &ordinal) in ordinals.values().iter().enumerate() {
            each(stories.story(row), &mut |mark| {
                marks.push(i64::from(mark));
                of.push(ordinal);
            });
        }
        batch(vec![("mark", of_longs(marks)), ("ordinal", of_longs(of))])
    })?;
    PyRecordBatch::new(made).into_pyarrow(py)
}

/// The distinct kept runs of three tokens of each story's `part`: `body` (sampled by the tokens of
/// the corpus), `headline`, or `notice` (both).
#[pyfunction]
pub(crate) fn rare_keys<'py>(
    py: Python<'py>,
    rows: PyRecordBatch,
    settings: &Settings,
    part: &str,
    corpus_tokens: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let (body, headline, sampling) = match part {
        "body" => (true, false, Sampling::of(corpus_tokens)),
        "headline" => (false, true, Sampling::All),
        "notice" => (true, true, Sampling::All),
        other => {
            return Err(PyValueError::new_err(format!("expected body, headline or notice, found `{other}`")));
        }
    };
    let config: &Config = &settings.config;
    marks(py, rows, |mut story, push| {
        let mut keys = RareKeys::default();
        let tokens = prepared(config, &mut story);
        if body {
            keys.push(sampling, &tokens, 0);
        }
        if headline {
            let mut tokens = Vec::new();
            text::token_hashes(&story.headline, &mut tokens);
            keys.push(Sampling::All, &tokens, 0);
        }
        keys.sorted().into_iter().for_each(|entry| push((entry >> 32) as u32));
    })
}

/// The distinct keys of the quotations in each story's body.
#[pyfunction]
pub(crate) fn quote_keys<'py>(
    py: Python<'py>,
    rows: PyRecordBatch,
    settings: &Settings,
) -> PyResult<Bound<'py, PyAny>> {
    marks(py, rows, |mut story, push| {
        wire::prepare(&mut story, settings.config.keep_furniture());
        let (mut tokens, mut quotations, mut keys) = (Vec::new(), Vec::new(), RareKeys::default());
        quote::token_hashes(&story.body, &mut tokens, &mut quotations);
        quote::push_keys(&tokens, &quotations, &mut keys, 0);
        keys.sorted().into_iter().for_each(|entry| push((entry >> 32) as u32));
    })
}

/// The distinct stems of each story's body.
#[pyfunction]
pub(crate) fn stems<'py>(
    py: Python<'py>,
    rows: PyRecordBatch,
    settings: &Settings,
) -> PyResult<Bound<'py, PyAny>> {
    marks(py, rows, |mut story, push| {
        wire::prepare(&mut story, settings.config.keep_furniture());
        let mut stems = frequency::stems(&text::repair(&story.body));
        stems.sort_unstable();
        stems.dedup();
        stems.into_iter().for_each(push);
    })
}

/// The distinct landmarks of each story.
#[pyfunction]
pub(crate) fn landmarks<'py>(
    py: Python<'py>,
    rows: PyRecordBatch,
    settings: &Settings,
) -> PyResult<Bound<'py, PyAny>> {
    marks(py, rows, |mut story, push| {
        wire::prepare(&mut story, settings.config.keep_furniture());
        Landmarks::of_story(&story).as_slice().iter().copied().for_each(push);
    })
}
