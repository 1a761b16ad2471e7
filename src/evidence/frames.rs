//! From shared runs to what stands in the short gaps between them: one frame, filled in twice.

use super::passage::Passage;
use super::profile::{Profile, Word};

/// Tokens of the longest gap between two runs of one frame.
const GAP: usize = 6;
/// Tokens of the longest wording that another stands for.
const WORDING: usize = 4;

/// What stands in the short gaps between shared runs: one frame, filled in twice.
pub(super) struct Frames {
    gaps: u8,
    /// Gaps with other numbers on either side.
    numbers: u8,
    /// Gaps whose two wordings stand against each other in another gap, too.
    again: u8,
}

impl Frames {
    pub(super) fn of(runs: &[Passage], shorter: &Profile, longer: &Profile) -> Self {
        let mut frames = Self { gaps: 0, numbers: 0, again: 0 };
        let mut wordings = Vec::new();
        for pair in runs.windows(2) {
            let (x, y) = (&pair[0], &pair[1]);
            if y.b.start < x.b.end || y.a.start - x.a.end > GAP || y.b.start - x.b.end > GAP {
                continue;
            }
            frames.gaps = frames.gaps.saturating_add(1);
            let (left, right) = (&shorter.words[x.a.end..y.a.start], &longer.words[x.b.end..y.b.start]);
            frames.numbers = frames.numbers.saturating_add(u8::from(other_figures(left, right)));
            let is_wording = |words: &[Word]| (1..=WORDING).contains(&words.len());
            if is_wording(left) && is_wording(right) && !left.iter().any(|word| right.contains(word)) {
                wordings.push((left, right));
            }
        }
        wordings.sort_unstable();
        let again = wordings.chunk_by(|x, y| x == y).map(<[_]>::len).filter(|&times| times > 1);
        frames.again = u8::try_from(again.sum::<usize>()).unwrap_or(u8::MAX);
        frames
    }

    fn share(&self, of: u8) -> f32 {
        f32::from(of) / (f32::from(self.gaps) + 3.0)
    }

    /// [`Signals::swapped`](super::Signals::swapped).
    pub(super) fn swapped(&self) -> f32 {
        self.share(self.numbers)
    }

    /// [`Signals::substituted`](super::Signals::substituted).
    pub(super) fn substituted(&self) -> f32 {
        (4.0 * self.share(self.again)).min(1.0)
    }
}

/// Whether both have numbers, and none of the first is among those of the second.
fn other_figures(left: &[Word], right: &[Word]) -> bool {
    let mut numbers = left.iter().filter(|word| word.is_number()).peekable();
    let any = numbers.peek().is_some() && right.iter().any(|word| word.is_number());
    any && numbers.all(|number| !right.contains(number))
}
