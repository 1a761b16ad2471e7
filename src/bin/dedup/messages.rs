//! From what a user should know beside the result to lines on standard error.

use crate::size::Size;
use dedup::report::{Disagreements, Report, Skipped};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// How many of a kind are named before the rest is only counted.
const NAMED: usize = 5;

/// How many files without stories are named.
const PASSED_NAMED: usize = 20;

/// Writes `dedup: SENTENCE`. If even that cannot be written there is nobody to tell.
pub(crate) fn say(sentence: &str) {
    let _ = writeln!(io::stderr().lock(), "dedup: {sentence}");
}

/// Where the user sees which records were skipped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SkippedAre {
    /// In the text on the screen.
    Shown,
    /// In the data.
    Written,
    /// Nowhere yet: the format has no place for them.
    Untold,
    /// Among the records that stay, as they came.
    Kept,
}

/// Says all that is to be said of a finished scan.
pub(crate) fn about(report: &Report, passed_over: &[PathBuf], skipped: SkippedAre) {
    for warning in &report.warnings {
        say(warning);
    }
    about_passed_over(passed_over);
    for sentence in of_skipped(report, skipped) {
        say(&sentence);
    }
}

/// Says which files held no stories.
pub(crate) fn about_passed_over(passed_over: &[PathBuf]) {
    if let Some(sentence) = of_passed_over(passed_over) {
        say(&sentence);
    }
}

/// Says which ids of labels no story has.
pub(crate) fn about_unknown_ids(labels: usize, ids: &[String]) {
    if let Some(sentence) = of_unknown_ids(labels, ids) {
        say(&sentence);
    }
}

/// Says how many disagreements were not written.
pub(crate) fn about_left_out(count: usize) {
    if count > 0 {
        say(&format!("{count} lighter disagreements left out; {} are written", Disagreements::MOST));
    }
}

fn of_unknown_ids(labels: usize, ids: &[String]) -> Option<String> {
    let noun = match labels {
        0 => return None,
        1 => "1 label".to_owned(),
        _ => format!("{labels} labels"),
    };
    let named: Vec<String> = ids.iter().take(NAMED).map(|id| format!("`{}`", id.escape_debug())).collect();
    let more = if ids.len() > NAMED { format!(" and {} more", ids.len() - NAMED) } else { String::new() };
    Some(format!("{noun} left out, of ids that no story has: {}{more}", named.join(", ")))
}

/// Stories from which a run is long enough to say beforehand what it takes.
const MANY: u64 = 100_000;

/// Says what a long run is about to take, by its stories and bytes of memory.
pub(crate) fn about_size(estimate: Option<(u64, u64)>) {
    if let Some(sentence) = estimate.and_then(|(stories, memory)| of_size(stories, memory)) {
        say(&sentence);
    }
}

fn of_size(stories: u64, memory: u64) -> Option<String> {
    let count = match stories {
        0..MANY => return None,
        MANY..1_000_000 => format!("{} thousand", stories / 1_000),
        _ => format!("{:.1} million", stories as f64 / 1e6),
    };
    Some(format!("about {count} stories, {} of memory", Size(memory)))
}

/// One sentence on files that hold no stories.
fn of_passed_over(files: &[PathBuf]) -> Option<String> {
    let count = files.len();
    let mut sentence = match count {
        0 => return None,
        1 => "1 file passed over, which holds no story: ".to_owned(),
        _ => format!("{count} files passed over, which hold no stories: "),
    };
    let named: Vec<String> = files.iter().take(PASSED_NAMED).map(|path| path.display().to_string()).collect();
    sentence.push_str(&named.join(", "));
    if count > PASSED_NAMED {
        let _ = write!(sentence, " and {} more", count - PASSED_NAMED);
    }
    Some(sentence)
}

/// What was skipped: that it was, and why where nothing else says it.
fn of_skipped(report: &Report, skipped: SkippedAre) -> Vec<String> {
    let count = report.skipped.len();
    match skipped {
        SkippedAre::Shown => Vec::new(),
        _ if count == 0 => Vec::new(),
        SkippedAre::Written if count == 1 => vec!["1 record skipped; the output says why".into()],
        SkippedAre::Written => vec![format!("{count} records skipped; the output says why")],
        SkippedAre::Untold => {
            let named = report.skipped.iter().take(NAMED);
            let mut sentences: Vec<String> =
                named.map(|skipped| format!("skipped {}: {}", skipped.place, skipped.reason)).collect();
            if count > NAMED {
                sentences.push(format!("skipped {} more; --format jsonl lists them all", count - NAMED));
            }
            sentences
        }
        SkippedAre::Kept => {
            let told = |skipped: &Skipped| format!("no story in {}: {}", skipped.place, skipped.reason);
            let mut sentences: Vec<String> = report.skipped.iter().take(NAMED).map(told).collect();
            if count > NAMED {
                sentences.push(format!("no story in {} more; `dedup scan` lists them all", count - NAMED));
            }
            sentences
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dedup::error::Place;

    #[test]
    fn only_long_runs_are_announced() {
        assert_eq!(of_size(99_999, 1 << 30), None);
        assert_eq!(of_size(250_123, 600 << 20).unwrap(), "about 250 thousand stories, 600 MB of memory");
        assert_eq!(of_size(1_040_000, 1 << 30).unwrap(), "about 1.0 million stories, 1.0 GB of memory");
    }

    #[test]
    fn few_are_named_and_many_are_counted() {
        let files = |count: usize| (0..count).map(|i| PathBuf::from(format!("{i}.pdf"))).collect::<Vec<_>>();
        assert_eq!(of_passed_over(&[]), None);
        assert_eq!(of_passed_over(&files(1)).unwrap(), "1 file passed over, which holds no story: 0.pdf");
        assert_eq!(
            of_passed_over(&files(2)).unwrap(),
            "2 files passed over, which hold no stories: 0.pdf, 1.pdf"
        );
        assert!(of_passed_over(&files(22)).unwrap().ends_with(", 18.pdf, 19.pdf and 2 more"));
    }

    #[test]
    fn unknown_ids_are_named() {
        let ids = |count: usize| (0..count).map(|i| format!("s{i}")).collect::<Vec<_>>();
        assert_eq!(of_unknown_ids(0, &[]), None);
        assert_eq!(of_unknown_ids(1, &ids(1)).unwrap(), "1 label left out, of ids that no story has: `s0`");
        assert!(of_unknown_ids(9, &ids(7)).unwrap().ends_with("`s4` and 2 more"));
    }

    #[test]
    fn skipped_records_are_named_with_their_reason() {
        let skipped =
            |line| Skipped { place: Place { path: "a.jsonl".into(), line }, reason: "no text".into() };
        let mut report = Report { skipped: (1..=5).map(skipped).collect(), ..Report::default() };
        assert_eq!(of_skipped(&report, SkippedAre::Untold)[4], "skipped a.jsonl:5: no text");
        report.skipped.push(skipped(6));
        assert_eq!(
            of_skipped(&report, SkippedAre::Untold)[5],
            "skipped 1 more; --format jsonl lists them all"
        );
        assert_eq!(of_skipped(&report, SkippedAre::Written), ["6 records skipped; the output says why"]);
        assert_eq!(of_skipped(&report, SkippedAre::Kept)[0], "no story in a.jsonl:1: no text");
        assert_eq!(
            of_skipped(&report, SkippedAre::Kept)[5],
            "no story in 1 more; `dedup scan` lists them all"
        );
        assert!(of_skipped(&report, SkippedAre::Shown).is_empty());
        assert!(of_skipped(&Report::default(), SkippedAre::Untold).is_empty());
    }
}
