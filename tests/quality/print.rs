//! From scans of old papers, and twins that are noised here, to the share of pairs that is found.

use super::shared_data::{labelled, stories};
use dedup::Config;
use dedup::report::Report;
use dedup::scan::Scanner;
use dedup::story::Story;
use std::collections::BTreeMap;

/// Share of `pairs` that end in one cluster.
fn recall(report: &Report, pairs: &[(String, String)]) -> f64 {
    let mut cluster = BTreeMap::new();
    for (number, found) in report.clusters.iter().enumerate() {
        cluster.extend(found.members.iter().map(|&member| (&report.stories[member as usize].id[..], number)));
    }
    let is_found = |(a, b): &&(String, String)| {
        cluster.contains_key(&a[..]) && cluster.get(&a[..]) == cluster.get(&b[..])
    };
    pairs.iter().filter(is_found).count() as f64 / pairs.len() as f64
}

/// One in `every` letters is taken for one that looks like it, and the text is set in a column.
fn print(text: &str, every: u64, mut seed: u64) -> String {
    let mut next = || {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        seed >> 33
    };
    let (mut out, mut width) = (String::new(), 0);
    for c in text.chars() {
        let misread = match c {
            _ if next() % every > 0 => None,
            'e' | 'o' => Some("c"),
            'h' => Some("b"),
            'm' => Some("rn"),
            'l' => Some("1"),
            'n' => Some("u"),
            ' ' | '.' => Some(""),
            _ => Some("i"),
        };
        width += 1;
        if c == ' ' && width > 32 {
            width = 0;
            out.push('\n');
        } else {
            match misread {
                Some(misread) => out.push_str(misread),
                None => out.push(c),
            }
        }
    }
    out
}

#[test]
fn scans_are_tied_to_their_corrections() {
    let Some((mut papers, labels)) = labelled("ocr-us-papers") else { return };
    let Some(wire) = stories("W10k") else { return };
    papers.extend(wire.into_iter().take(3_000));
    let pairs: Vec<_> = labels.into_iter().map(|label| (label.a, label.b)).collect();
    let found = recall(&Scanner::new(Config::default()).scan(&papers), &pairs);
    println!("ocr-us-papers: recall {found:.3}");
    assert!(found >= 0.975, "{found}");
}

#[test]
fn twins_in_poor_print_are_found() {
    let Some(wire) = stories("W10k") else { return };
    let long: Vec<&Story> =
        wire.iter().filter(|story| (900..3_000).contains(&story.body.len())).take(200).collect();
    for (every, has_lines, floor) in [
        (50, true, 0.98),
        (20, true, 0.98),
        (12, true, 0.97),
        (50, false, 0.98),
        (20, false, 0.96),
        (12, false, 0.96),
    ] {
        let print = |text: &str, seed| {
            let print = print(text, every, seed);
            if has_lines { print } else { print.replace('\n', " ") }
        };
        let (mut twins, mut pairs): (Vec<Story>, Vec<_>) =
            (wire.iter().rev().take(1_000).cloned().collect(), Vec::new());
        for (story, seed) in long.iter().zip(1..) {
            let [a, b] = ["a", "b"].map(|side| format!("twin-{}-{side}", story.id));
            twins.push(Story::new(&a, print(&story.body, seed)));
            twins.push(Story::new(&b, print(&story.body, seed + 1_000)));
            pairs.push((a, b));
        }
        let found = recall(&Scanner::new(Config::default()).scan(&twins), &pairs);
        println!("one letter in {every} misread, lines {has_lines}: recall {found:.3}");
        assert!(found >= floor, "{every} {has_lines}: {found}");
    }
}
