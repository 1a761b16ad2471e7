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

    /// Whether a shingle is kept, by the upper half of its hash, which is what a key holds.
    fn keeps(self, hash: u64) -> bool {
        match self {
            Self::All => true,
            Self::Quarter => (hash >> 32).trailing_zeros() >= 2,
        }
    }
}

/// Keys of all stories: the upper half of a shingle's hash above the story's ordinal.
#[derive(Clone, Debug, Default)]
pub struct RareKeys {
    entries: Vec<u64>,
}

impl RareKeys {
    /// Adds the kept shingles of a story. Cost: as many hashes as tokens.
    pub fn push(&mut self, sampling: Sampling, tokens: &[u64], story: Ordinal) {
        if tokens.len() < WIDTH {
            return;
        }
        shingles(tokens, WIDTH, |hash| {
            if sampling.keeps(hash) {
                self.entries.push(hash & !u64::from(u32::MAX) | u64::from(story));
            }
        });
    }

    /// Adds other things than shingles that stories can share, by their hashes.
    pub fn push_marks(&mut self, marks: &[u32], story: Ordinal) {
        self.entries.extend(marks.iter().map(|&mark| u64::from(mark) << 32 | u64::from(story)));
    }

    /// How many keys `sampling` keeps.
    pub fn kept(&self, sampling: Sampling) -> usize {
        self.entries.iter().filter(|&&entry| sampling.keeps(entry)).count()
    }

    /// Makes room for just so many more keys.
    pub fn reserve(&mut self, more: usize) {
        self.entries.reserve_exact(more);
    }

    /// Adds those keys of `other` that `sampling` keeps; its stories are renumbered by `ordinal`.
    pub fn append(&mut self, other: Self, sampling: Sampling, ordinal: impl Fn(Ordinal) -> Ordinal) {
        let kept = other.entries.into_iter().filter(|&entry| sampling.keeps(entry));
        self.entries
            .extend(kept.map(|entry| entry & !u64::from(u32::MAX) | u64::from(ordinal(entry as Ordinal))));
    }

    /// Keeps the keys of the stories that `wanted` names.
    pub fn retain(&mut self, wanted: impl Fn(Ordinal) -> bool) {
        self.entries.retain(|&entry| wanted(entry as Ordinal));
    }

    /// The keys, ascending and distinct: half a hash above an ordinal. Cost: a sort, in parallel.
    pub fn sorted(self) -> Vec<u64> {
        let mut entries = self.entries;
        entries.par_sort_unstable();
        entries.dedup();
        entries
    }
}
