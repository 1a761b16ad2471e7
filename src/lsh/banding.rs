//! From a signature to its band keys, and from a similarity to the chance of being found.

use crate::hash;
use crate::similarity::Similarity;

/// How a signature is cut: `bands` of `rows` values each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Banding {
    bands: usize,
    rows: usize,
}

impl Banding {
    /// The share of true pairs at the threshold that a banding made by
    /// [`Banding::for_threshold`] finds at least.
    pub const RECALL: f64 = 0.999;

    /// `bands` of `rows` values; both at least 1.
    pub fn new(bands: usize, rows: usize) -> Option<Self> {
        (bands > 0 && rows > 0).then_some(Self { bands, rows })
    }

    /// The banding of `values` values with the longest rows, so the fewest candidates, that
    /// still finds [`Banding::RECALL`] of the pairs at `threshold`; single rows if none does.
    /// For 128 values: 32 × 4 at 0.7, 64 × 2 at 0.5, 16 × 8 at 0.9.
    pub fn for_threshold(values: usize, threshold: Similarity) -> Self {
        (1..=values)
            .rev()
            .filter(|rows| values.is_multiple_of(*rows))
            .map(|rows| Self { bands: values / rows, rows })
            .find(|banding| banding.recall_at(threshold.value()) >= Self::RECALL)
            .unwrap_or(Self { bands: values.max(1), rows: 1 })
    }

    /// How many keys a story has.
    pub fn bands(self) -> usize {
        self.bands
    }

    /// How many values a key stands for.
    pub fn rows(self) -> usize {
        self.rows
    }

    /// The chance in [0, 1] that two stories of Jaccard `similarity` share a bucket: the S-curve
    /// 1 − (1 − sʳ)ᵇ.
    pub fn recall_at(self, similarity: f64) -> f64 {
        let row = similarity.clamp(0.0, 1.0).powi(i32::try_from(self.rows).unwrap_or(i32::MAX));
        1.0 - (1.0 - row).powi(i32::try_from(self.bands).unwrap_or(i32::MAX))
    }

    /// The stable 64-bit key of each band of a signature's `values`; none for an empty signature.
    /// Values beyond `bands × rows` are not used.
    pub fn keys(self, values: &[u32]) -> impl Iterator<Item = u64> {
        values.chunks_exact(self.rows).take(self.bands).map(|band| {
            hash::finalise(band.iter().fold(0u64, |h, &v| {
                h.wrapping_mul(hash::BASE).wrapping_add(hash::finalise(u64::from(v) + 1))
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(threshold: f64) -> (usize, usize) {
        let banding = Banding::for_threshold(128, Similarity::new(threshold).unwrap());
        (banding.bands(), banding.rows())
    }

    #[test]
    fn the_banding_follows_the_threshold() {
        assert_eq!(at(0.7), (32, 4));
        assert_eq!(at(0.5), (64, 2));
        assert_eq!(at(0.9), (16, 8));
        assert_eq!(at(0.01), (128, 1));
    }

    #[test]
    fn the_s_curve() {
        let banding = Banding::new(32, 4).unwrap();
        assert!((banding.recall_at(0.7) - (1.0 - (1.0 - 0.2401f64).powi(32))).abs() < 1e-12);
        assert!(banding.recall_at(0.0) < 1e-12 && banding.recall_at(1.0) > 1.0 - 1e-12);
    }

    #[test]
    fn bands_differ_by_their_values_only() {
        let banding = Banding::new(2, 2).unwrap();
        let keys: Vec<u64> = banding.keys(&[1, 2, 1, 2]).collect();
        assert_eq!(keys[0], keys[1]);
        assert_ne!(keys[0], banding.keys(&[2, 1, 0, 0]).next().unwrap());
        assert_eq!(banding.keys(&[]).count(), 0);
    }
}
