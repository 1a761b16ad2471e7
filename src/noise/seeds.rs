//! From a text's folded letters to the places at which an alignment with another may start.

use super::keys::{hash_of, run_of};

/// Letters of a seed.
pub(super) const SEED: usize = 9;
/// Places of the first text of which one may start a seed: a stretch has many, and its table is half the work.
const EVERY: usize = 2;

/// Where the runs of a text stand that are there once. Of two that fall on one slot the first is kept:
/// a seed that is lost so has neighbours.
pub(super) struct Seeds<'a> {
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
    pub(super) fn of(text: &'a [u8]) -> Self {
        /// Slots for each letter, so that few runs fall on one.
        const SPARE: usize = 2;
        let slots = (text.len() * SPARE).next_power_of_two().max(2);
        let mut seeds = Self { text, slots: vec![FREE; slots], shift: u64::BITS - slots.ilog2() };
        for (run, place) in runs(text).zip(0..).step_by(EVERY) {
            let slot = seeds.slot(run);
            let known = seeds.slots[slot];
            if known == FREE {
                seeds.slots[slot] = place;
            } else if run_of::<SEED>(&text[(known & !AGAIN_THERE) as usize..]) == run {
                seeds.slots[slot] |= AGAIN_THERE;
            }
        }
        seeds
    }

    fn slot(&self, run: u128) -> usize {
        (hash_of(run) >> self.shift) as usize
    }

    /// Where the text has a run, if it has it once.
    pub(super) fn place(&self, run: u128) -> Option<usize> {
        let place = self.slots[self.slot(run)];
        let is_once = place & AGAIN_THERE == 0;
        let place = place as usize;
        (is_once && run_of::<SEED>(&self.text[place..]) == run).then_some(place)
    }
}

/// The runs of a text that may be seeds, in order.
pub(super) fn runs(text: &[u8]) -> impl Iterator<Item = u128> + '_ {
    text.windows(SEED).map(run_of::<SEED>)
}
