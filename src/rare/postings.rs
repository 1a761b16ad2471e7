//! From rare-shingle keys to pairs of stories that share enough of them.

use super::keys::RareKeys;
use crate::story::Ordinal;
use rayon::prelude::*;

/// Stories that may hold a shingle that still counts as rare.
pub const CAP: usize = 40;

/// Stories from which those that share one shingle may be of one template.
pub const TEMPLATE: usize = 500;

/// Share of a story's kept shingles, in hundredths, that so many others hold if it was made from
/// a template.
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

/// Stories by rare shingle, and rare shingles by story.
#[derive(Clone, Debug)]
pub struct Postings {
    /// Stories of every rare shingle, ascending, one run after the other; [`LAST`] marks the last
    /// of a run.
    stories: Vec<Ordinal>,
    /// Where in `stories` each story stands without being the last of a run, story by story.
    places: Vec<u32>,
    /// Where the places of a story start, and where the last ones end.
    of_story: Vec<u32>,
    /// Kept shingles of every story, rare or not.
    kept: Vec<u32>,
    /// Shingles above the cap.
    common: usize,
    /// Stories of one template, [`TEMPLATE`] or more, ascending; by first story.
    templates: Vec<Vec<Ordinal>>,
}

/// The bit of an ordinal that ends a run: no corpus has so many stories.
const LAST: u32 = 1 << 31;

/// How much of each story is a form that hundreds share.
struct Forms {
    /// Kept shingles in runs of at least [`TEMPLATE`] stories.
    shared: Vec<u32>,
    /// The longest of these runs, by length and number.
    longest: Vec<(u32, u32)>,
    runs: u32,
}

impl Forms {
    fn add(&mut self, run: &[u64]) {
        for &entry in run {
            let story = entry as Ordinal as usize;
            self.shared[story] += 1;
            // Of equal runs the first.
            if run.len() as u32 > self.longest[story].0 {
                self.longest[story] = (run.len() as u32, self.runs);
            }
        }
        self.runs += 1;
    }

    fn templates(self, kept: &[u32]) -> Vec<Vec<Ordinal>> {
        let mut families = vec![Vec::new(); self.runs as usize];
        for (story, (&shared, &(_, run))) in self.shared.iter().zip(&self.longest).enumerate() {
            if shared > 0 && u64::from(shared) * 100 >= u64::from(kept[story]) * FORM {
                families[run as usize].push(story as Ordinal);
            }
        }
        families.retain(|family| family.len() >= TEMPLATE);
        families.sort_unstable();
        families
    }
}

impl Postings {
    /// Sorts the keys of those of `stories` stories for which `takes_part` holds. Cost: that of
    /// [`RareKeys::each_shared`].
    pub fn new(keys: RareKeys, stories: usize, takes_part: impl Fn(Ordinal) -> bool) -> Self {
        let mut forms = Forms { shared: vec![0; stories], longest: vec![(0, 0); stories], runs: 0 };
        let (mut holders, mut common) = (Vec::new(), 0);
        let kept = keys.each_shared(stories, takes_part, |run| {
            if run.len() > CAP {
                common += 1;
                if run.len() >= TEMPLATE {
                    forms.add(run);
                }
            } else if let [others @ .., last] = run {
                holders.extend(others.iter().map(|&entry| entry as Ordinal));
                holders.push(*last as Ordinal | LAST);
            }
        });
        drop(keys);
        holders.shrink_to_fit();
        let templates = forms.templates(&kept);
        let (places, of_story) = by_story(&holders, stories);
        Self { stories: holders, places, of_story, kept, common, templates }
    }

    /// Shingles that more than [`CAP`] stories hold, and that were left out.
    pub fn common(&self) -> usize {
        self.common
    }

    /// Stories that were made from one template, as hundreds of others: at least a quarter of
    /// each is what all share. Their form makes no candidates.
    pub fn templates(&self) -> &[Vec<Ordinal>] {
        &self.templates
    }

    /// Every pair `(a, b)`, `a < b`, that shares enough, sorted. Cost: for each story at most
    /// [`CAP`] steps a rare shingle, in parallel, with 4 bytes a story and thread.
    pub fn pairs(&self, enough: Shared) -> Vec<(Ordinal, Ordinal)> {
        /// Stories that are worth counters of their own.
        const TOGETHER: usize = 2_048;
        let stories = self.kept.len();
        (0..stories as Ordinal)
            .into_par_iter()
            .with_min_len(TOGETHER)
            .map_init(
                || (vec![0u32; stories], Vec::new()),
                |(counts, touched), a| self.partners(a, enough, counts, touched),
            )
            .flatten_iter()
            .collect()
    }

    fn partners(
        &self,
        a: Ordinal,
        enough: Shared,
        counts: &mut [u32],
        touched: &mut Vec<Ordinal>,
    ) -> Vec<(Ordinal, Ordinal)> {
        let own = self.of_story[a as usize] as usize..self.of_story[a as usize + 1] as usize;
        let places = &self.places[own];
        // Each run is far away in memory. Looking at all at once first, with no branch on what is
        // there, lets the processor wait for all of them together.
        std::hint::black_box(places.iter().fold(0, |all, &place| all ^ self.stories[place as usize + 1]));
        let mut len = 0;
        for &place in places {
            touched.resize(touched.len().max(len + CAP), 0);
            // Runs ascend, so all that follow are above.
            for &holder in &self.stories[place as usize + 1..] {
                let b = holder & !LAST;
                let count = &mut counts[b as usize];
                touched[len] = b;
                len += usize::from(*count == 0);
                *count += 1;
                if holder != b {
                    break;
                }
            }
        }
        let mut found = Vec::new();
        for &b in &touched[..len] {
            let shared = std::mem::take(&mut counts[b as usize]);
            let fewer = self.kept[a as usize].min(self.kept[b as usize]);
            if shared >= enough.least
                && u64::from(shared) * 100 >= u64::from(fewer) * u64::from(enough.percent)
            {
                found.push((a, b));
            }
        }
        found.sort_unstable();
        found
    }
}

/// Where in the runs of `holders` each of `stories` stories stands without being the last, and
/// where the places of each start and the last ones end.
fn by_story(holders: &[Ordinal], stories: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0; stories + 1];
    let followed = || (0..).zip(holders).filter(|&(_, &story)| story < LAST);
    followed().for_each(|(_, &story)| starts[story as usize + 1] += 1);
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut places = vec![0; starts[stories] as usize];
    for (place, &story) in followed() {
        let slot = &mut next[story as usize];
        places[*slot as usize] = place;
        *slot += 1;
    }
    (places, starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rare::Sampling;
    use crate::shingle::ShingleSet;
    use crate::similarity::Overlap;
    use proptest::prelude::*;

    fn postings(stories: &[Vec<u64>]) -> Postings {
        let mut keys = RareKeys::default();
        for (story, tokens) in stories.iter().enumerate() {
            keys.push(Sampling::All, tokens, story as Ordinal);
        }
        Postings::new(keys, stories.len(), |_| true)
    }

    #[test]
    fn what_everyone_says_makes_no_candidates() {
        let stories: Vec<Vec<u64>> = (0..=CAP as u64).map(|i| vec![1, 2, 3, 4, 5, 100 + i]).collect();
        let found = postings(&stories);
        assert_eq!(found.common(), 3);
        assert!(found.pairs(Shared { least: 1, percent: 0 }).is_empty());
        assert_eq!(postings(&stories[1..]).pairs(Shared { least: 3, percent: 0 }).len(), CAP * (CAP - 1) / 2);
    }

    proptest! {
        #[test]
        fn pairs_are_those_of_all_pairs(
            stories in prop::collection::vec(prop::collection::vec(0u64..5, 0..12), 0..12),
            least in 1u32..4, percent in 0u32..60,
        ) {
            let mut expected = Vec::new();
            let sets: Vec<ShingleSet> = stories
                .iter()
                .map(|tokens| if tokens.len() < 3 { ShingleSet::default() } else { ShingleSet::new(tokens, 3) })
                .collect();
            for a in 0..sets.len() {
                for b in a + 1..sets.len() {
                    let overlap = Overlap::of(&sets[a], &sets[b]);
                    if overlap.shared >= least && overlap.shared * 100 >= overlap.a.min(overlap.b) * percent {
                        expected.push((a as Ordinal, b as Ordinal));
                    }
                }
            }
            prop_assert_eq!(postings(&stories).pairs(Shared { least, percent }), expected);
        }
    }
}
