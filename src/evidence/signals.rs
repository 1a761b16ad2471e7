//! From two profiles to their [`Signals`].

use super::chain::longest_chain;
use super::frames::Frames;
use super::passage::{Passage, Runs};
use super::profile::{Profile, RUN, Word};
use crate::similarity::Overlap;
use std::cell::Cell;
use std::ops::Range;

/// What two stories share, as numbers. The *shorter* is the one with fewer tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signals {
    /// Cosine of the weighted stems of both, in [0, 1].
    pub topic: f32,
    /// Share of the longer's headline and lead, by squared weight, that the shorter says anywhere,
    /// in [0, 1].
    pub news: f32,
    /// Square root of the share of the shorter that stands word for word and in the same order in
    /// the longer, in runs of three tokens or more, in [0, 1].
    pub kept: f32,
    /// Share of the longer's quoted tokens that the shorter has in such runs, in [0, 1].
    pub quotes: f32,
    /// How far apart the middles of the shared text stand, as shares of the lengths, in [0, 1].
    pub drift: f32,
    /// Share of short gaps between shared runs that hold other numbers on either side, in [0, 1).
    pub swapped: f32,
    /// Share of short gaps between shared runs in which one wording stands for another that it
    /// stands for elsewhere, too (Newark for Cincinnati throughout); a quarter of them makes 1.
    pub substituted: f32,
    /// Share of the figures of a lead that the other story does not have anywhere, of the side
    /// that has more in common, in [0, 1).
    pub other_numbers: f32,
    /// Share of a headline, by weight, that the other story does not have anywhere, of the side
    /// that has less in common, in [0, 1]; [`Signals::NO_HEADLINE`] where one has none.
    pub headline: f32,
    /// Half days apart, on a doubling scale, from 0; 0.8 where a time is missing.
    pub days: f32,
    /// Logarithm of the shorter's length over 200 tokens, in [−1.4, 1.6].
    pub size: f32,
    /// Whether one outlet printed both: 0 or 1.
    pub same_source: f32,
    /// `days`, up to 3, if one outlet printed both; else 0. An outlet has told a report by then.
    pub later: f32,
    /// Whether two outlets are known to have printed them: 0 or 1.
    pub outlets: f32,
    /// Whether one credits the agency that published the other: 0 or 1.
    pub credit: f32,
    /// How surely one outlet filled in one form twice: where one frame holds both texts
    /// ([`Coverage::is_frame`]), thrice the share, by weight, of either headline that the other story
    /// does not have, of the side that has more in common, at most 1; else 0.
    pub form: f32,
    /// Whether a wire sent both under one keyword within a day: 0 or 1. A report keeps its keyword from
    /// the first take to the last lead, and from the morning's papers to the evening's.
    pub keyword: f32,
}

/// What tiling a pair showed, beyond the signals: for naming the relation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Share of the first that lies in runs of five tokens or more, in [0, 1].
    pub a: f32,
    /// Share of the second.
    pub b: f32,
    /// Share of the shared tokens that stand in the same order in both, in [0, 1].
    pub in_order: f32,
    /// Share of the longer's lead that is found in the opening of the shorter, in [0, 1]; 0 where
    /// less than [`Coverage::LEAD_FROM`] of the shorter is covered.
    pub lead: f32,
}

impl Coverage {
    /// Share of the shorter that must be covered before anyone asks for its lead.
    pub const LEAD_FROM: f32 = 0.5;
    /// Share of both texts, in order, that makes one an edited copy of the other.
    pub const EDITED: f32 = 0.6;
    /// Share of the shared text that must then stand in the same order in both.
    pub const IN_ORDER: f32 = 0.8;

    /// Whether one frame holds both texts: most of each is shared, in order.
    pub fn is_frame(&self) -> bool {
        self.a.min(self.b) >= Self::EDITED && self.in_order >= Self::IN_ORDER
    }
}

/// Tokens of the shortest run that shows where shared text stands.
const PLACED_RUN: usize = 4;
/// Tokens of the shortest run that counts towards coverage.
const COVERING_RUN: usize = 5;
/// Seconds: the morning's papers and the evening's are so far apart, and not further.
const DAY: u64 = 24 * 60 * 60;
/// What [`Signals::later`] is at most: four days.
const LATEST: f32 = 3.0;
/// Tokens of the shorter in which the longer's lead is looked for.
const OPENING: usize = 150;

impl Signals {
    /// What [`Signals::headline`] is where a story has no headline: about what it is between
    /// versions and strangers, so that it speaks for neither.
    pub const NO_HEADLINE: f32 = 0.3;

    /// The signals that need no tiling; the others are 0.
    pub fn quick(a: &Profile, b: &Profile) -> Self {
        let (shorter, longer) = ordered(a, b);
        Self {
            topic: a.topic.cosine(&b.topic),
            news: shorter.topic.share_of(&longer.news),
            other_numbers: other_numbers(a, b),
            headline: headlines_apart(a, b).map_or(Self::NO_HEADLINE, |(_, either)| either),
            days: days(a.time, b.time),
            size: libm::logf(shorter.len().clamp(50, 1_000) as f32 / 200.0),
            same_source: f32::from(u8::from(a.same_source(b))),
            later: if a.same_source(b) { days(a.time, b.time).min(LATEST) } else { 0.0 },
            outlets: f32::from(u8::from(a.other_source(b))),
            credit: f32::from(u8::from(a.is_credited(b))),
            keyword: f32::from(u8::from(a.same_keyword(b, DAY))),
            ..Self::default()
        }
    }

    /// All signals: adds to the quick ones what tiling shows. Symmetric in its arguments.
    pub fn with_passages(self, a: &Profile, b: &Profile) -> (Self, Coverage) {
        let Tiled { signals, coverage, .. } = self.tiled(a, b);
        (signals, coverage)
    }

    /// The same, with what else tiling tells.
    pub fn tiled(self, a: &Profile, b: &Profile) -> Tiled {
        let (shorter, longer) = ordered(a, b);
        let common = Runs::of_windows(shorter.windows(), longer.windows(), RUN);
        let mut runs = TILES.take();
        common.tile(&mut runs);
        let covered: usize = runs.iter().map(Passage::len).sum();
        let chain = longest_chain(&runs, covered);
        let frames = Frames::of(&runs, shorter, longer);
        let signals = Self {
            kept: share(chain, shorter.len()).sqrt(),
            quotes: quotes(&runs, longer),
            drift: drift(&runs, shorter.len(), longer.len()),
            swapped: frames.swapped(),
            substituted: frames.substituted(),
            ..self
        };
        let long: usize = runs.iter().map(Passage::len).filter(|&len| len >= COVERING_RUN).sum();
        let (of_shorter, of_longer) = (share(long, shorter.len()), share(long, longer.len()));
        let (a_share, b_share) =
            if std::ptr::eq(shorter, a) { (of_shorter, of_longer) } else { (of_longer, of_shorter) };
        let in_order = share(chain, covered);
        let lead = if of_shorter >= Coverage::LEAD_FROM { lead_found(shorter, longer) } else { 0.0 };
        let coverage = Coverage { a: a_share, b: b_share, in_order, lead };
        let is_form = a.same_source(b) && coverage.is_frame();
        let form =
            if is_form { headlines_apart(a, b).map_or(0.0, |(both, _)| (3.0 * both).min(1.0)) } else { 0.0 };
        let signals = Self { form, ..signals };
        TILES.set(runs);
        Tiled { signals, coverage, runs: common }
    }
}

thread_local! {
    /// Kept from pair to pair, for its memory.
    static TILES: Cell<Vec<Passage>> = Cell::default();
}

/// What tiling a pair showed.
#[derive(Clone, Debug)]
pub struct Tiled {
    /// All signals.
    pub signals: Signals,
    /// What the relation is named by.
    pub coverage: Coverage,
    /// Common runs of the shorter and the longer.
    runs: Runs,
}

impl Tiled {
    /// The overlap of the sets of shingles of `width` tokens of the two stories that were tiled: the
    /// runs that both share say how many shingles they share. Where runs were left out, or a story
    /// has fewer tokens, the sets are made.
    pub fn overlap(&self, a: &Profile, b: &Profile, width: usize) -> Overlap {
        let (shorter, longer) = ordered(a, b);
        let known = (self.runs.all && width >= RUN && shorter.len() >= width)
            .then(|| Some((shorter.repeats(width)?, longer.repeats(width)?)))
            .flatten();
        let Some((of_shorter, of_longer)) = known else {
            return Overlap::of_sorted(&a.shingles(width), &b.shingles(width));
        };
        let distinct =
            |profile: &Profile, repeats: &[u32]| (profile.len() + 1 - width - repeats.len()) as u32;
        let overlap = Overlap {
            shared: self.runs.shared(width, &of_shorter) as u32,
            a: distinct(shorter, &of_shorter),
            b: distinct(longer, &of_longer),
        };
        if std::ptr::eq(shorter, a) { overlap } else { overlap.swapped() }
    }
}

/// The one with fewer tokens first; equal lengths by content, so that the order of the arguments
/// cannot be seen.
fn ordered<'a>(a: &'a Profile, b: &'a Profile) -> (&'a Profile, &'a Profile) {
    if (a.len(), &a.words) <= (b.len(), &b.words) { (a, b) } else { (b, a) }
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

fn lead_found(shorter: &Profile, longer: &Profile) -> f32 {
    /// Twice as many as the opening has words, or more.
    const SLOTS: usize = 512;
    // The opening of the shorter is compared by words: the stems of a profile have no places.
    let opening = &shorter.words[..shorter.len().min(OPENING)];
    let lead = &longer.words[..longer.len().min(super::profile::LEAD)];
    let mut table = [None; SLOTS];
    let slot = |table: &[Option<Word>; SLOTS], word: Word| {
        let mut at = (u64::from(word) >> 1) as usize % SLOTS;
        while table[at].is_some_and(|known| known != word) {
            at = (at + 1) % SLOTS;
        }
        at
    };
    for &word in opening {
        table[slot(&table, word)] = Some(word);
    }
    share(lead.iter().filter(|&&word| table[slot(&table, word)].is_some()).count(), lead.len())
}

fn other_numbers(a: &Profile, b: &Profile) -> f32 {
    let strange = |lead: &[Word], all: &[Word]| {
        let missing = lead.iter().filter(|n| all.binary_search(n).is_err()).count();
        missing as f32 / (lead.len() as f32 + 1.0)
    };
    strange(&a.lead_numbers, &b.numbers).min(strange(&b.lead_numbers, &a.numbers))
}

/// How far apart two times, in seconds since 1970, are: half a day makes 0, a day 1, two days 2,
/// four days 3 (less a little); 0.8 where one is missing.
pub fn days(a: Option<i64>, b: Option<i64>) -> f32 {
    let (Some(a), Some(b)) = (a, b) else { return 0.8 };
    let hours = a.abs_diff(b) as f32 / 3_600.0;
    libm::log2f((hours + 1.0) / 12.0).max(0.0)
}

fn quotes(runs: &[Passage], longer: &Profile) -> f32 {
    let quoted: usize = longer.quotes.iter().map(ExactSizeIterator::len).sum();
    if quoted == 0 {
        return 0.0;
    }
    let mut covered = vec![false; longer.len()];
    runs.iter().for_each(|run| covered[run.b.clone()].fill(true));
    let kept = longer.quotes.iter().flat_map(Clone::clone).filter(|&i| covered[i as usize]).count();
    share(kept, quoted)
}

fn drift(runs: &[Passage], shorter: usize, longer: usize) -> f32 {
    let placed = || runs.iter().filter(|run| run.len() >= PLACED_RUN);
    let tokens: usize = placed().map(Passage::len).sum();
    if tokens == 0 {
        return 0.0;
    }
    let middle = |place: fn(&Passage) -> &Range<usize>, of: usize| {
        let mut ranges = Vec::with_capacity(runs.len());
        ranges.extend(placed().map(place));
        ranges.sort_unstable_by_key(|range| range.start);
        let mut left = tokens / 2;
        for range in ranges {
            if left < range.len() {
                return share(range.start + left, of);
            }
            left -= range.len();
        }
        0.0
    };
    (middle(|run| &run.a, shorter) - middle(|run| &run.b, longer)).abs()
}

/// Shares of the headlines, by weight, that the other story does not have anywhere: the lesser and
/// the greater; `None` where one has no headline.
fn headlines_apart(a: &Profile, b: &Profile) -> Option<(f32, f32)> {
    let told = [b.topic.share_of(&a.titled), a.topic.share_of(&b.titled)];
    let known = !a.titled.is_empty() && !b.titled.is_empty();
    known.then(|| (1.0 - told[0].max(told[1]), 1.0 - told[0].min(told[1])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Frequencies;
    use crate::story::Story;
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn story(headline: &str, body: &str, hour: i64) -> Story {
        let time = Timestamp::from_second(hour * 3_600).ok().map(Into::into);
        Story { headline: headline.to_owned(), time, ..Story::new("x", body) }
    }

    fn signals(a: &Story, b: &Story) -> (Signals, Coverage) {
        let weights = Frequencies::default().weights();
        let (a, b) = (Profile::new(a, &weights), Profile::new(b, &weights));
        let found = Signals::quick(&a, &b).with_passages(&a, &b);
        let (back, coverage) = Signals::quick(&b, &a).with_passages(&b, &a);
        assert_eq!((found.0, found.1.a, found.1.b), (back, coverage.b, coverage.a), "symmetric");
        found
    }

    #[test]
    fn a_story_is_all_of_itself() {
        let a = story(
            "Ferry aground",
            "A ferry ran aground on Sunday. \"We saw the rocks too late,\" the captain said.",
            1,
        );
        let (found, coverage) = signals(&a, &a);
        assert!(found.topic > 0.999 && found.news > 0.999 && found.kept > 0.999 && found.quotes > 0.999);
        assert!(
            found.drift < 1e-6 && found.swapped < 1e-6 && found.other_numbers < 1e-6 && found.days < 1e-6
        );
        assert!(coverage.a > 0.999 && coverage.in_order > 0.999 && coverage.lead > 0.999);
    }

    #[test]
    fn another_number_in_one_frame_is_seen() {
        let a = story(
            "",
            "An earthquake of magnitude 5.8 struck the sea off Tonga on Monday, the survey said.",
            1,
        );
        let b = story(
            "",
            "An earthquake of magnitude 6.3 struck the sea off Fiji on Friday, the survey said.",
            40,
        );
        let (found, _) = signals(&a, &b);
        assert!(found.swapped > 0.1 && found.other_numbers > 0.3, "{found:?}");
        assert!(found.days > 1.7 && found.days < 1.8, "{found:?}");
    }

    #[test]
    fn a_brief_deep_in_a_long_text_drifts() {
        let brief = "The lighthouse at Skerry Point will open to visitors in May after a long repair.";
        let long = format!("{} {brief}", "Other matters came first and took their time to tell. ".repeat(8));
        let (found, coverage) = signals(&story("", brief, 1), &story("", &long, 1));
        assert!(found.drift > 0.35, "{found:?}");
        assert!(coverage.a > 0.999 && coverage.b < 0.3 && coverage.lead < 0.4, "{coverage:?}");
    }

    #[test]
    fn news_of_the_longer_may_stand_anywhere_in_the_shorter() {
        let news = "A ferry with ninety passengers ran aground off Skerry Point before dawn on Sunday.";
        let other =
            "Harbour dues will rise in April, the council of the islands decided at its spring session.";
        let long =
            format!("{news} {}", "The lifeboat took them to the quay, where tea was waiting. ".repeat(9));
        let opening = [other; 4].join(" ");
        let (led_anew, _) = signals(&story("", &format!("{opening} {news}"), 1), &story("", &long, 1));
        let (another, _) = signals(&story("", &opening, 1), &story("", &long, 1));
        assert!(led_anew.news > 0.5 && another.news < 0.3, "{led_anew:?} {another:?}");
    }

    #[test]
    fn nothing_is_like_nothing() {
        let (found, coverage) = signals(&story("", "", 1), &story("", "A ferry ran aground.", 1));
        assert_eq!((found.topic, found.kept, coverage.a), (0.0, 0.0, 0.0));
    }

    proptest! {
        #[test]
        fn runs_tell_the_overlap(a in "([a-f] ){0,40}", b in "([a-f] ){0,40}", middle in "([g-z] ){0,20}", width in 1usize..8) {
            let weights = Frequencies::default().weights();
            let profile = |body: String| Profile::new(&Story::new("x", body), &weights);
            let (x, y) = (profile(format!("{a}{middle}{b}")), profile(format!("{b}{middle}")));
            let exact = Overlap::of_sorted(&x.shingles(width), &y.shingles(width));
            let tiled = Signals::quick(&x, &y).tiled(&x, &y);
            prop_assert_eq!(tiled.overlap(&x, &y, width), exact);
            prop_assert_eq!(tiled.overlap(&y, &x, width), exact.swapped());
        }
    }

    #[test]
    fn numbers_that_one_lead_leaves_out_set_nobody_apart() {
        let brief = story("", "A ferry ran aground off Tonga before dawn, and the lifeboat came out.", 1);
        let full = story("", "A ferry with 212 people and 14 lorries ran aground off Tonga at 5.40.", 1);
        assert!(signals(&brief, &full).0.other_numbers < 1e-6);
    }

    #[test]
    fn a_missing_time_speaks_for_neither() {
        assert!(days(None, Some(1)) > 0.5 && days(Some(1), None) < 1.0);
    }
}
