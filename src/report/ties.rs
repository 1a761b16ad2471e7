//! From verified pairs to the one tie by which each member of a cluster is shown.

use super::{Pair, Report};
#[cfg(feature = "html")]
use crate::relation::Level;
use crate::relation::Relation;

/// For each story that is in a cluster, the pair that best ties it there: the one with the
/// canonical if there is one, or else the one with its closest fellow member.
pub(super) struct Ties<'a> {
    report: &'a Report,
    /// By story: a place in `report.pairs`.
    best: Vec<Option<u32>>,
}

/// How a member is tied to another.
#[derive(Clone, Copy)]
pub(super) struct MemberTie<'a> {
    /// The other: a place in `report.stories`.
    pub(super) other: u32,
    /// What the member is to the other.
    pub(super) relation: Relation,
    /// The pair as found.
    pub(super) pair: &'a Pair,
}

impl<'a> Ties<'a> {
    /// Chooses all ties. Cost: O(stories + pairs).
    pub(super) fn of(report: &'a Report) -> Self {
        Self::by(report, |_| true)
    }

    /// The same, by pairs that are versions of one report alone: a near miss is no tie.
    #[cfg(feature = "html")]
    pub(super) fn joining(report: &'a Report) -> Self {
        Self::by(report, |pair| pair.relation.joins(Level::Rewrite))
    }

    fn by(report: &'a Report, counts: impl Fn(&Pair) -> bool) -> Self {
        let mut canonical = vec![None; report.stories.len()];
        for cluster in &report.clusters {
            for &member in &cluster.members {
                canonical[member as usize] = Some(cluster.canonical);
            }
        }
        let mut ties = Self { report, best: vec![None; report.stories.len()] };
        for (place, pair) in report.pairs.iter().enumerate() {
            let (a, b) = (canonical[pair.a as usize], canonical[pair.b as usize]);
            if let (Some(canonical), true) = (a, a == b && counts(pair)) {
                ties.offer(pair.a, canonical, place as u32);
                ties.offer(pair.b, canonical, place as u32);
            }
        }
        ties
    }

    /// Takes the pair at `place` for `member` if it is better than what it has.
    fn offer(&mut self, member: u32, canonical: u32, place: u32) {
        let rank = |place: u32| {
            let pair = &self.report.pairs[place as usize];
            let with_canonical = pair.a == canonical || pair.b == canonical;
            (with_canonical, pair.score, pair.overlap.jaccard())
        };
        let slot = self.best[member as usize];
        if slot.is_none_or(|held| rank(place) > rank(held)) {
            self.best[member as usize] = Some(place);
        }
    }

    /// The tie by which `member` is shown, if any pair ties it.
    pub(super) fn get(&self, member: u32) -> Option<MemberTie<'a>> {
        let pair = &self.report.pairs[self.best[member as usize]? as usize];
        Some(if pair.a == member {
            MemberTie { other: pair.b, relation: pair.relation, pair }
        } else {
            MemberTie { other: pair.a, relation: pair.relation.mirrored(), pair }
        })
    }

    /// The tie of `member` with `canonical` itself, if a pair says it.
    pub(super) fn with(&self, canonical: u32, member: u32) -> Option<MemberTie<'a>> {
        self.get(member).filter(|tie| tie.other == canonical)
    }
}
