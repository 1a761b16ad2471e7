//! From a text's folded letters to the places at which an alignment with another may start.

use super::keys::{hash_of, run_of};

/// Letters of a seed.
pub(super) const SEED: usize = 9;
/// Places of the first text of which one may start a seed: a stretch has many, and tables are kept.
const EVERY: usize = 2;

/// Where the runs of a text stand that are there once: a table by the upper bits of a run's hash. Of two that
/// fall on one slot the first is kept: a seed that is lost so has neighbours.
#[derive(Clone, Debug)]
pub(super) struct Seeds {
    /// Of each run its place and, above it, lower bits of its hash, by which nearly all others are ruled out
    /// without a look at the text; or [`FREE`].
    slots: Vec<u32>,
    /// Bits of a hash that are not of its slot.
    shift: u32,
    /// The bits of a slot that are a place.
    places: u32,
}

/// A slot without a run.
const FREE: u32 = u32::MAX;
/// The bit of a slot whose run stands elsewhere, too.
const AGAIN_THERE: u32 = 1 << 31;

impl Seeds {
    /// Those of a text. Cost: a table, and a step for every run.
    pub(super) fn of(text: &[u8]) -> Self {
        // Twice as many as there are runs, or more, so that few fall on one.
        let slots = text.len().next_power_of_two().max(2);
        // More than the last place, so that no run with its place is taken for a free slot.
        let places = (text.len() as u32 + 1).next_power_of_two() - 1;
        let mut seeds = Self { slots: vec![FREE; slots], shift: u64::BITS - slots.ilog2(), places };
        for (run, place) in runs(text).zip(0..).step_by(EVERY) {
            let (slot, tag) = seeds.slot_and_tag(run);
            let known = seeds.slots[slot];
            if known == FREE {
                seeds.slots[slot] = tag | place;
            } else if seeds.is_of(known, tag, run, text) {
                seeds.slots[slot] |= AGAIN_THERE;
            }
        }
        seeds
    }

    fn slot_and_tag(&self, run: u128) -> (usize, u32) {
        let hash = hash_of(run);
        ((hash >> self.shift) as usize, hash as u32 & !AGAIN_THERE & !self.places)
    }

    /// Whether what stands in a slot, which is not free, is that run.
    fn is_of(&self, known: u32, tag: u32, run: u128, text: &[u8]) -> bool {
        known & !AGAIN_THERE & !self.places == tag
            && run_of::<SEED>(&text[(known & self.places) as usize..]) == run
    }

    /// The next place in `letters` of which a run stands in `text`, that these are of, once, and where it
    /// stands there.
    pub(super) fn next(&self, letters: &[u8], text: &[u8]) -> Option<(usize, usize)> {
        let &Self { ref slots, shift, places } = self;
        letters.windows(SEED).enumerate().find_map(|(at, run)| {
            let run = run_of::<SEED>(run);
            let hash = hash_of(run);
            let known = slots[(hash >> shift) as usize];
            let tag = hash as u32 & !AGAIN_THERE & !places;
            // First what is true of next to none, and so foreseen.
            let is_there = known & !places == tag && self.is_of(known, tag, run, text);
            is_there.then_some((at, (known & places) as usize))
        })
    }
}

/// The runs of a text that may be seeds, in order.
fn runs(text: &[u8]) -> impl Iterator<Item = u128> + '_ {
    text.windows(SEED).map(run_of::<SEED>)
}
