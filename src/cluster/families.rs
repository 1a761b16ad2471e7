//! From passages that pairs of stories share to the families of one passage, each with all the
//! stories that it travelled through.

use super::components;
use crate::story::Ordinal;
use std::ops::Range;

/// A stretch of a story.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// The story.
    pub story: Ordinal,
    /// Its place there, in whatever unit the caller counts.
    pub start: usize,
    /// One past its end.
    pub end: usize,
}

impl Span {
    fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether both are the same stretch of a story, give or take: what they have in common is half
    /// of the longer one at least.
    fn is_same(&self, other: &Self) -> bool {
        let common = self.end.min(other.end).saturating_sub(self.start.max(other.start));
        self.story == other.story && 2 * common >= self.range().len().max(other.range().len())
    }
}

/// Stretches of one story, by place, before one that may be the same: many that end at once are of
/// one family already.
const BACK: usize = 16;

/// The families, each with its stretches by story and place; those of one story that overlap are one.
/// `shared` are the two places of each passage. Cost: a sort of the places.
pub fn families(shared: &[(Span, Span)]) -> Vec<Vec<Span>> {
    let mut spans: Vec<(&Span, u32)> = shared.iter().flat_map(|(a, b)| [a, b]).zip(0..).collect();
    spans.sort_unstable();
    let number = |place: usize| spans[place].1;
    let mut ties: Vec<(u32, u32)> = (0..shared.len() as u32).map(|k| (2 * k, 2 * k + 1)).collect();
    for (place, (span, _)) in spans.iter().enumerate() {
        let earlier = (place.saturating_sub(BACK)..place).filter(|&earlier| spans[earlier].0.is_same(span));
        ties.extend(earlier.map(|earlier| (number(earlier), number(place))));
    }
    let span = |number: u32| {
        let (a, b) = &shared[number as usize / 2];
        if number.is_multiple_of(2) { a } else { b }
    };
    let family = |numbers: Vec<u32>| {
        let mut members: Vec<Span> = numbers.into_iter().map(|number| span(number).clone()).collect();
        members.sort_unstable();
        members.dedup_by(|later, earlier| {
            let overlap = later.story == earlier.story && later.start < earlier.end;
            if overlap {
                earlier.end = earlier.end.max(later.end);
            }
            overlap
        });
        members
    };
    components(2 * shared.len(), ties).into_iter().map(family).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(story: Ordinal, start: usize, end: usize) -> Span {
        Span { story, start, end }
    }

    #[test]
    fn a_passage_travels_from_story_to_story() {
        let shared = [
            (span(0, 10, 60), span(1, 0, 50)),
            (span(1, 2, 55), span(2, 100, 153)),
            (span(2, 300, 340), span(3, 0, 40)),
        ];
        let first = vec![span(0, 10, 60), span(1, 0, 55), span(2, 100, 153)];
        assert_eq!(families(&shared), [first, vec![span(2, 300, 340), span(3, 0, 40)]]);
    }

    #[test]
    fn what_hardly_overlaps_is_another_passage() {
        let shared = [(span(0, 0, 50), span(1, 0, 50)), (span(1, 30, 120), span(2, 0, 90))];
        assert_eq!(families(&shared).len(), 2);
    }

    #[test]
    fn the_order_in_which_pairs_come_cannot_be_seen() {
        let mut shared: Vec<(Span, Span)> = (0..9).map(|k| (span(k, 5, 45), span(k + 1, 3, 43))).collect();
        let expected = families(&shared);
        shared.reverse();
        assert_eq!(families(&shared), expected);
    }
}
