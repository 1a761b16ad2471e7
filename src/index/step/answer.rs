//! From what an index found about a story to its answer: new, identical, or a version of what.

use crate::relation::Relation;
use crate::report::message::rounded;
use crate::report::text::shown::{clean, isolated};
use crate::similarity::Overlap;
use crate::time::Time;
use serde::{Serialize, Serializer};
use std::io;

/// Whether the report of a story has been seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// No story of the index is a version of it.
    New,
    /// A story of the index has the same normalised body.
    Identical,
    /// A story of the index is another version of it.
    Version,
}

/// What an index says about one story. As JSON:
///
/// ```json
/// {"type":"answer","id":"post-7","answer":"version","of":"afp-1","cluster":"afp-1","hits":[{"id":"afp-1","relation":"copy","score":0.98,"jaccard":0.83,"containment_a":0.91,"containment_b":0.9,"source":"AFP","time":"2024-03-02T08:15:00Z"}],"hits_in_all":1}
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename = "answer")]
pub struct Answer {
    /// The id under which the story is in the index, or was asked for. A story whose id another
    /// story has gets a suffix.
    pub id: String,
    /// Whether its report has been seen.
    #[serde(rename = "answer")]
    pub seen: Seen,
    /// The closest story of the index; null if the report is new.
    pub of: Option<String>,
    /// The cluster of its report: the id of the canonical; null if it is in none.
    pub cluster: Option<String>,
    /// The stories of the index that it is a version of, the closest first;
    /// [`Answer::MOST_HITS`] at most.
    pub hits: Vec<Hit>,
    /// How many there are.
    pub hits_in_all: u64,
    /// There, and true, if the very same story was in the index already, so that nothing was added.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
}

impl Answer {
    /// Hits that an answer lists.
    pub const MOST_HITS: usize = 20;

    /// The answer about a story that nothing was found of yet.
    pub(in crate::index) fn new(id: String) -> Self {
        let (of, cluster, hits) = (None, None, Vec::new());
        Self { id, seen: Seen::New, of, cluster, hits, hits_in_all: 0, known: false }
    }

    /// Writes a line for people: `post-7  version of afp-1  copy 0.98  3 hits`.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let shown = |id: &str| isolated(&clean(id)).into_owned();
        write!(out, "{}  ", shown(&self.id))?;
        let Some(hit) = self.hits.first() else { return writeln!(out, "new") };
        let word = if self.seen == Seen::Identical { "identical to" } else { "version of" };
        write!(out, "{word} {}", shown(&hit.id))?;
        if self.seen == Seen::Version {
            let name = serde_json::to_value(hit.relation).ok();
            let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            write!(out, "  {name} {:.2}", hit.score)?;
        }
        writeln!(out, "  {} {}", self.hits_in_all, if self.hits_in_all == 1 { "hit" } else { "hits" })
    }

    /// Puts the closest hit first, and says by it what the story is.
    pub(in crate::index) fn settle(&mut self) {
        let rank = |hit: &Hit| (hit.relation == Relation::Identical, hit.score, hit.overlap.jaccard());
        self.hits.sort_by(|x, y| {
            let ((a, b, c), (d, e, f)) = (rank(x), rank(y));
            (d.cmp(&a)).then(e.total_cmp(&b)).then(f.total_cmp(&c)).then_with(|| x.id.cmp(&y.id))
        });
        self.hits.truncate(Self::MOST_HITS);
        let Some(closest) = self.hits.first() else { return };
        self.of = Some(closest.id.clone());
        self.seen = if closest.relation == Relation::Identical { Seen::Identical } else { Seen::Version };
    }
}

/// A story of the index that another one is a version of.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// Who published it; empty where not known.
    pub source: String,
    /// Its address on the web; empty where not known.
    pub url: String,
    /// When, if known.
    pub time: Option<Time>,
    /// What ties them; `excerpt` says that the story asked for is contained in this one.
    pub relation: Relation,
    /// Probability in [0, 1] that both are versions of one report.
    pub score: f64,
    /// Distinct shingles in both, in the story asked for, and in this one.
    pub overlap: Overlap,
}

impl Serialize for Hit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            id: &'a str,
            relation: Relation,
            score: f64,
            jaccard: f64,
            containment_a: f64,
            containment_b: f64,
            source: Option<&'a str>,
            #[serde(skip_serializing_if = "str::is_empty")]
            url: &'a str,
            time: Option<Time>,
        }
        let shown = Shown {
            id: &self.id,
            relation: self.relation,
            score: rounded(self.score),
            jaccard: rounded(self.overlap.jaccard()),
            containment_a: rounded(self.overlap.containment_a()),
            containment_b: rounded(self.overlap.containment_b()),
            source: (!self.source.is_empty()).then_some(&self.source),
            url: &self.url,
            time: self.time,
        };
        shown.serialize(serializer)
    }
}
