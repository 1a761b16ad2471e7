//! From a few reports in our own words, each in twelve languages and scripts, to who finds whom.

use dedup::config::Config;
use dedup::relation::Relation;
use dedup::scan::Scanner;
use dedup::story::Story;

/// Four reports of fifty to ninety words; of two of them another report of the same days and people
/// (`…2`), in two languages.
fn stories() -> Vec<Story> {
    let line = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| record[name].as_str().unwrap().to_owned();
        Story::new(field("id"), field("text"))
    };
    include_str!("languages.jsonl").lines().map(line).collect()
}

#[test]
fn a_report_is_found_in_every_language_and_another_of_its_days_is_not() {
    let report = Scanner::new(Config::default()).scan(&stories());
    let id = |place: u32| report.stories[place as usize].id.as_str();
    let told = |place: u32| id(place).split_once('.').unwrap().1;
    let translations = report.pairs.iter().filter(|pair| pair.relation == Relation::Translation);
    let wrong: Vec<_> = translations.filter(|pair| told(pair.a) != told(pair.b)).collect();
    assert!(wrong.is_empty(), "{:?}", wrong.iter().map(|pair| (id(pair.a), id(pair.b))).collect::<Vec<_>>());
    let is_beside_english = |place: &u32| {
        let cluster = report.clusters.iter().find(|cluster| cluster.members.contains(place));
        let english = format!("en.{}", told(*place));
        cluster.is_some_and(|cluster| cluster.members.iter().any(|&member| id(member) == english))
    };
    let lost = (0..report.stories.len() as u32).filter(|place| !is_beside_english(place));
    let lost: Vec<&str> = lost.map(id).collect();
    assert!(lost.is_empty(), "not beside their English: {lost:?}");
}
