//! From two texts' folded letters to the stretches that both have, aligned letter by letter.
//!
//! Runs of nine letters that stand once in the first text and again in the second are seeds. From
//! each, the alignment runs on to both sides: letters that are equal are matched, and where they are
//! not, it takes the nearest place at which both go on alike, within a narrow band. It ends where wrong letters
//! outweigh right ones. So the work is linear in what is shared, and a seed inside a stretch that
//! was found costs nothing.

use super::letters::Letters;
use super::onward::onward;
use super::seeds::{SEED, Seeds};
use std::ops::Range;

/// Letters of a stretch, matched ones, at least: below it, phrases of the language meet.
pub const SHORTEST: usize = 24;
/// What the score may fall below its best before the stretch ends there.
const DROP: isize = 18;
/// What a wrong letter costs, where a right one brings 1.
const WRONG: usize = 1;

/// A stretch that two texts share, by places in their letters.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stretch {
    /// Letters of the first.
    pub a: Range<usize>,
    /// Letters of the second.
    pub b: Range<usize>,
    /// Runs of letters that are equal: where each starts in both, and how long it is; ascending.
    pub runs: Vec<(usize, usize, usize)>,
}

impl Stretch {
    /// Letters that are equal.
    pub fn matched(&self) -> usize {
        self.runs.iter().map(|run| run.2).sum()
    }

    /// Share of letters that are wrong, of the longer side, in [0, 1].
    pub fn wrong(&self) -> f32 {
        1.0 - self.matched() as f32 / self.longer().max(1) as f32
    }

    fn longer(&self) -> usize {
        self.a.len().max(self.b.len())
    }
}

/// What two texts share.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Alignment {
    /// In the order of the second text; no letter of either is in two of them.
    pub stretches: Vec<Stretch>,
}

impl Alignment {
    /// Letters that are equal.
    pub fn matched(&self) -> usize {
        self.stretches.iter().map(Stretch::matched).sum()
    }

    /// Share of the letters of the longer side of each stretch that are not matched, in [0, 1]; 0 where
    /// nothing is shared.
    pub fn wrong(&self) -> f32 {
        let all: usize = self.stretches.iter().map(Stretch::longer).sum();
        (all - self.matched()) as f32 / all.max(1) as f32
    }
}

/// Aligns the letters of two texts. Cost: a table of the first's runs, once, one look-up for each letter
/// of the second that is not shared, and a few steps for each run of equal letters.
pub fn align(a: &Letters, b: &Letters) -> Alignment {
    aligned(a.folded(), b.folded(), a.seeds())
}

fn aligned(a: &[u8], b: &[u8], seeds: &Seeds) -> Alignment {
    let mut ways = BothWays::default();
    let (mut taken, mut stretches) = (Taken { len: a.len(), stretches: Vec::new() }, Vec::new());
    // The letters of `b` in which no seed is looked for, and those that no stretch may have.
    let (mut from, mut free) = (0, 0);
    while let Some((passed, start)) = seeds.next(&b[from..], a) {
        let at = from + passed;
        let Some(gap) = taken.gap(start) else {
            from = at + 1;
            continue;
        };
        let (equal, stretch) =
            ways.extended((start, at), (&a[start..gap.end], &b[at..]), (&a[gap.start..start], &b[free..at]));
        // Seeds inside of a short one would give it again.
        from = at + 1 + equal.saturating_sub(SEED);
        if let Some(stretch) = stretch {
            free = stretch.b.end;
            from = from.max(free);
            taken.add(stretch.a.clone());
            stretches.push(stretch);
        }
    }
    Alignment { stretches }
}

/// The stretches of a text of so many letters that are taken, ascending.
struct Taken {
    len: usize,
    stretches: Vec<Range<usize>>,
}

impl Taken {
    fn add(&mut self, stretch: Range<usize>) {
        let place = self.stretches.partition_point(|taken| taken.start < stretch.start);
        self.stretches.insert(place, stretch);
    }

    /// The free letters around a seed, if it is free. An alignment ends with them: what is taken is longer
    /// than it looks ahead.
    fn gap(&self, seed: usize) -> Option<Range<usize>> {
        let next = self.stretches.partition_point(|taken| taken.start <= seed);
        let start = self.stretches[..next].last().map_or(0, |before| before.end);
        let end = self.stretches.get(next).map_or(self.len, |after| after.start);
        (start <= seed && seed + SEED <= end).then_some(start..end)
    }
}

/// Two texts.
type Texts<'a> = (&'a [u8], &'a [u8]);

/// Runs of equal letters on both sides of a place, kept from stretch to stretch for their memory.
#[derive(Default)]
struct BothWays {
    ahead: Vec<(usize, usize, usize)>,
    back: Vec<(usize, usize, usize)>,
}

impl BothWays {
    /// The stretch around a seed at `i` and `j`, in the letters of both texts from there on and those before,
    /// if it is one; and how many letters are equal from the seed on.
    fn extended(
        &mut self,
        (i, j): (usize, usize),
        ahead: Texts<'_>,
        back: Texts<'_>,
    ) -> (usize, Option<Stretch>) {
        one_way::<true>(ahead, &mut self.ahead);
        one_way::<false>(back, &mut self.back);
        let equal = self.ahead.first().map_or(0, |run| run.2);
        let matched: usize = self.ahead.iter().chain(&self.back).map(|run| run.2).sum();
        (equal, (matched >= SHORTEST).then(|| self.stretch(i, j)))
    }

    fn stretch(&self, i: usize, j: usize) -> Stretch {
        let mut runs = Vec::with_capacity(self.back.len() + self.ahead.len());
        runs.extend(self.back.iter().rev().map(|&(x, y, len)| (i - x - len, j - y - len, len)));
        for &(x, y, len) in &self.ahead {
            match runs.last_mut().filter(|last| (last.0 + last.2, last.1 + last.2) == (i + x, j + y)) {
                Some(last) => last.2 += len,
                None => runs.push((i + x, j + y, len)),
            }
        }
        let (Some(&first), Some(&last)) = (runs.first(), runs.last()) else { return Stretch::default() };
        Stretch { a: first.0..last.0 + last.2, b: first.1..last.1 + last.2, runs }
    }
}

/// Runs of equal letters from the start of two texts on, or from their end back, until wrong ones outweigh;
/// places are counted from there.
fn one_way<const AHEAD: bool>((a, b): Texts<'_>, runs: &mut Vec<(usize, usize, usize)>) {
    let left = |text: &[u8], passed: usize| if AHEAD { passed..text.len() } else { 0..text.len() - passed };
    let (mut x, mut y) = (0, 0);
    let (mut score, mut best, mut kept) = (0_isize, 0, 0);
    runs.clear();
    loop {
        let len = equal::<AHEAD>(&a[left(a, x)], &b[left(b, y)]);
        if len > 0 {
            runs.push((x, y, len));
            (x, y) = (x + len, y + len);
            score = score.saturating_add_unsigned(len);
            if score > best {
                (best, kept) = (score, runs.len());
            }
        }
        let Some((over_a, over_b)) = onward::<AHEAD>(&a[left(a, x)], &b[left(b, y)]) else { break };
        (x, y) = (x + over_a, y + over_b);
        score = score.saturating_sub_unsigned(WRONG * over_a.max(over_b));
        if score < best - DROP {
            break;
        }
    }
    runs.truncate(kept);
}

/// How many letters two texts open with alike, or end with; eight are looked at together.
fn equal<const AHEAD: bool>(a: &[u8], b: &[u8]) -> usize {
    if !AHEAD {
        let ((_, eights_a), (_, eights_b)) = (a.as_rchunks::<8>(), b.as_rchunks::<8>());
        let mut len = 0;
        for (x, y) in eights_a.iter().rev().zip(eights_b.iter().rev()) {
            let differing = u64::from_le_bytes(*x) ^ u64::from_le_bytes(*y);
            if differing != 0 {
                return len + differing.leading_zeros() as usize / 8;
            }
            len += 8;
        }
        let left = a[..a.len() - len].iter().rev().zip(b[..b.len() - len].iter().rev());
        return len + left.take_while(|(x, y)| x == y).count();
    }
    let ((eights_a, _), (eights_b, _)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut len = 0;
    for (x, y) in eights_a.iter().zip(eights_b) {
        let differing = u64::from_le_bytes(*x) ^ u64::from_le_bytes(*y);
        if differing != 0 {
            return len + differing.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    len + a[len..].iter().zip(&b[len..]).take_while(|(x, y)| x == y).count()
}

#[cfg(test)]
mod tests {
    use super::super::onward::BAND;
    use super::*;
    use proptest::prelude::*;

    fn align(a: &[u8], b: &[u8]) -> Alignment {
        aligned(a, b, &Seeds::of(a))
    }

    /// The most letters that can be matched in order: by the definition, all pairs of places.
    fn longest_common(a: &[u8], b: &[u8]) -> usize {
        let mut row = vec![0; b.len() + 1];
        for x in a {
            let mut before = 0;
            for (t, y) in b.iter().enumerate() {
                let above = row[t + 1];
                row[t + 1] = if x == y { before + 1 } else { above.max(row[t]) };
                before = above;
            }
        }
        row[b.len()]
    }

    fn checked(a: &[u8], b: &[u8]) -> Alignment {
        let found = align(a, b);
        let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
        for stretch in &found.stretches {
            let mut from = (stretch.a.start, stretch.b.start);
            for &(x, y, len) in &stretch.runs {
                assert!(x >= from.0 && y >= from.1, "runs ascend");
                assert_eq!(a[x..x + len], b[y..y + len], "what is matched is equal");
                from = (x + len, y + len);
            }
            assert_eq!(from, (stretch.a.end, stretch.b.end));
            for (taken, range) in [(&mut in_a, &stretch.a), (&mut in_b, &stretch.b)] {
                assert!(!taken[range.clone()].contains(&true), "a letter is in one stretch");
                taken[range.clone()].fill(true);
            }
        }
        found
    }

    proptest! {
        #[test]
        fn nearly_all_that_could_be_matched_is(
            text in prop::collection::vec(b'a'..b's', 200..400),
            wrong in prop::collection::vec((0usize..400, 0u8..3, b'a'..b's'), 0..14),
        ) {
            let mut read = text.clone();
            for (place, kind, letter) in wrong {
                let place = place % read.len();
                match kind {
                    0 => read[place] = letter,
                    1 => { read.remove(place); }
                    _ => read.insert(place, letter),
                }
            }
            let found = checked(&text, &read);
            let most = longest_common(&text, &read);
            prop_assert!(found.matched() <= most);
            prop_assert!(found.matched() * 100 >= most * 85, "{} of {most}", found.matched());
        }

        #[test]
        fn stretches_are_found_in_any_order(
            x in prop::collection::vec(b'a'..b'k', 60..90), y in prop::collection::vec(b'k'..b'u', 60..90),
        ) {
            let (one, other) = ([&x[..], &y[..]].concat(), [&y[..], &x[..]].concat());
            prop_assert!(checked(&one, &other).matched() * 100 >= one.len() * 80);
        }

        #[test]
        fn anything_is_aligned_soundly(a in prop::collection::vec(b'a'..b'd', 0..200), b in prop::collection::vec(b'a'..b'd', 0..200)) {
            checked(&a, &b);
        }
    }

    /// So many letters from `b` to `y`, no run of which comes again soon.
    fn letters(seed: u64, count: usize) -> Vec<u8> {
        (0..count as u64).map(|i| b'b' + (crate::hash::finalise(seed << 32 | i) % 24) as u8).collect()
    }

    #[test]
    fn a_stretch_opens_with_nine_letters_and_has_twenty_four() {
        let text = letters(1, 180);
        let every = |nth: usize| {
            let mut read = text.clone();
            read.iter_mut().skip(nth - 1).step_by(nth).for_each(|letter| *letter = b'a');
            align(&text, &read).stretches.len()
        };
        assert_eq!([every(9), every(10)], [0, 1]);
        let sharing = |count: usize| {
            let other = [letters(2, 50), text[..count].to_vec(), letters(3, 50)].concat();
            align(&[&[b'a'][..], &text[..count], &[b'z'][..]].concat(), &other).stretches.len()
        };
        assert_eq!([sharing(SHORTEST - 1), sharing(SHORTEST)], [0, 1]);
        assert_eq!(SHORTEST, 24);
    }

    #[test]
    fn an_alignment_goes_on_behind_ten_letters_and_no_more() {
        let text = letters(1, 120);
        let with = |count: usize| {
            let read = [&text[..60], &vec![b'a'; count], &text[60..]].concat();
            align(&text, &read).stretches.len()
        };
        assert_eq!([with(BAND), with(BAND + 1)], [1, 2]);
        assert_eq!(BAND, 10);
    }

    proptest! {
        #[test]
        fn from_the_end_back_is_from_the_start_on_of_the_texts_reversed(
            a in prop::collection::vec(b'a'..b'd', 0..60), b in prop::collection::vec(b'a'..b'd', 0..60),
        ) {
            let reversed = |text: &[u8]| text.iter().rev().copied().collect::<Vec<u8>>();
            let (mut ahead, mut back) = (Vec::new(), Vec::new());
            one_way::<true>((&reversed(&a), &reversed(&b)), &mut ahead);
            one_way::<false>((&a, &b), &mut back);
            prop_assert_eq!(ahead, back);
        }
    }

    #[test]
    fn strangers_share_nothing() {
        let a = Letters::of("The ferry ran aground off the point before dawn on Sunday.");
        let b = Letters::of("Harbour dues will rise in April, the islands decided in spring.");
        assert_eq!(super::align(&a, &b), Alignment::default());
    }
}
