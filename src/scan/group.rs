//! From verified ties to clusters of stories.

use super::fetch::Texts;
use super::intake::Row;
use super::kept_apart::KeptApart;
use super::pairs::{Classes, Found};
use crate::cluster::{self, Linkage, Tie, core, linkage};
use crate::config::{Config, Level};
use crate::relation::Relation;
use crate::relation::model::JOINED;
use crate::relation::tie::{Basis, Verified};
use crate::similarity::{Overlap, Similarity};
use crate::story::Ordinal;
use ahash::{AHashMap, AHashSet};
use rayon::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Members of one cluster, ascending, and the lowest similarity among them.
pub(crate) struct Group {
    pub(crate) members: Vec<Ordinal>,
    pub(crate) weakest: Similarity,
}

/// How alike two stories are that no copy ties, by exact Jaccard similarity.
pub(crate) type Untied<'a> = &'a (dyn Fn(Ordinal, Ordinal) -> Similarity + Sync + 'a);

/// When a story, or the first of those that are identical to it, was published; in seconds since
/// 1970.
pub(crate) type Times<'a> = &'a (dyn Fn(Ordinal) -> Option<i64> + Sync + 'a);

/// The score below which two stories are known to be two reports, whatever a third says of them. Of
/// labelled pairs that a third had joined against such a score, 5 in 100 by weight were versions; of
/// those with a score from here to even odds, 6 in 10.
const APART: f64 = 0.2;

/// How alike two stories are at the level of the run.
pub(crate) enum Likeness<'a> {
    /// By exact Jaccard similarity, which is known of the pairs that are tied: of story *i* with
    /// those of `tied` from `starts[i]` to `starts[i + 1]`, by the other story.
    Copies { untied: Untied<'a>, tied: Vec<(Ordinal, Overlap)>, starts: Vec<u32> },
    /// By score. Pairs without one share nothing, unless both are copies of one story. `copies`
    /// are the clusters of level copy.
    Rewrites {
        scores: AHashMap<(Ordinal, Ordinal), Similarity>,
        leaders: &'a [Ordinal],
        strangers: Similarity,
        copies: Cow<'a, [Vec<Ordinal>]>,
        times: Times<'a>,
    },
}

impl<'a> Likeness<'a> {
    /// By exact Jaccard similarity, of `stories` stories; `ties` are sorted by `(a, b)`.
    pub(crate) fn of_copies(stories: usize, ties: &[Verified], untied: Untied<'a>) -> Self {
        let mut starts = vec![0; stories + 1];
        ties.iter().for_each(|tie| starts[tie.a as usize + 1] += 1);
        (0..stories).for_each(|story| starts[story + 1] += starts[story]);
        Self::Copies { untied, tied: ties.iter().map(|tie| (tie.b, tie.overlap)).collect(), starts }
    }

    /// By score, where copies of one story are told by `leaders`, and the clusters of level copy
    /// are known (see [`copies`]).
    pub(crate) fn of_rewrites(
        config: &Config,
        ties: &[Verified],
        leaders: &'a [Ordinal],
        copies: impl Into<Cow<'a, [Vec<Ordinal>]>>,
        times: Times<'a>,
    ) -> Self {
        let score = |tie: &Verified| ((tie.a, tie.b), Similarity::new(tie.score).unwrap_or(Similarity::ONE));
        let scores = ties.iter().filter(|tie| tie.counts()).map(score).collect();
        let strangers = linkage::copies_floor(config.threshold());
        Self::Rewrites { scores, leaders, strangers, copies: copies.into(), times }
    }

    fn between(&self, a: Ordinal, b: Ordinal) -> Similarity {
        match self {
            Self::Copies { untied, tied, starts } => {
                let (first, second) = (a.min(b) as usize, a.max(b));
                let tied = &tied[starts[first] as usize..starts[first + 1] as usize];
                let known = tied.binary_search_by_key(&second, |(story, _)| *story).map(|i| tied[i].1);
                known.map_or_else(|_| untied(a, b), Overlap::similarity)
            }
            Self::Rewrites { scores, leaders, strangers, .. } => {
                let family = leaders[a as usize] == leaders[b as usize];
                let strangers = if family { *strangers } else { Similarity::from_millionths(0) };
                scores.get(&(a.min(b), a.max(b))).copied().unwrap_or(strangers)
            }
        }
    }
}

/// Clusters of two stories or more, by first member.
pub(super) fn groups(
    config: &Config,
    rows: &[Row],
    classes: &Classes,
    texts: &Texts,
    found: &Found,
) -> Vec<Group> {
    let untied = |a, b| texts.similarity(a, b);
    let times = |story: Ordinal| {
        let times = classes.members(&story).iter().filter_map(|&member| rows[member as usize].time);
        times.map(crate::time::Time::latest_second).min()
    };
    let likeness = if config.level() < Level::Rewrite {
        Likeness::of_copies(rows.len(), &found.ties, &untied)
    } else {
        Likeness::of_rewrites(config, &found.ties, &found.leaders, &found.copies[..], &times)
    };
    let mut groups = linked(config, rows.len(), &found.ties, &likeness);
    if let Some(apart) = KeptApart::of_rows(config.publishers(), rows) {
        groups = apart.part(&found.ties, groups);
    }
    with_identical(groups, rows.len(), classes)
}

/// The clusters that level copy makes of two classes or more. A higher level takes none of them
/// apart.
pub(crate) fn copies(
    config: &Config,
    stories: usize,
    ties: &[Verified],
    untied: Untied<'_>,
) -> Vec<Vec<Ordinal>> {
    let ties: Vec<Verified> = ties.iter().filter(|tie| tie.is_copy()).copied().collect();
    let likeness = Likeness::of_copies(stories, &ties, untied);
    linked(config, stories, &ties, &likeness).into_iter().map(|group| group.members).collect()
}

/// Clusters of two classes or more, each by its first member: what `ties` join, cut by linkage.
pub(crate) fn linked(
    config: &Config,
    stories: usize,
    ties: &[Verified],
    likeness: &Likeness<'_>,
) -> Vec<Group> {
    let joining: Vec<Tie> = ties
        .iter()
        .filter(|tie| tie.relation.joins(config.level()))
        .map(|tie| Tie { a: tie.a, b: tie.b, similarity: likeness.between(tie.a, tie.b) })
        .collect();
    let bodies = match likeness {
        Likeness::Copies { .. } => Vec::new(),
        Likeness::Rewrites { copies, .. } => bodies(config, stories, copies, ties),
    };
    let body_of = membership(bodies.iter().copied(), stories);
    let parts = parts(stories, joining, &bodies);
    let floor = linkage::copies_floor(config.threshold());
    let between = ties.iter().filter(|tie| matches!(tie.basis, Basis::Translation)).map(|tie| (tie.a, tie.b));
    let across: &AHashSet<(Ordinal, Ordinal)> = &between.collect();
    let apart = apart(stories, ties, &parts, across);
    let linked = parts.par_iter().zip(&apart).flat_map_iter(|((part, ties), Apart { apart, doubted })| {
        let similarity = move |a, b| likeness.between(a, b);
        let clusters = match likeness {
            Likeness::Rewrites { times, .. } if config.linkage() == Linkage::Average => {
                let body_of = |story| body_of[story as usize];
                core::clusters_across(part, (ties, apart, doubted), across, body_of, times)
            }
            Likeness::Rewrites { .. } => {
                let linked = linkage::link(config.linkage(), part, ties, floor, similarity);
                core::united(part, &linked, |story| body_of[story as usize])
            }
            Likeness::Copies { .. } => linkage::link(config.linkage(), part, ties, floor, similarity),
        };
        clusters.into_iter().map(move |members| {
            let weakest = linkage::weakest(&members, ties, similarity);
            Group { members, weakest }
        })
    });
    linked.collect()
}

/// Those clusters of level copy in which no two copies were judged apart, and no two stories, copies
/// or not, to be of one template.
fn bodies<'a>(
    config: &Config,
    stories: usize,
    copies: &'a [Vec<Ordinal>],
    ties: &[Verified],
) -> Vec<&'a [Ordinal]> {
    let set_of = membership(copies.iter().map(|set| &set[..]), stories);
    let mut apart = vec![false; copies.len()];
    for tie in ties.iter().filter(|tie| !tie.relation.joins(config.level()) && tie.counts()) {
        let set = set_of[tie.a as usize];
        if set != u32::MAX && set == set_of[tie.b as usize] {
            let are_copies = tie.overlap.cmp_jaccard(config.threshold()) != Ordering::Less;
            apart[set as usize] |= are_copies || tie.relation == Relation::Template;
        }
    }
    let whole = copies.iter().zip(apart).filter(|&(_, apart)| !apart);
    whole.map(|(set, _)| &set[..]).collect()
}

/// For each of `stories` stories the number of the set that holds it; `u32::MAX` for none.
pub(crate) fn membership<'a>(sets: impl Iterator<Item = &'a [Ordinal]>, stories: usize) -> Vec<u32> {
    let mut set_of = vec![u32::MAX; stories];
    for (number, set) in sets.enumerate() {
        set.iter().for_each(|&story| set_of[story as usize] = number as u32);
    }
    set_of
}

/// What speaks against joining stories of a part.
#[derive(Clone, Default)]
struct Apart {
    /// Pairs that were judged to be two reports.
    apart: Vec<(Ordinal, Ordinal)>,
    /// Others that were rather judged so than not, by their words.
    doubted: Vec<Tie>,
}

fn apart(
    stories: usize,
    ties: &[Verified],
    parts: &[(Vec<Ordinal>, Vec<Tie>)],
    across: &AHashSet<(Ordinal, Ordinal)>,
) -> Vec<Apart> {
    let part_of = membership(parts.iter().map(|(part, _)| &part[..]), stories);
    let mut apart = vec![Apart::default(); parts.len()];
    for tie in ties.iter().filter(|tie| tie.score < JOINED && tie.counts()) {
        let part = part_of[tie.a as usize];
        if part == u32::MAX || part != part_of[tie.b as usize] {
            continue;
        }
        let Apart { apart, doubted } = &mut apart[part as usize];
        if tie.score < APART {
            apart.push((tie.a, tie.b));
        } else if !across.contains(&(tie.a, tie.b)) {
            let similarity = Similarity::new(tie.score).unwrap_or(Similarity::ONE);
            doubted.push(Tie { a: tie.a, b: tie.b, similarity });
        }
    }
    apart
}

/// The connected components, `bodies` whole, with the ties inside each.
fn parts(stories: usize, ties: Vec<Tie>, bodies: &[&[Ordinal]]) -> Vec<(Vec<Ordinal>, Vec<Tie>)> {
    let whole = bodies.iter().flat_map(|body| body.iter().map(|&member| (body[0], member)));
    let mut parts: Vec<(Vec<Ordinal>, Vec<Tie>)> =
        cluster::components(stories, ties.iter().map(|tie| (tie.a, tie.b)).chain(whole))
            .into_iter()
            .map(|part| (part, Vec::new()))
            .collect();
    let part_of = membership(parts.iter().map(|(part, _)| &part[..]), stories);
    for tie in ties {
        parts[part_of[tie.a as usize] as usize].1.push(tie);
    }
    parts
}

/// Puts the identical stories beside those that stood for them.
pub(crate) fn with_identical(mut groups: Vec<Group>, stories: usize, classes: &Classes) -> Vec<Group> {
    let mut grouped = vec![false; stories];
    for group in &mut groups {
        group.members.iter().for_each(|&story| grouped[story as usize] = true);
        group.members = group.members.iter().flat_map(|story| classes.members(story)).copied().collect();
        group.members.sort_unstable();
    }
    let alone = classes.repeated().iter().filter(|class| !grouped[class[0] as usize]);
    groups.extend(alone.map(|class| Group { members: class.clone(), weakest: Similarity::ONE }));
    groups.par_sort_unstable_by_key(|group| group.members[0]);
    groups
}
