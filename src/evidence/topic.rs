//! From the stems of a story to the vector that says what it is about.

use super::frequency::Weights;
use std::collections::BTreeMap;

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

/// Marks of a counted stem, and what one more time counts beside them.
const IN_LEAD: u32 = 1;
const IN_HEADLINE: u32 = 2;
const TIME: u32 = 4;

impl Topic {
    /// TF–IDF with a logarithmic term frequency; a stem of the lead, the first `lead` of the body,
    /// or of the headline counts once more, because that is where a report says what it is about.
    pub fn of(body: &[u32], lead: usize, headline: &[u32], weights: &Weights) -> Self {
        let marked = || {
            let body = body.iter().enumerate();
            let body = body.map(|(i, &stem)| (stem, if i < lead { IN_LEAD } else { 0 }, TIME));
            body.chain(headline.iter().map(|&stem| (stem, IN_HEADLINE, 0)))
        };
        let counted = counted(marked(), body.len() + headline.len()).unwrap_or_else(|| counted_slowly(marked()));
        let weighted = counted.into_iter().map(|(stem, count)| {
            let frequency = match count / TIME {
                0 => 0.0,
                1 => 1.0,
                times => 1.0 + libm::logf(times as f32),
            };
            let boosts = f32::from(u8::from(count & IN_LEAD != 0) + u8::from(count & IN_HEADLINE != 0));
            (stem, weights.of(stem) * (frequency + boosts))
        });
        Self::new(&weighted.collect::<Vec<_>>())
    }

    /// The direction of `weighted` stems, which ascend and whose weights are at least 0.
    #[expect(clippy::cast_sign_loss, reason = "weights are at least 0")]
    pub fn new(weighted: &[(u32, f32)]) -> Self {
        let norm = weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        let count = |weight: f32| if norm > 0.0 { (weight / norm * ONE + 0.5) as u16 } else { 0 };
        let counted = weighted.iter().map(|&(stem, weight)| (stem, count(weight))).filter(|&(_, n)| n > 0);
        let (stems, weights): (Vec<u32>, Vec<u16>) = counted.unzip();
        Self { stems: stems.into(), weights: weights.into() }
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

/// The stems with their marks and how often they stand there, by stem; `None` where the stems
/// are not spread as hashes are. The place of a stem in the table follows from its highest bits,
/// so reading the table is nearly sorting it.
fn counted(marked: impl Iterator<Item = (u32, u32, u32)>, len: usize) -> Option<Vec<(u32, u32)>> {
    /// Steps from its place within which a stem must find room.
    const NEAR: usize = 64;
    let bits = (2 * len).next_power_of_two().trailing_zeros().clamp(1, 31);
    let mut table = vec![(0, 0); (1 << bits) + NEAR];
    for (stem, mark, time) in marked {
        let home = (stem >> (32 - bits)) as usize;
        let near = &mut table[home..home + NEAR];
        let slot = near.iter_mut().find(|(known, count)| *known == stem || *count == 0)?;
        *slot = (stem, (slot.1 | mark) + time);
    }
    table.retain(|&(_, count)| count > 0);
    for i in 1..table.len() {
        let (entry, mut at) = (table[i], i);
        while at > 0 && table[at - 1].0 > entry.0 {
            table[at] = table[at - 1];
            at -= 1;
        }
        table[at] = entry;
    }
    Some(table)
}

fn counted_slowly(marked: impl Iterator<Item = (u32, u32, u32)>) -> Vec<(u32, u32)> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for (stem, mark, time) in marked {
        let count = counts.entry(stem).or_default();
        *count = (*count | mark) + time;
    }
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_in_a_table_is_counting(stems in prop::collection::vec((0u64..300, 0u32..3, 0u32..2), 0..400)) {
            let marked = || stems.iter().map(|&(stem, mark, time)| {
                let mark = if time == 0 { mark | 1 } else { mark };
                ((hash::finalise(stem) >> 32) as u32, mark, time * TIME)
            });
            prop_assert_eq!(counted(marked(), stems.len()), Some(counted_slowly(marked())));
        }
    }

    #[test]
    fn crowded_stems_are_left_to_the_slow_way() {
        let crowd = || (1..=100).map(|stem| (stem, 0, TIME));
        assert_eq!(counted(crowd(), 100), None);
        assert_eq!(counted_slowly(crowd()).len(), 100);
    }

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
