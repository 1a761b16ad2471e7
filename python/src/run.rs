//! From a call in Python to a run of the library on threads of its own, which Ctrl-C can end.

use crate::failure::exception;
use crate::frame::Frame;
use crate::objects::{self, Objects};
use crate::report::Report;
use crate::settings::{Settings, fields};
use dedup::input::{Corpus, Fields};
use dedup::report::Style;
use dedup::report::explanation;
use dedup::scan::{Places, Progress, Scanner, Stage};
use dedup::story::Story;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3_arrow::PyRecordBatchReader;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often Python is asked for signals and told how far the run has come.
const TICK: Duration = Duration::from_millis(50);

/// What a run and whoever waits for it tell each other.
#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    progress: Mutex<Option<Progress>>,
}

/// Unwinds a run that nobody waits for any more.
struct Interrupted;

impl Shared {
    fn watch(&self, progress: Progress) {
        if self.stop.load(Relaxed) {
            resume_unwind(Box::new(Interrupted));
        }
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    fn take(&self) -> Option<Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Scans a table with `__arrow_c_stream__` or a list of strings and dicts.
#[pyfunction]
#[pyo3(signature = (stories, settings, *, id="id", text="text", headline=None, source=None, time=None, language=None,
    needs_id=false, spool=true, progress=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
pub(crate) fn scan(
    py: Python<'_>,
    stories: &Bound<'_, PyAny>,
    settings: &Settings,
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
    needs_id: bool,
    spool: bool,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Report> {
    let fields = fields(id, text, headline, source, time, language);
    let config = settings.with_threads();
    let scanner = Scanner::new(config.clone());
    let (found, id_type) = match Given::of(stories, fields, config.memory().filter(|_| spool), needs_id)? {
        Given::Objects(objects) => {
            let id_type = objects.id_type();
            (run(py, scanner, Arc::new(objects), progress)?, id_type)
        }
        Given::Frame(frame) => {
            let id_type = frame.id_type();
            let frame = Arc::new(frame);
            let found = run(py, scanner, Arc::clone(&frame), progress);
            frame.sound()?;
            (found?, id_type)
        }
    };
    let (report, places) = found;
    Ok(Report::of_scan(report, config, places.in_order().collect(), id_type))
}

/// Stories as Python hands them over.
#[expect(clippy::large_enum_variant, reason = "a run has one")]
pub(crate) enum Given {
    /// A list of strings and dicts.
    Objects(Objects),
    /// What exports a stream of Arrow batches.
    Frame(Frame),
}

impl Given {
    /// # Errors
    /// Those of [`Objects::new`] and [`Frame::new`].
    pub(crate) fn of(
        stories: &Bound<'_, PyAny>,
        fields: Fields,
        memory: Option<u64>,
        needs_id: bool,
    ) -> PyResult<Self> {
        if let Ok(list) = stories.cast::<PyList>() {
            let objects: Vec<Bound<'_, PyAny>> = list.iter().collect();
            return Ok(Self::Objects(Objects::new(&objects, fields)?));
        }
        let reader = stories.extract::<PyRecordBatchReader>()?.into_reader()?;
        let schema = reader.schema();
        Ok(Self::Frame(Frame::new(&schema, reader, fields, memory, needs_id)?))
    }

    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Objects(objects) => objects.rows(),
            Self::Frame(frame) => frame.rows(),
        }
    }

    /// Calls `each` with every story or what is wrong with the row, in order.
    ///
    /// # Errors
    /// `OSError` if rows that waited in a file could not be read.
    pub(crate) fn each(&self, mut each: impl FnMut(Result<Story, dedup::Error>)) -> PyResult<()> {
        match self {
            Self::Objects(objects) => objects.stories().for_each(&mut each),
            Self::Frame(frame) => frame.stories().for_each(&mut each),
        }
        match self {
            Self::Objects(_) => Ok(()),
            Self::Frame(frame) => frame.sound(),
        }
    }
}

/// What a run found, and of every row its story.
type Found = (dedup::Report, Places);

/// Runs on another thread and waits here, without the interpreter lock.
fn run(
    py: Python<'_>,
    scanner: Scanner,
    corpus: Arc<impl Corpus + Send + 'static>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Found> {
    let shared = Arc::new(Shared::default());
    let (done, result) = channel();
    let ours = Arc::clone(&shared);
    std::thread::Builder::new().name("dedup".to_owned()).spawn(move || {
        let run = || scanner.scan_placed(&*corpus, &|progress| ours.watch(progress));
        // Nobody may be listening any more.
        let _ = done.send(catch_unwind(AssertUnwindSafe(run)));
    })?;
    let result = Mutex::new(result);
    let wait = || result.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(TICK);
    loop {
        match py.detach(wait) {
            Ok(Ok(found)) => return found.map_err(|error| exception(&error)),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the run broke off; this is a fault in dedup"));
            }
            Err(RecvTimeoutError::Timeout) => {
                let told = py.check_signals().and_then(|()| tell(progress, shared.take()));
                if let Err(interrupt) = told {
                    shared.stop.store(true, Relaxed);
                    return Err(interrupt);
                }
            }
        }
    }
}

fn tell(callback: Option<&Bound<'_, PyAny>>, progress: Option<Progress>) -> PyResult<()> {
    let (Some(callback), Some(Progress { stage, done, total })) = (callback, progress) else { return Ok(()) };
    let stage = match stage {
        Stage::Read => "read",
        Stage::Compare => "compare",
        Stage::Cluster => "cluster",
    };
    callback.call1((stage, done, total)).map(|_| ())
}

/// What ties two stories, as JSON and as text.
#[pyfunction]
#[pyo3(signature = (a, b, settings, *, id="id", text="text", headline=None, source=None, time=None, language=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
pub(crate) fn explain(
    py: Python<'_>,
    a: &Bound<'_, PyAny>,
    b: &Bound<'_, PyAny>,
    settings: &Settings,
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
) -> PyResult<(String, String)> {
    let fields = fields(id, text, headline, source, time, language);
    let (mut a, mut b) = (objects::story(a, &fields)?, objects::story(b, &fields)?);
    if a.id == b.id {
        (a.id, b.id) = ("a".to_owned(), "b".to_owned());
    }
    py.detach(|| {
        let explanation = dedup::explain::explain(&settings.config, &a, &b);
        let (mut json, mut text) = (Vec::new(), Vec::new());
        explanation::write_json(&explanation, &mut json)?;
        explanation::write_text(&explanation, Style::default(), &mut text)?;
        let string = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(std::io::Error::other);
        Ok((string(json)?, string(text)?))
    })
}
