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
    /// Stories of every rare shingle, one run after the other.
    stories: Vec<Ordinal>,
    /// Where the run of a shingle starts, and where the last one ends.
    starts: Vec<u32>,
    /// Rare shingles of every story, one run after the other.
    shingles: Vec<u32>,
    /// Where the run of a story starts, and where the last one ends.
    of_story: Vec<u32>,
    /// Kept shingles of every story, rare or not.
    kept: Vec<u32>,
    /// Shingles above the cap.
    common: usize,
    /// Stories of one template, [`TEMPLATE`] or more, ascending; by first story.
    templates: Vec<Vec<Ordinal>>,
}

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
    /// Sorts the keys of `stories` stories. Cost: a sort of all keys, in parallel; 8 bytes a key.
    pub fn new(keys: RareKeys, stories: usize) -> Self {
        let entries = keys.sorted();
        let mut postings = Self {
            stories: Vec::new(),
            starts: vec![0],
            shingles: Vec::new(),
            of_story: vec![0; stories + 1],
            kept: vec![0; stories],
            common: 0,
            templates: Vec::new(),
        };
        let mut forms = Forms { shared: vec![0; stories], longest: vec![(0, 0); stories], runs: 0 };
        for run in entries.chunk_by(|x, y| x >> 32 == y >> 32) {
            run.iter().for_each(|&entry| postings.kept[entry as Ordinal as usize] += 1);
            if run.len() > CAP {
                postings.common += 1;
                if run.len() >= TEMPLATE {
                    forms.add(run);
                }
            } else if run.len() > 1 {
                postings.stories.extend(run.iter().map(|&entry| entry as Ordinal));
                postings.starts.push(postings.stories.len() as u32);
            }
        }
        drop(entries);
        postings.templates = forms.templates(&postings.kept);
        postings.index_by_story();
        postings
    }

    fn index_by_story(&mut self) {
        for &story in &self.stories {
            self.of_story[story as usize + 1] += 1;
        }
        for i in 1..self.of_story.len() {
            self.of_story[i] += self.of_story[i - 1];
        }
        let mut next = self.of_story.clone();
        self.shingles = vec![0; self.stories.len()];
        for (shingle, run) in self.starts.windows(2).enumerate() {
            for &story in &self.stories[run[0] as usize..run[1] as usize] {
                let slot = &mut next[story as usize];
                self.shingles[*slot as usize] = shingle as u32;
                *slot += 1;
            }
        }
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
        let stories = self.kept.len();
        (0..stories as Ordinal)
            .into_par_iter()
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
        let own = &self.shingles[self.of_story[a as usize] as usize..self.of_story[a as usize + 1] as usize];
        for &shingle in own {
            let run = self.starts[shingle as usize] as usize..self.starts[shingle as usize + 1] as usize;
            for &b in self.stories[run].iter().rev().take_while(|&&b| b > a) {
                let count = &mut counts[b as usize];
                if *count == 0 {
                    touched.push(b);
                }
                *count += 1;
            }
        }
        let mut found = Vec::new();
        for b in touched.drain(..) {
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
        Postings::new(keys, stories.len())
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
