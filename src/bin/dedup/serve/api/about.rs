//! From the index and the server to what is to be said of them: figures, health, metrics.

use super::super::desk::Desk;
use super::super::problem::Problem;
use super::Params;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dedup::index::{Filter, Search};
use dedup::report::html::living;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// `GET /health`: whether the index can be read.
pub(in super::super) async fn health(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    desk.readers.read(|index| Ok(index.last_number()?)).await?;
    Ok(Json(json!({"status": "ok"})))
}

/// `GET /api/v1/stats`.
pub(in super::super) async fn stats(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    let counts = desk.readers.read(|index| Ok(index.counts()?)).await?;
    let (settings, model) = living::settings(&desk.config)?;
    Ok(Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "stories": counts.stories,
        "clusters": counts.clusters,
        "clustered": counts.clustered,
        "last": counts.last,
        "settings": settings,
        "model": model,
        "takes_stories": desk.tokens.let_write(),
    })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Flows {
    limit: Option<usize>,
}

/// `GET /api/v1/flows`: who carries whose copy, in the latest reports.
pub(in super::super) async fn flows(
    State(desk): State<Arc<Desk>>,
    Params(Flows { limit }): Params<Flows>,
) -> Result<Json<Value>, Problem> {
    let limit = super::clusters::checked_limit(limit, 200)?;
    let (reports, flows) = desk
        .readers
        .read(move |index| {
            let filter = Filter { least: 2, ..Filter::default() };
            let recent = index.recent(&Search { filter, ..Search::default() }, None, limit)?;
            Ok((recent.order.len(), living::flows(&recent.report)?))
        })
        .await?;
    Ok(Json(json!({"reports": reports, "flows": flows})))
}

/// Sources that are named.
const SOURCES: u32 = 1_000;

/// `GET /api/v1/sources`: those of most stories first. Looked at once a minute at most.
pub(in super::super) async fn sources(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    if let Some(known) = desk.sources.get() {
        return Ok(Json(known));
    }
    let found = desk.readers.read(|index| Ok(index.sources(&Filter::default(), SOURCES)?)).await?;
    let told: Vec<Value> =
        found.iter().map(|(name, stories)| json!({"name": name, "stories": stories})).collect();
    let told = json!({"sources": told});
    desk.sources.keep(&told);
    Ok(Json(told))
}

/// `GET /metrics`.
pub(in super::super) async fn metrics(State(desk): State<Arc<Desk>>) -> Result<impl IntoResponse, Problem> {
    let (counts, unlisted) = desk.readers.read(|index| Ok((index.counts()?, index.unlisted()?))).await?;
    let mut gauges = vec![
        ("dedup_stories", "Stories in the index.", counts.stories),
        ("dedup_clusters", "Clusters of two stories or more.", counts.clusters),
        ("dedup_clustered_stories", "Stories in a cluster.", counts.clustered),
        ("dedup_last_story", "Number of the story that came last.", counts.last.into()),
        ("dedup_feed_listeners", "Listeners of the feed.", desk.feed.listeners() as u64),
        ("dedup_unlisted_stories", "Stories that a search looks through one by one.", unlisted.into()),
    ];
    if let Some(hook) = &desk.webhook {
        let count = |counted: &AtomicU64| counted.load(Ordering::Relaxed);
        gauges.extend([
            ("dedup_webhook_posted", "Events that the webhook took.", count(&hook.counts.posted)),
            ("dedup_webhook_lost", "Events that were given up.", count(&hook.counts.lost)),
        ]);
    }
    let text = desk.metrics.written(&gauges);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
