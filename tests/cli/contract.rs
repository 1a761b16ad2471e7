//! From a scan to JSON lines, held against the contract field by field.

use crate::formats::small_folder;
use crate::scratch::{Outcome, Scratch};
use crate::wire_day::day;
use insta::assert_snapshot;
use serde_json::Value;

/// Frozen: programs read this. A field may be added; nothing is renamed or taken away.
#[test]
fn the_messages_are_frozen() {
    let run = small_folder().run("scan . --level copy --format jsonl --singles");
    assert_snapshot!(run.exits(3), @r#"
    {"type":"pair","a":"aap-1","b":"post-7","relation":"copy","score":0.981818,"jaccard":0.818182,"containment_a":0.9,"containment_b":0.9,"direction":"a-to-b","reason":"earlier"}
    {"type":"pair","a":"flax-1","b":"flax-2","relation":"identical","score":1.0,"jaccard":1.0,"containment_a":1.0,"containment_b":1.0,"direction":"unknown","reason":"nothing"}
    {"type":"cluster","canonical":"aap-1","origin":"aap-1","members":["aap-1","post-7"],"weakest":0.818182,"newsrooms":2,"independent":0}
    {"type":"cluster","canonical":"flax-1","origin":null,"members":["flax-1","flax-2"],"weakest":1.0}
    {"type":"single","id":"moon"}
    {"type":"skipped","path":"./feed.jsonl","line":3,"reason":"expected a story as a JSON object, found a fault at column 0: invalid type: sequence, expected an object; mend the line or take it out"}
    {"type":"summary","stories":5,"clusters":2,"clustered":4,"pairs":2,"skipped":1}
    "#);
}

fn keys(message: &Value) -> Vec<&str> {
    message.as_object().unwrap().keys().map(String::as_str).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn share(value: &Value) -> f64 {
    let share = value.as_f64().unwrap();
    assert!((0.0..=1.0).contains(&share), "{share}");
    share
}

fn big() -> Outcome {
    let scratch = Scratch::with(&[("day.jsonl", day(7, 300).join("\n"))]);
    scratch.run("scan day.jsonl --level copy --format jsonl --singles")
}

#[test]
fn a_pair_has_its_fields() {
    let pairs = big().of_type("pair");
    assert!(pairs.len() > 50, "{}", pairs.len());
    for pair in &pairs {
        let wanted =
            ["a", "b", "containment_a", "containment_b", "direction", "jaccard", "relation", "score", "type"];
        assert!(wanted.iter().all(|key| keys(pair).contains(key)), "{pair}");
        assert!(text(&pair["a"]) < text(&pair["b"]));
        assert!(["identical", "copy"].contains(&text(&pair["relation"])));
        assert!(["a-to-b", "b-to-a", "unknown"].contains(&text(&pair["direction"])));
        share(&pair["score"]);
        let (jaccard, in_a, in_b) =
            (share(&pair["jaccard"]), share(&pair["containment_a"]), share(&pair["containment_b"]));
        assert!(jaccard >= 0.7 && in_a >= jaccard && in_b >= jaccard, "{pair}");
    }
    let order: Vec<_> = pairs.iter().map(|pair| (text(&pair["a"]), text(&pair["b"]))).collect();
    assert!(order.is_sorted(), "pairs are sorted");
}

#[test]
fn a_cluster_has_its_fields() {
    let clusters = big().of_type("cluster");
    assert!(clusters.len() > 20, "{}", clusters.len());
    for cluster in &clusters {
        let wanted = ["canonical", "members", "origin", "type", "weakest"];
        assert!(wanted.iter().all(|key| keys(cluster).contains(key)), "{cluster}");
        let members: Vec<_> = cluster["members"].as_array().unwrap().iter().map(text).collect();
        assert!(members.len() > 1 && members.is_sorted());
        assert!(members.contains(&text(&cluster["canonical"])));
        assert!(cluster["origin"].is_null() || cluster["origin"].is_string());
        share(&cluster["weakest"]);
    }
    let firsts: Vec<_> = clusters.iter().map(|cluster| text(&cluster["members"][0])).collect();
    assert!(firsts.is_sorted(), "clusters are sorted");
}

#[test]
fn every_story_is_in_one_place_and_the_summary_counts_them() {
    let run = big();
    let mut told: Vec<String> =
        run.clusters().iter().flat_map(|line| line.split(' ')).map(str::to_owned).collect();
    let clustered = told.len();
    told.extend(run.of_type("single").iter().map(|single| text(&single["id"]).to_owned()));
    told.sort();
    let all: Vec<String> = (0..300).map(|i| format!("s-{i:04}")).collect();
    assert_eq!(told, all);
    let last = run.messages().pop().unwrap();
    let counts = serde_json::json!({
        "type": "summary", "stories": 300, "clusters": run.clusters().len(), "clustered": clustered,
        "pairs": run.of_type("pair").len(), "skipped": 0
    });
    assert_eq!(last, counts);
}

#[test]
fn singles_only_on_request() {
    let run = small_folder().run("scan . --level copy --format jsonl");
    assert!(run.of_type("single").is_empty());
    assert_eq!(run.of_type("summary").len(), 1);
}

#[test]
fn check_exits_with_1_if_there_are_duplicates() {
    let scratch = Scratch::with(&[
        ("two.txt", "Head\n\nThe same six words stand here."),
        ("also.txt", "Other\n\nThe same six words stand here."),
    ]);
    scratch.run("scan . --check").exits(1);
    scratch.run("scan .").exits(0);
    scratch.run("scan two.txt --check").exits(0);
}
