//! From ASCII text to tokens, as hashes or what else is made of their bytes, 64 bytes at a time.
//!
//! Each block of 64 bytes becomes a bit mask of its letters and digits; the edges in the mask are
//! the words. A word is read with one 16-byte load, put in lower case by one OR and hashed by one
//! multiplication: no branch looks at a byte. The tokens are those of [`super::tokenise`], which
//! a property test holds it to.

use crate::hash::SHORT_WORD;

/// Bytes that are looked at together.
pub(crate) const BLOCK: usize = 64;

/// The case bit in every byte: it is set in lower-case letters and in digits already.
const LOWER: u128 = u128::from_le_bytes([0x20; SHORT_WORD]);

/// Appends what `short` or `long` makes of each word of `text`, up to the first word that touches
/// a non-ASCII character, quotes and dashes aside; returns how many bytes were handled. `short` is given the bytes of most
/// words of up to [`SHORT_WORD`] as [`crate::hash::short_word`] takes them, `long` those of all others.
/// Cost: about 0.5 ns a byte for hashes.
pub(super) fn tokens<T>(
    text: &str,
    out: &mut Vec<T>,
    short: impl Fn(u128, usize) -> T + Copy,
    long: impl Fn(&[u8]) -> T + Copy,
) -> usize {
    let word = |bytes: &[u8], start: usize, end: usize| word(bytes, start, end, short, long);
    let bytes = text.as_bytes();
    let mut open = None;
    let mut at = 0;
    while at < bytes.len() {
        let (words, foreign, len) = classify_at(bytes, at);
        let (foreign, len) = if foreign == 0 { (0, len) } else { past_marks(&bytes[at..], foreign, len) };
        let ascii = (foreign.trailing_zeros() as usize).min(len);
        let known = if ascii == BLOCK { u64::MAX } else { (1 << ascii) - 1 };
        let before = words << 1 | u64::from(open.is_some());
        let (mut starts, mut ends) = (words & !before & known, !words & before & known);
        // In a block half of all bytes can be words of one letter.
        out.reserve(BLOCK / 2 + 1);
        if let Some(start) = open.filter(|_| ends != 0) {
            out.push(word(bytes, start, take_lowest(&mut ends, at)));
            open = None;
        }
        while ends != 0 {
            let start = take_lowest(&mut starts, at);
            out.push(word(bytes, start, take_lowest(&mut ends, at)));
        }
        if starts != 0 {
            open = Some(take_lowest(&mut starts, at));
        }
        at += ascii;
        if ascii < len {
            // A word that runs into a foreign character is left to the caller, whole.
            return open.unwrap_or(at);
        }
    }
    if let Some(start) = open {
        out.push(word(bytes, start, bytes.len()));
    }
    bytes.len()
}

/// The place of the lowest bit of `bits`, which stand for the bytes from `at`; clears that bit.
#[inline]
fn take_lowest(bits: &mut u64, at: usize) -> usize {
    let place = at + bits.trailing_zeros() as usize;
    *bits &= *bits - 1;
    place
}

/// Whether a text has no letters but those of ASCII: only these, and U+2010–U+2027.
pub fn is_plain(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| c.is_ascii() || matches!(c, '\u{2010}'..='\u{2027}'))
}

/// Whether `bytes` start with one of U+2010–U+2027, the quotes and dashes of English typography:
/// by far the commonest characters between ASCII words that are not ASCII.
#[inline]
pub(super) fn is_mark(bytes: &[u8]) -> bool {
    matches!(bytes, [0xe2, 0x80, 0x90..=0xa7, ..])
}

/// The mask `foreign` of a block of `len` bytes that opens `bytes`, without the marks that come
/// before any other foreign character, and how much of the block counts: up to a mark that its
/// end cuts.
fn past_marks(bytes: &[u8], mut foreign: u64, len: usize) -> (u64, usize) {
    while foreign != 0 {
        let place = foreign.trailing_zeros() as usize;
        if !is_mark(&bytes[place..]) {
            break;
        }
        if place + 3 > len {
            return (0, place);
        }
        foreign &= !(0b111 << place);
    }
    (foreign, len)
}

// Left to itself the compiler makes a call of it, which is felt a word.
#[inline(always)]
fn word<T>(
    bytes: &[u8],
    start: usize,
    end: usize,
    short: impl Fn(u128, usize) -> T,
    long: impl Fn(&[u8]) -> T,
) -> T {
    /// What is kept of a word of each length.
    const KEPT: [u128; SHORT_WORD + 1] = {
        let (mut kept, mut len) = ([0; SHORT_WORD + 1], 1);
        while len <= SHORT_WORD {
            kept[len] = u128::MAX >> (128 - 8 * len);
            len += 1;
        }
        kept
    };
    let len = end - start;
    let Some(kept) = KEPT.get(len) else { return long_word(&bytes[start..end], long) };
    let chunk = match bytes[start..].first_chunk::<SHORT_WORD>() {
        Some(chunk) => *chunk,
        None => padded(&bytes[start..end]),
    };
    short((u128::from_le_bytes(chunk) | LOWER) & kept, len)
}

/// A short word that is so near the end of the text that no chunk can be read.
#[cold]
#[inline(never)]
fn padded(word: &[u8]) -> [u8; SHORT_WORD] {
    let mut chunk = [0; SHORT_WORD];
    chunk[..word.len()].copy_from_slice(word);
    chunk
}

#[cold]
#[inline(never)]
fn long_word<T>(word: &[u8], long: impl Fn(&[u8]) -> T) -> T {
    long(&word.iter().map(|b| b | 0x20).collect::<Vec<u8>>())
}

/// Masks of the letters and digits, and of the non-ASCII bytes, of the block at `at`, and its length; bit
/// *i* stands for byte `at + i`.
#[inline]
fn classify_at(bytes: &[u8], at: usize) -> (u64, u64, usize) {
    let rest = &bytes[at..];
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        let (words, foreign) = classify(block);
        return (words, foreign, BLOCK);
    }
    let mut block = [b' '; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    let (words, foreign) = classify(&block);
    (words, foreign, rest.len())
}

/// A bit for each of the bytes, which are 0 or 1: one multiplication gathers eight.
#[inline]
pub(crate) fn mask(class: [u8; BLOCK]) -> u64 {
    let gather = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    class.as_chunks::<8>().0.iter().rev().fold(0, |mask, eight| mask << 8 | gather(eight))
}

/// The comparisons are written byte by byte, which the compiler turns into vectors.
#[inline]
fn classify(block: &[u8; BLOCK]) -> (u64, u64) {
    let is_word = |b: u8| u8::from((b | 0x20).wrapping_sub(b'a') < 26) | u8::from(b.wrapping_sub(b'0') < 10);
    let foreign = if block.is_ascii() { 0 } else { mask(block.map(|b| b >> 7)) };
    (mask(block.map(is_word)), foreign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;

    fn token_hashes(text: &str, out: &mut Vec<u64>) -> usize {
        tokens(text, out, hash::short_word, hash::word)
    }

    #[test]
    fn a_word_that_touches_a_foreign_character_is_left_whole() {
        let mut out = Vec::new();
        assert_eq!(token_hashes("the caf\u{e9} was", &mut out), 4);
        assert_eq!(out, [hash::word(b"the")]);
        assert_eq!(token_hashes("\u{2030}x", &mut out), 0);
        assert_eq!(token_hashes("Minsk, 24", &mut out), 9);
        assert_eq!(out[1..], [hash::word(b"minsk"), hash::word(b"24")]);
    }

    #[test]
    fn quotes_and_dashes_part_words_at_every_place() {
        for before in 0..140 {
            let text = format!("{} a\u{201c}bc\u{2019}\u{2014}d\u{2019}", "x".repeat(before));
            let mut out = Vec::new();
            assert_eq!(token_hashes(&text, &mut out), text.len(), "{before}");
            let words = ["a", "bc", "d"].map(|word| hash::word(word.as_bytes()));
            assert_eq!(out[usize::from(before > 0)..], words, "{before}");
        }
    }

    #[test]
    fn every_byte_has_its_class_at_every_place() {
        for b in 0..=255u8 {
            for place in 0..BLOCK {
                let mut block = [b' '; BLOCK];
                block[place] = b;
                let of = |yes: bool| u64::from(yes) << place;
                let expected = (of(b.is_ascii_alphanumeric()), of(!b.is_ascii()));
                assert_eq!(classify(&block), expected, "{b} at {place}");
            }
        }
    }

    proptest! {
        #[test]
        fn words_across_blocks_are_whole(before in 0usize..70, len in 1usize..90) {
            let text = format!("{}{}", " ".repeat(before), "aB3".repeat(40).split_at(len).0);
            let mut out = Vec::new();
            token_hashes(&text, &mut out);
            prop_assert_eq!(out, vec![hash::word(text.trim().to_ascii_lowercase().as_bytes())]);
        }
    }
}
