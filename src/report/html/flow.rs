//! From who took what from whom to a count for each two sources.

use super::super::Report;
use super::super::message::rounded;
use super::super::taking::Taking;
use crate::relation::direction::Reason;
use serde::Serialize;
use std::collections::BTreeMap;

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
    use super::super::super::taking::takings;
    use super::super::super::{Pair, sample};
    use super::*;
    use crate::relation::Direction;

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
