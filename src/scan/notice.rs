//! From notices to the stories they may speak of, and from a kill to every version of its story.

use crate::error::Result;
use crate::rare::Gathered;
use crate::relation::tie::{Basis, Verified};
use crate::relation::{Level, Relation};
use crate::similarity::Overlap;
use crate::story::Ordinal;
use ahash::{AHashMap, AHashSet};

/// Runs of three tokens that a notice and a headline must share.
const LEAST: usize = 2;
/// Stories that may hold a run that still counts.
const CAP: usize = 1_000;

/// Pairs of a notice and a story whose headline shares runs of three tokens with it; `(a, b)`
/// with `a < b`, sorted and distinct. Cost: a sort of the keys of notices and of all that others share
/// with them; at most [`CAP`] pairs a key of a notice.
pub(super) fn candidates(notices: &Gathered, headlines: &Gathered) -> Result<Vec<(Ordinal, Ordinal)>> {
    let notices = sorted(notices, |_| true)?;
    let known: AHashSet<u32> = notices.iter().map(|entry| (entry >> 32) as u32).collect();
    let headlines = sorted(headlines, |key| known.contains(&key))?;
    let mut met = Vec::new();
    let mut at = 0;
    for run in notices.chunk_by(|x, y| x >> 32 == y >> 32) {
        let key = run[0] >> 32;
        at += headlines[at..].partition_point(|&entry| entry >> 32 < key);
        let same = &headlines[at..at + headlines[at..].partition_point(|&entry| entry >> 32 == key)];
        if same.len() <= CAP {
            let pair = |x: Ordinal, y: Ordinal| (x.min(y), x.max(y));
            met.extend(run.iter().flat_map(|&x| same.iter().map(move |&y| pair(x as Ordinal, y as Ordinal))));
        }
    }
    met.sort_unstable();
    let enough = met.chunk_by(|x, y| x == y).filter(|run| run.len() >= LEAST && run[0].0 != run[0].1);
    Ok(enough.map(|run| run[0]).collect())
}

/// Those of the keys for which `is_asked` holds, each above the story that has it; ascending and distinct.
fn sorted(keys: &Gathered, is_asked: impl Fn(u32) -> bool) -> Result<Vec<u64>> {
    let mut entries = Vec::new();
    keys.each(|key, story| {
        if is_asked(key) {
            entries.push(u64::from(key) << 32 | u64::from(story));
        }
    })?;
    entries.sort_unstable();
    entries.dedup();
    Ok(entries)
}

/// Ties what takes a story back to every version of that story. `kills` are pairs of a kill and
/// the story it names; `ties` are sorted before and after, and those that join stay. Cost: one pass
/// over the ties, and a search for each version of each story that is taken back.
pub(super) fn spread(
    kills: &[(Ordinal, Ordinal)],
    ties: &mut Vec<Verified>,
    overlap: impl Fn(Ordinal, Ordinal) -> Option<Overlap>,
) {
    let mut versions: AHashMap<Ordinal, Vec<Verified>> =
        kills.iter().map(|&(_, target)| (target, Vec::new())).collect();
    for tie in ties.iter().filter(|tie| tie.relation.joins(Level::Rewrite)) {
        for target in [tie.a, tie.b] {
            if let Some(of_target) = versions.get_mut(&target) {
                of_target.push(*tie);
            }
        }
    }
    let mut more = Vec::new();
    for &(kill, target) in kills {
        for tie in &versions[&target] {
            let version = if tie.a == target { tie.b } else { tie.a };
            let (a, b) = (kill.min(version), kill.max(version));
            let place = ties.binary_search_by_key(&(a, b), |tie| (tie.a, tie.b));
            let joined = place.is_ok_and(|place| ties[place].relation.joins(Level::Rewrite));
            if let (false, Some(overlap)) = (a == b || joined, overlap(a, b)) {
                more.push(Verified {
                    a,
                    b,
                    relation: Relation::Correction,
                    overlap,
                    basis: Basis::Notice,
                    ..*tie
                });
            }
        }
    }
    merge(ties, more);
}

/// Adds `more` to `ties`; of two ties of one pair, one that joins stays, then
/// that with the better score.
pub(super) fn merge(ties: &mut Vec<Verified>, more: Vec<Verified>) {
    ties.extend(more);
    let rank = |tie: &Verified| (tie.relation.joins(Level::Rewrite), tie.score);
    let better = |x: &Verified, y: &Verified| {
        let ((x_joins, x_score), (y_joins, y_score)) = (rank(x), rank(y));
        y_joins.cmp(&x_joins).then(y_score.total_cmp(&x_score))
    };
    ties.sort_by(|x, y| (x.a, x.b).cmp(&(y.a, y.b)).then_with(|| better(x, y)));
    ties.dedup_by_key(|tie| (tie.a, tie.b));
}
