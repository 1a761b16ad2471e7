//! From two texts' folded letters to the stretches that both have, aligned letter by letter.
//!
//! Runs of [`SEED`] letters that stand once in the first text and again in the second are seeds. From
//! each, the alignment runs on to both sides: letters that are equal are matched, and where they are
//! not, it takes the nearest place at which both go on alike, within a narrow band. It ends where wrong letters
//! outweigh right ones. So the work is linear in what is shared, and a seed inside a stretch that
//! was found costs nothing.

use super::keys::{BASE, values};
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
/// of the second that is not shared, and a few steps for each run of equal letters.
pub fn align(a: &[u8], b: &[u8]) -> Alignment {
    let (seeds, texts) = (Seeds::of(a), BothWays::of(a, b));
    let (mut taken, mut stretches) = (Taken { len: a.len(), stretches: Vec::new() }, Vec::new());
    // The letters of `b` in which no seed is looked for, and those that no stretch may have.
    let (mut from, mut free) = (0, 0);
    let next = |taken: &Taken, from: usize| {
        values(&b[from..], SEED).zip(from..).find_map(|(value, at)| {
            let start = seeds.place(value, &b[at..at + SEED])?;
            Some((start, at, taken.gap(start)?))
        })
    };
    while let Some((start, at, gap)) = next(&taken, from) {
        let stretch = texts.extended((start, at), gap, free);
        // Seeds inside of a short one would give it again.
        let run = stretch.runs.iter().find(|run| run.1 <= at && at < run.1 + run.2);
        from = at + 1 + run.map_or(0, |run| run.1 + run.2 - at).saturating_sub(SEED);
        if stretch.matched() >= SHORTEST {
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

/// Where the runs of a text stand that are there once. Of two that fall on one slot the first is kept:
/// a seed that is lost so has neighbours.
struct Seeds<'a> {
    text: &'a [u8],
    /// Places, and [`FREE`].
    slots: Vec<u32>,
    /// Bits of a run that are not of its slot.
    shift: u32,
}

/// A slot without a run.
const FREE: u32 = u32::MAX;
/// The bit of a place at which a run stands that stands elsewhere, too.
const AGAIN_THERE: u32 = 1 << 31;

impl<'a> Seeds<'a> {
    fn of(text: &'a [u8]) -> Self {
        /// Slots for each letter, so that few runs fall on one.
        const SPARE: usize = 3;
        let slots = (text.len() * SPARE).next_power_of_two().max(2);
        let mut seeds = Self { text, slots: vec![FREE; slots], shift: u64::BITS - slots.ilog2() };
        for (value, place) in values(text, SEED).zip(0..) {
            let slot = seeds.slot(value);
            let known = (seeds.slots[slot] & !AGAIN_THERE) as usize;
            if seeds.slots[slot] == FREE {
                seeds.slots[slot] = place;
            } else if text[known..known + SEED] == text[place as usize..place as usize + SEED] {
                seeds.slots[slot] |= AGAIN_THERE;
            }
        }
        seeds
    }

    fn slot(&self, value: u64) -> usize {
        (value.wrapping_mul(BASE) >> self.shift) as usize
    }

    /// Where the text has a run of that value, if it has it once.
    fn place(&self, value: u64, run: &[u8]) -> Option<usize> {
        let place = self.slots[self.slot(value)];
        let is_once = place & AGAIN_THERE == 0;
        let place = place as usize;
        (is_once && self.text[place..place + SEED] == *run).then_some(place)
    }
}

/// Two texts, and the same from their ends on.
struct BothWays<'a> {
    ahead: (&'a [u8], &'a [u8]),
    back: (Vec<u8>, Vec<u8>),
}

impl<'a> BothWays<'a> {
    fn of(a: &'a [u8], b: &'a [u8]) -> Self {
        let back = |text: &[u8]| text.iter().rev().copied().collect();
        Self { ahead: (a, b), back: (back(a), back(b)) }
    }

    /// The stretch around a seed at `i` and `j`, in the letters `gap` of the first and those from `free` on of
    /// the second.
    fn extended(&self, (i, j): (usize, usize), gap: Range<usize>, free: usize) -> Stretch {
        let (a, b) = self.ahead;
        let ahead = one_way(&a[i..gap.end], &b[j..]);
        let (before_a, before_b) = (a.len() - i..a.len() - gap.start, b.len() - j..b.len() - free);
        let back = one_way(&self.back.0[before_a], &self.back.1[before_b]);
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
}

/// Runs of equal letters from the start of two texts on, until wrong ones outweigh.
fn one_way(a: &[u8], b: &[u8]) -> Vec<(usize, usize, usize)> {
    let (mut x, mut y) = (0, 0);
    let (mut score, mut best, mut kept) = (0_isize, 0, 0);
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    loop {
        let len = equal(&a[x..], &b[y..]);
        if len > 0 {
            runs.push((x, y, len));
            (x, y) = (x + len, y + len);
            score = score.saturating_add_unsigned(len);
            if score > best {
                (best, kept) = (score, runs.len());
            }
        }
        let Some((over_a, over_b)) = onward(&a[x..], &b[y..]) else { break };
        (x, y) = (x + over_a, y + over_b);
        score = score.saturating_sub_unsigned(WRONG * over_a.max(over_b));
        if score < best - DROP {
            break;
        }
    }
    runs.truncate(kept);
    runs
}

/// How many letters two texts open with alike; eight are looked at together.
fn equal(a: &[u8], b: &[u8]) -> usize {
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

/// How many letters of each text to pass over until both go on alike: as few as can be, as many of
/// the one as of the other if that will do.
fn onward(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
    let (a, b) = (openings(a, u32::MAX), openings(b, u32::MAX - 1));
    for most in 1..=BAND {
        if a[most] == b[most] {
            return Some((most, most));
        }
        for less in (0..most).rev() {
            if a[less] == b[most] {
                return Some((less, most));
            }
            if a[most] == b[less] {
                return Some((most, less));
            }
        }
    }
    None
}

/// The letters that follow each place in reach, [`AGAIN`] of them in one number; `none` where there are fewer.
fn openings(text: &[u8], none: u32) -> [u32; BAND + 1] {
    let mut openings = [none; BAND + 1];
    for (opening, letters) in openings.iter_mut().zip(text.windows(AGAIN)) {
        *opening = letters.iter().fold(0, |all, &letter| all << 8 | u32::from(letter));
    }
    openings
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
