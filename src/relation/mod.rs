//! From evidence to a named [`Relation`] with its probability.

pub mod direction;
pub mod judge;
pub mod matched;
pub mod model;
pub mod naming;
pub mod notice;
pub(crate) mod order;
pub mod scanned;
pub(crate) mod tie;
pub mod translation;

use serde::{Deserialize, Serialize};

/// The named tie between two stories.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Relation {
    /// The same normalised body; of stories that are a short headline and nothing else, on one day.
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
    /// One form of one outlet with other facts, whatever the overlap; never joined.
    Template,
}

impl Relation {
    /// Every relation, by its code.
    const ALL: [Self; 13] = [
        Self::Identical,
        Self::Copy,
        Self::Edited,
        Self::Excerpt,
        Self::Extended,
        Self::Update,
        Self::Correction,
        Self::Repeat,
        Self::Rewrite,
        Self::Roundup,
        Self::Related,
        Self::Template,
        Self::Translation,
    ];

    /// The number by which it is kept and carried; never given anew.
    pub fn code(self) -> u8 {
        Self::ALL.iter().position(|&relation| relation == self).unwrap_or_default() as u8
    }

    /// The relation of that code, if there is one.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

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
            Self::Roundup | Self::Related | Self::Template => false,
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
