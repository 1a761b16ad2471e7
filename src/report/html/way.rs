//! From families of passages to what the page shows of them: a row a passage, its way through the
//! papers, and the stories that hold it.

use super::super::passages::AsSent;
use super::super::{Printed, Report, SharedPassages, StoryInfo};
use super::detail::{When, is_zero};
use super::pair::Units;
use crate::cluster::Span;
use crate::text;
use crate::time::Time;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a passage by which the list shows and finds it.
const LETTERS: usize = 400;
/// Outlets, and ids, by which a passage is found.
const NAMES: usize = 100;

/// The passages of a run, for a page: those in most stories first.
pub(super) struct Ways<'a> {
    report: &'a Report,
    found: &'a SharedPassages,
    /// The report of each story.
    report_of: Vec<Option<u32>>,
    /// The stories that hold a passage, in id order: their numbers on the page count from 0.
    holders: Vec<u32>,
    /// Where the passages stand in each of them, with the number of the passage.
    held: BTreeMap<u32, Vec<(&'a Span, usize)>>,
    /// Whether the page can take the texts.
    texts: bool,
}

/// How many there are, for the head of the page.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Counts {
    families: usize,
    /// Shared by two stories each.
    shared: usize,
    stories: usize,
    least: usize,
    /// Whether the page has the stories whole.
    texts: bool,
}

/// A passage in the list.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    /// How it begins, as it was printed first.
    text: Cow<'a, str>,
    language: &'a str,
    words: usize,
    printings: usize,
    outlets: usize,
    /// In the order of time.
    sources: Vec<&'a str>,
    first: Option<i64>,
    /// Whether that is a day of which no hour is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    day: bool,
    last: Option<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    undated: usize,
    /// Reports that a story of it is in.
    reports: BTreeSet<u32>,
    ids: Vec<&'a str>,
}

/// A story that holds a passage, without its text.
#[derive(Debug, Serialize)]
struct Holder<'a> {
    id: &'a str,
    headline: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
    #[serde(flatten)]
    when: When,
    language: &'a str,
    /// Its report by number.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<u32>,
}

/// One printing of a passage.
#[derive(Debug, Serialize)]
struct Printing<'a> {
    /// The number of the story on the page.
    story: u32,
    #[serde(flatten)]
    holder: Holder<'a>,
    /// Its place in characters of the text as it came.
    start: usize,
    end: usize,
    text: &'a str,
}

/// The way of a passage: in the order of time, those without a time last.
#[derive(Debug, Serialize)]
pub(super) struct Way<'a> {
    printings: Vec<Printing<'a>>,
}

/// A story with the passages in it.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    #[serde(flatten)]
    holder: Holder<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// Start and end in UTF-16 units of the text, and the number of the passage.
    passages: Vec<(u32, u32, usize)>,
}

impl<'a> Ways<'a> {
    /// `None` where no passages were asked for.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        let found = report.passages.as_deref()?;
        let mut held: BTreeMap<u32, Vec<(&Span, usize)>> = BTreeMap::new();
        for (number, family) in found.families.iter().enumerate() {
            family.iter().for_each(|span| held.entry(span.story).or_default().push((span, number)));
        }
        held.values_mut().for_each(|spans| spans.sort_unstable());
        let holders: Vec<u32> = held.keys().copied().collect();
        let tokens: u64 = holders.iter().map(|&story| u64::from(report.story(story).tokens)).sum();
        let texts = tokens <= Printed::MOST;
        Some(Self { report, found, report_of: report.memberships(), holders, held, texts })
    }

    /// How many passages, and how many stories that hold one.
    pub(super) fn lengths(&self) -> (usize, usize) {
        (self.found.families.len(), self.holders.len())
    }

    pub(super) fn counts(&self, least: usize) -> Counts {
        let (families, stories) = self.lengths();
        Counts { families, shared: self.found.shared.len(), stories, least, texts: self.texts }
    }

    /// Bytes of the texts that the page will hold.
    pub(super) fn text_bytes(&self) -> usize {
        let stretches = self.found.families.iter().flatten().map(|span| span.end - span.start);
        let whole = self.found.holders().filter(|_| self.texts).map(|(_, holder)| holder.text.len());
        stretches.chain(whole).sum()
    }

    /// The row of passage `number`.
    pub(super) fn row(&self, number: usize) -> Row<'a> {
        let family = &self.found.families[number];
        let stories = || family.iter().map(|span| self.report.story(span.story));
        let mut told = BTreeSet::new();
        let sources: Vec<&str> = stories()
            .map(|story| story.source.as_str())
            .filter(|source| !source.is_empty() && told.insert(*source))
            .collect();
        let times = || stories().filter_map(|story| story.time);
        let first = self.report.story(family[0].story).time;
        let text = self.found.text(&family[0]);
        let mut told = BTreeSet::new();
        let ids = stories().map(|story| story.id.as_str()).filter(|id| told.insert(*id));
        Row {
            text: beginning(text),
            language: self.language(family[0].story),
            words: text.split_whitespace().count(),
            printings: family.len(),
            outlets: sources.len(),
            sources: sources.into_iter().take(NAMES).collect(),
            first: first.map(Time::as_second),
            last: times().max().map(Time::as_second),
            day: first.is_some_and(Time::is_day),
            undated: stories().filter(|story| story.time.is_none()).count(),
            reports: family.iter().filter_map(|span| self.report_of[span.story as usize]).collect(),
            ids: ids.take(NAMES).collect(),
        }
    }

    /// The way of passage `number`.
    pub(super) fn way(&self, number: usize) -> Way<'a> {
        let printing = |span: &'a Span| {
            let (start, end) = self.found.characters(span);
            Printing {
                story: self.holders.partition_point(|&story| story < span.story) as u32,
                holder: self.holder(span.story),
                start,
                end,
                text: self.found.text(span),
            }
        };
        Way { printings: self.found.families[number].iter().map(printing).collect() }
    }

    /// The story that has number `at` on the page.
    pub(super) fn story(&self, at: usize) -> Told<'a> {
        let story = self.holders[at];
        let text = self.sent(story).map(|sent| &*sent.text).filter(|_| self.texts);
        let units = Units::of(text.unwrap_or_default());
        let place = |&(span, number): &(&Span, usize)| (units.at(span.start), units.at(span.end), number);
        let passages = self.held[&story].iter().filter(|_| text.is_some()).map(place).collect();
        Told { holder: self.holder(story), text, passages }
    }

    fn sent(&self, story: u32) -> Option<&'a AsSent> {
        self.found.holder(story)
    }

    /// As given, else as its text reads.
    fn language(&self, story: u32) -> &'a str {
        let Some(sent) = self.sent(story) else { return "" };
        if sent.language.is_empty() {
            text::language::language(&sent.text).unwrap_or_default()
        } else {
            &sent.language
        }
    }

    fn holder(&self, number: u32) -> Holder<'a> {
        let story: &'a StoryInfo = self.report.story(number);
        Holder {
            id: &story.id,
            headline: self.sent(number).map_or("", |sent| &sent.headline),
            source: &story.source,
            url: &story.url,
            when: When::of(story),
            language: self.language(number),
            report: self.report_of[number as usize],
        }
    }
}

/// The first letters, up to a whole word where there is one.
fn beginning(text: &str) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(LETTERS) else { return text.into() };
    let end = text[..end].rfind(char::is_whitespace).filter(|&end| end > 0).unwrap_or(end);
    format!("{}…", &text[..end]).into()
}

#[cfg(test)]
mod tests;
