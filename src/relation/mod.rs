//! From evidence to a named [`Relation`] with its probability.

pub mod direction;
pub mod judge;
pub mod matched;
pub mod model;
pub mod naming;
pub mod notice;
pub mod scripts;
pub mod translation;

use serde::Serialize;

/// The named tie between two stories.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Relation {
    /// The same normalised body.
    Identical,
    /// Jaccard at or above the threshold.
    Copy,
    /// Below the threshold, most of both shared in order.
    Edited,
    /// `a` is contained in `b`.
    Excerpt,
    /// `b` is contained in `a`.
    Extended,
    /// A later version by the same source.
    Update,
    /// A later version by the same source that puts something right, or takes it back.
    Correction,
    /// The same version sent again by the same source.
    Repeat,
    /// Retold: the evidence says the same report.
    Rewrite,
    /// A version in another language.
    Translation,
    /// One contains the other's report among others; tied, not joined.
    Roundup,
    /// The same event or matter, another report; never joined.
    Related,
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
            Self::Roundup | Self::Related => false,
            _ => level >= Level::Rewrite,
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
