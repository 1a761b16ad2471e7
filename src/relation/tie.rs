//! From a judgement on two stories to their verified tie, which says what it rests on.

use super::Relation;
use crate::evidence::Signals;
use crate::similarity::Overlap;
use crate::story::Ordinal;

/// A verified tie between two stories, or the first members of two classes; `a < b`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verified {
    pub(crate) a: Ordinal,
    pub(crate) b: Ordinal,
    pub(crate) relation: Relation,
    pub(crate) score: f64,
    pub(crate) overlap: Overlap,
    pub(crate) basis: Basis,
}

/// What a tie rests on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Basis {
    /// Exact overlap of the texts.
    Text,
    /// Evidence of common text, weighed.
    Evidence(Judged),
    /// A notice that names a story, or one of its versions.
    Notice,
    /// The sender's word.
    Declared,
    /// Names and numbers, between languages.
    Translation,
}

/// What judging a pair by evidence showed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) signals: Signals,
    /// Share of `a` and of `b` that lies in shared passages.
    pub(crate) coverage: (f32, f32),
    /// Whether only a run that asks for all relations sees the pair: then it decides nothing.
    pub(crate) ruled_out: bool,
}

impl Basis {
    /// What judging by evidence showed, where it did.
    pub(crate) fn judged(self) -> Option<Judged> {
        match self {
            Self::Evidence(judged) => Some(judged),
            _ => None,
        }
    }

    /// The same with both stories exchanged.
    fn mirrored(self) -> Self {
        match self {
            Self::Evidence(judged) => {
                Self::Evidence(Judged { coverage: (judged.coverage.1, judged.coverage.0), ..judged })
            }
            same => same,
        }
    }
}

impl Verified {
    /// The tie of two stories of one text, which has so many shingles.
    pub(crate) fn identical(a: Ordinal, b: Ordinal, shingles: u32) -> Self {
        let overlap = Overlap { shared: shingles, a: shingles, b: shingles };
        Self { a, b, relation: Relation::Identical, score: 1.0, overlap, basis: Basis::Text }
    }

    /// The same tie seen from the other side: the relation, overlap and coverage are mirrored, and
    /// the numbers stay.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            relation: self.relation.mirrored(),
            overlap: self.overlap.swapped(),
            basis: self.basis.mirrored(),
            ..self
        }
    }

    /// The same tie between two other stories, in their order.
    pub(crate) fn between(self, a: Ordinal, b: Ordinal) -> Self {
        if a < b { Self { a, b, ..self } } else { Self { a: b, b: a, ..self.mirrored() } }
    }

    /// Whether the pair takes part in clustering.
    pub(crate) fn counts(&self) -> bool {
        self.basis.judged().is_none_or(|judged| !judged.ruled_out)
    }

    /// Whether the two are copies by their text alone, or have one text.
    pub(crate) fn is_copy(&self) -> bool {
        matches!(self.relation, Relation::Copy | Relation::Identical) && matches!(self.basis, Basis::Text)
    }
}
