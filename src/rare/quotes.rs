//! From quotations to keys of their own: a rewriter changes every sentence but what was said.

use super::gathered::Gathered;
use super::keys::RareKeys;
use super::windows::winnowed;
use crate::error::Result;
use crate::story::Ordinal;

/// Tokens of the shortest quotation that has a key: below it, people say the same by chance.
pub const WIDTH: usize = 8;

/// Runs of [`WIDTH`] tokens of which one is a key, wherever a quotation is cut.
const WINDOW: usize = 4;

/// Stories that may hold a quotation that still ties them: what more of them quote is said of many
/// things, or printed everywhere.
pub const CAP: usize = 5;

/// Adds the keys of a quotation in `story`: of every few neighbouring runs of eight tokens the one
/// with the least hash (winnowing; Schleimer et al. 2003). Two stories that quote the same eleven
/// tokens, or all of a shorter quotation, share a key, whatever else of it they leave out.
pub fn push(keys: &mut RareKeys, quotation: &[u64], story: Ordinal) {
    keys.push_marks(winnowed(quotation, WIDTH, WINDOW), story);
}

/// Every pair `(a, b)`, `a < b`, of stories for which `takes_part` holds and that share a quotation
/// which at most [`CAP`] of them have; sorted and distinct.
///
/// # Errors
/// If a temporary file has failed.
pub fn pairs(
    keys: Gathered,
    stories: usize,
    takes_part: impl Fn(Ordinal) -> bool,
) -> Result<Vec<(Ordinal, Ordinal)>> {
    let mut pairs = Vec::new();
    keys.each_shared(stories, takes_part, |run| {
        if run.len() <= CAP {
            let holders = || run.iter().map(|&entry| entry as Ordinal);
            pairs.extend(holders().enumerate().flat_map(|(i, a)| holders().skip(i + 1).map(move |b| (a, b))));
        }
    })?;
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    fn tokens(range: std::ops::Range<u64>) -> Vec<u64> {
        range.map(hash::finalise).collect()
    }

    fn met(quotations: &[Vec<u64>]) -> Vec<(Ordinal, Ordinal)> {
        let mut keys = RareKeys::default();
        (0..).zip(quotations).for_each(|(story, quotation)| push(&mut keys, quotation, story));
        pairs(keys.into(), quotations.len(), |_| true).unwrap()
    }

    #[test]
    fn whoever_quotes_the_same_meets() {
        assert_eq!(met(&[tokens(0..8), tokens(0..8), tokens(0..7)]), [(0, 1)]);
        for start in 0..20 {
            assert_eq!(met(&[tokens(0..40), tokens(start..start + 11)]), [(0, 1)], "cut at {start}");
        }
        assert!(met(&[tokens(0..12), tokens(5..17)]).is_empty(), "seven in common");
    }

    #[test]
    fn what_many_quote_ties_nobody() {
        let many = |stories| vec![tokens(0..20); stories];
        assert_eq!(met(&many(CAP)).len(), CAP * (CAP - 1) / 2);
        assert!(met(&many(CAP + 1)).is_empty());
    }
}
