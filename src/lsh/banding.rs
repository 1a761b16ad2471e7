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

    /// Bits of each value that a [`BandKeys`](super::BandKeys) row holds: 32 for a band, shared
    /// out among its values, of which the first 32 count.
    pub fn bits(self) -> u32 {
        32 / self.rows.min(32) as u32
    }

    /// The least number of equal values (the ones that a row holds) with which a pair is worth
    /// reading again at `threshold`: four standard errors below the mean that is expected there.
    /// Of the pairs at the threshold it loses fewer than 1 in 10,000, of those above it fewer.
    pub fn least_equal(self, threshold: Similarity) -> u32 {
        let (values, t) = ((self.bands * self.rows.min(32)) as f64, threshold.value());
        #[expect(clippy::cast_sign_loss, reason = "at least 0")]
        return (values * t - 4.0 * (values * t * (1.0 - t)).sqrt()).max(0.0) as u32;
    }

    /// A band in 32 bits: the lowest [`Banding::bits`] of each of its values. Two bands that agree
    /// in all values agree in these; others do by chance, one in 2³², as halves of a hash would.
    pub fn packed(self, values: &[u32]) -> impl Iterator<Item = u32> {
        let bits = self.bits();
        let low = u64::from(u32::MAX >> (32 - bits));
        let pack = move |band: &[u32]| {
            let fields = band[..band.len().min(32)].iter().rev();
            fields.fold(0, |packed, &value| packed << bits | u64::from(value) & low) as u32
        };
        values.chunks_exact(self.rows).take(self.bands).map(pack)
    }

    /// In how many of their values the packed bands of two stories agree.
    pub fn equal_values(self, a: &[u32], b: &[u32]) -> u32 {
        let (bits, fields) = (self.bits(), self.rows.min(32));
        // The highest bit of every field: adding all ones below it carries there unless the field
        // is empty.
        let tops = (bits - 1..32).step_by(bits as usize).take(fields).fold(0u32, |tops, at| tops | 1 << at);
        let differing = |(x, y): (&u32, &u32)| {
            let difference = x ^ y;
            (((difference & !tops).wrapping_add(!tops) | difference) & tops).count_ones()
        };
        (fields * a.len()) as u32 - a.iter().zip(b).map(differing).sum::<u32>()
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
    use proptest::prelude::*;

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
    fn four_errors_below_the_mean() {
        let least = |threshold| {
            let threshold = Similarity::new(threshold).unwrap();
            Banding::for_threshold(128, threshold).least_equal(threshold)
        };
        assert_eq!([0.5, 0.7, 0.9, 1.0].map(least), [41, 68, 101, 32]);
    }

    proptest! {
        #[test]
        fn packed_bands_agree_where_their_values_do(
            bands in 1usize..5, rows in 1usize..40, seed: [u32; 3], places in prop::collection::vec(0usize..200, 0..9),
        ) {
            let banding = Banding::new(bands, rows).unwrap();
            let a: Vec<u32> = (0..bands * rows).map(|i| seed[i % 3].rotate_left(i as u32)).collect();
            let mut b = a.clone();
            places.iter().for_each(|place| b[place % (bands * rows)] ^= 1);
            let pack = |values: &[u32]| banding.packed(values).collect::<Vec<_>>();
            let differ = (0..a.len()).filter(|&i| i % rows < 32 && a[i] != b[i]).count();
            let all = bands * rows.min(32);
            prop_assert_eq!(banding.equal_values(&pack(&a), &pack(&b)) as usize, all - differ);
        }
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
