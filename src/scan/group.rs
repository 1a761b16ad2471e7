//! From verified ties to clusters, and from all of it to the report.

use super::fetch::Texts;
use super::intake::{Intake, Row};
use super::pairs::{self, Classes, Found, Verified};
use crate::cluster::canonical::Member;
use crate::cluster::{self, Tie, linkage};
use crate::config::Config;
use crate::relation::{Direction, Relation};
use crate::report::{Cluster, Origin, Pair, Report, StoryInfo};
use crate::similarity::{Overlap, Similarity};
use crate::story::Ordinal;
use rayon::prelude::*;

/// Clusters the ties and lays everything down as plain data.
pub(super) fn report(
    config: &Config,
    intake: Intake,
    classes: &Classes,
    mut texts: Texts,
    found: Found,
) -> Report {
    let clusters = clusters(config, &intake.rows, classes, &texts, &found.ties);
    let pairs = list(&intake.rows, classes, &texts, &found.ties);
    let mut stories: Vec<StoryInfo> = intake
        .rows
        .into_iter()
        .map(|row| StoryInfo {
            id: row.id.into(),
            source: row.source.into(),
            time: row.time,
            tokens: row.tokens,
            detail: None,
        })
        .collect();
    let tied = pairs
        .iter()
        .flat_map(|pair| [pair.a, pair.b])
        .chain(clusters.iter().flat_map(|c| c.members.iter().copied()));
    for story in tied {
        let shown = &mut stories[story as usize];
        if shown.detail.is_none() {
            shown.detail = texts.take_detail(story);
        }
    }
    let warnings = intake.warnings.into_iter().chain(found.warnings).collect();
    Report { stories, pairs, clusters, skipped: intake.skipped, warnings }
}

fn list(rows: &[Row], classes: &Classes, texts: &Texts, ties: &[Verified]) -> Vec<Pair> {
    let pair = |relation: Relation, a: Ordinal, b: Ordinal, overlap: Overlap| Pair {
        a,
        b,
        relation,
        score: overlap.jaccard(),
        overlap,
        direction: direction(&rows[a as usize], &rows[b as usize]),
    };
    let ties = ties.iter().flat_map(|&tie| pairs::expand(classes, tie));
    let ties = ties.map(|tie| pair(tie.relation, tie.a, tie.b, tie.overlap));
    let same = classes
        .repeated()
        .iter()
        .flat_map(|class| pairs::within(class).map(move |(a, b)| (class, a, b)))
        .map(|(class, a, b)| {
            let size = texts.shingles(class[0]).len() as u32;
            pair(Relation::Identical, a, b, Overlap { shared: size, a: size, b: size })
        });
    let mut pairs: Vec<Pair> = ties.chain(same).collect();
    pairs.par_sort_unstable_by_key(|pair| (pair.a, pair.b));
    pairs
}

fn direction(a: &Row, b: &Row) -> Direction {
    match (a.time, b.time) {
        (Some(x), Some(y)) if x < y => Direction::AToB,
        (Some(x), Some(y)) if x > y => Direction::BToA,
        _ => Direction::Unknown,
    }
}

fn clusters(
    config: &Config,
    rows: &[Row],
    classes: &Classes,
    texts: &Texts,
    ties: &[Verified],
) -> Vec<Cluster> {
    let similarity = |a: Ordinal, b: Ordinal| {
        let overlap = Overlap::of_sorted(texts.shingles(a), texts.shingles(b));
        Similarity::new(overlap.jaccard()).unwrap_or(Similarity::ONE)
    };
    let floor = linkage::copies_floor(config.threshold());
    let parts = cluster::components(rows.len(), ties.iter().map(|tie| (tie.a, tie.b)));
    let mut part_of = vec![u32::MAX; rows.len()];
    for (number, part) in parts.iter().enumerate() {
        part.iter().for_each(|&story| part_of[story as usize] = number as u32);
    }
    let mut ties_of: Vec<Vec<Tie>> = vec![Vec::new(); parts.len()];
    for tie in ties {
        let similarity = Similarity::new(tie.overlap.jaccard()).unwrap_or(Similarity::ONE);
        ties_of[part_of[tie.a as usize] as usize].push(Tie { a: tie.a, b: tie.b, similarity });
    }
    let linked = parts.par_iter().zip(&ties_of).flat_map_iter(|(part, ties)| {
        linkage::link(config.linkage(), part, ties, floor, similarity).into_iter().map(|members| {
            let weakest = linkage::weakest(&members, ties, similarity);
            (members, weakest)
        })
    });
    let mut groups: Vec<(Vec<Ordinal>, Similarity)> = linked.collect();
    let mut grouped = vec![false; rows.len()];
    groups.iter().flat_map(|(members, _)| members).for_each(|&story| grouped[story as usize] = true);
    for (members, _) in &mut groups {
        *members = members.iter().flat_map(|story| classes.members(story)).copied().collect();
        members.sort_unstable();
    }
    let alone = classes.repeated().iter().filter(|class| !grouped[class[0] as usize]);
    groups.extend(alone.map(|class| (class.clone(), Similarity::ONE)));
    groups.par_sort_unstable_by_key(|(members, _)| members[0]);
    groups.into_iter().map(|(members, weakest)| finish(config, rows, members, weakest)).collect()
}

fn finish(config: &Config, rows: &[Row], members: Vec<Ordinal>, weakest: Similarity) -> Cluster {
    let facts: Vec<Member<'_>> = members
        .iter()
        .map(|&story| &rows[story as usize])
        .map(|row| Member { time: row.time, tokens: row.tokens, source: &row.source, id: &row.id })
        .collect();
    let canonical = members[config.keep().choose(&facts)];
    Cluster {
        canonical,
        origin: origin(&facts).map(|i| Origin::Story(members[i])),
        members,
        weakest: weakest.value(),
    }
}

/// The member that was there before all others, if the times of all are known.
fn origin(members: &[Member<'_>]) -> Option<usize> {
    let times: Vec<_> = members.iter().map(|member| member.time).collect::<Option<_>>()?;
    let first = times.iter().min()?;
    let mut firsts = times.iter().enumerate().filter(|(_, time)| *time == first);
    firsts.next().filter(|_| firsts.next().is_none()).map(|(i, _)| i)
}
