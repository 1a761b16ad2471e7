//! From rows as the user has them to stories with fingerprints.

use super::columns::{batch, of_longs};
use crate::failure::in_python;
use crate::frame::Frame;
use crate::settings::{Settings, fields};
use arrow_array::builder::{BinaryBuilder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use dedup::config::Config;
use dedup::lsh::BandKeys;
use dedup::minhash::MinHasher;
use dedup::relation::judge::identity;
use dedup::shingle::shingles;
use dedup::story::Story;
use dedup::text;
use dedup::wire;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::sync::Arc;

/// A row a record: its story as it came in and its fingerprint, or the reason why there is none.
#[pyfunction]
#[pyo3(signature = (rows, settings, *, id="id", text="text", headline=None, source=None, time=None, language=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
pub(crate) fn fingerprints<'py>(
    py: Python<'py>,
    rows: PyRecordBatch,
    settings: &Settings,
    id: &str,
    text: &str,
    headline: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let rows = rows.into_inner();
    let (schema, fields) = (rows.schema(), fields(id, text, headline, source, time, language));
    let frame = Frame::new(&schema, std::iter::once(Ok(rows)), fields, None, true)?;
    let made = py.detach(|| {
        let mut out = Fingerprints::new(&settings.config);
        for story in frame.stories() {
            match story {
                Ok(story) => out.push(story),
                Err(error) => out.skip(&in_python(error.message())),
            }
        }
        out.finish()
    })?;
    PyRecordBatch::new(made).into_pyarrow(py)
}

struct Fingerprints<'a> {
    config: &'a Config,
    hasher: MinHasher,
    words: [StringBuilder; 6],
    numbers: [Int64Builder; 4],
    keys: BinaryBuilder,
    tokens: Vec<u64>,
    shingles: Vec<u64>,
    minima: Vec<u32>,
    values: Vec<u32>,
}

const WORDS: [&str; 6] = ["id", "headline", "text", "source", "language", "reason"];
const NUMBERS: [&str; 4] = ["time", "identity_a", "identity_b", "tokens"];

impl<'a> Fingerprints<'a> {
    fn new(config: &'a Config) -> Self {
        Self {
            config,
            hasher: config.hasher(),
            words: Default::default(),
            numbers: Default::default(),
            keys: BinaryBuilder::new(),
            tokens: Vec::new(),
            shingles: Vec::new(),
            minima: Vec::new(),
            values: Vec::new(),
        }
    }

    fn skip(&mut self, reason: &str) {
        let [words @ .., last] = &mut self.words;
        words.iter_mut().for_each(StringBuilder::append_null);
        last.append_value(reason);
        self.numbers.iter_mut().for_each(Int64Builder::append_null);
        self.keys.append_null();
    }

    fn push(&mut self, mut story: Story) {
        let [id, headline, text, source, language, reason] = &mut self.words;
        id.append_value(&story.id);
        headline.append_value(&story.headline);
        text.append_value(&story.body);
        source.append_value(&story.source);
        language.append_value(&story.language);
        reason.append_null();

        wire::prepare(&mut story, self.config.keep_furniture());
        self.tokens.clear();
        text::token_hashes(&story.body, &mut self.tokens);
        self.shingles.clear();
        shingles(&self.tokens, self.config.shingle(), |hash| self.shingles.push(hash));
        self.hasher.signature_into(&self.shingles, &mut self.minima, &mut self.values);
        let mut keys = BandKeys::new(self.config.banding());
        keys.push(&self.values);
        let row: Vec<u8> = keys.row(0).iter().flat_map(|key| key.to_le_bytes()).collect();
        self.keys.append_value(row);

        let (first, second) = identity(&story, &self.tokens).halves();
        let [time, identity_a, identity_b, tokens] = &mut self.numbers;
        time.append_option(story.time.map(dedup::time::Time::as_microsecond));
        identity_a.append_value(first.cast_signed());
        identity_b.append_value(second.cast_signed());
        tokens.append_value(self.tokens.len() as i64);
    }

    fn finish(mut self) -> PyResult<RecordBatch> {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for (name, builder) in WORDS.iter().zip(&mut self.words) {
            columns.push((name, Arc::new(builder.finish())));
        }
        for (name, builder) in NUMBERS.iter().zip(&mut self.numbers) {
            columns.push((name, Arc::new(builder.finish())));
        }
        columns.push(("keys", Arc::new(self.keys.finish())));
        batch(columns)
    }
}

/// A row a band of a story: band and key as one number, and the story.
#[pyfunction]
pub(crate) fn bands(py: Python<'_>, rows: PyRecordBatch) -> PyResult<Bound<'_, PyAny>> {
    let rows = rows.into_inner();
    let (stories, keys) = (super::columns::longs(&rows, "ordinal")?, super::columns::bytes(&rows, "keys")?);
    let made = py.detach(|| {
        let (mut buckets, mut ordinals) = (Vec::new(), Vec::new());
        for (row, &story) in stories.values().iter().enumerate() {
            for (band, key) in (0u64..).zip(super::row_of(keys.value(row))) {
                buckets.push((band << 32 | u64::from(key)).cast_signed());
                ordinals.push(story);
            }
        }
        batch(vec![("bucket", of_longs(buckets)), ("ordinal", of_longs(ordinals))])
    })?;
    PyRecordBatch::new(made).into_pyarrow(py)
}

/// Those candidate pairs that are near enough to the threshold by estimate.
#[pyfunction]
pub(crate) fn alike<'py>(
    py: Python<'py>,
    rows: PyRecordBatch,
    settings: &Settings,
) -> PyResult<Bound<'py, PyAny>> {
    use super::columns::{bytes, longs};
    let rows = rows.into_inner();
    let (a, b) = (longs(&rows, "a")?, longs(&rows, "b")?);
    let (keys_a, keys_b) = (bytes(&rows, "keys_a")?, bytes(&rows, "keys_b")?);
    let (banding, threshold) = (settings.config.banding(), settings.config.threshold());
    let made = py.detach(|| {
        let least = banding.least_equal(threshold);
        let is_alike = |row: usize| {
            let x: Vec<u32> = super::row_of(keys_a.value(row)).collect();
            let y: Vec<u32> = super::row_of(keys_b.value(row)).collect();
            banding.equal_values(&x, &y) >= least
        };
        let kept: Vec<usize> = (0..rows.num_rows()).filter(|&row| is_alike(row)).collect();
        let of = |array: &arrow_array::Int64Array| of_longs(kept.iter().map(|&row| array.value(row)));
        batch(vec![("a", of(&a)), ("b", of(&b))])
    })?;
    PyRecordBatch::new(made).into_pyarrow(py)
}
