//! From bytes to the one stable 64-bit hash.
//!
//! Everything that is kept on disk, compared across machines or decides an order is hashed here
//! and only here: XXH3-64 (Collet 2019) with seed 0 for bytes, its folded multiplication for short
//! words, and a bijective finaliser (the MurmurHash3 `fmix64`, Appleby 2011) that closes hashes
//! of sequences. Nothing depends on the machine, the process or the number of
//! threads. In-memory maps that decide no order use ahash instead.

use xxhash_rust::xxh3::xxh3_64;

/// A multiplier for polynomials over ℤ/2⁶⁴: odd, so that nothing is lost; the digits are those of
/// 2⁶⁴ divided by the golden ratio.
pub const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hashes bytes. Cost: about 2 ns for a word.
#[inline]
pub fn bytes(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// Length in bytes up to which a word is hashed from two machine words.
pub const SHORT_WORD: usize = 16;

/// Hashes the bytes of a token. Words of up to [`SHORT_WORD`] bytes, nearly all, take
/// [`short_word`]; longer ones [`bytes()`].
#[inline]
pub fn word(word: &[u8]) -> u64 {
    if word.len() > SHORT_WORD {
        return bytes(word);
    }
    let mut padded = [0; SHORT_WORD];
    padded[..word.len()].copy_from_slice(word);
    short_word(u128::from_le_bytes(padded), word.len())
}

/// Hashes a word of `len` bytes, at most [`SHORT_WORD`] or it panics, held in `word` from the lowest byte up
/// and followed by zeros: one folded 128-bit multiplication, as in the short-input path of XXH3
/// and wyhash. Tokens are the one place where a general hash is the bottleneck: this is 1 ns
/// where XXH3 takes 4, because no slice is made.
#[inline]
pub const fn short_word(word: u128, len: usize) -> u64 {
    const LOW: u64 = 0xa076_1d64_78bd_642f;
    /// The multiples of [`BASE`] by each length, over a constant of wyhash.
    const HIGH: [u64; SHORT_WORD + 1] = {
        let (mut high, mut len) = ([0xe703_7ed1_a0b4_28db; SHORT_WORD + 1], 1);
        while len <= SHORT_WORD {
            high[len] ^= BASE.wrapping_mul(len as u64);
            len += 1;
        }
        high
    };
    let (low, high) = (word as u64 ^ LOW, (word >> 64) as u64 ^ HIGH[len]);
    let product = low as u128 * high as u128;
    finalise(product as u64 ^ (product >> 64) as u64)
}

/// Spreads every input bit over all output bits; a bijection, so it adds no collisions.
#[inline]
pub const fn finalise(mut h: u64) -> u64 {
    h ^= h >> 33;
    h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^= h >> 33;
    h = h.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 33)
}

/// A 128-bit identity of a sequence of hashes: two polynomials with different multipliers.
/// Two different sequences of a corpus of 10⁹ stories agree with probability below 10⁻²⁰.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Identity(u64, u64);

impl Identity {
    /// Its two halves; identities are ordered by the first, then by the second.
    pub fn halves(self) -> (u64, u64) {
        (self.0, self.1)
    }

    /// The identity of `sequence`. Elements in even and odd places are hashed side by side, so
    /// that their multiplications overlap. Cost: about 1 ns an element.
    pub fn of(sequence: &[u64]) -> Self {
        const SECOND: u64 = 0xd6e8_feb8_6659_fd93;
        let turned = |sum: u64, h: u64| (sum ^ h).wrapping_mul(SECOND).rotate_left(29);
        let (mut first, mut even, mut odd) = (sequence.len() as u64, 0u64, 0u64);
        let (pairs, last) = sequence.as_chunks::<2>();
        for &[x, y] in pairs {
            let both = x.wrapping_mul(BASE).wrapping_add(y);
            first = first.wrapping_mul(BASE.wrapping_mul(BASE)).wrapping_add(both);
            (even, odd) = (turned(even, x), turned(odd, y));
        }
        for &h in last {
            first = first.wrapping_mul(BASE).wrapping_add(h);
            even = turned(even, h);
        }
        Self(finalise(first), finalise(turned(even, odd)))
    }

    /// The same under a mark, by which those that are otherwise equal are told apart; under the same
    /// mark again it is what it was.
    #[must_use]
    pub fn marked(self, mark: u64) -> Self {
        Self(self.0 ^ mark, self.1 ^ finalise(mark))
    }

    /// Its 16 bytes, the same on every machine.
    pub fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.1) << 64 | u128::from(self.0)).to_le_bytes()
    }

    /// The identity of which these are the bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let both = u128::from_le_bytes(bytes);
        Self(both as u64, (both >> 64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is on disk depends on these values: a change of any is a change of format.
    #[test]
    fn values_are_frozen() {
        assert_eq!(bytes(b""), 0x2d06_8005_38d3_94c2);
        assert_eq!(bytes(b"minsk"), xxh3_64(b"minsk"));
        assert_eq!(finalise(0), 0);
        assert_eq!(finalise(1), 0xb456_bcfc_34c2_cb2c);
    }

    #[test]
    fn words_are_frozen_and_told_apart_by_length() {
        assert_eq!(word(b"minsk"), 4_983_936_951_816_136_672);
        assert_ne!(word(b"a"), word(b"a\0"));
        assert_ne!(word(b""), word(b"\0"));
        assert_eq!(word(b"antidisestablishmentarianism"), bytes(b"antidisestablishmentarianism"));
    }

    #[test]
    fn identity_tells_order_and_length_apart() {
        assert_ne!(Identity::of(&[1, 2]), Identity::of(&[2, 1]));
        assert_ne!(Identity::of(&[]), Identity::of(&[0]));
        assert_ne!(Identity::of(&[0]), Identity::of(&[0, 0]));
        assert_eq!(Identity::of(&[5, 6]), Identity::of(&[5, 6]));
    }
}
