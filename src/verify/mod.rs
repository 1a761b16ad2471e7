//! From a candidate pair to its exact overlap.

pub mod outline;
mod outlines;

use crate::similarity::{Overlap, Similarity};
pub use outline::Outline;
pub(crate) use outlines::Outlines;
use std::cmp::Ordering;

/// Steps of the merge between two looks at whether it can still succeed: the steps themselves have
/// no branch to guess.
const STRETCH: usize = 32;

/// The exact overlap of two sorted distinct shingle slices if its Jaccard similarity is at or
/// above `threshold`. Decided in integers. Stops as soon as too few shingles are left to reach
/// it: J ≥ t needs at least t (|a| + |b|) / (1 + t) shared shingles. Cost: O(|a| + |b|).
pub fn copy(a: &[u64], b: &[u64], threshold: Similarity) -> Option<Overlap> {
    let (one, t) = (u64::from(Similarity::ONE.millionths()), u64::from(threshold.millionths()));
    let needed = (t * (a.len() + b.len()) as u64).div_ceil(one + t) as usize;
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        if shared + (a.len() - i).min(b.len() - j) < needed {
            return None;
        }
        for _ in 0..STRETCH {
            let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) else { break };
            shared += usize::from(x == y);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
    }
    let overlap = Overlap { shared: shared as u32, a: a.len() as u32, b: b.len() as u32 };
    (overlap.cmp_jaccard(threshold) != Ordering::Less).then_some(overlap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn agrees_with_the_plain_overlap(a: BTreeSet<u8>, extra: BTreeSet<u8>, gone: BTreeSet<u8>, t in 0.0f64..=1.0) {
            let b: Vec<u64> = a.union(&extra).filter(|v| !gone.contains(v)).map(|&v| v.into()).collect();
            let a: Vec<u64> = a.iter().map(|&v| v.into()).collect();
            let threshold = Similarity::new(t).unwrap();
            let plain = Overlap::of_sorted(&a, &b);
            let expected = (plain.cmp_jaccard(threshold) != Ordering::Less).then_some(plain);
            prop_assert_eq!(copy(&a, &b, threshold), expected);
        }
    }
}
