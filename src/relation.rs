//! From verified similarities to a named [`Relation`] with a score and a direction.

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
    /// Below the threshold, most passages shared in order.
    Edited,
    /// `a` is contained in `b`.
    Excerpt,
    /// `b` is contained in `a`.
    Extended,
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
