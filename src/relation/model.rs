//! From signals to the probability that two stories are versions of one report.
//!
//! A logistic model: weights of evidence, added up. [`SIGNALS`] is the one table of what counts: the
//! model, the bound by which candidates are ruled out, `explain`, the page and `train/fit` read it.
//! The sign of each weight is what one would expect before looking at data. `train/fit` chooses
//! the weights on the labelled sets of ../shared/data, each weighed alike, and prints what they do on
//! each set that they have not seen.

use crate::error::{Error, Result};
use crate::evidence::Signals;
use std::fmt;

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
pub const SIGNALS: [Signal; 11] = [
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
    Signal::quick("one keyword", |s| s.keyword, 2.00),
];

/// Signals that models of before know nothing of: where a file leaves them out, they weigh what is built
/// in. The others belong to any model.
const SINCE: [&str; 1] = ["one keyword"];

/// The probability from which two stories are joined.
pub const JOINED: f64 = 0.5;

/// How much each signal counts: as built in, or as `dedup fit` chose for the labels of a desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    bias: f32,
    /// In the order of [`SIGNALS`].
    weights: [f32; SIGNALS.len()],
}

impl Default for Model {
    fn default() -> Self {
        Self { bias: BIAS, weights: SIGNALS.map(|signal| signal.weight) }
    }
}

/// The name of the bias in a model file.
const START: &str = "start";

impl Model {
    /// Of a bias and of weights in the order of [`SIGNALS`]. A weight that says the opposite of what
    /// its signal means counts nothing: the bound of [`Model::at_most`] rests on the signs.
    pub(crate) fn new(bias: f32, weights: [f32; SIGNALS.len()]) -> Self {
        let mut model = Self { bias, weights };
        for (weight, signal) in model.weights.iter_mut().zip(&SIGNALS) {
            if *weight * signal.weight < 0.0 {
                *weight = 0.0;
            }
        }
        model
    }

    /// Log-odds before any evidence.
    pub fn bias(&self) -> f32 {
        self.bias
    }

    /// The log-odds of signals.
    pub fn log_odds(&self, signals: &Signals) -> f32 {
        self.sum(|signal| (signal.value)(signals))
    }

    /// What [`Model::log_odds`] can reach at most, whatever tiling would show: below 0, it need not
    /// be done.
    pub fn at_most(&self, quick: &Signals) -> f32 {
        self.sum(|signal| (signal.most)(quick))
    }

    fn sum(&self, value: impl Fn(&Signal) -> f32) -> f32 {
        SIGNALS
            .iter()
            .zip(self.weights)
            .fold(self.bias, |odds, (signal, weight)| odds + weight * value(signal))
    }

    /// The name, value and weight of each signal, for showing what moved a score.
    pub fn contributions(&self, signals: &Signals) -> [(&'static str, f32, f32); SIGNALS.len()] {
        std::array::from_fn(|at| (SIGNALS[at].name, (SIGNALS[at].value)(signals), self.weights[at]))
    }

    /// Reads what [`Model`] is shown as: a line of a name, a tab and a number for the start and for
    /// each signal, in any order; lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// The first line that is none, a weight of the wrong sign, or what is missing: a model that was
    /// fitted for other signals is no model of this program.
    pub fn read(text: &str) -> Result<Self> {
        let (mut bias, mut weights) = (None, [None; SIGNALS.len()]);
        for (line, number) in text.lines().zip(1..) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: &str| {
                Error::config(format!("line {number} of the model: expected {what}, found `{line}`"))
            };
            let (name, value) = line.split_once('\t').ok_or_else(|| wrong("NAME<TAB>weight"))?;
            let value: f32 = value.trim().parse().map_err(|_| wrong("a number"))?;
            if !value.is_finite() {
                return Err(wrong("a finite number"));
            }
            let at = SIGNALS.iter().position(|signal| signal.name == name);
            if at.is_some_and(|at| value * SIGNALS[at].weight < 0.0) {
                return Err(wrong(if value < 0.0 {
                    "a weight of at least 0"
                } else {
                    "a weight of at most 0"
                }));
            }
            let slot = match at {
                Some(at) => &mut weights[at],
                None if name == START => &mut bias,
                None => return Err(wrong("the name of a signal of this program; fit it anew")),
            };
            if slot.replace(value).is_some() {
                return Err(wrong("each name once"));
            }
        }
        let missing = |name: &str| Error::config(format!("the model has no weight of `{name}`; fit it anew"));
        let bias = bias.ok_or_else(|| missing(START))?;
        let mut model = Self { bias, ..Self::default() };
        for ((slot, weight), signal) in model.weights.iter_mut().zip(weights).zip(&SIGNALS) {
            let since = SINCE.contains(&signal.name).then_some(signal.weight);
            *slot = weight.or(since).ok_or_else(|| missing(signal.name))?;
        }
        Ok(model)
    }
}

/// The text of a model file.
impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# How much each signal moves the log-odds. Made by `dedup fit`.")?;
        writeln!(f, "{START}\t{}", self.bias)?;
        SIGNALS
            .iter()
            .zip(self.weights)
            .try_for_each(|(signal, weight)| writeln!(f, "{}\t{weight}", signal.name))
    }
}

/// The probability of log-odds, in (0, 1).
pub fn probability(log_odds: f32) -> f64 {
    logistic(f64::from(log_odds))
}

/// The probability of log-odds by the logistic function, in (0, 1).
pub(crate) fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Dispatch;
    use crate::evidence::{Frequencies, Profile};
    use crate::story::Story;
    use proptest::prelude::*;

    fn strong() -> Signals {
        Signals { topic: 0.75, news: 0.6, kept: 0.6, quotes: 0.6, headline: 0.2, ..Signals::default() }
    }

    #[test]
    fn evidence_moves_the_odds_the_expected_way() {
        let p = |signals: &Signals| probability(Model::default().log_odds(signals));
        assert!(p(&strong()) > 0.7, "{}", p(&strong()));
        assert!(p(&Signals { substituted: 1.0, ..strong() }) < p(&strong()) - 0.1);
        assert!(p(&Signals { topic: 0.2, ..Signals::default() }) < 0.05);
        let odds = |signals: &Signals| Model::default().log_odds(signals);
        let moved = |to: Signals| odds(&to) - odds(&strong());
        for more in [
            Signals { topic: 1.0, ..strong() },
            Signals { kept: 1.0, ..strong() },
            Signals { credit: 1.0, ..strong() },
            Signals { outlets: 1.0, ..strong() },
            Signals { keyword: 1.0, ..strong() },
        ] {
            assert!(moved(more) > 1.0, "{more:?}");
        }
        for less in [
            Signals { swapped: 1.0, ..strong() },
            Signals { substituted: 1.0, ..strong() },
            Signals { other_numbers: 1.0, ..strong() },
            Signals { headline: 1.0, ..strong() },
            Signals { later: 1.0, ..strong() },
            Signals { form: 1.0, ..strong() },
        ] {
            assert!(moved(less) < -1.0, "{less:?}");
        }
    }

    proptest! {
        #[test]
        fn the_bound_holds(v in prop::array::uniform9(0f32..=1.0), later in 0f32..=3.0, factor in -1f32..=2.0) {
            let quick = Signals {
                topic: v[0], other_numbers: v[1], headline: v[2], outlets: v[3].round(),
                credit: v[4].round(), later, ..Signals::default()
            };
            let all = Signals { kept: v[5], swapped: v[6], substituted: v[7], form: v[6], quotes: v[8], drift: v[8], ..quick };
            let model = Model::new(-2.0, SIGNALS.map(|signal| signal.weight * factor));
            prop_assert!(model.log_odds(&all) <= model.at_most(&quick) + 1e-5);
        }

        #[test]
        fn contributions_add_up(topic in 0f32..=1.0, kept in 0f32..=1.0, later in 0f32..=3.0) {
            let signals = Signals { topic, kept, later, ..Signals::default() };
            let sum: f32 = Model::default().contributions(&signals).iter().map(|(_, value, weight)| value * weight).sum();
            prop_assert!((BIAS + sum - Model::default().log_odds(&signals)).abs() < 1e-4);
        }
    }

    #[test]
    fn a_wire_sends_a_report_under_one_keyword_for_a_day() {
        let sent = |source: &str, slugline: &str, time: &str| {
            let mut story =
                Story { source: source.into(), time: time.parse().ok(), ..Story::new("x", "It sails.") };
            story.dispatch =
                Some(Box::new(Dispatch { slugline: Some(slugline.into()), ..Dispatch::default() }));
            Profile::new(&story, &Frequencies::default().weights())
        };
        let first = sent("AP", "PM-Ferry, 1st Ld", "2026-03-01T09:00:00Z");
        let is_one = |other: &Profile| Signals::quick(&first, other).keyword > 0.5;
        assert!(is_one(&sent("AP", "AM-Ferry,0420", "2026-03-01T20:00:00Z")));
        for other in [
            sent("AP", "AM-Ferry-Crew", "2026-03-01T20:00:00Z"),
            sent("Echo", "AM-Ferry", "2026-03-01T20:00:00Z"),
            sent("AP", "AM-Ferry", "2026-03-02T20:00:00Z"),
            sent("AP", "AM-Ferry", ""),
            sent("AP", "Ferry", "2026-03-01T20:00:00Z"),
        ] {
            assert!(!is_one(&other), "{other:?}");
        }
    }

    #[test]
    fn a_model_comes_back_from_its_text() {
        let model = Model::new(-3.25, SIGNALS.map(|signal| signal.weight / 3.0));
        assert_eq!(Model::read(&model.to_string()).unwrap(), model);
        let error = |text: &str| Model::read(text).unwrap_err().to_string();
        let text = model.to_string();
        assert!(error("topic 1").contains("line 1 of the model: expected NAME<TAB>weight, found `topic 1`"));
        assert!(error("weather\t1").contains("the name of a signal of this program; fit it anew"));
        assert!(error("topic\t-1").contains("expected a weight of at least 0"));
        assert!(error("topic\tNaN").contains("expected a finite number"));
        assert!(error(&format!("{text}topic\t1")).contains("expected each name once"));
        assert!(error("start\t1").contains("no weight of `topic`"));
        let before = text.lines().filter(|line| !line.starts_with("one keyword"));
        let before: String = before.flat_map(|line| [line, "\n"]).collect();
        let gained = Model::read(&before).unwrap().weights[10] - SIGNALS[10].weight;
        assert!(gained.abs() < 1e-6, "{gained}");
    }

    #[test]
    fn probabilities_rise_with_the_odds() {
        let steps: Vec<f64> = (-600i16..=600).map(|step| probability(f32::from(step) / 100.0)).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((probability(0.0) - JOINED).abs() < 1e-12);
    }
}
