//! From what senders say of versions to ties: a higher number under one id, a named predecessor.

use super::intake::Row;
use super::pairs::Classes;
use crate::relation::direction::sent;
use crate::relation::tie::{Basis, Verified};
use crate::relation::{Level, Relation};
use crate::similarity::Overlap;
use crate::story::Ordinal;
use ahash::AHashMap;

/// Versions of one id up to which every pair is told; of more, each with the next.
const SPELLED_OUT: usize = 16;
/// The probability that a sender means what it says. Set by hand.
const MEANT: f64 = 0.99;

/// Pairs of stories of which the sender says that one follows the other, by the first members of
/// their classes; `(a, b)` with `a < b`, sorted and distinct. Cost: one pass, and a look-up a
/// story if any sender says so.
pub(super) fn pairs(rows: &[Row], classes: &Classes) -> Vec<(Ordinal, Ordinal)> {
    let mut of_id: AHashMap<&str, Vec<Ordinal>> = AHashMap::new();
    for row in rows {
        if row.version() > 0 {
            of_id.entry(sent(&row.id)).or_default();
        }
        if let Some(id) = predecessor(row) {
            of_id.entry(id).or_default();
        }
    }
    if of_id.is_empty() {
        return Vec::new();
    }
    for (row, story) in rows.iter().zip(0..) {
        if let Some(stories) = of_id.get_mut(sent(&row.id)) {
            stories.push(story);
        }
    }
    let mut told = Vec::new();
    for stories in of_id.values_mut() {
        stories.sort_by_key(|&story| rows[story as usize].version());
        let version = |story: Ordinal| rows[story as usize].version();
        let reach = if stories.len() > SPELLED_OUT { 1 } else { SPELLED_OUT };
        for (place, &one) in stories.iter().enumerate() {
            let later = stories[place + 1..].iter().take(reach);
            told.extend(later.filter(|other| version(**other) > version(one)).map(|&other| (one, other)));
        }
    }
    for (row, story) in rows.iter().zip(0..) {
        let before = predecessor(row).and_then(|id| of_id.get(id)).into_iter().flatten();
        told.extend(before.take(SPELLED_OUT).map(|&before| (before, story)));
    }
    let has_text = |story: Ordinal| rows[story as usize].tokens > 0;
    let mut pairs: Vec<(Ordinal, Ordinal)> = told
        .into_iter()
        .filter(|&(a, b)| has_text(a) && has_text(b))
        .map(|(a, b)| (classes.first_of(a), classes.first_of(b)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .filter(|(a, b)| a != b)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn predecessor(row: &Row) -> Option<&str> {
    row.dispatch.as_ref()?.predecessor.as_deref()
}

/// The ties of those of `pairs` that nothing has joined: the sender's word stands for the text.
/// `ties` are sorted.
pub(super) fn ties(
    pairs: &[(Ordinal, Ordinal)],
    ties: &[Verified],
    overlap: impl Fn(Ordinal, Ordinal) -> Option<Overlap>,
) -> Vec<Verified> {
    let is_joined = |pair: &(Ordinal, Ordinal)| {
        let place = ties.binary_search_by_key(pair, |tie| (tie.a, tie.b));
        place.is_ok_and(|place| ties[place].relation.joins(Level::Rewrite))
    };
    let tie = |&(a, b): &(Ordinal, Ordinal)| {
        let overlap = overlap(a, b)?;
        Some(Verified { a, b, relation: Relation::Update, score: MEANT, overlap, basis: Basis::Declared })
    };
    pairs.iter().filter(|pair| !is_joined(pair)).filter_map(tie).collect()
}
