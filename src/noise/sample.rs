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
    let small = sample.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let capitals = || sample.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    small * FOR_EACH <= SAMPLE && capitals() > FOR_EACH * (small + 1)
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
    // First where words end, without a branch: where they do cannot be foreseen. Then word by word.
    let rare = &*RARE_IN_ENGLISH;
    let (mut ends, mut count) = ([End::default(); SAMPLE], 0);
    let mut end = End::default();
    for &byte in sample {
        let letter = KINDS[usize::from(byte)].0;
        end.letters = end.letters << 5 | u32::from(letter);
        end.runs += rare.run(end.letters);
        end.byte = byte;
        ends[count] = end;
        count += usize::from(letter == END as u8);
    }
    // What the sample cuts into is passed over, as is whatever has a capital or a digit.
    let (mut words, mut passed, mut before) = (0, true, 0);
    for end in &ends[..count] {
        let passes = KINDS[usize::from(end.byte)].1;
        if !passed {
            let last = rare.run(end.letters);
            let is_last_odd = !passes && (last | rare.short(end.letters)) != 0;
            words += u32::from(end.runs - last > before || is_last_odd);
        }
        (passed, before) = (passes, end.runs);
    }
    words < SUSPECT
}

/// Where a word ends: the last letters, how many rare runs there were so far, and what ends it.
#[derive(Clone, Copy, Default)]
struct End {
    letters: u32,
    runs: u32,
    byte: u8,
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
        if is_short(letters) { self.bit(RUNS + (letters >> 5 & (RUNS - 1))) } else { 0 }
    }

    fn bit(&self, place: u32) -> u32 {
        (self.0[place as usize / 64] >> (place % 64)) as u32 & 1
    }
}

/// Of each byte which letter it is, and whether a word that holds it is passed over.
static KINDS: [(u8, bool); 256] = {
    let mut kinds = [(END as u8, false); 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        kinds[byte] = match ascii {
            b'a'..=b'z' => (ascii - b'a' + 1, false),
            b'A'..=b'Z' | b'0'..=b'9' | 128.. => (END as u8, true),
            _ => (END as u8, false),
        };
        byte += 1;
    }
    kinds
};
