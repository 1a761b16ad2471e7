//! From the pairs of a cluster to who took the report from whom: one giver a member.

use super::{Pair, Report};
use crate::relation::direction::Reason;
use crate::relation::{Direction, Level};
use std::collections::BTreeMap;

/// One member and whoever it most likely had the report from.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Taking<'a> {
    /// Index into [`Report::stories`].
    pub(in crate::report) giver: u32,
    /// The pair that says so.
    pub(in crate::report) pair: &'a Pair,
    /// Share of the taker's text that the giver has word for word, in [0, 1].
    pub(in crate::report) verbatim: f64,
}

/// The giver of each member that has one: what the sender says goes before credits, those before
/// mere times; among equals, the one whose text it holds most of.
pub(in crate::report) fn takings<'a>(report: &Report, pairs: &[&'a Pair]) -> BTreeMap<u32, Taking<'a>> {
    let mut best: BTreeMap<u32, Taking<'a>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.relation.joins(Level::Rewrite)) {
        let (of_a, of_b) = verbatim(pair);
        let (taker, giver, verbatim) = match pair.direction {
            Direction::AToB => (pair.b, pair.a, of_b),
            Direction::BToA => (pair.a, pair.b, of_a),
            Direction::Unknown => continue,
        };
        let taking = Taking { giver, pair, verbatim };
        let weight = |taking: &Taking<'_>| {
            let same = report.story(taking.giver).source == report.story(taker).source;
            (strength(&taking.pair.reason), same, taking.verbatim, taking.pair.score)
        };
        if best.get(&taker).is_none_or(|held| weight(&taking) > weight(held)) {
            best.insert(taker, taking);
        }
    }
    best
}

/// Share of `a` and of `b` that the other has: in aligned passages, else by shared shingles.
pub(in crate::report) fn verbatim(pair: &Pair) -> (f64, f64) {
    match pair.coverage {
        Some((a, b)) => (f64::from(a), f64::from(b)),
        None => (pair.overlap.containment_a(), pair.overlap.containment_b()),
    }
}

fn strength(reason: &Reason) -> u8 {
    match reason {
        Reason::TakenBack => 4,
        Reason::Version => 3,
        Reason::Credit(_) => 2,
        Reason::Earlier => 1,
        Reason::CommonSource(_) | Reason::Nothing => 0,
    }
}

/// The pairs between members of each cluster, in order. Cost: one pass over the pairs.
pub(in crate::report) fn pairs_of_clusters(report: &Report) -> Vec<Vec<&Pair>> {
    let cluster_of = report.memberships();
    let mut pairs = vec![Vec::new(); report.clusters.len()];
    for pair in &report.pairs {
        if let (Some(a), true) =
            (cluster_of[pair.a as usize], cluster_of[pair.a as usize] == cluster_of[pair.b as usize])
        {
            pairs[a as usize].push(pair);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_credit_goes_before_a_mere_time_within_one_outlet() {
        let mut report = sample::report();
        report.stories[9].source = report.stories[6].source.clone();
        let pair = |a, reason| Pair { a, b: 9, reason, ..report.pairs[4].clone() };
        let pairs = [pair(0, Reason::Credit("AAP".into())), pair(6, Reason::Earlier)];
        assert_eq!(takings(&report, &pairs.iter().collect::<Vec<_>>())[&9].giver, 0);
        // Of two that tell as much, its own outlet's is nearer.
        let pairs = [pair(0, Reason::Earlier), pair(6, Reason::Earlier)];
        assert_eq!(takings(&report, &pairs.iter().collect::<Vec<_>>())[&9].giver, 6);
    }
}
