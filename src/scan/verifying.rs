//! From shingle sets, as they are read, to verified copies: the candidate pairs of a part as soon as all of
//! its sets are there, and a set only for as long as its part waits for others. A part is what candidate
//! pairs connect; no cluster of copies reaches beyond one.

use super::budget;
use super::group::membership;
use super::intake::{Intake, Row};
use super::kept_apart::KeptApart;
use super::pairs::{Candidates, Found, Leaders};
use super::sets::{Sets, Untied};
use crate::cluster::components;
use crate::config::Config;
use crate::relation::Relation;
use crate::relation::judge::{copy_score, shortest_copy};
use crate::relation::tie::{Basis, Verified};
use crate::similarity::Overlap;
use crate::story::Ordinal;
use crate::verify::{self, Outline, Outlines};
use rayon::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Stories up to which a part is verified at once. What linkage asks of it beyond its copies is measured
/// then, too, which takes less room than the sets; of more stories it would take more.
const AT_ONCE: u32 = 256;

/// The part of a story that has no candidates.
const NONE: u32 = u32::MAX;

/// Candidate pairs that wait for the shingle sets of their stories.
pub(super) struct Verifying<'a> {
    check: Check<'a>,
    /// Pairs of one part after the other, ascending in each.
    pairs: Vec<(Ordinal, Ordinal)>,
    /// Where the pairs of each part start, and where the last ones end.
    starts: Vec<u32>,
    families: Vec<Vec<Ordinal>>,
    /// How many stories each part has.
    sizes: Vec<u32>,
    part_of: Vec<u32>,
    waiting: Mutex<Waiting>,
    outcome: Mutex<Outcome>,
}

/// Sets that are there.
struct Waiting {
    /// Those of large parts, and what is beyond the allowance.
    sets: Sets,
    /// The others of each part; `None` for one that lies in `sets`.
    parts: Vec<Vec<(Ordinal, Option<Vec<u64>>)>>,
    /// Bytes of these, and how many may be held.
    bytes: u64,
    allowed: u64,
}

/// What is known once pairs are verified, in no promised order.
#[derive(Default)]
struct Outcome {
    ties: Vec<Verified>,
    untied: Vec<Untied>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Verifying<'a> {
    /// Cost: a sort of the pairs.
    pub(super) fn new(
        config: &'a Config,
        intake: &'a Intake,
        candidates: Candidates,
        apart: Option<&'a KeptApart<'a>>,
    ) -> Self {
        let Candidates { mut pairs, families } = candidates;
        let stories = intake.rows.len();
        let within =
            |family: &'_ Vec<Ordinal>| family.windows(2).map(|two| (two[0], two[1])).collect::<Vec<_>>();
        let parts = components(stories, pairs.iter().copied().chain(families.iter().flat_map(within)));
        let part_of = membership(parts.iter().map(|part| &part[..]), stories);
        let sizes: Vec<u32> = parts.iter().map(|part| part.len() as u32).collect();
        drop(parts);
        pairs.par_sort_unstable_by_key(|&(a, b)| (part_of[a as usize], a, b));
        let mut starts = vec![0; sizes.len() + 1];
        pairs.iter().for_each(|&(a, _)| starts[part_of[a as usize] as usize + 1] += 1);
        (0..sizes.len()).for_each(|part| starts[part + 1] += starts[part]);
        let compared = sizes.iter().sum::<u32>() as usize;
        let allowed = budget::for_sets(config, stories, compared, pairs.len()) / 2;
        let (sets, waiting) = (Sets::new(stories, allowed), vec![Vec::new(); sizes.len()]);
        let waiting = Mutex::new(Waiting { sets, parts: waiting, bytes: 0, allowed });
        let check = Check { config, rows: &intake.rows, apart };
        Self { check, pairs, starts, families, sizes, part_of, waiting, outcome: Mutex::default() }
    }

    /// Whether a story is compared with any other.
    pub(super) fn compares(&self, story: Ordinal) -> bool {
        self.part_of[story as usize] != NONE
    }

    /// Takes in the set of a story, and verifies the pairs of its part if it is the last of that. Which
    /// thread does it, and when, cannot be seen in the verdict.
    pub(super) fn arrive(&self, story: Ordinal, set: Vec<u64>) {
        let part = self.part_of[story as usize];
        let mut waiting = locked(&self.waiting);
        if part == NONE {
            waiting.sets.set_size(story, set.len() as u32);
        } else if self.is_large(part) {
            waiting.sets.keep(story, &set);
        } else if let Some(sets) = waiting.take_in((part, self.sizes[part as usize]), story, set) {
            drop(waiting);
            self.verify(part, sets);
        }
    }

    fn is_large(&self, part: u32) -> bool {
        self.sizes[part as usize] > AT_ONCE
    }

    fn pairs_of(&self, part: u32) -> &[(Ordinal, Ordinal)] {
        &self.pairs[self.starts[part as usize] as usize..self.starts[part as usize + 1] as usize]
    }

    /// Verifies the pairs of a part, all of whose sets are there.
    fn verify(&self, part: u32, mut sets: Vec<(Ordinal, Vec<u64>)>) {
        sets.sort_unstable_by_key(|&(story, _)| story);
        let place = |story: Ordinal| sets.partition_point(|&(other, _)| other < story) as u32;
        let pairs: Vec<(u32, u32)> = self.pairs_of(part).iter().map(|&(a, b)| (place(a), place(b))).collect();
        let outlines = Outlines::of(sets.len(), &pairs, &[], |at| Outline::of(&sets[at as usize].1));
        let threshold = self.check.config.threshold();
        let check = |&(x, y): &(u32, u32)| {
            let ((a, one), (b, other)) = (&sets[x as usize], &sets[y as usize]);
            let copy = || outlines.may_be(x, y, threshold).then(|| verify::copy(one, other, threshold))?;
            self.check.verified((*a, *b), || one.len() as u32, copy)
        };
        let ties: Vec<((u32, u32), Verified)> =
            pairs.iter().filter_map(|pair| Some((*pair, check(pair)?))).collect();
        let untied = untied(&sets, &ties);
        if !ties.is_empty() {
            let mut outcome = locked(&self.outcome);
            outcome.ties.extend(ties.into_iter().map(|(_, tie)| tie));
            outcome.untied.extend(untied);
        }
    }

    /// Verifies what is left, once all sets are there, and gives what is known of them.
    pub(super) fn found(self) -> (Sets, Found) {
        let Self { check, mut pairs, families, sizes, part_of, waiting, outcome, .. } = self;
        let mut waiting = waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Outcome { mut ties, untied } = outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        waiting.sets.finish();
        let sets = &waiting.sets;
        pairs.retain(|&(a, _)| sizes[part_of[a as usize] as usize] > AT_ONCE);
        if !pairs.is_empty() || !families.is_empty() {
            let outlines =
                Outlines::of(check.rows.len(), &pairs, &families, |story| Outline::of(&sets.get(story)));
            let threshold = check.config.threshold();
            let check = |a: Ordinal, b: Ordinal| {
                let copy = || verify::copy(&sets.get(a), &sets.get(b), threshold);
                let copy = || outlines.may_be(a, b, threshold).then(copy)?;
                check.verified((a, b), || sets.size(a), copy)
            };
            ties.par_extend(pairs.par_iter().filter_map(|&(a, b)| check(a, b)));
            for family in &families {
                ties.extend(by_leaders(family, &check));
            }
        }
        ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
        ties.dedup_by_key(|tie| (tie.a, tie.b));
        let warnings = families.iter().map(|family| check.told(family)).collect();
        waiting.sets.note(untied);
        (waiting.sets, Found { ties, leaders: Vec::new(), copies: Vec::new(), warnings })
    }
}

impl Waiting {
    /// Keeps the set of a story of a part of so many; gives all sets of that if it was the last.
    fn take_in(
        &mut self,
        (part, size): (u32, u32),
        story: Ordinal,
        set: Vec<u64>,
    ) -> Option<Vec<(Ordinal, Vec<u64>)>> {
        self.sets.set_size(story, set.len() as u32);
        let held = self.parts[part as usize].len() as u32;
        let bytes = size_of_val(&set[..]) as u64;
        if held + 1 < size && self.bytes + bytes > self.allowed {
            self.sets.keep(story, &set);
            self.parts[part as usize].push((story, None));
            return None;
        }
        self.bytes += bytes;
        self.parts[part as usize].push((story, Some(set)));
        if held + 1 < size {
            return None;
        }
        let there = std::mem::take(&mut self.parts[part as usize]);
        let there = there.into_iter().map(|(story, set)| match set {
            Some(set) => {
                self.bytes -= size_of_val(&set[..]) as u64;
                (story, set)
            }
            None => (story, self.sets.get(story).into_owned()),
        });
        Some(there.collect())
    }
}

/// How alike those stories are that copies connect and no copy ties: linkage will ask.
fn untied(sets: &[(Ordinal, Vec<u64>)], ties: &[((u32, u32), Verified)]) -> Vec<Untied> {
    let mut untied = Vec::new();
    if sets.len() == 2 {
        return untied;
    }
    for part in components(sets.len(), ties.iter().map(|&(pair, _)| pair)) {
        for (i, &x) in part.iter().enumerate() {
            for &y in &part[i + 1..] {
                if ties.binary_search_by_key(&(x, y), |&(pair, _)| pair).is_err() {
                    let ((a, one), (b, other)) = (&sets[x as usize], &sets[y as usize]);
                    untied.push((*a, *b, Overlap::of_sorted(one, other).similarity()));
                }
            }
        }
    }
    untied
}

/// What a pair is asked beside its sets.
struct Check<'a> {
    config: &'a Config,
    rows: &'a [Row],
    apart: Option<&'a KeptApart<'a>>,
}

impl Check<'_> {
    /// The tie of a pair, if it may be tied and is a copy; `size` is that of the first set.
    fn verified(
        &self,
        (a, b): (Ordinal, Ordinal),
        size: impl FnOnce() -> u32,
        copy: impl FnOnce() -> Option<Overlap>,
    ) -> Option<Verified> {
        let [one, other] = [a, b].map(|story| &self.rows[story as usize]);
        if let Some(apart) = self.apart {
            if apart.are(a, b) {
                return None;
            }
            if apart.text_of(one) == apart.text_of(other) {
                return Some(Verified::identical(a, b, size()));
            }
        }
        if one.tokens.min(other.tokens) < shortest_copy(self.config.shingle()) as u32 {
            return None;
        }
        let overlap = copy()?;
        let (relation, score, basis) = (Relation::Copy, copy_score(overlap), Basis::Text);
        Some(Verified { a, b, relation, score, overlap, basis })
    }

    /// What is told of a family.
    fn told(&self, family: &[Ordinal]) -> String {
        let (n, first) = (family.len(), &self.rows[family[0] as usize].id);
        format!(
            "{n} stories around `{first}` share one template; each was compared with the leaders of that family, not with all others"
        )
    }
}

fn by_leaders(
    family: &[Ordinal],
    check: &(impl Fn(Ordinal, Ordinal) -> Option<Verified> + Sync),
) -> Vec<Verified> {
    let mut leaders = Leaders::default();
    family.iter().flat_map(|&member| leaders.meet(member, |&leader, &member| check(leader, member))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finalise;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn intake(config: &Config, stories: usize) -> Intake {
        Intake::of_rows(config, vec![Row { tokens: 300, ..Row::default() }; stories])
    }

    fn set(numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let set: BTreeSet<u64> = numbers.into_iter().map(finalise).collect();
        set.into_iter().collect()
    }

    /// What a run over these stories holds and finds, all sets there.
    fn verified(
        budget: Option<u64>,
        (pairs, families): (Vec<(Ordinal, Ordinal)>, Vec<Vec<Ordinal>>),
        sets: &[Vec<u64>],
        order: &[Ordinal],
    ) -> (u64, Sets, Found) {
        let config = Config::builder().memory(budget).build().unwrap();
        let intake = intake(&config, sets.len());
        let verifying = Verifying::new(&config, &intake, Candidates { pairs, families }, None);
        let mut most = 0;
        for &story in order {
            verifying.arrive(story, sets[story as usize].clone());
            most = most.max(locked(&verifying.waiting).bytes);
        }
        let (sets, found) = verifying.found();
        (most, sets, found)
    }

    #[test]
    fn a_set_goes_when_its_part_is_verified() {
        let sets: Vec<Vec<u64>> = (0..100).map(|i| set(i / 2 * 1_000..i / 2 * 1_000 + 300)).collect();
        let pairs: Vec<_> = (0..50).map(|i| (2 * i, 2 * i + 1)).collect();
        let held = |order: Vec<Ordinal>| {
            let (most, _, found) = verified(None, (pairs.clone(), Vec::new()), &sets, &order);
            assert_eq!(found.ties.len(), 50);
            most / (300 * 8)
        };
        assert_eq!(held((0..100).collect()), 1, "the second of each pair follows the first");
        assert_eq!(
            held((0..100).step_by(2).chain((1..100).step_by(2)).collect()),
            50,
            "no second comes before the last first"
        );
    }

    proptest! {
        /// By the definition: every pair at the threshold, and how alike the others are in what copies connect.
        #[test]
        fn copies_are_those_of_the_definition(
            own in prop::collection::vec((0u64..3, 0u64..90), 2..24),
            chosen in prop::collection::vec(any::<bool>(), 276),
            keys in prop::collection::vec(any::<u32>(), 24),
            budget in prop::sample::select(vec![None, Some(1 << 20)]), is_family: bool,
        ) {
            let sets: Vec<Vec<u64>> = (0..).zip(&own)
                .map(|(i, &(of, own))| set((of * 10_000..of * 10_000 + 210).chain(1_000 * (i + 1)..1_000 * (i + 1) + own)))
                .collect();
            let stories = sets.len() as Ordinal;
            let all = (0..stories).flat_map(|a| (a + 1..stories).map(move |b| (a, b)));
            let pairs: Vec<_> = all.zip(chosen).filter(|&(_, chosen)| chosen || is_family).map(|(pair, _)| pair).collect();
            let mut order: Vec<Ordinal> = (0..stories).collect();
            order.sort_by_key(|&story| keys[story as usize]);
            let families = if is_family { vec![(0..stories).collect()] } else { Vec::new() };
            let (_, kept, found) = verified(budget, (pairs.clone(), families), &sets, &order);
            let overlap = |a: Ordinal, b: Ordinal| Overlap::of_sorted(&sets[a as usize], &sets[b as usize]);
            let copies: Vec<_> = pairs.into_iter()
                .filter(|&(a, b)| overlap(a, b).cmp_jaccard(Config::default().threshold()).is_ge())
                .collect();
            prop_assert_eq!(found.ties.iter().map(|tie| (tie.a, tie.b)).collect::<Vec<_>>(), copies.clone());
            prop_assert!(found.ties.iter().all(|tie| tie.overlap == overlap(tie.a, tie.b)));
            for part in components(sets.len(), copies.iter().copied()) {
                for &a in &part {
                    for &b in part.iter().filter(|&&b| b > a && copies.binary_search(&(a, b)).is_err()) {
                        prop_assert_eq!(kept.similarity(b, a), overlap(a, b).similarity());
                    }
                }
            }
            prop_assert!((0..stories).all(|story| kept.size(story) as usize == sets[story as usize].len()));
        }
    }
}
