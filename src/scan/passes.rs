//! From pairs that wait for each other to passes over the corpus in which no more waits than memory allows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// In which pass each of `pairs` is judged. A pair is two stories by the places in which they are read,
/// the earlier first; the pairs are sorted. A story waits from its own place until the last of its pairs'
/// other stories has come, and takes `size` bytes of `allowance`; one may wait whatever its size. Cost: a sort of the
/// pairs, and a step a pair and pass.
pub(super) fn passes(pairs: &[(u32, u32)], size: impl Fn(u32) -> u64, allowance: u64) -> Vec<u32> {
    let mut pass_of = vec![0; pairs.len()];
    let mut starts: Vec<Range<usize>> = Vec::new();
    for run in pairs.chunk_by(|x, y| x.0 == y.0) {
        let start = starts.last().map_or(0, |last| last.end);
        starts.push(start..start + run.len());
    }
    for pass in 0.. {
        starts = deferred(pairs, starts, &size, allowance);
        if starts.is_empty() {
            break;
        }
        starts.iter().for_each(|run| pass_of[run.clone()].fill(pass + 1));
    }
    pass_of
}

/// Those of `starts`, the pairs of each story that comes before its others, that find no room in a pass.
fn deferred(
    pairs: &[(u32, u32)],
    starts: Vec<Range<usize>>,
    size: &impl Fn(u32) -> u64,
    allowance: u64,
) -> Vec<Range<usize>> {
    // Whoever waits, by the place up to which it does.
    let mut waiting = BinaryHeap::new();
    let (mut used, mut deferred) = (0, Vec::new());
    for run in starts {
        let (story, last) = (pairs[run.start].0, pairs[run.end - 1].1);
        while let Some(&Reverse((until, bytes))) = waiting.peek() {
            if until > story {
                break;
            }
            used -= bytes;
            waiting.pop();
        }
        let bytes = size(story);
        if used > 0 && used + bytes > allowance {
            deferred.push(run);
            continue;
        }
        used += bytes;
        waiting.push(Reverse((last, bytes)));
    }
    deferred
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_may_all_wait_is_judged_in_one_pass() {
        let pairs = [(0, 9), (1, 9), (2, 3)];
        assert_eq!(passes(&pairs, |_| 10, u64::MAX), [0, 0, 0]);
        assert_eq!(passes(&pairs, |_| 10, 30), [0, 0, 0]);
        assert_eq!(passes(&pairs, |_| 10, 20), [0, 0, 1]);
        assert_eq!(passes(&[(0, 1), (1, 2), (2, 3)], |_| 10, 10), [0, 0, 0], "one waits at a time");
    }

    proptest! {
        #[test]
        fn no_more_waits_than_is_allowed(
            mut pairs in prop::collection::vec((0u32..30, 1u32..30), 0..60), allowance in 0u64..60,
        ) {
            pairs.iter_mut().for_each(|(a, b)| *b += *a);
            pairs.sort_unstable();
            pairs.dedup();
            let size = |story: u32| u64::from(story % 7 + 1);
            let pass_of = passes(&pairs, size, allowance);
            for pass in 0..=pass_of.iter().copied().max().unwrap_or(0) {
                let of_pass = || pairs.iter().zip(&pass_of).filter(|&(_, &of)| of == pass).map(|(pair, _)| *pair);
                for place in 0..60 {
                    let mut waits: Vec<u32> =
                        of_pass().filter(|&(a, b)| a <= place && place < b).map(|(a, _)| a).collect();
                    waits.dedup();
                    let bytes: u64 = waits.iter().map(|&story| size(story)).sum();
                    prop_assert!(bytes <= allowance || waits.len() <= 1, "{waits:?} at {place} in {pass}");
                }
            }
        }
    }
}
