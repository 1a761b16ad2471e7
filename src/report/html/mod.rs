//! From a report to one HTML file that needs nothing else: no network, no server, no other file.
//!
//! The page is a frame with one stylesheet and one script, which its policy (CSP) knows by their
//! hashes, and data in `script` elements of type `application/json`:
//!
//! | id | holds |
//! | --- | --- |
//! | `summary` | counts, settings, warnings, skipped records, near misses, flows between sources |
//! | `rows` | a row a report: what the list shows, sorts, searches and filters |
//! | `reports` | an entry a report: members, texts, pairs with their passages; read when opened |
//! | `apart` | an entry a near miss or cut bridge, likewise |
//!
//! Where the texts come to more than 2 MB, each entry is a string of DEFLATE in base64, which the
//! page unpacks when it is opened. Nothing of a story is ever markup: JSON has `<` escaped, and
//! the script makes elements and text nodes, never HTML. The views ([`VIEWS`], [`STYLE`]) know
//! plain data only, not where it comes from.

mod detail;
mod embed;
mod flow;
pub mod living;
mod page;
mod pair;
mod standing;
mod summary;

pub use page::{STYLE, VIEWS};

use super::message::SummaryMessage;
use super::ties::Ties;
use super::{Pair, Report, Writer};
use crate::config::Config;
use detail::Detail;
use flow::{Flows, takings};
use rayon::prelude::*;
use serde::Serialize;
use std::io;
use summary::{Row, Summary};

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

/// Clusters that are made ready at once: enough for all threads, few enough for memory.
const BATCH: usize = 512;
/// Flows between sources that are named.
const FLOWS: usize = 2_000;

impl Writer for Html {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let (before, after) = page::frame(SummaryMessage::from(report))?;
        let (pairs, apart) = (pairs_of_clusters(report), report.apart());
        let mut flows = Flows::default();
        pairs.iter().for_each(|pairs| flows.add(report, &takings(report, pairs)));
        let size = text_bytes(report);
        let packed = size > embed::PLAIN;
        let summary = Summary::of(report, &self.config, &apart, flows.busiest(FLOWS), (packed, size > 0));
        out.write_all(before.as_bytes())?;
        embed::open(out, "summary")?;
        out.write_all(&embed::json(&summary)?)?;
        embed::close(out)?;
        let clusters: Vec<usize> = (0..report.clusters.len()).collect();
        let ties = Ties::of(report);
        array(out, "rows", &clusters, false, |&at| Row::of(report, &ties, &report.clusters[at], &pairs[at]))?;
        array(out, "reports", &clusters, packed, |&at| {
            Detail::of(report, &ties, &report.clusters[at], &pairs[at])
        })?;
        array(out, "apart", &apart, packed, |&pair| Detail::apart(report, pair))?;
        out.write_all(after.as_bytes())
    }
}

/// Writes an element with an array, one entry a line, made on all threads.
fn array<'a, T: Sync, E: Serialize>(
    out: &mut dyn io::Write,
    id: &str,
    of: &'a [T],
    packed: bool,
    entry: impl Fn(&'a T) -> E + Sync,
) -> io::Result<()> {
    embed::open(out, id)?;
    let mut before: &[u8] = b"[";
    for batch in of.chunks(BATCH) {
        let made = |one| if packed { embed::packed(&entry(one)) } else { embed::json(&entry(one)) };
        let entries: Vec<Vec<u8>> = batch.par_iter().map(made).collect::<io::Result<_>>()?;
        for entry in entries {
            out.write_all(before)?;
            out.write_all(&entry)?;
            before = b",\n";
        }
    }
    out.write_all(if of.is_empty() { b"[]" } else { b"]" })?;
    embed::close(out)
}

/// The pairs between members of each cluster, in order.
fn pairs_of_clusters(report: &Report) -> Vec<Vec<&Pair>> {
    let cluster_of = report.memberships();
    let mut pairs = vec![Vec::new(); report.clusters.len()];
    for pair in &report.pairs {
        if let (Some(a), true) =
            (cluster_of[pair.a as usize], cluster_of[pair.a as usize] == cluster_of[pair.b as usize])
        {
            pairs[a as usize].push(pair);
        }
    }
    pairs
}

/// Bytes of all texts that the report has.
fn text_bytes(report: &Report) -> usize {
    let printed = report.stories.iter().filter_map(|story| story.detail.as_deref()?.printed.as_deref());
    printed.map(|printed| printed.body.len()).sum()
}

#[cfg(test)]
mod tests;
