//! From a finished scan to which records stay: one of each cluster, by the setting that says which
//! one is kept.
//!
//! A record that is no story stays, too: it is known to be a version of nothing.
//!
//! ```
//! use dedup::{Config, Level, Relation, Scanner, Story, filter::Filter};
//!
//! let text = "The ferry ran aground off the cape on Sunday with 212 people aboard.";
//! let stories = vec![Story::new("afp-1", text), Story::new("post-7", text), Story::new("x", "Rain.")];
//! let config = Config::builder().level(Level::Copy).build()?;
//! let (report, places) = Scanner::new(config).scan_placed(&stories, &|_| {})?;
//! let filter = Filter::new(&report, &places);
//! let stays: Vec<bool> = (0..3).map(|index| filter.removed(0, index).is_none()).collect();
//! assert_eq!(stays, [true, false, true]);
//! let removed = filter.removed(0, 1).unwrap();
//! assert_eq!((removed.of, removed.relation), ("afp-1", Some(Relation::Identical)));
//! # Ok::<(), dedup::Error>(())
//! ```

use crate::input::{Sending, Sent, one_line};
use crate::relation::Relation;
use crate::report::Report;
use crate::report::message::rounded;
use crate::scan::Places;
use crate::story::Ordinal;
use serde::Serialize;
use std::io::{self, Write};

/// Which records of a corpus stay.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    report: &'a Report,
    places: &'a Places,
    /// For each story what it is a version of, if that stays instead.
    of: Vec<Option<Ordinal>>,
}

/// A record that does not stay. As JSON: one line of what was removed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename = "removed")]
pub struct Removed<'a> {
    /// The id of the story, unique in the run.
    pub id: &'a str,
    /// The id of the one that is kept instead.
    pub of: &'a str,
    /// What ties the two; null where they are tied by others of their cluster.
    pub relation: Option<Relation>,
    /// Probability in [0, 1] that both are versions of one report; null with `relation`.
    pub score: Option<f64>,
}

/// A removed record, as it is written.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    removed: Removed<'a>,
    path: &'a str,
    /// The line or row; null for a whole file.
    line: Option<u64>,
}

impl<'a> Filter<'a> {
    /// What `report`, whose stories came from `places`, says of each record. Cost: a look at each
    /// member of a cluster.
    pub fn new(report: &'a Report, places: &'a Places) -> Self {
        let mut of = vec![None; report.stories.len()];
        for cluster in &report.clusters {
            let others = cluster.members.iter().filter(|&&member| member != cluster.canonical);
            others.for_each(|&member| of[member as usize] = Some(cluster.canonical));
        }
        Self { report, places, of }
    }

    /// What the record at `index` of `block` is a version of; `None` if it stays.
    pub fn removed(&self, block: usize, index: usize) -> Option<Removed<'a>> {
        let story = self.places.story(block, index)?;
        let of = self.of[story as usize]?;
        let key = (story.min(of), story.max(of));
        let pair = self.report.pairs.binary_search_by_key(&key, |pair| (pair.a, pair.b)).ok();
        let pair = pair.map(|place| &self.report.pairs[place]);
        Some(Removed {
            id: &self.report.stories[story as usize].id,
            of: &self.report.stories[of as usize].id,
            relation: pair.map(|pair| pair.relation),
            score: pair.map(|pair| rounded(pair.score)),
        })
    }
}

impl Removed<'_> {
    /// Writes a line of JSON: what was removed, where it was, and, but for Parquet and whole files,
    /// the record itself, a row of a table as a string.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_line(&self, sent: &Sent<'_>, out: &mut dyn Write) -> io::Result<()> {
        let path = sent.path.to_string_lossy();
        let line = (sent.line > 0).then_some(sent.line);
        let mut json = serde_json::to_vec(&Written { removed: *self, path: &path, line })?;
        let record = match sent.content {
            Sending::Json(bytes) => Some(one_line(bytes.trim_ascii()).into_owned()),
            Sending::Row(bytes) => Some(serde_json::to_vec(&String::from_utf8_lossy(bytes))?),
            _ => None,
        };
        if let Some(record) = record {
            json.pop();
            json.extend_from_slice(b",\"record\":");
            json.extend_from_slice(&record);
            json.push(b'}');
        }
        json.push(b'\n');
        out.write_all(&json)
    }
}
