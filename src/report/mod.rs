//! From a finished run to plain data, and from that to each output format, one file each.
//!
//! [`Report`] holds nothing but facts of the run, already sorted: no clock, no host, no thread
//! count. Two runs over the same stories and settings give equal reports, so every writer below
//! gives equal bytes.
//!
//! | format | for | writer |
//! | --- | --- | --- |
//! | text | people | [`Text`] |
//! | JSON lines | programs, one message a line as it streams by | [`Jsonl`] |
//! | JSON | programs that want the whole | [`Json`] |
//! | CSV | spreadsheets: a row a member | [`Csv`] |
//! | Parquet | data frames: a row a member, or a row a pair | `Parquet`, with the feature of that name |
//! | `GraphML`, GEXF | graph tools: stories or sources, and who took what from whom | [`GraphMl`], [`Gexf`] |
//! | passim | viewers made for passim: a line a member of a family of passages | [`Passim`] |
//! | HTML | people who want to see it: one page that works by itself | `Html`, with the feature of that name |
//!
//! [`message`] documents the schema of the JSON forms.

mod canonical;
pub mod csv;
pub mod disagreement;
pub mod explanation;
mod gexf;
mod graph;
mod graphml;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
mod jsonl;
pub mod message;
mod newsrooms;
#[cfg(feature = "parquet")]
mod parquet;
pub mod passages;
pub mod pickup;
mod standing;
mod taking;
pub(crate) mod text;
mod ties;
mod understood;

pub use self::csv::Csv;
#[cfg(feature = "parquet")]
pub use self::parquet::{Parquet, Rows};
pub use disagreement::{Disagreement, Disagreements};
pub use gexf::Gexf;
pub use graph::Nodes;
pub use graphml::GraphMl;
#[cfg(feature = "html")]
pub use html::Html;
pub use json::Json;
pub use jsonl::Jsonl;
pub use newsrooms::Newsrooms;
pub use passages::{Passim, SharedPassage, SharedPassages, Travels};
pub use standing::Standing;
pub use text::{Style, Text};
pub use understood::StoryMessage;

use crate::dispatch::Dispatch;
use crate::error::Place;
use crate::evidence::{Changes, Signals};
use crate::relation::direction::Reason;
use crate::relation::model::Model;
use crate::relation::{Direction, Relation};
use crate::story::{Furniture, Removed};
use crate::time::Time;
use crate::wire::{Attribution, Publishers};
use serde::Serialize;
use std::io;
use std::sync::Arc;

/// A format: from a report to bytes.
///
/// A writer streams: beside the report it holds what one cluster needs and one number a story.
pub trait Writer {
    /// Writes the whole report. `out` is written to in small pieces; give it a buffer.
    ///
    /// # Errors
    /// Those of `out`, nothing else.
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()>;
}

/// All that a run found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Every story, sorted by id; `Pair` and `Cluster` name stories by their place here.
    pub stories: Vec<StoryInfo>,
    /// Verified relations that the level joins (all that were found, on request), sorted by
    /// `(a, b)`.
    pub pairs: Vec<Pair>,
    /// Clusters of two members or more, sorted by their first member.
    pub clusters: Vec<Cluster>,
    /// What came in but is in no story, sorted by path and line.
    pub skipped: Vec<Skipped>,
    /// Sentences the user should see beside the result: repeated ids, large families.
    pub warnings: Vec<String>,
    /// By which weights the pairs were judged.
    pub model: Model,
    /// Which outlets are of one publisher.
    pub publishers: Arc<Publishers>,
    /// The passages that stories share, on request.
    pub passages: Option<Box<SharedPassages>>,
}

impl Report {
    /// How many pairs [`Report::apart`] gives at most.
    pub const APART: usize = 1_000;

    /// Stories that are in no cluster, in id order.
    pub fn singles(&self) -> impl Iterator<Item = &StoryInfo> {
        let mut clustered = vec![false; self.stories.len()];
        for &member in self.clusters.iter().flat_map(|cluster| &cluster.members) {
            clustered[member as usize] = true;
        }
        self.stories.iter().zip(clustered).filter(|(_, clustered)| !clustered).map(|(story, _)| story)
    }

    /// For each story the number of its cluster, `None` for a single.
    pub fn memberships(&self) -> Vec<Option<u32>> {
        let mut cluster_of = vec![None; self.stories.len()];
        for (number, cluster) in (0..).zip(&self.clusters) {
            cluster.members.iter().for_each(|&member| cluster_of[member as usize] = Some(number));
        }
        cluster_of
    }

    /// Pairs that are no versions of one report, though something ties them: bridges that linkage
    /// cut, then near misses, the likeliest first; [`Report::APART`] of them at most.
    pub fn apart(&self) -> Vec<&Pair> {
        let cluster_of = self.memberships();
        let is_apart = |pair: &&Pair| {
            let (a, b) = (cluster_of[pair.a as usize], cluster_of[pair.b as usize]);
            a.is_none() || a != b
        };
        let mut apart: Vec<&Pair> = self.pairs.iter().filter(is_apart).collect();
        apart.sort_by(|x, y| y.cut.cmp(&x.cut).then(y.score.total_cmp(&x.score)));
        apart.truncate(Self::APART);
        apart
    }

    /// The story at `place`.
    fn story(&self, place: u32) -> &StoryInfo {
        &self.stories[place as usize]
    }

    /// The languages of a pair, where both are known and differ.
    fn languages(&self, pair: &Pair) -> Option<[&str; 2]> {
        let language = |story| self.story(story).detail.as_deref().map_or("", |detail| &*detail.language);
        let (a, b) = (language(pair.a), language(pair.b));
        (!a.is_empty() && !b.is_empty() && a != b).then_some([a, b])
    }

    /// Who had the report of `cluster` first, by id or by name.
    fn origin<'a>(&'a self, cluster: &'a Cluster) -> Option<&'a str> {
        cluster.origin.as_ref().map(|origin| match origin {
            Origin::Story(place) => self.story(*place).id.as_str(),
            Origin::Agency(name) => name,
        })
    }
}

/// What the report keeps of a story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoryInfo {
    /// The id, unique in the report.
    pub id: String,
    /// Who published it; empty where not known.
    pub source: String,
    /// Its address on the web; empty where not known.
    pub url: String,
    /// When, if known.
    pub time: Option<Time>,
    /// Length of the compared text in tokens.
    pub tokens: u32,
    /// What the wire, feed or page said beside it: version, status, embargo.
    pub dispatch: Option<Box<Dispatch>>,
    /// What is shown of a story that is in a cluster or a pair; `None` for the others.
    pub detail: Option<Box<Detail>>,
}

impl StoryInfo {
    /// What stands against the use of the story: `withheld`, `canceled`, `embargoed until …`.
    pub fn flag(&self) -> Option<String> {
        self.dispatch.as_ref().and_then(|dispatch| dispatch.flag())
    }

    /// Share of its words that are misread; `None` where it is no noisy print, or tied to none.
    pub fn noise(&self) -> Option<f32> {
        self.detail.as_deref().map(|detail| detail.noise).filter(|&noise| noise > 0.0)
    }

    /// Whether its text names one of some agencies, credited or not.
    pub(crate) fn names_any(&self, agencies: &[&str]) -> bool {
        self.detail.as_deref().is_some_and(|detail| detail.names.iter().any(|name| agencies.contains(name)))
    }

    /// The headline, or the opening words; empty for a story that is tied to none.
    pub fn headline(&self) -> &str {
        self.detail.as_deref().map_or("", |detail| &detail.headline)
    }
}

/// What the report shows of a story that is tied to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    /// The headline, or the opening words of the body where there is none.
    pub headline: String,
    /// Language, as given or detected; empty where not known.
    pub language: String,
    /// Agencies that the text credits, by their canonical names, in alphabetical order; looked
    /// for where the source is known.
    pub credits: Vec<&'static str>,
    /// Agencies that the text names at all, in the same way: no credit, and yet none of them can be said
    /// to be passed over.
    pub names: Vec<&'static str>,
    /// Whom the text names as its source beside an attributing phrase, agency or not; looked for
    /// where a source is known.
    pub attributions: Vec<Attribution>,
    /// Metadata from the furniture, without what was taken out.
    pub furniture: Furniture,
    /// Share of its words that are misread, in [0, 1); 0 where it is no noisy print.
    pub noise: f32,
    /// The text, on request.
    pub printed: Option<Box<Printed>>,
}

/// The text of a story, for showing it beside another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Printed {
    /// The headline without its marker; empty where there is none.
    pub headline: String,
    /// Language, as given or detected; empty where not known.
    pub language: String,
    /// The body as it is compared: furniture out, repaired.
    pub body: String,
    /// What was taken out of the body, in reading order, each by the byte of `body` before which
    /// it stood.
    pub furniture: Vec<(usize, Removed)>,
}

impl Printed {
    /// Tokens of all texts that a report keeps, at most: about 200 MB. Of a run with more, it
    /// keeps no text and says so.
    pub const MOST: u64 = 32_000_000;
}

/// A verified relation between two stories, `a` before `b` in id order.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Index into [`Report::stories`].
    pub a: u32,
    /// Index into [`Report::stories`], greater than `a`.
    pub b: u32,
    /// What ties them.
    pub relation: Relation,
    /// Probability in [0, 1] that the two are versions of one report.
    pub score: f64,
    /// Distinct shingles in both, in `a`, and in `b`: the exact integers behind the ratios.
    pub overlap: crate::similarity::Overlap,
    /// Who took it from whom.
    pub direction: Direction,
    /// Why it is thought so.
    pub reason: Reason,
    /// Whether the level would join the two, but linkage put them into different clusters.
    pub cut: bool,
    /// Share of `a` and of `b`, in [0, 1], that lies in passages of five tokens or more that both
    /// have, where passages were aligned.
    pub coverage: Option<(f32, f32)>,
    /// What the score was made of, where evidence was needed.
    pub signals: Option<Box<Signals>>,
}

/// The versions of one report.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The member that is kept and shown: index into [`Report::stories`].
    pub canonical: u32,
    /// Who had it first, where the evidence says so.
    pub origin: Option<Origin>,
    /// All members, ascending.
    pub members: Vec<u32>,
    /// The lowest similarity between any two members, in [0, 1]: how far the cluster reaches.
    pub weakest: f64,
    /// What became of the report in each member but the base, at level rewrite.
    pub derived: Vec<Derived>,
}

/// What became of a report in one member of a cluster, beside its *base*: the origin, if it is a
/// member, else the canonical.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Index into [`Report::stories`].
    pub member: u32,
    /// Index into [`Report::stories`].
    pub base: u32,
    /// Share of the member's text that is the base's and share of the base's text that is in the
    /// member, in [0, 1], where the two were compared.
    pub shares: Option<(f64, f64)>,
    /// What became of the credit, if the base has one to give.
    pub credit: Option<CreditFate>,
    /// Facts that one of the two has and the other has not; on request.
    pub changes: Option<Changes>,
}

/// What a member made of the credit that is due.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CreditFate {
    /// It names the agency, or is the agency.
    Kept,
    /// It names none.
    Removed,
    /// It names another.
    Replaced,
}

/// Who had a report first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A member of the cluster: index into [`Report::stories`].
    Story(u32),
    /// An agency that the members credit and that is not among them.
    Agency(String),
}

/// A record that did not become a story.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Skipped {
    /// File and line.
    pub place: Place,
    /// What was expected, what came, the way out.
    pub reason: String,
}

impl From<crate::error::Error> for Skipped {
    fn from(error: crate::error::Error) -> Self {
        let place = error.place().cloned().unwrap_or_else(|| Place { path: "-".into(), line: 0 });
        Self { place, reason: error.message().to_owned() }
    }
}

#[cfg(test)]
mod sample;
