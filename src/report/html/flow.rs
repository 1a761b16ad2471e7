//! From the pairs of a cluster to who took the report from whom: one giver a member; and from
//! those to a count for each two sources.

use super::super::message::rounded;
use super::super::{Pair, Report};
use crate::relation::direction::Reason;
use crate::relation::{Direction, Level};
use serde::Serialize;
use std::collections::BTreeMap;

/// One member and whoever it most likely had the report from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taking<'a> {
    /// Index into [`Report::stories`].
    pub(super) giver: u32,
    /// The pair that says so.
    pub(super) pair: &'a Pair,
    /// Share of the taker's text that the giver has word for word, in [0, 1].
    pub(super) verbatim: f64,
}

/// The giver of each member that has one: what the sender says goes before credits, those before
/// mere times; among equals, the one whose text it holds most of.
pub(super) fn takings<'a>(report: &Report, pairs: &[&'a Pair]) -> BTreeMap<u32, Taking<'a>> {
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
pub(super) fn verbatim(pair: &Pair) -> (f64, f64) {
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

/// How often one source has what another had first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Flow<'a> {
    from: &'a str,
    to: &'a str,
    /// Stories that the second took from the first.
    stories: usize,
    /// Median seconds from one to the other, where times are known.
    lag: Option<i64>,
    /// Mean share of such a story that is the giver's word for word.
    verbatim: f64,
    /// How many of them credit the giver.
    credited: usize,
}

/// What is added up for two sources.
#[derive(Default)]
struct Sum {
    lags: Vec<i64>,
    verbatim: f64,
    stories: usize,
    credited: usize,
}

/// Adds up the takings of all clusters, by giver and taker.
#[derive(Default)]
pub(super) struct Flows<'a>(BTreeMap<(&'a str, &'a str), Sum>);

impl<'a> Flows<'a> {
    pub(super) fn add(&mut self, report: &'a Report, takings: &BTreeMap<u32, Taking<'_>>) {
        for (&taker, taking) in takings {
            let (from, to) = (report.story(taking.giver), report.story(taker));
            if from.source.is_empty() || to.source.is_empty() || from.source == to.source {
                continue;
            }
            let sum = self.0.entry((&from.source, &to.source)).or_default();
            sum.lags.extend(from.time.zip(to.time).map(|(from, to)| to.as_second() - from.as_second()));
            sum.verbatim += taking.verbatim;
            sum.stories += 1;
            sum.credited += usize::from(matches!(taking.pair.reason, Reason::Credit(_)));
        }
    }

    /// The `most` busiest, those first.
    pub(super) fn busiest(self, most: usize) -> Vec<Flow<'a>> {
        let flow = |((from, to), mut sum): ((&'a str, &'a str), Sum)| {
            sum.lags.sort_unstable();
            Flow {
                from,
                to,
                stories: sum.stories,
                lag: sum.lags.get(sum.lags.len() / 2).copied(),
                verbatim: rounded(sum.verbatim / sum.stories as f64),
                credited: sum.credited,
            }
        };
        let mut flows: Vec<Flow<'a>> = self.0.into_iter().map(flow).collect();
        flows.sort_by_key(|flow| std::cmp::Reverse(flow.stories));
        flows.truncate(most);
        flows
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn a_credit_goes_before_an_earlier_time() {
        let mut report = sample::report();
        let copy = report.pairs[0].clone();
        let pair = |a, b, reason| Pair { a, b, reason, direction: Direction::AToB, ..copy.clone() };
        report.pairs = vec![
            pair(0, 9, Reason::Credit("AAP".into())),
            pair(0, 6, Reason::Earlier),
            pair(6, 9, Reason::Earlier),
        ];
        let pairs: Vec<&Pair> = report.pairs.iter().collect();
        let found = takings(&report, &pairs);
        let givers: Vec<_> = found.iter().map(|(taker, taking)| (*taker, taking.giver)).collect();
        assert_eq!(givers, [(6, 0), (9, 0)]);
        let mut flows = Flows::default();
        flows.add(&report, &found);
        let flows = flows.busiest(9);
        let told: Vec<_> = flows.iter().map(|flow| (flow.from, flow.to, flow.lag, flow.credited)).collect();
        assert_eq!(
            told,
            [("AAP", "Gippsland Mail", Some(13_800), 1), ("AAP", "Tasman Post", Some(6_300), 0)]
        );
    }
}
