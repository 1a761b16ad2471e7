//! From what was made once to what need not be made again: what was asked for lately, within a bound.

use ahash::AHashMap;
use std::hash::Hash;

/// What was asked for lately, and what was before it, which goes when there is too much.
#[derive(Debug)]
pub struct Lately<K, V> {
    late: AHashMap<K, (V, usize)>,
    early: AHashMap<K, (V, usize)>,
    /// Of what was asked for lately.
    weight: usize,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Lately<K, V> {
    /// Nothing yet; of what is kept, all weighs `most` at most, in the unit of the caller.
    pub fn within(most: usize) -> Self {
        Self { late: AHashMap::new(), early: AHashMap::new(), weight: 0, most }
    }

    /// What was kept under `key`, if it still is. Cost: one look-up, or two.
    pub fn get(&mut self, key: &K) -> Option<V> {
        if let Some((value, _)) = self.late.get(key) {
            return Some(value.clone());
        }
        let (key, (value, weight)) = self.early.remove_entry(key)?;
        self.keep(key, value.clone(), weight);
        Some(value)
    }

    /// Keeps `value`, which weighs so much.
    pub fn keep(&mut self, key: K, value: V, weight: usize) {
        if self.weight + weight > self.most / 2 {
            (self.early, self.weight) = (std::mem::take(&mut self.late), 0);
        }
        let before = self.late.insert(key, (value, weight));
        self.weight += weight;
        self.weight -= before.map_or(0, |(_, before)| before);
    }

    /// Lets all go.
    pub fn forget(&mut self) {
        *self = Self::within(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let mut kept = Lately::within(16);
        for number in 0..100 {
            kept.keep(number, number, 1);
            assert_eq!(kept.get(&0), Some(0), "{number}");
        }
        assert_eq!((kept.get(&99), kept.get(&50)), (Some(99), None));
        kept.keep(100, 100, 8);
        assert_eq!((kept.get(&100), kept.get(&1)), (Some(100), None));
        kept.forget();
        assert_eq!(kept.get(&100), None);
    }

    #[test]
    fn what_is_kept_again_weighs_once() {
        let mut kept = Lately::within(16);
        kept.keep(0, 0, 1);
        (0..100).for_each(|_| kept.keep(1, 1, 4));
        assert_eq!(kept.get(&0), Some(0));
        (0..100).for_each(|round| kept.keep(1, 1, [1, 4][round % 2]));
        assert_eq!(kept.get(&0), Some(0), "lighter, then heavier again");
    }
}
