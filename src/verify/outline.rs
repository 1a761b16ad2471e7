//! From a shingle set to an outline of it, by which two sets are known to differ too much before
//! either is read.
//!
//! A bit says whether an odd number of shingles fall on it. A bit that differs takes a shingle that
//! only one set has, so two sets differ in at least as many shingles as their outlines do in bits
//! (bitmap filter; Sandes, Teodoro and Melo 2017). That is proved, not estimated: no copy is lost.

use crate::similarity::Similarity;

/// The outline of a set of shingles: eight to sixteen bits for each, so that few fall on one bit.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Outline {
    bits: Box<[u64]>,
    shingles: u32,
}

impl Outline {
    /// Words of the shortest, as a power of two like all lengths, so that a longer one can be folded.
    const LEAST: usize = 8;

    /// Of distinct shingles. Cost: about 1 ns a shingle.
    pub fn of(set: &[u64]) -> Self {
        let words = (set.len() * 8).div_ceil(64).next_power_of_two().max(Self::LEAST);
        let mut bits = vec![0; words].into_boxed_slice();
        for shingle in set {
            bits[(shingle >> 6) as usize & (words - 1)] ^= 1 << (shingle & 63);
        }
        Self { bits, shingles: set.len() as u32 }
    }

    /// Whether it is of any set: the default is of none.
    pub fn is_drawn(&self) -> bool {
        !self.bits.is_empty()
    }

    /// Whether the Jaccard similarity of the two sets is known to be below `threshold`: J ≥ t leaves
    /// room for (|a| + |b|) (1 - t) / (1 + t) shingles that only one has. Cost: a fifteenth of reading both.
    pub fn rules_out(&self, other: &Self, threshold: Similarity) -> bool {
        let (one, t) = (u64::from(Similarity::ONE.millionths()), u64::from(threshold.millionths()));
        let room = (u64::from(self.shingles) + u64::from(other.shingles)) * (one - t) / (one + t);
        u64::from(self.differing(other)) > room
    }

    /// Shingles that only one of both has, at least.
    fn differing(&self, other: &Self) -> u32 {
        let (short, long) = if self.bits.len() <= other.bits.len() { (self, other) } else { (other, self) };
        if short.bits.len() == long.bits.len() {
            return short.bits.iter().zip(&long.bits).map(|(x, y)| (x ^ y).count_ones()).sum();
        }
        let folded = |i: usize| long.bits.iter().skip(i).step_by(short.bits.len()).fold(0, |all, y| all ^ y);
        (0..).zip(&short.bits).map(|(i, x)| (x ^ folded(i)).count_ones()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finalise;
    use crate::similarity::Overlap;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    fn set(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut set: Vec<u64> = numbers.map(finalise).collect();
        set.sort_unstable();
        set.dedup();
        set
    }

    /// Sets of 300 of which any two share 215: J = 0.56.
    fn near_miss(own: u64) -> Vec<u64> {
        set((0..215).chain(1_000 * (own + 1)..1_000 * (own + 1) + 85))
    }

    #[test]
    fn near_misses_are_ruled_out_unread() {
        let sets: Vec<Vec<u64>> = (0..100).map(near_miss).collect();
        let outlines: Vec<Outline> = sets.iter().map(|set| Outline::of(set)).collect();
        let threshold = Similarity::new(0.7).unwrap();
        let pairs = (0..100).flat_map(|a| (a + 1..100).map(move |b| (a, b)));
        let read = pairs.filter(|&(a, b)| !outlines[a].rules_out(&outlines[b], threshold)).count();
        assert!(read < 10, "{read} of 4,950 pairs would be read");
    }

    proptest! {
        #[test]
        fn no_copy_is_ruled_out(shared in 0u64..900, a in 0u64..400, b in 0u64..2_000, t in 0.0f64..=1.0) {
            let x = set((0..shared).chain(10_000..10_000 + a));
            let y = set((0..shared).chain(20_000..20_000 + b));
            let (exact, threshold) = (Overlap::of_sorted(&x, &y), Similarity::new(t).unwrap());
            let (one, other) = (Outline::of(&x), Outline::of(&y));
            prop_assert!(u64::from(one.differing(&other)) <= a + b);
            prop_assert_eq!(one.differing(&other), other.differing(&one));
            if exact.cmp_jaccard(threshold) != Ordering::Less {
                prop_assert!(!one.rules_out(&other, threshold));
            }
        }
    }
}
