//! From Python to a living index on disk, and from its answers back.

use crate::failure::{exception, in_python};
use crate::objects;
use crate::report::Report;
use crate::run::Given;
use crate::settings::{Settings, fields};
use dedup::index::{Filter, Index as Store, PATIENCE};
use dedup::input::Fields;
use dedup::story::Story;
use jiff::Timestamp;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::ThreadPool;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Answers as JSON, and rows that were skipped with the reason.
type Told = (Vec<String>, Vec<BadRow>);

/// A row that made no story, and why.
type BadRow = (u64, String);

/// An index that is open, or was.
#[pyclass(frozen, module = "wirededup._core")]
pub(crate) struct Index {
    store: Mutex<Option<Store>>,
    /// A pool of its own, so that a forked process can write too.
    pool: ThreadPool,
    fields: Fields,
}

#[pymethods]
impl Index {
    /// Opens to write with `settings`, making the file if it is not there; without settings, an
    /// index that is there; or to read only.
    #[new]
    #[pyo3(signature = (path, settings, read_only, *, id="id", text="text", headline=None, source=None, time=None,
        language=None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        settings: Option<&Settings>,
        read_only: bool,
        id: &str,
        text: &str,
        headline: Option<String>,
        source: Option<String>,
        time: Option<String>,
        language: Option<String>,
    ) -> PyResult<Self> {
        let pool = rayon::ThreadPoolBuilder::new().build();
        let pool = pool.map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?;
        let opened = py.detach(|| match settings {
            Some(settings) if read_only => {
                let store = Store::open_read_only(&path)?;
                store.accepts(&settings.config)?;
                Ok(store)
            }
            None if read_only => Store::open_read_only(&path),
            Some(settings) => Store::open_or_create(&path, &settings.config),
            None => Store::open(&path, PATIENCE),
        });
        let store = opened.map_err(|error| exception(&error))?;
        let fields = fields(id, text, headline, source, time, language);
        Ok(Self { store: Mutex::new(Some(store)), pool, fields })
    }

    /// Adds the stories of a list or a table in one durable step; answers as JSON, and rows that
    /// made no story, from 0, with the reason.
    fn add(&self, py: Python<'_>, stories: &Bound<'_, PyAny>, strict: bool) -> PyResult<Told> {
        let (stories, skipped) = self.stories(stories, strict)?;
        let answers = self.with(py, |store| store.add(&stories))?;
        Ok((answers.iter().map(json).collect::<PyResult<_>>()?, skipped))
    }

    /// Says of each story of a list or a table whether its report has been seen; as for `add`.
    fn query_many(&self, py: Python<'_>, stories: &Bound<'_, PyAny>, strict: bool) -> PyResult<Told> {
        let (stories, skipped) = self.stories(stories, strict)?;
        let answers = self.with(py, |store| {
            stories.iter().map(|story| store.query(story)).collect::<dedup::Result<Vec<_>>>()
        })?;
        Ok((answers.iter().map(json).collect::<PyResult<_>>()?, skipped))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        let counts = self.with(py, |store| store.counts())?;
        Ok(usize::try_from(counts.stories).unwrap_or(usize::MAX))
    }

    fn __contains__(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = id.str()?.to_str()?.to_owned();
        Ok(self.with(py, |store| store.number_of_id(&id))?.is_some())
    }

    /// Says whether the report of a story has been seen; the answer as JSON.
    fn query(&self, py: Python<'_>, story: Bound<'_, PyAny>) -> PyResult<String> {
        let story = self.story(&story)?;
        json(&self.with(py, |store| store.query(&story))?)
    }

    /// Takes stories out; gives those ids that no story has.
    fn remove(&self, py: Python<'_>, ids: Vec<String>) -> PyResult<Vec<String>> {
        self.with(py, |store| store.remove(&ids))
    }

    /// Takes out what was published before a moment; gives how many stories that were.
    fn expire(&self, py: Python<'_>, before: &str) -> PyResult<u64> {
        let moment = moment(before)?;
        self.with(py, |store| store.expire(moment))
    }

    /// All stories with their clusters and pairs, or those of one story.
    #[pyo3(signature = (since=None, until=None, source=None, least=0, story=None))]
    fn report(
        &self,
        py: Python<'_>,
        since: Option<&str>,
        until: Option<&str>,
        source: Option<String>,
        least: u32,
        story: Option<String>,
    ) -> PyResult<Report> {
        let (since, until) = (since.map(moment).transpose()?, until.map(moment).transpose()?);
        let filter = Filter { since, until, source, least, story };
        let found = self.with(py, |store| Ok((store.report(&filter)?, store.config().clone())))?;
        Ok(Report::of_index(found.0, found.1))
    }

    /// The figures of the index, as JSON.
    fn stats(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.with(py, |store| store.stats())?)
    }

    /// What does not hold of all that the file promises.
    fn verify(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, |store| store.verify())
    }

    /// Ends its use; what was done is on the disk already.
    fn close(&self, py: Python<'_>) {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(store));
    }
}

impl Index {
    fn story(&self, object: &Bound<'_, PyAny>) -> PyResult<Story> {
        objects::story(object, &self.fields)
    }

    /// The stories of a list or a table, and the rows that made none; the first of these is an
    /// error if it is `strict`.
    fn stories(&self, given: &Bound<'_, PyAny>, strict: bool) -> PyResult<(Vec<Story>, Vec<BadRow>)> {
        let given = Given::of(given, self.fields.clone(), None, false)?;
        let (mut stories, mut skipped) = (Vec::with_capacity(given.rows()), Vec::new());
        let (mut row, mut first) = (0, None);
        given.each(|story| {
            match story {
                Ok(story) => stories.push(story),
                Err(error) => {
                    skipped.push((row, in_python(error.message())));
                    first.get_or_insert(error);
                }
            }
            row += 1;
        })?;
        match first {
            Some(error) if strict => Err(exception(&error)),
            _ => Ok((stories, skipped)),
        }
    }

    /// Lets `step` use the store, without the interpreter lock.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        step: impl FnOnce(&mut Store) -> dedup::Result<T> + Send,
    ) -> PyResult<T> {
        py.detach(|| {
            self.pool.install(|| {
                let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
                store.as_mut().map(step)
            })
        })
        .ok_or_else(|| PyValueError::new_err("the index is closed; open it again"))?
        .map_err(|error| exception(&error))
    }
}

fn json(answer: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(answer)
        .map_err(|error| PyRuntimeError::new_err(format!("cannot write JSON: {error}")))
}

fn moment(printed: &str) -> PyResult<Timestamp> {
    printed.parse().map_err(|_| {
        PyValueError::new_err(format!("expected a time such as 2024-03-01T12:00:00Z, found `{printed}`"))
    })
}
