//! From token hashes to the rare-shingle keys of a story.

use crate::shingle::shingles;
use crate::story::Ordinal;
use rayon::prelude::*;

/// Tokens of a rare shingle.
pub const WIDTH: usize = 3;

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
    fn keeps(self, key: u32) -> bool {
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
            let key = (hash >> 32) as u32;
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

    /// The keys of each story that has any, in no promised order and with repeats; a story may
    /// come up more than once.
    pub fn runs(&self) -> impl Iterator<Item = (Ordinal, &[u32])> {
        self.blocks.iter().flat_map(Block::runs)
    }

    /// The keys, ascending and distinct, each above the story that has it. Cost: a sort, in
    /// parallel; 8 bytes a key.
    pub fn sorted(self) -> Vec<u64> {
        let entry = |key: u32, story: Ordinal| u64::from(key) << 32 | u64::from(story);
        let mut entries: Vec<u64> = Vec::with_capacity(self.blocks.iter().map(|block| block.keys.len()).sum());
        for block in self.blocks {
            let all = block.runs().flat_map(|(story, keys)| keys.iter().map(move |&key| entry(key, story)));
            entries.extend(all);
        }
        entries.par_sort_unstable();
        entries.dedup();
        entries
    }

    /// Those of [`sorted`](Self::sorted) that stories for which `takes_part` holds have, without
    /// nearly all keys that only one of them has; and how many distinct keys each of `stories`
    /// stories has. Cost: two passes over the keys with 4 bits each, and a sort of what is left,
    /// in parallel; 8 bytes a key that is left.
    pub fn shared(self, stories: usize, takes_part: impl Fn(Ordinal) -> bool) -> (Vec<u64>, Vec<u32>) {
        let mut kept = vec![0; stories];
        let mut seen = Seen::new(self.blocks.iter().map(|block| block.keys.len()).sum());
        for (story, keys) in self.runs().filter(|&(story, _)| takes_part(story)) {
            kept[story as usize] += keys.len() as u32;
            keys.iter().for_each(|&key| seen.add(key));
        }
        let mut entries: Vec<u64> = Vec::new();
        for block in self.blocks {
            for (story, keys) in block.runs().filter(|&(story, _)| takes_part(story)) {
                let often = keys.iter().filter(|&&key| seen.often(key));
                entries.extend(often.map(|&key| u64::from(key) << 32 | u64::from(story)));
            }
        }
        drop(seen);
        entries.par_sort_unstable();
        let mut last = None;
        entries.retain(|&entry| {
            let repeats = last.replace(entry) == Some(entry);
            kept[entry as Ordinal as usize] -= u32::from(repeats);
            !repeats
        });
        (entries, kept)
    }
}

/// Which keys came up once, and which more often, by their highest bits: two bits for every
/// value of these.
struct Seen {
    words: Vec<u64>,
    shift: u32,
}

impl Seen {
    /// Values a word.
    const VALUES: u32 = u64::BITS / 2;

    /// For so many keys: one in eight of those that come up once meets another by its highest bits.
    fn new(keys: usize) -> Self {
        let bits = (4 * keys).next_power_of_two().trailing_zeros().clamp(5, 30);
        Self { words: vec![0; (1usize << bits) / Self::VALUES as usize], shift: 32 - bits }
    }

    fn place(&self, key: u32) -> (usize, u32) {
        let value = key >> self.shift;
        ((value / Self::VALUES) as usize, 2 * (value % Self::VALUES))
    }

    fn add(&mut self, key: u32) {
        let (word, bit) = self.place(key);
        let known = self.words[word];
        self.words[word] = known | 1 << bit | (known >> bit & 1) << (bit + 1);
    }

    fn often(&self, key: u32) -> bool {
        let (word, bit) = self.place(key);
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
            let (entries, kept) = keys.shared(stories.len(), |story| stories[story as usize].0);
            prop_assert_eq!(kept, sizes.iter().map(|keys| keys.len() as u32).collect::<Vec<_>>());
            prop_assert!(entries.windows(2).all(|pair| pair[0] < pair[1]));
            let found = |key: u32| entries.iter().filter(move |&&entry| (entry >> 32) as u32 == key).map(|&entry| entry as u32);
            for (key, holders) in holders.into_iter().filter(|(_, holders)| holders.len() > 1) {
                prop_assert_eq!(found(key).collect::<BTreeSet<_>>(), holders);
            }
        }
    }
}
