//! From what a core has gathered to its cluster: those come in who are tied to most members.
//!
//! Of a report that very many carry not all versions are compared with each other: each meets those
//! that were there first, and its neighbours in time. Nobody is tied to most members of such a
//! cluster. There most of those decide with whom a story was compared, if the core is one of them: a
//! doubt about the core is settled by its takers, and nobody comes in of whom the core knows nothing.
//! Otherwise a report that changes from day to day would be one cluster from end to end, however
//! strange its ends.

use super::bodies::{Bodies, FREE};
use crate::rare::postings;
use ahash::AHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Members up to which whoever was not compared with most of them has nothing in common with most.
const ALL_MEET: usize = postings::CAP;

/// Members of a larger cluster to which one is tied at least who comes in: most of the first that
/// hold a phrase, which all others meet.
const LEAST: usize = postings::FIRST / 2 + 1;

/// What speaks for and against those beside a cluster.
#[derive(Default)]
struct Beside {
    /// Members to which each is tied.
    ties: AHashMap<u32, usize>,
    /// Members of which each was judged to be another report, or rather so than not.
    against: AHashMap<u32, usize>,
    /// Ties of each to those with whom the core has nothing to do; known of whom was asked.
    strangers: AHashMap<u32, usize>,
    /// All who are tied to a member, by number of ties; those with an old number, too.
    waiting: BinaryHeap<(usize, Reverse<u32>)>,
}

impl Bodies {
    /// Takes in those that are tied to more than half of `cluster`, the most tied first; where not all
    /// are compared, those for whom more speaks than against them.
    pub(super) fn grow(&self, cluster: &mut Vec<u32>, cores: &mut [u32]) {
        let mut beside = Beside::default();
        let mut counted = 0;
        loop {
            for &member in &cluster[counted..] {
                beside.count(self, member, cores);
            }
            counted = cluster.len();
            let next = loop {
                let Some((count, Reverse(body))) = beside.waiting.pop() else { return };
                let is_most = 2 * count > cluster.len();
                if !is_most && (cluster.len() <= ALL_MEET || count < LEAST) {
                    return;
                }
                if cores[body as usize] == FREE
                    && beside.ties[&body] == count
                    && (is_most || beside.outweigh(self, cluster[0], body))
                    && self.fits(body, cluster, cores)
                {
                    break body;
                }
            };
            cores[next as usize] = cluster[0];
            cluster.push(next);
        }
    }

    /// Whether the core has to do with a body: the two are tied, or it is in doubt whether they are.
    fn is_known(&self, core: u32, body: u32) -> bool {
        core == body
            || self.similarity(core, body).is_some()
            || self.doubted[core as usize].binary_search(&body).is_ok()
    }
}

impl Beside {
    fn count(&mut self, bodies: &Bodies, member: u32, cores: &[u32]) {
        let is_free = |other: &u32| cores[*other as usize] == FREE;
        for &(other, _) in bodies.tied[member as usize].iter().filter(|(other, _)| is_free(other)) {
            let count = self.ties.entry(other).or_default();
            *count += 1;
            self.waiting.push((*count, Reverse(other)));
        }
        let against = bodies.apart[member as usize].iter().chain(&bodies.doubted[member as usize]);
        for &other in against.filter(|other| is_free(other)) {
            *self.against.entry(other).or_default() += 1;
        }
    }

    /// Whether the ties of `body` to members outweigh what was judged otherwise, and its ties to
    /// strangers: whoever goes with these waits for a core of its own.
    fn outweigh(&mut self, bodies: &Bodies, core: u32, body: u32) -> bool {
        if !bodies.is_known(core, body) {
            return false;
        }
        let strangers = *self.strangers.entry(body).or_insert_with(|| {
            let tied = bodies.tied[body as usize].iter();
            tied.filter(|(other, _)| !bodies.is_known(core, *other)).count()
        });
        self.ties[&body] > strangers + self.against.get(&body).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Tie;
    use crate::cluster::core::clusters;
    use crate::similarity::Similarity;

    /// The core, its takers, which were never compared with each other, and one more, `LAST`, of which
    /// the core is in doubt.
    const TAKERS: u32 = ALL_MEET as u32 + 5;
    const LAST: u32 = TAKERS + 1;

    fn tie((a, b): (u32, u32)) -> Tie {
        Tie { a: a.min(b), b: a.max(b), similarity: Similarity::new(0.8).unwrap() }
    }

    /// Whether the last one comes to a core with so many takers that is in doubt of it, if it is tied
    /// to so many of them; with other pairs that are tied, apart and doubted.
    fn comes(takers: u32, to: u32, [tied, apart, doubted]: [&[(u32, u32)]; 3], doubt: bool) -> bool {
        let star = (1..=takers).map(|taker| (0, taker)).chain((1..=to).map(|taker| (taker, LAST)));
        let ties: Vec<Tie> = star.chain(tied.iter().copied()).map(tie).collect();
        let doubted = doubted.iter().copied().chain(doubt.then_some((0, LAST)));
        let doubted: Vec<Tie> = doubted.map(tie).collect();
        let part: Vec<u32> = (0..=LAST + 2).collect();
        let judged = (&ties[..], apart, &doubted[..]);
        let found = clusters(&part, judged, |_| u32::MAX, |story| Some(i64::from(story)));
        assert_eq!(found[0][..=takers as usize], part[..=takers as usize]);
        found[0].contains(&LAST)
    }

    #[test]
    fn where_not_all_are_compared_takers_settle_what_the_core_doubts() {
        let none: [&[_]; 3] = [&[], &[], &[]];
        let least = LEAST as u32;
        assert!(comes(TAKERS, least, none, true));
        assert!(!comes(TAKERS, least - 1, none, true), "too few");
        assert!(!comes(TAKERS, least, none, false), "the core knows nothing of it");
        assert!(!comes(TAKERS, least, [&[], &[(0, LAST)], &[]], false), "the core is sure");
        assert!(!comes(ALL_MEET as u32 - 1, least, none, true), "all were compared");
        assert!(comes(TAKERS, TAKERS, none, false), "most of all");
    }

    #[test]
    fn whoever_is_rather_judged_otherwise_or_goes_with_strangers_stays_out() {
        let least = LEAST as u32;
        let takers = |count: u32| (0..count).map(|n| (least + 1 + n, LAST)).collect::<Vec<_>>();
        // One of those who speak against is the core.
        assert!(comes(TAKERS, least, [&[], &[], &takers(least - 2)], true));
        assert!(!comes(TAKERS, least, [&[], &[], &takers(least - 1)], true));
        assert!(!comes(TAKERS, least, [&[], &takers(least - 1), &[]], true));
        let strangers = [(LAST, LAST + 1), (LAST, LAST + 2)];
        assert!(comes(TAKERS, least, [&strangers, &[], &takers(least - 4)], true));
        assert!(!comes(TAKERS, least, [&strangers, &[], &takers(least - 3)], true));
        assert!(
            comes(TAKERS, least, [&strangers, &[], &[(0, LAST + 1), (0, LAST + 2)]], true),
            "no strangers"
        );
    }
}
