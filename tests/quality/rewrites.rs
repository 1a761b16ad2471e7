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

#[test]
fn versions_on_one_wire() {
    let Some(found) = scores("reuters-2011-10", true) else { return };
    assert!(found.precision >= 0.93 && found.f1 >= 0.92 && found.average_precision >= 0.95, "{found:?}");
}

#[test]
fn arabic_reprints() {
    let Some(found) = scores("saudi-2015-08", false) else { return };
    assert!(found.precision >= 0.95 && found.f1 >= 0.95, "{found:?}");
}

#[test]
fn answers_from_one_source() {
    let Some(found) = scores("clough", false) else { return };
    assert!(found.f1 >= 0.97, "{found:?}");
}

#[test]
fn events_are_less_than_reports() {
    let Some(found) = scores("tgpairs", false) else { return };
    assert!(found.precision >= 0.87 && found.recall >= 0.39, "{found:?}");
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

/// Scored pairs of the sets whose labels say *report*, by score: in each bin with enough of them,
/// the share of right ones is what the scores say.
#[test]
fn scores_are_probabilities() {
    const ENOUGH: f64 = 20.0;
    const EDGES: [f64; 4] = [0.2, 0.4, 0.6, 0.8];
    let mut bins = [[0.0f64; 3]; 5];
    let mut sets = 0;
    for (name, closed) in [("reuters-2011-10", true), ("saudi-2015-08", false), ("clough", false)] {
        let Some((stories, labels)) = labelled(name) else { continue };
        sets += 1;
        for (score, label) in scored(&scan(&stories), &labels, closed) {
            let bin = &mut bins[EDGES.iter().filter(|&&edge| score >= edge).count()];
            *bin = [bin[0] + 1.0, bin[1] + score, bin[2] + f64::from(label)];
        }
    }
    if sets == 0 {
        return;
    }
    println!("score      pairs  said  observed");
    for (number, [pairs, said, right]) in bins.into_iter().enumerate() {
        let (low, pairs_or_one) = (number as f64 / 5.0, pairs.max(1.0));
        let (said, observed) = (said / pairs_or_one, right / pairs_or_one);
        println!("{low:.1}–{:.1}  {pairs:>7}  {said:.2}  {observed:.2}", low + 0.2);
        assert!(pairs < ENOUGH || (said - observed).abs() <= 0.1, "bin {number}: {said} against {observed}");
    }
}

/// Score and label of every scored pair that has a label, or counts as a negative.
fn scored(report: &Report, labels: &[Label], closed: bool) -> Vec<(f64, u8)> {
    let known: BTreeMap<(&str, &str), u8> = labels
        .iter()
        .map(|label| ((label.a.as_str().min(&label.b), label.a.as_str().max(&label.b)), label.label))
        .collect();
    let id = |story: u32| report.stories[story as usize].id.as_str();
    let label = |pair: (&str, &str)| known.get(&pair).copied().or(closed.then_some(0));
    report.pairs.iter().filter_map(|pair| Some((pair.score, label((id(pair.a), id(pair.b)))?))).collect()
}

/// Pairs of W100k that were chosen for being hard: most negatives are templates and follow-ups.
#[test]
fn hard_pairs() {
    let Some(stories) = crate::shared_data::stories("W100k") else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quality/w100k-hard.pairs.jsonl");
    let found = evaluate(&scan(&stories), &label_file(&path), false, &Config::default());
    println!("hard pairs of W100k: precision {:.3}, recall {:.3}", found.precision, found.recall);
    assert!(found.precision >= 0.82 && found.recall >= 0.84, "{found:?}");
}
