//! From a report to one HTML file that needs nothing else: no network, no server, no other file.
//!
//! The page is a frame with one stylesheet and one script, which its policy (CSP) knows by their
//! hashes, and data in `script` elements of type `application/json`:
//!
//! | id | holds |
//! | --- | --- |
//! | `summary` | counts, settings, warnings, skipped records, near misses, flows between sources |
//! | `rows-0`, … | a row a report: what the list shows, sorts, searches and filters |
//! | `reports-0`, … | an entry a report: members, texts, pairs with their passages |
//! | `apart-0`, … | an entry a near miss or cut bridge, likewise |
//! | `passages` | how many passages travelled; this and the next three only if passages were asked for |
//! | `ways-0`, … | a row a passage |
//! | `passages-0`, … | an entry a passage: its printings in the order of time |
//! | `stories-0`, … | an entry a story that holds one, as it came |
//!
//! Rows and entries stand in batches of 256, each an array, so that reading one never takes long;
//! entries are read when their report is opened. Where the texts come to more than 2 MB, each entry
//! is a string of DEFLATE in base64. Nothing of a story is ever markup: JSON has `<` escaped, and
//! the script makes elements and text nodes, never HTML.
//!
//! The views ([`VIEWS`], [`STYLE`]) know plain data only, not where it comes from; [`Pieces`] makes
//! the same data for whoever serves it piece by piece. A page of such a server calls
//! `start({ summary, rows, report, apart })` with functions that promise them.

mod detail;
mod disagreements;
mod embed;
mod flow;
pub mod living;
mod page;
mod pair;
mod selection;
mod summary;
mod way;

pub use page::{STYLE, VIEWS};
pub use selection::Selection;

use super::message::SummaryMessage;
use super::taking::{pairs_of_clusters, takings};
use super::ties::Ties;
use super::{Pair, Report, Writer};
use crate::config::{Config, Passages};
use detail::Detail;
use flow::Flows;
use rayon::prelude::*;
use std::io;
use summary::{Row, Summary};
use way::Ways;

/// Writes the page. What it shows beside clusters and pairs must be in the report: texts and
/// changed facts ([`ConfigBuilder::texts`](crate::config::ConfigBuilder::texts),
/// [`facts`](crate::config::ConfigBuilder::facts)) and near misses
/// ([`all_relations`](crate::config::ConfigBuilder::all_relations)). Cost: aligning the texts of
/// every two members, on all threads: about 0.2 ms a cluster of three.
#[derive(Clone, Debug, Default)]
pub struct Html {
    /// The settings of the run, which the page names.
    pub config: Config,
}

/// Rows or entries of one element: made on all threads, read by the page in one go.
const BATCH: usize = 256;
/// Flows between sources that are named.
const FLOWS: usize = 2_000;

impl Writer for Html {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let ways = Ways::of(report);
        let (title, notice) = match &ways {
            Some(ways) if self.config.passages() == Passages::Any => page::words_of_passages(ways, report),
            _ => page::words_of_reports(&SummaryMessage::from(report)),
        };
        let kind = if ways.is_some() { page::Kind::Passages } else { page::Kind::Reports };
        let (before, after) = page::frame(&title, &notice, kind)?;
        let pieces = Pieces::of(report);
        out.write_all(before.as_bytes())?;
        embed::element(out, "summary", &pieces.summary(&self.config)?)?;
        let (reports, apart) = (report.clusters.len(), pieces.apart.len());
        batches(out, "rows", reports, |at| pieces.row(at))?;
        let packed = pieces.packed();
        let entry = |json: Vec<u8>| if packed { embed::packed(&json) } else { json };
        batches(out, "reports", reports, |at| pieces.report(at).map(entry))?;
        batches(out, "apart", apart, |at| pieces.apart(at).map(entry))?;
        if let Some(ways) = &ways {
            write_ways(ways, self.config.least(), out)?;
        }
        out.write_all(after.as_bytes())
    }
}

/// Writes the passages, their ways, and the stories that hold them.
fn write_ways(ways: &Ways<'_>, least: usize, out: &mut dyn io::Write) -> io::Result<()> {
    embed::element(out, "passages", &embed::json(&ways.counts(least))?)?;
    let (passages, stories) = ways.lengths();
    let packed = ways.text_bytes() > embed::PLAIN;
    let entry = |json: Vec<u8>| if packed { embed::packed(&json) } else { json };
    batches(out, "ways", passages, |at| embed::json(&ways.row(at)))?;
    batches(out, "passages", passages, |at| embed::json(&ways.way(at)).map(entry))?;
    batches(out, "stories", stories, |at| embed::json(&ways.story(at)).map(entry))
}

/// What the page shows of a report, piece by piece, each as JSON in which `<` is escaped.
pub struct Pieces<'a> {
    report: &'a Report,
    /// Of each cluster, in order.
    pairs: Vec<Vec<&'a Pair>>,
    apart: Vec<&'a Pair>,
    ties: Ties<'a>,
    /// Bytes of all texts.
    size: usize,
}

impl<'a> Pieces<'a> {
    /// Sorts the pairs of `report` by cluster. Cost: O(stories + pairs · log pairs).
    pub fn of(report: &'a Report) -> Self {
        let (pairs, apart) = (pairs_of_clusters(report), report.apart());
        Self { report, pairs, apart, ties: Ties::joining(report), size: text_bytes(report) }
    }

    /// Counts, settings, warnings, skipped records, near misses, flows between sources.
    ///
    /// # Errors
    /// None that a report leads to; those of the JSON writer.
    pub fn summary(&self, config: &Config) -> io::Result<Vec<u8>> {
        let mut flows = Flows::default();
        self.pairs.iter().for_each(|pairs| flows.add(self.report, &takings(self.report, pairs)));
        let texts = self.size > 0;
        embed::json(&Summary::of(self.report, config, &self.apart, flows.busiest(FLOWS), texts))
    }

    /// What the list shows of cluster `at`.
    ///
    /// # Errors
    /// As [`Pieces::summary`].
    ///
    /// # Panics
    /// If there is no such cluster.
    pub fn row(&self, at: usize) -> io::Result<Vec<u8>> {
        embed::json(&self.list_row(at))
    }

    /// The same if `selection` takes the cluster.
    ///
    /// # Errors
    /// As [`Pieces::summary`].
    ///
    /// # Panics
    /// If there is no such cluster.
    pub fn selected_row(&self, at: usize, selection: &Selection) -> io::Result<Option<Vec<u8>>> {
        let row = self.list_row(at);
        selection.takes(&row).then(|| embed::json(&row)).transpose()
    }

    fn list_row(&self, at: usize) -> Row<'_> {
        Row::of(self.report, &self.ties, &self.report.clusters[at], &self.pairs[at])
    }

    /// The page of cluster `at`. Cost: aligning the texts of every two members.
    ///
    /// # Errors
    /// As [`Pieces::summary`].
    ///
    /// # Panics
    /// If there is no such cluster.
    pub fn report(&self, at: usize) -> io::Result<Vec<u8>> {
        embed::json(&Detail::of(self.report, &self.ties, &self.report.clusters[at], &self.pairs[at]))
    }

    /// The page of the pair at `at` in [`Report::apart`].
    ///
    /// # Errors
    /// As [`Pieces::summary`].
    ///
    /// # Panics
    /// If there is no such pair.
    pub fn apart(&self, at: usize) -> io::Result<Vec<u8>> {
        embed::json(&Detail::apart(self.report, self.apart[at]))
    }

    fn packed(&self) -> bool {
        self.size > embed::PLAIN
    }
}

/// Writes elements of `BATCH` entries each, one entry a line.
fn batches(
    out: &mut dyn io::Write,
    name: &str,
    count: usize,
    entry: impl Fn(usize) -> io::Result<Vec<u8>> + Sync,
) -> io::Result<()> {
    for (number, from) in (0..count).step_by(BATCH).enumerate() {
        let batch = from..count.min(from + BATCH);
        let entries: Vec<Vec<u8>> = batch.into_par_iter().map(&entry).collect::<io::Result<_>>()?;
        let array = [b"[", &entries.join(&b",\n"[..])[..], b"]"].concat();
        embed::element(out, &format!("{name}-{number}"), &array)?;
    }
    Ok(())
}

/// Bytes of all texts that the report has.
fn text_bytes(report: &Report) -> usize {
    let printed = report.stories.iter().filter_map(|story| story.detail.as_deref()?.printed.as_deref());
    printed.map(|printed| printed.body.len()).sum()
}

#[cfg(test)]
mod tests;
