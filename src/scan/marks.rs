//! From stories to what each may share with the other versions of its report.

use super::budget;
use crate::config::Config;
use crate::evidence::quote;
use crate::rare::{Gathered, RareKeys, Sampling};
use crate::relation::notice::is_notice;
use crate::story::{Ordinal, Story};
use crate::text;
use std::ops::Range;

/// Runs of three tokens by which versions of a report are looked for; empty below level rewrite.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks<Keys> {
    /// Of all bodies.
    pub(super) rare: Keys,
    /// Of the quotations in all bodies, in runs of eight.
    pub(super) quotes: Keys,
    /// Of all headlines.
    pub(super) headlines: Keys,
    /// Of headline and body of notices.
    pub(super) notices: Keys,
    /// Of all bodies, where passages are looked for in any two.
    pub(super) windows: Keys,
    /// Of the letters of noisy stories.
    pub(super) letters: Keys,
}

impl Marks<RareKeys> {
    /// Adds those of one story, whose furniture is out, with its tokens and the quotations by place
    /// in them.
    pub(super) fn push(
        &mut self,
        sampling: Sampling,
        story: &Story,
        (tokens, quotations): (&[u64], &[Range<usize>]),
        place: Ordinal,
    ) {
        self.rare.push(sampling, tokens, place);
        quote::push_keys(tokens, quotations, &mut self.quotes, place);
        if story.headline.is_empty() {
            return;
        }
        let mut headline = Vec::new();
        text::token_hashes(&story.headline, &mut headline);
        let marker = story.furniture.marker.as_ref();
        if marker.is_some_and(|marker| is_notice(marker.kind, tokens.len())) {
            self.notices.push(Sampling::All, tokens, place);
            self.notices.push(Sampling::All, &headline, place);
        }
        self.headlines.push(Sampling::All, &headline, place);
    }

    /// Drops all, and keeps the memory for others.
    pub(super) fn clear(&mut self) {
        let Self { rare, quotes, headlines, notices, windows, letters } = self;
        [rare, quotes, headlines, notices, windows, letters].into_iter().for_each(RareKeys::clear);
    }
}

impl Marks<Gathered> {
    /// None yet, of which as many are held in memory as `config` allows.
    pub(super) fn within(config: &Config) -> Self {
        let (rare, others) = budget::for_keys(config);
        let within = Gathered::within;
        Self { rare: within(rare), quotes: within(others), headlines: within(others), ..Self::default() }
    }

    /// Adds those of a block; its stories are numbered from `first` on.
    pub(super) fn gather(&mut self, block: &Marks<RareKeys>, first: Ordinal) {
        self.rare.gather(&block.rare, first);
        self.quotes.gather(&block.quotes, first);
        self.headlines.gather(&block.headlines, first);
        self.notices.gather(&block.notices, first);
        self.windows.gather(&block.windows, first);
        self.letters.gather(&block.letters, first);
    }

    /// To be called once all are there: stories are called by the numbers that `number` gives them.
    pub(super) fn settle(&mut self, sampling: Sampling, number: impl Fn(Ordinal) -> Ordinal) {
        self.rare.settle(sampling, &number);
        let Self { rare: _, quotes, headlines, notices, windows, letters } = self;
        [quotes, headlines, notices, windows, letters]
            .into_iter()
            .for_each(|keys| keys.settle(Sampling::All, &number));
    }
}
