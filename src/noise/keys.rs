//! From folded letters to the keys by which noisy stories meet: a share of their runs.

use super::letters::fold_text;
use crate::hash;
use crate::text::repair;

/// Letters of a run: nine to twelve as printed.
pub const WIDTH: usize = 12;
/// Runs of which about one is a key.
pub const ONE_IN: u32 = 5;
/// Keys that two stories must share to be candidates.
pub const LEAST: u32 = 5;
/// Share of the keys of the story that has fewer that both must hold, in hundredths: where one letter in eight
/// is wrong in both, some four in a hundred runs of what both have are left.
pub const PERCENT: u32 = 3;

/// The keys of a text: of its runs of [`WIDTH`] folded letters, wherever blanks stand, one in [`ONE_IN`],
/// chosen by its hash alone (as FracMinHash does; Irber et al. 2022), so that two texts have the same of the runs that
/// they share, whatever is wrong around them. Cost: one pass over the text, and a multiplication a letter.
pub fn keys(text: &str) -> Vec<u32> {
    let mut folded = Vec::with_capacity(text.len());
    fold_text(&repair(text), &mut folded);
    of_folded(&folded)
}

/// The same of folded letters.
pub fn of_folded(folded: &[u8]) -> Vec<u32> {
    // Written in any case: which are chosen cannot be foreseen.
    let (mut keys, mut count) = (vec![0; (folded.len() + 1).saturating_sub(WIDTH)], 0);
    for run in folded.windows(WIDTH) {
        let hash = hash_of(run_of::<WIDTH>(run));
        keys[count] = (hash >> 32) as u32;
        count += usize::from(hash as u32 <= u32::MAX / ONE_IN);
    }
    keys.truncate(count);
    keys
}

/// The letters of a run, which `letters` open with, in one number.
pub(super) fn run_of<const WIDTH: usize>(letters: &[u8]) -> u128 {
    const { assert!(8 < WIDTH && WIDTH <= hash::SHORT_WORD) };
    let run = &letters[..WIDTH];
    let eight = |from: usize| u64::from_le_bytes(*run[from..].first_chunk().expect("a run has more"));
    // Both eights have some letters in common: those the second lets go.
    u128::from(eight(0)) | u128::from(eight(WIDTH - 8) >> (8 * (16 - WIDTH))) << 64
}

/// The hash of a run, the same on every machine, of which the upper half is even: a folded multiplication,
/// without what makes each bit of a word's hash depend on all.
pub(super) fn hash_of(run: u128) -> u64 {
    const LOW: u64 = 0xa076_1d64_78bd_642f;
    const HIGH: u64 = 0xe703_7ed1_a0b4_28db;
    let product = u128::from(run as u64 ^ LOW) * u128::from((run >> 64) as u64 ^ HIGH);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// So many letters from `a` to `y`, drawn by a seed.
    fn letters(seed: u64, count: usize) -> Vec<u8> {
        (0..count as u64).map(|i| b'a' + (hash::finalise(seed << 32 | i) % 25) as u8).collect()
    }

    #[test]
    fn a_key_is_a_run_of_twelve_letters_and_one_in_five_is_one() {
        let runs =
            |from: usize| (0..200).map(move |seed| letters(seed, from)).map(|run| of_folded(&run).len());
        assert_eq!(runs(11).max(), Some(0));
        assert!((25..=55).contains(&runs(12).sum::<usize>()) && runs(12).max() == Some(1));
        let keys = of_folded(&letters(1, 10_000)).len();
        assert!((1_850..=2_150).contains(&keys), "{keys}");
    }

    proptest! {
        #[test]
        fn what_both_share_has_the_same_keys_whatever_is_around_it(
            before in "[a-z]{0,30}", shared in "[a-z]{12,80}", after in "[a-z]{0,30}",
        ) {
            let within: BTreeSet<u32> = of_folded(format!("{before}{shared}{after}").as_bytes()).into_iter().collect();
            prop_assert!(of_folded(shared.as_bytes()).iter().all(|key| within.contains(key)));
        }

        #[test]
        fn keys_of_a_text_are_those_of_its_letters(text in "[a-zA-Z0-9 ,.]{0,80}") {
            let mut folded = Vec::new();
            fold_text(&text, &mut folded);
            prop_assert_eq!(keys(&text), of_folded(&folded));
        }
    }
}
