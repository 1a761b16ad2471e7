//! From judged ties to clusters around a core: the story that had the report first, or most of
//! those that have it.
//!
//! Judged ties are no measure of distance: a sidebar may be tied to the brief and to the long
//! story of a day, and these two not to each other. So nobody joins by way of a third. The
//! earliest story gathers those that are tied to it, the closest first, as a star does (Aslam et
//! al. 2004), but not whoever is closer to somebody with whom it has nothing to do; then whoever is
//! tied to more than half of the members comes in (`growth` says who, where not all were compared).
//! Whoever was judged to be another report than most of those that are in, stays out. The next
//! earliest of the others gathers in turn.

use super::bodies::{Bodies, FREE};
use super::linkage::Tie;
use super::{components, linkage};
use crate::similarity::Similarity;
use ahash::{AHashMap, AHashSet};
use std::cmp::Reverse;

impl Bodies {
    /// Whether nobody who is free and not tied to `core`, too, is closer to `body` than `core` is.
    fn is_closest(&self, core: u32, (body, similarity): (u32, Similarity), cores: &[u32]) -> bool {
        let closer = |&&(other, other_similarity): &&(u32, Similarity)| {
            other_similarity > similarity
                && cores[other as usize] == FREE
                && self.similarity(core, other).is_none()
        };
        !self.tied[body as usize].iter().any(|other| closer(&other))
    }
}

/// Cuts a component into clusters of two members or more; members ascend, clusters are ordered by
/// their first member. `part` ascends; `ties` are those among its members; stories with one
/// number by `body_of` are never cut apart, [`u32::MAX`] is none; `time` is when a story was
/// published, in seconds since 1970; `apart` are pairs that were judged to be two reports, `doubted`
/// those that were rather judged so than not. Cost: O(judged pairs · log of them).
pub fn clusters(
    part: &[u32],
    (ties, apart, doubted): (&[Tie], &[(u32, u32)], &[Tie]),
    body_of: impl Fn(u32) -> u32,
    time: impl Fn(u32) -> Option<i64>,
) -> Vec<Vec<u32>> {
    let bodies = Bodies::of(part, (ties, apart, doubted), body_of, time);
    let mut cores = vec![FREE; bodies.members.len()];
    let mut found = Vec::new();
    for first in bodies.in_time() {
        if cores[first as usize] != FREE {
            continue;
        }
        cores[first as usize] = first;
        let mut cluster = vec![first];
        let mut asking = bodies.tied[first as usize].clone();
        asking.sort_by_key(|&(_, similarity)| Reverse(similarity));
        for (other, similarity) in asking {
            if cores[other as usize] == FREE
                && bodies.fits(other, &cluster, &cores)
                && bodies.is_closest(first, (other, similarity), &cores)
            {
                cores[other as usize] = first;
                cluster.push(other);
            }
        }
        if cluster.len() > 1 {
            bodies.grow(&mut cluster, &mut cores);
        }
        found.push(cluster.iter().flat_map(|&body| &bodies.members[body as usize]).copied().collect());
    }
    linkage::finish(found)
}

/// The same where some ties are `across` languages: what is one report within a language is gathered
/// first and stays whole, and only then do languages find each other. What two stories say in words
/// of one language is surer than what both are like in another. Those that are `doubted` there, with what
/// speaks for them, are not brought together by translations that are less sure than the doubt.
pub fn clusters_across(
    part: &[u32],
    (ties, apart, doubted): (&[Tie], &[(u32, u32)], &[Tie]),
    across: &AHashSet<(u32, u32)>,
    body_of: impl Fn(u32) -> u32,
    time: impl Fn(u32) -> Option<i64>,
) -> Vec<Vec<u32>> {
    let is_across = |tie: &&Tie| across.contains(&(tie.a, tie.b));
    if !ties.iter().any(|tie| is_across(&tie)) {
        return clusters(part, (ties, apart, doubted), body_of, time);
    }
    let (across, within): (Vec<Tie>, Vec<Tie>) = ties.iter().partition(is_across);
    let whole = clusters(part, (&within, apart, doubted), body_of, &time);
    let mut whole_of = AHashMap::new();
    for (number, members) in (0..).zip(&whole) {
        whole_of.extend(members.iter().map(|&story| (story, number)));
    }
    let apart = [apart, &outweighing(&across, doubted)].concat();
    clusters(part, (&across, &apart, &[]), |story| whole_of.get(&story).copied().unwrap_or(u32::MAX), time)
}

/// The doubted pairs that translations of both do not outweigh: the odds of their being versions of one
/// story, and so of each other, times those that the words of their language give are below even.
fn outweighing(across: &[Tie], doubted: &[Tie]) -> Vec<(u32, u32)> {
    let mut translations: AHashMap<u32, AHashMap<u32, f64>> = AHashMap::new();
    for &Tie { a, b, similarity } in across {
        translations.entry(a).or_default().insert(b, similarity.value());
        translations.entry(b).or_default().insert(a, similarity.value());
    }
    let both = |pair: &Tie| {
        let of_b = translations.get(&pair.b)?;
        let of_a = translations.get(&pair.a)?.iter();
        of_a.filter_map(|(story, score)| Some(score * of_b.get(story)?)).max_by(f64::total_cmp)
    };
    let outweighs = |pair: &&Tie| both(pair).is_some_and(|both| both + pair.similarity.value() < 1.0);
    doubted.iter().filter(outweighs).map(|pair| (pair.a, pair.b)).collect()
}

/// The `clusters` of a component, with those joined that share a body.
pub fn united(part: &[u32], clusters: &[Vec<u32>], body_of: impl Fn(u32) -> u32) -> Vec<Vec<u32>> {
    let place = |story: u32| part.partition_point(|&member| member < story) as u32;
    let mut first: AHashMap<u32, u32> = AHashMap::new();
    let mut together: Vec<(u32, u32)> = Vec::new();
    for &story in part {
        if body_of(story) != u32::MAX {
            together.push((*first.entry(body_of(story)).or_insert(place(story)), place(story)));
        }
    }
    together.extend(
        clusters.iter().flat_map(|cluster| cluster.iter().map(|&story| (place(cluster[0]), place(story)))),
    );
    let joined = components(part.len(), together);
    joined.into_iter().map(|places| places.into_iter().map(|place| part[place as usize]).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Similarity;
    use proptest::prelude::*;

    fn ties(of: &[(u32, u32)]) -> Vec<Tie> {
        of.iter().map(|&(a, b)| Tie { a, b, similarity: Similarity::new(0.8).unwrap() }).collect()
    }

    fn alone(_: u32) -> u32 {
        u32::MAX
    }

    #[test]
    fn the_first_gathers_whatever_its_takers_are_to_each_other() {
        let star = ties(&[(0, 2), (1, 2), (2, 3), (2, 4)]);
        let first = |story| Some(if story == 2 { 1 } else { 9 });
        assert_eq!(clusters(&[0, 1, 2, 3, 4], (&star, &[], &[]), alone, first), [vec![0, 1, 2, 3, 4]]);
    }

    #[test]
    fn nobody_joins_by_way_of_a_later_third() {
        let chain = ties(&[(0, 1), (1, 2)]);
        let by_number = |story: u32| Some(i64::from(story));
        assert_eq!(clusters(&[0, 1, 2], (&chain, &[], &[]), alone, by_number), [vec![0, 1]]);
        assert_eq!(
            clusters(&[0, 1, 2], (&chain, &[], &[]), alone, |_| None),
            [vec![0, 1, 2]],
            "the most tied is the core"
        );
    }

    #[test]
    fn whoever_is_tied_to_most_comes_in() {
        let most = ties(&[(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (3, 4)]);
        let by_number = |story: u32| Some(i64::from(story));
        assert_eq!(clusters(&[0, 1, 2, 3, 4], (&most, &[], &[]), alone, by_number), [vec![0, 1, 2, 3]]);
    }

    fn alike(of: &[(u32, u32, f64)]) -> Vec<Tie> {
        let tie = |&(a, b, alike)| Tie { a, b, similarity: Similarity::new(alike).unwrap() };
        of.iter().map(tie).collect()
    }

    #[test]
    fn a_story_goes_with_the_closest() {
        let by_number = |story: u32| Some(i64::from(story));
        let torn = alike(&[(0, 1, 0.6), (1, 2, 0.8)]);
        assert_eq!(clusters(&[0, 1, 2], (&torn, &[], &[]), alone, by_number), [vec![1, 2]]);
        let all = alike(&[(0, 1, 0.6), (0, 2, 0.6), (1, 2, 0.8)]);
        assert_eq!(clusters(&[0, 1, 2], (&all, &[], &[]), alone, by_number), [vec![0, 1, 2]]);
    }

    #[test]
    fn the_closest_come_first_and_the_core_speaks_for_them() {
        let by_number = |story: u32| Some(i64::from(story));
        let of = |first, second, apart: &[(u32, u32)]| {
            clusters(&[0, 1, 2], (&alike(&[(0, 1, first), (0, 2, second)]), apart, &[]), alone, by_number)
        };
        assert_eq!(of(0.6, 0.8, &[(1, 2)]), [vec![0, 2]]);
        assert_eq!(of(0.95, 0.97, &[(1, 2)]), [vec![0, 1, 2]]);
    }

    #[test]
    fn what_is_one_within_a_language_is_not_torn_by_another() {
        // 0 and 3 are in one language, 1 and 2 in another, in which 1 was first.
        let of = alike(&[(0, 2, 0.9), (1, 2, 0.6), (1, 3, 0.7)]);
        let across: AHashSet<(u32, u32)> = [(0, 2), (1, 3)].into_iter().collect();
        let first = |story| Some(if story == 1 { 1 } else { 9 });
        let found =
            |apart: &[(u32, u32)]| clusters_across(&[0, 1, 2, 3], (&of, apart, &[]), &across, alone, first);
        assert_eq!(found(&[]), [vec![0, 1, 2, 3]]);
        assert_eq!(found(&[(0, 3)]), [vec![0, 1, 2]], "no translation joins what was judged apart");
        assert_eq!(clusters(&[0, 1, 2, 3], (&of, &[], &[]), alone, first), [vec![0, 2], vec![1, 3]]);
    }

    #[test]
    fn translations_must_outweigh_what_the_words_of_a_language_say_against() {
        // 1 and 2 are in one language, and doubted there.
        let across: AHashSet<(u32, u32)> = [(0, 1), (0, 2)].into_iter().collect();
        let first = |story: u32| Some(i64::from(story));
        let found = |translation, doubt| {
            let of = alike(&[(0, 1, 0.95), (0, 2, translation)]);
            let doubted = alike(&[(1, 2, doubt)]);
            clusters_across(&[0, 1, 2], (&of, &[], &doubted), &across, alone, first)
        };
        assert_eq!(found(0.95, 0.3), [vec![0, 1, 2]]);
        assert_eq!(found(0.6, 0.3), [vec![0, 1]]);
        assert_eq!(found(0.6, 0.45), [vec![0, 1, 2]]);
    }

    #[test]
    fn whoever_was_judged_apart_from_most_stays_out() {
        let star = ties(&[(0, 1), (0, 2), (0, 3)]);
        let by_number = |story: u32| Some(i64::from(story));
        assert_eq!(clusters(&[0, 1, 2, 3], (&star, &[(1, 2)], &[]), alone, by_number), [vec![0, 1, 3]]);
        assert_eq!(clusters(&[0, 1, 2, 3], (&star, &[(1, 3)], &[]), alone, by_number), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn copies_are_never_cut_apart() {
        let chain = ties(&[(0, 1), (1, 2), (2, 3)]);
        let by_number = |story: u32| Some(i64::from(story));
        let body = |story: u32| if story > 1 { 0 } else { u32::MAX };
        assert_eq!(clusters(&[0, 1, 2, 3], (&chain, &[], &[]), body, by_number), [vec![0, 1], vec![2, 3]]);
        assert_eq!(united(&[0, 1, 2, 3], &[vec![0, 1, 2]], body), [vec![0, 1, 2, 3]]);
    }

    proptest! {
        /// Every member but the core is tied to it or to most; bodies stay whole; each story once.
        #[test]
        fn clusters_have_a_core(
            of in prop::collection::vec((0u32..14, 0u32..14), 1..50),
            times in prop::collection::vec(prop::option::of(0i64..6), 14),
            bodies in prop::collection::vec(0u32..9, 14),
        ) {
            let of: Vec<(u32, u32)> = of.into_iter().filter(|(a, b)| a != b).collect();
            let part: Vec<u32> = (0..14).collect();
            let body = |story: u32| if bodies[story as usize] < 2 { bodies[story as usize] } else { u32::MAX };
            let time = |story: u32| times[story as usize];
            let found = clusters(&part, (&ties(&of), &[], &[]), body, time);
            let mut all: Vec<u32> = found.concat();
            all.sort_unstable();
            let count = all.len();
            all.dedup();
            prop_assert_eq!(all.len(), count);
            let same = |a: u32, b: u32| a == b || (body(a) == body(b) && body(a) != u32::MAX);
            let tied = |a: u32, b: u32| of.iter().any(|&(x, y)| (same(x, a) && same(y, b)) || (same(x, b) && same(y, a)));
            for cluster in &found {
                for &story in &part {
                    let split = cluster.iter().any(|&member| same(member, story)) && !cluster.contains(&story);
                    prop_assert!(!split, "{cluster:?} cuts {story} off");
                }
                let bodies: Vec<u32> = cluster.iter().copied().filter(|&story| !cluster.iter().any(|&other| other < story && same(other, story))).collect();
                let is_core = |core: u32| bodies.iter().all(|&member| {
                    let most = bodies.iter().filter(|&&other| other != member && tied(member, other)).count();
                    member == core || tied(member, core) || 2 * most > bodies.len() - 1
                });
                prop_assert!(bodies.iter().any(|&core| is_core(core)), "{cluster:?}");
            }
        }
    }
}
