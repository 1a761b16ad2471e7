//! From outlets that must not be tied to ties without those between them, and clusters in which no
//! two of them are.

use super::group::Group;
use super::intake::Row;
use super::pairs::Classes;
use crate::hash::Identity;
use crate::relation::tie::Verified;
use crate::story::Ordinal;
use crate::wire::Publishers;
use ahash::AHashMap;
use std::collections::BTreeSet;

/// Stories, or classes of them, of outlets that must not be tied.
pub(crate) struct KeptApart<'a> {
    publishers: &'a Publishers,
    /// Of each what the table keeps from being tied; mostly nothing.
    sides: Vec<BTreeSet<String>>,
}

impl<'a> KeptApart<'a> {
    /// Of stories whose sides are known.
    pub(crate) fn known(publishers: &'a Publishers, sides: Vec<BTreeSet<String>>) -> Self {
        Self { publishers, sides }
    }

    /// The stories of a scan; `None` where the table keeps nothing apart.
    pub(super) fn of_rows(publishers: &'a Publishers, rows: &[Row]) -> Option<Self> {
        let sides = || rows.iter().map(|row| publishers.sides(&row.source, &row.url)).collect();
        publishers.keeps_any_apart().then(|| Self::known(publishers, sides()))
    }

    /// Whether two must not be tied.
    pub(crate) fn are(&self, a: Ordinal, b: Ordinal) -> bool {
        self.publishers.part(&self.sides[a as usize], &self.sides[b as usize])
    }

    /// What makes the text of a story, whatever it is kept from.
    pub(super) fn text_of(&self, row: &Row) -> Identity {
        row.text(self.publishers)
    }

    /// First members of classes that have one text and may be tied, `a < b`.
    pub(super) fn of_one_text(&self, rows: &[Row], classes: &Classes) -> Vec<(Ordinal, Ordinal)> {
        let mut of_text: AHashMap<Identity, Vec<Ordinal>> = AHashMap::new();
        for &first in classes.comparable() {
            of_text.entry(self.text_of(&rows[first as usize])).or_default().push(first);
        }
        let within = |first: Vec<Ordinal>| {
            let pairs = (0..first.len()).flat_map(|i| (i + 1..first.len()).map(move |j| (i, j)));
            pairs.map(|(i, j)| (first[i], first[j])).filter(|&(a, b)| !self.are(a, b)).collect::<Vec<_>>()
        };
        of_text.into_values().flat_map(within).collect()
    }

    /// Takes out the ties of those that must not be tied.
    pub(super) fn untie(&self, ties: &mut Vec<Verified>) {
        ties.retain(|tie| !self.are(tie.a, tie.b));
    }

    /// Takes clusters apart in which a third brought two such together; `ties` are sorted. Each stays
    /// with those that it is tied to most. The lowest similarity said of a part is that of the whole,
    /// and so no higher than its own.
    pub(crate) fn part(&self, ties: &[Verified], groups: Vec<Group>) -> Vec<Group> {
        let is_tied = |a: Ordinal, b: Ordinal| {
            ties.binary_search_by_key(&(a.min(b), a.max(b)), |tie| (tie.a, tie.b)).is_ok()
        };
        let whole = |members: &[Ordinal]| {
            let barred: Vec<Ordinal> =
                members.iter().copied().filter(|&member| !self.sides[member as usize].is_empty()).collect();
            barred.iter().enumerate().all(|(at, &a)| barred[at + 1..].iter().all(|&b| !self.are(a, b)))
        };
        let mut kept = Vec::with_capacity(groups.len());
        for group in groups {
            if whole(&group.members) {
                kept.push(group);
                continue;
            }
            let mut parts: Vec<Vec<Ordinal>> = Vec::new();
            for &member in &group.members {
                let tied = |part: &Vec<Ordinal>| part.iter().filter(|&&other| is_tied(member, other)).count();
                let may_join = |part: &&mut Vec<Ordinal>| part.iter().all(|&other| !self.are(member, other));
                let best = parts.iter_mut().filter(may_join).map(|part| (tied(part), part));
                // Of parts with as many ties the first.
                let best = best.fold(None, |best: Option<(usize, &mut Vec<Ordinal>)>, next| match best {
                    Some(held) if held.0 >= next.0 => Some(held),
                    _ => Some(next).filter(|next| next.0 > 0),
                });
                match best {
                    Some((_, part)) => part.push(member),
                    None => parts.push(vec![member]),
                }
            }
            let whole_enough = parts.into_iter().filter(|part| part.len() > 1);
            kept.extend(whole_enough.map(|members| Group { members, weakest: group.weakest }));
        }
        kept.sort_unstable_by_key(|group| group.members[0]);
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::Relation;
    use crate::relation::tie::Basis;
    use crate::similarity::{Overlap, Similarity};

    #[test]
    fn whoever_is_tied_to_both_as_much_stays_with_the_first() {
        let publishers = Publishers::read("Post\t!Echo\n").unwrap();
        let sides = ["Post", "Echo", "Wire"].map(|source| publishers.sides(source, ""));
        let apart = KeptApart::known(&publishers, sides.to_vec());
        let tie = |a, b| {
            let (relation, overlap) = (Relation::Copy, Overlap::default());
            Verified { a, b, relation, score: 1.0, overlap, basis: Basis::Text }
        };
        let whole = Group { members: vec![0, 1, 2], weakest: Similarity::ONE };
        let parts = apart.part(&[tie(0, 2), tie(1, 2)], vec![whole]);
        assert_eq!(parts.iter().map(|part| &part.members[..]).collect::<Vec<_>>(), [[0, 2]]);
    }
}
