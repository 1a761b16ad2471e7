//! From a candidate pair to its exact overlap.

use crate::similarity::{Overlap, Similarity};
use std::cmp::Ordering;

/// The exact overlap of two sorted distinct shingle slices if its Jaccard similarity is at or
/// above `threshold`. Decided in integers. Stops as soon as too few shingles are left to reach
/// it: J ≥ t needs at least t (|a| + |b|) / (1 + t) shared shingles. Cost: O(|a| + |b|).
pub fn copy(a: &[u64], b: &[u64], threshold: Similarity) -> Option<Overlap> {
    let (one, t) = (u64::from(Similarity::ONE.millionths()), u64::from(threshold.millionths()));
    let needed = (t * (a.len() + b.len()) as u64).div_ceil(one + t) as usize;
    let mut spare_a = a.len().checked_sub(needed)?;
    let mut spare_b = b.len().checked_sub(needed)?;
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            Ordering::Equal => (i, j) = (i + 1, j + 1),
            Ordering::Less => {
                spare_a = spare_a.checked_sub(1)?;
                i += 1;
            }
            Ordering::Greater => {
                spare_b = spare_b.checked_sub(1)?;
                j += 1;
            }
        }
    }
    let unmatched = (a.len() - spare_a - needed) as u32;
    let overlap = Overlap { shared: i as u32 - unmatched, a: a.len() as u32, b: b.len() as u32 };
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
