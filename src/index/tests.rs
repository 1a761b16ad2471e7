//! From steps that no user can take to what an index makes of them.

use super::file::tail::FULL;
use super::step::add::Judging;
use super::{Filter, Index};
use crate::input::{Fields, Files};
use crate::rare::Sampling;
use crate::story::tellings;
use crate::{Config, Level, Story};
use jiff::Timestamp;
use rusqlite::StatementStatus;
use serde_json::json;
use std::fs;

#[test]
fn a_clock_that_goes_back_decides_nothing_but_expiry() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &config).unwrap();
    for (id, now) in [("a", 5_000), ("b", 100), ("c", -7), ("d", 3_000)] {
        let story = Story::new(id, "The ferry ran aground off the cape on Sunday with 212 people aboard.");
        let added = index.write(|index, state| {
            let fresh = index.pressed(std::slice::from_ref(&story), Sampling::All)?;
            index.add_pressed(state, fresh, now, Judging::AsItComes)
        });
        assert_eq!(added.unwrap()[0].answer.cluster.as_deref(), (id != "a").then_some("a"));
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

/// Pairs of copies; no two pairs have a word in common.
fn pairs(pairs: usize) -> Vec<Story> {
    let text = |pair: usize, from: usize| {
        let words: Vec<String> = (from..from + 60).map(|word| format!("p{pair}w{word}")).collect();
        words.join(" ")
    };
    let both = |pair| [0, 2].map(|from| Story::new(format!("s{pair:04}-{from}"), text(pair, from)));
    (0..pairs).flat_map(both).collect()
}

#[test]
fn a_text_that_is_in_is_found_without_a_look_at_its_phrases() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &Config::default()).unwrap();
    let mut stories = pairs(40);
    let newcomer = stories.remove(1);
    index.add(&stories).unwrap();
    index.write(Index::file).unwrap();
    index.store.db.execute_batch("DELETE FROM rare").unwrap();
    assert_eq!(index.query(&stories[0]).unwrap().of.as_deref(), Some("s0000-0"));
    assert!(index.query(&newcomer).unwrap_err().to_string().contains("`rare` is missing"));
}

#[test]
fn what_comes_and_goes_while_an_index_settles_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let open = || Index::open_or_create(&path, &Config::default()).unwrap().taking_turns(super::PATIENCE);
    let (mut index, mut stories) = (open(), pairs(40));
    let newcomer = Story { id: "new".into(), ..stories.remove(1) };
    index.add(&stories).unwrap();
    let (then, found) = index.judged_anew().unwrap();
    let mut other = open();
    other.add(std::slice::from_ref(&newcomer)).unwrap();
    other.remove(&["s0005-0"]).unwrap();
    stories.retain(|story| story.id != "s0005-0");
    stories.push(newcomer);
    let unsettled = index.write(|index, state| {
        index.adopt(state, &then, &found)?;
        Ok(state.unsettled)
    });
    assert_eq!(unsettled.unwrap(), 2, "one has come and one has gone");
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    let expected = crate::Scanner::new(Config::default()).scan(&stories).clusters;
    assert_eq!(expected.len(), 39);
    assert_eq!(index.report(&Filter::default()).unwrap().clusters, expected);
    index.settle().unwrap();
    assert_eq!(index.report(&Filter::default()).unwrap().clusters, expected);
}

#[test]
fn settling_writes_what_differs_and_no_more() {
    let written = |size: usize| {
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::open_or_create(folder.path().join("x.db"), &Config::default()).unwrap();
        index.add(&pairs(size)).unwrap();
        index.settle().unwrap();
        index.add(&[Story::new("alone", "The ferry ran aground off the cape on Sunday.")]).unwrap();
        let before = index.store.db.total_changes();
        index.settle().unwrap();
        index.store.db.total_changes() - before
    };
    let (few, many) = (written(30), written(120));
    assert_eq!(few, many);
    assert!(few < 10, "{few} rows");
}

fn rewrites(folder: &tempfile::TempDir) -> Index {
    Index::open_or_create(folder.path().join("x.db"), &Config::default()).unwrap()
}

#[test]
fn a_version_that_comes_too_late_is_none() {
    let relations = |hour| {
        let folder = tempfile::tempdir().unwrap();
        let mut index = rewrites(&folder);
        let answers = tellings(hour).map(|story| index.add(&[story]).unwrap().remove(0));
        answers[1].hits.iter().map(|hit| hit.relation).collect::<Vec<_>>()
    };
    assert_eq!(relations(3), [crate::relation::Relation::Rewrite]);
    assert_eq!(relations(9 * 24), []);
}

/// Whether a copy's id comes before or after that of what it copies says nothing about a third.
#[test]
fn who_had_a_text_first_speaks_before_the_index_settles() {
    let told = |copy: &str| {
        let folder = tempfile::tempdir().unwrap();
        let [first, retold] = tellings(40);
        let copied = Story { id: copy.into(), time: tellings(2)[1].time, ..first.clone() };
        let from = |source: &str, story: Story| Story { source: source.into(), ..story };
        let stories = [from("Wire", first), from("Echo", copied), from("Echo", retold)];
        let answers = rewrites(&folder).add(&stories).unwrap();
        answers[2].hits.iter().map(|hit| hit.score).collect::<Vec<_>>()
    };
    assert_eq!(told("0"), told("z"));
    assert_eq!(told("0").len(), 2);
}

#[test]
fn words_are_counted_anew_when_the_stories_have_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = rewrites(&folder);
    let mut sampled = Vec::new();
    for story in pairs(5) {
        index.add(&[story]).unwrap();
        sampled.push(index.read(|_, state| Ok(state.sampled)).unwrap());
    }
    assert_eq!(sampled, [1, 2, 2, 4, 4, 4, 4, 8, 8, 8]);
}

#[test]
fn an_index_settles_by_itself_once_one_in_eight_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = rewrites(&folder);
    let mut waiting = |stories: &[Story]| {
        index.add(stories).unwrap();
        index.settle_if_due().unwrap();
        index.read(|_, state| Ok(state.unsettled)).unwrap()
    };
    let stories = pairs(12);
    let steps = [waiting(&stories[..18]), waiting(&stories[18..20]), waiting(&stories[20..21])];
    assert_eq!(steps, [0, 2, 0]);
}

/// While settling is due, who wants no answers pays for judging once: when the index settles.
#[test]
fn a_fill_judges_when_it_settles_and_counts_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut index) = (folder.path().join("broken.jsonl"), rewrites(&folder));
    let ties = |index: &Index| -> i64 {
        index.store.db.query_row("SELECT count(*) FROM ties", [], |row| row.get(0)).unwrap()
    };
    let line =
        |story: &Story| json!({"id": story.id, "headline": story.headline, "text": story.body}).to_string();
    fs::write(&path, tellings(1).map(|story| line(&story) + "\n").concat() + "{").unwrap();
    let broken = Files::open(&[path], Fields::default()).unwrap();
    index.fill(&broken, true, &|_| {}, &mut |_| {}).unwrap_err();
    assert_eq!((index.counts().unwrap().stories, ties(&index)), (2, 0), "broken off before it settled");
    let mut skipped = 0;
    let filled = index.fill(&broken, false, &|_| {}, &mut |_| skipped += 1).unwrap();
    assert_eq!((filled.loaded.known, filled.versions, ties(&index), skipped), (2, 0, 2, 1));
    let [first, second] = tellings(1);
    let same = Story { id: "c".into(), ..second.clone() };
    let mut index = Index::open_or_create(folder.path().join("y.db"), &Config::default()).unwrap();
    let filled = index.fill(&[first, second, same][..], true, &|_| {}, &mut |_| {}).unwrap();
    assert_eq!((filled.loaded.added, filled.identical, filled.versions), (3, 1, 1));
}

/// What waits to be filed is read anew by whoever opens the file.
#[test]
fn a_fill_leaves_less_unfiled_than_others_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &Config::default()).unwrap();
    let stories: Vec<Story> = (0..=FULL).map(|i| Story::new(format!("s{i}"), format!("wort{i}"))).collect();
    index.fill(&stories[..], true, &|_| {}, &mut |_| {}).unwrap();
    assert_eq!(index.read(|_, state| Ok(state.unfiled())).unwrap(), 0);
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
}

/// A tie that joins nobody by itself may speak for a cluster once a third version comes.
#[test]
fn weak_ties_are_kept_and_joined_with_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = rewrites(&folder);
    let [first, other] = tellings(30);
    let strike = Story {
        id: "strike".into(),
        headline: "Strike vote in Halbury".into(),
        body: "Drivers of the Halbury depot will vote on Friday whether to strike for the wages of 312 colleagues. \
               Maren Oldhoff of the drivers' union said that Ringbahn Nord owes the city 41 million crowns in rent, \
               and that the talks have failed."
            .into(),
        ..other
    };
    let ties = |index: &Index| -> i64 {
        index.store.db.query_row("SELECT count(*) FROM ties", [], |row| row.get(0)).unwrap()
    };
    index.add(&[first, pairs(1).remove(0)]).unwrap();
    assert_eq!(ties(&index), 0);
    assert_eq!(index.add(&[strike]).unwrap()[0].hits, []);
    assert_eq!(ties(&index), 2, "from both sides");
}

#[test]
fn a_text_whose_shown_story_goes_shows_another() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let mut index = Index::open_or_create(folder.path().join("x.db"), &config).unwrap();
    let at = |id: &str, second| Story {
        time: Timestamp::from_second(second).ok().map(Into::into),
        ..Story::new(id, "The ferry ran aground off the cape on Sunday with 212 people aboard.")
    };
    index.add(&[at("a", 30), at("b", 10), at("c", 20)]).unwrap();
    index.remove(&["b"]).unwrap();
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    assert_eq!(index.add(&[at("d", 40)]).unwrap()[0].cluster.as_deref(), Some("c"));
}

/// A hundred outlets print one report, each with other words changed: no phrase of it is rare any more.
#[test]
fn a_version_of_what_many_carry_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = rewrites(&folder);
    let told = |outlet: usize| {
        let word = |at: usize| {
            if at % 23 == outlet % 23 { format!("anders{outlet}x{at}") } else { format!("wort{at}") }
        };
        Story::new(format!("o{outlet:02}"), (0..300).map(word).collect::<Vec<_>>().join(" "))
    };
    let answers: Vec<_> = (0..100).map(|outlet| index.add(&[told(outlet)]).unwrap().remove(0)).collect();
    let alone: Vec<&str> = answers[1..].iter().filter(|a| a.hits.is_empty()).map(|a| a.id.as_str()).collect();
    assert_eq!(alone, Vec::<&str>::new());
}

#[test]
fn a_statement_from_the_cache_is_not_planned_anew() {
    let folder = tempfile::tempdir().unwrap();
    let index = rewrites(&folder);
    let bound = "SELECT b FROM ties WHERE a = ?1 ORDER BY b LIMIT ?2";
    let planned_anew = || {
        let mut select = index.store.db.prepare_cached(bound).unwrap();
        assert!(!select.exists([1, 1]).unwrap());
        select.get_status(StatementStatus::RePrepare)
    };
    assert_eq!([planned_anew(), planned_anew(), planned_anew()], [0; 3]);
}
