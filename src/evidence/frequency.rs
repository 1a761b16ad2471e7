//! From a sample of stories to how telling a word is.
//!
//! Words are taken by their stem, the first five characters: a rule for every language that
//! inflects at the end, without a word list. The weight of a stem is its inverse document
//! frequency (Spärck Jones 1972) over the corpus and, so that two or three stories alone can be
//! compared, over a built-in table of common stems, made by `train/common_stems` from counts.

use crate::hash;
use crate::text::{self, Token};
use ahash::AHashMap;
use std::sync::LazyLock;

/// Characters of a stem.
pub const STEM: usize = 5;

/// The hash of a token's stem.
pub fn stem(token: &Token<'_>) -> u32 {
    stem_of(token.text)
}

/// The same of the bytes of a token.
pub fn stem_of(token: &[u8]) -> u32 {
    let end = match token.get(..STEM) {
        None if token.is_ascii() => token.len(),
        Some(opening) if opening.is_ascii() => STEM,
        _ => std::str::from_utf8(token)
            .ok()
            .and_then(|t| t.char_indices().nth(STEM))
            .map_or(token.len(), |(i, _)| i),
    };
    (hash::word(&token[..end]) >> 32) as u32
}

/// The same of an ASCII token of `len` bytes, given as [`hash::short_word`] takes it.
pub fn short_stem(token: u128, len: usize) -> u32 {
    let opening = u128::MAX >> (128 - 8 * STEM);
    (hash::short_word(token & opening, len.min(STEM)) >> 32) as u32
}

/// The stems of the tokens of `text`, which is repaired, in order.
pub fn stems(text: &str) -> Vec<u32> {
    let mut stems = Vec::with_capacity(text.len() / 5);
    text::tokens(text, &mut stems, short_stem, stem_of);
    stems
}

/// How many stories, in the built-in table, its shares stand for: enough to tell `the` from
/// `ferry` in a corpus of two, too few to be felt in one of thousands.
const BACKGROUND: f64 = 300.0;

/// Share of the stories of its language, in thousandths, that hold a common stem.
static COMMON: LazyLock<AHashMap<u32, u16>> = LazyLock::new(|| {
    let rows = include_str!("common_stems.tsv").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        line.split_once('\t').and_then(|(stem, share)| Some((stem, share.parse().ok()?)))
    };
    rows.filter_map(row).map(|(stem, share)| ((hash::word(stem.as_bytes()) >> 32) as u32, share)).collect()
});

/// Document frequencies of stems over a sample of stories.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    stories: u32,
    counts: AHashMap<u32, u32>,
}

impl Frequencies {
    /// Of `stories` stories, in how many of which each stem stands. Those that gave
    /// [`Frequencies::counts`] have the same weights.
    pub fn of_counts(stories: u32, counts: impl IntoIterator<Item = (u32, u32)>) -> Self {
        Self { stories, counts: counts.into_iter().collect() }
    }

    /// Adds a story by the stems of its body, in any order, repeats allowed; leaves each once,
    /// ascending.
    pub fn add(&mut self, stems: &mut Vec<u32>) {
        self.stories += 1;
        super::topic::settle(stems);
        for &stem in &*stems {
            *self.counts.entry(stem).or_default() += 1;
        }
    }

    /// How many stories there are, and how many of them hold each stem, by stem; without those of
    /// one or two stories.
    pub fn counts(&self) -> (u32, Vec<(u32, u32)>) {
        let mut counts: Vec<(u32, u32)> = self.known().map(|(&stem, &count)| (stem, count)).collect();
        counts.sort_unstable();
        (self.stories, counts)
    }

    /// The stems with their counts, in no order. What one or two stories hold weighs as what none
    /// does, and would make a table too large for the caches of a processor.
    fn known(&self) -> impl Iterator<Item = (&u32, &u32)> {
        self.counts.iter().filter(|(_, count)| **count > 2)
    }

    /// The weight of every stem. Cost: one logarithm a known stem.
    pub fn weights(&self) -> Weights {
        let stems = || self.known().map(|(stem, _)| stem).chain(COMMON.keys());
        let mut weights = Weights::with_room(stems().count(), self.weight_of(2, 0));
        stems().for_each(|&stem| weights.insert(stem, self.weight(stem)));
        weights
    }

    fn weight(&self, stem: u32) -> f32 {
        let own = self.counts.get(&stem).copied().unwrap_or_default();
        self.weight_of(own, COMMON.get(&stem).copied().unwrap_or_default())
    }

    /// At least 0. No stem counts as rarer than the pair that shares it.
    fn weight_of(&self, own: u32, common: u16) -> f32 {
        let all = f64::from(self.stories) + BACKGROUND + 1.0;
        let with = f64::from(own.max(2)) + f64::from(common) / 1e3 * BACKGROUND + 0.5;
        libm::log(all / with).max(0.0) as f32
    }
}

/// How telling each stem is. Every distinct word of every compared story is looked up here, so
/// the table is flat: a stem, which is a hash, stands within a few places of where it says.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Weights are at least 0; where nothing is known stands [`Weights::NONE`].
    table: Vec<(u32, f32)>,
    shift: u32,
    /// What found no room near its place.
    crowded: AHashMap<u32, f32>,
    unknown: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self::with_room(0, 0.0)
    }
}

impl Weights {
    const NONE: f32 = -1.0;
    /// Places from its own at which a stem may stand.
    const NEAR: usize = 16;

    fn with_room(stems: usize, unknown: f32) -> Self {
        let bits = (2 * stems).next_power_of_two().trailing_zeros().clamp(1, 31);
        let table = vec![(0, Self::NONE); (1 << bits) + Self::NEAR];
        Self { table, shift: 32 - bits, crowded: AHashMap::new(), unknown }
    }

    fn insert(&mut self, stem: u32, weight: f32) {
        let home = (stem >> self.shift) as usize;
        let near = self.table[home..home + Self::NEAR].iter_mut();
        match near.into_iter().find(|(known, held)| *held < 0.0 || *known == stem) {
            Some(slot) => *slot = (stem, weight),
            None => _ = self.crowded.insert(stem, weight),
        }
    }

    /// Looks at the places of `stems` all at once, with no branch on what is there, so that the
    /// processor waits for memory once and not for each.
    pub fn fetch(&self, stems: impl Iterator<Item = u32>) {
        let at = |stem: u32| self.table[(stem >> self.shift) as usize].0;
        std::hint::black_box(stems.fold(0, |all, stem| all ^ at(stem)));
    }

    /// The weight of a stem: at least 0, most for a stem that was never seen.
    pub fn of(&self, stem: u32) -> f32 {
        let home = (stem >> self.shift) as usize;
        for &(known, weight) in &self.table[home..home + Self::NEAR] {
            if weight < 0.0 {
                return self.unknown;
            }
            if known == stem {
                return weight;
            }
        }
        self.crowded.get(&stem).copied().unwrap_or(self.unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stem(word: &str) -> u32 {
        stems(word)[0]
    }

    #[test]
    fn inflections_share_a_stem() {
        assert_eq!(stem("Lukashenko"), stem("Lukashenka"));
        assert_eq!(stem("операции"), stem("операция"));
        assert_ne!(stem("ferry"), stem("ferri"));
    }

    #[test]
    fn common_words_weigh_less_even_in_a_corpus_of_two() {
        let mut frequencies = Frequencies::default();
        for _ in 0..2 {
            frequencies.add(&mut vec![stem("the"), stem("ferry"), stem("в"), stem("паром")]);
        }
        let weights = frequencies.weights();
        let weight = |word| weights.of(stem(word));
        assert!(weight("ferry") <= weight("zeppelin"));
        assert!(weight("ferry") > 4.0 * weight("the"), "{} {}", weight("ferry"), weight("the"));
        assert!(weight("паром") > 4.0 * weight("в"), "{} {}", weight("паром"), weight("в"));
    }

    proptest! {
        #[test]
        fn short_tokens_have_the_same_stems(token in "[a-z0-9]{1,16}") {
            let mut padded = [0; hash::SHORT_WORD];
            padded[..token.len()].copy_from_slice(token.as_bytes());
            prop_assert_eq!(short_stem(u128::from_le_bytes(padded), token.len()), stem_of(token.as_bytes()));
        }
    }

    #[test]
    fn crowded_stems_keep_their_weights() {
        let mut weights = Weights::with_room(100, 9.0);
        (0..100u8).for_each(|stem| weights.insert(stem.into(), f32::from(stem)));
        assert!((0..100u8).all(|stem| weights.of(stem.into()).to_bits() == f32::from(stem).to_bits()));
        assert!((weights.of(100) - 9.0).abs() < 1e-6 && (weights.of(u32::MAX) - 9.0).abs() < 1e-6);
    }
}
