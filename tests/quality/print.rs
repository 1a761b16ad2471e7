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

/// One in `every` letters is taken for one that looks like it, or for any, and the text is set in a column.
fn print(text: &str, every: u64, look_alike: bool, mut seed: u64) -> String {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    let mut next = || {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        seed >> 33
    };
    let (mut out, mut width) = (String::new(), 0);
    for c in text.chars() {
        let misread = match c {
            _ if next() % every > 0 => None,
            _ if !look_alike => Some(&LETTERS[next() as usize % 26..][..1]),
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
    for (every, look_alike, has_lines, floor) in [
        (50, true, true, 0.98),
        (20, true, true, 0.98),
        (12, true, true, 0.97),
        (50, true, false, 0.98),
        (20, true, false, 0.96),
        (12, true, false, 0.96),
        (9, false, true, 0.94),
    ] {
        let print = |text: &str, seed| {
            let print = print(text, every, look_alike, seed);
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
        println!(
            "one letter in {every} misread, look-alike {look_alike}, lines {has_lines}: recall {found:.3}"
        );
        assert!(found >= floor, "{every} {look_alike} {has_lines}: {found}");
    }
}
