//! From a prepared story to its [`Profile`]: what evidence is read from, in a few bytes a token.

use super::frequency::Weights;
use super::passage::{repeats, windows};
use super::quote;
use super::taken::{Taken, take};
use super::topic::{Topic, Weighed};
use crate::hash;
use crate::shingle::distinct as distinct_shingles;
use crate::story::{Marker, Story};
use crate::text;
use crate::wire;
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::OnceLock;

/// Tokens of a body that count as its lead.
pub const LEAD: usize = 50;

/// Tokens of the shortest run that counts as kept.
pub(super) const RUN: usize = 3;

/// Tokens among which the numbers of the lead are looked for: a figure often ends the second
/// sentence.
const NUMBER_LEAD: usize = 60;

/// A token by its hash; the lowest bit tells whether it starts with a digit. Tokens that differ
/// agree with a chance of 2⁻³¹, which evidence can bear and proof could not.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Word(u32);

impl Word {
    pub(super) fn new(hash: u64, is_number: bool) -> Self {
        Self((hash >> 32) as u32 & !1 | u32::from(is_number))
    }

    /// Whether the token starts with a digit.
    pub fn is_number(self) -> bool {
        self.0 & 1 == 1
    }
}

impl From<Word> for u64 {
    fn from(word: Word) -> Self {
        Self::from(word.0)
    }
}

/// What evidence is read from.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The tokens of the body.
    pub(super) words: Box<[Word]>,
    /// Quotations of at least [`Profile::SHORTEST_QUOTE`] tokens, by place in `words`.
    pub(super) quotes: Box<[Range<u32>]>,
    /// Weights of the stems of body and headline.
    pub(super) topic: Topic,
    /// Squared weights of the stems of lead and headline, by stem.
    pub(super) news: Box<[(u32, f32)]>,
    /// Numbers of the lead that are no years, ascending and distinct.
    pub(super) lead_numbers: Box<[Word]>,
    /// All numbers, ascending and distinct.
    pub(super) numbers: Box<[Word]>,
    /// The tokens of the headline.
    pub(super) headline: Box<[Word]>,
    /// Weights of the stems of the headline, by stem.
    pub(super) titled: Box<[(u32, f32)]>,
    /// Seconds since 1970.
    pub(super) time: Option<i64>,
    marker: Option<Marker>,
    /// The canonical name of the source, if it is an agency.
    agency: Option<&'static str>,
    /// Agencies that the text or its dateline credits; looked for where the source is known.
    credits: Box<[&'static str]>,
    /// Hash of the source; 0 where it is not known.
    pub(super) source: u64,
    /// Hash of the keyword under which the wire sent it; 0 where there is none.
    keyword: u64,
    windows: OnceLock<Box<[u32]>>,
    /// A width that was asked for, and the places of repeats.
    repeats: OnceLock<(usize, Option<Vec<u32>>)>,
}

impl Profile {
    /// Tokens of the shortest quotation that counts.
    pub const SHORTEST_QUOTE: usize = 4;

    /// The profile of a story whose furniture is out. Cost: one pass and a sort of the stems.
    pub fn new(story: &Story, weights: &Weights) -> Self {
        Self::with_hashes(story, weights, &mut Vec::new())
    }

    /// The same; the hashes of the tokens are appended to `hashes`.
    pub fn with_hashes(story: &Story, weights: &Weights, hashes: &mut Vec<u64>) -> Self {
        MAKING.with_borrow_mut(|making| {
            let profile = making.profile(story, &text::repair(&story.body), weights);
            hashes.extend(making.body.iter().map(|token| token.hash));
            making.rest();
            profile
        })
    }

    /// The same of a story whose body is repaired already, with the tokens of body and headline.
    pub(crate) fn with_tokens(
        story: &Story,
        repaired: &str,
        weights: &Weights,
        hashes: &mut Vec<u64>,
    ) -> (Self, [Vec<Taken>; 2]) {
        MAKING.with_borrow_mut(|making| {
            let profile = making.profile(story, repaired, weights);
            hashes.extend(making.body.iter().map(|token| token.hash));
            let tokens = [making.body.clone(), making.headline.clone()];
            making.rest();
            (profile, tokens)
        })
    }

    /// The profile of the same story, read otherwise than it is printed, as body and headline of these
    /// tokens. Quotations are not looked for: marks are the first to be misread.
    pub(crate) fn read_as(
        &self,
        body: impl Iterator<Item = Taken>,
        headline: impl Iterator<Item = Taken>,
        weights: &Weights,
    ) -> Self {
        MAKING.with_borrow_mut(|making| {
            making.clear();
            making.body.extend(body);
            making.headline.extend(headline);
            let read = making.made(weights);
            making.rest();
            let Self { time, agency, source, keyword, .. } = *self;
            let (marker, credits) = (self.marker.clone(), self.credits.clone());
            Self { time, marker, agency, credits, source, keyword, ..read }
        })
    }

    /// Tokens of the body.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether the body has no token.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The tokens of the body.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The tokens of the headline.
    pub fn headline(&self) -> &[Word] {
        &self.headline
    }

    /// The weighted share of the stems of headline and lead that `other` has in headline and
    /// lead too, in [0, 1].
    pub fn news_found_in(&self, other: &Self) -> f32 {
        let weight =
            |stems: &mut dyn Iterator<Item = &(u32, f32)>| stems.map(|(_, weight)| weight).sum::<f32>();
        let has = |stem: u32| other.news.binary_search_by_key(&stem, |&(stem, _)| stem).is_ok();
        let all = weight(&mut self.news.iter());
        if all > 0.0 { weight(&mut self.news.iter().filter(|(stem, _)| has(*stem))) / all } else { 0.0 }
    }

    /// Whether `other` has every number of the body.
    pub fn numbers_found_in(&self, other: &Self) -> bool {
        let has = |number| other.numbers.binary_search(number).is_ok() || other.headline.contains(number);
        self.numbers.iter().all(has)
    }

    /// Seconds since 1970, if the time is known.
    pub fn time(&self) -> Option<i64> {
        self.time
    }

    /// The version marker of the story, if it has one.
    pub fn marker(&self) -> Option<&Marker> {
        self.marker.as_ref()
    }

    /// Whether one credits the agency that published the other.
    pub fn is_credited(&self, other: &Self) -> bool {
        let credits =
            |taker: &Self, giver: &Self| giver.agency.is_some_and(|agency| taker.credits.contains(&agency));
        self.agency != other.agency && (credits(self, other) || credits(other, self))
    }

    /// Agencies that the text or its dateline credits, in alphabetical order.
    pub fn credits(&self) -> &[&'static str] {
        &self.credits
    }

    /// Whether neither time nor headline is known.
    pub fn is_bare(&self) -> bool {
        self.time.is_none() && self.headline.is_empty()
    }

    /// The hash of every run of `width` tokens, ascending and distinct.
    pub fn shingles(&self, width: usize) -> Vec<u64> {
        let tokens: Vec<u64> = self.words.iter().map(|&word| hash::finalise(word.into())).collect();
        distinct_shingles(&tokens, width)
    }

    /// The tokens of the body, and the hashes of all runs of [`RUN`] of them. Cost: making these,
    /// when asked for the first time.
    pub(super) fn windows(&self) -> (&[Word], &[u32]) {
        (&self.words, self.windows.get_or_init(|| windows(&self.words, RUN)))
    }

    /// The places where a run of `width` tokens, at most all of them, stands that stood before,
    /// ascending; `None` where that is better told by [`shingles`](Self::shingles). Cost: a table
    /// of the runs, once for the width that is asked for first.
    pub(super) fn repeats(&self, width: usize) -> Option<Cow<'_, [u32]>> {
        let (known, found) = self.repeats.get_or_init(|| (width, repeats(&self.words, width)));
        if *known == width {
            found.as_deref().map(Cow::Borrowed)
        } else {
            repeats(&self.words, width).map(Cow::Owned)
        }
    }

    /// Whether both stories are known to be of one outlet.
    pub fn same_source(&self, other: &Self) -> bool {
        self.source != 0 && self.source == other.source
    }

    /// Whether one wire sent both under one keyword, so many seconds apart at most.
    pub fn same_keyword(&self, other: &Self, within: u64) -> bool {
        let near = || self.time.zip(other.time).is_some_and(|(a, b)| a.abs_diff(b) <= within);
        self.keyword != 0 && self.keyword == other.keyword && self.same_source(other) && near()
    }

    /// Whether both stories are known to be of two outlets.
    pub fn other_source(&self, other: &Self) -> bool {
        self.source != 0 && other.source != 0 && self.source != other.source
    }
}

/// What a profile is made in: kept from story to story, because asking for memory would cost as
/// much as reading the text.
#[derive(Default)]
struct Making {
    body: Vec<Taken>,
    headline: Vec<Taken>,
    /// Of the body, then of the headline.
    stems: Vec<u32>,
    quotes: Vec<Range<usize>>,
    numbers: Vec<Word>,
    weighed: Weighed,
}

thread_local! {
    static MAKING: RefCell<Making> = RefCell::default();
}

impl Making {
    /// Tokens of a text from which the memory is given back after use.
    const LONG: usize = 1 << 16;

    fn profile(&mut self, story: &Story, repaired: &str, weights: &Weights) -> Profile {
        self.clear();
        read(repaired, &mut self.body, &mut self.quotes);
        take(&story.headline, &mut self.headline);
        let source = &story.source;
        Profile {
            quotes: self.quotes.iter().map(|quote| quote.start as u32..quote.end as u32).collect(),
            time: story.time.map(crate::time::Time::as_second),
            marker: story.furniture.marker.clone(),
            agency: wire::agency(source),
            credits: credits(story),
            source: if source.is_empty() { 0 } else { hash::bytes(source.to_lowercase().as_bytes()) },
            keyword: wire::keyword(story).map_or(0, |keyword| hash::bytes(keyword.as_bytes())),
            ..self.made(weights)
        }
    }

    fn clear(&mut self) {
        self.body.clear();
        self.headline.clear();
        self.quotes.clear();
    }

    /// What the tokens of body and headline make of a profile.
    fn made(&mut self, weights: &Weights) -> Profile {
        self.stems.clear();
        self.stems.extend(self.body.iter().chain(&self.headline).map(|token| token.stem));
        let (body, headline) = self.stems.split_at(self.body.len());
        self.weighed.weigh(body, LEAD, headline, weights);
        Profile {
            words: self.body.iter().map(Taken::word).collect(),
            topic: self.weighed.topic(),
            news: self.weighed.news.as_slice().into(),
            titled: self.weighed.headline.as_slice().into(),
            headline: self.headline.iter().map(Taken::word).collect(),
            lead_numbers: self.numbers(NUMBER_LEAD, |token| !token.is_year),
            numbers: self.numbers(usize::MAX, |_| true),
            ..Profile::default()
        }
    }

    /// The numbers among so many first tokens that `of` takes, ascending and distinct.
    fn numbers(&mut self, among: usize, of: impl Fn(&Taken) -> bool) -> Box<[Word]> {
        self.numbers.clear();
        let numbers = self.body.iter().take(among).filter(|token| token.is_number && of(token));
        self.numbers.extend(numbers.map(Taken::word));
        self.numbers.sort_unstable();
        self.numbers.dedup();
        self.numbers.as_slice().into()
    }

    fn rest(&mut self) {
        if self.body.len().max(self.headline.len()) > Self::LONG {
            *self = Self::default();
        }
    }
}

/// Who credits whom can only be told where it is known who speaks.
fn credits(story: &Story) -> Box<[&'static str]> {
    if story.source.is_empty() {
        return Box::default();
    }
    let found = wire::credits(&story.body);
    let dateline = story.furniture.agency.as_deref().and_then(wire::agency);
    distinct(found.iter().flat_map(wire::Credit::agencies).chain(dateline).collect()).into()
}

/// Takes in the tokens of a body, and its longer quotations by place in them.
fn read(body: &str, tokens: &mut Vec<Taken>, quotes: &mut Vec<Range<usize>>) {
    tokens.reserve(body.len() / 5);
    quote::tokens(body, tokens, quotes, Taken::short, Taken::long);
    quotes.retain(|quote| quote.len() >= Profile::SHORTEST_QUOTE);
}

fn distinct<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tokens_are_those_of_the_whole_text(body in "([a-z19 ,.]{0,30}|[«»“”„\"「」]|[a-zäя国ก…\u{ad}\u{301}]{0,12}){0,12}") {
            let (mut taken, mut quotes) = (Vec::new(), Vec::new());
            read(&body, &mut taken, &mut quotes);
            let (mut tokens, mut starts) = (Vec::new(), Vec::new());
            text::tokenise(&body, |token| {
                tokens.push(Taken::long(token.text).word());
                starts.push(token.start);
            });
            prop_assert_eq!(taken.iter().map(Taken::word).collect::<Vec<_>>(), tokens);
            let token_at = |byte: usize| starts.partition_point(|&start| start < byte);
            let expected = quote::quotations(&body).into_iter().map(|quote| token_at(quote.start)..token_at(quote.end));
            let expected: Vec<_> = expected.filter(|quote| quote.len() >= Profile::SHORTEST_QUOTE).collect();
            prop_assert_eq!(quotes, expected);
            for token in taken {
                let same = |other: &Taken| other.hash == token.hash && other.stem == token.stem && other.is_year == token.is_year;
                let mut others = Vec::new();
                text::tokenise(&body, |token| others.push(Taken::long(token.text)));
                prop_assert!(others.iter().any(same));
            }
        }
    }

    #[test]
    fn an_agency_is_credited_by_others_and_not_by_itself() {
        let sent = |source: &str, body: &str| {
            let story = Story { source: source.into(), ..Story::new("x", body) };
            Profile::new(&story, &crate::evidence::Frequencies::default().weights())
        };
        let wire = sent("Reuters", "The dam was leased to a bank on Friday, the ministry said.");
        let told = "The dam was leased on Friday, a minister told Reuters.";
        assert!(!wire.is_credited(&sent("Reuters", told)));
        assert!(wire.is_credited(&sent("Mossport Post", told)));
    }
}
