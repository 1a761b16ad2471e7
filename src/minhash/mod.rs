//! From shingles to a MinHash [`Signature`].
//!
//! MinHash (Broder 1997): value *i* of a signature is the smallest of the images of the shingles
//! under the *i*-th of a family of permutations of ℤ/2³², here `x ↦ a·x + b` with odd `a` over
//! the upper half of the 64-bit shingle hash. The share of equal values of two signatures
//! estimates the Jaccard similarity of the sets without bias, with a standard error of
//! √(J(1−J)/k): 0.04 at J = 0.7 and k = 128. Repeated shingles change nothing.
//!
//! The family is drawn from a seed by SplitMix64 (Steele, Lea and Flood 2014), so the same seed
//! and length give the same signature on every machine. The kernel is written once and compiled
//! for each instruction set; see [`kernel`].

pub mod kernel;

use kernel::Kernel;

/// MinHash values of a story; empty for a story without shingles.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Signature(Box<[u32]>);

impl Signature {
    /// The values, one a permutation.
    pub fn values(&self) -> &[u32] {
        &self.0
    }

    /// Estimate of the Jaccard similarity: the share of equal values, in [0, 1]. Nothing is
    /// decided on it. Signatures of different hashers must not be compared.
    pub fn estimate(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(x, y)| x == y).count();
        if self.0.is_empty() { 0.0 } else { equal as f64 / self.0.len() as f64 }
    }
}

/// A family of permutations and the kernel that applies them.
#[derive(Clone, Debug)]
pub struct MinHasher {
    multipliers: Vec<u32>,
    offsets: Vec<u32>,
    kernel: Kernel,
}

impl MinHasher {
    /// Values of a signature by default.
    pub const VALUES: usize = 128;
    /// The seed by default: ASCII `dedup`, so that nobody wonders where it came from.
    pub const SEED: u64 = 0x64_65_64_75_70;

    /// A hasher of `values` permutations drawn from `seed`, on the fastest kernel of this
    /// machine.
    pub fn new(values: usize, seed: u64) -> Self {
        Self::with_kernel(values, seed, Kernel::detect())
    }

    /// The same on a given kernel: every kernel gives the same values.
    pub fn with_kernel(values: usize, seed: u64, kernel: Kernel) -> Self {
        let mut state = seed;
        let mut draw = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        let drawn: Vec<u64> = (0..values).map(|_| draw()).collect();
        Self {
            multipliers: drawn.iter().map(|d| (d >> 32) as u32 | 1).collect(),
            offsets: drawn.iter().map(|&d| d as u32).collect(),
            kernel,
        }
    }

    /// How many values a signature has.
    pub fn values(&self) -> usize {
        self.multipliers.len()
    }

    /// The signature of `shingles`, in any order, repeats allowed. Cost: about 4 ns a shingle
    /// for 128 values with AVX-512 or AVX2.
    pub fn signature(&self, shingles: &[u64]) -> Signature {
        let mut values = Vec::new();
        self.signature_into(shingles, &mut Vec::new(), &mut values);
        Signature(values.into_boxed_slice())
    }

    /// Writes the signature into `values`, which is emptied first; `scratch` saves an
    /// allocation a story.
    pub fn signature_into(&self, shingles: &[u64], scratch: &mut Vec<u32>, values: &mut Vec<u32>) {
        scratch.clear();
        scratch.extend(shingles.iter().map(|&h| Self::half(h)));
        self.signature_of_halves(scratch, values);
    }

    /// What a signature knows of a shingle: the upper half of its hash.
    #[inline]
    pub const fn half(shingle: u64) -> u32 {
        (shingle >> 32) as u32
    }

    /// Writes the signature of shingles, given by their [halves](MinHasher::half), into `values`,
    /// which is emptied first.
    pub fn signature_of_halves(&self, halves: &[u32], values: &mut Vec<u32>) {
        values.clear();
        if halves.is_empty() {
            return;
        }
        values.resize(self.values(), u32::MAX);
        self.kernel.minima(halves, &self.multipliers, &self.offsets, values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finalise;
    use crate::similarity::Overlap;
    use proptest::prelude::*;

    #[test]
    fn a_signature_of_nothing_is_empty_and_like_nothing() {
        let hasher = MinHasher::new(128, 1);
        let none = hasher.signature(&[]);
        assert!(none.values().is_empty());
        assert!(none.estimate(&none) < 0.5);
    }

    /// What an index keeps depends on these values.
    #[test]
    fn values_are_frozen() {
        let signature =
            MinHasher::new(4, MinHasher::SEED).signature(&[finalise(1), finalise(2), finalise(3)]);
        assert_eq!(signature.values(), [735_029_649, 2_202_252_966, 787_418_080, 1_523_851_385]);
    }

    proptest! {
        #[test]
        fn the_estimate_is_within_five_standard_errors(n in 200u64..600, shared in 0u64..200, seed: u64) {
            let a: Vec<u64> = (0..n).map(|i| finalise(seed ^ finalise(i))).collect();
            let b: Vec<u64> = (n - shared..2 * n - shared).map(|i| finalise(seed ^ finalise(i))).collect();
            let hasher = MinHasher::new(512, 7);
            let (mut x, mut y) = (a.clone(), b.clone());
            x.sort_unstable();
            y.sort_unstable();
            let exact = Overlap::of_sorted(&x, &y).jaccard();
            let estimate = hasher.signature(&a).estimate(&hasher.signature(&b));
            prop_assert!((estimate - exact).abs() < 5.0 * (exact * (1.0 - exact) / 512.0).sqrt() + 0.01);
        }
    }
}
