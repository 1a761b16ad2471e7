//! From what a living index has beside a report to the JSON that the views show: two stories, flows,
//! settings. Rows and pages of reports come from [`Pieces`](super::Pieces).

use super::super::Report;
use super::super::taking::{pairs_of_clusters, takings};
use super::FLOWS;
use super::detail::Detail;
use super::flow::Flows;
use super::summary::{Settings, weights};
use crate::config::Config;
use serde_json::Value;

/// The page of a report of two stories, tied or not: both texts, with the passages they share.
///
/// # Errors
/// None that a report leads to; those of [`serde_json`].
pub fn pair(report: &Report) -> serde_json::Result<Value> {
    serde_json::to_value(Detail::two(report))
}

/// Who carries whose copy in the clusters of a report; the busiest flows first.
///
/// # Errors
/// Those of [`pair`].
pub fn flows(report: &Report) -> serde_json::Result<Value> {
    let mut flows = Flows::default();
    pairs_of_clusters(report).iter().for_each(|pairs| flows.add(report, &takings(report, pairs)));
    serde_json::to_value(flows.busiest(FLOWS))
}

/// What a page says of the settings, and the names and weights of the signals.
///
/// # Errors
/// Those of [`pair`].
pub fn settings(config: &Config) -> serde_json::Result<(Value, Value)> {
    Ok((serde_json::to_value(Settings::of(config))?, serde_json::to_value(weights(config.model()))?))
}
