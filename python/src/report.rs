//! From the report of a run to Arrow tables and JSON lines.

use crate::failure::in_python;
use arrow_array::builder::{BooleanBuilder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use dedup::config::Config;
use dedup::report::message::{ClusterMessage, PairMessage, SummaryMessage};
use dedup::report::{Html, Jsonl, Writer};
use dedup::story::Ordinal;
use dedup::{Relation, report};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use pyo3_arrow::PyTable;
use std::sync::Arc;

/// All that a run found.
#[pyclass(frozen, module = "wirededup._core")]
#[expect(clippy::struct_field_names, reason = "it holds the report of the library")]
pub(crate) struct Report {
    pub(crate) report: report::Report,
    config: Config,
    /// Of every row of the input its story; `None` for the report of an index.
    records: Option<Vec<Option<Ordinal>>>,
    /// The type of the ids, if it is another than a string and all of them are of it.
    id_type: Option<DataType>,
}

impl Report {
    /// The report of an index, which knows no rows.
    pub(crate) fn of_index(report: report::Report, config: Config) -> Self {
        Self { report, config, records: None, id_type: None }
    }

    /// The report of a scan. `id_type` is that of the column of ids; a suffix that keeps stories
    /// apart, or the number that one without an id got, makes strings of all.
    pub(crate) fn of_scan(
        report: report::Report,
        config: Config,
        records: Vec<Option<Ordinal>>,
        id_type: Option<DataType>,
    ) -> Self {
        let is_whole = |story: &report::StoryInfo| story.id.parse::<i128>().is_ok();
        let id_type = id_type.filter(|kind| kind.is_integer() && report.stories.iter().all(is_whole));
        Self { report, config, records: Some(records), id_type }
    }

    /// `batch` with the columns that hold ids in their type.
    fn typed(&self, batch: RecordBatch, names: &[&str]) -> Result<RecordBatch, ArrowError> {
        let Some(kind) = &self.id_type else { return Ok(batch) };
        let (schema, mut columns) = (batch.schema(), batch.columns().to_vec());
        let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
        for (field, column) in fields.iter_mut().zip(&mut columns) {
            if !names.contains(&field.name().as_str()) {
                continue;
            }
            let wanted = match field.data_type() {
                DataType::List(item) => {
                    DataType::List(Arc::new(item.as_ref().clone().with_data_type(kind.clone())))
                }
                _ => kind.clone(),
            };
            *column =
                cast_with_options(column, &wanted, &CastOptions { safe: false, ..CastOptions::default() })?;
            *field = field.clone().with_data_type(wanted);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
    }

    /// Of every story the first row that it came of.
    fn rows(&self) -> Option<Vec<i64>> {
        let records = self.records.as_ref()?;
        let mut rows = vec![0; self.report.stories.len()];
        for (row, story) in (0..).zip(records) {
            if let Some(story) = story {
                rows[*story as usize] = row;
            }
        }
        Some(rows)
    }
}

#[pymethods]
impl Report {
    fn pairs(&self, py: Python<'_>) -> PyResult<PyTable> {
        py.detach(|| self.typed(pairs(&self.report)?, &["a", "b"])).map_or_else(broken, table)
    }

    fn clusters(&self, py: Python<'_>) -> PyResult<PyTable> {
        let made = py.detach(|| self.typed(clusters(&self.report)?, &["canonical", "members"]));
        made.map_or_else(broken, table)
    }

    fn members(&self, py: Python<'_>) -> PyResult<PyTable> {
        let made = py.detach(|| {
            let rows = self.rows();
            self.typed(members(&self.report, rows.as_deref())?, &["id", "canonical"])
        });
        made.map_or_else(broken, table)
    }

    /// Of every row whether it is kept: whether no other row stands for it. `None` for the report
    /// of an index, which has no rows.
    fn mask(&self, py: Python<'_>) -> Option<Vec<bool>> {
        let records = self.records.as_ref()?;
        Some(py.detach(|| {
            let mut kept = vec![true; self.report.stories.len()];
            for cluster in &self.report.clusters {
                for &member in &cluster.members {
                    kept[member as usize] = member == cluster.canonical;
                }
            }
            records.iter().map(|story| story.is_none_or(|story| kept[story as usize])).collect()
        }))
    }

    fn singles<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let of_word = |id: &str| match &self.id_type {
            Some(_) => Ok(id.parse::<i128>()?.into_pyobject(py)?.into_any()),
            None => Ok(id.into_pyobject(py)?.into_any()),
        };
        self.report.singles().map(|story| of_word(&story.id)).collect()
    }

    /// One page that works by itself.
    fn to_html(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| {
            let mut out = Vec::new();
            Html { config: self.config.clone() }.write(&self.report, &mut out)?;
            Ok(String::from_utf8(out).map_err(std::io::Error::other)?)
        })
    }

    /// Rows, from 0, and reasons.
    fn skipped(&self) -> Vec<(u64, String)> {
        let skipped = self.report.skipped.iter();
        skipped.map(|skipped| (skipped.place.line.saturating_sub(1), in_python(&skipped.reason))).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.report.warnings.clone()
    }

    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let SummaryMessage { stories, clusters, clustered, pairs, skipped } =
            SummaryMessage::from(&self.report);
        let dict = PyDict::new(py);
        for (name, count) in [
            ("stories", stories),
            ("clusters", clusters),
            ("clustered", clustered),
            ("pairs", pairs),
            ("skipped", skipped),
        ] {
            dict.set_item(name, count)?;
        }
        Ok(dict)
    }

    fn to_jsonl(&self, py: Python<'_>, singles: bool) -> PyResult<String> {
        py.detach(|| {
            let mut out = Vec::new();
            Jsonl { singles }.write(&self.report, &mut out)?;
            Ok(String::from_utf8(out).map_err(std::io::Error::other)?)
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_or_else asks for")]
fn broken(error: ArrowError) -> PyResult<PyTable> {
    Err(PyRuntimeError::new_err(format!("cannot make an Arrow table: {error}")))
}

fn table(batch: RecordBatch) -> PyResult<PyTable> {
    let schema = batch.schema();
    PyTable::try_new(vec![batch], schema)
}

/// The name of a relation, as the JSON forms spell it.
pub(crate) fn name(relation: Relation) -> &'static str {
    match relation {
        Relation::Identical => "identical",
        Relation::Copy => "copy",
        Relation::Edited => "edited",
        Relation::Excerpt => "excerpt",
        Relation::Extended => "extended",
        Relation::Update => "update",
        Relation::Correction => "correction",
        Relation::Repeat => "repeat",
        Relation::Rewrite => "rewrite",
        Relation::Translation => "translation",
        Relation::Roundup => "roundup",
        Relation::Template => "template",
        _ => "related",
    }
}

pub(crate) fn direction(direction: dedup::relation::Direction) -> &'static str {
    use dedup::relation::Direction::{AToB, BToA, Unknown};
    match direction {
        AToB => "a-to-b",
        BToA => "b-to-a",
        Unknown => "unknown",
    }
}

/// As the JSON forms round.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn strings<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn numbers(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values.map(rounded)))
}

fn batch(columns: Vec<(&str, ArrayRef, bool)>) -> Result<RecordBatch, ArrowError> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array, null)| Field::new(*name, array.data_type().clone(), *null))
        .collect();
    let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// A row a verified relation.
pub(crate) fn pairs(report: &report::Report) -> Result<RecordBatch, ArrowError> {
    let messages: Vec<PairMessage<'_>> =
        report.pairs.iter().map(|pair| PairMessage::new(report, pair)).collect();
    let mut cut = BooleanBuilder::with_capacity(messages.len());
    messages.iter().for_each(|pair| cut.append_value(pair.cut));
    let agencies: StringArray = messages.iter().map(|pair| pair.agency).collect();
    batch(vec![
        ("a", strings(messages.iter().map(|pair| pair.a)), false),
        ("b", strings(messages.iter().map(|pair| pair.b)), false),
        ("relation", strings(messages.iter().map(|pair| name(pair.relation))), false),
        ("score", numbers(messages.iter().map(|pair| pair.score)), false),
        ("jaccard", numbers(messages.iter().map(|pair| pair.jaccard)), false),
        ("containment_a", numbers(messages.iter().map(|pair| pair.containment_a)), false),
        ("containment_b", numbers(messages.iter().map(|pair| pair.containment_b)), false),
        ("direction", strings(messages.iter().map(|pair| direction(pair.direction))), false),
        ("reason", strings(messages.iter().map(|pair| pair.reason)), false),
        ("agency", Arc::new(agencies), true),
        ("cut", Arc::new(cut.finish()), false),
    ])
}

/// A row a cluster.
pub(crate) fn clusters(report: &report::Report) -> Result<RecordBatch, ArrowError> {
    let messages = ClusterMessage::all(report);
    let item = Arc::new(Field::new("item", DataType::Utf8, false));
    let mut members = ListBuilder::new(StringBuilder::new()).with_field(item);
    for cluster in &messages {
        cluster.members.iter().for_each(|member| members.values().append_value(member));
        members.append(true);
    }
    let origins: StringArray = messages.iter().map(|cluster| cluster.origin).collect();
    batch(vec![
        ("canonical", strings(messages.iter().map(|cluster| cluster.canonical)), false),
        ("origin", Arc::new(origins), true),
        ("members", Arc::new(members.finish()), false),
        ("weakest", numbers(messages.iter().map(|cluster| cluster.weakest)), false),
    ])
}

/// A row a story that is in a cluster; `row_of` each story is its row in the input.
fn members(report: &report::Report, row_of: Option<&[i64]>) -> Result<RecordBatch, ArrowError> {
    let id = |story: u32| report.stories[story as usize].id.as_str();
    let stories: Vec<(u32, u32, u32)> = (0..)
        .zip(&report.clusters)
        .flat_map(|(number, cluster)| {
            cluster.members.iter().map(move |&member| (number, member, cluster.canonical))
        })
        .collect();
    let mut kept = BooleanBuilder::with_capacity(stories.len());
    stories.iter().for_each(|(_, member, canonical)| kept.append_value(member == canonical));
    let numbers = UInt32Array::from_iter_values(stories.iter().map(|(number, ..)| *number));
    let rows: Int64Array =
        stories.iter().map(|(_, member, _)| row_of.map(|rows| rows[*member as usize])).collect();
    batch(vec![
        ("id", strings(stories.iter().map(|(_, member, _)| id(*member))), false),
        ("cluster", Arc::new(numbers), false),
        ("canonical", strings(stories.iter().map(|(.., canonical)| id(*canonical))), false),
        ("kept", Arc::new(kept.finish()), false),
        ("row", Arc::new(rows), true),
    ])
}

/// A table as a stream of Arrow's own bytes, for a pickle.
#[pyfunction]
pub(crate) fn packed(py: Python<'_>, table: PyTable) -> PyResult<Bound<'_, PyBytes>> {
    let (batches, schema) = table.into_inner();
    let write = || -> Result<Vec<u8>, ArrowError> {
        let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
        batches.iter().try_for_each(|batch| writer.write(batch))?;
        writer.into_inner()
    };
    py.detach(write).map(|bytes| PyBytes::new(py, &bytes)).map_err(|error| unreadable(&error))
}

/// The table of those bytes.
#[pyfunction]
pub(crate) fn unpacked(bytes: &[u8]) -> PyResult<PyTable> {
    let read = || -> Result<_, ArrowError> {
        let reader = StreamReader::try_new(bytes, None)?;
        let schema = reader.schema();
        Ok((reader.collect::<Result<Vec<_>, _>>()?, schema))
    };
    let (batches, schema) = read().map_err(|error| unreadable(&error))?;
    PyTable::try_new(batches, schema)
}

fn unreadable(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(format!("cannot pack or unpack an Arrow table: {error}"))
}
