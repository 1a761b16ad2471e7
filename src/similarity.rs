//! From two shingle sets to their exact overlap: Jaccard and containment as integer ratios.

use crate::shingle::ShingleSet;
use std::cmp::Ordering;

/// The exact overlap of two shingle sets, in counts of distinct shingles. Decisions are made on
/// these integers; the floating-point views are for showing.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Overlap {
    /// Shingles in both.
    pub shared: u32,
    /// Shingles in the first.
    pub a: u32,
    /// Shingles in the second.
    pub b: u32,
}

impl Overlap {
    /// Counts what two sets share. Cost: one merge, O(|a| + |b|).
    pub fn of(a: &ShingleSet, b: &ShingleSet) -> Self {
        Self::of_sorted(a.as_slice(), b.as_slice())
    }

    /// The same for sorted distinct slices.
    pub fn of_sorted(a: &[u64], b: &[u64]) -> Self {
        let (mut i, mut j, mut shared) = (0, 0, 0);
        while i < a.len() && j < b.len() {
            let (x, y) = (a[i], b[j]);
            shared += u32::from(x == y);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        Self { shared, a: a.len() as u32, b: b.len() as u32 }
    }

    /// Distinct shingles in either.
    pub fn union(self) -> u32 {
        self.a + self.b - self.shared
    }

    /// Jaccard similarity in [0, 1]; two empty sets give 0, because nothing is shared.
    pub fn jaccard(self) -> f64 {
        ratio(self.shared, self.union())
    }

    /// The same, to the nearest millionth.
    pub(crate) fn similarity(self) -> Similarity {
        Similarity::new(self.jaccard()).unwrap_or(Similarity::ONE)
    }

    /// Share of the first that is found in the second, in [0, 1].
    pub fn containment_a(self) -> f64 {
        ratio(self.shared, self.a)
    }

    /// Share of the second that is found in the first, in [0, 1].
    pub fn containment_b(self) -> f64 {
        ratio(self.shared, self.b)
    }

    /// The same overlap seen from the other side.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { shared: self.shared, a: self.b, b: self.a }
    }

    /// Compares the Jaccard similarity with `threshold`, in integers.
    pub fn cmp_jaccard(self, threshold: Similarity) -> Ordering {
        cmp_ratio(self.shared, self.union(), threshold)
    }

    /// Compares the larger of the two containments with `threshold`, in integers.
    pub fn cmp_containment(self, threshold: Similarity) -> Ordering {
        cmp_ratio(self.shared, self.a.min(self.b), threshold)
    }
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

fn cmp_ratio(part: u32, whole: u32, threshold: Similarity) -> Ordering {
    if whole == 0 {
        return Ordering::Less;
    }
    let left = u64::from(part) * u64::from(Similarity::ONE.0);
    left.cmp(&(u64::from(whole) * u64::from(threshold.0)))
}

/// A similarity in [0, 1] held in millionths, so that comparing is exact and portable.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Similarity(u32);

impl Similarity {
    /// Equality of sets.
    pub const ONE: Self = Self(1_000_000);

    /// Rounds `value` to the nearest millionth; `None` outside [0, 1].
    pub fn new(value: f64) -> Option<Self> {
        #[expect(clippy::cast_sign_loss, reason = "checked to be in [0, 1]")]
        (0.0..=1.0).contains(&value).then(|| Self((value * 1e6).round() as u32))
    }

    /// From millionths, capped at one.
    pub const fn from_millionths(millionths: u32) -> Self {
        Self(if millionths > 1_000_000 { 1_000_000 } else { millionths })
    }

    /// In millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// As a number in [0, 1].
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn empty_sets_share_nothing() {
        let none = Overlap::of_sorted(&[], &[]);
        assert_eq!(none.jaccard().to_bits(), 0f64.to_bits());
        assert_eq!(none.cmp_jaccard(Similarity::from_millionths(0)), Ordering::Less);
    }

    #[test]
    fn seven_tenths_is_at_the_threshold_and_not_below_it() {
        let overlap = Overlap { shared: 7, a: 7, b: 10 };
        let threshold = Similarity::new(0.7).unwrap();
        assert_eq!(overlap.cmp_jaccard(threshold), Ordering::Equal);
        let below = Overlap { shared: 6_999, a: 7_000, b: 9_999 };
        assert_eq!(below.cmp_jaccard(threshold), Ordering::Less);
    }

    proptest! {
        #[test]
        fn the_merge_agrees_with_set_algebra(a: BTreeSet<u8>, b: BTreeSet<u8>) {
            let x: Vec<u64> = a.iter().map(|&v| v.into()).collect();
            let y: Vec<u64> = b.iter().map(|&v| v.into()).collect();
            let overlap = Overlap::of_sorted(&x, &y);
            prop_assert_eq!(overlap.shared as usize, a.intersection(&b).count());
            prop_assert_eq!(overlap.union() as usize, a.union(&b).count());
            prop_assert_eq!(overlap.swapped(), Overlap::of_sorted(&y, &x));
        }
    }
}
