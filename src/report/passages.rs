//! From the passages that stories share to the forms in which they are told.

mod passim;
mod travels;

pub use passim::Passim;
pub use travels::Travels;

use super::{Report, StoryInfo};
use crate::cluster::{Span, families};
use crate::time::Time;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The passages that the stories of a run share. Places are bytes of a text as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedPassages {
    /// By their stories, then by place in the first.
    pub shared: Vec<SharedPassage>,
    /// Passages with all the stories that they travelled through: those of many stories first. The
    /// stretches of each are in the order of time, those without a time last.
    pub families: Vec<Vec<Span>>,
    /// The stories that hold them as they came, by place in [`Report::stories`].
    holders: BTreeMap<u32, AsSent>,
}

/// A story that holds a passage, as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AsSent {
    pub(crate) text: Box<str>,
    /// Empty where it has none.
    pub(crate) headline: Box<str>,
    /// As its sender says; empty where that is not known.
    pub(crate) language: Box<str>,
}

/// A passage that two stories share.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SharedPassage {
    /// Where it stands in the story that comes first in id order.
    pub a: Span,
    /// Where it stands in the other.
    pub b: Span,
    /// How many words inside differ.
    pub changed: usize,
    /// Whether at least half of it stands in quotation marks in one of the two.
    pub quoted: bool,
}

impl SharedPassages {
    /// Sorts what two stories each share, and finds the families. `holders` are at least the stories
    /// that `shared` names.
    pub(crate) fn of(
        mut shared: Vec<SharedPassage>,
        holders: impl IntoIterator<Item = (u32, AsSent)>,
        stories: &[StoryInfo],
    ) -> Self {
        shared.sort_unstable_by_key(|passage| {
            (passage.a.story, passage.b.story, passage.a.start, passage.b.start)
        });
        let places: Vec<(Span, Span)> = shared.iter().map(|p| (p.a.clone(), p.b.clone())).collect();
        let mut families = families(&places);
        let time = |span: &Span| {
            let time = stories[span.story as usize].time.map(Time::latest_second);
            (time.is_none(), time, span.clone())
        };
        families.iter_mut().for_each(|family| family.sort_by_cached_key(time));
        let count = |family: &[Span]| family.iter().map(|span| span.story).collect::<BTreeSet<_>>().len();
        families.sort_by_cached_key(|family| (Reverse(count(family)), family.iter().min().cloned()));
        Self { shared, families, holders: holders.into_iter().collect() }
    }

    /// The text of a stretch.
    pub fn text(&self, span: &Span) -> &str {
        let holder = self.holders.get(&span.story);
        holder.and_then(|holder| holder.text.get(span.start..span.end)).unwrap_or_default()
    }

    /// The stories that hold a passage, by place in [`Report::stories`], each as it came.
    #[cfg(feature = "html")]
    pub(crate) fn holders(&self) -> impl Iterator<Item = (u32, &AsSent)> {
        self.holders.iter().map(|(&story, holder)| (story, holder))
    }

    /// A story as it came.
    #[cfg(feature = "html")]
    pub(crate) fn holder(&self, story: u32) -> Option<&AsSent> {
        self.holders.get(&story)
    }

    /// The same place in characters.
    pub(super) fn characters(&self, span: &Span) -> (usize, usize) {
        let before = self.text(&Span { start: 0, end: span.start, ..*span }).chars().count();
        (before, before + self.text(span).chars().count())
    }

    /// For each passage the number of its family, from 0.
    pub fn family_of_each(&self) -> Vec<Option<u32>> {
        let mut of_story: BTreeMap<u32, Vec<(&Span, u32)>> = BTreeMap::new();
        for (number, family) in (0..).zip(&self.families) {
            family.iter().for_each(|span| of_story.entry(span.story).or_default().push((span, number)));
        }
        let holders = |span: &Span| {
            let spans = of_story.get(&span.story).map_or(&[][..], Vec::as_slice);
            let holds = spans.iter().filter(|(own, _)| own.start <= span.start && span.end <= own.end);
            holds.map(|&(_, number)| number).collect::<BTreeSet<u32>>()
        };
        self.shared.iter().map(|p| holders(&p.a).intersection(&holders(&p.b)).next().copied()).collect()
    }
}

/// A passage that two stories share. Places are characters of the text as it came, before anything
/// was taken out of it.
#[derive(Clone, Debug, Serialize)]
pub struct PassageMessage<'a> {
    /// Id of the story that comes first in id order.
    pub a: &'a str,
    /// Id of the other.
    pub b: &'a str,
    /// The first character of the passage in `a`, from 0.
    pub a_start: usize,
    /// One past its last.
    pub a_end: usize,
    /// The first character of the passage in `b`.
    pub b_start: usize,
    /// One past its last.
    pub b_end: usize,
    /// What stands there in `a`.
    pub a_text: &'a str,
    /// What stands there in `b`.
    pub b_text: &'a str,
    /// How many words inside differ.
    pub changed: usize,
    /// Whether at least half of it stands in quotation marks in one of the two.
    pub quoted: bool,
}

/// A passage with all the stories that it travelled through.
#[derive(Clone, Debug, Serialize)]
pub struct FamilyMessage<'a> {
    /// How many stories it is in.
    pub stories: usize,
    /// Who printed it, in the order of time, each once; left out where nobody is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<&'a str>,
    /// Where it stands, in the order of time, those without a time last.
    pub members: Vec<StretchMessage<'a>>,
}

/// Where a passage stands in one story. Places are characters of the text as it came.
#[derive(Clone, Debug, Serialize)]
pub struct StretchMessage<'a> {
    /// Id of the story.
    pub id: &'a str,
    /// Who published it; null where not known.
    pub source: Option<&'a str>,
    /// When; null where not known.
    pub time: Option<Time>,
    /// The first character of the passage, from 0.
    pub start: usize,
    /// One past its last.
    pub end: usize,
    /// What stands there.
    pub text: &'a str,
}

impl<'a> PassageMessage<'a> {
    /// The message that tells of one of `passages`.
    pub fn new(report: &'a Report, passages: &'a SharedPassages, passage: &SharedPassage) -> Self {
        let ((a_start, a_end), (b_start, b_end)) =
            (passages.characters(&passage.a), passages.characters(&passage.b));
        Self {
            a: &report.story(passage.a.story).id,
            b: &report.story(passage.b.story).id,
            a_start,
            a_end,
            b_start,
            b_end,
            a_text: passages.text(&passage.a),
            b_text: passages.text(&passage.b),
            changed: passage.changed,
            quoted: passage.quoted,
        }
    }
}

impl<'a> FamilyMessage<'a> {
    /// The message that tells of a family of `passages`.
    pub fn new(report: &'a Report, passages: &'a SharedPassages, family: &[Span]) -> Self {
        let members: Vec<StretchMessage<'a>> =
            family.iter().map(|span| StretchMessage::new(report, passages, span)).collect();
        let mut told = BTreeSet::new();
        let sources = members.iter().filter_map(|member| member.source);
        Self {
            stories: family.iter().map(|span| span.story).collect::<BTreeSet<_>>().len(),
            sources: sources.filter(|source| told.insert(*source)).collect(),
            members,
        }
    }
}

impl<'a> StretchMessage<'a> {
    fn new(report: &'a Report, passages: &'a SharedPassages, span: &Span) -> Self {
        let story = report.story(span.story);
        let (start, end) = passages.characters(span);
        Self {
            id: &story.id,
            source: Some(&*story.source).filter(|source| !source.is_empty()),
            time: story.time,
            start,
            end,
            text: passages.text(span),
        }
    }
}

#[cfg(test)]
mod tests;
