//! From reports of a living index to the JSON that the views show: rows, pages, pairs, flows.

use super::super::Report;
use super::super::ties::Ties;
use super::detail::Detail;
use super::flow::{Flows, takings};
use super::summary::{Row, Settings, model};
use super::{FLOWS, pairs_of_clusters};
use crate::config::Config;
use serde_json::Value;

/// The row of the list of every cluster, in order.
///
/// # Errors
/// None that a report can cause; those of [`serde_json`].
pub fn rows(report: &Report) -> serde_json::Result<Vec<Value>> {
    let (pairs, ties) = (pairs_of_clusters(report), Ties::of(report));
    let of = |(cluster, pairs): (_, &Vec<_>)| serde_json::to_value(Row::of(report, &ties, cluster, pairs));
    report.clusters.iter().zip(&pairs).map(of).collect()
}

/// The page of every cluster, in order.
///
/// # Errors
/// Those of [`rows`].
pub fn pages(report: &Report) -> serde_json::Result<Vec<Value>> {
    let (pairs, ties) = (pairs_of_clusters(report), Ties::of(report));
    let of = |(cluster, pairs): (_, &Vec<_>)| serde_json::to_value(Detail::of(report, &ties, cluster, pairs));
    report.clusters.iter().zip(&pairs).map(of).collect()
}

/// The page of a report of two stories, tied or not: both texts, with the passages they share.
///
/// # Errors
/// Those of [`rows`].
pub fn pair(report: &Report) -> serde_json::Result<Value> {
    serde_json::to_value(Detail::two(report))
}

/// Who carries whose copy in the clusters of a report; the busiest flows first.
///
/// # Errors
/// Those of [`rows`].
pub fn flows(report: &Report) -> serde_json::Result<Value> {
    let mut flows = Flows::default();
    pairs_of_clusters(report).iter().for_each(|pairs| flows.add(report, &takings(report, pairs)));
    serde_json::to_value(flows.busiest(FLOWS))
}

/// What a page says of the settings, and the names and weights of the signals.
///
/// # Errors
/// Those of [`rows`].
pub fn settings(config: &Config) -> serde_json::Result<(Value, Value)> {
    Ok((serde_json::to_value(Settings::of(config))?, serde_json::to_value(model())?))
}
