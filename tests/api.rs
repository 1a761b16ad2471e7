//! From the library's public face to results, used as an outsider would.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and may print")]

#[path = "api/families.rs"]
mod families;
#[path = "api/oracle.rs"]
mod oracle;

use dedup::eval::{Label, evaluate, read_labels};
use dedup::explain::explain;
use dedup::input::{Corpus, Fields, Files};
use dedup::lsh::{BandKeys, Banding};
use dedup::minhash::MinHasher;
use dedup::report::{Jsonl, Writer};
use dedup::shingle::ShingleSet;
use dedup::similarity::{Overlap, Similarity};
use dedup::{Config, ErrorKind, Keep, Level, Linkage, Relation, Report, Scanner, Story, text};
use std::path::{Path, PathBuf};

const FERRY: &str = "A passenger ferry carrying 148 people has run aground on a sandbar at the mouth of the \
    Derrin River, forcing a rescue in two-metre swells that lasted until after midnight.";

fn stories() -> Vec<Story> {
    vec![
        Story::new("b", FERRY.replace("midnight", "dawn")),
        Story::new("a", FERRY),
        Story::new("c", "The flax mill at Zaozerye took on ninety hands on Monday."),
    ]
}

fn copies() -> Config {
    Config::builder().level(Level::Copy).build().unwrap()
}

#[test]
fn stories_in_memory_become_a_report() {
    let report = Scanner::new(copies()).scan(&stories());
    let [pair] = report.pairs.as_slice() else { panic!("{report:?}") };
    assert_eq!((pair.a, pair.b, pair.relation), (0, 1, Relation::Copy));
    assert_eq!(report.clusters[0].members, [0, 1]);
    assert_eq!(report.singles().map(|story| story.id.as_str()).collect::<Vec<_>>(), ["c"]);
    let mut out = Vec::new();
    Jsonl::default().write(&report, &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 3);
}

#[test]
fn files_become_the_same_report_as_stories_in_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = Files::open(&[folder], Fields::default()).unwrap();
    let mut stories = Vec::new();
    for block in files.blocks(&|_| true) {
        block.records(|_| true, |_, record| stories.push(record.unwrap().into_owned()));
    }
    let scanner = Scanner::new(Config::default());
    assert_eq!(scanner.scan(&stories), scanner.scan_corpus(&files, &|_| {}).unwrap());
}

#[test]
fn a_missing_path_is_an_io_error_and_a_bad_setting_a_config_error() {
    let error = Files::open(&[PathBuf::from("nowhere")], Fields::default()).unwrap_err();
    assert_eq!((error.kind(), error.place().unwrap().path.as_path()), (ErrorKind::Io, Path::new("nowhere")));
    assert_eq!(Config::builder().threshold(0.1).build().unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn a_scanner_and_its_report_may_cross_threads() {
    fn crosses<T: Send + Sync>(_: &T) {}
    let scanner = Scanner::new(Config::default());
    crosses(&scanner);
    crosses(&scanner.scan(&[]));
}

#[test]
fn progress_is_told_stage_by_stage() {
    let stages = std::sync::Mutex::new(Vec::new());
    let watch = |progress: dedup::scan::Progress| stages.lock().unwrap().push(progress.stage);
    Scanner::new(copies()).scan_corpus(&stories(), &watch).unwrap();
    let stages = stages.into_inner().unwrap();
    assert!(stages.is_sorted() && stages.len() >= 3, "{stages:?}");
}

#[test]
fn settings_change_the_result() {
    let kept = |builder: dedup::config::ConfigBuilder| {
        let report = Scanner::new(builder.level(Level::Copy).build().unwrap()).scan(&stories());
        report.clusters.first().map(|cluster| report.stories[cluster.canonical as usize].id.clone())
    };
    assert_eq!(kept(Config::builder().keep(Keep::Longest)).as_deref(), Some("a"));
    assert_eq!(kept(Config::builder().linkage(Linkage::Complete)).as_deref(), Some("a"));
    assert_eq!(kept(Config::builder().threshold(0.95)), None);
}

#[test]
fn explain_says_how_much_two_stories_share() {
    let all = stories();
    let explanation = explain(&copies(), &all[1], &all[0]);
    assert_eq!(explanation.overlap, Overlap { shared: 26, a: 27, b: 27 });
    assert!(explanation.passages.iter().all(|passage| passage.a.end <= explanation.a.body.len()));
}

#[test]
fn eval_compares_a_report_with_labels() {
    let report = Scanner::new(copies()).scan(&stories());
    let lines =
        "{\"a\":\"b\",\"b\":\"a\",\"label\":1}\n\n{\"a\":\"a\",\"b\":\"c\",\"label\":0,\"weight\":2.5}\n";
    let labels: Vec<Label> = read_labels(lines.as_bytes(), Path::new("labels")).unwrap();
    let scores = evaluate(&report, &labels, true, &copies());
    assert_eq!(scores.pairs, 2);
    assert!((scores.f1 - 1.0).abs() < 1e-12 && (scores.ari - 1.0).abs() < 1e-12, "{scores:?}");
}

/// Someone's own pipeline out of the stages: no config, no files, other parameters.
#[test]
fn the_stages_can_be_used_one_by_one() {
    let sets: Vec<ShingleSet> = stories()
        .iter()
        .map(|story| {
            let mut tokens = Vec::new();
            text::token_hashes(&story.body, &mut tokens);
            ShingleSet::new(&tokens, 3)
        })
        .collect();
    let (hasher, banding) = (MinHasher::new(64, 9), Banding::new(32, 2).unwrap());
    assert!(banding.recall_at(0.8) > 0.999_999 && banding.recall_at(0.1) < 0.3);
    let mut keys = BandKeys::new(banding);
    let signatures: Vec<_> = sets.iter().map(|set| hasher.signature(set.as_slice())).collect();
    signatures.iter().for_each(|signature| keys.push(signature.values()));
    let mut found = keys.buckets(&[0, 1, 2], Similarity::new(0.5).unwrap()).pairs();
    found.retain(|&(a, b)| Overlap::of(&sets[a as usize], &sets[b as usize]).jaccard() > 0.5);
    assert_eq!(found, [(0, 1)]);
    let exact = Overlap::of(&sets[0], &sets[1]).jaccard();
    assert!((signatures[0].estimate(&signatures[1]) - exact).abs() < 0.3);
}

#[test]
fn nothing_in_nothing_out() {
    assert_eq!(Scanner::new(Config::default()).scan(&[]), Report::default());
}
