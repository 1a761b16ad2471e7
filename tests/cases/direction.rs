//! From pairs of stories to who took it from whom: every arrow right or unknown, and why.

use dedup::dispatch::Dispatch;
use dedup::explain::explain;
use dedup::relation::Direction;
use dedup::story::Story;
use dedup::{Config, Scanner};
use serde_json::Value;

fn story(of: &Value, id: &str) -> Story {
    let text = |field: &str| of[field].as_str().unwrap_or_default();
    let mut story = Story::new(of["id"].as_str().unwrap_or(id), text("text"));
    text("headline").clone_into(&mut story.headline);
    text("source").clone_into(&mut story.source);
    story.time = text("time").parse().ok();
    assert_eq!(story.time.is_none(), text("time").is_empty(), "{of}");
    let predecessor = of["predecessor"].as_str().map(str::to_owned);
    let version = of["version"].as_u64();
    if predecessor.is_some() || version.is_some() {
        story.dispatch = Some(Box::new(Dispatch { version, predecessor, ..Dispatch::default() }));
    }
    story
}

fn cases() -> Vec<Value> {
    let lines = include_str!("direction/pairs.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect("a case is an object")).collect()
}

#[test]
fn every_arrow_is_right_or_unknown() {
    let config = Config::default();
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    for case in cases {
        let (a, b) = (story(&case["a"], "a"), story(&case["b"], "b"));
        for (x, y, turned) in [(&a, &b, false), (&b, &a, true)] {
            let (direction, reason) = explain(&config, x, y).direction;
            let arrow = match (direction, turned) {
                (Direction::Unknown, _) => "unknown",
                (Direction::AToB, false) | (Direction::BToA, true) => "a-to-b",
                _ => "b-to-a",
            };
            if (arrow, reason.kind()) != (case["arrow"].as_str().unwrap(), case["reason"].as_str().unwrap()) {
                wrong.push(format!("{}: {arrow}, {}", case["case"], reason.kind()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A site retells an agency's item and credits it, with a day and no hour.
#[test]
fn origin_and_canonical_follow_the_credit() {
    let case = &cases()[0];
    let (agency, site) = (story(&case["a"], "b-agency"), story(&case["b"], "a-site"));
    let report = Scanner::new(Config::default()).scan(&[agency, site]);
    let [cluster] = &report.clusters[..] else { panic!("{} clusters", report.clusters.len()) };
    let id = |story: u32| &report.stories[story as usize].id[..];
    assert_eq!(id(cluster.canonical), "b-agency");
    assert_eq!(cluster.derived[0].base, cluster.canonical);
    assert_eq!(id(cluster.derived[0].member), "a-site");
}
