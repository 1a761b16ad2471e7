//! From the middle of a text to whether it needs no more than a glance: plain prose, or nothing that anybody
//! could read.

use super::odd::{END, ENGLISH, LANGUAGES, RARE, RUNS, odd_of_plain};
use crate::text::ascii::{BLOCK, mask};
use std::sync::LazyLock;

/// Odd words in a sample from which all of it is looked at.
const SUSPECT: u32 = 2;
/// Bytes in the middle of a text that are looked at first.
const SAMPLE: usize = 512;

/// The middle of a text.
pub(super) fn of(text: &str) -> &[u8] {
    let bytes = text.as_bytes();
    let start = bytes.len().saturating_sub(SAMPLE) / 2;
    &bytes[start..bytes.len().min(start + SAMPLE)]
}

/// Whether next to no letter of the middle of a text is small.
pub(super) fn is_in_capitals(sample: &[u8]) -> bool {
    /// Capitals for each small letter, at least.
    const FOR_EACH: usize = 20;
    let mut small = sample.iter().filter(|byte| byte.is_ascii_lowercase());
    let few = small.by_ref().take(SAMPLE / FOR_EACH).count();
    let capitals = || sample.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    small.next().is_none() && capitals() > FOR_EACH * (few + 1)
}

/// Whether the middle of a text says that it was not misread.
pub(super) fn is_told(sample: &[u8]) -> bool {
    is_plain_english(sample) || is_plain_or_unread(sample)
}

/// Whether next to nothing of the middle of a text is odd in some language, or so much in every one that
/// nobody could read it.
fn is_plain_or_unread(sample: &[u8]) -> bool {
    /// Words that tell that a text is in no language, at least, and how many in a hundred are odd then.
    const UNREAD: (u32, u32) = (32, 60);
    let is_mark = |byte: &u8| !byte.is_ascii_alphanumeric() && byte.is_ascii();
    let mut words = sample.split(is_mark);
    // What the sample cuts into.
    let _ = (words.next(), words.next_back());
    let (mut all, mut odd) = (0, [0; LANGUAGES.len()]);
    for word in words.filter(|word| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase)) {
        let there = odd_of_plain(word);
        odd.iter_mut().enumerate().for_each(|(place, odd)| *odd += u32::from(there >> place & 1));
        all += 1;
    }
    let least = odd.into_iter().min().unwrap_or_default();
    least < SUSPECT || all >= UNREAD.0 && least * 100 >= all * UNREAD.1
}

/// Whether next to nothing of the middle of a text is odd in English. What may be asked of each byte is asked
/// of all of them, and what is rare marked in masks of 64 places: no branch hangs on where a word ends.
fn is_plain_english(sample: &[u8]) -> bool {
    let rare = &*RARE_IN_ENGLISH;
    // The word that the end of the sample cuts goes on, and never ends.
    let mut bytes = [b'a'; SAMPLE];
    bytes[..sample.len()].copy_from_slice(sample);
    let runs = runs(&bytes);
    // The word that its start cuts is passed over, as is whatever has a capital or a digit at its side.
    let (mut words, mut is_passed, mut is_odd, mut before) = (0, true, false, 0);
    for (block, bytes) in bytes.as_chunks().0.iter().enumerate() {
        let inner = mask(bytes.map(|b: u8| u8::from(b.is_ascii_lowercase())));
        let passes = |b: u8| !b.is_ascii() | b.is_ascii_uppercase() | b.is_ascii_digit();
        let passes = mask(bytes.map(|b| u8::from(passes(b))));
        let behind = |far: u32| inner << far | before >> (BLOCK as u32 - far);
        let short = !inner & behind(1) & behind(2) & !(behind(3) & behind(4));
        let odd = rare.among(&runs, block * BLOCK, short);
        let passed = flood(inner, passes << 1, &mut is_passed);
        let odd_inside = flood(inner, odd & inner, &mut is_odd);
        is_passed |= passes >> (BLOCK - 1) == 1;
        words += (!inner & !passed & (odd_inside | odd & !passes)).count_ones();
        before = inner;
    }
    words < SUSPECT
}

/// The last three letters at each place, five bits each.
fn runs(bytes: &[u8; SAMPLE]) -> [u16; SAMPLE] {
    let mut letters = [END as u16; SAMPLE + 2];
    for (letter, &byte) in letters[2..].iter_mut().zip(bytes) {
        *letter = u16::from(if byte.is_ascii_lowercase() { byte & 31 } else { END as u8 });
    }
    let mut runs = [0; SAMPLE];
    let three = letters.iter().zip(&letters[1..]).zip(&letters[2..]);
    runs.iter_mut().zip(three).for_each(|(run, ((a, b), c))| *run = a << 10 | b << 5 | c);
    runs
}

/// Moves each of the `marks` in a stretch of `inner` places to the place behind the stretch, as a sum does;
/// others stay. `is_open` says whether one is moved from the block before, and then whether one is left over.
fn flood(inner: u64, marks: u64, is_open: &mut bool) -> u64 {
    let (moved, first) = inner.overflowing_add(marks);
    let (moved, second) = moved.overflowing_add((*is_open).into());
    *is_open = first | second;
    moved & !inner
}

/// What [`RARE`] says of English: a bit for each run, then for each short word, in an eighth of a page
/// of memory, so that it stays in the nearest cache.
static RARE_IN_ENGLISH: LazyLock<RareInEnglish> = LazyLock::new(|| {
    let mut bits = [0; 2 * RUNS as usize / 64];
    let rare = (0..).zip(RARE.iter()).filter(|&(_, languages)| languages & ENGLISH != 0);
    rare.for_each(|(place, _): (usize, _)| bits[place / 64] |= 1 << (place % 64));
    RareInEnglish(bits)
});

struct RareInEnglish([u64; 2 * RUNS as usize / 64]);

impl RareInEnglish {
    /// Of the places from `start` on, those where one of `runs` is rare, or a word of two or three letters, of
    /// which `short` marks the ends, is none.
    fn among(&self, runs: &[u16; SAMPLE], start: usize, mut short: u64) -> u64 {
        /// Places that are asked about together.
        const GROUP: usize = 16;
        let mut odd = 0;
        for (group, runs) in runs[start..start + BLOCK].chunks_exact(GROUP).enumerate() {
            let is_odd = |run: u16| self.bit(run.into());
            // Which one is asked where any is: few are.
            if runs.iter().fold(0, |any, &run| any | is_odd(run)) & 1 == 1 {
                let bits = runs.iter().rev().fold(0, |bits, &run| bits << 1 | is_odd(run) & 1);
                odd |= bits << (GROUP * group);
            }
        }
        while short != 0 {
            let place = short.trailing_zeros() as usize;
            odd |= (self.bit(RUNS as usize + usize::from(runs[start + place - 1])) & 1) << place;
            short &= short - 1;
        }
        odd
    }

    /// In the lowest bit, whether what stands at `place` is rare.
    fn bit(&self, place: usize) -> u64 {
        self.0[place / 64] >> (place % 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_english_has_one_odd_word_at_most(words in prop::collection::vec("[a-z]{1,8}|the|of|tbe|wbat", 2..40)) {
            // The sample cuts into the first and the last.
            let inner = words[1..words.len() - 1].iter();
            let odd = inner.filter(|word| odd_of_plain(word.as_bytes()) & ENGLISH != 0).count();
            prop_assert_eq!(is_plain_english(words.join(", ").as_bytes()), odd < SUSPECT as usize);
        }

        #[test]
        fn words_end_alike_wherever_they_stand(text in "[a-z]{0,70}([a-z]{1,4}|tbe|[ ,]{1,2}|[T8é]){0,90}") {
            let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
            prop_assert_eq!(is_plain_english(sample), odd_by_the_letter(sample) < SUSPECT as usize);
        }
    }

    /// Words that are odd in English, found letter by letter.
    fn odd_by_the_letter(sample: &[u8]) -> usize {
        let passes = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
        let runs_on = |word: &[u8]| {
            let mut letters = END;
            word.iter().any(|&letter| {
                letters = (letters << 5 | u32::from(letter & 31)) & (RUNS - 1);
                RARE[letters as usize] & ENGLISH != 0
            })
        };
        let (mut odd, mut start, mut passed) = (0, 0, true);
        for (end, &byte) in sample.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_lowercase()) {
            let word = &sample[start..end];
            let is_odd = if passes(byte) { runs_on(word) } else { odd_of_plain(word) & ENGLISH != 0 };
            odd += usize::from(is_odd && !passed);
            (start, passed) = (end + 1, passes(byte));
        }
        odd
    }

    #[test]
    fn what_has_a_capital_or_a_digit_is_passed_over() {
        let is_plain = |word: &str| is_plain_english(format!("of the {word} of {word} the").as_bytes());
        assert_eq!(["tbe", "Tbe", "tE", "t8be", "was"].map(is_plain), [false, true, true, true, true]);
    }

    #[test]
    fn in_capitals_is_who_has_twenty_for_each_small_letter() {
        let of = |small: usize, capitals: usize| {
            is_in_capitals(("a".repeat(small) + &"B".repeat(capitals)).as_bytes())
        };
        assert_eq!([of(0, 20), of(0, 21), of(2, 60), of(2, 61)], [false, true, false, true]);
        assert!(!of(26, 600));
    }
}
