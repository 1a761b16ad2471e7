//! From a sample of stories to how telling a word is.
//!
//! Words are taken by their stem, the first five characters: a rule for every language that
//! inflects at the end, without a word list. The weight of a stem is its inverse document
//! frequency (Spärck Jones 1972) over the corpus and, so that two or three stories alone can be
//! compared, over a built-in table of common stems, made by `train/common_stems` from counts.

use crate::hash;
use crate::text::Token;
use ahash::AHashMap;
use std::sync::LazyLock;

/// Characters of a stem.
pub const STEM: usize = 5;

/// The hash of a token's stem.
pub fn stem(token: &Token<'_>) -> u32 {
    let text = token.text;
    let end = match text.get(..STEM) {
        None if text.is_ascii() => text.len(),
        Some(opening) if opening.is_ascii() => STEM,
        _ => std::str::from_utf8(text)
            .ok()
            .and_then(|t| t.char_indices().nth(STEM))
            .map_or(text.len(), |(i, _)| i),
    };
    (hash::word(&text[..end]) >> 32) as u32
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
    /// Adds a story by the stems of its body, in any order, repeats allowed; sorts them.
    pub fn add(&mut self, stems: &mut Vec<u32>) {
        self.stories += 1;
        stems.sort_unstable();
        stems.dedup();
        for &stem in &*stems {
            *self.counts.entry(stem).or_default() += 1;
        }
    }

    /// How many stories there are, and how many of them hold each stem, by stem; without those of
    /// one or two stories, which weigh as unknown ones do.
    pub fn counts(&self) -> (u32, Vec<(u32, u32)>) {
        let mut counts: Vec<(u32, u32)> = self
            .counts
            .iter()
            .filter(|(_, count)| **count > 2)
            .map(|(&stem, &count)| (stem, count))
            .collect();
        counts.sort_unstable();
        (self.stories, counts)
    }

    /// The frequencies that gave these [`Frequencies::counts`]: their weights are the same.
    pub fn of_counts(stories: u32, counts: impl Iterator<Item = (u32, u32)>) -> Self {
        Self { stories, counts: counts.collect() }
    }

    /// The weight of every stem. Cost: one logarithm a known stem.
    pub fn weights(&self) -> Weights {
        let stems = self.counts.keys().chain(COMMON.keys());
        let known = stems.map(|&stem| (stem, self.weight(stem))).collect();
        Weights { known, unknown: self.weight_of(2, 0) }
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

/// How telling each stem is.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    known: AHashMap<u32, f32>,
    unknown: f32,
}

impl Weights {
    /// The weight of a stem: at least 0, most for a stem that was never seen.
    pub fn of(&self, stem: u32) -> f32 {
        self.known.get(&stem).copied().unwrap_or(self.unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenise;

    fn stem_of(word: &str) -> u32 {
        let mut found = 0;
        tokenise(word, |token| found = stem(&token));
        found
    }

    #[test]
    fn inflections_share_a_stem() {
        assert_eq!(stem_of("Lukashenko"), stem_of("Lukashenka"));
        assert_eq!(stem_of("операции"), stem_of("операция"));
        assert_ne!(stem_of("ferry"), stem_of("ferri"));
    }

    #[test]
    fn common_words_weigh_less_even_in_a_corpus_of_two() {
        let mut frequencies = Frequencies::default();
        for _ in 0..2 {
            frequencies.add(&mut vec![stem_of("the"), stem_of("ferry"), stem_of("в"), stem_of("паром")]);
        }
        let weights = frequencies.weights();
        let weight = |word| weights.of(stem_of(word));
        assert!(weight("ferry") <= weight("zeppelin"));
        assert!(weight("ferry") > 4.0 * weight("the"), "{} {}", weight("ferry"), weight("the"));
        assert!(weight("паром") > 4.0 * weight("в"), "{} {}", weight("паром"), weight("в"));
    }
}
