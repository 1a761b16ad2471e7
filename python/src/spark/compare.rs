//! From the stories and pairs of one block to verified ties.

use super::columns::{StoryColumns, longs};
use super::ties::{Compared, Tie, written};
use crate::settings::Settings;
use arrow_array::{Array, Int64Array};
use dedup::config::Config;
use dedup::evidence::{Frequencies, LandmarkCounts, Landmarks, Profile, Weights};
use dedup::relation::judge::{Terms, judge};
use dedup::relation::{Level, Relation, model, scripts};
use dedup::shingle::ShingleSet;
use dedup::similarity::Overlap;
use dedup::story::{MarkerKind, Story};
use dedup::{text, wire};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::collections::HashMap;

/// What is kept of a story while its block is compared.
enum Known {
    Copied(Compared),
    Judged(Box<Profile>),
    Landmarks(Landmarks, Option<i64>, u32),
}

/// How pairs are compared.
enum How {
    Copies,
    Evidence(Weights),
    /// Only what joins counts, for the first stories of both classes.
    Notices(Weights),
    Translations(LandmarkCounts),
}

/// Compares pairs of stories, block by block. Holds the stories of one block.
#[pyclass(module = "wirededup._core")]
pub(crate) struct Compare {
    config: Config,
    how: How,
    terms: Terms,
    block: Option<[i64; 3]>,
    known: HashMap<i64, Known>,
    found: Vec<Tie>,
}

#[pymethods]
impl Compare {
    /// `how` is `copies`, `evidence`, `notices` or `translations`; `counts` are stems or
    /// landmarks and in how many of `sampled` stories they stand.
    #[new]
    #[pyo3(signature = (settings, how, *, sampled=0, counts=Vec::new()))]
    fn new(settings: &Settings, how: &str, sampled: u32, counts: Vec<(u32, u32)>) -> PyResult<Self> {
        let config = settings.config.clone();
        let weights = |counts| Frequencies::of_counts(sampled, counts).weights();
        let how = match how {
            "copies" => How::Copies,
            "evidence" => How::Evidence(weights(counts)),
            "notices" => How::Notices(weights(counts)),
            "translations" => How::Translations(LandmarkCounts::of_counts(sampled, counts)),
            other => {
                return Err(PyValueError::new_err(format!("expected a way to compare, found `{other}`")));
            }
        };
        let terms = Terms { all: false, ..config.terms() };
        Ok(Self { config, how, terms, block: None, known: HashMap::new(), found: Vec::new() })
    }

    /// Takes rows sorted by block, kind, a and b: the stories of a block, then its pairs.
    fn push<'py>(&mut self, py: Python<'py>, rows: PyRecordBatch) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rows = rows.into_inner();
        let stories = StoryColumns::of(&rows)?;
        let column = |name| longs(&rows, name);
        let block = [column("part")?, column("chunk_a")?, column("chunk_b")?];
        let (kind, a, b) = (column("kind")?, column("a")?, column("b")?);
        let firsts = [column("first_a")?, column("first_b")?];
        py.detach(|| {
            for row in 0..rows.num_rows() {
                let here = block.each_ref().map(|column| column.value(row));
                if self.block != Some(here) {
                    self.block = Some(here);
                    self.known.clear();
                }
                if kind.value(row) == 0 {
                    let known = self.know(a.value(row), stories.story(row));
                    self.known.insert(a.value(row), known);
                } else {
                    self.compare(
                        a.value(row),
                        b.value(row),
                        firsts.each_ref().map(|first| given(first, row)),
                    );
                }
            }
        });
        written(py, &std::mem::take(&mut self.found))
    }

    #[expect(clippy::unused_self, reason = "every kernel has it")]
    fn finish(&mut self) -> Vec<Py<PyAny>> {
        Vec::new()
    }
}

fn given(column: &Int64Array, row: usize) -> Option<i64> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// The token hashes of a story that is made ready for comparing.
pub(super) fn prepared(config: &Config, story: &mut Story) -> Vec<u64> {
    wire::prepare(story, config.keep_furniture());
    let mut tokens = Vec::new();
    text::token_hashes(&story.body, &mut tokens);
    tokens
}

impl Compare {
    fn know(&self, ordinal: i64, mut story: Story) -> Known {
        match &self.how {
            How::Copies => {
                let tokens = prepared(&self.config, &mut story);
                let shingles = dedup::shingle::distinct(&tokens, self.config.shingle());
                Known::Copied(Compared { ordinal, tokens: tokens.len(), shingles })
            }
            How::Evidence(weights) | How::Notices(weights) => {
                wire::prepare(&mut story, self.config.keep_furniture());
                Known::Judged(Box::new(Profile::with_hashes(&story, weights, &mut Vec::new())))
            }
            How::Translations(_) => {
                let tokens = prepared(&self.config, &mut story);
                let size = ShingleSet::new(&tokens, self.config.shingle()).len() as u32;
                let time = story.time.map(dedup::time::Time::as_second);
                Known::Landmarks(Landmarks::of_story(&story), time, size)
            }
        }
    }

    fn compare(&mut self, a: i64, b: i64, firsts: [Option<i64>; 2]) {
        let (Some(x), Some(y)) = (self.known.get(&a), self.known.get(&b)) else { return };
        let tie = match (&self.how, x, y) {
            (How::Copies, Known::Copied(x), Known::Copied(y)) => {
                x.copy(y, self.config.shingle(), self.config.threshold())
            }
            (How::Evidence(_), Known::Judged(x), Known::Judged(y)) => {
                judge(x, y, self.terms).map(|verdict| Tie::judged(a, b, verdict, 0))
            }
            (How::Notices(_), Known::Judged(x), Known::Judged(y)) => self.notice([a, b], x, y, firsts),
            (
                How::Translations(counts),
                Known::Landmarks(x, at, a_size),
                Known::Landmarks(y, then, b_size),
            ) => {
                let score = scripts::probability((x, *at), (y, *then), counts);
                let overlap = Overlap { shared: 0, a: *a_size, b: *b_size };
                let tie =
                    Tie { a, b, relation: Relation::Translation, score, overlap, coverage: None, kill: 0 };
                (score >= model::JOINED).then_some(tie)
            }
            _ => None,
        };
        self.found.extend(tie);
    }

    /// A tie of a notice and a story, moved to the first stories of both classes.
    fn notice(&self, [a, b]: [i64; 2], x: &Profile, y: &Profile, firsts: [Option<i64>; 2]) -> Option<Tie> {
        let verdict = judge(x, y, self.terms).filter(|verdict| verdict.relation.joins(Level::Rewrite))?;
        let (a, b) = (firsts[0].unwrap_or(a), firsts[1].unwrap_or(b));
        let is_kill =
            |profile: &Profile| profile.marker().is_some_and(|marker| marker.kind == MarkerKind::Kill);
        let takes_back = verdict.relation == Relation::Correction;
        let kill = i64::from(takes_back && is_kill(x)) + 2 * i64::from(takes_back && is_kill(y));
        let tie = Tie::judged(a, b, verdict, kill);
        match a.cmp(&b) {
            std::cmp::Ordering::Less => Some(tie),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Tie {
                a: b,
                b: a,
                relation: tie.relation.mirrored(),
                overlap: tie.overlap.swapped(),
                coverage: tie.coverage.map(|(x, y)| (y, x)),
                kill: (kill >> 1) | (kill & 1) << 1,
                ..tie
            }),
        }
    }
}
