//! From ties and groups to the report: pairs with their direction, clusters with their origin.

use super::derived;
use super::fetch::Texts;
use super::group::{Group, groups, membership};
use super::intake::{Intake, Row};
use super::pairs::{self, Classes, Found};
use crate::cluster::canonical::Member;
use crate::config::{Config, Level, Passages};
use crate::dispatch::Status;
use crate::noise::Misread;
use crate::relation::direction::{Standing, direction};
use crate::relation::tie::Verified;
use crate::relation::{Relation, naming};
use crate::report::{Cluster, Origin, Pair, Report, StoryInfo};
use crate::time::Time;
use crate::wire::{self, Outlets};
use rayon::prelude::*;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Clusters the ties and lays everything down as plain data.
pub(super) fn report(
    config: &Config,
    intake: &mut Intake,
    classes: &Classes,
    texts: &mut Texts,
    mut found: Found,
) -> Report {
    let groups = groups(config, &intake.rows, classes, texts, &found);
    let cluster_of = membership(groups.iter().map(|group| &group.members[..]), intake.rows.len());
    let found_ties = std::mem::take(&mut found.ties);
    let ties = ties(config, classes, |story| texts.size(story), found_ties, &cluster_of);
    let noise: Vec<f32> = intake.rows.iter().map(|row| Misread::sure_share(row.noise)).collect();
    // A third reading would still tell stories by their ids.
    let is_last = !config.facts() && !config.texts() && config.passages() == Passages::Off;
    let mut stories = stories(intake, is_last);
    let tied = ties.iter().flat_map(|tie| [tie.a, tie.b]);
    for story in tied.chain(groups.iter().flat_map(|group| group.members.iter().copied())) {
        let shown = &mut stories[story as usize];
        if shown.detail.is_none() {
            shown.detail = texts.take_detail(story);
            if let Some(detail) = &mut shown.detail {
                detail.noise = noise[story as usize];
            }
        }
    }
    let (pairs, clusters) = laid(config, &stories, ties, groups);
    let warnings = std::mem::take(&mut intake.warnings).into_iter().chain(found.warnings).collect();
    let skipped = std::mem::take(&mut intake.skipped);
    Report {
        stories,
        pairs,
        clusters,
        skipped,
        warnings,
        model: *config.model(),
        publishers: Arc::clone(config.publishers()),
        ..Report::default()
    }
}

/// What is reported of every story, without details. `is_last` says that nobody asks for a row any
/// more: then the rows are gone.
pub(super) fn stories(intake: &mut Intake, is_last: bool) -> Vec<StoryInfo> {
    let info = |row: Row| StoryInfo {
        id: row.id.into(),
        source: row.source.into(),
        url: row.url.into(),
        time: row.time,
        tokens: row.tokens,
        dispatch: row.dispatch,
        detail: None,
    };
    if is_last {
        return std::mem::take(&mut intake.rows).into_iter().map(info).collect();
    }
    let kept = |row: &mut Row| {
        let dispatch = row.dispatch.take();
        info(Row { dispatch, titled: Box::default(), ..row.clone() })
    };
    intake.rows.iter_mut().map(kept).collect()
}

/// Pairs that are laid down at once.
const AT_ONCE: usize = 1 << 16;

/// The pairs that `ties` make, and the clusters that `groups` make. `stories` are sorted by id,
/// and those that are tied have their details; `ties` are sorted.
pub(crate) fn laid(
    config: &Config,
    stories: &[StoryInfo],
    mut ties: Vec<Verified>,
    groups: Vec<Group>,
) -> (Vec<Pair>, Vec<Cluster>) {
    let cluster_of = membership(groups.iter().map(|group| &group.members[..]), stories.len());
    let credits: Vec<Vec<&str>> = stories.iter().map(credits).collect();
    let outlets =
        Outlets::of(stories.iter().filter(|story| story.detail.is_some()).map(|story| &story.source[..]));
    let named: Vec<Vec<&str>> = stories.par_iter().map(|story| named(story, &outlets)).collect();
    let standing =
        |story: u32| standing(&stories[story as usize], (&credits[story as usize], &named[story as usize]));
    let pair = |tie: Verified| {
        let (a, b) = (standing(tie.a), standing(tie.b));
        let (direction, reason) = direction(&a, &b);
        let apart = cluster_of[tie.a as usize] != cluster_of[tie.b as usize];
        Pair {
            a: tie.a,
            b: tie.b,
            relation: versioned(config, tie.relation, &a, &b),
            score: tie.score,
            overlap: tie.overlap,
            direction,
            reason,
            cut: apart && tie.relation.joins(config.level()),
            coverage: tie.basis.judged().map(|judged| judged.coverage),
            signals: tie.basis.judged().map(|judged| Box::new(judged.signals)),
        }
    };
    let mut pairs: Vec<Pair> = Vec::with_capacity(ties.len());
    // From the last on, so that ties give their room back as pairs take it.
    while !ties.is_empty() {
        let last = ties.split_off(ties.len().saturating_sub(AT_ONCE));
        ties.shrink_to_fit();
        pairs.extend(last.into_par_iter().rev().map(pair).collect::<Vec<Pair>>());
    }
    pairs.reverse();
    let cluster = |group| {
        let mut cluster = cluster(config, stories, &standing, group);
        if config.level() >= Level::Rewrite {
            cluster.derived = derived::derived(&cluster, stories, &credits, &pairs);
        }
        cluster
    };
    let clusters: Vec<Cluster> = groups.into_par_iter().map(cluster).collect();
    (pairs, clusters)
}

/// At level rewrite, a later version is called one: where its sender says so, and where the
/// markers of its outlet do of a copy.
fn versioned(config: &Config, relation: Relation, a: &Standing<'_>, b: &Standing<'_>) -> Relation {
    if config.level() < Level::Rewrite || relation == Relation::Identical || !relation.joins(Level::Rewrite) {
        return relation;
    }
    let marked = relation == Relation::Copy && !a.source.is_empty() && a.source == b.source;
    let by_markers = marked.then(|| naming::version((a.marker, b.marker))).flatten();
    let succeeds = a.succeeds(b) || b.succeeds(a);
    match by_markers {
        Some(version) => version,
        None if succeeds && corrects(if a.succeeds(b) { a } else { b }) => Relation::Correction,
        None if succeeds && relation != Relation::Correction => Relation::Update,
        None => relation,
    }
}

/// Whether a sender says that a version puts right, or takes back, what came before.
fn corrects(later: &Standing<'_>) -> bool {
    let Some(dispatch) = later.dispatch else { return false };
    let signal = |signal: &String| {
        let word = signal.rsplit(':').next().unwrap_or_default();
        word.to_ascii_lowercase().starts_with("correct")
    };
    dispatch.status == Status::Canceled || dispatch.signals.iter().any(signal)
}

/// The least score with which two members of one cluster are said to be versions of one report:
/// their tie to a third version speaks for them, but not against all evidence.
const CLUSTERED: f64 = 0.05;

/// Every tie of two stories that the level joins, or every one on request, sorted: `ties`, which say
/// it of classes, and what follows of their members.
pub(crate) fn ties(
    config: &Config,
    classes: &Classes,
    size: impl Fn(u32) -> u32,
    mut ties: Vec<Verified>,
    cluster_of: &[u32],
) -> Vec<Verified> {
    let supported = |tie: &Verified| {
        let cluster = cluster_of[tie.a as usize];
        cluster != u32::MAX
            && cluster == cluster_of[tie.b as usize]
            && tie.relation == Relation::Related
            && tie.score >= CLUSTERED
            && tie.counts()
    };
    // There are as many as pairs: no second list of them.
    ties.retain_mut(|tie| {
        if supported(tie) {
            tie.relation = Relation::Rewrite;
        }
        config.all_relations() || tie.relation.joins(config.level())
    });
    let mut more: Vec<Verified> = ties.iter().flat_map(|&tie| pairs::follow(classes, tie)).collect();
    for class in classes.repeated() {
        let size = size(class[0]);
        more.extend(pairs::within(class).map(|(a, b)| Verified::identical(a, b, size)));
    }
    ties.append(&mut more);
    ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    ties
}

/// The agencies that a story credits, in its text or by its dateline.
pub(crate) fn credits(story: &StoryInfo) -> Vec<&str> {
    let Some(detail) = &story.detail else { return Vec::new() };
    let mut credits: Vec<&str> = detail.credits.clone();
    credits.extend(detail.furniture.agency.as_deref());
    credits
}

/// Those of `outlets` that a story names as its source.
fn named<'a>(story: &StoryInfo, outlets: &Outlets<'a>) -> Vec<&'a str> {
    story.detail.as_ref().map_or_else(Vec::new, |detail| outlets.named(&detail.attributions))
}

fn standing<'a>(story: &'a StoryInfo, (credits, named): (&'a [&'a str], &'a [&'a str])) -> Standing<'a> {
    Standing {
        time: story.time,
        source: &story.source,
        agency: wire::agency(&story.source),
        credits,
        named,
        marker: story.detail.as_ref().and_then(|detail| detail.furniture.marker.as_ref()),
        id: &story.id,
        dispatch: story.dispatch.as_deref(),
    }
}

fn cluster<'a>(
    config: &Config,
    stories: &[StoryInfo],
    standing: &impl Fn(u32) -> Standing<'a>,
    group: Group,
) -> Cluster {
    let Group { members, weakest } = group;
    let facts: Vec<Member<'_>> = members
        .iter()
        .map(|&story| &stories[story as usize])
        .map(|story| Member { time: story.time, tokens: story.tokens, source: &story.source, id: &story.id })
        .collect();
    let chosen = members[config.keep().choose(&facts)];
    let standings: Vec<Standing<'_>> = members.iter().map(|&story| standing(story)).collect();
    let origin = origin(&members, &standings);
    Cluster { canonical: chosen, origin, members, weakest: weakest.value(), derived: Vec::new() }
}

/// Who had it first: a member whose publisher others credit, while it credits nobody; else an
/// agency outside that several members credit; else the member that was there before all others.
fn origin(members: &[u32], standings: &[Standing<'_>]) -> Option<Origin> {
    let foreign = |of: usize| {
        let own = standings[of].agency;
        standings[of].credits.iter().copied().filter(move |credit| own != Some(credit))
    };
    let sources: BTreeSet<&str> = standings.iter().map(|standing| standing.source).collect();
    let named = |of: usize| {
        let (own, sources) = (standings[of].source, &sources);
        standings[of].named.iter().copied().filter(move |name| *name != own && sources.contains(name))
    };
    let all = 0..members.len();
    let agencies: BTreeSet<&str> = all.clone().flat_map(foreign).collect();
    let outlets: BTreeSet<&str> = all.clone().flat_map(named).collect();
    let is_credited = |of: usize| match standings[of].agency {
        Some(own) => agencies.contains(own),
        None => outlets.contains(standings[of].source),
    };
    let credits_none = |of: usize| foreign(of).next().is_none() && named(of).next().is_none();
    let time = |of: usize| (standings[of].time.is_none(), standings[of].time.map(Time::latest_second));
    let roots = all.clone().filter(|&of| is_credited(of) && credits_none(of));
    if let Some(root) = roots.min_by_key(|&of| (time(of), of)) {
        return Some(Origin::Story(members[root]));
    }
    let mut outside: Vec<&str> = all.clone().flat_map(foreign).collect();
    outside.retain(|credit| standings.iter().all(|standing| standing.agency != Some(credit)));
    outside.sort_unstable();
    let runs = outside.chunk_by(|x, y| x == y).filter(|run| run.len() > 1);
    if let Some(run) = runs.max_by_key(|run| (run.len(), Reverse(run[0]))) {
        return Some(Origin::Agency(run[0].to_owned()));
    }
    let first = all.clone().min_by_key(|&of| (time(of), of))?;
    let is_before = |of: usize| of == first || was_before(standings[first].time, standings[of].time);
    all.clone().all(is_before).then_some(Origin::Story(members[first]))
}

/// Whether one moment was before another, as far as is known.
fn was_before(x: Option<Time>, y: Option<Time>) -> bool {
    x.zip(y).is_some_and(|(x, y)| x.before(y) == Some(Ordering::Less))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Signals;
    use crate::relation::tie::{Basis, Judged};
    use crate::similarity::Overlap;

    #[test]
    fn mates_of_a_cluster_are_versions_unless_all_evidence_is_against_it() {
        let tie = |score, ruled_out| {
            let judged = Judged { signals: Signals::default(), coverage: (0.0, 0.0), ruled_out };
            let (relation, basis) = (Relation::Related, Basis::Evidence(judged));
            Verified { a: 0, b: 1, relation, score, overlap: Overlap::default(), basis }
        };
        let classes = Classes::known(vec![0, 1], Vec::new());
        let said = |tie: Verified, cluster_of: &[u32]| {
            let ties = ties(&Config::default(), &classes, |_| 0, vec![tie], cluster_of);
            ties.first().map(|tie| tie.relation)
        };
        assert_eq!(said(tie(0.06, false), &[0, 0]), Some(Relation::Rewrite));
        assert_eq!(said(tie(0.04, false), &[0, 0]), None);
        assert_eq!(said(tie(0.4, true), &[0, 0]), None);
        assert_eq!(said(tie(0.4, false), &[0, 1]), None);
        assert_eq!(said(tie(0.4, false), &[u32::MAX; 2]), None);
    }
}
