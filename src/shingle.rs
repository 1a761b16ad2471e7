//! From token hashes to shingle hashes, and to the [`ShingleSet`].

use crate::hash;

/// Calls `each` with the hash of every shingle: every run of `width` tokens, in order, repeats
/// included. A text of fewer tokens is one shingle of them all; an empty text has none.
///
/// The hash is a cyclic polynomial over the token hashes (Cohen 1997), rolled along with two
/// rotations a token, then finalised. Cost: about 1 ns a token.
#[inline]
pub fn shingles(tokens: &[u64], width: usize, mut each: impl FnMut(u64)) {
    /// Odd, so that the places of a shingle of up to 64 tokens all turn differently.
    const TURN: u32 = 7;
    let width = width.min(tokens.len());
    if width == 0 {
        return;
    }
    let outgoing = TURN * width as u32 % 64;
    let mut rolled = tokens[..width].iter().fold(0u64, |h, &t| h.rotate_left(TURN) ^ t);
    each(hash::finalise(rolled));
    for (&old, &new) in tokens.iter().zip(&tokens[width..]) {
        rolled = rolled.rotate_left(TURN) ^ old.rotate_left(outgoing) ^ new;
        each(hash::finalise(rolled));
    }
}

/// The distinct shingles of a story, ascending.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ShingleSet(Box<[u64]>);

impl ShingleSet {
    /// The set of the shingles of `width` tokens. Cost: a sort of as many values as tokens.
    pub fn new(tokens: &[u64], width: usize) -> Self {
        let mut set = Vec::with_capacity(tokens.len());
        shingles(tokens, width, |h| set.push(h));
        set.sort_unstable();
        set.dedup();
        Self(set.into_boxed_slice())
    }

    /// The shingles, ascending and distinct.
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }

    /// How many distinct shingles there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the story has no token at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_texts_are_one_shingle_and_empty_ones_none() {
        assert_eq!(ShingleSet::new(&[1, 2, 3], 5).len(), 1);
        assert_ne!(ShingleSet::new(&[1, 2, 3], 5), ShingleSet::new(&[1, 2, 4], 5));
        assert_ne!(ShingleSet::new(&[1, 2, 3], 5), ShingleSet::new(&[1, 2], 5));
        assert!(ShingleSet::new(&[], 5).is_empty());
    }

    proptest! {
        #[test]
        fn rolling_agrees_with_hashing_each_window(tokens: Vec<u64>, width in 1usize..9) {
            let mut rolled = Vec::new();
            shingles(&tokens, width, |h| rolled.push(h));
            let windows: Vec<u64> = if tokens.is_empty() { vec![] } else {
                tokens.windows(width.min(tokens.len())).map(|w| {
                    hash::finalise(w.iter().fold(0u64, |h, &t| h.rotate_left(7) ^ t))
                }).collect()
            };
            prop_assert_eq!(rolled, windows);
        }
    }
}
