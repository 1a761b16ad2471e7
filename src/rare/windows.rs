//! From token hashes to keys of which any long enough stretch of text has one, and from these to the
//! pairs that share a stretch, whatever else they are to one another.

use super::gathered::Gathered;
use super::keys::RareKeys;
use super::postings::{CAP, FIRST, NEAR};
use crate::error::Result;
use crate::hash;
use crate::shingle::shingles;
use crate::story::Ordinal;
use rayon::prelude::*;

/// Tokens of a run that is a key: of old print, in which every fourth word is wrong, one run in
/// four of that length is left.
pub const WIDTH: usize = 5;

/// Neighbouring runs of which one is a key.
const WINDOW: usize = 4;

/// Keys in common from which two stories are compared: a stretch of 25 tokens has four at least.
const ENOUGH: usize = 2;

/// Of every few neighbouring runs of `width` tokens, the one with the least hash (winnowing;
/// Schleimer et al. 2003), by the upper half of that. Two texts that share `width + window - 1`
/// tokens share a key.
pub(super) fn winnowed(tokens: &[u64], width: usize, window: usize) -> Vec<u32> {
    if tokens.len() < width {
        return Vec::new();
    }
    let mut runs = Vec::with_capacity(tokens.len());
    shingles(tokens, width, |run| runs.push((hash::finalise(run) >> 32) as u32));
    let window = window.min(runs.len());
    let mut least: Vec<u32> = runs.windows(window).filter_map(|runs| runs.iter().min().copied()).collect();
    least.dedup();
    least
}

/// Adds the keys of a story. Cost: as many hashes as tokens; 4 bytes for two tokens in five.
pub fn push(keys: &mut RareKeys, tokens: &[u64], story: Ordinal) {
    keys.push_marks(winnowed(tokens, WIDTH, WINDOW), story);
}

/// Stories that share a stretch.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sharing {
    /// Pairs `(a, b)`, `a < b`, that have two keys in common; sorted and distinct.
    pub pairs: Vec<(Ordinal, Ordinal)>,
    /// Keys that more than [`CAP`] stories hold: of these stories each met the [`FIRST`] and the
    /// next [`NEAR`].
    pub capped: usize,
}

/// The pairs of those stories for which `takes_part` holds. `order` has every story once: where many
/// hold a key, those that stand early in it are met by all others. Cost: that of
/// [`Gathered::each_shared`], and a sort of 8 bytes for each pair and key, of which a story has at
/// most [`CAP`] a key.
///
/// # Errors
/// If a temporary file has failed.
pub fn sharing(
    mut keys: Gathered,
    order: &[Ordinal],
    takes_part: impl Fn(Ordinal) -> bool,
) -> Result<Sharing> {
    let mut place_of = vec![0; order.len()];
    (0..).zip(order).for_each(|(place, &story)| place_of[story as usize] = place);
    keys.renumber(|story| place_of[story as usize]);
    let (mut met, mut capped) = (Vec::new(), 0);
    keys.each_shared(
        order.len(),
        |place| takes_part(order[place as usize]),
        |run| {
            let is_hot = run.len() > CAP;
            capped += usize::from(is_hot);
            for (i, &first) in run.iter().enumerate() {
                let reach = if is_hot && i >= FIRST { NEAR } else { usize::MAX };
                let first = order[first as Ordinal as usize];
                met.extend(run[i + 1..].iter().take(reach).map(|&second| {
                    let second = order[second as Ordinal as usize];
                    u64::from(first.min(second)) << 32 | u64::from(first.max(second))
                }));
            }
        },
    )?;
    met.par_sort_unstable();
    let enough = met.chunk_by(|x, y| x == y).filter(|same| same.len() >= ENOUGH);
    let pairs = enough.map(|same| ((same[0] >> 32) as Ordinal, same[0] as Ordinal)).collect();
    Ok(Sharing { pairs, capped })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(own: u64, shared: std::ops::Range<u64>) -> Vec<u64> {
        let own = own * 1_000..own * 1_000 + 60;
        own.clone().take(30).chain(shared).chain(own.skip(30)).map(hash::finalise).collect()
    }

    fn found(stories: &[Vec<u64>]) -> Sharing {
        let mut keys = RareKeys::default();
        (0..).zip(stories).for_each(|(story, tokens)| push(&mut keys, tokens, story));
        let order: Vec<Ordinal> = (0..stories.len() as Ordinal).collect();
        sharing(keys.into(), &order, |_| true).unwrap()
    }

    #[test]
    fn whoever_shares_a_stretch_of_25_tokens_meets_wherever_it_is_cut() {
        for start in 500_000..500_040 {
            let stories = [story(1, 500_000..500_080), story(2, start..start + 25), story(3, 0..0)];
            assert_eq!(found(&stories), Sharing { pairs: vec![(0, 1)], capped: 0 });
        }
    }

    #[test]
    fn what_many_print_ties_each_to_the_first_and_to_the_next_and_is_told() {
        let n = 3 * CAP;
        let stories: Vec<Vec<u64>> = (1..=n as u64).map(|own| story(own, 500_000..500_030)).collect();
        let found = found(&stories);
        assert!(found.capped > 0);
        let expected = (0..n).map(|place| FIRST.min(place) + NEAR.min(place.saturating_sub(FIRST)));
        assert_eq!(found.pairs.len(), expected.sum::<usize>());
        assert!((1..n as Ordinal).all(|story| found.pairs.contains(&(story - 1, story))));
    }
}
