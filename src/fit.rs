//! From labelled pairs to a model of one's own, and to what it gains on pairs that it has not seen.
//!
//! A logistic regression that starts from the weights in use and is held to them: a prior draws each
//! weight back (Gaussian, as in ridge regression), so that few labels move little more than the
//! threshold, and many move what they speak of. How strong it is was chosen on ten sets of labels,
//! by sixty random pairs of each. What is gained is said by ten-fold cross-validation, and nothing
//! is kept that does not gain more than chance would.

use crate::error::{Error, Result};
use crate::eval::{Known, Label, placed, share};
use crate::evidence::Signals;
use crate::hash;
use crate::relation::model::{JOINED, Model, SIGNALS, logistic};
use crate::report::{Pair, Report};

/// Labelled pairs that are asked for, some of each kind.
pub const LEAST: usize = 10;
/// How strongly the start is drawn back: log-odds, squared.
const START_PRIOR: f64 = 0.5;
/// The same of a weight, where its signal moves by [`STEP`].
const WEIGHT_PRIOR: f64 = 5.0;
/// How far a signal usually is from its mean.
const STEP: f64 = 0.3;
/// Parts of the labels that are each judged by what the others say.
const FOLDS: usize = 10;
/// Newton's method has long converged after so many steps.
const STEPS: usize = 50;

/// The start and all weights.
const SIZE: usize = SIGNALS.len() + 1;
type Vector = [f64; SIZE];

/// What was fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// The weights: new ones if [`Fitted::gains`], else those that were there.
    pub model: Model,
    /// Whether new weights judge pairs that they have not seen better than the old ones, beyond chance.
    pub gains: bool,
    /// Labelled pairs of stories that are there.
    pub pairs: usize,
    /// Labels that were left out: one of their ids is that of no story.
    pub unknown: usize,
    /// Of the labelled pairs, those that evidence decides; the others are copies, kills, translations, or were
    /// not found.
    pub judged: usize,
    /// Precision, recall and F1 of the old weights over all pairs.
    pub before: (f64, f64, f64),
    /// The same of the new ones, each pair judged by weights that have not seen it.
    pub after: (f64, f64, f64),
}

/// A labelled pair.
struct Example {
    /// 1 for the start, then the signals, in the order of the model; `None` where evidence does not decide.
    values: Option<Vector>,
    /// Whether it is joined where evidence does not decide.
    joined: bool,
    positive: bool,
    weight: f64,
    /// The part that it is judged with.
    fold: usize,
}

/// Fits the weights in `report.model` to `labels`. `report` holds all relations
/// ([`Config::with_all_relations`](crate::config::Config::with_all_relations)). `closed` says that
/// pairs without a label are of different reports. Cost: milliseconds
/// for a thousand labels.
///
/// # Errors
/// Fewer than [`LEAST`] labelled pairs that evidence decides, or none of one kind.
pub fn fit(report: &Report, labels: &[Label], closed: bool) -> Result<Fitted> {
    let (known, unknown) = placed(report, labels);
    let examples = examples(report, known, closed);
    let decided: Vec<&Example> = examples.iter().filter(|example| example.values.is_some()).collect();
    let right = decided.iter().filter(|example| example.positive).count();
    let wrong = decided.len() - right;
    if right.min(wrong) == 0 || decided.len() < LEAST {
        return Err(Error::config(format!(
            "expected at least {LEAST} labelled pairs that the evidence decides, some of versions and some of \
             different reports, found {right} and {wrong}; label more, best such with a score around even"
        )));
    }
    let old = unfolded(&report.model);
    let by_fold = unseen(old, &decided);
    let gain = |example: &&Example| {
        example.weight.sqrt() * (loss(&old, example) - loss(&by_fold[example.fold], example))
    };
    let gains = beyond_chance(&decided.iter().map(gain).collect::<Vec<_>>());
    let model = if gains { folded(fitted(old, decided.iter().copied())) } else { report.model };
    Ok(Fitted {
        model,
        gains,
        pairs: examples.len(),
        unknown,
        judged: decided.len(),
        before: scores(&examples, |_| &old),
        after: scores(&examples, |example| if gains { &by_fold[example.fold] } else { &old }),
    })
}

/// For the pairs of each part the weights that the other parts say.
fn unseen(old: Vector, decided: &[&Example]) -> Vec<Vector> {
    let others = |fold| decided.iter().copied().filter(move |example| example.fold != fold);
    (0..FOLDS).map(|fold| fitted(old, others(fold))).collect()
}

/// One for each pair of ids, by their order; a pair stands for as many as its weight says, but is
/// read by the root of that: one that stands for forty is not read forty times as surely.
fn examples(report: &Report, mut known: Known, closed: bool) -> Vec<Example> {
    if closed {
        report.pairs.iter().for_each(|pair| {
            known.entry((pair.a, pair.b)).or_insert((false, 1.0));
        });
    }
    let found = |pair| report.pairs.binary_search_by_key(&pair, |pair: &Pair| (pair.a, pair.b)).ok();
    let id = |story: u32| report.stories[story as usize].id.as_str();
    let fold = |(a, b): (u32, u32)| hash::word(format!("{}\t{}", id(a), id(b)).as_bytes()) % FOLDS as u64;
    let example = |(pair, &(positive, weight)): (&(u32, u32), &(bool, f64))| {
        let found = found(*pair).map(|at| &report.pairs[at]);
        let decided = found.and_then(|pair| {
            let signals = pair.signals.as_deref()?;
            let leads = (logistic(f64::from(report.model.log_odds(signals))) - pair.score).abs() < 1e-6;
            leads.then(|| values(&report.model, signals))
        });
        Example {
            values: decided,
            joined: found.is_some_and(|pair| pair.score >= JOINED),
            positive,
            weight,
            fold: fold(*pair) as usize,
        }
    };
    known.iter().map(example).collect()
}

fn values(model: &Model, signals: &Signals) -> Vector {
    let mut values = [1.0; SIZE];
    for (slot, (_, value, _)) in values[1..].iter_mut().zip(model.contributions(signals)) {
        *slot = f64::from(value);
    }
    values
}

fn unfolded(model: &Model) -> Vector {
    let mut weights = [f64::from(model.bias()); SIZE];
    for (slot, (.., weight)) in weights[1..].iter_mut().zip(model.contributions(&Signals::default())) {
        *slot = f64::from(weight);
    }
    weights
}

/// Weights to three decimals: more is not known.
fn folded(weights: Vector) -> Model {
    let rounded = weights.map(|weight| ((weight * 1e3).round() / 1e3) as f32);
    Model::new(rounded[0], std::array::from_fn(|at| rounded[at + 1]))
}

fn odds(weights: &Vector, values: &Vector) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

/// The log-loss of a decided example.
fn loss(weights: &Vector, example: &Example) -> f64 {
    let Some(values) = &example.values else { return 0.0 };
    let odds = odds(weights, values);
    libm::log1p(libm::exp(if example.positive { -odds } else { odds }))
}

/// The weights of least loss over `examples`, held to `old`.
fn fitted<'a>(old: Vector, examples: impl Iterator<Item = &'a Example>) -> Vector {
    let read: Vec<(&Vector, bool, f64)> =
        examples.filter_map(|e| Some((e.values.as_ref()?, e.positive, e.weight.sqrt()))).collect();
    let mean = read.iter().map(|(.., weight)| weight).sum::<f64>() / read.len().max(1) as f64;
    let prior = |at: usize| if at == 0 { START_PRIOR } else { WEIGHT_PRIOR * STEP * STEP };
    let mut weights = old;
    for _ in 0..STEPS {
        let mut slope: Vector = std::array::from_fn(|at| prior(at) * (old[at] - weights[at]));
        let mut curve = [[0.0; SIZE]; SIZE];
        (0..SIZE).for_each(|at| curve[at][at] = prior(at));
        for &(values, positive, weight) in &read {
            let (said, weight) = (logistic(odds(&weights, values)), weight / mean);
            for row in 0..SIZE {
                slope[row] += weight * (f64::from(u8::from(positive)) - said) * values[row];
                for column in 0..SIZE {
                    curve[row][column] += weight * said * (1.0 - said) * values[row] * values[column];
                }
            }
        }
        let step = solved(curve, slope);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
        if step.iter().all(|step| step.abs() < 1e-9) {
            break;
        }
    }
    weights
}

/// Solves `curve · x = slope` by elimination; the prior keeps the diagonal above 0.
fn solved(mut curve: [Vector; SIZE], mut slope: Vector) -> Vector {
    for at in 0..SIZE {
        for row in at + 1..SIZE {
            let (above, factor) = (curve[at], curve[row][at] / curve[at][at]);
            curve[row].iter_mut().zip(above).for_each(|(value, above)| *value -= factor * above);
            slope[row] -= factor * slope[at];
        }
    }
    let mut solved = [0.0; SIZE];
    for at in (0..SIZE).rev() {
        let known: f64 = (at + 1..SIZE).map(|column| curve[at][column] * solved[column]).sum();
        solved[at] = (slope[at] - known) / curve[at][at];
    }
    solved
}

/// Whether the sum of `gains` is above its own standard error.
fn beyond_chance(gains: &[f64]) -> bool {
    let (sum, count) = (gains.iter().sum::<f64>(), gains.len() as f64);
    let spread: f64 = gains.iter().map(|gain| (gain - sum / count) * (gain - sum / count)).sum();
    sum > spread.sqrt()
}

/// Precision, recall and F1 over all examples, each judged by the weights that `by` names.
fn scores<'a>(examples: &[Example], by: impl Fn(&Example) -> &'a Vector) -> (f64, f64, f64) {
    let joined = |example: &Example| {
        example.values.as_ref().map_or(example.joined, |values| odds(by(example), values) >= 0.0)
    };
    let sum = |keep: &dyn Fn(&Example) -> bool| -> f64 {
        examples.iter().filter(|example| keep(example)).map(|example| example.weight).sum()
    };
    let (right, found, all) = (sum(&|e| joined(e) && e.positive), sum(&|e| joined(e)), sum(&|e| e.positive));
    (share(right, found), share(right, all), share(2.0 * right, found + all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pairs on one topic, the more alike the likelier versions; `even` is where a desk draws the line.
    fn desk(even: f64) -> Vec<Example> {
        let example = |at: usize| {
            let topic = 0.3 + 0.6 * at as f64 / 100.0;
            let mut values = [0.0; SIZE];
            (values[0], values[1]) = (1.0, topic * topic);
            let stray = if at.is_multiple_of(7) { 0.05 } else { -0.05 };
            Example {
                values: Some(values),
                joined: false,
                positive: topic + stray > even,
                weight: 1.0,
                fold: at % FOLDS,
            }
        };
        (0..100).map(example).collect()
    }

    #[test]
    fn the_line_moves_to_where_the_labels_draw_it() {
        let old = unfolded(&Model::default());
        let even = |weights: Vector| (-weights[0] / weights[1]).sqrt();
        for line in [0.5, 0.7] {
            let new = fitted(old, desk(line).iter());
            assert!((even(new) - line).abs() < 0.06, "{line} {} {}", even(new), even(old));
        }
    }

    #[test]
    fn what_judges_a_pair_has_not_seen_it() {
        let mut desk = desk(0.5);
        // A signal that the pairs of one part alone show.
        for example in desk.iter_mut().filter(|example| example.fold == 3) {
            example.values.as_mut().unwrap()[2] = 1.0;
        }
        let old = unfolded(&Model::default());
        let moved = |weights: &Vector| (weights[2] - old[2]).abs() > 1e-9;
        let has_moved: Vec<bool> = unseen(old, &desk.iter().collect::<Vec<_>>()).iter().map(moved).collect();
        assert_eq!(has_moved, std::array::from_fn::<bool, FOLDS, _>(|fold| fold != 3));
    }

    #[test]
    fn few_labels_move_little() {
        let old = unfolded(&Model::default());
        let new = fitted(old, desk(0.5).iter().take(3));
        assert!(old.iter().zip(&new).all(|(old, new)| (old - new).abs() < 0.8), "{old:?} {new:?}");
        assert_eq!(folded(fitted(old, [].iter())), Model::default());
    }

    #[test]
    fn what_chance_gives_is_no_gain() {
        assert!(beyond_chance(&[0.2, 0.3, 0.1, 0.4]));
        assert!(!beyond_chance(&[0.9, -0.8, 0.7, -0.7]));
        assert!(!beyond_chance(&[-0.2, -0.3]));
    }

    proptest! {
        #[test]
        fn equations_are_solved(diagonal in prop::collection::vec(0.5f64..5.0, SIZE), x in prop::collection::vec(-3f64..3.0, SIZE)) {
            let curve: [Vector; SIZE] =
                std::array::from_fn(|i| std::array::from_fn(|j| if i == j { diagonal[i] + 2.0 } else { 0.2 / (1 + i + j) as f64 }));
            let slope: Vector = std::array::from_fn(|i| (0..SIZE).map(|j| curve[i][j] * x[j]).sum());
            let found = solved(curve, slope);
            prop_assert!(found.iter().zip(&x).all(|(found, x)| (found - x).abs() < 1e-9));
        }
    }
}
