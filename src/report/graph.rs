//! From a report to a graph: stories or sources as nodes, verified relations with their lag as
//! edges.

use super::message::rounded;
use super::{Pair, Report, StoryInfo};
use crate::relation::Direction;
use crate::time::Time;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// What the nodes of a graph are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Nodes {
    /// Every story that is in a cluster or a pair.
    #[default]
    Stories,
    /// Every source of such a story; the edges between two sources are counted as one.
    Sources,
}

/// The type of an attribute, in the words that both formats share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Text,
    Whole,
    Real,
    Truth,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Whole => "long",
            Self::Real => "double",
            Self::Truth => "boolean",
        }
    }
}

/// The name and type of an attribute.
pub(super) type Attribute = (&'static str, Kind);

/// Nodes and edges with the values of their attributes, `None` where one is not known.
pub(super) struct Graph {
    pub(super) node_attributes: &'static [Attribute],
    pub(super) edge_attributes: &'static [Attribute],
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

pub(super) struct Node {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) values: Vec<Option<String>>,
}

/// From whoever had it first to whoever took it; as the ids are in order where that is not known.
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) weight: f64,
    pub(super) values: Vec<Option<String>>,
}

const STORY: &[Attribute] = &[
    ("headline", Kind::Text),
    ("source", Kind::Text),
    ("time", Kind::Text),
    ("cluster", Kind::Whole),
    ("canonical", Kind::Truth),
    ("flag", Kind::Text),
    ("url", Kind::Text),
];
const TIE: &[Attribute] = &[
    ("relation", Kind::Text),
    ("score", Kind::Real),
    ("jaccard", Kind::Real),
    ("lag", Kind::Whole),
    ("direction", Kind::Text),
];
const SOURCE: &[Attribute] = &[("stories", Kind::Whole)];
const FLOW: &[Attribute] = &[("pairs", Kind::Whole), ("lag", Kind::Whole), ("direction", Kind::Text)];

impl Graph {
    pub(super) fn of(report: &Report, nodes: Nodes) -> Self {
        match nodes {
            Nodes::Stories => stories(report),
            Nodes::Sources => sources(report),
        }
    }
}

fn shown(value: impl fmt::Display) -> Option<String> {
    Some(value.to_string()).filter(|value| !value.is_empty())
}

/// The stories that are in a cluster or a pair.
fn tied(report: &Report) -> Vec<bool> {
    let mut tied = vec![false; report.stories.len()];
    let members = report.clusters.iter().flat_map(|cluster| cluster.members.iter().copied());
    members
        .chain(report.pairs.iter().flat_map(|pair| [pair.a, pair.b]))
        .for_each(|story| tied[story as usize] = true);
    tied
}

/// Both ends of a pair, the first first; whether that order is known.
fn ends<'a>(report: &'a Report, pair: &Pair) -> (&'a StoryInfo, &'a StoryInfo, bool) {
    let (a, b) = (report.story(pair.a), report.story(pair.b));
    match pair.direction {
        Direction::AToB => (a, b, true),
        Direction::BToA => (b, a, true),
        Direction::Unknown => (a, b, false),
    }
}

/// Seconds from one story to the other.
fn lag(from: Option<Time>, to: Option<Time>) -> Option<i64> {
    Some(to?.as_second() - from?.as_second())
}

fn direction(known: bool) -> Option<String> {
    shown(if known { "known" } else { "unknown" })
}

fn stories(report: &Report) -> Graph {
    let mut place = vec![None; report.stories.len()];
    for (number, cluster) in (1_usize..).zip(&report.clusters) {
        cluster
            .members
            .iter()
            .for_each(|&member| place[member as usize] = Some((number, member == cluster.canonical)));
    }
    let tied = tied(report);
    let nodes =
        report.stories.iter().zip(place).zip(tied).filter(|(_, tied)| *tied).map(|((story, place), _)| {
            Node {
                id: story.id.clone(),
                label: if story.headline().is_empty() {
                    story.id.clone()
                } else {
                    story.headline().to_owned()
                },
                values: vec![
                    shown(story.headline()),
                    shown(&story.source),
                    story.time.and_then(shown),
                    place.and_then(|(number, _)| shown(number)),
                    place.and_then(|(_, is_canonical)| shown(is_canonical)),
                    story.flag(),
                    shown(&story.url),
                ],
            }
        });
    let edges = report.pairs.iter().map(|pair| {
        let (from, to, known) = ends(report, pair);
        Edge {
            from: from.id.clone(),
            to: to.id.clone(),
            weight: rounded(pair.score),
            values: vec![
                serde_json::to_value(pair.relation).ok().and_then(|name| name.as_str().and_then(shown)),
                shown(rounded(pair.score)),
                shown(rounded(pair.overlap.jaccard())),
                lag(from.time, to.time).and_then(shown),
                direction(known),
            ],
        }
    });
    Graph { node_attributes: STORY, edge_attributes: TIE, nodes: nodes.collect(), edges: edges.collect() }
}

fn sources(report: &Report) -> Graph {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let tied = tied(report);
    for (story, _) in
        report.stories.iter().zip(tied).filter(|(story, tied)| *tied && !story.source.is_empty())
    {
        *counts.entry(&story.source).or_default() += 1;
    }
    let mut flows: BTreeMap<(&str, &str, bool), (usize, Vec<i64>)> = BTreeMap::new();
    for pair in &report.pairs {
        let (from, to, known) = ends(report, pair);
        if !from.source.is_empty() && !to.source.is_empty() && from.source != to.source {
            // Without a direction one order of the names serves both.
            let turned = !known && from.source > to.source;
            let (from, to) = if turned { (to, from) } else { (from, to) };
            let (count, lags) = flows.entry((&from.source, &to.source, known)).or_default();
            *count += 1;
            lags.extend(lag(from.time, to.time));
        }
    }
    let nodes = counts.into_iter().map(|(source, count)| Node {
        id: source.to_owned(),
        label: source.to_owned(),
        values: vec![shown(count)],
    });
    let edges = flows.into_iter().map(|((from, to, known), (count, mut lags))| {
        lags.sort_unstable();
        let median = lags.get(lags.len() / 2);
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            weight: count as f64,
            values: vec![shown(count), median.and_then(shown), direction(known)],
        }
    });
    Graph { node_attributes: SOURCE, edge_attributes: FLOW, nodes: nodes.collect(), edges: edges.collect() }
}

/// A value as it may stand in XML: escaped, blanks too, since a reader would make spaces of them;
/// a control character, which XML has not, as the picture of it, so that two ids stay two.
pub(super) fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
            '\u{7f}' => out.push('\u{2421}'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
