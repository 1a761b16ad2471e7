//! From token hashes to the rare-shingle keys of a story.

use crate::shingle::shingles;
use crate::story::Ordinal;

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
    pub(crate) fn keeps(self, key: u32) -> bool {
        match self {
            Self::All => true,
            Self::Quarter => key.trailing_zeros() >= 2,
        }
    }
}

/// Keys of some stories, each the upper half of a shingle's hash: 4 bytes a key.
#[derive(Clone, Debug, Default)]
pub struct RareKeys {
    keys: Vec<u32>,
    /// Stories that have keys, some more than once, and where the keys of each end.
    ends: Vec<(Ordinal, u32)>,
}

impl RareKeys {
    /// Adds the kept shingles of a story. Cost: as many hashes as tokens.
    pub fn push(&mut self, sampling: Sampling, tokens: &[u64], story: Ordinal) {
        if tokens.len() < WIDTH {
            return;
        }
        let mut end = self.keys.len();
        // Written in any case, kept or not: whether one is kept cannot be foreseen.
        self.keys.resize(end + tokens.len(), 0);
        shingles(tokens, WIDTH, |hash| {
            let key = key(hash);
            self.keys[end] = key;
            end += usize::from(sampling.keeps(key));
        });
        self.keys.truncate(end);
        self.close(story);
    }

    /// Adds other things than shingles that stories can share, by their hashes.
    pub fn push_marks(&mut self, marks: impl IntoIterator<Item = u32>, story: Ordinal) {
        self.keys.extend(marks);
        self.close(story);
    }

    fn close(&mut self, story: Ordinal) {
        let end = self.keys.len() as u32;
        if self.ends.last().map_or(0, |&(_, end)| end) < end {
            self.ends.push((story, end));
        }
    }

    /// The keys, in the order in which they came, repeats included.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Stories that have keys, some more than once, and where in [`keys`](Self::keys) those of each end.
    pub(super) fn ends(&self) -> &[(Ordinal, u32)] {
        &self.ends
    }

    /// The keys, ascending and distinct. Cost: a sort.
    pub fn distinct(mut self) -> Vec<u32> {
        self.keys.sort_unstable();
        self.keys.dedup();
        self.keys
    }

    /// Drops all keys, and keeps the memory for others.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.ends.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finalise;

    #[test]
    fn a_quarter_is_one_in_four_whatever_the_shingles() {
        let kept = (0..100_000).filter(|&number| Sampling::Quarter.keeps(key(finalise(number)))).count();
        assert!((24_000..26_000).contains(&kept), "{kept} of 100,000");
    }
}
