//! From folded letters to the keys by which noisy stories meet: winnowed runs.

use super::letters::fold_text;
use crate::hash;
use crate::text::repair;

/// Letters of a run: nine to twelve as printed.
pub const WIDTH: usize = 12;
/// Neighbouring runs of which one is a key.
pub const WINDOW: usize = 8;
/// Keys that two stories must share to be candidates.
pub const LEAST: u32 = 5;
/// Share of the keys of the story that has fewer that both must hold, in hundredths.
pub const PERCENT: u32 = 2;

/// The keys of a text: of every [`WINDOW`] neighbouring runs of [`WIDTH`] folded letters the one with the
/// least hash (winnowing; Schleimer et al. 2003), wherever blanks stand. Two texts that have
/// `WIDTH + WINDOW − 1` letters in common share a key. Cost: one pass over the text, and a few multiplications
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
    // The run before, and the lesser of both of the last six pairs of neighbours: of four pairs is a window.
    const { assert!(WINDOW == 8) };
    let (mut before, mut pairs) = (u64::MAX, [u64::MAX; 6]);
    for (hash, place) in hashes(folded).zip(0u32..) {
        // Its place behind its hash, counted down: of equal ones the last is the least.
        let run = hash >> 32 << 32 | u64::from(!place);
        let pair = run.min(before);
        let least = pair.min(pairs[1]).min(pairs[3]).min(pairs[5]);
        (before, pairs) = (run, [pair, pairs[0], pairs[1], pairs[2], pairs[3], pairs[4]]);
        let is_whole = place as usize + 1 >= WINDOW.min(runs);
        keys[count] = (least >> 32) as u32;
        count += usize::from(is_whole && least != least_before);
        least_before = if is_whole { least } else { u64::MAX };
    }
    keys.truncate(count);
    keys
}

/// The hash of every run of [`WIDTH`] letters, in order. Cost: 1 ns a letter.
fn hashes(folded: &[u8]) -> impl Iterator<Item = u64> + '_ {
    folded.windows(WIDTH).map(|run| hash_of(run_of::<WIDTH>(run)))
}

/// The letters of a run, which `letters` open with, in one number.
pub(super) fn run_of<const WIDTH: usize>(letters: &[u8]) -> u128 {
    const { assert!(8 < WIDTH && WIDTH <= hash::SHORT_WORD) };
    let run = &letters[..WIDTH];
    let eight = |from: usize| u64::from_le_bytes(*run[from..].first_chunk().expect("a run has more"));
    // Both eights have some letters in common: those the second lets go.
    u128::from(eight(0)) | u128::from(eight(WIDTH - 8) >> (8 * (16 - WIDTH))) << 64
}

/// The hash of a run, the same on every machine.
pub(super) fn hash_of(run: u128) -> u64 {
    hash::short_word(run, hash::SHORT_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// By the definition: of every window the least hash, the last of equal ones.
    fn by_definition(folded: &[u8]) -> Vec<u32> {
        let hash = |run: &[u8]| (hashes(run).next().unwrap() >> 32) as u32;
        let runs: Vec<u32> = folded.windows(WIDTH).map(hash).collect();
        let mut chosen = BTreeSet::new();
        for window in (0..runs.len()).collect::<Vec<_>>().windows(WINDOW.min(runs.len().max(1))) {
            chosen.extend(window.iter().copied().rev().min_by_key(|&place| runs[place]));
        }
        chosen.into_iter().map(|place| runs[place]).collect()
    }

    #[test]
    fn a_key_is_a_run_of_twelve_letters() {
        assert_eq!([11, 12, 19, 27].map(|letters| of_folded(&vec![b'a'; letters]).len()), [0, 1, 1, 9]);
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
