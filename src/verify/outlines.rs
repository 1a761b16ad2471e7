//! From many candidate pairs to those that their outlines cannot rule out.

use super::Outline;
use crate::similarity::Similarity;
use rayon::prelude::*;

/// The outlines of the stories that are compared with many: near misses of one another are told apart
/// by these, unread.
#[derive(Debug)]
pub(crate) struct Outlines(Vec<Outline>);

impl Outlines {
    /// Stories that one is compared with from which an outline pays for itself.
    const MANY: u8 = 8;

    /// Of so many stories, which pairs and families name by their places. Cost: a look at every pair, and
    /// at the shingles of every story that is compared with many.
    pub(crate) fn of(
        stories: usize,
        pairs: &[(u32, u32)],
        families: &[Vec<u32>],
        outline: impl Fn(u32) -> Outline + Sync,
    ) -> Self {
        // None is compared with more others than there are pairs.
        if pairs.len() < Self::MANY.into() && families.is_empty() {
            return Self(Vec::new());
        }
        let mut others = vec![0u8; stories];
        let mut count = |at: u32, more: u8| others[at as usize] = others[at as usize].saturating_add(more);
        pairs.iter().flat_map(|&(x, y)| [x, y]).for_each(|at| count(at, 1));
        families.iter().flatten().for_each(|&story| count(story, Self::MANY));
        if others.iter().all(|&others| others < Self::MANY) {
            return Self(Vec::new());
        }
        let outline = |(at, &others): (usize, &u8)| match others {
            Self::MANY.. => outline(at as u32),
            _ => Outline::default(),
        };
        Self(others.par_iter().enumerate().map(outline).collect())
    }

    /// Whether two stories are not known to be less alike than `threshold`.
    pub(crate) fn may_be(&self, x: u32, y: u32, threshold: Similarity) -> bool {
        let of = |at: u32| self.0.get(at as usize).filter(|outline| outline.is_drawn());
        !of(x).zip(of(y)).is_some_and(|(x, y)| x.rules_out(y, threshold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finalise;

    fn set(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut set: Vec<u64> = numbers.map(finalise).collect();
        set.sort_unstable();
        set
    }

    /// Near misses of one another, any two at J = 0.56, and two that nobody else is like.
    #[test]
    fn near_misses_are_told_apart_unread() {
        let near_misses = 60;
        let set = |story: u32| {
            set((0..215).chain(1_000 * (u64::from(story) + 1)..1_000 * (u64::from(story) + 1) + 85))
        };
        let of = |families: Vec<Vec<u32>>, pairs: &[(u32, u32)]| {
            Outlines::of(near_misses as usize + 2, pairs, &families, |story| Outline::of(&set(story)))
        };
        let n = near_misses;
        let pairs: Vec<_> = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
        let threshold = Similarity::new(0.7).unwrap();
        let read =
            |outlines: &Outlines| pairs.iter().filter(|&&(a, b)| outlines.may_be(a, b, threshold)).count();
        let all = pairs.len();
        assert!(read(&of(Vec::new(), &pairs)) * 100 < all, "of many pairs");
        assert!(read(&of(vec![(0..n).collect()], &[])) * 100 < all, "of a family");
        let few = of(Vec::new(), &[&pairs[..], &[(n, n + 1)]].concat());
        assert!(few.may_be(n, n + 1, threshold), "a pair by itself is read, not outlined");
        assert!(of(Vec::new(), &[(n, n + 1)]).0.is_empty());
    }
}
