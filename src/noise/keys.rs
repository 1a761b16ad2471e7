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
    // Its place behind the hash of each, counted down: of equal ones the last is the least.
    let placed = |(place, hash): (u32, u64)| hash >> 32 << 32 | u64::from(!place);
    let runs: Vec<u64> = (0..).zip(hashes(folded, WIDTH)).map(placed).collect();
    let key = |run: u64| (run >> 32) as u32;
    if runs.len() < WINDOW {
        return runs.into_iter().min().map(key).into_iter().collect();
    }
    // Written in any case: where the least one changes cannot be foreseen.
    let (mut keys, mut count, mut last) = (vec![0; runs.len()], 0, u64::MAX);
    for window in runs.windows(WINDOW) {
        let least = window.iter().fold(u64::MAX, |least, &run| least.min(run));
        keys[count] = key(least);
        count += usize::from(least != last);
        last = least;
    }
    keys.truncate(count);
    keys
}

/// The hash of every run of `width` letters, in order. Cost: 1 ns a letter.
pub(super) fn hashes(folded: &[u8], width: usize) -> impl Iterator<Item = u64> + '_ {
    /// Odd, so that no bit of a letter is lost.
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let out = (1..width).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let value = |byte: u8| u64::from(byte) + 1;
    let opening = &folded[..folded.len().min(width - 1)];
    let mut rolled = opening.iter().fold(0u64, |all, &byte| all.wrapping_mul(BASE).wrapping_add(value(byte)));
    (0..(folded.len() + 1).saturating_sub(width)).map(move |start| {
        rolled = rolled.wrapping_mul(BASE).wrapping_add(value(folded[start + width - 1]));
        let hash = hash::finalise(rolled);
        rolled = rolled.wrapping_sub(value(folded[start]).wrapping_mul(out));
        hash
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
