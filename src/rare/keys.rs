//! From token hashes to the rare-shingle keys of a story.

use crate::shingle::shingles;
use crate::story::Ordinal;
use rayon::prelude::*;

/// Tokens of a rare shingle.
pub const WIDTH: usize = 3;

/// The key of a shingle, by its hash.
pub(super) fn key(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Which shingles are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sampling {
    /// All of them: for corpora so small that the shortest rewrites would be lost.
    All,
    /// One in four, by hash: the same ones in every story.
    Quarter,
}

impl Sampling {
    /// Tokens of a corpus from which a quarter is enough: about a day of one wire.
    pub const SMALL_CORPUS: u64 = 1_000_000;

    /// The sampling for a corpus of so many tokens.
    pub fn of(tokens: u64) -> Self {
        if tokens < Self::SMALL_CORPUS { Self::All } else { Self::Quarter }
    }

    /// Whether a shingle is kept, by its key.
    pub(super) fn keeps(self, key: u32) -> bool {
        match self {
            Self::All => true,
            Self::Quarter => key.trailing_zeros() >= 2,
        }
    }
}

/// Keys of all stories, each the upper half of a shingle's hash: 4 bytes a key.
#[derive(Clone, Debug, Default)]
pub struct RareKeys {
    /// Of stories that were added together.
    blocks: Vec<Block>,
}

#[derive(Clone, Debug, Default)]
struct Block {
    keys: Vec<u32>,
    /// Stories that have keys, some more than once, and where the keys of each end.
    ends: Vec<(Ordinal, u32)>,
}

impl Block {
    /// The keys of each story, in the order in which they came.
    fn runs(&self) -> impl Iterator<Item = (Ordinal, &[u32])> {
        let starts = [0].into_iter().chain(self.ends.iter().map(|&(_, end)| end as usize));
        starts.zip(&self.ends).map(|(start, &(story, end))| (story, &self.keys[start..end as usize]))
    }

    /// Moves the keys for which `is_taken` holds to `entries`, each above its story, and drops those of
    /// stories that take no part. No branch asks which: it cannot be foreseen.
    fn take(
        &mut self,
        takes_part: impl Fn(Ordinal) -> bool,
        is_taken: impl Fn(u32) -> bool,
        entries: &mut Vec<u64>,
    ) {
        let (mut start, mut left, mut taken) = (0, 0, entries.len());
        entries.resize(taken + self.keys.len(), 0);
        for (story, end) in &mut self.ends {
            let stop = std::mem::replace(end, left as u32) as usize;
            if takes_part(*story) {
                for i in start..stop {
                    let key = self.keys[i];
                    let takes = usize::from(is_taken(key));
                    entries[taken] = u64::from(key) << 32 | u64::from(*story);
                    self.keys[left] = key;
                    (taken, left) = (taken + takes, left + 1 - takes);
                }
                *end = left as u32;
            }
            start = stop;
        }
        entries.truncate(taken);
        self.keys.truncate(left);
    }

    fn close(&mut self, story: Ordinal) {
        let end = self.keys.len() as u32;
        if self.ends.last().map_or(0, |&(_, end)| end) < end {
            self.ends.push((story, end));
        }
    }
}

impl RareKeys {
    fn last(&mut self) -> &mut Block {
        if self.blocks.is_empty() {
            self.blocks.push(Block::default());
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }

    /// Adds the kept shingles of a story. Cost: as many hashes as tokens.
    pub fn push(&mut self, sampling: Sampling, tokens: &[u64], story: Ordinal) {
        if tokens.len() < WIDTH {
            return;
        }
        let block = self.last();
        let mut end = block.keys.len();
        // Written in any case, kept or not: whether one is kept cannot be foreseen.
        block.keys.resize(end + tokens.len(), 0);
        shingles(tokens, WIDTH, |hash| {
            let key = key(hash);
            block.keys[end] = key;
            end += usize::from(sampling.keeps(key));
        });
        block.keys.truncate(end);
        block.close(story);
    }

    /// Adds other things than shingles that stories can share, by their hashes.
    pub fn push_marks(&mut self, marks: impl IntoIterator<Item = u32>, story: Ordinal) {
        let block = self.last();
        block.keys.extend(marks);
        block.close(story);
    }

    /// Adds those keys of `other` that `sampling` keeps; its stories are renumbered by `ordinal`.
    pub fn append(&mut self, other: Self, sampling: Sampling, ordinal: impl Fn(Ordinal) -> Ordinal) {
        for block in other.blocks {
            let mut kept = Block { keys: block.keys, ends: Vec::with_capacity(block.ends.len()) };
            let (mut start, mut end) = (0, 0);
            for (story, stop) in block.ends {
                for i in start..stop as usize {
                    kept.keys[end] = kept.keys[i];
                    end += usize::from(sampling.keeps(kept.keys[i]));
                }
                start = stop as usize;
                kept.ends.push((ordinal(story), end as u32));
            }
            kept.keys.truncate(end);
            kept.keys.shrink_to_fit();
            self.blocks.push(kept);
        }
    }

    /// How many keys there are, repeats included.
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.keys.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `each` with every key, in no promised order and with repeats.
    pub fn each(&self, each: impl FnMut(u32)) {
        self.blocks.iter().flat_map(|block| &block.keys).copied().for_each(each);
    }

    /// Calls each story by the number that `number` gives it. Cost: one step a story.
    pub(super) fn renumber(&mut self, number: impl Fn(Ordinal) -> Ordinal) {
        let ends = self.blocks.iter_mut().flat_map(|block| &mut block.ends);
        ends.for_each(|(story, _)| *story = number(*story));
    }

    /// The keys of each story that has any, in no promised order and with repeats; a story may
    /// come up more than once.
    pub fn runs(&self) -> impl Iterator<Item = (Ordinal, &[u32])> {
        self.blocks.iter().flat_map(Block::runs)
    }

    /// The keys, ascending and distinct, each above the story that has it. Cost: a sort, in
    /// parallel; 8 bytes a key.
    pub fn sorted(self) -> Vec<u64> {
        let entry = |key: u32, story: Ordinal| u64::from(key) << 32 | u64::from(story);
        let mut entries: Vec<u64> =
            Vec::with_capacity(self.blocks.iter().map(|block| block.keys.len()).sum());
        for block in self.blocks {
            let all = block.runs().flat_map(|(story, keys)| keys.iter().map(move |&key| entry(key, story)));
            entries.extend(all);
        }
        entries.par_sort_unstable();
        entries.dedup();
        entries
    }

    /// Calls `each` for every key that several of the stories have for which `takes_part` holds,
    /// by key, with these stories ascending, each below its key as in [`sorted`](Self::sorted).
    /// Gives back how many distinct keys each of `stories` stories has. Cost: a few passes over
    /// the keys that are left, and sorts, in parallel, of little more than those of several stories; 8 bytes for
    /// at most every fourth or eighth key of a large corpus.
    pub fn each_shared(
        mut self,
        stories: usize,
        takes_part: impl Fn(Ordinal) -> bool,
        mut each: impl FnMut(&[u64]),
    ) -> Vec<u32> {
        /// Keys that are sorted together, until there are eight parts.
        const TOGETHER: usize = 1 << 22;
        let all: usize = self.blocks.iter().map(|block| block.keys.len()).sum();
        let parts = (all / TOGETHER + 1).next_power_of_two().min(8);
        let shift = 32 - parts.trailing_zeros();
        let mut kept = vec![0; stories];
        let taking_part = self.runs().filter(|&(story, _)| takes_part(story));
        taking_part.for_each(|(story, keys)| kept[story as usize] += keys.len() as u32);
        let mut entries: Vec<u64> = Vec::new();
        for part in 0..parts as u64 {
            entries.clear();
            let is_of_part = |key: u32| u64::from(key) >> shift == part;
            self.blocks.iter_mut().for_each(|block| block.take(&takes_part, is_of_part, &mut entries));
            let mut seen = Seen::new(entries.len());
            entries.iter().for_each(|&entry| seen.add(entry));
            retain(&mut entries, 0, |entry| seen.often(entry));
            sort(&mut entries, shift);
            let mut last = None;
            entries.retain(|&entry| {
                let repeats = last.replace(entry) == Some(entry);
                kept[entry as Ordinal as usize] -= u32::from(repeats);
                !repeats
            });
            entries.chunk_by(|x, y| x >> 32 == y >> 32).filter(|run| run.len() > 1).for_each(&mut each);
        }
        kept
    }
}

/// Sorts `entries` that agree in their bits from `32 + shift` up and are spread evenly by the next
/// ones: these put each near its place, and what is left to sort are many short runs.
fn sort(entries: &mut [u64], shift: u32) {
    const BITS: u32 = 12;
    let run = |entry: u64| (entry >> (32 + shift - BITS)) as usize % (1 << BITS);
    let mut ends = vec![0; 1 << BITS];
    entries.iter().for_each(|&entry| ends[run(entry)] += 1);
    let mut start = 0;
    ends.iter_mut().for_each(|end| start += std::mem::replace(end, start));
    let mut sorted = vec![0; entries.len()];
    for &entry in entries.iter() {
        let end = &mut ends[run(entry)];
        sorted[*end] = entry;
        *end += 1;
    }
    sorted.par_chunk_by_mut(|&x, &y| run(x) == run(y)).for_each(<[u64]>::sort_unstable);
    entries.copy_from_slice(&sorted);
}

/// Drops those of `entries` from place `start` that `keeps` does not keep, without a branch: which
/// ones cannot be foreseen.
pub(crate) fn retain(entries: &mut Vec<u64>, start: usize, keeps: impl Fn(u64) -> bool) {
    let mut end = start;
    for at in start..entries.len() {
        let entry = entries[at];
        entries[end] = entry;
        end += usize::from(keeps(entry));
    }
    entries.truncate(end);
}

/// Which keys came up once, and which more often, by a part of their bits: two bits for every
/// value of these.
struct Seen {
    words: Vec<u64>,
    mask: u64,
}

impl Seen {
    /// Values a word.
    const VALUES: u64 = u64::BITS as u64 / 2;

    /// For so many keys: of those that come up once, one in three or four meets another by its part.
    fn new(keys: usize) -> Self {
        let values = (2 * keys).next_power_of_two().max(Self::VALUES as usize) as u64;
        Self { words: vec![0; (values / Self::VALUES) as usize], mask: values - 1 }
    }

    /// By bits that neither sampling nor the part of the keys has fixed.
    fn place(&self, entry: u64) -> (usize, u32) {
        let value = (entry >> 34) & self.mask;
        ((value / Self::VALUES) as usize, 2 * (value % Self::VALUES) as u32)
    }

    fn add(&mut self, entry: u64) {
        let (word, bit) = self.place(entry);
        let known = self.words[word];
        self.words[word] = known | 1 << bit | (known >> bit & 1) << (bit + 1);
    }

    fn often(&self, entry: u64) -> bool {
        let (word, bit) = self.place(entry);
        self.words[word] >> (bit + 1) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finalise;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn what_several_have_is_left(
            stories in prop::collection::vec((any::<bool>(), prop::collection::vec(0u64..60, 0..12)), 0..12),
            cut in 0usize..12, quarter: bool,
        ) {
            let sampling = if quarter { Sampling::Quarter } else { Sampling::All };
            let cut = cut.min(stories.len());
            let mut keys = RareKeys::default();
            for (first, part) in [(0, &stories[..cut]), (cut, &stories[cut..])] {
                let mut block = RareKeys::default();
                for (place, (_, tokens)) in (0..).zip(part) {
                    let tokens: Vec<u64> = tokens.iter().map(|&token| finalise(token)).collect();
                    block.push(Sampling::All, &tokens, place);
                }
                keys.append(block, sampling, |place| place + first as u32);
            }
            let mut holders: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            let mut sizes = vec![BTreeSet::new(); stories.len()];
            for (story, (takes_part, tokens)) in (0..).zip(&stories) {
                let tokens: Vec<u64> = tokens.iter().map(|&token| finalise(token)).collect();
                if *takes_part && tokens.len() >= WIDTH {
                    shingles(&tokens, WIDTH, |hash| if sampling.keeps((hash >> 32) as u32) {
                        holders.entry((hash >> 32) as u32).or_default().insert(story);
                        sizes[story as usize].insert(hash >> 32);
                    });
                }
            }
            let mut found = Vec::new();
            let kept = keys.each_shared(stories.len(), |story| stories[story as usize].0, |run| found.push(run.to_vec()));
            prop_assert_eq!(kept, sizes.iter().map(|keys| keys.len() as u32).collect::<Vec<_>>());
            let entry = |key: u32, story: u32| u64::from(key) << 32 | u64::from(story);
            let expected: Vec<Vec<u64>> = holders
                .into_iter()
                .filter(|(_, holders)| holders.len() > 1)
                .map(|(key, holders)| holders.into_iter().map(|story| entry(key, story)).collect())
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
