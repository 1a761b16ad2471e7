//! From two token sequences to the stretches of text they share, small changes and all.
//!
//! The seeds are the shared [`passages`] of [`SEED`] tokens or more. They are chained as aligners of
//! genomes chain theirs (minimap2; Li 2018): a token in both counts one, a token that differs in a
//! gap costs one, and a chain ends where it is worth most. So a stretch goes on over a changed word
//! or a line that one text lost, and not over what merely follows it.

use super::passage::{Passage, passages};
use std::ops::Range;

/// A stretch of two texts, by its places in both.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stretch {
    /// Tokens of the first text.
    pub a: Range<usize>,
    /// Tokens of the second.
    pub b: Range<usize>,
    /// How many tokens inside differ: between two runs that both have, those of the side that has
    /// more, without what both have there in the same order.
    pub changed: usize,
}

/// Tokens of the shortest run that a stretch is built on.
pub const SEED: usize = 3;

/// Tokens between two runs of one stretch at most, on either side.
pub const GAP: usize = 20;

/// Runs before one that it may follow: in a gap there is room for few.
const BACK: usize = 16;

/// The stretches of at least `least` tokens on either side, in the order of the first text; no token
/// is in two of them. Cost: that of [`passages`], and a few steps a run.
pub fn stretches<T: Copy + Eq + Into<u64>>(a: &[T], b: &[T], least: usize) -> Vec<Stretch> {
    let runs = passages(a, b, SEED.min(least.max(1)));
    let chains = chains(&runs);
    let stretch = |chain: Vec<usize>| {
        let (first, last) = (&runs[chain[0]], &runs[chain[chain.len() - 1]]);
        let gaps = chain.windows(2).map(|pair| {
            let (before, after) = (&runs[pair[0]], &runs[pair[1]]);
            differ(&a[before.a.end..after.a.start], &b[before.b.end..after.b.start])
        });
        Stretch { a: first.a.start..last.a.end, b: first.b.start..last.b.end, changed: gaps.sum() }
    };
    let is_long = |found: &Stretch| found.a.len().min(found.b.len()) >= least;
    let mut found: Vec<Stretch> = chains.into_iter().map(stretch).filter(is_long).collect();
    found.sort_by_key(|stretch| stretch.a.start);
    found
}

/// What it costs to go from one run to a later one; `None` where that is no gap.
fn cost(before: &Passage, after: &Passage) -> Option<usize> {
    let a = after.a.start.checked_sub(before.a.end)?;
    let b = after.b.start.checked_sub(before.b.end)?;
    (a.max(b) <= GAP).then_some(a.max(b))
}

/// Runs, by number, as chains: the most worthy first, no run in two.
fn chains(runs: &[Passage]) -> Vec<Vec<usize>> {
    let mut worth: Vec<usize> = runs.iter().map(Passage::len).collect();
    let mut before: Vec<Option<usize>> = vec![None; runs.len()];
    for i in 0..runs.len() {
        let own = worth[i];
        for j in (i.saturating_sub(BACK)..i).rev() {
            let Some(gain) = cost(&runs[j], &runs[i]).and_then(|cost| worth[j].checked_sub(cost)) else {
                continue;
            };
            if own + gain > worth[i] {
                (worth[i], before[i]) = (own + gain, Some(j));
            }
        }
    }
    let mut ends: Vec<usize> = (0..runs.len()).collect();
    ends.sort_by_key(|&end| (std::cmp::Reverse(worth[end]), end));
    let mut used = vec![false; runs.len()];
    let mut chains = Vec::new();
    for end in ends {
        let mut chain = Vec::new();
        let mut next = Some(end).filter(|&end| !used[end]);
        while let Some(run) = next {
            used[run] = true;
            chain.push(run);
            next = before[run].filter(|&before| !used[before]);
        }
        chain.reverse();
        chains.extend((!chain.is_empty()).then_some(chain));
    }
    chains
}

/// How many tokens of two gaps differ: the longer one less the longest sequence that both have.
fn differ<T: Eq>(a: &[T], b: &[T]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    a.len().max(b.len()) - row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(words: impl IntoIterator<Item = u64>) -> Vec<u64> {
        words.into_iter().map(crate::hash::finalise).collect()
    }

    #[test]
    fn a_stretch_goes_on_over_small_changes() {
        let a = text((0..10).chain(100..120).chain(20..30));
        let b = text((40..45).chain(100..108).chain([7_000]).chain(109..113).chain(115..120).chain(50..60));
        let found = stretches(&a, &b, 10);
        assert_eq!(found, [Stretch { a: 10..30, b: 5..23, changed: 3 }]);
    }

    #[test]
    fn what_stands_far_apart_is_not_one_stretch() {
        let gap = GAP as u64 + 1;
        let a = text((0..30).chain(100..100 + gap).chain(30..60));
        let b = text((0..30).chain(200..200 + gap).chain(30..60));
        assert_eq!(stretches(&a, &b, 25).len(), 2);
        let (a, b) =
            (text((0..30).chain(100..105).chain(30..60)), text((0..30).chain(200..205).chain(30..60)));
        assert_eq!(stretches(&a, &b, 25), [Stretch { a: 0..65, b: 0..65, changed: 5 }]);
    }

    #[test]
    fn a_chance_run_beside_a_stretch_does_not_lengthen_it() {
        let a = text((100..130).chain(0..5).chain([900, 901, 902]));
        let b = text((100..130).chain(10..15).chain([900, 901, 902]));
        assert_eq!(stretches(&a, &b, 25), [Stretch { a: 0..30, b: 0..30, changed: 0 }]);
    }

    proptest! {
        #[test]
        fn stretches_are_apart_and_no_shorter_than_asked(
            a in prop::collection::vec(0u64..6, 0..80), b in prop::collection::vec(0u64..6, 0..80), least in 1usize..12,
        ) {
            let (mut used_a, mut covered) = (vec![false; a.len()], 0);
            for found in stretches(&a, &b, least) {
                prop_assert!(found.a.len().min(found.b.len()) >= least);
                prop_assert!(found.changed < found.a.len().max(found.b.len()));
                prop_assert_eq!(a[found.a.start], b[found.b.start]);
                prop_assert_eq!(a[found.a.end - 1], b[found.b.end - 1]);
                covered += found.a.len();
                for i in found.a { used_a[i] = true; }
            }
            prop_assert!(used_a.iter().filter(|used| **used).count() <= covered);
        }

        #[test]
        fn what_differs_is_what_an_exact_alignment_leaves(
            a in prop::collection::vec(0u8..4, 0..7), b in prop::collection::vec(0u8..4, 0..7),
        ) {
            let longest = (0u32..1 << a.len()).filter_map(|mask| {
                let chosen: Vec<u8> = (0..a.len()).filter(|i| mask >> i & 1 == 1).map(|i| a[i]).collect();
                let mut rest = b.iter();
                chosen.iter().all(|x| rest.any(|y| x == y)).then_some(chosen.len())
            }).max().unwrap_or(0);
            prop_assert_eq!(differ(&a, &b), a.len().max(b.len()) - longest);
        }
    }
}
