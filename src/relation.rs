//! From verified similarities to a named [`Relation`] and a direction.

use crate::similarity::{Overlap, Similarity};
use serde::Serialize;
use std::cmp::Ordering;

/// The named tie between two stories.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Relation {
    /// The same normalised body.
    Identical,
    /// Jaccard at or above the threshold.
    Copy,
    /// Below the threshold, most of both shared.
    Edited,
    /// `a` is contained in `b`.
    Excerpt,
    /// `b` is contained in `a`.
    Extended,
}

/// What decides between the relations of shared text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Measures {
    /// Whether the token sequences are equal, and not empty.
    pub identical: bool,
    /// Whether one text has fewer tokens than a shingle.
    pub short: bool,
    /// Exact overlap of the shingle sets.
    pub overlap: Overlap,
}

/// Share of the shorter text that must be found in the longer one to call it an excerpt: what is
/// left allows for a new lead and a changed word a paragraph.
const CONTAINED: Similarity = Similarity::from_millionths(700_000);

/// Share of each text that must be found in the other to call them versions by text alone.
const EDITED: Similarity = Similarity::from_millionths(500_000);

impl Relation {
    /// The relation that the measures prove, or `None`. Decided in integers. Short texts are
    /// tied only if identical.
    pub fn of(measures: Measures, threshold: Similarity) -> Option<Self> {
        let Measures { identical, short, overlap } = measures;
        let reaches = |least: Similarity| overlap.cmp_containment(least) != Ordering::Less;
        let both = Overlap { a: overlap.a.max(overlap.b), b: overlap.a.max(overlap.b), ..overlap };
        match () {
            () if identical => Some(Self::Identical),
            () if short => None,
            () if overlap.cmp_jaccard(threshold) != Ordering::Less => Some(Self::Copy),
            () if both.cmp_containment(EDITED) != Ordering::Less => Some(Self::Edited),
            () if reaches(CONTAINED) && overlap.a < overlap.b => Some(Self::Excerpt),
            () if reaches(CONTAINED) => Some(Self::Extended),
            () => None,
        }
    }
}

impl Relation {
    /// The same tie with `a` and `b` exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Excerpt => Self::Extended,
            Self::Extended => Self::Excerpt,
            same => same,
        }
    }

    /// Whether `level` joins stories that are so tied.
    pub fn joins(self, level: Level) -> bool {
        match self {
            Self::Identical => true,
            Self::Copy => level >= Level::Copy,
            Self::Edited | Self::Excerpt | Self::Extended => level >= Level::Rewrite,
        }
    }
}

/// How much alike two stories must be to be joined, in plain words.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The same normalised body.
    Identical,
    /// Jaccard similarity at or above the threshold.
    Copy,
    /// Every version of the same report.
    #[default]
    Rewrite,
}

/// Who took the report from whom.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// `b` took it from `a`.
    AToB,
    /// `a` took it from `b`.
    BToA,
    /// The evidence does not say.
    #[default]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shared: u32, a: u32, b: u32) -> Option<Relation> {
        let measures = Measures { identical: false, short: false, overlap: Overlap { shared, a, b } };
        Relation::of(measures, Similarity::new(0.7).unwrap())
    }

    #[test]
    fn each_relation_has_its_measures() {
        assert_eq!(of(70, 70, 100), Some(Relation::Copy));
        assert_eq!(of(60, 100, 100), Some(Relation::Edited));
        assert_eq!(of(40, 50, 200), Some(Relation::Excerpt));
        assert_eq!(of(40, 200, 50), Some(Relation::Extended));
        assert_eq!(of(20, 50, 200), None);
        assert_eq!(of(0, 0, 0), None);
    }

    #[test]
    fn short_texts_are_tied_only_if_identical() {
        let overlap = Overlap { shared: 1, a: 1, b: 1 };
        let of = |identical| {
            let measures = Measures { identical, short: true, overlap };
            Relation::of(measures, Similarity::new(0.7).unwrap())
        };
        assert_eq!(of(true), Some(Relation::Identical));
        assert_eq!(of(false), None);
    }
}
