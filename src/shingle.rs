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

/// The distinct shingles of `width` tokens, ascending. Cost: about 6 ns a token.
pub fn distinct(tokens: &[u64], width: usize) -> Vec<u64> {
    let count = if tokens.is_empty() { 0 } else { tokens.len() + 1 - width.clamp(1, tokens.len()) };
    let mut hashes = vec![0; count];
    let mut slots = hashes.iter_mut();
    shingles(tokens, width, |hash| slots.next().into_iter().for_each(|slot| *slot = hash));
    ascending(hashes)
}

/// `hashes` without repeats, ascending. They are spread evenly, so a few of their highest bits put
/// each within a step or two of its place (a distribution sort; Dobosiewicz 1978), and insertion
/// does the rest: three times as fast as comparing for the length of a story. Long texts, and those
/// that say one thing over and over, are left to a sort that does not mind.
fn ascending(mut hashes: Vec<u64>) -> Vec<u64> {
    const LONGEST: usize = 1 << 14;
    let bits = 1 + usize::BITS - hashes.len().leading_zeros();
    let place = |hash: u64| (hash >> (64 - bits)) as usize;
    if (2..LONGEST).contains(&hashes.len()) {
        let mut starts = vec![0u16; 1 << bits];
        hashes.iter().for_each(|&hash| starts[place(hash)] += 1);
        let (mut start, mut counts) = (0, 0);
        for count in &mut starts {
            counts |= *count;
            start += std::mem::replace(count, start);
        }
        // No place has more than a few.
        if counts < 32 {
            let mut sorted = vec![0; hashes.len()];
            for &hash in &hashes {
                let at = &mut starts[place(hash)];
                sorted[usize::from(*at)] = hash;
                *at += 1;
            }
            let len = settle(&mut sorted);
            sorted.truncate(len);
            return sorted;
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Sorts `nearly`, which nearly is, by insertion, and drops repeats; returns how many are left.
fn settle(nearly: &mut [u64]) -> usize {
    let (mut len, mut last) = (0, None);
    for i in 0..nearly.len() {
        let hash = nearly[i];
        if last.is_none_or(|last| hash > last) {
            nearly[len] = hash;
            (len, last) = (len + 1, Some(hash));
            continue;
        }
        let at = nearly[..len].iter().rposition(|&before| before <= hash).map_or(0, |before| before + 1);
        if at == 0 || nearly[at - 1] < hash {
            nearly.copy_within(at..len, at + 1);
            nearly[at] = hash;
            len += 1;
        }
    }
    len
}

/// The distinct shingles of a story, ascending.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ShingleSet(Box<[u64]>);

impl ShingleSet {
    /// The set of the shingles of `width` tokens. Cost: about 4 ns a token.
    pub fn new(tokens: &[u64], width: usize) -> Self {
        Self(distinct(tokens, width).into_boxed_slice())
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
        fn distributing_sorts(tokens: Vec<u16>, repeated in 0usize..60, spread: bool) {
            let spread = |token: u16| if spread { hash::finalise(token.into()) } else { token.into() };
            let mut hashes: Vec<u64> = tokens.into_iter().map(spread).collect();
            hashes.extend(std::iter::repeat_n(hash::finalise(1), repeated));
            let mut sorted = hashes.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(ascending(hashes), sorted);
        }

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
