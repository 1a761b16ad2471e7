//! From the stories and ties of one component to its pairs and clusters, by the code of a scan.

use super::columns::{ROWS, StoryColumns, batch, longs, of_reals};
use super::ties::Overlaps;
use crate::failure::in_python;
use crate::settings::Settings;
use arrow_array::builder::{BooleanBuilder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, StringArray};
use dedup::config::Config;
use dedup::report::Report;
use dedup::report::message::{ClusterMessage, Message, PairMessage};
use dedup::scan::Part;
use dedup::similarity::Overlap;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use rayon::ThreadPool;
use std::collections::HashMap;
use std::sync::Arc;

/// Clusters one component after the other. Holds one: what is shown of its stories, and their
/// shingles if they are 1,024 or fewer.
#[pyclass(module = "wirededup._core")]
pub(crate) struct Cluster {
    config: Config,
    /// A pool of its own, of one thread: the task has one core.
    pool: ThreadPool,
    part: Option<i64>,
    rows: Vec<Row>,
    found: Found,
}

/// A story or a tie of the component at hand, in the order in which they come.
enum Row {
    Story { ordinal: i64, story: Box<dedup::Story> },
    Tie { a: i64, b: i64, overlap: Overlap },
}

#[pymethods]
impl Cluster {
    #[new]
    fn new(settings: &Settings) -> PyResult<Self> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let pool =
            pool.map_err(|error| PyRuntimeError::new_err(format!("cannot start a thread: {error}")))?;
        let config = settings.config.clone();
        Ok(Self { config, pool, part: None, rows: Vec::new(), found: Found::default() })
    }

    /// Takes rows sorted by part, kind, a and b: the stories of a component by id, then its ties.
    fn push<'py>(&mut self, py: Python<'py>, rows: PyRecordBatch) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rows = rows.into_inner();
        let (stories, overlaps) = (StoryColumns::of(&rows)?, Overlaps::of(&rows)?);
        let column = |name| longs(&rows, name);
        let (part, kind, a, b) = (column("part")?, column("kind")?, column("a")?, column("b")?);
        for row in 0..rows.num_rows() {
            if self.part != Some(part.value(row)) {
                py.detach(|| self.close())?;
                self.part = Some(part.value(row));
            }
            let (a, b) = (a.value(row), b.value(row));
            self.rows.push(if kind.value(row) == 0 {
                Row::Story { ordinal: a, story: Box::new(stories.story(row)) }
            } else {
                Row::Tie { a, b, overlap: overlaps.at(row) }
            });
        }
        self.found.drain(py, ROWS)
    }

    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        py.detach(|| self.close())?;
        self.found.drain(py, 1)
    }
}

impl Cluster {
    fn close(&mut self) -> PyResult<()> {
        let rows = std::mem::take(&mut self.rows);
        let mut part = Part::new(&self.config);
        let mut places: HashMap<i64, u32> = HashMap::new();
        for row in rows {
            match row {
                Row::Story { ordinal, story } => {
                    let place = places.len() as u32;
                    places.insert(ordinal, place);
                    part.push(*story);
                }
                Row::Tie { a, b, overlap } => {
                    if let (Some(&x), Some(&y)) = (places.get(&a), places.get(&b)) {
                        part.tie(x, y, overlap);
                    }
                }
            }
        }
        let report = self.pool.install(|| part.report());
        self.found.add(&report)
    }
}

/// Pairs and clusters on their way out.
#[derive(Default)]
struct Found {
    rows: usize,
    words: [StringBuilder; 11],
    numbers: [Vec<Option<f64>>; 5],
    cut: BooleanBuilder,
    members: ListBuilder<StringBuilder>,
}

const WORDS: [&str; 11] = [
    "kind",
    "a",
    "b",
    "relation",
    "direction",
    "reason",
    "agency",
    "languages",
    "canonical",
    "origin",
    "line",
];
const NUMBERS: [&str; 5] = ["score", "jaccard", "containment_a", "containment_b", "weakest"];

impl Found {
    fn add(&mut self, report: &Report) -> PyResult<()> {
        for pair in &report.pairs {
            let pair = PairMessage::new(report, pair);
            let languages = pair.languages.map(|languages| languages.join(" "));
            let line = line(&Message::Pair(pair.clone()))?;
            self.words([
                Some("pair"),
                Some(pair.a),
                Some(pair.b),
                Some(crate::report::name(pair.relation)),
                Some(crate::report::direction(pair.direction)),
                Some(pair.reason),
                pair.agency,
                languages.as_deref(),
                None,
                None,
                Some(&line),
            ]);
            let numbers = [pair.score, pair.jaccard, pair.containment_a, pair.containment_b].map(Some);
            self.numbers([numbers[0], numbers[1], numbers[2], numbers[3], None]);
            self.cut.append_value(pair.cut);
            self.members.append_null();
        }
        for cluster in ClusterMessage::all(report) {
            let line = line(&Message::Cluster(cluster.clone()))?;
            let mut words = [None; WORDS.len()];
            (words[0], words[8], words[9]) = (Some("cluster"), Some(cluster.canonical), cluster.origin);
            words[10] = Some(&line);
            self.words(words);
            self.numbers([None, None, None, None, Some(cluster.weakest)]);
            self.cut.append_null();
            cluster.members.iter().for_each(|member| self.members.values().append_value(member));
            self.members.append(true);
        }
        Ok(())
    }

    fn words(&mut self, words: [Option<&str>; WORDS.len()]) {
        self.words.iter_mut().zip(words).for_each(|(builder, word)| builder.append_option(word));
        self.rows += 1;
    }

    fn numbers(&mut self, numbers: [Option<f64>; NUMBERS.len()]) {
        let rounded = |value: f64| crate::report::rounded(value);
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number.map(rounded)));
    }

    /// What has come together, if it is `least` rows.
    fn drain<'py>(&mut self, py: Python<'py>, least: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
        if self.rows < least {
            return Ok(Vec::new());
        }
        let mut found = std::mem::take(self);
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for (name, builder) in WORDS.iter().zip(&mut found.words) {
            let words: StringArray = builder.finish();
            columns.push((name, Arc::new(words)));
        }
        for (name, numbers) in NUMBERS.iter().zip(found.numbers) {
            columns.push((name, of_reals(numbers)));
        }
        columns.push(("cut", Arc::new(found.cut.finish())));
        columns.push(("members", Arc::new(found.members.finish())));
        Ok(vec![PyRecordBatch::new(batch(columns)?).into_pyarrow(py)?])
    }
}

/// The rows of a whole scan: its pairs and clusters, and as lines what was skipped and warned of.
#[pyfunction]
pub(crate) fn found<'py>(
    py: Python<'py>,
    report: &crate::report::Report,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut found = Found::default();
    let report = &report.report;
    found.add(report)?;
    let skipped = report.skipped.iter().map(|skipped| ("skipped", in_python(&skipped.reason)));
    for (kind, line) in skipped.chain(report.warnings.iter().map(|warning| ("warning", warning.clone()))) {
        let mut words = [None; WORDS.len()];
        (words[0], words[10]) = (Some(kind), Some(line.as_str()));
        found.words(words);
        found.numbers([None; NUMBERS.len()]);
        found.cut.append_null();
        found.members.append_null();
    }
    found.drain(py, 1)
}

fn line(message: &Message<'_>) -> PyResult<String> {
    serde_json::to_string(message)
        .map_err(|error| PyRuntimeError::new_err(format!("cannot write JSON: {error}")))
}
