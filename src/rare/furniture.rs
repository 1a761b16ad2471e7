//! From the stories that hold a shingle to the furniture of a source: what it prints again and again,
//! whatever the story is about.

use super::Sampling;
use super::keys::{WIDTH, key};
use crate::shingle::shingles;
use ahash::{AHashMap, AHashSet};
use std::ops::Range;

/// Stories of one source, no two of whose headlines have a stem in common, from which what all of
/// them hold is furniture.
const STORIES: usize = 3;

/// Tokens of the shortest furniture: what is shorter is a phrase that a desk is fond of.
const SHORTEST: usize = 16;

/// Kept shingles of the shortest furniture, where only some are kept.
const KEPT: usize = 3;

/// Under which headline which source printed a story.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heading<'a> {
    /// The number of the source; `None` where it is not known.
    pub source: Option<u32>,
    /// The stems of the headline, ascending.
    pub stems: &'a [u32],
}

impl Heading<'_> {
    /// Whether the headline has no word that `other` has.
    fn is_unlike(&self, other: &Self) -> bool {
        !self.stems.iter().any(|stem| other.stems.binary_search(stem).is_ok())
    }
}

/// The kept shingles that are furniture, by source.
#[derive(Clone, Debug, Default)]
pub struct Furniture {
    keys: AHashMap<u32, AHashSet<u32>>,
}

impl Furniture {
    /// Looks at the stories that hold the shingle of `key`, of several sources, in an order that
    /// depends on the stories alone. Cost: a sort of those whose source and headline are known.
    pub fn count<'a>(&mut self, key: u32, holders: impl Iterator<Item = Heading<'a>>) {
        if holders.size_hint().1.is_some_and(|most| most < STORIES) {
            return;
        }
        let mut holders: Vec<(u32, Heading<'a>)> =
            holders.filter(|of| !of.stems.is_empty()).filter_map(|of| Some((of.source?, of))).collect();
        if holders.len() < STORIES {
            return;
        }
        holders.sort_by_key(|&(source, _)| source);
        for of_one in holders.chunk_by(|(x, _), (y, _)| x == y) {
            let mut unlike: Vec<&Heading<'a>> = Vec::new();
            for (source, holder) in of_one {
                if unlike.iter().all(|other| holder.is_unlike(other)) {
                    unlike.push(holder);
                }
                if unlike.len() == STORIES {
                    self.keys.entry(*source).or_default().insert(key);
                    break;
                }
            }
        }
    }

    /// The furniture in the tokens of a story of a source, by their hashes, ascending: stretches of
    /// sixteen tokens or more in which every kept shingle is furniture. Cost: a hash a token.
    pub fn stretches(&self, sampling: Sampling, source: Option<u32>, tokens: &[u64]) -> Vec<Range<usize>> {
        let mut stretches = Vec::new();
        let Some(keys) = source.and_then(|source| self.keys.get(&source)) else { return stretches };
        if tokens.len() < SHORTEST {
            return stretches;
        }
        // Tokens so far, and the kept shingles in them.
        let (mut open, mut kept, mut at) = (0..0, 0, 0);
        let mut close = |open: &Range<usize>, kept: usize| {
            if open.len() >= SHORTEST && kept >= KEPT {
                stretches.push(open.clone());
            }
        };
        shingles(tokens, WIDTH, |hash| {
            let key = key(hash);
            if sampling.keeps(key) {
                if !keys.contains(&key) {
                    close(&open, kept);
                    (open, kept) = (0..0, 0);
                } else if kept == 0 {
                    (open, kept) = (at..at + WIDTH, 1);
                } else {
                    (open.end, kept) = (at + WIDTH, kept + 1);
                }
            }
            at += 1;
        });
        close(&open, kept);
        // One may open within the last tokens of another.
        for i in 1..stretches.len() {
            stretches[i].start = stretches[i].start.max(stretches[i - 1].end);
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rare::{Gathered, RareKeys};
    use crate::story::Ordinal;

    /// Counts all shingles of `stories`, each of one source under one headline.
    fn counted(stories: &[(u32, Vec<u32>, Vec<u64>)]) -> Furniture {
        let mut keys = RareKeys::default();
        for (story, (.., tokens)) in (0..).zip(stories) {
            keys.push(Sampling::All, tokens, story);
        }
        let mut furniture = Furniture::default();
        let each_shared = Gathered::from(keys).each_shared(
            stories.len(),
            |_| true,
            |run| {
                let headings = run.iter().map(|&entry| {
                    let (source, stems, _) = &stories[entry as Ordinal as usize];
                    Heading { source: Some(*source), stems }
                });
                furniture.count((run[0] >> 32) as u32, headings);
            },
        );
        each_shared.unwrap();
        furniture
    }

    fn story(source: u32, headline: &[u32], own: u64, block: Range<u64>) -> (u32, Vec<u32>, Vec<u64>) {
        (source, headline.to_vec(), (own..own + 30).chain(block).chain(own + 30..own + 60).collect())
    }

    #[test]
    fn what_one_source_prints_under_three_unlike_headlines_is_furniture() {
        let of = |headlines: [&[u32]; 3], sources: [u32; 3], length: u64| {
            let stories: Vec<_> = (0..3)
                .map(|i| story(sources[i], headlines[i], 1_000 * (i as u64 + 1), 1..1 + length))
                .collect();
            let furniture = counted(&stories);
            furniture.stretches(Sampling::All, Some(sources[0]), &stories[0].2)
        };
        assert_eq!(of([&[1, 2], &[3], &[4, 5]], [7, 7, 7], 20), std::iter::once(30..50).collect::<Vec<_>>());
        assert!(of([&[1, 2], &[3], &[1, 5]], [7, 7, 7], 20).is_empty(), "two tell of one matter");
        assert!(of([&[1, 2], &[3], &[4, 5]], [7, 7, 8], 20).is_empty(), "another source");
        assert!(of([&[1, 2], &[3], &[]], [7, 7, 7], 20).is_empty(), "no headline says nothing");
        assert!(of([&[1, 2], &[3], &[4, 5]], [7, 7, 7], 12).is_empty(), "a phrase");
    }

    #[test]
    fn furniture_is_found_where_a_quarter_of_the_shingles_is_kept() {
        let stories: Vec<_> = (0..3).map(|i| story(7, &[i], 1_000 * (u64::from(i) + 1), 1..201)).collect();
        let stories: Vec<_> = stories
            .into_iter()
            .map(|(source, stems, tokens)| {
                (source, stems, tokens.into_iter().map(crate::hash::finalise).collect::<Vec<u64>>())
            })
            .collect();
        let furniture = counted(&stories);
        let found = furniture.stretches(Sampling::Quarter, Some(7), &stories[1].2);
        let [stretch] = &found[..] else { panic!("{found:?}") };
        assert!(stretch.start >= 30 && stretch.end <= 230 && stretch.len() > 150, "{stretch:?}");
    }
}
