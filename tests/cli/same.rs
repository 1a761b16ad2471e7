//! From the same stories in another order, in other files, on other threads to the same bytes.

use crate::scratch::Scratch;
use crate::wire_day::{Draw, day};
use insta::assert_snapshot;
use serde_json::Value;

const STORIES: usize = 400;

fn scanned(scratch: &Scratch, level: &str, threads: usize) -> String {
    let typed =
        format!("scan . --level {level} --relations all --singles --format jsonl --threads {threads}");
    scratch.run(&typed).exits(0)
}

#[test]
fn threads_cannot_be_seen_in_the_result() {
    let scratch = Scratch::with(&[("day.jsonl", day(11, STORIES).join("\n"))]);
    for level in ["identical", "copy", "rewrite"] {
        let one = scanned(&scratch, level, 1);
        assert!(one.contains(r#""type":"cluster""#));
        assert_eq!(scanned(&scratch, level, 2), one, "level {level}");
        assert_eq!(scanned(&scratch, level, 2), one, "level {level}, again");
    }
}

/// Too little memory for any shingle set, key or print: all of them lie in a file, and pairs are judged in
/// many passes. The samples are in many languages.
#[test]
fn a_budget_changes_nothing() {
    let scratch = Scratch::with(&[("day.jsonl", day(15, STORIES).join("\n"))]);
    for level in ["copy", "rewrite"] {
        let typed = format!("scan . --level {level} --relations all --singles --format jsonl --memory 1M");
        assert_eq!(scratch.run(&typed).exits(0), scanned(&scratch, level, 2), "level {level}");
    }
    let samples =
        concat!("scan ", env!("CARGO_MANIFEST_DIR"), "/samples --relations all --format jsonl --singles");
    let unbounded = scratch.run(samples).exits(0);
    assert!(unbounded.contains(r#""relation":"translation""#));
    assert_eq!(scratch.run(&format!("{samples} --memory 1M")).exits(0), unbounded);
}

#[test]
fn the_order_of_lines_cannot_be_seen_in_the_result() {
    let mut lines = day(12, STORIES);
    let one = scanned(&Scratch::with(&[("day.jsonl", lines.join("\n"))]), "rewrite", 2);
    for seed in 0..3 {
        Draw(seed).shuffle(&mut lines);
        assert_eq!(scanned(&Scratch::with(&[("day.jsonl", lines.join("\n"))]), "rewrite", 2), one);
    }
}

#[test]
fn the_names_of_files_cannot_be_seen_in_the_result() {
    let lines = day(13, STORIES);
    let one = scanned(&Scratch::with(&[("day.jsonl", lines.join("\n"))]), "rewrite", 1);
    let mut names: Vec<usize> = (0..40).collect();
    for seed in 0..3 {
        Draw(seed).shuffle(&mut names);
        let scratch = Scratch::new();
        for (part, name) in lines.chunks(10).zip(&names) {
            scratch.write(&format!("{}/{name}.jsonl", name % 3), part.join("\n"));
        }
        assert_eq!(scanned(&scratch, "rewrite", 2), one);
    }
}

/// Stories that share an id and nothing else get their suffix by what they say, not by where
/// they stand.
#[test]
fn repeated_ids_do_not_depend_on_the_order() {
    let mut lines: Vec<String> =
        day(14, 60).iter().map(|line| line.replace("\"s-00", "\"s-").replace("\"s-4", "\"s-2")).collect();
    let one = scanned(&Scratch::with(&[("day.jsonl", lines.join("\n"))]), "copy", 1);
    assert!(one.contains("#2"), "{one}");
    for seed in 0..3 {
        Draw(seed).shuffle(&mut lines);
        assert_eq!(scanned(&Scratch::with(&[("day.jsonl", lines.join("\n"))]), "copy", 2), one);
    }
}

/// Ids of stories in a corpus are explained with what its scan says of them.
#[test]
fn explain_in_a_corpus_says_what_its_scan_says() {
    let scratch = Scratch::with(&[("day.jsonl", day(16, STORIES).join("\n"))]);
    let scan = scratch.run("scan day.jsonl --relations all --format jsonl").exits(0);
    let pairs: Vec<Value> = scan.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rewrites = pairs.iter().filter(|pair| pair["relation"] == "rewrite");
    let copies = pairs.iter().filter(|pair| pair["relation"] == "copy");
    let mut told = 0;
    for pair in rewrites.take(2).chain(copies.take(1)) {
        let [a, b] = ["a", "b"].map(|end| pair[end].as_str().unwrap());
        let out = scratch.run(&format!("explain {a} {b} --in day.jsonl --format json")).exits(0);
        let explained: Value = serde_json::from_str(&out).unwrap();
        let score = |of: &Value| of["score"].as_f64().unwrap();
        assert!((score(&explained) - score(pair)).abs() < 1e-6, "{pair} {out}");
        assert_eq!(explained["relation"], pair["relation"], "{out}");
        told += 1;
    }
    assert_eq!(told, 3);
    assert_snapshot!(scratch.run("explain nobody d1 --in day.jsonl").complains(2), @"dedup: expected a file or the id of a story of --in, found `nobody`");
}
