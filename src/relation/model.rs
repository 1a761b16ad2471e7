//! From signals to the probability that two stories are versions of one report.
//!
//! A logistic model: weights of evidence, added up. [`SIGNALS`] is the one table of what counts: the
//! model, the bound by which candidates are ruled out, `explain`, the page and `train/fit` read it.
//! The sign of each weight is what one would expect before looking at data. `train/fit` chooses
//! the weights on the labelled sets of ../shared/data, each weighed alike, and prints what they do on
//! each set that they have not seen.

use crate::evidence::Signals;

/// What a signal says of a pair.
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// Its name, for people.
    pub name: &'static str,
    /// What is weighed, at least 0.
    pub value: fn(&Signals) -> f32,
    /// The greatest value that a tiling of both texts could show, by the quick signals.
    pub most: fn(&Signals) -> f32,
    /// How much one unit moves the log-odds.
    pub weight: f32,
}

impl Signal {
    /// A signal that needs no tiling.
    const fn quick(name: &'static str, value: fn(&Signals) -> f32, weight: f32) -> Self {
        Self { name, value, most: value, weight }
    }

    /// A signal that only tiling shows: nothing before, and `most` at the utmost.
    const fn tiled(
        name: &'static str,
        value: fn(&Signals) -> f32,
        most: fn(&Signals) -> f32,
        weight: f32,
    ) -> Self {
        Self { name, value, most, weight }
    }
}

/// Log-odds before any evidence.
pub const BIAS: f32 = -4.17;

/// All signals, in the order in which they are written.
pub const SIGNALS: [Signal; 10] = [
    Signal::quick("topic", |s| s.topic * s.topic, 7.20),
    Signal::tiled("kept in order", |s| s.kept, |_| 1.0, 3.26),
    Signal::tiled("kept under a credit", |s| s.credit * s.kept, |s| s.credit, 10.02),
    Signal::tiled("swapped numbers", |s| s.swapped, |_| 0.0, -4.15),
    Signal::tiled("same substitution", |s| s.substituted, |_| 0.0, -1.61),
    Signal::quick("other numbers", |s| s.other_numbers, -2.35),
    Signal::quick("headline apart", |s| s.headline, -2.83),
    Signal::quick("one source, later", |s| s.later, -1.42),
    Signal::quick("two outlets", |s| s.outlets, 1.53),
    Signal::tiled("one form", |s| s.form, |_| 0.0, -1.26),
];

/// The probability from which two stories are joined.
pub const JOINED: f64 = 0.5;

/// The log-odds of signals.
pub fn log_odds(signals: &Signals) -> f32 {
    SIGNALS.iter().fold(BIAS, |odds, signal| odds + signal.weight * (signal.value)(signals))
}

/// What [`log_odds`] can reach at most, whatever tiling would show: below 0, it need not be done.
pub fn at_most(quick: &Signals) -> f32 {
    SIGNALS.iter().fold(BIAS, |odds, signal| odds + signal.weight * (signal.most)(quick))
}

/// The probability of log-odds, in (0, 1).
pub fn probability(log_odds: f32) -> f64 {
    logistic(f64::from(log_odds))
}

/// The probability of log-odds by the logistic function, in (0, 1).
pub(super) fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

/// The name, value and weight of each signal, for showing what moved a score.
pub fn contributions(signals: &Signals) -> [(&'static str, f32, f32); SIGNALS.len()] {
    SIGNALS.map(|signal| (signal.name, (signal.value)(signals), signal.weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strong() -> Signals {
        Signals { topic: 0.75, news: 0.6, kept: 0.6, quotes: 0.6, headline: 0.2, ..Signals::default() }
    }

    #[test]
    fn evidence_moves_the_odds_the_expected_way() {
        let p = |signals: &Signals| probability(log_odds(signals));
        assert!(p(&strong()) > 0.7, "{}", p(&strong()));
        assert!(p(&Signals { substituted: 1.0, ..strong() }) < p(&strong()) - 0.1);
        assert!(p(&Signals { topic: 0.2, ..Signals::default() }) < 0.05);
    }

    proptest! {
        #[test]
        fn the_bound_holds(v in prop::array::uniform9(0f32..=1.0), later in 0f32..=3.0) {
            let quick = Signals {
                topic: v[0], other_numbers: v[1], headline: v[2], outlets: v[3].round(),
                credit: v[4].round(), later, ..Signals::default()
            };
            let all = Signals { kept: v[5], swapped: v[6], substituted: v[7], form: v[6], quotes: v[8], drift: v[8], ..quick };
            prop_assert!(log_odds(&all) <= at_most(&quick) + 1e-5);
        }

        #[test]
        fn contributions_add_up(topic in 0f32..=1.0, kept in 0f32..=1.0, later in 0f32..=3.0) {
            let signals = Signals { topic, kept, later, ..Signals::default() };
            let sum: f32 = contributions(&signals).iter().map(|(_, value, weight)| value * weight).sum();
            prop_assert!((BIAS + sum - log_odds(&signals)).abs() < 1e-4);
        }
    }

    #[test]
    fn probabilities_rise_with_the_odds() {
        let steps: Vec<f64> = (-600i16..=600).map(|step| probability(f32::from(step) / 100.0)).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((probability(0.0) - JOINED).abs() < 1e-12);
    }
}
