//! From a story to what taking its furniture out may change of it, copied only where that does.

use std::borrow::Cow;

use super::again::{Hits, Questions};
use super::ledger::Ledger;
use super::own::Own;
use super::{body, headline, provenance};
use crate::story::Story;
use crate::text;

/// Headline, body and source of a story.
pub(super) struct Parts<'a> {
    headline: Cow<'a, str>,
    body: Cow<'a, str>,
    source: Cow<'a, str>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(story: &'a Story) -> Self {
        let Story { headline, body, source, .. } = story;
        Self { headline: headline.into(), body: body.into(), source: source.into() }
    }

    /// Those of `story`, which has none until they are [put back](Self::put_back).
    pub(super) fn taken_from(story: &mut Story) -> Self {
        let take = |text: &mut String| Cow::Owned(std::mem::take(text));
        Self {
            headline: take(&mut story.headline),
            body: take(&mut story.body),
            source: take(&mut story.source),
        }
    }

    pub(super) fn put_back(self, story: &mut Story) {
        story.headline = self.headline.into_owned();
        story.body = self.body.into_owned();
        story.source = self.source.into_owned();
    }

    /// The story of which these are, or were before they changed.
    pub(super) fn of_story(self, sent: &Story) -> Story {
        Story {
            id: sent.id.clone(),
            headline: self.headline.into_owned(),
            body: self.body.into_owned(),
            time: sent.time,
            source: self.source.into_owned(),
            url: sent.url.clone(),
            language: sent.language.clone(),
            furniture: sent.furniture.clone(),
            dispatch: sent.dispatch.clone(),
            unread: sent.unread.clone(),
        }
    }

    /// Whether all are as they came.
    pub(super) fn are_as_sent(&self) -> bool {
        [&self.headline, &self.body, &self.source].into_iter().all(|part| matches!(part, Cow::Borrowed(_)))
    }

    /// Frees the headline of entities and takes furniture out, unless that is to be kept, with what was known
    /// when the same was done before; gives what was taken out.
    pub(super) fn prepare(&mut self, keep_furniture: bool, hits: Hits) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.questions = Questions::of(hits);
        if let Cow::Owned(headline) = text::repair(&self.headline) {
            self.headline = Cow::Owned(headline.trim().to_owned());
        }
        if !keep_furniture {
            self.strip(&mut ledger);
        }
        ledger
    }

    /// Takes furniture out, and notes it in `ledger`.
    pub(super) fn strip(&mut self, ledger: &mut Ledger) {
        clear_source(&mut self.source);
        if provenance::is_wrapped(&self.headline) {
            body::take_marks(&mut self.headline, ledger);
        }
        headline::strip(&mut self.headline, ledger);
        body::strip(&mut self.body, &Own::of(&self.source), ledger);
    }
}

/// Takes what nobody sees out of the name of a source: it is that of the same newsroom without. Joiners
/// stay, which some scripts write.
fn clear_source(source: &mut Cow<'_, str>) {
    let is_hidden = |c: char| text::unseen::is_default_ignorable(c) && !matches!(c, '\u{200c}' | '\u{200d}');
    if !source.is_ascii() && source.contains(is_hidden) {
        source.to_mut().retain(|c| !is_hidden(c));
    }
}
