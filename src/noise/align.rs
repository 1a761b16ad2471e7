//! From two texts' folded letters to the stretches that both have, aligned letter by letter.
//!
//! Runs of [`SEED`] letters that stand once in the first text and again in the second are seeds. From
//! each, the alignment runs on to both sides: letters that are equal are matched, and where they are
//! not, it takes the nearest place at which both go on alike, within a narrow band. It ends where wrong letters
//! outweigh right ones. So the work is linear in what is shared, and a seed inside a stretch that
//! was found costs nothing.

use super::keys::hashes;
use std::ops::Range;

/// Letters of a seed.
pub const SEED: usize = 9;
/// Letters of a stretch, matched ones, at least: below it, phrases of the language meet.
pub const SHORTEST: usize = 24;
/// How far apart the next equal letters may be looked for, in letters of one text.
const BAND: usize = 10;
/// Letters that must be equal before the alignment goes on behind wrong ones.
const AGAIN: usize = 3;
/// What the score may fall below its best before the stretch ends there.
const DROP: isize = 18;
/// What a wrong letter costs, where a right one brings 1.
const WRONG: usize = 2;

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
        let longer = self.a.len().max(self.b.len()).max(1);
        1.0 - self.matched() as f32 / longer as f32
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
}

/// Aligns the folded letters of two texts. Cost: a table of the first's runs, one look-up for each letter
/// of the second that is not shared, and a few steps for each that is.
pub fn align(a: &[u8], b: &[u8]) -> Alignment {
    let seeds = Seeds::of(a);
    let mut taken = vec![false; a.len()];
    let (mut stretches, mut free, mut passed) = (Vec::new(), 0, 0);
    for (at, hash) in hashes(b, SEED).enumerate() {
        if at < free.max(passed) {
            continue;
        }
        let Some(start) = seeds.place(hash, &b[at..at + SEED]) else { continue };
        if taken[start] || taken[start + SEED - 1] {
            continue;
        }
        let stretch = extended(a, b, (start, at), (&taken, free));
        let is_long = stretch.matched() >= SHORTEST;
        // Seeds inside of a short one would give it again.
        passed = at
            + 1
            + stretch
                .runs
                .iter()
                .find(|run| run.1 <= at && at < run.1 + run.2)
                .map_or(0, |run| run.1 + run.2 - at)
                .saturating_sub(SEED);
        if !is_long {
            continue;
        }
        taken[stretch.a.clone()].fill(true);
        free = stretch.b.end;
        stretches.push(stretch);
    }
    Alignment { stretches }
}

/// Where the runs of a text stand that are there once. Of two that fall on one slot the first is kept:
/// a seed that is lost so has neighbours.
struct Seeds<'a> {
    text: &'a [u8],
    /// Places, and [`FREE`].
    slots: Vec<u32>,
}

/// A slot without a run.
const FREE: u32 = u32::MAX;
/// The bit of a place at which a run stands that stands elsewhere, too.
const AGAIN_THERE: u32 = 1 << 31;

impl<'a> Seeds<'a> {
    fn of(text: &'a [u8]) -> Self {
        /// Slots for each letter, so that few runs fall on one.
        const SPARE: usize = 3;
        let mut slots = vec![FREE; (text.len() * SPARE).next_power_of_two()];
        let last = slots.len() - 1;
        for (hash, place) in hashes(text, SEED).zip(0..) {
            let slot = &mut slots[hash as usize & last];
            let known = (*slot & !AGAIN_THERE) as usize;
            if *slot == FREE {
                *slot = place;
            } else if text[known..known + SEED] == text[place as usize..place as usize + SEED] {
                *slot |= AGAIN_THERE;
            }
        }
        Self { text, slots }
    }

    /// Where the text has that run, if it has it once.
    fn place(&self, hash: u64, run: &[u8]) -> Option<usize> {
        let place = self.slots[hash as usize & (self.slots.len() - 1)];
        let is_once = place & AGAIN_THERE == 0;
        let place = place as usize;
        (is_once && self.text[place..place + SEED] == *run).then_some(place)
    }
}

/// The stretch around a seed, which leaves alone what is taken: letters of `a`, and those of `b`
/// before `free`.
fn extended(a: &[u8], b: &[u8], (i, j): (usize, usize), (taken, free): (&[bool], usize)) -> Stretch {
    let equal = |x: usize, y: usize| a[x] == b[y] && !taken[x];
    let ahead = one_way(a.len() - i, b.len() - j, |x, y| equal(i + x, j + y));
    let back = one_way(i, j - free, |x, y| equal(i - 1 - x, j - 1 - y));
    let mut runs: Vec<(usize, usize, usize)> =
        back.iter().rev().map(|&(x, y, len)| (i - x - len, j - y - len, len)).collect();
    for &(x, y, len) in &ahead {
        match runs.last_mut().filter(|last| (last.0 + last.2, last.1 + last.2) == (i + x, j + y)) {
            Some(last) => last.2 += len,
            None => runs.push((i + x, j + y, len)),
        }
    }
    let (Some(&first), Some(&last)) = (runs.first(), runs.last()) else { return Stretch::default() };
    Stretch { a: first.0..last.0 + last.2, b: first.1..last.1 + last.2, runs }
}

/// Runs of equal letters from the start of two texts of so many letters on, until wrong ones outweigh.
fn one_way(a: usize, b: usize, equal: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize, usize)> {
    let (mut x, mut y) = (0, 0);
    let (mut score, mut best, mut kept) = (0_isize, 0, 0);
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    loop {
        let len = (0..(a - x).min(b - y)).take_while(|&step| equal(x + step, y + step)).count();
        if len > 0 {
            runs.push((x, y, len));
            (x, y) = (x + len, y + len);
            score = score.saturating_add_unsigned(len);
            if score > best {
                (best, kept) = (score, runs.len());
            }
        }
        let Some((over_a, over_b)) = onward((a - x, b - y), |s, t| equal(x + s, y + t)) else { break };
        (x, y) = (x + over_a, y + over_b);
        score = score.saturating_sub_unsigned(WRONG * over_a.max(over_b));
        if score < best - DROP {
            break;
        }
    }
    runs.truncate(kept);
    runs
}

/// How many letters of each text to pass over until both go on alike: as few as can be, as many of
/// the one as of the other if that will do.
fn onward((a, b): (usize, usize), equal: impl Fn(usize, usize) -> bool) -> Option<(usize, usize)> {
    let goes_on = |s: usize, t: usize| {
        s + AGAIN <= a && t + AGAIN <= b && (0..AGAIN).all(|step| equal(s + step, t + step))
    };
    for most in 1..=BAND {
        if goes_on(most, most) {
            return Some((most, most));
        }
        for less in (0..most).rev() {
            if goes_on(less, most) {
                return Some((less, most));
            }
            if goes_on(most, less) {
                return Some((most, less));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn strangers_share_nothing() {
        let a = super::super::Letters::of("The ferry ran aground off the point before dawn on Sunday.");
        let b = super::super::Letters::of("Harbour dues will rise in April, the islands decided in spring.");
        assert_eq!(align(&a.folded, &b.folded), Alignment::default());
    }
}
