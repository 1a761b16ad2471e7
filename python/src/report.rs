//! From the report of a run to Arrow tables and JSON lines.

use crate::failure::in_python;
use arrow_array::builder::{BooleanBuilder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use dedup::report::message::{ClusterMessage, PairMessage, SummaryMessage};
use dedup::report::{Jsonl, Writer};
use dedup::{Relation, report};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::PyTable;
use std::sync::Arc;

/// All that a run found.
#[pyclass(frozen, module = "dedup._core")]
pub(crate) struct Report {
    report: report::Report,
}

impl Report {
    pub(crate) fn new(report: report::Report) -> Self {
        Self { report }
    }
}

#[pymethods]
impl Report {
    fn pairs(&self, py: Python<'_>) -> PyResult<PyTable> {
        py.detach(|| pairs(&self.report)).map_or_else(broken, table)
    }

    fn clusters(&self, py: Python<'_>) -> PyResult<PyTable> {
        py.detach(|| clusters(&self.report)).map_or_else(broken, table)
    }

    fn members(&self, py: Python<'_>) -> PyResult<PyTable> {
        py.detach(|| members(&self.report)).map_or_else(broken, table)
    }

    fn singles(&self) -> Vec<&str> {
        self.report.singles().map(|story| story.id.as_str()).collect()
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
    let messages: Vec<ClusterMessage<'_>> =
        report.clusters.iter().map(|cluster| ClusterMessage::new(report, cluster)).collect();
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

/// A row a story that is in a cluster.
fn members(report: &report::Report) -> Result<RecordBatch, ArrowError> {
    let id = |story: u32| report.stories[story as usize].id.as_str();
    let rows: Vec<(u32, &str, &str)> = (0..)
        .zip(&report.clusters)
        .flat_map(|(number, cluster)| {
            cluster.members.iter().map(move |&member| (number, id(member), id(cluster.canonical)))
        })
        .collect();
    let mut kept = BooleanBuilder::with_capacity(rows.len());
    rows.iter().for_each(|(_, id, canonical)| kept.append_value(id == canonical));
    batch(vec![
        ("id", strings(rows.iter().map(|(_, id, _)| *id)), false),
        ("cluster", Arc::new(UInt32Array::from_iter_values(rows.iter().map(|(number, ..)| *number))), false),
        ("canonical", strings(rows.iter().map(|(.., canonical)| *canonical)), false),
        ("kept", Arc::new(kept.finish()), false),
    ])
}
