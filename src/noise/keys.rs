//! From folded letters to the keys by which noisy stories meet: winnowed runs.

use super::letters::fold_text;
use crate::hash;
use crate::text::repair;

/// Letters of a run: nine to twelve as printed.
pub const WIDTH: usize = 12;
/// Neighbouring runs of which one is a key.
pub const WINDOW: usize = 6;
/// Keys that two stories must share to be candidates.
pub const LEAST: u32 = 5;
/// Share of the keys of the story that has fewer that both must hold, in hundredths.
pub const PERCENT: u32 = 2;

/// The keys of a text: of every [`WINDOW`] neighbouring runs of [`WIDTH`] folded letters the one with the
/// least hash (winnowing; Schleimer et al. 2003), wherever blanks stand. Two texts that have
/// `WIDTH + WINDOW − 1` letters in common share a key. Cost: one pass over the text, and two multiplications
/// a letter.
pub fn keys(text: &str) -> Vec<u32> {
    let mut folded = Vec::with_capacity(text.len());
    fold_text(&repair(text), &mut folded);
    of_folded(&folded)
}

/// The same of folded letters.
pub fn of_folded(folded: &[u8]) -> Vec<u32> {
    let runs = (folded.len() + 1).saturating_sub(WIDTH);
    // Written in any case: where the least one changes cannot be foreseen.
    let (mut keys, mut count, mut least_before) = (vec![0; runs], 0, u64::MAX);
    // The run before, and the lesser of both of the last four pairs of neighbours: of three pairs is a window.
    const { assert!(WINDOW == 6) };
    let (mut before, mut pairs) = (u64::MAX, [u64::MAX; 4]);
    for (hash, place) in hashes(folded, WIDTH).zip(0u32..) {
        // Its place behind its hash, counted down: of equal ones the last is the least.
        let run = hash >> 32 << 32 | u64::from(!place);
        let pair = run.min(before);
        let least = pair.min(pairs[1]).min(pairs[3]);
        (before, pairs) = (run, [pair, pairs[0], pairs[1], pairs[2]]);
        let is_whole = place as usize + 1 >= WINDOW.min(runs);
        keys[count] = (least >> 32) as u32;
        count += usize::from(is_whole && least != least_before);
        least_before = if is_whole { least } else { u64::MAX };
    }
    keys.truncate(count);
    keys
}

/// The hash of every run of `width` letters, in order. Cost: 1 ns a letter.
fn hashes(folded: &[u8], width: usize) -> impl Iterator<Item = u64> + '_ {
    values(folded, width).map(hash::finalise)
}

/// Odd, so that no bit of a letter is lost.
pub(super) const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A number for every run of `width` letters, in order: a polynomial in [`BASE`].
pub(super) fn values(folded: &[u8], width: usize) -> impl Iterator<Item = u64> + '_ {
    let out = (1..width).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let value = |byte: u8| u64::from(byte) + 1;
    let (opening, ends) = folded.split_at(folded.len().min(width - 1));
    let push = move |all: u64, &byte: &u8| all.wrapping_mul(BASE).wrapping_add(value(byte));
    let mut rolled = opening.iter().fold(0, push);
    ends.iter().zip(folded).map(move |(end, &start)| {
        let run = push(rolled, end);
        rolled = run.wrapping_sub(value(start).wrapping_mul(out));
        run
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// By the definition: of every window the least hash, the last of equal ones.
    fn by_definition(folded: &[u8]) -> Vec<u32> {
        let hash = |run: &[u8]| (hashes(run, WIDTH).next().unwrap() >> 32) as u32;
        let runs: Vec<u32> = folded.windows(WIDTH).map(hash).collect();
        let mut chosen = BTreeSet::new();
        for window in (0..runs.len()).collect::<Vec<_>>().windows(WINDOW.min(runs.len().max(1))) {
            chosen.extend(window.iter().copied().rev().min_by_key(|&place| runs[place]));
        }
        chosen.into_iter().map(|place| runs[place]).collect()
    }

    proptest! {
        #[test]
        fn keys_are_those_of_the_definition(folded in prop::collection::vec(b'a'..b'e', 0..80)) {
            prop_assert_eq!(of_folded(&folded), by_definition(&folded));
        }

        #[test]
        fn whoever_shares_enough_letters_shares_a_key(
            before in "[a-f ]{0,30}", shared in "[a-z]{34}", after in "[a-f ]{0,30}", other in "[g-k ]{0,30}",
        ) {
            let x: BTreeSet<u32> = keys(&format!("{before}{shared}{after}")).into_iter().collect();
            let y = keys(&format!("{other}{shared}"));
            prop_assert!(y.iter().any(|key| x.contains(key)));
        }
    }
}
