//! From outlets that must not be tied to ties without those between them, and clusters in which no
//! two of them are.

use super::group::Group;
use super::intake::Row;
use super::pairs::Classes;
use crate::relation::tie::Verified;
use crate::story::Ordinal;
use crate::wire::Publishers;
use std::collections::BTreeSet;

/// Stories of outlets that must not be tied.
pub(super) struct KeptApart<'a> {
    publishers: &'a Publishers,
    /// Of each story what the table keeps from being tied; mostly nothing.
    sides: Vec<BTreeSet<String>>,
}

impl<'a> KeptApart<'a> {
    /// `None` where the table keeps nothing apart.
    pub(super) fn of(publishers: &'a Publishers, rows: &[Row]) -> Option<Self> {
        let sides = || rows.iter().map(|row| publishers.sides(&row.source, &row.url)).collect();
        publishers.keeps_any_apart().then(|| Self { publishers, sides: sides() })
    }

    /// Whether two stories must not be tied.
    pub(super) fn are(&self, a: Ordinal, b: Ordinal) -> bool {
        self.publishers.part(&self.sides[a as usize], &self.sides[b as usize])
    }

    /// Takes out the ties of classes of which no two stories may be tied.
    pub(super) fn untie(&self, classes: &Classes, ties: &mut Vec<Verified>) {
        let all = |a: &Ordinal, b: &Ordinal| {
            let (xs, ys) = (classes.members(a), classes.members(b));
            xs.iter().all(|&x| ys.iter().all(|&y| self.are(x, y)))
        };
        ties.retain(|tie| !all(&tie.a, &tie.b));
    }

    /// Takes clusters apart in which a third story, or one text, brought two such stories together. A
    /// story stays with those that it is tied to most. The lowest similarity said of a part is that of
    /// the whole, and so no higher than its own.
    pub(super) fn part(&self, classes: &Classes, ties: &[Verified], groups: Vec<Group>) -> Vec<Group> {
        let is_tied = |a: Ordinal, b: Ordinal| {
            let (a, b) = (classes.first_of(a), classes.first_of(b));
            a == b || ties.binary_search_by_key(&(a.min(b), a.max(b)), |tie| (tie.a, tie.b)).is_ok()
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
