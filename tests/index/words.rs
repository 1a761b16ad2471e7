//! From a list of words beside an index to the same stories that looking through all texts finds.

use dedup::index::{Filter, Index, Order, Search, Sought, WordList};
use dedup::{Config, Level, Story};
use std::collections::BTreeSet;
use std::path::Path;

/// Reports of two copies each about one of a few things, in three scripts, and a story by itself.
fn stories() -> Vec<Story> {
    let things = [
        "The ferry Zoë ran aground off the cape on Sunday with 212 people aboard and a cargo of pianos",
        "The minister said on Monday that we do not know when the lock keepers will go back to work",
        "Паром сел на мель у мыса в воскресенье вечером, на борту находились двести двенадцать человек",
        "成都新增两条地铁线路全长五十一公里将于明年春天开通运营市民出行更加方便快捷",
        "The ferry to the cape was late on Tuesday and nobody aboard was told why it was late again",
    ];
    let mut stories = Vec::new();
    for (number, thing) in things.iter().enumerate() {
        for copy in 0..2 {
            let source = ["AAP", "Tasman Post"][copy];
            let mut story = Story::new(format!("s{number}-{copy}"), format!("{thing}."));
            source.clone_into(&mut story.source);
            stories.push(story);
        }
    }
    stories.push(Story::new("alone", "Nobody else wrote of the pianos of Holm."));
    stories
}

fn filled(path: &Path, stories: &[Story]) {
    let config = Config::builder().level(Level::Copy).build().unwrap();
    Index::open_or_create(path, &config).unwrap().add(stories).unwrap();
}

fn listed(path: &Path) {
    let mut list = WordList::open(path).unwrap();
    while {
        let listed = list.step().unwrap();
        listed.known < listed.last
    } {}
}

fn search(query: &str, order: Order) -> Search {
    let filter = Filter { least: 2, ..Filter::default() };
    Search { filter, text: Sought::of(query), order, ..Search::default() }
}

/// Ids of the canonicals of all that is found, page by page of two.
fn found(path: &Path, search: &Search) -> Vec<String> {
    let index = Index::open_read_only(path).unwrap();
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = index.recent(search, before, 2).unwrap();
        for placed in &page.order {
            let canonical = page.report.clusters[placed.place.unwrap()].canonical as usize;
            found.push(page.report.stories[canonical].id.clone());
        }
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

const QUERIES: [&str; 14] = [
    "ferry",
    "ferr cape",
    "zoe",
    "212 pianos",
    "\"do not know\"",
    "\"know not do\"",
    "tasman ferry",
    "паро мыс",
    "地铁",
    "铁地",
    "两条地铁线路 公里",
    "t",
    "s3-0",
    "nowhere",
];
const ORDERS: [Order; 4] = [Order::Newest, Order::Oldest, Order::Largest, Order::Weakest];

#[test]
fn a_list_finds_what_reading_all_texts_finds_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    filled(&path, &stories());
    let all = || -> Vec<Vec<String>> {
        let each = |query| ORDERS.map(|order| found(&path, &search(query, order)));
        QUERIES.iter().flat_map(|query| each(query)).collect()
    };
    let unlisted = all();
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 11);
    listed(&path);
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 0);
    assert_eq!(all(), unlisted);
    assert_eq!(found(&path, &search("ferry", Order::Newest)), ["s4-0", "s0-0"]);
    assert_eq!(found(&path, &search("地铁", Order::Oldest)), ["s3-0"]);
    assert!(found(&path, &search("\"know not do\"", Order::Newest)).is_empty());
}

#[test]
fn a_report_of_most_clusters_is_that_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let text = |number: u32| format!("Nobody but number {} wrote of it on day {number}.", number * 7);
    let pairs = (0..1_500).map(|number| (number / 2, number % 2));
    let pairs = pairs.map(|(number, copy)| Story::new(format!("s{number}-{copy}"), text(number)));
    let more = (0..1_500).map(|number| (number / 2, number % 2));
    let more =
        more.map(|(number, copy)| Story::new(format!("t{number}-{copy}"), format!("Again {}", text(number))));
    filled(&path, &pairs.chain(more).chain([Story::new("alone", "By itself.")]).collect::<Vec<Story>>());
    let index = Index::open_read_only(&path).unwrap();
    let two_or_more = Filter { least: 2, ..Filter::default() };
    let all = index.matching(&Search { filter: two_or_more.clone(), ..Search::default() }).unwrap();
    assert_eq!(all.len(), 1_500);
    assert_eq!(index.report_of_clusters(&all).unwrap(), index.report(&two_or_more).unwrap());
    let most = &all[..1_200];
    let report = index.report_of_clusters(most).unwrap();
    let ids = |clusters: &[u32]| -> BTreeSet<String> {
        clusters.iter().map(|&number| index.id_of_number(number).unwrap().unwrap()).collect()
    };
    let kept = report.clusters.iter().map(|one| report.stories[one.canonical as usize].id.clone());
    assert_eq!(kept.collect::<BTreeSet<String>>(), ids(most));
    assert_eq!(report.stories.len(), 2_400);
}

/// Where thousands of stories hold a text, clusters are looked through by rank.
#[test]
fn a_common_text_is_found_by_rank_as_reading_all_texts_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let text = |number: u32| match number % 4 {
        0 => format!("On day {number} nobody wrote of anything else."),
        1 => format!("The {number} pianos were late."),
        _ => format!("Late were the pianos, {number} of them."),
    };
    let stories = (0..3_000).flat_map(|number| {
        let copies = 2 + number % 3;
        (0..copies).map(move |copy| Story::new(format!("s{number}-{copy}"), text(number)))
    });
    filled(&path, &stories.collect::<Vec<Story>>());
    let ranked = |query: &str, order: Order| -> Vec<u32> {
        let (index, mut found, mut before) = (Index::open_read_only(&path).unwrap(), Vec::new(), None);
        loop {
            let page = index.recent_beyond(&search(query, order), before, 200, |_| true).unwrap();
            found.extend(page.order.iter().map(|placed| placed.number));
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    };
    let all = || {
        let each = |query| [Order::Largest, Order::Weakest].map(|order| ranked(query, order));
        ["piano", "pianos late", "\"pianos were\"", "\"the pianos\""].map(each)
    };
    let unlisted = all();
    assert_eq!(unlisted[0][0].len(), 2_250);
    assert_eq!(unlisted[2][0].len(), 750);
    listed(&path);
    assert!(all() == unlisted, "other reports, or in another order");
    filled(&path, &[Story::new("new-1", "Pianos late again."), Story::new("new-2", "Pianos late again.")]);
    assert_eq!(ranked("piano", Order::Largest).len(), 2_251, "what came since is found by its text");
}

#[test]
fn what_comes_and_goes_after_the_list_is_known_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let (first, later) = (&stories()[..6], &stories()[6..]);
    filled(&path, first);
    listed(&path);
    filled(&path, later);
    let mut index = Index::open(&path, std::time::Duration::ZERO).unwrap();
    index.remove(&["s0-0"]).unwrap();
    drop(index);
    for _ in 0..2 {
        assert_eq!(found(&path, &search("ferry", Order::Newest)), ["s4-0"], "one copy of s0 is no report");
        let lines: BTreeSet<String> = found(&path, &search("地铁", Order::Largest)).into_iter().collect();
        assert_eq!(lines, BTreeSet::from(["s3-0".to_owned()]));
        listed(&path);
    }
}

#[test]
fn a_list_of_another_index_or_a_broken_one_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    filled(&path, &stories());
    listed(&path);
    let list = folder.path().join("x.db.words");
    assert!(Index::owns(&list), "no result is written over it");
    // Another index under the same name.
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("x.db{suffix}")));
    }
    let mut other = stories();
    other.reverse();
    filled(&path, &other);
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 11);
    assert_eq!(found(&path, &search("zoe", Order::Newest)), ["s0-0"]);
    listed(&path);
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 0);
    assert_eq!(found(&path, &search("zoe", Order::Newest)), ["s0-0"]);
    // One of another format.
    let db = rusqlite::Connection::open(&list).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 11);
    listed(&path);
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 0);
    // A file that is none.
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("x.db.words{suffix}")));
    }
    std::fs::write(&list, "this is no list of words at all, but it is long enough to be looked at").unwrap();
    assert_eq!(found(&path, &search("zoe", Order::Newest)), ["s0-0"]);
    listed(&path);
    assert_eq!(Index::open_read_only(&path).unwrap().unlisted().unwrap(), 0);
    assert_eq!(Index::open_read_only(&path).unwrap().verify().unwrap(), Vec::<String>::new());
}

#[test]
fn a_short_passage_is_found_word_for_word_at_any_level() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    filled(&path, &stories());
    let passage = Story::new("p", "“We do not know when”");
    let ids = || -> Vec<String> {
        let found = Index::open_read_only(&path).unwrap().found_in(&passage).unwrap();
        found.into_iter().map(|one| one.id).collect()
    };
    assert!(ids().is_empty(), "nothing is listed yet");
    listed(&path);
    assert_eq!(ids(), ["s1-0", "s1-1"]);
}

/// Of a family of copies the runs of one are filed, and each may have a sentence of its own.
#[test]
fn a_passage_is_found_in_every_copy_that_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let words = |from: u32, to: u32| (from..to).map(|i| format!("wort{i}")).collect::<Vec<_>>().join(" ");
    let copies = [
        Story::new("a", words(0, 200)),
        Story::new("b", format!("{} {}", words(0, 195), words(300, 315))),
        Story::new("other", words(400, 600)),
    ];
    Index::open_or_create(&path, &Config::default()).unwrap().add(&copies).unwrap();
    let found = |passage: String| -> Vec<String> {
        let found = Index::open_read_only(&path).unwrap().found_in(&Story::new("p", passage)).unwrap();
        found.into_iter().map(|one| one.id).collect()
    };
    assert_eq!(found(words(20, 60)), ["a", "b"]);
    listed(&path);
    assert_eq!(found(words(300, 315)), ["b"]);
    assert_eq!(found(words(20, 60)), ["a", "b"], "each once");
}
