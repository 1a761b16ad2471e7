//! From W10k in any order to the clusters of a scan; from hostile stories to an index that holds
//! them.

use dedup::index::{Filter, Index, Seen};
use dedup::input::{Corpus, Fields, Files};
use dedup::report::Report;
use dedup::{Config, ErrorKind, Level, Scanner, Story};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The stories of a file or folder beside the project, where it is there.
pub(crate) fn stories_of(path: &str) -> Option<Vec<Story>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is not there", path.display());
        println!("skipped: {} is not there", path.display());
        return None;
    }
    let files = Files::open(&[path], Fields::default()).unwrap();
    let mut stories = Vec::new();
    for block in files.blocks(&|_| true) {
        block.records(|_| true, |_, record| stories.push(record.unwrap().into_owned()));
    }
    Some(stories)
}

/// The same order on every machine, another one for every seed.
pub(crate) fn shuffled(stories: &[Story], seed: u64) -> Vec<Story> {
    let mut order: Vec<(u64, &Story)> = stories
        .iter()
        .map(|story| (dedup::hash::finalise(dedup::hash::bytes(story.id.as_bytes()) ^ seed), story))
        .collect();
    order.sort_unstable_by_key(|(key, _)| *key);
    order.into_iter().map(|(_, story)| story.clone()).collect()
}

pub(crate) fn bare(report: Report) -> Report {
    Report { warnings: Vec::new(), ..report }
}

#[test]
fn w10k_in_any_order_is_a_scan() {
    let Some(stories) = stories_of("../shared/data/W10k.jsonl.zst") else { return };
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let expected = bare(Scanner::new(config.clone()).scan(&stories));
    let folder = tempfile::tempdir().unwrap();
    for seed in 1..=5u64 {
        let mut index = Index::open_or_create(folder.path().join(format!("{seed}.db")), &config).unwrap();
        // Steps of many sizes, so that stories meet filed ones, unfiled ones and each other.
        let mut rest = &shuffled(&stories, seed * 0x9e37_79b9)[..];
        for step in [1, 5, 300, 2_500, 17, 4_000, 1, 10_000] {
            let (some, more) = rest.split_at(rest.len().min(step));
            index.add(some).unwrap();
            rest = more;
        }
        index.settle().unwrap();
        assert!(index.report(&Filter::default()).unwrap() == expected, "seed {seed}");
    }
}

fn copies() -> Config {
    Config::builder().level(Level::Copy).build().unwrap()
}

#[test]
fn a_hundred_thousand_identical_stories_are_one_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &copies()).unwrap();
    let text = "The ferry ran aground off the cape on Sunday with 212 people aboard.";
    let stories: Vec<Story> = (0..100_000).map(|i| Story::new(format!("s{i:06}"), text)).collect();
    index.load(&stories, false, &|_| {}, &mut |_| {}).unwrap();
    let answer = index.query(&Story::new("q", text)).unwrap();
    assert_eq!((answer.hits_in_all, answer.hits.len()), (100_000, 20));
    assert_eq!((answer.of.as_deref(), answer.cluster.as_deref()), (Some("s000000"), Some("s000000")));
    assert!(index.remove(&["s000000"]).unwrap().is_empty());
    assert_eq!(index.query(&Story::new("q", text)).unwrap().cluster.as_deref(), Some("s000001"));
    let stats = index.stats().unwrap();
    assert_eq!((stats.stories, stats.texts, stats.clusters, stats.clustered), (99_999, 1, 1, 99_999));
}

#[test]
fn hostile_ids_and_texts_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let mut index = Index::open_or_create(&path, &copies()).unwrap();
    let ids = [
        "x".repeat(10_240),
        "'; DROP TABLE stories; --".to_owned(),
        "nul\0and\u{1b}[2Jescape\n".to_owned(),
        "\u{202e}right to left\u{202c}".to_owned(),
        "💥#2".to_owned(),
        String::new(),
        "%s%n".to_owned(),
        "-".to_owned(),
    ];
    let texts = [
        "",
        "\0\0\0",
        "a",
        "\u{feff}\u{200b}",
        "🙂🙂🙂🙂🙂 🙂🙂",
        "\u{301}\u{301}\u{301}",
        "]]>&lt;",
        "(((((((((",
    ];
    let mut stories: Vec<Story> = ids.iter().zip(texts).map(|(id, text)| Story::new(id, text)).collect();
    stories.push(Story::new("many", "word ".repeat(30_000)));
    let answers = index.add(&stories).unwrap();
    assert!(
        answers.iter().zip(&stories).all(|(answer, story)| answer.id == story.id && answer.seen == Seen::New)
    );
    // The very same again are known; other texts under the same ids get suffixes.
    assert!(index.add(&stories).unwrap().iter().all(|answer| answer.known));
    let others: Vec<Story> = ids.iter().map(|id| Story::new(id, "another text than before")).collect();
    let answers = index.add(&others).unwrap();
    assert!(
        answers.iter().zip(&ids).all(|(answer, id)| answer.id.starts_with(id.as_str()) && answer.id != *id)
    );
    drop(index);
    let index = Index::open_read_only(&path).unwrap();
    for story in &stories {
        assert_eq!(index.story(&story.id).unwrap().as_ref(), Some(story));
    }
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    assert_eq!(index.stats().unwrap().stories, 17);
}

#[test]
fn thousands_of_stories_may_have_one_id() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &copies()).unwrap();
    let stories: Vec<Story> = (0..5_000).map(|i| Story::new("same", format!("text number {i}"))).collect();
    let answers = index.add(&stories).unwrap();
    let ids: BTreeSet<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
    assert_eq!(ids.len(), 5_000);
    assert!(ids.contains("same") && ids.contains("same#2") && ids.contains("same#5000"));
}

#[test]
fn a_story_of_fifty_megabytes_is_held_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &copies()).unwrap();
    let mut body = String::with_capacity(51 << 20);
    let mut word = 0u64;
    while body.len() < 50 << 20 {
        word += 1;
        write!(body, "w{} ", dedup::hash::finalise(word) % 50_000).unwrap();
    }
    let story = Story::new("large", body);
    index.add(std::slice::from_ref(&story)).unwrap();
    let answer = index.query(&Story { id: "again".into(), ..story.clone() }).unwrap();
    assert_eq!((answer.seen, answer.of.as_deref()), (Seen::Identical, Some("large")));
    assert_eq!(index.story("large").unwrap(), Some(story));
}

#[test]
fn another_config_is_refused_with_the_field_that_differs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    drop(Index::open_or_create(&path, &copies()).unwrap());
    for (other, field) in [
        (copies().change().level(Level::Rewrite), "level copy, asked for rewrite"),
        (copies().change().threshold(0.8), "threshold 0.7, asked for 0.8"),
        (copies().change().shingle(4), "shingle 5, asked for 4"),
        (copies().change().keep_furniture(true), "keep-furniture false, asked for true"),
        (copies().change().window(None), "window 604800 s, asked for off"),
    ] {
        let error = Index::open_or_create(&path, &other.build().unwrap()).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OtherSettings);
        assert!(error.to_string().contains(field), "{error}");
    }
    // What a run does beside is no setting of the file.
    let run = copies().change().facts(true).strict(true).threads(Some(1)).build().unwrap();
    assert!(Index::open_or_create(&path, &run).is_ok());
}

#[test]
fn removal_splits_what_only_the_removed_story_held_together() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &copies()).unwrap();
    let words = |from: usize, to: usize| (from..to).map(|i| format!("w{i}")).collect::<Vec<_>>().join(" ");
    // Each is a copy of the middle one, the two ends are not copies of each other.
    let (a, b, c) = (words(0, 80), words(8, 88), words(16, 96));
    index.add(&[Story::new("a", a), Story::new("c", c)]).unwrap();
    assert_eq!(index.stats().unwrap().clusters, 0);
    let answer = index.add(&[Story::new("b", b)]).unwrap().remove(0);
    assert_eq!((answer.hits_in_all, answer.cluster.as_deref()), (2, Some("a")));
    index.remove(&["b"]).unwrap();
    assert_eq!(index.stats().unwrap().clusters, 0);
    assert_eq!(index.remove(&["b"]).unwrap(), ["b"]);
}

#[test]
fn two_indexes_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let stories: Vec<Story> = (0..400)
        .map(|i| Story::new(format!("s{i}"), format!("{} words of {}", "many ".repeat(i % 9), i / 3)))
        .collect();
    let open = |name: &str| Index::open_or_create(folder.path().join(name), &copies()).unwrap();
    let (mut one, mut two) = (open("1.db"), open("2.db"));
    one.add(&stories[..250]).unwrap();
    two.add(&stories[200..]).unwrap();
    let loaded = one.merge(&two).unwrap();
    assert_eq!((loaded.added, loaded.known), (150, 50));
    let expected = bare(Scanner::new(copies()).scan(&stories));
    assert_eq!(one.report(&Filter::default()).unwrap(), expected);
}

/// Whoever ends a bulk load early keeps what came first.
#[test]
fn the_first_stories_of_a_load_are_soon_on_the_disk() {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let mut index = Index::open_or_create(&path, &copies()).unwrap();
    let text = |i: usize| (0..300).map(|word| format!("w{}", i * 1_000 + word)).collect::<Vec<_>>().join(" ");
    let stories: Vec<Story> = (0..3_000).map(|i| Story::new(format!("s{i}"), text(i))).collect();
    let (read, mut first) = (AtomicU64::new(0), None);
    index
        .load(&stories, false, &|progress| read.store(progress.done, Relaxed), &mut |_| {
            first.get_or_insert_with(|| {
                (read.load(Relaxed), Index::open_read_only(&path).unwrap().stats().unwrap().stories)
            });
        })
        .unwrap();
    let (read, on_disk) = first.unwrap();
    assert!(read < 3 << 20 && on_disk > 0, "{on_disk} stories are on the disk when {read} bytes are read");
}
