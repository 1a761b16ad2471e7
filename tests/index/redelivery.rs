//! From deliveries that come again, by whatever road, to an index that knows them.

use dedup::index::{Filter, Index};
use dedup::{Config, Level, Story};
use std::path::Path;

const FIRST: &str = "The ministry leased the Tarnok dam to a bank on Friday, and the union said that \
                     two hundred posts were at risk from the first of May.";
const SECOND: &str = "The ministry leased the Tarnok dam to a bank on Friday, and the union said that \
                      two hundred posts were at risk from the first of May. The bank declined to comment.";

fn made(path: &Path) -> Index {
    let config = Config::builder().level(Level::Copy).build().unwrap();
    Index::open_or_create(path, &config).unwrap()
}

/// Deliveries of one id: of other text, of another day, with another headline, empty.
fn deliveries() -> Vec<Story> {
    let day = |day: i64| jiff::Timestamp::from_second((20_000 + day) * 86_400).ok().map(Into::into);
    let of = |text: &str| Story { time: day(1), ..Story::new("x", text) };
    vec![
        of(FIRST),
        of(SECOND),
        Story { time: day(2), ..of(SECOND) },
        Story { headline: "Dam leased".into(), ..of(SECOND) },
        of(""),
        Story { time: day(2), ..of("") },
        Story { source: "Post".into(), ..of(FIRST) },
    ]
}

fn ids(index: &Index) -> Vec<String> {
    index.report(&Filter::default()).unwrap().stories.into_iter().map(|story| story.id).collect()
}

#[test]
fn what_is_there_word_for_word_is_known_however_often_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let mut index = made(&path);
    let all = deliveries();
    let first: Vec<String> = index.add(&all).unwrap().into_iter().map(|answer| answer.id).collect();
    assert_eq!(first, ["x", "x#2", "x#3", "x#4", "x#5", "x#6", "x#7"]);
    for round in 0..3 {
        if round == 2 {
            drop(index);
            index = made(&path);
        }
        let again = index.add(&all).unwrap();
        assert!(again.iter().all(|answer| answer.known), "{again:?}");
        assert_eq!(again.into_iter().map(|answer| answer.id).collect::<Vec<_>>(), first);
        let again = index.load(&all, false, &|_| {}, &mut |_| {}).unwrap();
        assert_eq!((again.added, again.known), (0, 7));
    }
    assert_eq!(ids(&index), first);
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn a_delivery_is_known_when_the_first_of_its_id_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = made(&folder.path().join("x.db"));
    let all = deliveries();
    index.add(&all[..3]).unwrap();
    index.remove(&["x", "x#2"]).unwrap();
    let again = index.add(&all[2..3]).unwrap();
    assert_eq!((again[0].known, again[0].id.as_str()), (true, "x#3"));
    // What was taken out may come back.
    assert!(!index.add(&all[1..2]).unwrap()[0].known);
    assert_eq!(index.stats().unwrap().stories, 2);
}

#[test]
fn another_id_is_another_story() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = made(&folder.path().join("x.db"));
    let of = |id: &str, text: &str| Story::new(id, text);
    let stories = [of("p", FIRST), of("p#top", SECOND), of("p#2", SECOND), of("p#2", FIRST), of("q", SECOND)];
    let answers = index.add(&stories).unwrap();
    assert!(answers.iter().all(|answer| !answer.known));
    assert_eq!(ids(&index), ["p", "p#2", "p#2#2", "p#top", "q"]);
    assert!(index.add(&stories).unwrap().iter().all(|answer| answer.known));
}

#[test]
fn a_merge_twice_is_a_merge_once_and_the_order_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let all = deliveries();
    let mut there = made(&path("there.db"));
    there.add(&all).unwrap();
    let backwards: Vec<Story> = all.iter().rev().cloned().collect();
    let mut here = made(&path("here.db"));
    here.add(&backwards).unwrap();
    let merged = here.merge(&there).unwrap();
    assert_eq!((merged.added, merged.known), (0, 7), "all were there under other suffixes");
    let mut empty = made(&path("empty.db"));
    for (added, known) in [(7, 0), (0, 7), (0, 7)] {
        let merged = empty.merge(&there).unwrap();
        assert_eq!((merged.added, merged.known), (added, known));
    }
    assert_eq!(ids(&empty), ids(&there));
    assert!(empty.add(&all).unwrap().iter().all(|answer| answer.known));
}

#[test]
fn thousands_of_deliveries_of_one_id_are_taken_in_reasonable_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = made(&folder.path().join("x.db"));
    let of = |day: i64| Story {
        time: jiff::Timestamp::from_second((20_000 + day) * 86_400).ok().map(Into::into),
        ..Story::new("weather", "No data was received from the station today.")
    };
    let all: Vec<Story> = (0..2_000).map(of).collect();
    for (added, known) in [(2_000, 0), (0, 2_000)] {
        let loaded = index.load(&all, false, &|_| {}, &mut |_| {}).unwrap();
        assert_eq!((loaded.added, loaded.known), (added, known));
    }
}
