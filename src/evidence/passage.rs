//! From two token sequences to the passages they share.
//!
//! Greedy string tiling (Wise 1993): the longest common run is taken first, then the longest of
//! what is left, until none reaches the minimum; no token is used twice on either side, so the
//! passages are a one-to-one alignment that may be out of order. Runs are seeded by hashed
//! windows of the minimum length (Karp and Rabin 1987).

use crate::hash;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
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
    Runs::of(a, b, least).tiles()
}

/// Length of a run, and its places in both texts.
type Run = (u32, u32, u32);

/// All the longest common runs of two texts, whether they overlap or not.
#[derive(Clone, Debug)]
pub(super) struct Runs {
    /// By place in the first.
    found: Vec<Run>,
    least: usize,
    /// Tokens of both.
    lens: (usize, usize),
    /// Whether no place was left out for standing in a refrain.
    pub(super) all: bool,
}

impl Runs {
    /// The runs of at least `least` tokens.
    pub(super) fn of<T: Copy + Eq + Into<u64>>(a: &[T], b: &[T], least: usize) -> Self {
        let least = least.max(1);
        Self::of_windows((a, &windows(a, least)), (b, &windows(b, least)), least)
    }

    /// The same of texts whose [`windows`] of `least` tokens, at least one, are known.
    pub(super) fn of_windows<T: Eq>(
        (a, of_a): (&[T], &[u32]),
        (b, of_b): (&[T], &[u32]),
        least: usize,
    ) -> Self {
        let mut found = Self { found: Vec::new(), least, lens: (a.len(), b.len()), all: true };
        if !of_a.is_empty() && !of_b.is_empty() {
            WINDOWS.with_borrow_mut(|windows| {
                windows.fill(of_b, b.len());
                windows.meet(of_a, a, b);
                found.seed(a, b, windows);
                windows.rest();
            });
        }
        found
    }

    fn seed<T: Eq>(&mut self, a: &[T], b: &[T], windows: &Windows) {
        self.found.reserve(windows.met.len());
        for &(i, head) in &windows.met {
            let (i, mut next) = (i as usize, head);
            for _ in 0..PLACES {
                if next == END {
                    break;
                }
                let j = next as usize;
                next = windows.next[j];
                let starts = i == 0 || j == 0 || a[i - 1] != b[j - 1];
                let len = if starts { common(&a[i..], &b[j..]) } else { 0 };
                if len >= self.least {
                    self.found.push((len as u32, i as u32, j as u32));
                }
            }
            self.all &= next == END;
        }
    }

    /// The runs as a one-to-one alignment: no token is used twice.
    pub(super) fn tiles(&self) -> Vec<Passage> {
        let mut tiles = Vec::new();
        self.tile(&mut tiles);
        tiles
    }

    /// The same, in place of what `tiles` held.
    pub(super) fn tile(&self, tiles: &mut Vec<Passage>) {
        tiles.clear();
        tile(&self.found, self.lens, self.least, tiles);
    }

    /// How many distinct runs of `width` tokens, at least as many as a run here has, both texts
    /// have. `repeats` are the places of the first text where one stands that stood before,
    /// ascending: what both have, both have at each of its places.
    pub(super) fn shared(&self, width: usize, repeats: &[u32]) -> usize {
        let (width, mut reached, mut shared) = (width as u32, 0, 0);
        for &(len, start, _) in self.found.iter().filter(|&&(len, ..)| len >= width) {
            let (start, end) = (start.max(reached), start + len + 1 - width);
            if end > start {
                let before = |place: u32| repeats.partition_point(|&repeat| repeat < place);
                shared += (end - start) as usize - (before(end) - before(start));
                reached = end;
            }
        }
        shared
    }
}

/// The windows of a text by their hash: chains of places in two flat arrays, because a map of
/// vectors would cost more than everything else about a pair.
#[derive(Debug, Default)]
struct Windows {
    heads: Vec<u32>,
    next: Vec<u32>,
    shift: u32,
    /// Places of another text, by which a run may start, with the heads of their chains.
    met: Vec<(u32, u32)>,
}

thread_local! {
    /// Kept from pair to pair: asking for memory would cost as much as looking for runs.
    static WINDOWS: RefCell<Windows> = RefCell::default();
}

/// The end of a chain.
const END: u32 = u32::MAX;

impl Windows {
    /// Tokens of a text from which its arrays are given back after use.
    const LONG: usize = 1 << 16;

    fn clear(&mut self, len: usize) {
        let bits = (2 * len).next_power_of_two().trailing_zeros().min(u32::BITS);
        self.shift = u32::BITS - bits;
        self.heads.clear();
        self.heads.resize(1 << bits, END);
        self.next.clear();
    }

    /// Takes in the windows of a text of `len` tokens.
    fn fill(&mut self, windows: &[u32], len: usize) {
        self.clear(len);
        self.next.resize(windows.len(), END);
        // From the back, so that a chain runs forward.
        for (at, (&window, next)) in windows.iter().zip(&mut self.next).enumerate().rev() {
            *next = std::mem::replace(&mut self.heads[(window >> self.shift) as usize], at as u32);
        }
    }

    /// Notes the places of `a` where a run that it shares with `b` may start, by the windows of `a`
    /// when those of `b` are taken in: all but those that meet none, or one alone that differs or
    /// goes on from the place before. No branch, because where texts meet cannot be foreseen.
    #[expect(clippy::needless_bitwise_bool, reason = "`&&` and `||` would be branches")]
    fn meet<T: Eq>(&mut self, windows: &[u32], a: &[T], b: &[T]) {
        self.met.resize(self.met.len().max(windows.len()), (0, 0));
        let mut len = 0;
        for (i, &window) in (0..).zip(windows) {
            let head = self.heads[(window >> self.shift) as usize];
            self.met[len] = (i, head);
            len += usize::from(head != END);
        }
        let all = std::mem::take(&mut len);
        for at in 0..all {
            let (i, j) = (self.met[at].0 as usize, self.met[at].1 as usize);
            let goes_on = (i > 0) & (j > 0) & (a[i.max(1) - 1] == b[j.max(1) - 1]);
            let alone = self.next[j] == END;
            self.met[len] = self.met[at];
            len += usize::from(!alone | ((a[i] == b[j]) & !goes_on));
        }
        self.met.truncate(len);
    }

    /// Places of windows that stood before, ascending; `None` where too many meet by their hash.
    fn repeats<T: Copy + Eq + Into<u64>>(&mut self, text: &[T], width: usize) -> Option<Vec<u32>> {
        self.clear(text.len());
        let mut repeats = Vec::new();
        // Most windows that meet by their hash differ in the first token.
        let is_same = |x: usize, y: usize| text[x] == text[y] && text[x..][..width] == text[y..][..width];
        for (at, window) in hashes(text, width).enumerate() {
            let slot = (window >> self.shift) as usize;
            let head = self.heads[slot];
            let (mut next, mut steps) = (head, 0);
            while next != END && !is_same(next as usize, at) {
                next = self.next[next as usize];
                steps += 1;
                if steps > PLACES {
                    return None;
                }
            }
            self.next.push(head);
            if next == END {
                self.heads[slot] = at as u32;
            } else {
                repeats.push(at as u32);
            }
        }
        Some(repeats)
    }

    fn rest(&mut self) {
        if self.next.len() > Self::LONG {
            *self = Self::default();
        }
    }
}

/// The hash of each run of `width` tokens, at most as many as `text` has: a polynomial over them,
/// rolled along.
fn hashes<T: Copy + Into<u64>>(text: &[T], width: usize) -> impl Iterator<Item = u32> {
    let leading = (1..width).fold(1u64, |power, _| power.wrapping_mul(hash::BASE));
    let with = |rolled: u64, token: T| rolled.wrapping_mul(hash::BASE).wrapping_add(token.into());
    let mut rolled = text[..width - 1].iter().fold(0, |rolled, &token| with(rolled, token));
    text[width - 1..].iter().zip(text).map(move |(&new, &old)| {
        let window = with(rolled, new);
        rolled = window.wrapping_sub(leading.wrapping_mul(old.into()));
        (window.wrapping_mul(hash::BASE) >> 32) as u32
    })
}

/// The hash of each run of `width` tokens, at least 1, in order.
pub(super) fn windows<T: Copy + Into<u64>>(text: &[T], width: usize) -> Box<[u32]> {
    if text.len() < width { Box::default() } else { hashes(text, width).collect() }
}

/// The places of `text`, at least `width` tokens long, where `width` tokens stand that stood before,
/// ascending; `None` where their hashes were made to meet.
pub(super) fn repeats<T: Copy + Eq + Into<u64>>(text: &[T], width: usize) -> Option<Vec<u32>> {
    WINDOWS.with_borrow_mut(|windows| {
        let repeats = windows.repeats(text, width);
        windows.rest();
        repeats
    })
}

fn common<T: Eq>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// Takes runs from the longest down, cutting off what longer ones have used; a run that is cut
/// goes back in line at its new length.
fn tile(runs: &[Run], (a, b): (usize, usize), least: usize, tiles: &mut Vec<Passage>) {
    let passage = |len: usize, i: usize, j: usize| Passage { a: i..i + len, b: j..j + len };
    if are_apart(runs) {
        tiles.extend(runs.iter().map(|&(len, i, j)| passage(len as usize, i as usize, j as usize)));
        return;
    }
    let (mut used_a, mut used_b) = (vec![false; a], vec![false; b]);
    let in_line = |(len, i, j): Run| (len, Reverse((i, j)));
    let mut whole = runs.to_vec();
    // Runs of one length stay in the order of their places.
    whole.sort_by_key(|&(len, ..)| Reverse(len));
    let (mut whole, mut cut) = (whole.into_iter().peekable(), BinaryHeap::new());
    loop {
        let next = whole.next_if(|&run| cut.peek().is_none_or(|cut| in_line(run) >= *cut));
        let Some((len, Reverse((i, j)))) = next.map(in_line).or_else(|| cut.pop()) else { break };
        let (len, i, j) = (len as usize, i as usize, j as usize);
        let free = |k: &usize| !used_a[i + k] && !used_b[j + k];
        let Some(start) = (0..len).find(free) else { continue };
        let end = (start..len).find(|k| !free(k)).unwrap_or(len);
        if (start, end) == (0, len) {
            used_a[i..i + len].fill(true);
            used_b[j..j + len].fill(true);
            tiles.push(passage(len, i, j));
            continue;
        }
        for (from, to) in [(start, end), (end, len)] {
            if to - from >= least {
                cut.push(in_line(((to - from) as u32, (i + from) as u32, (j + from) as u32)));
            }
        }
    }
    tiles.sort_unstable_by_key(|tile| tile.a.start);
}

/// Whether runs, by place in the first text, stand in the same order in both, and none overlaps
/// another: then there is nothing to choose between.
fn are_apart(runs: &[Run]) -> bool {
    runs.windows(2).all(|pair| {
        let ((len, i, j), (_, next_i, next_j)) = (pair[0], pair[1]);
        i + len <= next_i && j + len <= next_j
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

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
        fn runs_tell_what_both_have(
            a in prop::collection::vec(0u64..6, 0..60), b in prop::collection::vec(0u64..6, 0..60),
            least in 1usize..4, more in 0usize..4,
        ) {
            let (runs, width) = (Runs::of(&a, &b, least), least + more);
            let windows = |text: &[u64]| text.windows(width).map(<[u64]>::to_vec).collect::<BTreeSet<_>>();
            let (of_a, of_b) = (windows(&a), windows(&b));
            if a.len() >= width {
                let repeats = repeats(&a, width).expect("hashes are not made to meet");
                prop_assert_eq!(a.len() + 1 - width - repeats.len(), of_a.len());
                prop_assert!(!runs.all || runs.shared(width, &repeats) == of_a.intersection(&of_b).count());
            }
        }

        #[test]
        fn runs_are_those_of_all_places(
            a in prop::collection::vec(0u64..9, 0..60), b in prop::collection::vec(0u64..9, 0..60), least in 1usize..4,
        ) {
            let runs = Runs::of(&a, &b, least);
            let starts = |i: usize, j: usize| i == 0 || j == 0 || a[i - 1] != b[j - 1];
            let all = (0..a.len()).flat_map(|i| (0..b.len()).map(move |j| (i, j))).filter(|&(i, j)| starts(i, j));
            let all: Vec<_> = all
                .map(|(i, j)| (common(&a[i..], &b[j..]) as u32, i as u32, j as u32))
                .filter(|&(len, ..)| len as usize >= least)
                .collect();
            prop_assert!(!runs.all || runs.found == all);
            prop_assert!(runs.found.iter().all(|run| all.contains(run)));
        }

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
