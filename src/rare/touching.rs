//! From the runs in which a story stands to how much it shares with each of those after it.

use super::postings::CAP;
use super::runs::LAST;

/// Shared shingles of two stories: the rare ones in the lower half, the hot ones in the upper. One
/// number, so that one look says whether there is any.
pub(super) type Count = u64;

pub(super) const ONE_RARE: Count = 1;
pub(super) const ONE_HOT: Count = 1 << 32;

/// What one story shares with those after it, and which of these share anything.
pub(super) struct Touching<'a> {
    pub(super) counts: &'a mut [Count],
    /// The first `len` count.
    pub(super) touched: &'a mut Vec<u32>,
    pub(super) len: usize,
}

impl Touching<'_> {
    /// Counts `one` for each of the first `most` of `holders`, up to the end of a run. Runs ascend, so
    /// all that follow a story are above it.
    pub(super) fn all(&mut self, holders: &[u32], most: usize, one: Count) {
        for &holder in holders.iter().take(most) {
            if self.len == self.touched.len() {
                self.touched.resize(2 * self.len + CAP, 0);
            }
            let b = holder & !LAST;
            let count = &mut self.counts[b as usize];
            // Written in any case: whether a story was met before cannot be foreseen.
            self.touched[self.len] = b;
            self.len += usize::from(*count == 0);
            *count += one;
            if holder != b {
                break;
            }
        }
    }
}
