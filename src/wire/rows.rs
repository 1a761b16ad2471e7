//! From the rule files to their rows, and from a row to its rules once a text opens as they do.
//!
//! Written out, the files are some thousands of patterns, of which a corpus needs a few: how a row opens
//! is read at the start, all of it when it may apply.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use super::pattern::{self, Pattern};
use crate::story::{FurnitureKind, MarkerKind};

/// A pattern with what it means.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) kind: FurnitureKind,
    pub(super) marker: Option<MarkerKind>,
    pub(super) pattern: Pattern,
}

/// A line of a rule file.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) position: &'static str,
    kind: FurnitureKind,
    marker: Option<MarkerKind>,
    source: &'static str,
    rules: OnceLock<Vec<Rule>>,
}

/// Rules of a row that follow one another and open alike.
#[derive(Debug, PartialEq)]
pub(super) struct Group {
    /// The literal that opens them, up to where they part; empty where a slot does.
    pub(super) literal: Box<str>,
    pub(super) rules: Range<usize>,
}

const FILES: [(FurnitureKind, &str); 10] = [
    (FurnitureKind::Marker, include_str!("rules/markers.tsv")),
    (FurnitureKind::Dateline, include_str!("rules/datelines.tsv")),
    (FurnitureKind::Slug, include_str!("rules/slugs.tsv")),
    (FurnitureKind::Byline, include_str!("rules/bylines.tsv")),
    (FurnitureKind::PhotoCredit, include_str!("rules/photos.tsv")),
    (FurnitureKind::Copyright, include_str!("rules/copyrights.tsv")),
    (FurnitureKind::SignOff, include_str!("rules/signoffs.tsv")),
    (FurnitureKind::Take, include_str!("rules/takes.tsv")),
    (FurnitureKind::Note, include_str!("rules/notes.tsv")),
    (FurnitureKind::Promotion, include_str!("rules/promotions.tsv")),
];

const POSITIONS: [&str; 11] =
    ["open", "head", "tail", "edge", "line", "end", "rest", "title", "start", "finish", "whole"];

/// All rows, in the order of the files.
pub(super) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = FILES.iter().flat_map(|&(kind, file)| lines(file).map(move |line| parse(kind, line)));
    rows.collect::<Option<Vec<_>>>().expect("the embedded rule files are well formed: a test reads them all")
});

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Reads one row; `None` where it is not well formed.
fn parse(kind: FurnitureKind, line: &'static str) -> Option<Row> {
    let mut columns = line.split('\t');
    let position = columns.next().filter(|p| POSITIONS.contains(p))?;
    let source = columns.next()?;
    let marker = match columns.next() {
        Some(name) => Some(marker(name)?),
        None => None,
    };
    if marker.is_some() != (kind == FurnitureKind::Marker) || columns.next().is_some() {
        return None;
    }
    Some(Row { position, kind, marker, source, rules: OnceLock::new() })
}

fn marker(name: &str) -> Option<MarkerKind> {
    Some(match name {
        "alert" => MarkerKind::Alert,
        "update" => MarkerKind::Update,
        "correction" => MarkerKind::Correction,
        "repeat" => MarkerKind::Repeat,
        "wrapup" => MarkerKind::Wrapup,
        "kill" => MarkerKind::Kill,
        "abridged" => MarkerKind::Abridged,
        "label" => MarkerKind::Label,
        _ => return None,
    })
}

impl Row {
    /// The rules that the row writes out.
    pub(super) fn rules(&self) -> &[Rule] {
        self.rules.get_or_init(|| {
            let patterns = pattern::compile(self.source);
            let patterns = patterns.expect("the embedded rules are well formed: a test reads them all");
            let (kind, marker) = (self.kind, self.marker);
            patterns.into_iter().map(|pattern| Rule { kind, marker, pattern }).collect()
        })
    }

    /// Whether letters of its literals stand for either case.
    pub(super) fn folds(&self) -> bool {
        self.source.starts_with('~')
    }

    /// How its rules open, in their order.
    pub(super) fn groups(&self) -> Vec<Group> {
        /// Characters that decide a key, with room for blank stretches.
        const ENOUGH: usize = 8;
        let fold = self.folds();
        let source = self.source.strip_prefix('~').unwrap_or(self.source);
        let (mut groups, mut first) = (Vec::new(), 0);
        let mut open = vec![source.to_owned()];
        while let Some(text) = open.pop() {
            let end = text.find(['[', '{']).unwrap_or(text.len());
            let is_open = text[end..].starts_with('[') && text[..end].chars().nth(ENOUGH).is_none();
            if let Some(choices) = if is_open { pattern::written_out(&text, end) } else { None } {
                open.extend(choices.collect::<Vec<_>>().into_iter().rev());
                continue;
            }
            let last = first + pattern::count(&text[end..]);
            let literal = pattern::literal(&text[..end], fold).into();
            groups.push(Group { literal, rules: first..last });
            first = last;
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::*;

    /// The `expect`s above rest on this.
    #[test]
    fn every_row_of_every_file_is_well_formed() {
        for (kind, file) in FILES {
            assert!(file.starts_with("# "), "{kind:?}: the file says what it holds");
            for line in lines(file) {
                let row = parse(kind, line);
                assert!(row.is_some_and(|row| pattern::compile(row.source).is_some()), "{kind:?}: {line}");
            }
        }
        assert!(ROWS.len() > 500);
    }

    #[test]
    fn a_row_opens_as_its_rules_do() {
        for row in &*ROWS {
            let mut rules = row.rules().iter();
            for group in row.groups() {
                for rule in rules.by_ref().take(group.rules.len()) {
                    let opening = rule.pattern.opening().unwrap_or_default();
                    let is_enough = scan::key_and_mask(opening) == scan::key_and_mask(&group.literal);
                    assert!(opening.starts_with(&*group.literal) && is_enough, "{}: {rule:?}", row.source);
                }
            }
            assert!(rules.next().is_none(), "{}", row.source);
            assert_eq!(row.groups().last().map(|group| group.rules.end), Some(row.rules().len()));
        }
    }

    #[test]
    fn markers_at_the_end_open_with_a_mark() {
        for row in ROWS.iter().filter(|row| row.position == "finish") {
            for rule in row.rules() {
                let first = rule.pattern.opening().and_then(|text| text.chars().next());
                assert!(first.is_some_and(|c| !c.is_alphanumeric()), "{rule:?}");
            }
        }
    }

    #[test]
    fn no_pattern_ends_in_a_blank() {
        for (_, file) in FILES {
            for line in file.lines() {
                assert_eq!(line, line.trim_end(), "an editor would eat the blank: write {{gap}}");
            }
        }
    }
}
