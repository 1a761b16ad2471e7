//! From labelled data to floors that may only rise. Data in ../shared/data is measured where it
//! is there; each test that needs it says so where it is not.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and may print")]

#[path = "quality/languages.rs"]
mod languages;
#[path = "quality/print.rs"]
mod print;
#[path = "quality/rewrites.rs"]
mod rewrites;
#[path = "quality/shared_data.rs"]
mod shared_data;
#[path = "quality/templates.rs"]
mod templates;

use dedup::config::{Config, ConfigBuilder, Level};
use dedup::input::{Fields, Files};
use dedup::relation::Relation;
use dedup::report::Report;
use dedup::scan::Scanner;
use dedup::story::Story;
use shared_data::{edge, pairs_of, stories, truth};
use std::collections::BTreeMap;

fn copies() -> ConfigBuilder {
    Config::builder().level(Level::Copy).keep_furniture(true)
}

fn scan(config: ConfigBuilder, stories: &[Story]) -> Report {
    Scanner::new(config.build().unwrap()).scan(stories)
}

/// Every true pair of W10k, and not one copy below the threshold.
#[test]
fn copies_of_w10k() {
    let (Some(stories), Some(truth)) = (stories("W10k"), truth("W10k")) else { return };
    for threshold in [0.5, 0.7, 0.8] {
        let report = scan(copies().threshold(threshold), &stories);
        let found: BTreeMap<(String, String), Relation> = pairs_of(&report).collect();
        let share = |low: f64, high: f64| {
            let wanted: Vec<_> = truth.iter().filter(|(_, j)| (low..high).contains(j)).collect();
            wanted.iter().filter(|(pair, _)| found.contains_key(pair)).count() as f64 / wanted.len() as f64
        };
        let (all, low) = (share(threshold, 1.1), share(threshold, threshold + 0.05));
        println!(
            "W10k at J >= {threshold}: recall {all:.4}, just above the threshold {low:.4}, {} pairs",
            found.len()
        );
        assert!(all >= 0.998 && low >= 0.995, "recall {all} at J >= {threshold}, {low} just above it");
        let exact: BTreeMap<_, _> = truth.iter().cloned().collect();
        for pair in found.keys() {
            let jaccard = exact.get(pair).copied().unwrap_or_default();
            assert!(jaccard >= threshold - 1e-6, "{pair:?} is called a copy at {jaccard}");
        }
    }
}

#[test]
fn edge_cases_belong_together_or_apart() {
    let Some(stories) = edge() else { return };
    let report = scan(copies(), &stories);
    let cluster_of = |id: &str| {
        let place = report.stories.binary_search_by(|s| s.id.as_str().cmp(id)).unwrap() as u32;
        report.clusters.iter().position(|cluster| cluster.members.contains(&place))
    };
    for (a, b) in [
        ("quote_a", "quote_b"),
        ("case_a", "case_b"),
        ("nfc", "nfd"),
        ("zh_a", "zh_b"),
        ("html_a", "html_b"),
        ("html_a", "hyph_a"),
        ("short1a", "short1b"),
    ] {
        assert!(cluster_of(a).is_some() && cluster_of(a) == cluster_of(b), "{a} and {b} belong together");
    }
    for id in ["empty1", "empty2", "ws1", "short2", "punct1", "punct2", "zh_other"] {
        assert_eq!(cluster_of(id), None, "{id} belongs to nothing");
    }
    let relations: BTreeMap<_, _> = pairs_of(&report).collect();
    assert_eq!(relations[&("short1a".into(), "short1b".into())], Relation::Identical);
}

#[test]
fn the_chain_splits_under_complete_and_joins_under_single() {
    use dedup::cluster::Linkage;
    let Some(stories) = edge() else { return };
    let chain: Vec<Story> = stories.into_iter().filter(|story| story.id.starts_with("chain")).collect();
    let sizes = |linkage: Linkage| {
        let report = scan(copies().linkage(linkage).threshold(0.6), &chain);
        report.clusters.iter().map(|cluster| cluster.members.len()).collect::<Vec<_>>()
    };
    println!(
        "chain: single {:?}, average {:?}, complete {:?}",
        sizes(Linkage::Single),
        sizes(Linkage::Average),
        sizes(Linkage::Complete)
    );
    assert_eq!(sizes(Linkage::Single), [6]);
    assert!(sizes(Linkage::Complete).iter().all(|&size| size < 6));
}

/// Every pair of the samples labelled `identical` or `copy`, and no other, at level copy.
#[test]
fn copies_of_the_samples() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = Files::open(std::slice::from_ref(&folder), Fields::default()).unwrap();
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let report = Scanner::new(config).scan_corpus(&files, &|_| {}).unwrap();
    let found: Vec<(String, String)> = pairs_of(&report).map(|(pair, _)| pair).collect();
    let labels = std::fs::read_to_string(folder.join("labels.jsonl")).unwrap();
    let mut expected: Vec<(String, String)> = labels
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|label| {
            matches!(label["relation"].as_str(), Some("copy" | "identical" | "repeat")) || label["id"] == ""
        })
        .map(|label| (label["a"].as_str().unwrap().to_owned(), label["b"].as_str().unwrap().to_owned()))
        .collect();
    expected.push(("reuters-salmon".to_owned(), "reuters-salmon-corrected".to_owned()));
    expected.sort();
    assert_eq!(found, expected);
}
