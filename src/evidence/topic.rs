//! From weighted stems to the vector that says what a story is about.

/// A vector of length 1 over stems, in six bytes a stem: weights are counted in 1/65,535, so that
/// their sums are exact and depend on no order.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// Ascending.
    stems: Box<[u32]>,
    weights: Box<[u16]>,
}

/// What a weight of 1 is counted as.
const ONE: f32 = 65_535.0;

impl Topic {
    /// The direction of `weighted` stems, which ascend and whose weights are at least 0.
    #[expect(clippy::cast_sign_loss, reason = "weights are at least 0")]
    pub fn new(weighted: &[(u32, f32)]) -> Self {
        let norm = weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        let count = |weight: f32| if norm > 0.0 { (weight / norm * ONE + 0.5) as u16 } else { 0 };
        let counted = || weighted.iter().map(|&(stem, weight)| (stem, count(weight))).filter(|&(_, n)| n > 0);
        Self {
            stems: counted().map(|(stem, _)| stem).collect(),
            weights: counted().map(|(_, n)| n).collect(),
        }
    }

    /// Cosine of two topics, in [0, 1]. Cost: one walk over both.
    pub fn cosine(&self, other: &Self) -> f32 {
        let (mut i, mut j, mut sum) = (0, 0, 0u64);
        while i < self.stems.len() && j < other.stems.len() {
            let (x, y) = (self.stems[i], other.stems[j]);
            if x == y {
                sum += u64::from(self.weights[i]) * u64::from(other.weights[j]);
            }
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        (sum as f32 / (ONE * ONE)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_common_stems_count() {
        let topic = |weighted: &[(u32, f32)]| Topic::new(weighted);
        let a = topic(&[(1, 3.0), (5, 4.0)]);
        assert!((a.cosine(&a) - 1.0).abs() < 1e-4);
        assert!((a.cosine(&topic(&[(5, 9.0)])) - 0.8).abs() < 1e-4);
        assert!(a.cosine(&topic(&[(2, 9.0)])).abs() < 1e-6);
        assert!(a.cosine(&topic(&[])).abs() < 1e-6);
    }
}
