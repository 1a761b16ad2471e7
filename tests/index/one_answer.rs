//! From stories that come in any way to the answer of a scan, at level rewrite.

use super::corpora::{bare, shuffled, stories_of};
use dedup::index::{Filter, Index};
use dedup::report::Report;
use dedup::{Config, Scanner, Story};
use std::path::Path;

/// Labelled sets and generated days of which every way in must say the same.
const CORPORA: [(&str, usize); 5] = [
    ("samples", usize::MAX),
    ("../shared/data/reuters-2011-10.jsonl", 400),
    ("../shared/data/saudi-2015-08.jsonl", 400),
    ("../shared/data/slavic-2018.jsonl.zst", 400),
    ("../shared/data/W10k.jsonl.zst", 800),
];

fn settled(index: &mut Index) -> Report {
    index.settle().unwrap();
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    index.report(&Filter::default()).unwrap()
}

/// An index to which `stories` came in steps of `step`, in the order of `seed`.
fn grown(path: &Path, stories: &[Story], step: usize, seed: u64) -> Index {
    let mut index = Index::open_or_create(path, &Config::default()).unwrap();
    for some in shuffled(stories, seed).chunks(step) {
        index.add(some).unwrap();
    }
    index
}

pub(crate) fn assert_same(found: &Report, scanned: &Report, how: &str) {
    let pairs = found.pairs.iter().zip(&scanned.pairs).filter(|(x, y)| x != y).count()
        + found.pairs.len().abs_diff(scanned.pairs.len());
    let clusters = found.clusters.iter().filter(|cluster| !scanned.clusters.contains(cluster)).count();
    assert_eq!((pairs, clusters), (0, 0), "{how}: of {} pairs", scanned.pairs.len());
    assert_eq!(found.clusters.len(), scanned.clusters.len(), "{how}");
}

#[test]
fn every_way_in_gives_the_answer_of_a_scan() {
    for (corpus, most) in CORPORA {
        let Some(mut stories) = stories_of(corpus) else { continue };
        stories.truncate(most);
        let scanned = bare(Scanner::new(Config::default()).scan(&stories));
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut at_once = grown(&path("at-once.db"), &stories, usize::MAX, 1);
        assert_same(&settled(&mut at_once), &scanned, &format!("{corpus} at once"));
        let mut by_some = grown(&path("by-some.db"), &stories, 97, 2);
        assert_same(&settled(&mut by_some), &scanned, &format!("{corpus} by some"));

        let mut filled = Index::open_or_create(path("filled.db"), &Config::default()).unwrap();
        for some in shuffled(&stories, 5).chunks(stories.len() * 2 / 3) {
            let counts = filled.fill(some, true, &|_| {}, &mut |_| {}).unwrap();
            assert!(counts.loaded.added >= counts.identical + counts.versions, "{counts:?}");
        }
        let report = filled.report(&Filter::default()).unwrap();
        assert_same(&report, &scanned, &format!("{corpus} filled, not settled by hand"));

        let (one, two) = stories.split_at(stories.len() / 2);
        let (mut merged, other) = (grown(&path("1.db"), one, 500, 3), grown(&path("2.db"), two, 500, 4));
        merged.merge(&other).unwrap();
        assert_same(&settled(&mut merged), &scanned, &format!("{corpus} merged"));

        let (some, _) = stories.split_at(stories.len() * 4 / 5);
        let left = bare(Scanner::new(Config::default()).scan(some));
        let gone: Vec<&str> = stories[some.len()..].iter().map(|story| story.id.as_str()).collect();
        by_some.remove(&gone).unwrap();
        assert_same(&settled(&mut by_some), &left, &format!("{corpus} removed"));
    }
}

#[test]
fn a_scan_against_an_index_says_of_new_stories_what_a_scan_of_all_says() {
    for (corpus, most) in CORPORA {
        let Some(mut stories) = stories_of(corpus) else { continue };
        stories.truncate(most);
        let stories = shuffled(&stories, 5);
        let (old, new) = stories.split_at(stories.len() * 4 / 5);
        let folder = tempfile::tempdir().unwrap();
        let index = grown(&folder.path().join("old.db"), old, 500, 6);
        let found = index.scan(&new.to_vec(), &Config::default(), &|_| {}).unwrap();
        let scanned = Scanner::new(Config::default()).scan(&stories);
        let is_new = |report: &Report, story: u32| {
            let id = &report.stories[story as usize].id;
            new.iter().any(|story| story.id == *id)
        };
        let told = |report: &Report| {
            let id = |story: u32| report.stories[story as usize].id.clone();
            let pairs = report.pairs.iter().filter(|pair| is_new(report, pair.a) || is_new(report, pair.b));
            let pairs: Vec<_> =
                pairs.map(|pair| (id(pair.a), id(pair.b), pair.relation, pair.score)).collect();
            let clusters = report.clusters.iter().map(|cluster| &cluster.members);
            let of_new = clusters.filter(|members| members.iter().any(|&member| is_new(report, member)));
            let members = |members: &Vec<u32>| members.iter().map(|&member| id(member)).collect::<Vec<_>>();
            (pairs, of_new.map(members).collect::<Vec<_>>())
        };
        assert_eq!(told(&found), told(&scanned), "{corpus}");
    }
}

#[test]
fn an_index_explains_a_pair_by_the_score_of_a_scan() {
    for (corpus, most) in CORPORA {
        let Some(mut stories) = stories_of(corpus) else { continue };
        stories.truncate(most);
        let scanned = Scanner::new(Config::default()).scan(&stories);
        let folder = tempfile::tempdir().unwrap();
        let mut index = grown(&folder.path().join("x.db"), &stories, 300, 7);
        index.settle().unwrap();
        let story = |place: u32| index.story(&scanned.stories[place as usize].id).unwrap().unwrap();
        for pair in scanned.pairs.iter().step_by(scanned.pairs.len().div_ceil(200).max(1)) {
            let told = index.explain(&story(pair.a), &story(pair.b)).unwrap();
            let of = (&scanned.stories[pair.a as usize].id, &scanned.stories[pair.b as usize].id);
            assert!((told.score - pair.score).abs() < 1e-12, "{of:?}: {} and {}", told.score, pair.score);
        }
    }
}
