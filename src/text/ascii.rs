//! From ASCII text to token hashes, 64 bytes at a time.
//!
//! Each block of 64 bytes becomes a bit mask of its letters and digits; the edges in the mask are
//! the words. A word is read with one 16-byte load, put in lower case by one OR and hashed by one
//! multiplication: no branch looks at a byte. The tokens are those of [`super::tokenise`], which
//! a property test holds it to.

use crate::hash::{self, SHORT_WORD};

const BLOCK: usize = 64;

/// The case bit in every byte: it is set in lower-case letters and in digits already.
const LOWER: u128 = u128::from_le_bytes([0x20; SHORT_WORD]);

/// Appends the hashes of the words of `text` up to the first word that touches a non-ASCII
/// character; returns how many bytes were handled. Cost: about 0.5 ns a byte.
pub(super) fn token_hashes(text: &str, out: &mut Vec<u64>) -> usize {
    let bytes = text.as_bytes();
    let mut open = None;
    let mut at = 0;
    while at < bytes.len() {
        let (words, foreign, len) = classify_at(bytes, at);
        let ascii = (foreign.trailing_zeros() as usize).min(len);
        let mut edges = words ^ (words << 1 | u64::from(open.is_some()));
        if ascii < BLOCK {
            edges &= (1 << ascii) - 1;
        }
        while edges != 0 {
            let edge = at + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            match open.take() {
                None => open = Some(edge),
                Some(start) => out.push(word_hash(bytes, start, edge)),
            }
        }
        at += ascii;
        if ascii < len {
            // A word that runs into a foreign character is left to the caller, whole.
            return open.unwrap_or(at);
        }
    }
    if let Some(start) = open {
        out.push(word_hash(bytes, start, bytes.len()));
    }
    bytes.len()
}

#[inline]
fn word_hash(bytes: &[u8], start: usize, end: usize) -> u64 {
    let len = end - start;
    match bytes[start..].first_chunk::<SHORT_WORD>() {
        Some(chunk) if len <= SHORT_WORD => {
            let keep = u128::MAX >> (128 - 8 * len);
            hash::short_word((u128::from_le_bytes(*chunk) | LOWER) & keep, len)
        }
        _ => hash::word(&bytes[start..end].iter().map(|b| b | 0x20).collect::<Vec<u8>>()),
    }
}

/// Masks of the letters and digits, and of the non-ASCII bytes, of the block at `at`, and its
/// length; bit *i* stands for byte `at + i`.
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

/// Eight bytes at a time in one register (Lamport 1975): the high bit of each byte of a sum tells
/// whether the byte reaches a bound, and one multiplication gathers the eight high bits.
#[inline]
fn classify(block: &[u8; BLOCK]) -> (u64, u64) {
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    const fn reaches(bytes: u64, bound: u8) -> u64 {
        bytes + u64::from_le_bytes([0x80 - bound; 8])
    }
    const fn gather(high_bits: u64) -> u64 {
        (high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }
    let (mut words, mut foreign) = (0, 0);
    for (i, chunk) in block.as_chunks::<8>().0.iter().enumerate() {
        let bytes = u64::from_le_bytes(*chunk);
        let digits = bytes & !HIGH;
        let letters = digits | LOWER as u64;
        let letters = reaches(letters, b'a') & !reaches(letters, b'z' + 1);
        let digits = reaches(digits, b'0') & !reaches(digits, b'9' + 1);
        words |= gather((letters | digits) & !bytes & HIGH) << (8 * i);
        foreign |= gather(bytes & HIGH) << (8 * i);
    }
    (words, foreign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_word_that_touches_a_foreign_character_is_left_whole() {
        let mut out = Vec::new();
        assert_eq!(token_hashes("the caf\u{e9} was", &mut out), 4);
        assert_eq!(out, [hash::word(b"the")]);
        assert_eq!(token_hashes("\u{201c}x", &mut out), 0);
        assert_eq!(token_hashes("Minsk, 24", &mut out), 9);
        assert_eq!(out[1..], [hash::word(b"minsk"), hash::word(b"24")]);
    }

    #[test]
    fn every_byte_has_its_class_at_every_place() {
        for b in 0..=255u8 {
            for place in 0..BLOCK {
                let mut block = [b' '; BLOCK];
                block[place] = b;
                let of = |yes: bool| u64::from(yes) << place;
                assert_eq!(
                    classify(&block),
                    (of(b.is_ascii_alphanumeric()), of(!b.is_ascii())),
                    "{b} at {place}"
                );
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
