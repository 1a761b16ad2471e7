//! From two stories to what ties them.

use super::super::desk::Desk;
use super::super::intake;
use super::super::problem::Problem;
use super::Params;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use dedup::report::{explanation, html::living};
use dedup::scan::side_by_side;
use dedup::{Index, Story};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Ids {
    a: String,
    b: String,
    #[serde(default)]
    page: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Whether {
    #[serde(default)]
    page: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The id of the first story.
    with: String,
    /// The second.
    story: Value,
}

/// `GET /api/v1/explain`: two stories of the index.
pub(in super::super) async fn ids(
    State(desk): State<Arc<Desk>>,
    Params(Ids { a, b, page }): Params<Ids>,
) -> Result<Json<Value>, Problem> {
    let found = desk.readers.read(move |index| told(index, (&stored(index, &a)?, &stored(index, &b)?), page));
    Ok(Json(found.await?))
}

/// `POST /api/v1/explain`: a story of the index and one that is given.
pub(in super::super) async fn text(
    State(desk): State<Arc<Desk>>,
    Params(Whether { page }): Params<Whether>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let Asked { with, story } = intake::json(&desk, &headers, body).await?;
    let story = intake::story_of(story)?;
    let found = desk.readers.read(move |index| told(index, (&stored(index, &with)?, &story), page));
    Ok(Json(found.await?))
}

fn stored(index: &Index, id: &str) -> Result<Story, Problem> {
    index.story(id)?.ok_or_else(Problem::no_story)
}

/// The explanation of a pair by what the index knows; `page` says whether what a page shows of it
/// is wanted.
pub(super) fn told(index: &Index, pair: (&Story, &Story), page: bool) -> Result<Value, Problem> {
    let found = index.explain(pair.0, pair.1)?;
    let mut told = json!({"explanation": explanation::to_json(&found)?});
    if page {
        told["page"] = living::pair(&side_by_side(index.config(), pair, &found))?;
    }
    Ok(told)
}
