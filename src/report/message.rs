//! From the facts of a report to the messages of its JSON forms: the schema, as types.
//!
//! `--format jsonl` writes one [`Message`] a line, in this order: pairs by `(a, b)`, clusters by
//! their first member, passages and their families if asked for, singles by id if asked for, skipped records by path and line, and one
//! summary. Every message is an object whose `type` names it:
//!
//! ```json
//! {"type":"pair","a":"afp-1","b":"post-7","relation":"copy","score":0.98,"jaccard":0.83,"containment_a":0.91,"containment_b":0.9,"direction":"a-to-b"}
//! {"type":"cluster","canonical":"afp-1","origin":"afp-1","members":["afp-1","post-7"],"weakest":0.83,"newsrooms":2,"independent":0}
//! {"type":"single","id":"tass-4"}
//! {"type":"skipped","path":"feed.jsonl","line":7,"reason":"expected a JSON object, found `[`"}
//! {"type":"summary","stories":3,"clusters":1,"clustered":2,"pairs":1,"skipped":1}
//! ```
//!
//! Equal stories and settings give equal bytes. Numbers between 0 and 1 are rounded to six
//! decimals. A field may be added and a relation may be named that is not known today; a reader
//! passes over what it does not know. Nothing is renamed or taken away within a major version.

use super::newsrooms::Newsrooms;
use super::passages::{FamilyMessage, PassageMessage};
use super::standing::{Standing, Standings};
use super::{Cluster, CreditFate, Derived, Pair, Report, Skipped, StoryInfo, StoryMessage};
use crate::evidence::Changes;
use crate::relation::{Direction, Relation};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One line of `--format jsonl`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Message<'a> {
    /// A verified relation.
    Pair(PairMessage<'a>),
    /// The versions of one report.
    Cluster(ClusterMessage<'a>),
    /// A passage that two stories share; only if asked for.
    Passage(PassageMessage<'a>),
    /// A passage with all the stories that it travelled through; only if passages are asked for.
    Family(FamilyMessage<'a>),
    /// A story that is in no cluster; only if asked for.
    Single(SingleMessage<'a>),
    /// A record that did not become a story.
    Skipped(SkippedMessage<'a>),
    /// The last line: counts.
    Summary(SummaryMessage),
    /// What was understood of a story; only from `dedup read`.
    Story(&'a StoryMessage),
}

/// A verified relation between two stories.
#[derive(Clone, Debug, Serialize)]
pub struct PairMessage<'a> {
    /// Id of the story that comes first in id order.
    pub a: &'a str,
    /// Id of the other.
    pub b: &'a str,
    /// What ties them; `excerpt` says that `a` is contained in `b`, `extended` the reverse.
    pub relation: Relation,
    /// Probability that the two are versions of one report.
    #[serde(serialize_with = "six_decimals")]
    pub score: f64,
    /// Distinct shingles in both, over those in either.
    #[serde(serialize_with = "six_decimals")]
    pub jaccard: f64,
    /// Share of `a`'s shingles that is found in `b`.
    #[serde(serialize_with = "six_decimals")]
    pub containment_a: f64,
    /// Share of `b`'s shingles that is found in `a`.
    #[serde(serialize_with = "six_decimals")]
    pub containment_b: f64,
    /// `a-to-b` if `b` took it from `a`, `b-to-a` for the reverse, or `unknown`.
    pub direction: Direction,
    /// Why: `version`, `taken-back`, `credit`, `earlier`, `common-source` or `nothing`.
    pub reason: &'static str,
    /// The agency that the reason speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<&'a str>,
    /// Languages of `a` and `b`, where they are known and differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<[&'a str; 2]>,
    /// There, and true, if the level would join the two but linkage put them into different
    /// clusters: a bridge that was cut.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// The versions of one report: two members or more.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterMessage<'a> {
    /// Id of the member that is kept and shown.
    pub canonical: &'a str,
    /// Who had it first: the id of a member, the name of an agency that is not among them, or
    /// null where the evidence does not say.
    pub origin: Option<&'a str>,
    /// Ids of all members, sorted.
    pub members: Vec<&'a str>,
    /// The lowest similarity between any two members.
    #[serde(serialize_with = "six_decimals")]
    pub weakest: f64,
    /// Distinct newsrooms among the members; left out where no publisher is known.
    #[serde(skip_serializing_if = "is_none_known")]
    pub newsrooms: usize,
    /// Voices beside the newsroom that had it first; left out where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub independent: Option<usize>,
    /// What stands against the use of members, by id: `withheld`, `canceled`, `embargoed until …`;
    /// left out where nothing does.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<&'a str, String>,
    /// Where members stand after a kill or a correction, by id; left out where none is touched.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub standing: BTreeMap<&'a str, Vec<Standing>>,
    /// Addresses of members on the web, by id; left out where none is known.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub urls: BTreeMap<&'a str, &'a str>,
    /// Members that are misread print, by id, with the share of their words that is wrong; left out
    /// where none is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub noisy: BTreeMap<&'a str, f64>,
    /// At level rewrite, what became of the report in each member but the base.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<DerivedMessage<'a>>,
}

/// What became of a report in one member, beside its base.
#[derive(Clone, Debug, Serialize)]
pub struct DerivedMessage<'a> {
    /// Id of the member.
    pub id: &'a str,
    /// Id of the base: the origin, if it is a member, else the canonical.
    pub base: &'a str,
    /// Share of the member's text that is the base's; null where the two were not compared.
    pub from_base: Option<f64>,
    /// Share of the base's text that is in the member.
    pub of_base: Option<f64>,
    /// `kept`, `removed` or `replaced`; null where no credit is due.
    pub credit: Option<CreditFate>,
    /// Facts that only one of the two has; only with `--facts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<&'a Changes>,
}

/// A story that is in no cluster.
#[derive(Clone, Debug, Serialize)]
pub struct SingleMessage<'a> {
    /// Its id.
    pub id: &'a str,
    /// What stands against its use; left out where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Its address on the web; left out where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
}

/// A record that did not become a story.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedMessage<'a> {
    /// The file, or `-` for standard input.
    pub path: Cow<'a, str>,
    /// The line, from 1; 0 where it is the whole file.
    pub line: u64,
    /// What was expected, what came, the way out.
    pub reason: &'a str,
}

/// Counts of the run.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct SummaryMessage {
    /// Stories that were compared.
    pub stories: usize,
    /// Clusters of two members or more.
    pub clusters: usize,
    /// Stories that are in a cluster.
    pub clustered: usize,
    /// Relations reported.
    pub pairs: usize,
    /// Records that did not become stories.
    pub skipped: usize,
}

impl<'a> PairMessage<'a> {
    /// The message that tells of `pair`.
    pub fn new(report: &'a Report, pair: &'a Pair) -> Self {
        Self {
            a: &report.story(pair.a).id,
            b: &report.story(pair.b).id,
            relation: pair.relation,
            score: pair.score,
            jaccard: pair.overlap.jaccard(),
            containment_a: pair.overlap.containment_a(),
            containment_b: pair.overlap.containment_b(),
            direction: pair.direction,
            reason: pair.reason.kind(),
            agency: pair.reason.agency(),
            languages: report.languages(pair),
            cut: pair.cut,
        }
    }
}

impl<'a> ClusterMessage<'a> {
    /// The messages of all clusters of a report, in their order.
    pub fn all(report: &'a Report) -> Vec<Self> {
        let (standings, newsrooms) = (Standings::of(report), Newsrooms::all(report));
        let clusters = report.clusters.iter().zip(newsrooms);
        clusters.map(|(cluster, newsrooms)| Self::new(report, (&standings, newsrooms), cluster)).collect()
    }

    /// The message that tells of `cluster`.
    pub(super) fn new(
        report: &'a Report,
        (standings, newsrooms): (&Standings, Newsrooms),
        cluster: &'a Cluster,
    ) -> Self {
        let members = || cluster.members.iter().map(|&member| report.story(member));
        Self {
            canonical: &report.story(cluster.canonical).id,
            origin: report.origin(cluster),
            members: cluster.members.iter().map(|&member| report.story(member).id.as_str()).collect(),
            weakest: cluster.weakest,
            newsrooms: newsrooms.count,
            independent: newsrooms.independent,
            flags: members().filter_map(|story| Some((story.id.as_str(), story.flag()?))).collect(),
            standing: cluster
                .members
                .iter()
                .map(|&member| (report.story(member).id.as_str(), standings.get(member).to_vec()))
                .filter(|(_, standing)| !standing.is_empty())
                .collect(),
            urls: members()
                .filter(|story| !story.url.is_empty())
                .map(|story| (story.id.as_str(), story.url.as_str()))
                .collect(),
            noisy: members()
                .filter_map(|story| Some((story.id.as_str(), rounded(f64::from(story.noise()?)))))
                .collect(),
            derived: cluster.derived.iter().map(|derived| DerivedMessage::new(report, derived)).collect(),
        }
    }
}

impl<'a> DerivedMessage<'a> {
    /// The message that tells of `derived`.
    pub fn new(report: &'a Report, derived: &'a Derived) -> Self {
        Self {
            id: &report.story(derived.member).id,
            base: &report.story(derived.base).id,
            from_base: derived.shares.map(|(from, _)| rounded(from)),
            of_base: derived.shares.map(|(_, of)| rounded(of)),
            credit: derived.credit,
            changes: derived.changes.as_ref(),
        }
    }
}

impl<'a> From<&'a StoryInfo> for SingleMessage<'a> {
    fn from(story: &'a StoryInfo) -> Self {
        Self { id: &story.id, flag: story.flag(), url: (!story.url.is_empty()).then_some(&story.url) }
    }
}

impl<'a> From<&'a Skipped> for SkippedMessage<'a> {
    fn from(skipped: &'a Skipped) -> Self {
        Self { path: skipped.place.path.to_string_lossy(), line: skipped.place.line, reason: &skipped.reason }
    }
}

impl From<&Report> for SummaryMessage {
    fn from(report: &Report) -> Self {
        Self {
            stories: report.stories.len(),
            clusters: report.clusters.len(),
            clustered: report.clusters.iter().map(|cluster| cluster.members.len()).sum(),
            pairs: report.pairs.len(),
            skipped: report.skipped.len(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(super) fn is_none_known(newsrooms: &usize) -> bool {
    *newsrooms == 0
}

/// The number nearest to `value` that has six decimals: 0.83, where a division gave
/// 0.8299999999999999 on one path and 0.83 on another.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Writes a number in [0, 1] rounded.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(super) fn six_decimals<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(rounded(*value))
}
