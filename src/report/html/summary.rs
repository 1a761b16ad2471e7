//! From a report to what its first page shows: the run, a row a report, near misses, sources.

use super::super::message::{SkippedMessage, SummaryMessage, is_none_known, rounded};
use super::super::newsrooms::Newsrooms;
use super::super::standing::{Standing, standings};
use super::super::taking::takings;
use super::super::ties::Ties;
use super::super::{Cluster, Pair, Report, StoryInfo};
use super::detail::{When, credits, language};
use super::flow::Flow;
use super::pair::Evidence;
use crate::cluster::{Keep, Linkage};
use crate::config::{Config, Passages};
use crate::evidence::Signals;
use crate::relation::model::Model;
use crate::relation::{Level, Relation};
use crate::time::Time;
use crate::wire;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Records named on the page that were skipped.
const SKIPPED: usize = 1_000;
/// Other headlines of a report by which it is found.
const HEADLINES: usize = 8;
/// Ids of a report by which it is found.
const IDS: usize = 100;

/// All of the first page but the reports.
#[derive(Debug, Serialize)]
pub(super) struct Summary<'a> {
    version: &'static str,
    settings: Settings,
    counts: SummaryMessage,
    warnings: &'a [String],
    skipped: Vec<SkippedMessage<'a>>,
    /// Names and weights of the signals.
    model: Vec<(&'static str, f64)>,
    apart: Vec<ApartRow<'a>>,
    /// Pairs of different reports that were found; `apart` names the likeliest.
    apart_found: usize,
    sources: Vec<SourceRow<'a>>,
    flows: Vec<Flow<'a>>,
    /// Whether the page has the texts.
    texts: bool,
}

/// A level in the words of the command line, of which one joins nothing.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
enum Joining {
    By(Level),
    Nothing(&'static str),
}

/// The settings of a run, in the words of the command line.
#[derive(Debug, Serialize)]
pub(super) struct Settings {
    level: Joining,
    threshold: f64,
    shingle: usize,
    /// Seconds; `None` for no limit.
    window: Option<u64>,
    linkage: &'static str,
    keep: String,
    keep_furniture: bool,
}

impl Settings {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            level: match config.passages() {
                Passages::Any => Joining::Nothing("passage"),
                Passages::Joined | Passages::Off => Joining::By(config.level()),
            },
            threshold: config.threshold().value(),
            shingle: config.shingle(),
            window: config.window().map(|window| window.as_secs()),
            linkage: match config.linkage() {
                Linkage::Single => "single",
                Linkage::Average => "average",
                Linkage::Complete => "complete",
            },
            keep: match config.keep() {
                Keep::First => "first".into(),
                Keep::Last => "last".into(),
                Keep::Longest => "longest".into(),
                Keep::Source(list) => format!("source:{}", list.join(",")),
            },
            keep_furniture: config.keep_furniture(),
        }
    }
}

/// Names and weights of the signals.
pub(super) fn weights(model: &Model) -> Vec<(&'static str, f64)> {
    model
        .contributions(&Signals::default())
        .map(|(name, _, weight)| (name, rounded(f64::from(weight))))
        .into()
}

/// Two stories that are no versions of one report, though something ties them.
#[derive(Debug, Serialize)]
struct ApartRow<'a> {
    stories: [ApartStory<'a>; 2],
    relation: Relation,
    score: f64,
    cut: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    signals: Option<Evidence>,
}

#[derive(Debug, Serialize)]
struct ApartStory<'a> {
    headline: &'a str,
    source: &'a str,
    #[serde(flatten)]
    when: When,
    language: &'a str,
    /// Its report by number.
    report: Option<u32>,
}

/// A source and how many stories of it are in reports.
#[derive(Debug, Serialize)]
struct SourceRow<'a> {
    name: &'a str,
    stories: usize,
}

/// One report in the list.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    headline: &'a str,
    language: &'a str,
    sources: Vec<&'a str>,
    first: Option<i64>,
    last: Option<i64>,
    /// Whether the first is a day of which no hour is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    day: bool,
    size: usize,
    /// Newsrooms, and how many of them tell it by themselves.
    #[serde(skip_serializing_if = "is_none_known")]
    newsrooms: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    independent: Option<usize>,
    weakest: f64,
    pub(super) relations: BTreeSet<Named>,
    pub(super) languages: BTreeSet<&'a str>,
    pub(super) agencies: BTreeSet<&'a str>,
    origin: Option<&'a str>,
    pub(super) flags: BTreeSet<Standing>,
    /// Headlines of other members.
    others: Vec<&'a str>,
    ids: Vec<&'a str>,
}

/// A relation in the order of its declaration.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Named(pub(super) Relation);

impl Ord for Named {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0 as u8).cmp(&(other.0 as u8))
    }
}

impl PartialOrd for Named {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Row<'a> {
    /// The row of `cluster`; `pairs` are those between its members.
    pub(super) fn of(report: &'a Report, ties: &Ties<'a>, cluster: &'a Cluster, pairs: &[&'a Pair]) -> Self {
        let members = || cluster.members.iter().map(|&member| report.story(member));
        let canonical = report.story(cluster.canonical);
        let times = || members().filter_map(|story| story.time);
        let mut sources: Vec<(Option<i64>, &str)> = members()
            .filter(|story| !story.source.is_empty())
            .map(|story| (story.time.map(Time::as_second), story.source.as_str()))
            .collect();
        sources.sort_by_key(|(time, _)| (time.is_none(), *time));
        let mut seen = BTreeSet::new();
        let sources = sources.into_iter().map(|(_, source)| source).filter(|source| seen.insert(*source));
        let agencies =
            members().flat_map(|story| credits(story).into_iter().chain(wire::agency(&story.source)));
        let takings = takings(report, pairs);
        let newsrooms = Newsrooms::of(report, cluster, pairs);
        let others_than = |story: &&u32| **story != cluster.canonical;
        let tied = cluster.members.iter().filter(others_than).filter_map(|&story| ties.get(story));
        let mut others: Vec<&str> = Vec::new();
        for headline in members().map(StoryInfo::headline) {
            if headline != canonical.headline() && !others.contains(&headline) && others.len() < HEADLINES {
                others.push(headline);
            }
        }
        Self {
            headline: canonical.headline(),
            language: language(canonical),
            sources: sources.collect(),
            first: times().min().map(Time::as_second),
            last: times().max().map(Time::as_second),
            day: times().min().is_some_and(Time::is_day),
            size: cluster.members.len(),
            newsrooms: newsrooms.count,
            independent: newsrooms.independent,
            weakest: rounded(cluster.weakest),
            relations: tied.map(|tie| Named(tie.relation)).collect(),
            languages: members().map(language).filter(|language| !language.is_empty()).collect(),
            agencies: agencies.collect(),
            origin: report.origin(cluster),
            flags: standings(report, cluster, &takings).into_iter().flatten().collect(),
            others,
            ids: members().map(|story| story.id.as_str()).take(IDS).collect(),
        }
    }
}

impl<'a> Summary<'a> {
    pub(super) fn of(
        report: &'a Report,
        config: &Config,
        apart: &[&'a Pair],
        flows: Vec<Flow<'a>>,
        texts: bool,
    ) -> Self {
        let cluster_of = report.memberships();
        let story = |place: u32| {
            let story = report.story(place);
            ApartStory {
                headline: story.headline(),
                source: &story.source,
                when: When::of(story),
                language: language(story),
                report: cluster_of[place as usize],
            }
        };
        let row = |pair: &&'a Pair| ApartRow {
            stories: [story(pair.a), story(pair.b)],
            relation: pair.relation,
            score: rounded(pair.score),
            cut: pair.cut,
            signals: Evidence::of(pair, &report.model),
        };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for &member in report.clusters.iter().flat_map(|cluster| &cluster.members) {
            *counts.entry(&report.story(member).source).or_default() += 1;
        }
        counts.remove("");
        let is_apart = |pair: &&Pair| {
            let (a, b) = (cluster_of[pair.a as usize], cluster_of[pair.b as usize]);
            a.is_none() || a != b
        };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            settings: Settings::of(config),
            counts: SummaryMessage::from(report),
            warnings: &report.warnings,
            skipped: report.skipped.iter().take(SKIPPED).map(SkippedMessage::from).collect(),
            model: weights(&report.model),
            apart: apart.iter().map(row).collect(),
            apart_found: report.pairs.iter().filter(is_apart).count(),
            sources: counts.into_iter().map(|(name, stories)| SourceRow { name, stories }).collect(),
            flows,
            texts,
        }
    }
}
