//! From a table of outlets that must not be tied to the answer of a scan, whatever way stories came.

use super::corpora::{bare, shuffled, stories_of};
use super::one_answer::assert_same;
use dedup::index::{Filter, Index};
use dedup::report::Report;
use dedup::wire::Publishers;
use dedup::{Config, Level, Scanner, Story};
use std::path::Path;

/// Delta is of Alpha, so Beta is kept from both; no two stories of Gamma are tied.
const TABLE: &str = "Alpha\t!Beta\nGamma\t!Gamma\nDelta\tAlpha\n";
const SOURCES: [&str; 5] = ["Alpha", "Beta", "Gamma", "Delta", "Echo"];

/// The samples under made-up sources, and every other one word for word under some more.
fn stories() -> Vec<Story> {
    let mut stories = stories_of("samples").unwrap();
    let mut more = Vec::new();
    for (at, story) in stories.iter_mut().enumerate() {
        SOURCES[at % SOURCES.len()].clone_into(&mut story.source);
        for (place, source) in SOURCES.iter().enumerate().filter(|_| at % 2 == 0) {
            more.push(Story {
                id: format!("{}-{place}", story.id),
                source: (*source).to_owned(),
                ..story.clone()
            });
        }
    }
    stories.extend(more);
    // Too short for a copy, so that only the text tells.
    let flash = |(at, source): (usize, &&str)| Story {
        source: (*source).to_owned(),
        ..Story::new(format!("flash-{at}"), "The strike on the Vell canal is over.")
    };
    stories.extend(SOURCES.iter().cycle().take(8).enumerate().map(flash));
    stories
}

fn config(level: Level) -> Config {
    Config::builder().level(level).publishers(Publishers::read(TABLE).unwrap()).build().unwrap()
}

fn assert_apart(report: &Report, how: &str) {
    let are = |a: u32, b: u32| {
        let of = |story: u32| &report.stories[story as usize].source[..];
        match (of(a), of(b)) {
            ("Gamma", "Gamma") => true,
            ("Beta", other) | (other, "Beta") => matches!(other, "Alpha" | "Delta"),
            _ => false,
        }
    };
    assert!(!report.pairs.iter().any(|pair| are(pair.a, pair.b)), "{how}: a pair");
    for cluster in &report.clusters {
        let members = &cluster.members;
        let any = members.iter().enumerate().any(|(at, &a)| members[at + 1..].iter().any(|&b| are(a, b)));
        assert!(!any, "{how}: a cluster");
    }
}

fn grown(path: &Path, stories: &[Story], config: &Config, (step, seed): (usize, u64)) -> Index {
    let mut index = Index::open_or_create(path, config).unwrap();
    for some in shuffled(stories, seed).chunks(step) {
        index.add(some).unwrap();
        assert_apart(&index.report(&Filter::default()).unwrap(), "on the way");
    }
    index
}

fn settled(index: &mut Index) -> Report {
    index.settle().unwrap();
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    index.report(&Filter::default()).unwrap()
}

#[test]
fn what_is_kept_apart_is_so_whatever_way_it_came() {
    let stories = stories();
    for level in [Level::Identical, Level::Copy, Level::Rewrite] {
        let config = config(level);
        let scanned = bare(Scanner::new(config.clone()).scan(&stories));
        assert_apart(&scanned, "scan");
        assert!(!scanned.clusters.is_empty());
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut by_some = grown(&path("by-some.db"), &stories, &config, (29, 2));
        assert_same(&settled(&mut by_some), &scanned, &format!("{level:?} by some"));

        let mut filled = Index::open_or_create(path("filled.db"), &config).unwrap();
        filled.fill(&stories, true, &|_| {}, &mut |_| {}).unwrap();
        assert_same(&settled(&mut filled), &scanned, &format!("{level:?} filled"));

        let (one, two) = stories.split_at(stories.len() / 2);
        let mut merged = grown(&path("1.db"), one, &config, (500, 3));
        merged.merge(&grown(&path("2.db"), two, &config, (500, 4))).unwrap();
        assert_same(&settled(&mut merged), &scanned, &format!("{level:?} merged"));

        let against = grown(&path("old.db"), one, &config, (500, 5));
        assert_apart(&against.scan(&two.to_vec(), &config, &|_| {}).unwrap(), "against");
        drop(against);
        let kept = Index::open_read_only(path("old.db")).unwrap();
        assert_eq!(kept.config().publishers(), config.publishers(), "the file keeps the table");

        let gone: Vec<&str> = two.iter().map(|story| story.id.as_str()).collect();
        by_some.remove(&gone).unwrap();
        let left = bare(Scanner::new(config.clone()).scan(one));
        assert_same(&settled(&mut by_some), &left, &format!("{level:?} removed"));
    }
}

#[test]
fn a_question_and_an_explanation_keep_to_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Barge traffic on the Vell canal came to a halt on Tuesday after 64 lock keepers walked out \
                over night shifts, leaving 212 vessels and their grain waiting between Orsa and Tamm.";
    let of = |id: &str, source: &str| Story { source: source.to_owned(), ..Story::new(id, text) };
    let mut index = Index::open_or_create(folder.path().join("x.db"), &config(Level::Rewrite)).unwrap();
    index.add(&[of("a", "Alpha"), of("e", "Echo")]).unwrap();
    let ids = |story: &Story| {
        let answer = index.query(story).unwrap();
        let hits = answer.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>();
        (answer.cluster, hits)
    };
    assert_eq!(ids(&of("q", "Beta")), (None, vec!["e".to_owned()]), "nor a cluster that Alpha is in");
    assert_eq!(ids(&of("q", "Post")).1, ["a", "e"]);
    assert_eq!(ids(&of("q", "Post")).0.as_deref(), Some("a"));
    let told = index.explain(&of("a", "Alpha"), &of("q", "Beta")).unwrap();
    assert!(told.kept_apart && told.relation.is_none());
    assert!(!index.explain(&of("a", "Alpha"), &of("e", "Echo")).unwrap().kept_apart);
}
