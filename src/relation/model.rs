//! From signals to the probability that two stories are versions of one report.
//!
//! A logistic model: weights of evidence, added up. Each weight says how much one unit of its
//! signal moves the log-odds; the sign of each is what one would expect before looking at data.
//! The weights were fitted by `train/fit` on the labels of ../shared/data and on
//! `tests/quality/w100k-hard.pairs.jsonl`; it prints the figures that stand in README, and what
//! the weights in use do.

use crate::evidence::Signals;

/// Log-odds before any evidence, in a corpus of a thousand stories.
const BIAS: f32 = -7.55;
const TOPIC: f32 = 8.1;
const NEWS: f32 = 1.6;
const KEPT: f32 = 6.0;
const QUOTES: f32 = 2.0;
const DRIFT: f32 = -3.1;
const SWAPPED: f32 = -11.8;
const OTHER_NUMBERS: f32 = -4.2;
const DAYS: f32 = -1.2;
const SIZE: f32 = -0.6;
/// Set by hand: an outlet reuses its own background.
const SAME_SOURCE: f32 = -0.8;
/// Set by hand, for want of labels with sources: a text that says where it comes from.
const CREDIT: f32 = 1.0;
/// A pair drawn from a large corpus is less likely to belong together than one from a small one:
/// theory says −1 for each unit of the logarithm, labels say more.
const CORPUS: f32 = -1.5;

/// Stories between which the size of the corpus counts. Above, scores must not move as an index
/// grows; below, a handful of stories would be joined on little.
const CORPUS_RANGE: (f32, f32) = (1_000.0, 5_000.0);

/// The lower end where a story has neither time nor headline: bare texts are handed over to be
/// compared, and a missing time has already been counted against them.
const BARE_CORPUS: f32 = 100.0;

/// The probability from which two stories are joined.
pub const JOINED: f64 = 0.5;

/// The log-odds of signals in a corpus of `stories` stories; `bare` if either story has neither
/// time nor headline.
pub fn log_odds(signals: &Signals, stories: usize, bare: bool) -> f32 {
    untiled(signals, stories, bare)
        + KEPT * signals.kept
        + QUOTES * signals.quotes
        + DRIFT * signals.drift
        + SWAPPED * signals.swapped
}

/// What [`log_odds`] can reach at most, whatever tiling would show: below 0, it need not be done.
pub fn at_most(quick: &Signals, stories: usize, bare: bool) -> f32 {
    untiled(quick, stories, bare) + KEPT + QUOTES
}

/// Log-odds before any evidence, in a corpus of `stories` stories.
pub fn start(stories: usize, bare: bool) -> f32 {
    let least = if bare { BARE_CORPUS } else { CORPUS_RANGE.0 };
    BIAS + CORPUS * libm::logf((stories as f32).clamp(least, CORPUS_RANGE.1) / 1_000.0)
}

fn untiled(signals: &Signals, stories: usize, bare: bool) -> f32 {
    start(stories, bare)
        + TOPIC * signals.topic
        + NEWS * signals.news
        + OTHER_NUMBERS * signals.other_numbers
        + DAYS * signals.days
        + SIZE * signals.size
        + SAME_SOURCE * signals.same_source
        + CREDIT * signals.credit
}

/// How much surer than the bare logistic curve labels are on either side of even odds, in
/// log-odds: of pairs said to be 0.2–0.5 one in eight was right, of those said to be 0.5–0.8
/// seven in eight. The far ends of the curve hold, and no pair changes sides.
const SURER: f64 = 1.5;

/// The probability of log-odds, in (0, 1): rising, and 0.5 for even odds.
pub fn probability(log_odds: f32) -> f64 {
    let odds = f64::from(log_odds);
    let surer = SURER * libm::tanh(3.0 * odds) * libm::exp(-odds * odds / 2.0);
    logistic(odds + surer)
}

/// The probability of log-odds by the logistic function, in (0, 1).
pub(super) fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

/// The weight and value of each signal, for showing what moved a score.
pub fn contributions(signals: &Signals) -> [(&'static str, f32, f32); 11] {
    [
        ("topic", signals.topic, TOPIC),
        ("news", signals.news, NEWS),
        ("kept in order", signals.kept, KEPT),
        ("quotes", signals.quotes, QUOTES),
        ("drift", signals.drift, DRIFT),
        ("swapped numbers", signals.swapped, SWAPPED),
        ("other numbers", signals.other_numbers, OTHER_NUMBERS),
        ("time apart", signals.days, DAYS),
        ("length", signals.size, SIZE),
        ("same source", signals.same_source, SAME_SOURCE),
        ("credit", signals.credit, CREDIT),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_moves_the_odds_the_expected_way() {
        let strong = Signals { topic: 0.7, news: 0.6, kept: 0.5, quotes: 0.6, ..Signals::default() };
        let p = |signals: &Signals, stories| probability(log_odds(signals, stories, false));
        assert!(p(&strong, 1_000) > 0.9);
        assert!(p(&Signals { swapped: 0.4, ..strong }, 1_000) < p(&strong, 1_000) - 0.1);
        assert!(p(&strong, 5_000) < p(&strong, 1_000));
        assert_eq!(p(&strong, 5_000).to_bits(), p(&strong, 5_000_000).to_bits());
        assert!(p(&Signals { topic: 0.2, ..Signals::default() }, 1_000) < 0.05);
    }

    #[test]
    fn probabilities_rise_with_the_odds() {
        let steps: Vec<f64> = (-600i16..=600).map(|step| probability(f32::from(step) / 100.0)).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((probability(0.0) - JOINED).abs() < 1e-12);
    }

    #[test]
    fn the_bound_holds() {
        for step in 0..64u8 {
            let at = |bit: u8| f32::from((step >> bit) & 1);
            let signals = Signals {
                topic: at(0),
                kept: at(1),
                quotes: at(2),
                drift: at(3),
                swapped: at(4),
                ..Signals::default()
            };
            assert!(log_odds(&signals, 10, at(5) > 0.5) <= at_most(&signals, 10, at(5) > 0.5));
        }
    }

    #[test]
    fn contributions_add_up() {
        let signals = Signals {
            topic: 0.3,
            news: 0.2,
            kept: 0.4,
            drift: 0.1,
            days: 1.5,
            size: 0.2,
            ..Signals::default()
        };
        let sum: f32 = contributions(&signals).iter().map(|(_, value, weight)| value * weight).sum();
        assert!((BIAS + sum - log_odds(&signals, 1_000, false)).abs() < 1e-4);
    }
}
