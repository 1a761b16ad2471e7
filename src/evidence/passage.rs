//! From two token sequences to the passages they share.
//!
//! Greedy string tiling (Wise 1993): the longest common run is taken first, then the longest of
//! what is left, until none reaches the minimum; no token is used twice on either side, so the
//! passages are a one-to-one alignment that may be out of order. Runs are seeded by hashed
//! windows of the minimum length (Karp and Rabin 1987).

use crate::hash;
use std::cmp::Reverse;
use std::ops::Range;

/// A run of tokens that two texts share, by its places in both; the lengths are equal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passage {
    /// Tokens of the first text.
    pub a: Range<usize>,
    /// Tokens of the second.
    pub b: Range<usize>,
}

impl Passage {
    /// How many tokens are shared.
    pub fn len(&self) -> usize {
        self.a.len()
    }

    /// Whether nothing is shared; never so in the result of [`passages`].
    pub fn is_empty(&self) -> bool {
        self.a.is_empty()
    }
}

/// Places of one window that are tried as seeds: a refrain occurs often, and trying all of its
/// places against each other would be quadratic.
const PLACES: usize = 16;

/// The shared passages of at least `least` tokens, in the order of the first text. Tokens are
/// told apart by their values. Cost: O((|a| + |b|) · log) for ordinary texts; at most 16 seeds a
/// window of the first text.
pub fn passages<T: Copy + Eq + Into<u64>>(a: &[T], b: &[T], least: usize) -> Vec<Passage> {
    let least = least.max(1);
    if a.len() < least || b.len() < least {
        return Vec::new();
    }
    let windows = Windows::of(b, least);
    let mut runs = Vec::new();
    for (i, window) in a.windows(least).enumerate() {
        for j in windows.like(window).take(PLACES) {
            let starts = i == 0 || j == 0 || a[i - 1] != b[j - 1];
            let len = if starts { common(&a[i..], &b[j..]) } else { 0 };
            if len >= least {
                runs.push((len, i, j));
            }
        }
    }
    tile(runs, a.len(), b.len(), least)
}

/// The windows of a text by their hash: chains of places in two flat arrays, because a map of
/// vectors would cost more than everything else about a pair.
struct Windows {
    heads: Vec<u32>,
    next: Vec<u32>,
}

/// The end of a chain.
const END: u32 = u32::MAX;

impl Windows {
    fn of<T: Copy + Into<u64>>(text: &[T], width: usize) -> Self {
        let mut windows =
            Self { heads: vec![END; (2 * text.len()).next_power_of_two()], next: vec![END; text.len()] };
        // From the back, so that a chain runs forward.
        for (at, window) in text.windows(width).enumerate().rev() {
            let slot = windows.slot(window);
            windows.next[at] = std::mem::replace(&mut windows.heads[slot], at as u32);
        }
        windows
    }

    fn slot<T: Copy + Into<u64>>(&self, window: &[T]) -> usize {
        let mixed = window
            .iter()
            .fold(0u64, |h, &t| h.wrapping_add(t.into()).wrapping_mul(hash::BASE).rotate_left(29));
        mixed as usize & (self.heads.len() - 1)
    }

    /// Places of windows with the hash of `window`, ascending.
    fn like<T: Copy + Into<u64>>(&self, window: &[T]) -> impl Iterator<Item = usize> {
        let mut at = self.heads[self.slot(window)];
        std::iter::from_fn(move || {
            let place = (at != END).then_some(at as usize)?;
            at = self.next[place];
            Some(place)
        })
    }
}

fn common<T: Eq>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// Takes runs from the longest down, cutting off what longer ones have used; a run that is cut
/// goes back in line at its new length.
fn tile(runs: Vec<(usize, usize, usize)>, a: usize, b: usize, least: usize) -> Vec<Passage> {
    let (mut used_a, mut used_b) = (vec![false; a], vec![false; b]);
    let mut line: std::collections::BinaryHeap<_> =
        runs.into_iter().map(|(len, i, j)| (len, Reverse((i, j)))).collect();
    let mut tiles = Vec::new();
    while let Some((len, Reverse((i, j)))) = line.pop() {
        let free = |k: &usize| !used_a[i + k] && !used_b[j + k];
        let Some(start) = (0..len).find(free) else { continue };
        let end = (start..len).find(|k| !free(k)).unwrap_or(len);
        if (start, end) == (0, len) {
            used_a[i..i + len].fill(true);
            used_b[j..j + len].fill(true);
            tiles.push(Passage { a: i..i + len, b: j..j + len });
            continue;
        }
        for (from, to) in [(start, end), (end, len)] {
            if to - from >= least {
                line.push((to - from, Reverse((i + from, j + from))));
            }
        }
    }
    tiles.sort_unstable_by_key(|tile| tile.a.start);
    tiles
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(a: &str, b: &str, least: usize) -> Vec<String> {
        let hashes = |text: &str| text.split(' ').map(|w| hash::bytes(w.as_bytes())).collect::<Vec<_>>();
        let words: Vec<&str> = a.split(' ').collect();
        passages(&hashes(a), &hashes(b), least).into_iter().map(|p| words[p.a].join(" ")).collect()
    }

    #[test]
    fn moved_passages_are_found_in_the_order_of_the_first_text() {
        let a = "talks were held in minsk today and the sides agreed to meet again";
        let b = "the sides agreed to meet again after talks were held in minsk";
        assert_eq!(found(a, b, 3), ["talks were held in minsk", "the sides agreed to meet again"]);
    }

    #[test]
    fn a_token_is_used_once() {
        assert_eq!(found("x y z", "x y z x y z", 2), ["x y z"]);
        assert_eq!(found("x y z x y z", "x y z", 2), ["x y z"]);
    }

    #[test]
    fn what_is_left_of_a_cut_run_counts_if_long_enough() {
        // `c d e f g h` is longest; of the run `a b c d e` only `a b` is left.
        assert_eq!(found("c d e f g h q a b c d e", "a b c d e f g h", 2), ["c d e f g h", "a b"]);
    }

    #[test]
    fn short_texts_share_nothing() {
        assert!(found("a", "a", 2).is_empty());
    }

    proptest! {
        #[test]
        fn passages_are_equal_disjoint_and_long_enough(
            a in prop::collection::vec(0u64..6, 0..60), b in prop::collection::vec(0u64..6, 0..60), least in 1usize..5,
        ) {
            let (mut used_a, mut used_b) = (vec![false; a.len()], vec![false; b.len()]);
            for passage in passages(&a, &b, least) {
                prop_assert_eq!(&a[passage.a.clone()], &b[passage.b.clone()]);
                prop_assert!(passage.len() >= least);
                for i in passage.a { prop_assert!(!std::mem::replace(&mut used_a[i], true)); }
                for j in passage.b { prop_assert!(!std::mem::replace(&mut used_b[j], true)); }
            }
        }
    }
}
