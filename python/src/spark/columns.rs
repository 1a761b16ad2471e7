//! From a batch that Spark hands over to typed columns, and from rows back to a batch.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, Float64Array, Int64Array, LargeStringArray, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use dedup::story::Story;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::sync::Arc;

/// Rows of a batch that a kernel gives back, about.
pub(super) const ROWS: usize = 16_384;

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> PyResult<ArrayRef> {
    let array = batch
        .column_by_name(name)
        .ok_or_else(|| PyValueError::new_err(format!("expected a column `{name}`, found none")))?;
    cast(array, kind).map_err(|error| broken(&error))
}

pub(super) fn longs(batch: &RecordBatch, name: &str) -> PyResult<Int64Array> {
    Ok(column(batch, name, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

pub(super) fn words(batch: &RecordBatch, name: &str) -> PyResult<LargeStringArray> {
    Ok(column(batch, name, &DataType::LargeUtf8)?.as_string().clone())
}

pub(super) fn bytes(batch: &RecordBatch, name: &str) -> PyResult<BinaryArray> {
    Ok(column(batch, name, &DataType::Binary)?.as_binary().clone())
}

pub(super) fn broken(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(format!("cannot read or make an Arrow batch: {error}"))
}

/// A batch of named columns; all may hold nulls.
pub(super) fn batch(columns: Vec<(&str, ArrayRef)>) -> PyResult<RecordBatch> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| broken(&error))
}

pub(super) fn of_longs(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

pub(super) fn of_reals(values: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Float64Array>())
}

/// The story columns of a batch, as [`super::stories`] writes them.
pub(super) struct StoryColumns {
    id: LargeStringArray,
    headline: LargeStringArray,
    text: LargeStringArray,
    source: LargeStringArray,
    language: LargeStringArray,
    time: Int64Array,
}

impl StoryColumns {
    pub(super) fn of(batch: &RecordBatch) -> PyResult<Self> {
        Ok(Self {
            id: words(batch, "id")?,
            headline: words(batch, "headline")?,
            text: words(batch, "text")?,
            source: words(batch, "source")?,
            language: words(batch, "language")?,
            time: longs(batch, "time")?,
        })
    }

    pub(super) fn story(&self, row: usize) -> Story {
        let word = |array: &LargeStringArray| {
            if array.is_null(row) { String::new() } else { array.value(row).to_owned() }
        };
        let micros = (!self.time.is_null(row)).then(|| self.time.value(row));
        Story {
            id: word(&self.id),
            headline: word(&self.headline),
            body: word(&self.text),
            source: word(&self.source),
            language: word(&self.language),
            time: micros.and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok().map(Into::into)),
            ..Story::default()
        }
    }
}
