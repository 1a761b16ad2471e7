//! From a report and labelled pairs to scores.
//!
//! A pair counts as found if the report holds it with a relation that the level joins. Average
//! precision ranks all pairs of the report by their score. B-cubed (Bagga and Baldwin 1998) and
//! the adjusted Rand index (Hubert and Arabie 1985) compare the clusters with the components of
//! the positive labels.

use crate::cluster::components;
use crate::config::{Config, Level};
use crate::report::{Pair, Report};
use ahash::AHashMap;
use serde::Serialize;
use std::collections::BTreeMap;

mod disagreements;

pub use crate::label::{Label, read_labels};
pub use disagreements::disagreements;

/// How well a report agrees with labels. All shares are in [0, 1]; those of nothing are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Labelled pairs that took part; those with an unknown id are left out.
    pub pairs: usize,
    /// Share of the found pairs that are right.
    pub precision: f64,
    /// Share of the right pairs that were found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Mean, over the right pairs, of the precision at their rank by score.
    pub average_precision: f64,
    /// Harmonic mean of B-cubed precision and recall.
    pub b_cubed_f1: f64,
    /// Adjusted Rand index, at most 1.
    pub ari: f64,
    /// The score from which a pair is joined.
    pub threshold: f64,
    /// Labels that were left out: one of their ids is that of no story. In JSON only where there
    /// are any.
    #[serde(skip_serializing_if = "is_none")]
    pub unknown: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// The ids of `labels` that no story of `report` has, sorted, each once.
pub fn unknown_ids<'a>(report: &Report, labels: &'a [Label]) -> Vec<&'a str> {
    let is_there = |id: &str| report.stories.binary_search_by(|story| story.id.as_str().cmp(id)).is_ok();
    let ids = labels.iter().flat_map(|label| [label.a.as_str(), label.b.as_str()]);
    let mut unknown: Vec<&str> = ids.filter(|id| !is_there(id)).collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown
}

/// Whether the stories at two places, the first before the second, are versions of one report, and
/// how many pairs that stands for.
pub(crate) type Known = BTreeMap<(u32, u32), (bool, f64)>;

/// What `labels` say of the stories of `report`, and how many speak of a story that is not there.
pub(crate) fn placed(report: &Report, labels: &[Label]) -> (Known, usize) {
    let (known, unknown) = located(report, labels);
    (known.into_iter().map(|(ends, label)| (ends, (label.label == 1, label.weight))).collect(), unknown)
}

/// The labels themselves by the places of their stories; of several for one pair the last.
fn located<'a>(report: &Report, labels: &'a [Label]) -> (BTreeMap<(u32, u32), &'a Label>, usize) {
    let place =
        |id: &str| report.stories.binary_search_by(|story| story.id.as_str().cmp(id)).ok().map(|i| i as u32);
    let (mut located, mut unknown) = (BTreeMap::new(), 0);
    for label in labels {
        if let (Some(a), Some(b)) = (place(&label.a), place(&label.b)) {
            located.insert((a.min(b), a.max(b)), label);
        } else {
            unknown += 1;
        }
    }
    (located, unknown)
}

/// Whether the level joins the two, as far as their own relation goes.
fn joins(config: &Config, pair: &Pair) -> bool {
    pair.relation.joins(config.level())
}

/// A pair as the ranking sees it.
struct Ranked {
    score: f64,
    joined: bool,
    positive: bool,
    weight: f64,
}

/// Compares `report`, made with `config`, with `labels`. `closed` says that pairs without a label
/// are negatives; otherwise they are not looked at, and neither are stories without a label.
pub fn evaluate(report: &Report, labels: &[Label], closed: bool, config: &Config) -> Scores {
    let joins = |pair: &Pair| joins(config, pair);
    let (known, unknown) = placed(report, labels);
    let pairs = known.len();
    let positives = known.iter().filter(|(_, (right, _))| *right).map(|(&pair, _)| pair);
    let mut labelled: Vec<u32> = known.keys().flat_map(|&(a, b)| [a, b]).collect();
    labelled.sort_unstable();
    labelled.dedup();
    let all: f64 = {
        let mut weights: Vec<f64> =
            known.values().filter(|(right, _)| *right).map(|(_, weight)| *weight).collect();
        weights.sort_by(f64::total_cmp);
        weights.iter().sum()
    };
    let mut ranked = Vec::new();
    for pair in &report.pairs {
        match known.get(&(pair.a, pair.b)) {
            Some(&(positive, weight)) => {
                ranked.push(Ranked { score: pair.score, joined: joins(pair), positive, weight });
            }
            None if closed => {
                ranked.push(Ranked { score: pair.score, joined: joins(pair), positive: false, weight: 1.0 });
            }
            None => {}
        }
    }
    let sum =
        |keep: &dyn Fn(&Ranked) -> bool| ranked.iter().filter(|r| keep(r)).map(|r| r.weight).sum::<f64>();
    let (right, found) = (sum(&|r| r.joined && r.positive), sum(&|r| r.joined));
    let (precision, recall) = (share(right, found), share(right, all));
    let stories: Vec<u32> = if closed { (0..report.stories.len() as u32).collect() } else { labelled };
    let gold = groups(report.stories.len(), components(report.stories.len(), positives).iter());
    let made = groups(report.stories.len(), report.clusters.iter().map(|cluster| &cluster.members));
    let agreement = Agreement::of(&stories, &gold, &made);
    Scores {
        pairs,
        precision,
        recall,
        f1: harmonic(precision, recall),
        average_precision: average_precision(ranked, all),
        b_cubed_f1: agreement.b_cubed_f1(),
        ari: agreement.ari(),
        threshold: match config.level() {
            Level::Identical => 1.0,
            Level::Copy => config.threshold().value(),
            Level::Rewrite => 0.5,
        },
        unknown,
    }
}

/// An empty sum is −0.0, which nobody wants to read.
pub(crate) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole + 0.0 } else { 0.0 }
}

fn harmonic(x: f64, y: f64) -> f64 {
    share(2.0 * x * y, x + y)
}

/// Pairs of equal score share one rank, so that the order of the report does not count.
fn average_precision(mut ranked: Vec<Ranked>, all: f64) -> f64 {
    ranked.sort_by(|x, y| y.score.total_cmp(&x.score));
    let (mut right, mut seen, mut sum) = (0.0, 0.0, 0.0);
    for rank in ranked.chunk_by(|x, y| x.score.total_cmp(&y.score).is_eq()) {
        let hits: f64 = rank.iter().filter(|r| r.positive).map(|r| r.weight).sum();
        right += hits;
        seen += rank.iter().map(|r| r.weight).sum::<f64>();
        sum += hits * share(right, seen);
    }
    share(sum, all)
}

/// The number of the group of every story; stories in none are groups of their own.
fn groups<'a>(stories: usize, groups: impl Iterator<Item = &'a Vec<u32>>) -> Vec<usize> {
    let mut group_of: Vec<usize> = (0..stories).collect();
    for members in groups {
        members.iter().for_each(|&story| group_of[story as usize] = members[0] as usize);
    }
    group_of
}

/// Counts of stories by gold group, made group, and both.
struct Agreement {
    stories: f64,
    gold: Vec<f64>,
    made: Vec<f64>,
    both: Vec<(f64, f64, f64)>,
}

impl Agreement {
    fn of(stories: &[u32], gold: &[usize], made: &[usize]) -> Self {
        let mut cells: Vec<(usize, usize)> =
            stories.iter().map(|&s| (gold[s as usize], made[s as usize])).collect();
        let count = |mut of: Vec<usize>| -> AHashMap<usize, f64> {
            of.sort_unstable();
            of.chunk_by(|x, y| x == y).map(|run| (run[0], run.len() as f64)).collect()
        };
        let (gold, made) =
            (count(cells.iter().map(|c| c.0).collect()), count(cells.iter().map(|c| c.1).collect()));
        cells.sort_unstable();
        let both = cells
            .chunk_by(|x, y| x == y)
            .map(|run| (run.len() as f64, gold[&run[0].0], made[&run[0].1]))
            .collect();
        let sizes = |counts: AHashMap<usize, f64>| {
            let mut sizes: Vec<f64> = counts.into_values().collect();
            sizes.sort_by(f64::total_cmp);
            sizes
        };
        Self { stories: stories.len() as f64, gold: sizes(gold), made: sizes(made), both }
    }

    fn b_cubed_f1(&self) -> f64 {
        let mean = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
            share(self.both.iter().map(|c| c.0 * c.0 / of(c)).sum(), self.stories)
        };
        harmonic(mean(&|cell| cell.2), mean(&|cell| cell.1))
    }

    fn ari(&self) -> f64 {
        let pairs = |n: f64| n * (n - 1.0) / 2.0;
        let together: f64 = self.both.iter().map(|cell| pairs(cell.0)).sum();
        let (gold, made): (f64, f64) =
            (self.gold.iter().map(|&n| pairs(n)).sum(), self.made.iter().map(|&n| pairs(n)).sum());
        let chance = share(gold * made, pairs(self.stories));
        let best = f64::midpoint(gold, made);
        if best - chance > 0.0 { (together - chance) / (best - chance) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::direction::Reason;
    use crate::relation::{Direction, Relation};
    use crate::report::{Cluster, StoryInfo};
    use crate::similarity::Overlap;
    use std::path::Path;

    /// Stories a to f; found: a~b (0.9), a~c (0.8), d~e (0.6); clusters {a, b, c}, {d, e}.
    fn report() -> Report {
        let story = |id: char| StoryInfo { id: id.to_string(), ..StoryInfo::default() };
        let pair = |a, b, score| Pair {
            a,
            b,
            relation: Relation::Copy,
            score,
            overlap: Overlap::default(),
            direction: Direction::Unknown,
            reason: Reason::Nothing,
            cut: false,
            coverage: None,
            signals: None,
        };
        let cluster = |members: &[u32]| Cluster {
            canonical: members[0],
            origin: None,
            members: members.to_vec(),
            weakest: 0.7,
            derived: Vec::new(),
        };
        Report {
            stories: ('a'..='f').map(story).collect(),
            pairs: vec![pair(0, 1, 0.9), pair(0, 2, 0.8), pair(3, 4, 0.6)],
            clusters: vec![cluster(&[0, 1, 2]), cluster(&[3, 4])],
            ..Report::default()
        }
    }

    fn labels(lines: &str) -> Vec<Label> {
        read_labels(lines.as_bytes(), Path::new("labels.jsonl")).unwrap()
    }

    fn close(x: f64, y: f64) -> bool {
        (x - y).abs() < 1e-9
    }

    #[test]
    fn open_labels_ignore_what_they_do_not_list() {
        let labels = labels(
            "{\"a\":\"b\",\"b\":\"a\",\"label\":1}\n\n{\"a\":\"a\",\"b\":\"c\",\"label\":0}\n{\"a\":\"e\",\"b\":\"f\",\"label\":1}\n",
        );
        let scores = evaluate(&report(), &labels, false, &Config::default());
        assert_eq!(scores.pairs, 3);
        assert!(close(scores.precision, 0.5) && close(scores.recall, 0.5) && close(scores.f1, 0.5));
        assert!(close(scores.average_precision, 0.5), "the positive that was found ranks first: {scores:?}");
    }

    #[test]
    fn closed_labels_count_the_rest_as_negatives() {
        let labels = labels("{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n{\"a\":\"d\",\"b\":\"e\",\"label\":1}\n");
        let scores = evaluate(&report(), &labels, true, &Config::default());
        assert!(close(scores.precision, 2.0 / 3.0) && close(scores.recall, 1.0));
        assert!(close(scores.average_precision, f64::midpoint(1.0, 2.0 / 3.0)));
        // Gold {a,b} {c} {d,e} {f} against made {a,b,c} {d,e} {f}.
        assert!(close(scores.b_cubed_f1, harmonic((4.0 / 3.0 + 1.0 / 3.0 + 3.0) / 6.0, 1.0)));
        assert!(close(scores.ari, (2.0 - 8.0 / 15.0) / (3.0 - 8.0 / 15.0)));
    }

    #[test]
    fn labels_of_unknown_stories_are_left_out_and_counted() {
        let labels = labels("{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n{\"a\":\"z\",\"b\":\"a\",\"label\":1}\n");
        let scores = evaluate(&report(), &labels, false, &Config::default());
        assert_eq!((scores.pairs, scores.unknown), (1, 1));
        assert_eq!(unknown_ids(&report(), &labels), ["z"]);
    }

    #[test]
    fn weights_count() {
        let labels = labels(
            "{\"a\":\"a\",\"b\":\"b\",\"label\":1,\"weight\":3}\n{\"a\":\"a\",\"b\":\"c\",\"label\":0,\"weight\":1}\n",
        );
        assert!(close(evaluate(&report(), &labels, false, &Config::default()).precision, 0.75));
    }
}
