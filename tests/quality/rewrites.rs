//! From labelled rewrites to floors of precision and recall, and to how far scores can be trusted.

use crate::shared_data::{label_file, labelled};
use dedup::config::{Config, Level};
use dedup::eval::{Label, Scores, evaluate};
use dedup::input::{Fields, Files};
use dedup::report::Report;
use dedup::scan::Scanner;
use dedup::story::Story;
use std::collections::BTreeMap;
use std::path::Path;

fn scan(stories: &[Story]) -> Report {
    Scanner::new(Config::default().with_all_relations()).scan(stories)
}

/// Precision, recall, F1 and average precision; printed.
fn scores(name: &str, closed: bool) -> Option<Scores> {
    let (stories, labels) = labelled(name)?;
    let found = evaluate(&scan(&stories), &labels, closed, &Config::default());
    println!(
        "{name}: precision {:.3}, recall {:.3}, F1 {:.3}, average precision {:.3}",
        found.precision, found.recall, found.f1, found.average_precision
    );
    Some(found)
}

/// Floors of precision, F1 and average precision on each set whose labels say *report*. What the
/// weights do on sets that they have not seen is what `train/fit` prints.
const FLOORS: [(&str, f64, f64, f64); 10] = [
    ("ap-1989-01", 0.89, 0.85, 0.94),
    ("clough", 0.99, 0.91, 0.94),
    ("english-web", 0.76, 0.80, 0.87),
    ("indonesian-2018", 0.41, 0.57, 0.84),
    ("portuguese-2024", 0.99, 0.99, 0.99),
    ("reuters-2009-04", 0.95, 0.89, 0.94),
    ("reuters-2011-10", 0.93, 0.86, 0.94),
    ("saudi-2015-08", 0.88, 0.90, 0.97),
    ("senate-2006-03", 0.73, 0.83, 0.96),
    ("slavic-2018", 0.89, 0.85, 0.90),
];

/// Mean F1 and average precision of the sets, each weighed alike.
const MEAN: (f64, f64) = (0.855, 0.935);

#[test]
fn every_set_and_their_mean() {
    let (mut f1, mut ap, mut sets) = (0.0, 0.0, 0.0);
    let mut below = Vec::new();
    for (name, least_precision, least_f1, least_ap) in FLOORS {
        let Some(found) = scores(name, name == "reuters-2011-10") else { return };
        (f1, ap, sets) = (f1 + found.f1, ap + found.average_precision, sets + 1.0);
        if found.precision < least_precision || found.f1 < least_f1 || found.average_precision < least_ap {
            below.push((name, found));
        }
    }
    println!("mean of {sets} sets: F1 {:.3}, average precision {:.3}", f1 / sets, ap / sets);
    assert!(below.is_empty(), "{below:?}");
    assert!(f1 / sets >= MEAN.0 && ap / sets >= MEAN.1, "F1 {}, AP {}", f1 / sets, ap / sets);
}

#[test]
fn events_are_less_than_reports() {
    let Some(found) = scores("tgpairs", false) else { return };
    assert!(found.precision >= 0.88 && found.recall >= 0.28, "{found:?}");
}

/// Every label of the samples, its relation too, and no joined pair beside them.
#[test]
fn samples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = Files::open(std::slice::from_ref(&folder), Fields::default()).unwrap();
    let report = Scanner::new(Config::default().with_all_relations()).scan_corpus(&files, &|_| {}).unwrap();
    let found: BTreeMap<_, _> = crate::pairs_of(&report).collect();
    let mut joined: Vec<_> = found.iter().filter(|(_, relation)| relation.joins(Level::Rewrite)).collect();
    let text = std::fs::read_to_string(folder.join("labels.jsonl")).unwrap();
    for label in text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        let pair = (label["a"].as_str().unwrap().to_owned(), label["b"].as_str().unwrap().to_owned());
        let is_joined = joined.iter().any(|(known, _)| **known == pair);
        assert_eq!(is_joined, label["label"] == 1, "{pair:?}");
        if is_joined {
            assert_eq!(serde_json::to_value(found[&pair]).unwrap(), label["relation"], "{pair:?}");
        }
        joined.retain(|(known, _)| **known != pair);
    }
    assert!(joined.is_empty(), "joined without a label: {joined:?}");
    let family = report.clusters.iter().find(|cluster| cluster.members.len() == 8).unwrap();
    let id = |story: u32| report.stories[story as usize].id.as_str();
    assert!(family.members.iter().all(|&story| id(story).ends_with("-operation")));
    assert!(
        matches!(family.origin, Some(dedup::report::Origin::Story(story)) if id(story).starts_with("belta"))
    );
}

/// Scored pairs of the sets whose labels say *report*, each set weighed alike, by score: in each bin
/// the share of right ones is what the scores say. The same on unseen sets: `train/fit`.
#[test]
fn scores_are_probabilities() {
    const EDGES: [f64; 4] = [0.2, 0.4, 0.6, 0.8];
    let mut bins = [[0.0f64; 3]; 5];
    for (name, ..) in FLOORS {
        let Some((stories, labels)) = labelled(name) else { return };
        let scored = scored(&scan(&stories), &labels, name == "reuters-2011-10");
        let all: f64 = scored.iter().map(|(.., weight)| weight).sum();
        for (score, label, weight) in scored {
            let bin = &mut bins[EDGES.iter().filter(|&&edge| score >= edge).count()];
            let share = weight / all;
            *bin = [bin[0] + share, bin[1] + share * score, bin[2] + share * f64::from(label)];
        }
    }
    println!("score     weight  said  observed");
    for (number, [weight, said, right]) in bins.into_iter().enumerate() {
        let (low, said, observed) = (number as f64 / 5.0, said / weight, right / weight);
        println!("{low:.1}–{:.1}  {weight:>7.2}  {said:.2}  {observed:.2}", low + 0.2);
        assert!((said - observed).abs() <= 0.2, "bin {number}: {said} against {observed}");
    }
}

/// Score, label and weight of every scored pair that has a label, or counts as a negative.
fn scored(report: &Report, labels: &[Label], closed: bool) -> Vec<(f64, u8, f64)> {
    let pair = |label: &Label| (label.a.clone().min(label.b.clone()), label.a.clone().max(label.b.clone()));
    let known: BTreeMap<(String, String), (u8, f64)> =
        labels.iter().map(|label| (pair(label), (label.label, label.weight))).collect();
    let id = |story: u32| report.stories[story as usize].id.clone();
    let label = |pair: &(String, String)| known.get(pair).copied().or(closed.then_some((0, 1.0)));
    let row = |score: f64, (label, weight): (u8, f64)| (score, label, weight);
    let scored = report.pairs.iter();
    scored.filter_map(|pair| Some(row(pair.score, label(&(id(pair.a), id(pair.b)))?))).collect()
}

/// Pairs of W100k that were chosen for being hard: most negatives are templates and follow-ups.
#[test]
fn hard_pairs() {
    let Some(stories) = crate::shared_data::stories("W100k") else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quality/w100k-hard.pairs.jsonl");
    let found = evaluate(&scan(&stories), &label_file(&path), false, &Config::default());
    println!("hard pairs of W100k: precision {:.3}, recall {:.3}", found.precision, found.recall);
    assert!(found.precision >= 0.69 && found.recall >= 0.91, "{found:?}");
}
