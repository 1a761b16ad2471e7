//! From steps that no user can take to what an index makes of them.

use super::{Filter, Index};
use crate::rare::Sampling;
use crate::{Config, Level, Story};
use jiff::Timestamp;

#[test]
fn a_clock_that_goes_back_decides_nothing_but_expiry() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &config).unwrap();
    for (id, now) in [("a", 5_000), ("b", 100), ("c", -7), ("d", 3_000)] {
        let story = Story::new(id, "The ferry ran aground off the cape on Sunday with 212 people aboard.");
        let added = index.write(|index, state| {
            let fresh = index.pressed(std::slice::from_ref(&story), Sampling::All)?;
            index.add_pressed(state, fresh, now)
        });
        assert_eq!(added.unwrap()[0].cluster.as_deref(), (id != "a").then_some("a"));
    }
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    assert_eq!(index.expire(Timestamp::from_second(1_000).unwrap()).unwrap(), 2);
    let left: Vec<String> =
        index.report(&Filter::default()).unwrap().stories.into_iter().map(|story| story.id).collect();
    assert_eq!(left, ["a", "d"]);
}

/// Each is a copy of the few before and after it.
fn chain(stories: usize) -> Vec<Story> {
    let text = |i: usize| (i * 3..i * 3 + 60).map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ");
    (0..stories).map(|i| Story::new(format!("s{i:04}"), text(i))).collect()
}

#[test]
fn a_component_that_is_too_large_is_not_walked_for_every_newcomer() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &config).unwrap();
    let stories = chain(2_400);
    let mut walked_by = |stories: &[Story]| {
        let before = index.walked.get();
        for some in stories.chunks(10) {
            index.add(some).unwrap();
        }
        index.walked.get() - before
    };
    walked_by(&stories[..1_100]);
    walked_by(&stories[1_100..2_100]);
    let late = walked_by(&stories[2_100..]);
    assert!(late < 10_000, "{late} classes walked for 300 stories");
}

#[test]
fn large_components_wait_until_the_index_settles() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &config).unwrap();
    let stories = chain(1_300);
    index.add(&stories[..1_200]).unwrap();
    index.settle().unwrap();
    for some in stories[1_200..].chunks(25) {
        index.add(some).unwrap();
    }
    assert!(index.stats().unwrap().waiting > 0);
    index.settle().unwrap();
    assert_eq!(index.stats().unwrap().waiting, 0);
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    let expected = crate::Scanner::new(config).scan(&stories);
    assert_eq!(index.report(&Filter::default()).unwrap().clusters, expected.clusters);
}
