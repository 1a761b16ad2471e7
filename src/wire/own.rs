//! From the name of a story's own source, where an agency's stands, to what the rules make of it.
//!
//! The table of agencies knows those that many print. A story that says who sent it makes that
//! name an agency for its own dateline and sign-off: `LINDMARK, Oct 20 (LND) -`.

use std::ops::Range;

use super::pattern::Found;
use super::rows::Rule;
use super::{agencies, scan};
use crate::story::FurnitureKind;

/// An agency that the rules know, read where the own name stands.
const KNOWN: &str = "AFP";

/// Bytes in which an own name is looked for.
const WINDOW: usize = 120;

/// The name of the source of one story, in small letters; empty where rules know it or it is none.
#[derive(Debug, Default)]
pub(super) struct Own {
    lower: String,
}

impl Own {
    /// The name that `source` gives.
    pub(super) fn of(source: &str) -> Self {
        let source = source.trim();
        let is_name = (2..=40).contains(&source.len())
            && source.starts_with(char::is_alphabetic)
            && !source.contains("://")
            && agencies::agency(source).is_none();
        Self { lower: if is_name { source.to_lowercase() } else { String::new() } }
    }

    /// The dateline that opens `line`, and is followed by text that opens as a sentence does.
    pub(super) fn opening<'r>(
        &self,
        line: &str,
        apply: impl Fn(&str) -> Option<(&'r Rule, Found)>,
    ) -> Option<(&'r Rule, Found)> {
        let (rule, found) = self.read(line, apply)?;
        let opens = !line[found.end..].trim_start().starts_with(char::is_lowercase);
        (rule.kind == FurnitureKind::Dateline && opens).then_some((rule, found))
    }

    /// What `apply` finds in `text` with the own name read as one that the rules know.
    pub(super) fn read<'r>(
        &self,
        text: &str,
        apply: impl Fn(&str) -> Option<(&'r Rule, Found)>,
    ) -> Option<(&'r Rule, Found)> {
        let name = self.place(text)?;
        let (rule, found) = apply(&format!("{}{KNOWN}{}", &text[..name.start], &text[name.end..]))?;
        // A rule that spells the agency out notes none: it begins with it.
        let is_own = (found.agency.is_some() || name.start == 0) && found.end > name.start;
        let back = |at: usize| if at > name.start { at + name.len() - KNOWN.len() } else { at };
        let range = |range: Option<Range<usize>>| range.map(|range| back(range.start)..back(range.end));
        let found = Found {
            end: back(found.end),
            agency: None,
            place: range(found.place),
            time: range(found.time),
            names: range(found.names),
            number: found.number,
        };
        is_own.then_some((rule, found))
    }

    /// Where the name first stands as a word of its own.
    fn place(&self, text: &str) -> Option<Range<usize>> {
        if self.lower.is_empty() {
            return None;
        }
        let window = &text[..scan::floor(text, WINDOW)];
        let mut previous = ' ';
        for (start, c) in window.char_indices() {
            let opens = !previous.is_alphanumeric() && c.is_alphanumeric();
            previous = c;
            let end = if opens { scan::literal(text, start, &self.lower, true) } else { None };
            if let Some(end) = end.filter(|&end| !text[end..].starts_with(char::is_alphanumeric)) {
                return Some(start..end);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::strip;
    use crate::story::{Furniture, Story};

    fn left(source: &str, body: &str) -> (String, Option<String>, Option<String>) {
        let mut story = Story { source: source.to_owned(), ..Story::new("x", body) };
        strip(&mut story);
        let mut twice = Story { furniture: Furniture::default(), ..story.clone() };
        strip(&mut twice);
        assert_eq!(twice.body, story.body, "{body}");
        (story.body, story.furniture.place, story.furniture.agency)
    }

    #[test]
    fn a_source_that_no_table_knows_signs_its_own_stories() {
        for (source, dateline, place) in [
            ("LND", "LINDMARK, Oct 20 LND - ", "LINDMARK"),
            ("LND", "LINDMARK (LND) — ", "LINDMARK"),
            ("lnd", "Lindmark (lnd) - ", "Lindmark"),
            ("lnd", "Lindmark (LND) -- ", "Lindmark"),
            ("Порт-Инфо", "ЛИНДМАРК, 20 октября. /Порт-Инфо/. ", "ЛИНДМАРК"),
            ("Порт-Инфо", "ЛИНДМАРК, 20 октября — ПОРТ-ИНФО. ", "ЛИНДМАРК"),
            ("Hafenblatt", "Lindmark (Hafenblatt) - ", "Lindmark"),
        ] {
            let (body, found, agency) =
                left(source, &format!("{dateline}The harbour council voted on Tuesday."));
            assert_eq!(body, "The harbour council voted on Tuesday.", "{dateline}");
            assert_eq!((found.as_deref(), agency), (Some(place), None), "{dateline}");
        }
        for end in ["\n\nLND al", "\n\nLND", " (LND)", "\n\n(LND)", "\n\nSource: LND"] {
            assert_eq!(left("LND", &format!("The quay is shut.{end}")).0, "The quay is shut.", "{end:?}");
        }
    }

    #[test]
    fn prose_that_names_its_source_stays() {
        for (source, body) in [
            ("Lindmark", "Lindmark (Osterby) said on Tuesday that the quay is shut."),
            ("Lindmark", "The mayor of Lindmark - a tall man - spoke."),
            ("Port Daily", "Readers of Port Daily know the quay. It is shut."),
            ("LND", "The quay is shut, says LND"),
            ("x", "MINSK (x) - The quay is shut."),
            ("", "MINSK (LND) - The quay is shut."),
        ] {
            assert_eq!(left(source, body).0, body);
        }
    }
}
