//! From the middle of a text to whether it needs no more than a glance: plain prose, or nothing that anybody
//! could read.

use super::odd::{END, ENGLISH, LANGUAGES, RARE, RUNS, is_short, odd_of_plain};
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

/// Whether next to nothing of the middle of a text is odd in English.
fn is_plain_english(sample: &[u8]) -> bool {
    // First where words end, then word by word, without a branch: what comes cannot be foreseen.
    let rare = &*RARE_IN_ENGLISH;
    let (mut ends, mut count) = ([End::default(); SAMPLE], 0);
    let mut end = End::default();
    for &byte in sample {
        let kind = KINDS[usize::from(byte)];
        end.letters = end.letters << 5 | u32::from(kind & LETTERS);
        end.runs += rare.run(end.letters) as u16;
        end.passes = u16::from(kind >> 7);
        ends[count] = end;
        count += usize::from(u32::from(kind & LETTERS) == END);
    }
    // What the sample cuts into is passed over, as is whatever has a capital or a digit.
    let (mut words, mut passed, mut before) = (0, 1, 0);
    for &End { letters, runs, passes } in &ends[..count] {
        let last = rare.run(letters) as u16;
        let is_inner_odd = u16::from(runs - last > before);
        let is_last_odd = (last | rare.short(letters) as u16) & (1 - passes);
        words += u32::from((is_inner_odd | is_last_odd) & (1 - passed));
        (passed, before) = (passes, runs);
    }
    words < SUSPECT
}

/// Where a word ends: the last letters, how many rare runs there were so far, and 1 if it is passed over. Eight
/// bytes, so that many are cleared at once.
#[derive(Clone, Copy, Default)]
struct End {
    letters: u32,
    runs: u16,
    passes: u16,
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
    /// 1 if the last three letters are rare.
    fn run(&self, letters: u32) -> u32 {
        self.bit(letters & (RUNS - 1))
    }

    /// 1 if the word of two or three letters that ends before the last is none.
    fn short(&self, letters: u32) -> u32 {
        self.bit(RUNS + (letters >> 5 & (RUNS - 1))) & u32::from(is_short(letters))
    }

    fn bit(&self, place: u32) -> u32 {
        (self.0[place as usize / 64] >> (place % 64)) as u32 & 1
    }
}

/// The bits of a kind that are a letter.
const LETTERS: u8 = 31;

/// Of each byte which letter it is, and by the highest bit whether a word that holds it is passed over.
static KINDS: [u8; 256] = {
    let mut kinds = [END as u8; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        kinds[byte] = match ascii {
            b'a'..=b'z' => ascii - b'a' + 1,
            b'A'..=b'Z' | b'0'..=b'9' | 128.. => END as u8 | 1 << 7,
            _ => END as u8,
        };
        byte += 1;
    }
    kinds
};

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
