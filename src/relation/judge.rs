//! From two profiles to the verdict on the pair: one place for a scan and for an explanation.

use super::model::Model;
use super::naming::{self, Facts};
use super::tie::{Basis, Judged, Verified};
use super::{Relation, model, notice};
use crate::evidence::signals::Coverage;
use crate::evidence::{Profile, Signals};
use crate::similarity::{Overlap, Similarity};
use crate::story::Ordinal;
use std::cmp::Ordering;

/// Under which terms pairs are judged.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Jaccard similarity from which a pair is a copy.
    pub threshold: Similarity,
    /// Tokens a shingle.
    pub shingle: usize,
    /// Whether pairs that cannot be joined are judged too.
    pub all: bool,
    /// How much each signal counts.
    pub model: Model,
}

/// What is said of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The named relation.
    pub relation: Relation,
    /// Probability in [0, 1] that both are versions of one report.
    pub score: f64,
    /// Overlap of the shingle sets.
    pub overlap: Overlap,
    /// What the score was made of.
    pub signals: Signals,
    /// What tiling showed.
    pub coverage: Coverage,
    /// Whether the quick signals alone said that nothing could join them: said only under
    /// [`Terms::all`], so that it must count for nothing else.
    pub ruled_out: bool,
}

impl Verdict {
    /// The verdict on two stories that were read otherwise than they are printed, with the overlap of both
    /// texts as they are: whoever counts it again finds it. What is a copy otherwise read is an edited
    /// copy where the printed words are too few.
    pub(crate) fn as_printed(self, (x, y): (&Profile, &Profile), terms: Terms) -> Self {
        let overlap = Overlap::of_sorted(&x.shingles(terms.shingle), &y.shingles(terms.shingle));
        let is_copy = overlap.cmp_jaccard(terms.threshold) != Ordering::Less;
        let relation = match self.relation {
            Relation::Copy if !is_copy => Relation::Edited,
            relation => relation,
        };
        Self { relation, overlap, ..self }
    }

    /// The verdict as the tie of `a` and `b`, which were judged in this order; `a < b`.
    pub(crate) fn tie(self, a: Ordinal, b: Ordinal) -> Verified {
        let Self { relation, score, overlap, signals, coverage, ruled_out } = self;
        let judged = Judged { signals, coverage: (coverage.a, coverage.b), ruled_out };
        Verified { a, b, relation, score, overlap, basis: Basis::Evidence(judged) }
    }
}

/// Tokens below which a text is joined only if identical: too little to be called a report.
pub const SHORTEST: usize = 20;

/// Tokens from which a text can be a copy that is not identical, with so many a shingle.
pub fn shortest_copy(shingle: usize) -> usize {
    shingle.max(SHORTEST)
}

/// The probability that copies are versions of one report. Every labelled pair at or above the
/// threshold is; the few that templates make among harder cases are the least alike.
pub fn copy_score(overlap: Overlap) -> f64 {
    0.9 + 0.1 * overlap.jaccard()
}

/// Judges a pair by its evidence; `None` where there is nothing to say. Cost: microseconds where
/// the quick signals rule it out, else a tiling of both texts.
pub fn judge(a: &Profile, b: &Profile, terms: Terms) -> Option<Verdict> {
    match by_evidence(a, b, terms) {
        Some(verdict) if verdict.score >= model::JOINED => Some(verdict),
        other => by_notice(a, b, terms).or(other),
    }
}

fn by_notice(a: &Profile, b: &Profile, terms: Terms) -> Option<Verdict> {
    let (relation, score) = notice::named(a, b)?;
    let overlap = Overlap::of_sorted(&a.shingles(terms.shingle), &b.shingles(terms.shingle));
    let (signals, coverage) = (Signals::quick(a, b), Coverage::default());
    Some(Verdict { relation, score, overlap, signals, coverage, ruled_out: false })
}

fn by_evidence(a: &Profile, b: &Profile, terms: Terms) -> Option<Verdict> {
    if a.len().min(b.len()) < SHORTEST {
        return None;
    }
    let quick = Signals::quick(a, b);
    let ruled_out = terms.model.at_most(&quick) < 0.0;
    if ruled_out && !terms.all {
        return None;
    }
    let tiled = quick.tiled(a, b);
    let (signals, coverage) = (tiled.signals, tiled.coverage);
    let score = model::probability(terms.model.log_odds(&signals));
    let facts = Facts {
        probability: score,
        coverage,
        news: signals.news,
        tokens: (a.len(), b.len()),
        same_source: a.same_source(b),
        markers: (a.marker(), b.marker()),
    };
    let relation = naming::name(&facts)?;
    let overlap = tiled.overlap(a, b, terms.shingle);
    let is_copy = overlap.cmp_jaccard(terms.threshold) != Ordering::Less;
    if is_copy && relation != Relation::Template {
        return Some(Verdict {
            relation: Relation::Copy,
            score: copy_score(overlap),
            overlap,
            signals,
            coverage,
            ruled_out,
        });
    }
    Some(Verdict { relation, score, overlap, signals, coverage, ruled_out })
}
