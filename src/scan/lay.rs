//! From ties and groups to the report: pairs with their direction, clusters with their origin.

use super::derived;
use super::fetch::Texts;
use super::group::{Group, groups, membership};
use super::intake::Intake;
use super::pairs::{self, Classes, Found, Verified};
use crate::cluster::canonical::Member;
use crate::config::{Config, Level};
use crate::dispatch::Status;
use crate::relation::direction::{Standing, direction};
use crate::relation::{Relation, naming};
use crate::report::{Cluster, Origin, Pair, Report, StoryInfo};
use crate::similarity::Overlap;
use crate::wire;
use rayon::prelude::*;

/// Clusters the ties and lays everything down as plain data.
pub(super) fn report(
    config: &Config,
    intake: &mut Intake,
    classes: &Classes,
    texts: &mut Texts,
    found: Found,
) -> Report {
    let groups = groups(config, intake.rows.len(), classes, texts, &found);
    let cluster_of = membership(groups.iter().map(|group| &group.members[..]), intake.rows.len());
    let ties = ties(config, classes, |story| texts.size(story), &found.ties, &cluster_of);
    // A third reading would still tell stories by their ids.
    let take = |text: &mut Box<str>| {
        if config.facts() || config.texts() { text.to_string() } else { String::from(std::mem::take(text)) }
    };
    let mut stories: Vec<StoryInfo> = intake
        .rows
        .iter_mut()
        .map(|row| StoryInfo {
            id: take(&mut row.id),
            source: take(&mut row.source),
            url: take(&mut row.url),
            time: row.time,
            tokens: row.tokens,
            dispatch: row.dispatch.take(),
            detail: None,
        })
        .collect();
    let tied = ties.iter().flat_map(|tie| [tie.a, tie.b]);
    for story in tied.chain(groups.iter().flat_map(|group| group.members.iter().copied())) {
        let shown = &mut stories[story as usize];
        if shown.detail.is_none() {
            shown.detail = texts.take_detail(story);
        }
    }
    let (pairs, clusters) = laid(config, &stories, ties, groups);
    let warnings = std::mem::take(&mut intake.warnings).into_iter().chain(found.warnings).collect();
    Report { pairs, clusters, stories, skipped: std::mem::take(&mut intake.skipped), warnings }
}

/// The pairs that `ties` make, and the clusters that `groups` make. `stories` are sorted by id,
/// and those that are tied have their details; `ties` are sorted.
pub(crate) fn laid(
    config: &Config,
    stories: &[StoryInfo],
    ties: Vec<Verified>,
    groups: Vec<Group>,
) -> (Vec<Pair>, Vec<Cluster>) {
    let cluster_of = membership(groups.iter().map(|group| &group.members[..]), stories.len());
    let credits: Vec<Vec<&str>> = stories.iter().map(credits).collect();
    let standing = |story: u32| standing(&stories[story as usize], &credits[story as usize]);
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
            coverage: tie.judged.map(|judged| judged.coverage),
            signals: tie.judged.map(|judged| Box::new(judged.signals)),
        }
    };
    let pairs: Vec<Pair> = ties.into_par_iter().map(pair).collect();
    let cluster = |group| {
        let mut cluster = cluster(config, stories, &credits, group);
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

/// Every tie of two stories that the level joins, or every one on request, sorted.
pub(crate) fn ties(
    config: &Config,
    classes: &Classes,
    size: impl Fn(u32) -> u32,
    ties: &[Verified],
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
    let named = ties.iter().map(|tie| Verified {
        relation: if supported(tie) { Relation::Rewrite } else { tie.relation },
        ..*tie
    });
    let shown = |tie: &Verified| config.all_relations() || tie.relation.joins(config.level());
    let mut all: Vec<Verified> = named.filter(shown).flat_map(|tie| pairs::expand(classes, tie)).collect();
    for class in classes.repeated() {
        let size = size(class[0]);
        let overlap = Overlap { shared: size, a: size, b: size };
        let same =
            |(a, b)| Verified { a, b, relation: Relation::Identical, score: 1.0, overlap, judged: None };
        all.extend(pairs::within(class).map(same));
    }
    all.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    all
}

/// The agencies that a story credits, in its text or by its dateline.
pub(crate) fn credits(story: &StoryInfo) -> Vec<&str> {
    let Some(detail) = &story.detail else { return Vec::new() };
    let mut credits: Vec<&str> = detail.credits.clone();
    credits.extend(detail.furniture.agency.as_deref());
    credits
}

fn standing<'a>(story: &'a StoryInfo, credits: &'a [&'a str]) -> Standing<'a> {
    Standing {
        time: story.time,
        source: &story.source,
        agency: wire::agency(&story.source),
        credits,
        marker: story.detail.as_ref().and_then(|detail| detail.furniture.marker.as_ref()),
        id: &story.id,
        dispatch: story.dispatch.as_deref(),
    }
}

fn cluster(config: &Config, stories: &[StoryInfo], credits: &[Vec<&str>], group: Group) -> Cluster {
    let Group { members, weakest } = group;
    let facts: Vec<Member<'_>> = members
        .iter()
        .map(|&story| &stories[story as usize])
        .map(|story| Member { time: story.time, tokens: story.tokens, source: &story.source, id: &story.id })
        .collect();
    let canonical = members[config.keep().choose(&facts)];
    let origin = origin(stories, credits, &members);
    Cluster { canonical, origin, members, weakest: weakest.value(), derived: Vec::new() }
}

/// Who had it first: a member whose agency others credit, while it credits nobody; else an agency
/// outside that several members credit; else the member that was there before all others.
fn origin(stories: &[StoryInfo], credits: &[Vec<&str>], members: &[u32]) -> Option<Origin> {
    let agency = |story: u32| wire::agency(&stories[story as usize].source);
    let foreign =
        |story: u32| credits[story as usize].iter().filter(move |credit| agency(story) != Some(credit));
    let time = |story: &u32| (stories[*story as usize].time.is_none(), stories[*story as usize].time);
    let credited = |story: &u32| {
        agency(*story).is_some_and(|own| members.iter().any(|&m| foreign(m).any(|&c| c == own)))
    };
    let roots = members.iter().copied().filter(|story| credited(story) && foreign(*story).next().is_none());
    if let Some(root) = roots.min_by_key(|story| (time(story), *story)) {
        return Some(Origin::Story(root));
    }
    let mut outside: Vec<&str> = members.iter().flat_map(|&story| foreign(story).copied()).collect();
    outside.retain(|credit| members.iter().all(|&story| agency(story) != Some(credit)));
    outside.sort_unstable();
    let runs = outside.chunk_by(|x, y| x == y).filter(|run| run.len() > 1);
    if let Some(run) = runs.max_by_key(|run| (run.len(), std::cmp::Reverse(run[0]))) {
        return Some(Origin::Agency(run[0].to_owned()));
    }
    let first = members.iter().copied().min_by_key(|story| (time(story), *story))?;
    let alone = |story: &&u32| **story != first && time(story) == time(&first);
    let known = members.iter().all(|&story| stories[story as usize].time.is_some());
    (known && !members.iter().any(|story| alone(&story))).then_some(Origin::Story(first))
}
