//! From chains and choices to clusters: linkage, levels, thresholds, canonicals.

use crate::scratch::Scratch;
use crate::wire_day::{Draw, line, with_run_replaced};
use insta::assert_snapshot;

/// Six versions, each with one more run of words replaced: neighbours have J = 0.71, the ends
/// 0.09.
fn chain() -> Scratch {
    let mut words = Draw(5).words(100);
    let mut lines = vec![line("v0", &words.join(" "))];
    for version in 1..6 {
        let start = 4 + (version - 1) * 19;
        words = with_run_replaced(&words, start..start + 12);
        lines.push(line(&format!("v{version}"), &words.join(" ")));
    }
    Scratch::with(&[("chain.jsonl", lines.join("\n"))])
}

fn clusters(scratch: &Scratch, flags: &str) -> String {
    let run = scratch.run(&format!("scan . {flags} --format jsonl"));
    let clusters = run.clusters();
    run.exits(0);
    clusters.join("\n")
}

#[test]
fn linkage_decides_about_a_chain() {
    let chain = chain();
    assert_snapshot!(clusters(&chain, "--level copy --linkage single"), @"v0 v1 v2 v3 v4 v5");
    assert_snapshot!(clusters(&chain, "--level copy --linkage average"), @"
v0 v1
v2 v3
v4 v5
");
    assert_snapshot!(clusters(&chain, "--level copy --linkage complete"), @"
v0 v1
v2 v3
v4 v5
");
}

#[test]
fn the_weakest_tie_of_a_chain_is_said() {
    let run = chain().run("scan . --level copy --linkage single --format jsonl");
    assert_eq!(run.of_type("cluster")[0]["weakest"], 0.090_909);
    run.exits(0);
}

#[test]
fn the_threshold_decides() {
    assert_eq!(clusters(&chain(), "--level copy --threshold 0.75"), "");
    assert_eq!(clusters(&chain(), "--level copy --linkage single --threshold 0.7"), "v0 v1 v2 v3 v4 v5");
}

#[test]
fn a_threshold_out_of_range_is_an_error() {
    assert_snapshot!(chain().run("scan . --threshold 1.5").complains(2), @"dedup: expected a threshold from 0.3 to 1, found 1.5");
}

fn keeping(rule: &str) -> String {
    let body = Draw(8).words(60).join(" ");
    let story = |id: &str, source: &str, hour: u32, extra: &str| {
        format!(
            "{{\"id\":\"{id}\",\"source\":\"{source}\",\"date\":\"2024-03-02T{hour:02}:00:00Z\",\"text\":\"{body} {extra}\"}}\n"
        )
    };
    let feed = [
        story("a", "TASS", 9, ""),
        story("b", "AFP", 7, "and some"),
        story("c", "Post", 11, "and three more words"),
        story("d", "AFP", 12, ""),
    ];
    let scratch = Scratch::with(&[("feed.jsonl", feed.concat())]);
    let run = scratch.run(&format!("scan . --level copy --format jsonl --keep {rule}"));
    let cluster = run.of_type("cluster").remove(0);
    run.exits(0);
    assert_eq!(cluster["members"].as_array().unwrap().len(), 4);
    assert_eq!(cluster["origin"], "b", "whatever is kept");
    cluster["canonical"].as_str().unwrap().to_owned()
}

#[test]
fn the_rule_decides_which_member_is_kept() {
    assert_eq!(keeping("first"), "b");
    assert_eq!(keeping("last"), "d");
    assert_eq!(keeping("longest"), "c");
    assert_eq!(keeping("source:Post,AFP"), "c");
    assert_eq!(keeping("source:Reuters,AFP"), "b");
    assert_eq!(keeping("source:Reuters"), "b");
}

#[test]
fn furniture_counts_only_if_kept() {
    let body = "The minister said on Monday that the bridge would open in May.";
    let scratch = Scratch::with(&[
        ("a.jsonl", line("a", &format!("MINSK, March 4 (BelTA) - {body}"))),
        ("b.jsonl", line("b", body)),
    ]);
    assert_eq!(clusters(&scratch, "--level identical").as_str(), "a b");
    assert_eq!(clusters(&scratch, "--level identical --keep-furniture").as_str(), "");
}
