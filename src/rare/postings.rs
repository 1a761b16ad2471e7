//! From rare-shingle keys to pairs of stories that share enough of them.

use super::forms::Forms;
use super::gathered::Gathered;
use super::keys::Sampling;
use super::runs::{Lists, Runs};
use super::touching::{Count, ONE_HOT, ONE_RARE, Touching};
use crate::error::Result;
use crate::story::Ordinal;
use rayon::prelude::*;
use std::ops::Range;

/// Stories that may hold a shingle that still counts as rare.
pub const CAP: usize = 40;

/// Of the stories that hold a hot shingle, one above the cap, the first ones in the order of the
/// postings: each other holder meets them.
pub const FIRST: usize = 8;

/// Of the stories that hold a hot shingle, those next to each other in that order that meet.
pub const NEAR: usize = 8;

/// Stories from which those that share one shingle are told of as a family.
pub const FAMILY: usize = 500;

/// Share of a story's kept shingles, in hundredths, that is hot in a family; and that two stories
/// must share, hot ones counted, to become candidates by hot ones. Strangers share less of what
/// everyone says.
pub const FORM: u64 = 25;

/// How much two stories must share to become candidates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shared {
    /// Rare shingles in both.
    pub least: u32,
    /// Rare shingles in both, as a share of the kept ones of the story that has fewer, in
    /// hundredths.
    pub percent: u32,
}

impl Shared {
    /// What is enough where shingles were kept by `sampling`.
    pub fn enough(sampling: Sampling) -> Self {
        match sampling {
            Sampling::All => Self { least: 3, percent: 4 },
            Sampling::Quarter => Self { least: 3, percent: 10 },
        }
    }
}

/// What bounds the work for a shingle: see [`CAP`], [`FIRST`] and [`NEAR`].
#[derive(Clone, Copy, Debug)]
struct Bounds {
    cap: usize,
    first: usize,
    near: usize,
}

const BOUNDS: Bounds = Bounds { cap: CAP, first: FIRST, near: NEAR };

/// The same for runs of letters: they are longer, so fewer stories hold one by chance.
const OF_LETTERS: Bounds = Bounds { cap: 16, first: 4, near: 4 };

/// Stories by shingle, and shingles by story. A story is its place in an order of the caller's:
/// where many hold a shingle, those that come first and next to each other meet, not all.
#[derive(Debug)]
pub struct Postings {
    rare: Lists,
    /// Of shingles above the cap.
    hot: Lists,
    allowance: u64,
    /// Kept shingles of every story, rare or not.
    kept: Vec<u32>,
    /// The story at each place.
    order: Vec<Ordinal>,
    /// Shingles above the cap.
    common: usize,
    /// Stories of one family, [`FAMILY`] or more, ascending; by first story.
    families: Vec<Vec<Ordinal>>,
    bounds: Bounds,
}

/// What sharing shows.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Met {
    /// Pairs that share enough, `(a, b)` with `a < b`, sorted.
    pub pairs: Vec<(Ordinal, Ordinal)>,
    /// Stories that have [`FORM`] of themselves in common with one that stands before them, by hot
    /// shingles; sorted.
    pub carried: Vec<Carried>,
}

/// A story that has much in common with an earlier one, as many have.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Carried {
    /// The story.
    pub story: Ordinal,
    /// One that stands before it.
    pub earlier: Ordinal,
    /// How much of the story's kept shingles both have, in hundredths.
    pub percent: u32,
}

impl Postings {
    /// Sorts the keys of those stories for which `takes_part` holds. `order` has every story once:
    /// where many hold a shingle, those that stand early in it are met by all others. Cost: that
    /// of [`Gathered::each_shared`]. `shared` is shown the key of every shingle that several of them hold, and these in `order`.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub fn new(
        keys: Gathered,
        order: Vec<Ordinal>,
        takes_part: impl Fn(Ordinal) -> bool,
        shared: impl FnMut(u32, &mut dyn Iterator<Item = Ordinal>),
    ) -> Result<Self> {
        Self::bounded(BOUNDS, keys, order, takes_part, shared)
    }

    /// The same for runs of letters of misread print.
    ///
    /// # Errors
    /// Those of [`Postings::new`].
    pub fn of_letters(
        keys: Gathered,
        order: Vec<Ordinal>,
        takes_part: impl Fn(Ordinal) -> bool,
    ) -> Result<Self> {
        Self::bounded(OF_LETTERS, keys, order, takes_part, |_, _| {})
    }

    fn bounded(
        bounds: Bounds,
        mut keys: Gathered,
        order: Vec<Ordinal>,
        takes_part: impl Fn(Ordinal) -> bool,
        mut shared: impl FnMut(u32, &mut dyn Iterator<Item = Ordinal>),
    ) -> Result<Self> {
        let (stories, allowance) = (order.len(), keys.allowance());
        let mut place_of = vec![0; stories];
        (0..).zip(&order).for_each(|(place, &story)| place_of[story as usize] = place);
        keys.renumber(|story| place_of[story as usize]);
        drop(place_of);
        let mut forms = Forms::new(stories);
        let lists = || Lists::within(if allowance == u64::MAX { allowance } else { allowance / 4 });
        let (mut rare, mut hot, mut common) = (lists(), lists(), 0);
        let takes_part = |place: u32| takes_part(order[place as usize]);
        let kept = keys.each_shared(stories, takes_part, |run| {
            let mut holders = run.iter().map(|&entry| order[entry as u32 as usize]);
            shared((run[0] >> 32) as u32, &mut holders);
            if run.len() <= bounds.cap {
                rare.push(run);
                return;
            }
            common += 1;
            hot.push(run);
            if run.len() >= FAMILY {
                forms.add(run);
            }
        })?;
        let families = forms.families(&kept, &order);
        rare.finish();
        hot.finish();
        Ok(Self { rare, hot, allowance, kept, order, common, families, bounds })
    }

    /// Shingles that more than [`CAP`] stories hold.
    pub fn common(&self) -> usize {
        self.common
    }

    /// Stories of one report that is carried everywhere, or of one template: at least a quarter of
    /// each is what hundreds share. They were not all compared with each other.
    pub fn families(&self) -> &[Vec<Ordinal>] {
        &self.families
    }

    /// Every pair that shares enough: of rare shingles, all pairs; of hot ones, each story with the
    /// [`FIRST`] and with the next [`NEAR`] that hold the shingle. Cost: for each story at most [`CAP`] steps a rare shingle and [`FIRST`] + [`NEAR`] a hot
    /// one, in parallel, with 8 bytes a story and thread.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub fn met(&self, enough: Shared) -> Result<Met> {
        let mut met = Vec::new();
        for range in self.ranges() {
            let rare = self.rare.of(&range, 0, usize::MAX)?;
            let hot = self.hot.of(&range, self.bounds.first, self.bounds.near)?;
            met.par_extend(self.met_in(range, (&rare, &hot), enough));
        }
        let at = |place: u32| self.order[place as usize];
        let hot = met.iter().filter(|&&(.., percent)| u64::from(percent) >= FORM);
        let mut carried: Vec<Carried> = hot
            .map(|&(earlier, story, percent)| Carried { story: at(story), earlier: at(earlier), percent })
            .collect();
        carried.par_sort_unstable();
        let ordered = |(a, b): (Ordinal, Ordinal)| (a.min(b), a.max(b));
        let mut pairs: Vec<(Ordinal, Ordinal)> =
            met.into_iter().map(|(a, b, _)| ordered((at(a), at(b)))).collect();
        pairs.par_sort_unstable();
        Ok(Met { pairs, carried })
    }

    /// All stories, as many at once as may be looked at together.
    fn ranges(&self) -> impl Iterator<Item = Range<u32>> {
        /// Bytes that a holder takes: itself, and where it stands.
        const HOLDER: u64 = 8;
        let stories = self.kept.len() as u32;
        let bytes = (self.rare.len() + self.hot.len()) as u64 * HOLDER;
        let step = u64::from(stories).div_ceil(1 + 2 * bytes / self.allowance.max(1)).max(1);
        (0..stories)
            .step_by(step as usize)
            .map(move |start| start..stories.min(start.saturating_add(step as u32)))
    }

    /// The stories that share enough with each of `range` and stand after it, and how much.
    fn met_in<'a>(
        &'a self,
        range: Range<u32>,
        runs: (&'a Runs<'a>, &'a Runs<'a>),
        enough: Shared,
    ) -> impl ParallelIterator<Item = (u32, u32, u32)> + 'a {
        /// Stories that are worth counters of their own.
        const TOGETHER: usize = 2_048;
        let stories = self.kept.len();
        let counters = move || (vec![0; stories], Vec::new());
        range
            .into_par_iter()
            .with_min_len(TOGETHER)
            .map_init(counters, move |(counts, touched), a| self.partners(a, runs, enough, counts, touched))
            .flatten_iter()
    }

    fn partners(
        &self,
        a: u32,
        (rare, hot): (&Runs<'_>, &Runs<'_>),
        enough: Shared,
        counts: &mut [Count],
        touched: &mut Vec<u32>,
    ) -> Vec<(u32, u32, u32)> {
        let mut touching = Touching { counts, touched, len: 0 };
        self.count_rare(a, rare, &mut touching);
        self.count_hot(a, hot, &mut touching);
        let len = touching.len;
        let mut found = Vec::new();
        for &b in &touched[..len] {
            let count = std::mem::take(&mut counts[b as usize]);
            let (rare, hot) = (count as u32, (count >> 32) as u32);
            // True of most, and seen without another look at memory.
            if rare + hot < enough.least {
                continue;
            }
            let fewer = u64::from(self.kept[a as usize].min(self.kept[b as usize]));
            let is_share = |shared: u32, percent: u64| {
                shared >= enough.least && u64::from(shared) * 100 >= fewer * percent
            };
            if (hot > 0 && is_share(rare + hot, FORM)) || is_share(rare, enough.percent.into()) {
                let percent = if hot > 0 { (rare + hot) * 100 / self.kept[b as usize] } else { 0 };
                found.push((a, b, percent));
            }
        }
        found
    }

    /// Counts the rare shingles that the stories after `a` share with it.
    fn count_rare(&self, a: u32, rare: &Runs<'_>, touching: &mut Touching<'_>) {
        let places = rare.places(a);
        rare.look_at(places);
        for &place in places {
            touching.all(&rare.stories[place as usize + 1..], self.bounds.cap, ONE_RARE);
        }
    }

    /// Counts the hot shingles that stories after `a` share with it, of those that it meets.
    fn count_hot(&self, a: u32, hot: &Runs<'_>, touching: &mut Touching<'_>) {
        let places = hot.places(a);
        hot.look_at(places);
        for &place in places {
            let place = place as usize;
            let is_early = hot.is_early(place, self.bounds.first);
            let reach = if is_early { usize::MAX } else { self.bounds.near };
            touching.all(&hot.stories[place + 1..], reach, ONE_HOT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rare::{RareKeys, Sampling};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn postings(bounds: Bounds, allowance: u64, stories: &[Vec<u64>], order: Vec<Ordinal>) -> Postings {
        let mut keys = RareKeys::default();
        for (story, tokens) in stories.iter().enumerate() {
            keys.push(Sampling::All, tokens, story as Ordinal);
        }
        let mut gathered = Gathered::within(allowance);
        gathered.gather(&keys, 0);
        Postings::bounded(bounds, gathered, order, |_| true, |_, _| {}).unwrap()
    }

    fn forward(stories: &[Vec<u64>]) -> Postings {
        postings(BOUNDS, u64::MAX, stories, (0..stories.len() as Ordinal).collect())
    }

    #[test]
    fn what_everyone_says_makes_no_candidates() {
        let own = |i: u64| (0..17).map(move |n| 1_000 + i * 100 + n);
        let stories: Vec<Vec<u64>> = (0..=CAP as u64).map(|i| (1..6).chain(own(i)).collect()).collect();
        let found = forward(&stories);
        assert_eq!(found.common(), 3);
        let met = |found: Postings, least| found.met(Shared { least, percent: 0 }).unwrap().pairs;
        assert!(met(found, 1).is_empty(), "3 of 20 shingles");
        assert_eq!(met(forward(&stories[1..]), 3).len(), CAP * (CAP - 1) / 2);
    }

    #[test]
    fn a_report_that_everyone_carries_ties_each_to_the_first_and_to_the_next() {
        let n = 300;
        let stories: Vec<Vec<u64>> = (0..n).map(|i| (1..9).chain([1_000 + i]).collect()).collect();
        let order: Vec<Ordinal> = (0..n as Ordinal).rev().collect();
        let Met { pairs, carried } =
            postings(BOUNDS, u64::MAX, &stories, order).met(Shared { least: 3, percent: 10 }).unwrap();
        let expected = (0..n as usize).map(|place| FIRST.min(place) + NEAR.min(place.saturating_sub(FIRST)));
        assert_eq!(pairs.len(), expected.sum::<usize>());
        assert!((0..n as Ordinal - 1).all(|story| pairs.contains(&(story, n as Ordinal - 1))), "the first");
        assert!((0..n as Ordinal - 1).all(|story| pairs.contains(&(story, story + 1))), "the next");
        let carriers: BTreeSet<Ordinal> = carried.iter().map(|carried| carried.story).collect();
        assert_eq!(carriers, (0..n as Ordinal - 1).collect(), "all but the first");
    }

    #[test]
    fn stories_of_one_form_are_told_of() {
        let stories: Vec<Vec<u64>> =
            (0..FAMILY as u64).map(|i| (1..7).chain([1_000 + i]).collect()).collect();
        assert_eq!(forward(&stories).families(), [(0..FAMILY as Ordinal).collect::<Vec<_>>()]);
        assert!(forward(&stories[1..]).families().is_empty());
    }

    /// By the definition: rare and hot shared shingles of every pair.
    fn by_definition(
        bounds: Bounds,
        stories: &[Vec<u64>],
        order: &[Ordinal],
        enough: Shared,
    ) -> Vec<(Ordinal, Ordinal)> {
        let mut holders: BTreeMap<&[u64], Vec<usize>> = BTreeMap::new();
        let sets: Vec<BTreeSet<&[u64]>> =
            order.iter().map(|&story| stories[story as usize].windows(3).collect()).collect();
        for (place, set) in sets.iter().enumerate() {
            set.iter().for_each(|&shingle| holders.entry(shingle).or_default().push(place));
        }
        let mut found = Vec::new();
        for a in 0..sets.len() {
            for b in a + 1..sets.len() {
                let (mut rare, mut hot) = (0, 0);
                for shingle in sets[a].intersection(&sets[b]) {
                    let run = &holders[shingle];
                    let at = |place| run.iter().position(|&p| p == place).unwrap();
                    let meets = at(a) < bounds.first || at(b) - at(a) <= bounds.near;
                    if run.len() <= bounds.cap { rare += 1 } else { hot += u32::from(meets) }
                }
                let fewer = sets[a].len().min(sets[b].len()) as u32;
                let is_share =
                    |shared: u32, percent| shared >= enough.least && shared * 100 >= fewer * percent;
                if is_share(rare, enough.percent) || (hot > 0 && is_share(rare + hot, FORM as u32)) {
                    let (a, b) = (order[a], order[b]);
                    found.push((a.min(b), a.max(b)));
                }
            }
        }
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn pairs_are_those_of_the_definition(
            stories in prop::collection::vec(prop::collection::vec(0u64..4, 0..16), 0..24),
            keys in prop::collection::vec(any::<u32>(), 24),
            least in 1u32..4, percent in 0u32..60, cap in 2usize..6, first in 0usize..3, near in 1usize..3,
            allowance in prop::sample::select(vec![0, 600, 3_000, u64::MAX]),
        ) {
            let bounds = Bounds { cap, first, near };
            let mut order: Vec<Ordinal> = (0..stories.len() as Ordinal).collect();
            order.sort_by_key(|&story| keys[story as usize]);
            let enough = Shared { least, percent };
            let expected = by_definition(bounds, &stories, &order, enough);
            prop_assert_eq!(postings(bounds, allowance, &stories, order).met(enough).unwrap().pairs, expected);
        }
    }
}
