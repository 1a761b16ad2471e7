//! From stories that are joined whatever the ties say to bodies, which count as one, and what each
//! was judged to be to the others.

use super::linkage::Tie;
use crate::similarity::Similarity;
use ahash::AHashMap;
use std::cmp::Reverse;

/// How alike to the core whoever is so surely its version that the core speaks for it.
const SURE: f64 = 0.9;

/// The core of a body that is in no cluster yet.
pub(super) const FREE: u32 = u32::MAX;

/// Stories that are joined whatever the ties say count as one, a body.
pub(super) struct Bodies {
    /// Members by body; a story of no set is a body of its own. By first member.
    pub(super) members: Vec<Vec<u32>>,
    times: Vec<Option<i64>>,
    /// Other bodies to which each is tied, ascending, and how alike they are.
    pub(super) tied: Vec<Vec<(u32, Similarity)>>,
    /// Other bodies of which each was judged to be another report, ascending.
    pub(super) apart: Vec<Vec<u32>>,
    /// Those of which each was rather judged so than not, where nothing is surer; ascending.
    pub(super) doubted: Vec<Vec<u32>>,
}

impl Bodies {
    pub(super) fn of(
        part: &[u32],
        (ties, apart, doubted): (&[Tie], &[(u32, u32)], &[Tie]),
        body_of: impl Fn(u32) -> u32,
        time: impl Fn(u32) -> Option<i64>,
    ) -> Self {
        let mut known: AHashMap<u32, u32> = AHashMap::new();
        let mut members: Vec<Vec<u32>> = Vec::new();
        let mut place_of = Vec::with_capacity(part.len());
        for &story in part {
            let next = members.len() as u32;
            let place = match body_of(story) {
                u32::MAX => next,
                body => *known.entry(body).or_insert(next),
            };
            if place == next {
                members.push(Vec::new());
            }
            members[place as usize].push(story);
            place_of.push(place);
        }
        let earliest = |members: &Vec<u32>| members.iter().filter_map(|&story| time(story)).min();
        let times = members.iter().map(earliest).collect();
        let place = |story: u32| place_of[part.partition_point(|&member| member < story)];
        let tied = beside(members.len(), ties.iter().map(|tie| (place(tie.a), place(tie.b), tie.similarity)));
        let apart = beside(members.len(), apart.iter().map(|&(a, b)| (place(a), place(b), ())));
        let doubted = beside(members.len(), doubted.iter().map(|tie| (place(tie.a), place(tie.b), ())));
        let [apart, doubted] = [apart, doubted].map(|all| all.into_iter().map(bare).collect());
        let mut bodies = Self { members, times, tied, apart, doubted };
        bodies.settle_doubts();
        bodies
    }

    /// Leaves out doubts about those of whom other members of the bodies say more.
    fn settle_doubts(&mut self) {
        for (body, mut doubted) in (0..).zip(std::mem::take(&mut self.doubted)) {
            let apart = &self.apart[body as usize];
            doubted.retain(|&other| {
                self.similarity(body, other).is_none() && apart.binary_search(&other).is_err()
            });
            self.doubted.push(doubted);
        }
    }

    /// The earliest first; those without a time last, the most tied of them first.
    pub(super) fn in_time(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.members.len() as u32).collect();
        order.sort_by_key(|&body| {
            let (time, tied) = (self.times[body as usize], self.tied[body as usize].len());
            (time.is_none(), time, Reverse(tied), body)
        });
        order
    }

    /// How alike two bodies are, if they are tied.
    pub(super) fn similarity(&self, a: u32, b: u32) -> Option<Similarity> {
        let tied = &self.tied[a as usize];
        tied.binary_search_by_key(&b, |&(body, _)| body).ok().map(|at| tied[at].1)
    }

    /// Whether a body may come into `cluster`: it was not judged apart from most members beside the
    /// core, which is the first; if the core speaks for it, not from more than half of all. `cores`
    /// has that of each body.
    pub(super) fn fits(&self, body: u32, cluster: &[u32], cores: &[u32]) -> bool {
        let core = cluster[0];
        let apart = self.apart[body as usize].iter();
        let strange = apart.filter(|&&other| other != core && cores[other as usize] == core).count();
        let sure = self.similarity(core, body).is_some_and(|alike| alike.value() >= SURE);
        2 * strange < cluster.len() + usize::from(sure)
    }
}

/// The other bodies of each of `bodies` bodies in `pairs`, ascending, with what is most of those said of
/// the two.
fn beside<T: Copy + Ord>(bodies: usize, pairs: impl Iterator<Item = (u32, u32, T)>) -> Vec<Vec<(u32, T)>> {
    let mut beside = vec![Vec::new(); bodies];
    for (a, b, said) in pairs.filter(|(a, b, _)| a != b) {
        beside[a as usize].push((b, said));
        beside[b as usize].push((a, said));
    }
    for others in &mut beside {
        others.sort_unstable_by_key(|&(other, said)| (other, Reverse(said)));
        others.dedup_by_key(|&mut (other, _)| other);
    }
    beside
}

fn bare(others: Vec<(u32, ())>) -> Vec<u32> {
    others.into_iter().map(|(other, ())| other).collect()
}
