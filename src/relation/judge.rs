//! From two profiles to the verdict on the pair: one place for a scan and for an explanation.

use super::model::Model;
use super::naming::{self, Facts};
use super::tie::{Basis, Judged, Verified};
use super::{Relation, model, notice};
use crate::evidence::signals::Coverage;
use crate::evidence::{Profile, Signals};
use crate::hash::{self, Identity};
use crate::similarity::{Overlap, Similarity};
use crate::story::{Ordinal, Story};
use crate::text;
use crate::time::Time;
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
        self.with_overlap(Overlap::of_sorted(&x.shingles(terms.shingle), &y.shingles(terms.shingle)), terms)
    }

    /// The same, where the overlap of both texts as they are printed is known.
    pub(super) fn with_overlap(self, overlap: Overlap, terms: Terms) -> Self {
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

/// What makes two stories identical: the sequence of their tokens. A headline by itself, shorter than
/// [`SHORTEST`], is given to many reports in a year: of a prepared story that says nothing else and
/// whose time is known, the day in UTC belongs to it. Cost: 1 ns a token.
pub fn identity(story: &Story, tokens: &[u64]) -> Identity {
    let is_bare = || {
        let mut headline = Vec::new();
        text::token_hashes(&story.headline, &mut headline);
        headline == tokens
    };
    match story.time {
        Some(time) if tokens.len() < SHORTEST && !tokens.is_empty() && is_bare() => of_day(tokens, time),
        _ => Identity::of(tokens),
    }
}

/// The identity of a headline by itself on the day of `time`.
fn of_day(tokens: &[u64], time: Time) -> Identity {
    const DAY: i64 = 24 * 60 * 60;
    let day = hash::finalise(time.as_second().div_euclid(DAY).cast_unsigned());
    Identity::of(&[tokens, &[day]].concat())
}

/// Whether a story of this `identity` and `time` had these tokens.
pub(crate) fn had(identity: Identity, time: Option<Time>, tokens: &[u64]) -> bool {
    identity == Identity::of(tokens) || time.is_some_and(|time| identity == of_day(tokens, time))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headline: &str, body: &str, time: &str) -> Identity {
        let story = Story {
            headline: headline.into(),
            body: body.into(),
            time: time.parse().ok(),
            ..Story::default()
        };
        let mut tokens = Vec::new();
        text::token_hashes(body, &mut tokens);
        let identity = identity(&story, &tokens);
        assert!(had(identity, story.time, &tokens) && !had(identity, story.time, &tokens[1..]));
        identity
    }

    #[test]
    fn a_headline_by_itself_is_identical_within_its_day_and_a_text_at_any_distance() {
        let bare = |time| of("Stocks close higher", "Stocks close higher", time);
        assert_eq!(bare("2026-03-01T00:00:00Z"), bare("2026-03-01T23:59:59Z"));
        assert_eq!(bare("2026-03-01T09:00:00Z"), bare("2026-03-01"));
        assert_ne!(bare("2026-03-01T09:00:00Z"), bare("2026-03-02T09:00:00Z"));
        assert_ne!(bare("2026-03-01T09:00:00Z"), bare(""));
        assert_eq!(bare(""), bare(""));
        let text = |time| of("Markets", "Stocks close higher", time);
        assert_eq!(text("2026-03-01T09:00:00Z"), text("2027-03-02T09:00:00Z"));
        let long = "word ".repeat(SHORTEST);
        assert_eq!(of(&long, &long, "2026-03-01"), of(&long, &long, "2027-03-01"));
    }
}
