//! From the middle of a text to whether it needs no more than a glance: plain prose, or nothing that anybody
//! could read.

use super::glance::has_odd;
use super::odd::{LANGUAGES, SPECKS, odd_of_plain};
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
    let small = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(byte.is_ascii_lowercase())).sum::<u8>();
    // Of most texts a few bytes tell.
    let (first, rest) = sample.split_at(sample.len().min(BLOCK));
    let few = usize::from(small(first));
    if few * FOR_EACH > SAMPLE {
        return false;
    }
    let few = few + rest.chunks(BLOCK).map(|bytes| usize::from(small(bytes))).sum::<usize>();
    sample.iter().filter(|byte| byte.is_ascii_uppercase()).count() > FOR_EACH * (few + 1)
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

/// Whether next to nothing of the middle of a text is odd in English.
fn is_plain_english(sample: &[u8]) -> bool {
    !has_odd(sample, true, SUSPECT)
}

/// Whether an ASCII text of `words` words, or more, has fewer that are odd in English than `least(words)`: none
/// that [`super::measure()`] finds is left out.
pub(super) fn has_few(text: &str, least: impl Fn(u32) -> u32) -> bool {
    let bytes = text.as_bytes();
    let (least, specks) = (least(words(bytes)), specks(bytes));
    specks < least && !has_odd(bytes, false, least - specks)
}

/// Words of small letters between two blanks, but for those that lie in two blocks.
fn words(bytes: &[u8]) -> u32 {
    let words = |block: &[u8; BLOCK]| {
        let small = mask(block.map(|byte| u8::from(byte.is_ascii_lowercase())));
        let blank = mask(block.map(|byte| u8::from(byte == b' ')));
        // A word's first letter, added, becomes a mark behind its last one.
        (small.wrapping_add(small & blank << 1) & !small & blank).count_ones()
    };
    bytes.as_chunks().0.iter().map(words).sum()
}

/// Words that open with a small letter and have a digit in them, or a mark or capital of a misread one.
fn specks(bytes: &[u8]) -> u32 {
    let may_be = &*MAY_BE_SPECK;
    let is_speck = |&(at, byte): &(usize, &u8)| may_be[usize::from(*byte)] && is_speck(bytes, at);
    bytes.iter().enumerate().filter(is_speck).count() as u32
}

/// Whether what stands at a place comes next to the small letters that a word opens with.
fn is_speck(bytes: &[u8], at: usize) -> bool {
    let open = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_lowercase()).count();
    let is_inside = open > 0 && !at.checked_sub(open + 1).is_some_and(|at| bytes[at].is_ascii_alphanumeric());
    let is_small = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    is_inside
        && (bytes[at].is_ascii_digit() || open > 1 && (bytes[at].is_ascii_uppercase() || is_small(at + 1)))
}

/// Capitals, digits, and marks that are odd in a word.
static MAY_BE_SPECK: LazyLock<[bool; 256]> = LazyLock::new(|| {
    let is_speck = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || SPECKS.contains(c);
    std::array::from_fn(|byte| is_speck(byte as u8 as char) && (byte as u8).is_ascii())
});

#[cfg(test)]
mod tests {
    use super::super::odd::{END, ENGLISH, RARE, RUNS};
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
    fn words_of_small_letters_are_counted_a_block_at_a_time() {
        let text = format!(" the old, keepers of Tbe o1d {}lamp {} ", " ".repeat(32), "x".repeat(70));
        assert_eq!(
            words(text.as_bytes()),
            3,
            "the, keepers, of; lamp lies in two blocks, what comes then in two more"
        );
    }

    #[test]
    fn specks_are_inside_words_that_open_small() {
        let has = |word: &str| specks(format!(" {word} ").as_bytes());
        let odd = ["thRee", "sharp:ly", "o1d", "theR", "(tb8"].map(has);
        let even = ["McDonald", "iPhone", "and/or", "Boeing747", "2nd", "http://x", "sharp:"].map(has);
        assert_eq!((odd, even), ([1; 5], [0; 7]));
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
