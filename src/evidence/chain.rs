//! From the runs that two texts share to how much of them stands in one order.

use super::passage::Passage;

/// Tokens of the heaviest chain of runs that stand in the same order in both texts, where all
/// have `covered`; O(runs²) where they do not, and runs of three tokens or more that do not
/// overlap are few.
pub(super) fn longest_chain(runs: &[Passage], covered: usize) -> usize {
    if runs.is_sorted_by_key(|run| run.b.start) {
        return covered;
    }
    let mut best: Vec<usize> = Vec::with_capacity(runs.len());
    for (i, run) in runs.iter().enumerate() {
        let before = (0..i).filter(|&k| runs[k].b.start < run.b.start).map(|k| best[k]).max();
        best.push(run.len() + before.unwrap_or_default());
    }
    best.into_iter().max().unwrap_or_default()
}
