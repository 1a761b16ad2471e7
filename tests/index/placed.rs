//! From a page of an index to what stands for each cluster on it: the same as long as nothing that is
//! shown of the cluster is another.

use dedup::index::{Filter, Placed, Search};
use dedup::{Config, Index, Level, Story};
use std::path::Path;

const FERRY: &str = "The ferry Kestrel ran aground off the cape on Sunday with 212 people aboard, and all of them \
                     were brought ashore by two lifeboats before midnight, the coast guard said in a statement, \
                     while a tug waited for the tide to pull the ship from the sandbar in the morning.";
const MOON: &str =
    "A partial eclipse of the moon will be seen over the whole of the south tonight, an observatory says.";

fn two_or_more() -> Search {
    Search { filter: Filter { least: 2, ..Filter::default() }, ..Search::default() }
}

/// What stands for the cluster of the story with `id`.
fn state(path: &Path, id: &str) -> u64 {
    let index = Index::open_read_only(path).unwrap();
    let page = index.recent(&two_or_more(), None, 10).unwrap();
    let holds = |placed: &&Placed| {
        let members = &page.report.clusters[placed.place.unwrap()].members;
        members.iter().any(|&member| page.report.stories[member as usize].id == id)
    };
    page.order.iter().find(holds).unwrap().state
}

#[test]
fn it_is_another_when_the_cluster_is_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wire.db");
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let mut index = Index::open_or_create(&path, &config).unwrap();
    index.add(&[Story::new("a", FERRY), Story::new("b", FERRY)]).unwrap();
    let of_two = state(&path, "a");
    index
        .add(&[Story::new("m", MOON), Story::new("n", MOON), Story::new("z", "Quite another matter.")])
        .unwrap();
    assert_eq!(state(&path, "a"), of_two, "others came");
    index.add(&[Story::new("c", format!("{FERRY} Nobody was hurt."))]).unwrap();
    let of_three = state(&path, "a");
    assert_ne!(of_three, of_two, "a version came");
    index.remove(&["c"]).unwrap();
    assert_eq!(state(&path, "a"), of_two, "it went again");
    index
        .add(&[Story { source: "Echo".into(), ..Story::new("x", "Nothing to do with any of it.") }])
        .unwrap();
    assert_ne!(state(&path, "a"), of_two, "credits count once a story says who speaks");
}

/// Two versions keep their place and their cluster while their tie becomes another one.
#[test]
fn it_is_another_when_all_ties_are_judged_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wire.db");
    let mut index = Index::open_or_create(&path, &Config::default()).unwrap();
    index.add(&[Story::new("a", FERRY), Story::new("b", format!("{FERRY} Nobody was hurt."))]).unwrap();
    let judged = state(&path, "a");
    index.add(&[Story::new("z", MOON)]).unwrap();
    assert_eq!(state(&path, "a"), judged, "another came");
    index.settle().unwrap();
    let anew = state(&path, "a");
    assert_ne!(anew, judged);
    index.settle().unwrap();
    index.remove(&["z"]).unwrap();
    assert_eq!(state(&path, "a"), anew, "nothing was judged, and another went");
    index.settle().unwrap();
    assert_ne!(state(&path, "a"), anew, "what words tell is another");
}

#[test]
fn what_is_known_is_not_laid_out_and_stays_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wire.db");
    let mut index = Index::open_or_create(&path, &Config::default()).unwrap();
    let pair =
        |id: &str, text: &str| [Story::new(format!("{id}-1"), text), Story::new(format!("{id}-2"), text)];
    index.add(&pair("ferry", FERRY)).unwrap();
    index.add(&pair("moon", MOON)).unwrap();
    let whole = index.recent(&two_or_more(), None, 10).unwrap();
    let moon = index.number_of_id("moon-1").unwrap().unwrap();
    let sparse = index.recent_beyond(&two_or_more(), None, 10, |placed| placed.number == moon).unwrap();
    let bare =
        |order: &[Placed]| order.iter().map(|placed| (placed.number, placed.state)).collect::<Vec<_>>();
    assert_eq!(bare(&sparse.order), bare(&whole.order));
    assert_eq!((sparse.order[0].place, sparse.order[1].place), (None, Some(0)));
    assert_eq!(sparse.report.stories.len(), 2);
    let none = index.recent_beyond(&two_or_more(), None, 10, |_| true).unwrap();
    assert_eq!((bare(&none.order), none.report.stories.len()), (bare(&whole.order), 0));
}
