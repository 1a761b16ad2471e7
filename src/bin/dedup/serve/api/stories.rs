//! From stories to add and ids to remove to an index that has changed, durably.

use super::super::desk::Desk;
use super::super::intake::{self, Given};
use super::super::problem::Problem;
use super::{Params, Part};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use dedup::index::Filter;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Stories that are added, or ids that are removed, in one step.
const MOST: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Named {
    name: Option<String>,
}

/// `POST /api/v1/stories`.
pub(in super::super) async fn add(
    State(desk): State<Arc<Desk>>,
    Params(Named { name }): Params<Named>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let writer = desk.writer()?;
    let Given { stories, skipped } = intake::stories(&desk, &headers, body, name, MOST).await?;
    let answers = writer.add(stories).await?;
    desk.grown.notify_one();
    Ok(Json(json!({"answers": answers, "skipped": skipped})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ids {
    ids: Vec<String>,
}

/// `POST /api/v1/remove`.
pub(in super::super) async fn remove_all(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let writer = desk.writer()?;
    let Ids { mut ids } = intake::json(&desk, &headers, body).await?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(Problem::senseless(format!("expected 1 to {MOST} ids, found {}", ids.len())));
    }
    ids.sort_unstable();
    ids.dedup();
    let count = ids.len();
    let unknown = writer.remove(ids).await?;
    Ok(Json(json!({"removed": count - unknown.len(), "unknown": unknown})))
}

/// `DELETE /api/v1/stories/{id}`.
pub(in super::super) async fn remove(
    State(desk): State<Arc<Desk>>,
    Part(id): Part<String>,
) -> Result<Json<Value>, Problem> {
    let unknown = desk.writer()?.remove(vec![id]).await?;
    if unknown.is_empty() { Ok(Json(json!({"removed": 1}))) } else { Err(Problem::no_story()) }
}

/// `GET /api/v1/stories/{id}`.
pub(in super::super) async fn one(
    State(desk): State<Arc<Desk>>,
    Part(id): Part<String>,
) -> Result<Json<Value>, Problem> {
    let told = desk.readers.read(move |index| {
        let story = index.story(&id)?.ok_or_else(Problem::no_story)?;
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let report = index.report(&Filter { story: Some(id.clone()), ..Filter::default() })?;
        let cluster = report.clusters.first().map(|cluster| &report.stories[cluster.canonical as usize].id);
        Ok(json!({
            "id": story.id, "number": index.number_of_id(&id)?, "cluster": cluster, "headline": story.headline,
            "body": story.body, "source": known(&story.source), "time": story.time, "language": known(&story.language), "url": known(&story.url),
        }))
    });
    Ok(Json(told.await?))
}
