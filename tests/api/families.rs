//! From very large families to a report in bounded time and size.

use dedup::lsh::Buckets;
use dedup::{Config, Level, Report, Scanner, Story};
use std::time::{Duration, Instant};

/// Far above what is needed on a busy machine, far below what all pairs would take.
const PATIENCE: Duration = Duration::from_secs(30);

fn scanned(stories: &[Story]) -> Report {
    let start = Instant::now();
    let report = Scanner::new(Config::builder().level(Level::Copy).build().unwrap()).scan(stories);
    println!(
        "{} stories: {:.2} s, {} pairs",
        stories.len(),
        start.elapsed().as_secs_f64(),
        report.pairs.len()
    );
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    report
}

fn template(place: usize, figure: usize) -> String {
    let words: Vec<String> = (0..200).map(|i| format!("word{i}")).collect();
    format!("{} {place} {figure} {}", words[..100].join(" "), words[100..].join(" "))
}

#[test]
fn a_template_family_is_handled_and_reported() {
    let count = 3_000;
    assert!(count > Buckets::FAMILY);
    let stories: Vec<Story> =
        (0..count).map(|i| Story::new(format!("{i:05}"), template(i, 7 * i + 1))).collect();
    let report = scanned(&stories);
    assert_eq!(report.clusters.iter().map(|c| c.members.len()).collect::<Vec<_>>(), [count]);
    assert!(report.pairs.len() >= count - 1, "every member is tied to one of the others");
    let [warning] = report.warnings.as_slice() else { panic!("{:?}", report.warnings) };
    assert!(warning.contains("`00000` share one template"), "{warning}");
}

/// Copies of one another inside a family below the threshold meet in other buckets than that of
/// the family, and are found there.
#[test]
fn copies_inside_a_family_are_found() {
    let shared: Vec<String> = (0..100).map(|i| format!("word{i}")).collect();
    let body = |i: usize| {
        let own: Vec<String> = (0..60).map(|j| format!("own{}x{j}", i / 2)).collect();
        format!("{} {} version{i}", shared.join(" "), own.join(" "))
    };
    let stories: Vec<Story> = (0..5_000).map(|i| Story::new(format!("{i:05}"), body(i))).collect();
    let report = scanned(&stories);
    let twins = report.pairs.iter().filter(|pair| pair.a % 2 == 0 && pair.b == pair.a + 1).count();
    println!("{twins} of 2500 twins, warnings {:?}", report.warnings);
    assert_eq!((twins, report.pairs.len()), (2_500, 2_500));
}

#[test]
fn fifty_thousand_identical_stories_are_one_cluster() {
    let count = 50_000;
    let body = template(1, 1);
    let stories: Vec<Story> = (0..count).map(|i| Story::new(format!("{i:05}"), body.as_str())).collect();
    let report = scanned(&stories);
    assert_eq!(report.clusters.len(), 1);
    assert_eq!(report.clusters[0].members.len(), count);
    assert_eq!(report.pairs.len(), count - 1, "a star, not 1,249,975,000 pairs");
}
