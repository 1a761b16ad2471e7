//! From verified ties to clusters of stories.

use super::fetch::Texts;
use super::pairs::{Classes, Found};
use crate::cluster::{self, Tie, linkage};
use crate::config::{Config, Level};
use crate::relation::tie::Verified;
use crate::similarity::{Overlap, Similarity};
use crate::story::Ordinal;
use ahash::AHashMap;
use rayon::prelude::*;
use std::borrow::Cow;

/// Members of one cluster, ascending, and the lowest similarity among them.
pub(crate) struct Group {
    pub(crate) members: Vec<Ordinal>,
    pub(crate) weakest: Similarity,
}

/// What average linkage asks of the mean probability at level rewrite. Chosen on labels: 0.3
/// takes least away from the pairs themselves; a stray tie of 0.5 does not reach it alone.
const REWRITE_FLOOR: Similarity = Similarity::from_millionths(300_000);

/// Where the distinct shingles of a story come from.
pub(crate) type Shingles<'a> = &'a (dyn Fn(Ordinal) -> Cow<'a, [u64]> + Sync + 'a);

/// How alike two stories are at the level of the run.
pub(crate) enum Likeness<'a> {
    /// By exact Jaccard similarity, which is known of the pairs that are tied: of story *i* with
    /// those of `tied` from `starts[i]` to `starts[i + 1]`, by the other story.
    Copies { shingles: Shingles<'a>, tied: Vec<(Ordinal, Overlap)>, starts: Vec<u32> },
    /// By score. Pairs without one share nothing, unless both are copies of one story.
    Rewrites { scores: AHashMap<(Ordinal, Ordinal), Similarity>, leaders: &'a [Ordinal], copies: Similarity },
}

impl<'a> Likeness<'a> {
    /// Of `stories` stories at the level of `config`; `ties` are sorted by `(a, b)`, `leaders` are
    /// asked for at level rewrite only.
    pub(crate) fn new(
        config: &Config,
        stories: usize,
        ties: &[Verified],
        leaders: &'a [Ordinal],
        shingles: Shingles<'a>,
    ) -> Self {
        if config.level() < Level::Rewrite {
            let mut starts = vec![0; stories + 1];
            ties.iter().for_each(|tie| starts[tie.a as usize + 1] += 1);
            (0..stories).for_each(|story| starts[story + 1] += starts[story]);
            return Self::Copies {
                shingles,
                tied: ties.iter().map(|tie| (tie.b, tie.overlap)).collect(),
                starts,
            };
        }
        let score = |tie: &Verified| ((tie.a, tie.b), Similarity::new(tie.score).unwrap_or(Similarity::ONE));
        let scores = ties.iter().filter(|tie| tie.counts()).map(score).collect();
        Self::Rewrites { scores, leaders, copies: linkage::copies_floor(config.threshold()) }
    }

    fn between(&self, a: Ordinal, b: Ordinal) -> Similarity {
        match self {
            Self::Copies { shingles, tied, starts } => {
                let (first, second) = (a.min(b) as usize, a.max(b));
                let tied = &tied[starts[first] as usize..starts[first + 1] as usize];
                let known = tied.binary_search_by_key(&second, |(story, _)| *story).map(|i| tied[i].1);
                let exact = |_| Overlap::of_sorted(&shingles(a), &shingles(b));
                let overlap = known.unwrap_or_else(exact);
                Similarity::new(overlap.jaccard()).unwrap_or(Similarity::ONE)
            }
            Self::Rewrites { scores, leaders, copies } => {
                let family = leaders[a as usize] == leaders[b as usize];
                let strangers = if family { *copies } else { Similarity::from_millionths(0) };
                scores.get(&(a.min(b), a.max(b))).copied().unwrap_or(strangers)
            }
        }
    }
}

/// Clusters of two stories or more, by first member.
pub(super) fn groups(
    config: &Config,
    stories: usize,
    classes: &Classes,
    texts: &Texts,
    found: &Found,
) -> Vec<Group> {
    let shingles = |story| texts.shingles(story);
    let likeness = Likeness::new(config, stories, &found.ties, &found.leaders, &shingles);
    with_identical(linked(config, stories, &found.ties, &likeness), stories, classes)
}

/// Clusters of two classes or more, each by its first member: what `ties` join, cut by linkage.
pub(crate) fn linked(
    config: &Config,
    stories: usize,
    ties: &[Verified],
    likeness: &Likeness<'_>,
) -> Vec<Group> {
    let floor = match likeness {
        Likeness::Copies { .. } => linkage::copies_floor(config.threshold()),
        Likeness::Rewrites { .. } => REWRITE_FLOOR,
    };
    let joining: Vec<Tie> = ties
        .iter()
        .filter(|tie| tie.relation.joins(config.level()))
        .map(|tie| Tie { a: tie.a, b: tie.b, similarity: likeness.between(tie.a, tie.b) })
        .collect();
    let parts = parts(stories, joining);
    let linked = parts.par_iter().flat_map_iter(|(part, ties)| {
        linkage::link(config.linkage(), part, ties, floor, |a, b| likeness.between(a, b)).into_iter().map(
            |members| {
                let weakest = linkage::weakest(&members, ties, |a, b| likeness.between(a, b));
                Group { members, weakest }
            },
        )
    });
    linked.collect()
}

/// For each of `stories` stories the number of the set that holds it; `u32::MAX` for none.
pub(crate) fn membership<'a>(sets: impl Iterator<Item = &'a [Ordinal]>, stories: usize) -> Vec<u32> {
    let mut set_of = vec![u32::MAX; stories];
    for (number, set) in sets.enumerate() {
        set.iter().for_each(|&story| set_of[story as usize] = number as u32);
    }
    set_of
}

/// The connected components with the ties inside each.
fn parts(stories: usize, ties: Vec<Tie>) -> Vec<(Vec<Ordinal>, Vec<Tie>)> {
    let mut parts: Vec<(Vec<Ordinal>, Vec<Tie>)> =
        cluster::components(stories, ties.iter().map(|tie| (tie.a, tie.b)))
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
