//! From a word to the languages of Latin script in which nobody would have written it.
//!
//! A word is **odd** if three letters follow each other in it that do not in its language (`tbe`,
//! `govcrnment`), if it has two or three letters and is no word of it (`tho`, `aro`), or if a digit
//! stands behind a small letter. The table of runs is made by `train/noise` for nine languages.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Languages of the table, by the bit of each.
pub(super) const LANGUAGES: [&str; 9] = ["en", "de", "es", "fr", "it", "pt", "pl", "cs", "tr"];
pub(super) const ENGLISH: u16 = 1;
const ALL: u16 = (1 << LANGUAGES.len()) - 1;

/// By run of three letters, five bits each, the languages in which it is rare; then, by the letters of a
/// word of two or three, those in which it is.
pub(super) static RARE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    // A stream would take 8 MB for a moment, and an allocator that has seen them freed keeps lists of that size
    // where, to grow, they must be copied.
    let size = 2 * RUNS as usize * size_of::<u16>();
    let raw = zstd::bulk::decompress(include_bytes!("letters.zst"), size);
    let raw = raw.expect("the table is part of the program");
    raw.chunks_exact(2).map(|bits| u16::from_le_bytes([bits[0], bits[1]])).collect()
});

/// How many runs of three there are.
pub(super) const RUNS: u32 = 1 << 15;

/// The end of a word.
pub(super) const END: u32 = 0;
/// A letter that the table does not know: no run with it is rare.
const OTHER: u32 = 31;

/// Marks that are odd in a word: none of addresses and of short forms.
pub(super) const SPECKS: &str = ":;*~^|•!?«»<>\"=\\";

/// What a character of a word is; a Roman number may be two of the first four.
pub(super) const LOWER: u8 = 1;
const UPPER: u8 = 2;
pub(super) const DIGIT: u8 = 4;
pub(super) const LETTER: u8 = 8;
pub(super) const ALPHANUMERIC: u8 = LOWER | UPPER | DIGIT | LETTER;
pub(super) const HYPHEN: u8 = 16;
pub(super) const POINT: u8 = 32;
/// A mark that words of prose have.
const PROSE: u8 = 64;
/// One that code and addresses have.
pub(super) const MARK: u8 = 128;

static KINDS_OF_ASCII: [u8; 128] = {
    let mut kinds = [MARK; 128];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER | LETTER,
            b'A'..=b'Z' => UPPER | LETTER,
            b'0'..=b'9' => DIGIT,
            b'-' => HYPHEN,
            b'.' => POINT,
            b'\'' | b',' => PROSE,
            _ => MARK,
        };
        byte += 1;
    }
    kinds
};

pub(super) fn kind(c: char) -> u8 {
    if c.is_ascii() {
        return KINDS_OF_ASCII[c as usize];
    }
    let is = [
        (c.is_lowercase(), LOWER),
        (c.is_uppercase(), UPPER),
        (c.is_numeric(), DIGIT),
        (c.is_alphabetic(), LETTER),
    ];
    match is.iter().filter(|(is, _)| *is).fold(0, |all, (_, kind)| all | kind) {
        0 if c == '’' => PROSE,
        0 => MARK,
        kind => kind,
    }
}

/// Whether a word in lower case is odd in all languages of the table, and no number.
pub(super) fn is_illegible(word: &str) -> bool {
    odd_in(word) & ALL == ALL && !word.starts_with(char::is_numeric)
}

/// Where a word without marks is odd.
pub(super) fn odd_in(word: &str) -> u16 {
    if word.is_ascii() {
        return odd_of(word.chars());
    }
    odd_of(word.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)))
}

/// The same of its letters without their marks.
fn odd_of(plain: impl Iterator<Item = char>) -> u16 {
    let (mut is_after_letter, mut is_mixed) = (false, false);
    let odd = odd_of_letters(plain.map_while(|c| {
        let kind = kind(c);
        is_mixed = is_after_letter && kind & DIGIT != 0;
        is_after_letter = kind & LOWER != 0;
        (!is_mixed).then(|| if c.is_ascii_lowercase() { c as u32 - 96 } else { OTHER })
    }));
    if is_mixed { u16::MAX } else { odd }
}

/// The same of a word of small letters without accents, which most are.
pub(super) fn odd_of_plain(word: &[u8]) -> u16 {
    odd_of_letters(word.iter().map(|letter| u32::from(letter & 31)))
}

/// The same of letters by their numbers.
fn odd_of_letters(word: impl Iterator<Item = u32>) -> u16 {
    let rare = &RARE[..];
    let (mut letters, mut odd) = (END, 0);
    for letter in word {
        letters = letters << 5 | letter;
        odd |= rare_in(rare, letters & (RUNS - 1));
    }
    letters <<= 5;
    (odd | rare_in(rare, letters & (RUNS - 1)) | short(rare, letters)) & ALL
}

/// The languages in which what ends here is no word, if it has two or three letters.
fn short(rare: &[u16], letters: u32) -> u16 {
    if is_short(letters) { rare_in(rare, RUNS + (letters >> 5 & (RUNS - 1))) } else { 0 }
}

/// Whether the word that ends before the last letter, which ends it, has at most three.
fn is_short(letters: u32) -> bool {
    letters >> 15 & 31 == END || letters >> 20 & 31 == END
}

fn rare_in(rare: &[u16], place: u32) -> u16 {
    rare.get(place as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_words_are_odd_where_they_are_as_any_word(word in "[a-z]{0,9}") {
            prop_assert_eq!(odd_of_plain(word.as_bytes()), odd_of(word.chars()));
        }
    }
}
