//! From shared landmarks to the probability that two stories in different scripts tell one report.
//!
//! What Spark uses, where stories have no neighbours to be held against: names, numbers and time
//! alone. A scan judges by [`translation`](super::translation). The weights are set by hand, high:
//! a report and its translation share most of their names and numbers within hours; two reports
//! of one event share some.

use super::model;
use crate::evidence::signals::days;
use crate::evidence::{LandmarkCounts, Landmarks};
use crate::text::Script;

/// Landmarks that both must have: fewer are the cast of a beat.
const LEAST: usize = 6;
const BIAS: f64 = -7.0;
const COSINE: f64 = 13.0;
/// Logarithm of shared landmarks over [`LEAST`].
const SHARED: f64 = 2.0;
/// Half days apart, on a doubling scale, as for other pairs.
const DAYS: f64 = -1.0;

/// Whether names can be carried between two scripts, and nothing else can.
pub fn may_hold(a: Script, b: Script) -> bool {
    a != b && a != Script::Other && b != Script::Other
}

/// The probability, in (0, 1), for two stories with times in seconds since 1970; 0 where too few
/// landmarks are shared.
pub fn probability(
    a: (&Landmarks, Option<i64>),
    b: (&Landmarks, Option<i64>),
    counts: &LandmarkCounts,
) -> f64 {
    let shared = a.0.common(b.0).count();
    if shared < LEAST {
        return 0.0;
    }
    let odds = BIAS
        + COSINE * counts.cosine(a.0, b.0)
        + SHARED * libm::log(shared as f64 / LEAST as f64)
        + DAYS * f64::from(days(a.1, b.1));
    model::logistic(odds)
}
