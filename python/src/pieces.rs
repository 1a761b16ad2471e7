//! From texts to tokens, shingles, signatures and band keys: the stages, for those who build
//! their own pipeline in Python.

use dedup::lsh::Banding;
use dedup::shingle::ShingleSet;
use dedup::similarity::{Overlap, Similarity};
use dedup::story::Story;
use dedup::{minhash, text, wire};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

/// The tokens of a text, in order, as they are compared.
#[pyfunction]
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    text::tokenise(&text::repair(text), |token| found.push(String::from_utf8_lossy(token.text).into_owned()));
    found
}

/// The 64-bit hashes of the tokens of a text, in order.
#[pyfunction]
pub(crate) fn token_hashes(text: &str) -> Vec<u64> {
    hashes(text)
}

fn hashes(text: &str) -> Vec<u64> {
    let mut found = Vec::new();
    text::token_hashes(text, &mut found);
    found
}

/// The distinct shingles of `width` tokens of a text, ascending.
#[pyfunction]
#[pyo3(signature = (text, width=5))]
pub(crate) fn shingles(py: Python<'_>, text: &str, width: usize) -> PyResult<Vec<u64>> {
    if width == 0 {
        return Err(PyValueError::new_err("expected a shingle of 1 token or more, found 0"));
    }
    Ok(py.detach(|| ShingleSet::new(&hashes(text), width).as_slice().to_vec()))
}

/// Distinct shingles in both, in `a` and in `b`; in any order, repeats allowed.
#[pyfunction]
pub(crate) fn overlap(mut a: Vec<u64>, mut b: Vec<u64>) -> (u32, u32, u32) {
    for set in [&mut a, &mut b] {
        set.sort_unstable();
        set.dedup();
    }
    let Overlap { shared, a, b } = Overlap::of_sorted(&a, &b);
    (shared, a, b)
}

/// Bands and rows for a number of values and a threshold.
#[pyfunction]
pub(crate) fn banding(values: usize, threshold: f64) -> PyResult<(usize, usize)> {
    let threshold = Similarity::new(threshold).ok_or_else(|| {
        PyValueError::new_err(format!("expected a threshold from 0 to 1, found {threshold}"))
    })?;
    let banding = Banding::for_threshold(values, threshold);
    Ok((banding.bands(), banding.rows()))
}

/// The 64-bit key of each band of a signature: as a number, as the `int64` of its bits, or as its
/// eight bytes, the highest first.
#[pyfunction]
#[pyo3(signature = (signature, bands, rows, dtype="uint64"))]
pub(crate) fn band_keys<'py>(
    py: Python<'py>,
    signature: Vec<u32>,
    bands: usize,
    rows: usize,
    dtype: &str,
) -> PyResult<Bound<'py, PyList>> {
    let banding = Banding::new(bands, rows)
        .ok_or_else(|| PyValueError::new_err("expected at least one band of one row, found none"))?;
    if !signature.is_empty() && bands.checked_mul(rows).is_none_or(|needed| needed > signature.len()) {
        let found = signature.len();
        return Err(PyValueError::new_err(format!(
            "expected {bands} × {rows} values or more, found {found}"
        )));
    }
    let keys = banding.keys(&signature);
    match dtype {
        "uint64" => PyList::new(py, keys.collect::<Vec<u64>>()),
        "int64" => PyList::new(py, keys.map(u64::cast_signed).collect::<Vec<i64>>()),
        "bytes" => {
            // By shifts: the bytes are the same on every machine.
            let bytes = |key: u64| (0..8).map(|byte| (key >> (56 - 8 * byte)) as u8).collect::<Vec<u8>>();
            PyList::new(py, keys.map(|key| PyBytes::new(py, &bytes(key))).collect::<Vec<_>>())
        }
        other => {
            Err(PyValueError::new_err(format!("expected a dtype of uint64, int64 or bytes, found `{other}`")))
        }
    }
}

/// Headline and body of a story without furniture.
#[pyfunction]
#[pyo3(signature = (text, headline=""))]
pub(crate) fn strip(text: &str, headline: &str) -> (String, String) {
    let mut story = Story { headline: headline.to_owned(), ..Story::new("", text) };
    wire::strip(&mut story);
    (story.headline, story.body)
}

/// A permutation, and how many values a signature has.
#[pyclass(frozen, module = "wirededup._core")]
pub(crate) struct MinHasher {
    hasher: minhash::MinHasher,
    seed: u64,
}

#[pymethods]
impl MinHasher {
    #[new]
    #[pyo3(signature = (values=minhash::MinHasher::VALUES, seed=minhash::MinHasher::SEED))]
    fn new(values: usize, seed: u64) -> PyResult<Self> {
        if values == 0 {
            return Err(PyValueError::new_err("expected at least one value, found 0"));
        }
        Ok(Self { hasher: minhash::MinHasher::new(values, seed), seed })
    }

    /// The signature of shingles, in any order, repeats allowed.
    fn signature(&self, py: Python<'_>, shingles: Vec<u64>) -> Vec<u32> {
        py.detach(|| self.hasher.signature(&shingles).values().to_vec())
    }

    /// The signature of a text.
    #[pyo3(signature = (text, width=5))]
    fn of_text(&self, py: Python<'_>, text: &str, width: usize) -> Vec<u32> {
        py.detach(|| {
            let mut found = Vec::new();
            dedup::shingle::shingles(&hashes(text), width, |hash| found.push(hash));
            self.hasher.signature(&found).values().to_vec()
        })
    }

    /// The share of equal values.
    #[staticmethod]
    fn estimate(a: Vec<u32>, b: Vec<u32>) -> PyResult<f64> {
        if a.len() != b.len() {
            let (a, b) = (a.len(), b.len());
            return Err(PyValueError::new_err(format!(
                "expected signatures of one length, found {a} and {b}"
            )));
        }
        let equal = a.iter().zip(&b).filter(|(x, y)| x == y).count();
        Ok(if a.is_empty() { 0.0 } else { equal as f64 / a.len() as f64 })
    }

    #[getter]
    fn values(&self) -> usize {
        self.hasher.values()
    }

    #[getter]
    fn seed(&self) -> u64 {
        self.seed
    }

    fn __getnewargs__(&self) -> (usize, u64) {
        (self.hasher.values(), self.seed)
    }

    fn __repr__(&self) -> String {
        format!("MinHasher(values={}, seed={:#x})", self.hasher.values(), self.seed)
    }
}
