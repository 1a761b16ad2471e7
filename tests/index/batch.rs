//! From random steps to an index whose clusters are those of a scan of what is left.

use dedup::index::{Filter, Index};
use dedup::report::Report;
use dedup::{Config, Keep, Level, Linkage, Scanner, Story};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A story of a family: versions of one text, each with some of its words changed, so that some
/// are copies, some are not, and chains of them come about.
fn story(id: u32, family: u64, changed: u64, from: usize, time: Option<i64>) -> Story {
    let word = |place: usize| {
        let is_changed = place >= from && (place - from) % 9 < (changed % 4) as usize;
        format!("word{}", family * 1_000 + place as u64 * 7 + if is_changed { changed * 100_000 } else { 0 })
    };
    let body = (0..60).map(word).collect::<Vec<_>>().join(" ");
    let time = time.and_then(|time| jiff::Timestamp::from_second(time).ok().map(Into::into));
    Story { source: format!("Source {}", id % 3), time, ..Story::new(format!("s{id}"), body) }
}

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<(u32, u64, u64, usize, Option<i64>)>),
    Remove(Vec<u32>),
}

fn step() -> impl Strategy<Value = Step> {
    let time = prop_oneof![Just(None), (0i64..5).prop_map(Some)];
    let made = (0u32..40, 0u64..3, 0u64..6, prop_oneof![Just(0usize), Just(20), Just(40)], time);
    prop_oneof![
        3 => prop::collection::vec(made, 1..8).prop_map(Step::Add),
        1 => prop::collection::vec(0u32..40, 1..5).prop_map(Step::Remove),
    ]
}

fn without_warnings(report: Report) -> Report {
    Report { warnings: Vec::new(), ..report }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_steps_give_what_a_scan_gives(
        steps in prop::collection::vec(step(), 1..10),
        linkage in prop_oneof![Just(Linkage::Average), Just(Linkage::Single), Just(Linkage::Complete)],
        keep in prop_oneof![Just(Keep::First), Just(Keep::Last), Just(Keep::Longest)],
        identical: bool,
        reopen: bool,
    ) {
        let level = if identical { Level::Identical } else { Level::Copy };
        let config = Config::builder().level(level).linkage(linkage).keep(keep).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let mut index = Index::open_or_create(&path, &config).unwrap();
        let mut left: BTreeMap<String, Story> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Add(made) => {
                    let mut stories: Vec<Story> = made
                        .into_iter()
                        .map(|(id, family, changed, from, time)| story(id, family, changed, from, time))
                        .collect();
                    // An id that is taken would get a suffix by its turn, which a scan gives by content.
                    stories.retain(|story| !left.contains_key(&story.id));
                    stories.sort_by(|x, y| x.id.cmp(&y.id));
                    stories.dedup_by(|x, y| x.id == y.id);
                    stories.reverse();
                    index.add(&stories).unwrap();
                    left.extend(stories.into_iter().map(|story| (story.id.clone(), story)));
                }
                Step::Remove(ids) => {
                    let mut ids: Vec<String> = ids.iter().map(|id| format!("s{id}")).collect();
                    ids.sort();
                    ids.dedup();
                    let unknown = index.remove(&ids).unwrap();
                    for id in &ids {
                        prop_assert_eq!(left.remove(id).is_none(), unknown.contains(id));
                    }
                }
            }
            if reopen {
                drop(index);
                index = Index::open_or_create(&path, &config).unwrap();
            }
        }
        let stories: Vec<Story> = left.into_values().collect();
        let expected = without_warnings(Scanner::new(config).scan(&stories));
        prop_assert_eq!(index.report(&Filter::default()).unwrap(), expected);
        prop_assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn new_against_old_is_a_scan_of_both(
        old in prop::collection::vec((0u64..3, 0u64..6, prop_oneof![Just(0usize), Just(20), Just(40)]), 1..16),
        new in prop::collection::vec((0u64..3, 0u64..6, prop_oneof![Just(0usize), Just(20), Just(40)]), 1..6),
    ) {
        let made = |first: u32, made: &[(u64, u64, usize)]| {
            (first..).zip(made).map(|(id, &(family, changed, from))| story(id, family, changed, from, None)).collect::<Vec<_>>()
        };
        let (old, new) = (made(100, &old), made(200, &new));
        let config = Config::builder().level(Level::Copy).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::open_or_create(folder.path().join("x.db"), &config).unwrap();
        index.add(&old).unwrap();
        let found = index.scan(&new, &config, &|_| {}).unwrap();
        let full = Scanner::new(config).scan(&[old, new].concat());
        let is_new = |report: &Report, story: u32| report.stories[story as usize].id.starts_with("s2");
        let pairs = |report: &Report| report.pairs.iter().filter(|pair| is_new(report, pair.a) || is_new(report, pair.b))
            .map(|pair| format!("{} {} {:?} {}", report.stories[pair.a as usize].id, report.stories[pair.b as usize].id, pair.overlap, pair.cut))
            .collect::<Vec<_>>();
        let clusters = |report: &Report| report.clusters.iter().filter(|cluster| cluster.members.iter().any(|&story| is_new(report, story)))
            .map(|cluster| (cluster.members.iter().map(|&story| report.stories[story as usize].id.clone()).collect::<Vec<_>>(), cluster.weakest.to_bits()))
            .collect::<Vec<_>>();
        prop_assert_eq!(pairs(&found), pairs(&full));
        prop_assert_eq!(clusters(&found), clusters(&full));
        prop_assert_eq!(found.clusters.len(), clusters(&full).len());
        prop_assert_eq!(found.pairs.len(), pairs(&full).len());
    }
}
