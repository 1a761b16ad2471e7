//! From the keys of many stories, as they come, to those that several stories have: in memory, or, beyond
//! an allowance, in a temporary file.

use super::keys::{RareKeys, Sampling};
use crate::error::Result;
use crate::spool::{Place, Spool};
use crate::story::Ordinal;
use rayon::prelude::*;

/// Keys that are sorted together, until there are eight parts.
const TOGETHER: usize = 1 << 22;

/// Keys for which room is made at once.
const ROOM: usize = 1 << 14;

/// Bytes that a key takes while it is sorted.
const SORTED: u64 = 16;

/// The keys of all stories: 4 bytes a key.
#[derive(Debug)]
pub struct Gathered {
    keys: Spool<u32>,
    /// For each slab, whose keys lie in it, and where those of each end.
    ends: Vec<Vec<(Ordinal, u32)>>,
    sampling: Sampling,
    allowance: u64,
}

impl Default for Gathered {
    fn default() -> Self {
        Self::within(u64::MAX)
    }
}

impl From<RareKeys> for Gathered {
    fn from(keys: RareKeys) -> Self {
        let mut gathered = Self::default();
        gathered.gather(&keys, 0);
        gathered
    }
}

impl Gathered {
    /// No keys yet, of which about `allowance` bytes may be held in memory.
    pub fn within(allowance: u64) -> Self {
        Self { keys: Spool::new(allowance), ends: Vec::new(), sampling: Sampling::All, allowance }
    }

    /// Adds some keys; the stories they are of are numbered from `first` on. Cost: a copy.
    pub fn gather(&mut self, keys: &RareKeys, first: Ordinal) {
        if keys.keys().is_empty() {
            return;
        }
        let Place { slab, start, .. } = self.keys.push(keys.keys());
        self.ends.resize_with(slab as usize + 1, Vec::new);
        let ends = keys.ends().iter().map(|&(story, end)| (first + story, start + end));
        self.ends[slab as usize].extend(ends);
    }

    /// To be called once all keys are there: only those that `sampling` keeps count from now on, and
    /// stories are called by the numbers that `number` gives them. Cost: one step a story.
    pub fn settle(&mut self, sampling: Sampling, number: impl Fn(Ordinal) -> Ordinal) {
        self.keys.finish();
        self.sampling = sampling;
        self.renumber(number);
    }

    /// Calls each story by the number that `number` gives it. Cost: one step a story.
    pub(super) fn renumber(&mut self, number: impl Fn(Ordinal) -> Ordinal) {
        self.ends.iter_mut().flatten().for_each(|(story, _)| *story = number(*story));
    }

    /// How many keys there are at most, repeats included.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that what comes of the keys may take.
    pub(super) fn allowance(&self) -> u64 {
        self.allowance
    }

    /// Calls `each` with every key and the story that has it, in no promised order and with repeats.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub fn each(&self, mut each: impl FnMut(u32, Ordinal)) -> Result<()> {
        for (slab, ends) in self.ends.iter().enumerate() {
            let (keys, mut start) = (self.keys.slab(slab), 0);
            for &(story, end) in ends {
                let kept = keys[start..end as usize].iter().filter(|&&key| self.sampling.keeps(key));
                kept.for_each(|&key| each(key, story));
                start = end as usize;
            }
        }
        self.keys.sound()
    }

    /// Moves the keys for which `is_taken` holds to `entries`, each above its story, counts them for it,
    /// and drops those of stories that take no part. No branch asks which: it cannot be foreseen.
    fn take(
        &mut self,
        takes_part: impl Fn(Ordinal) -> bool,
        is_taken: impl Fn(u32) -> bool,
        (entries, counts): (&mut Vec<u64>, &mut [u32]),
    ) {
        let sampling = self.sampling;
        for (slab, ends) in self.ends.iter_mut().enumerate() {
            let filed = self.keys.held(slab).is_none().then(|| self.keys.slab(slab).into_owned());
            let is_filed = filed.is_some();
            let mut filed = filed.unwrap_or_default();
            let keys = self.keys.held(slab).unwrap_or(&mut filed);
            let (mut start, mut left, mut taken) = (0, 0, entries.len());
            for (story, end) in ends {
                let stop = if is_filed { *end } else { std::mem::replace(end, left as u32) } as usize;
                if takes_part(*story) {
                    let before = taken;
                    // Room for all of them, and for some stories more, so that it is rarely asked for.
                    if entries.len() < taken + stop - start {
                        entries.resize(taken + stop - start + ROOM, 0);
                    }
                    for i in start..stop {
                        let key = keys[i];
                        let keeps = usize::from(sampling.keeps(key));
                        let takes = keeps & usize::from(is_taken(key));
                        entries[taken] = u64::from(key) << 32 | u64::from(*story);
                        keys[left] = key;
                        (taken, left) = (taken + takes, left + keeps - takes);
                    }
                    counts[*story as usize] += (taken - before) as u32;
                    if !is_filed {
                        *end = left as u32;
                    }
                }
                start = stop;
            }
            entries.truncate(taken);
            keys.truncate(left);
            // What comes of the keys needs the room.
            keys.shrink_to_fit();
        }
    }

    /// Calls `each` for every key that several of the stories have for which `takes_part` holds,
    /// by key, with these stories ascending, each below its key in one number.
    /// Gives back how many distinct keys each of `stories` stories has. Cost: a few passes over
    /// the keys that are left, and sorts, in parallel, of little more than those of several stories; 8 bytes for
    /// at most every fourth or eighth key of a large corpus.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub fn each_shared(
        mut self,
        stories: usize,
        takes_part: impl Fn(Ordinal) -> bool,
        mut each: impl FnMut(&[u64]),
    ) -> Result<Vec<u32>> {
        let all = self.len();
        let bounded = (all as u64 * SORTED / self.allowance.max(1)).next_power_of_two().min(256);
        let parts = (all / TOGETHER + 1).next_power_of_two().min(8).max(bounded as usize);
        let shift = 32 - parts.trailing_zeros();
        let mut kept = vec![0; stories];
        let mut entries: Vec<u64> = Vec::new();
        for part in 0..parts as u64 {
            entries.clear();
            self.take(&takes_part, |key| u64::from(key) >> shift == part, (&mut entries, &mut kept));
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
        self.keys.sound()?;
        Ok(kept)
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
#[inline]
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
    use crate::rare::keys::WIDTH;
    use crate::shingle::shingles;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn what_several_have_is_left(
            stories in prop::collection::vec((any::<bool>(), prop::collection::vec(0u64..60, 0..12)), 0..12),
            cut in 0usize..12, quarter: bool, allowance in prop::sample::select(vec![0, 1 << 7, u64::MAX]),
        ) {
            let sampling = if quarter { Sampling::Quarter } else { Sampling::All };
            let cut = cut.min(stories.len());
            let mut keys = Gathered::within(allowance);
            for (first, part) in [(0, &stories[..cut]), (cut, &stories[cut..])] {
                let mut block = RareKeys::default();
                for (place, (_, tokens)) in (0..).zip(part) {
                    let tokens: Vec<u64> = tokens.iter().map(|&token| finalise(token)).collect();
                    block.push(Sampling::All, &tokens, place);
                }
                keys.gather(&block, first as u32);
            }
            keys.settle(sampling, |story| story);
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
            let kept = keys.each_shared(stories.len(), |story| stories[story as usize].0, |run| found.push(run.to_vec())).unwrap();
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
