//! From a text or a file to what it is a version of, with the evidence.

use super::super::desk::Desk;
use super::super::intake::{self, Given};
use super::super::problem::Problem;
use super::{Params, explain};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use dedup::index::{Filter, Found};
use dedup::report::html::Pieces;
use dedup::{Index, Story};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stories of one query.
const MOST: usize = 100;

/// What is shown of the closest story.
#[derive(Clone, Copy, Debug)]
struct Shown {
    evidence: bool,
    page: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Asked {
    name: Option<String>,
    evidence: Option<bool>,
    page: Option<bool>,
}

/// `POST /api/v1/query`.
pub(in super::super) async fn query(
    State(desk): State<Arc<Desk>>,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let Given { stories, skipped } = intake::stories(&desk, &headers, body, asked.name, MOST).await?;
    if stories.iter().any(is_address) {
        return Err(Problem::senseless(
            "this is an address, and nothing is fetched from the web; paste the text that stands there",
        ));
    }
    let shown = Shown { evidence: asked.evidence.unwrap_or(true), page: asked.page.unwrap_or(false) };
    let answers = desk
        .readers
        .read(move |index| {
            stories.iter().map(|story| answer(index, story, shown)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(Json(json!({"answers": answers, "skipped": skipped})))
}

/// What the list says of the report of a cluster: who had it first, what stands against it.
fn report_of(index: &Index, id: &str) -> Result<Value, Problem> {
    let report = index.report(&Filter { story: Some(id.to_owned()), ..Filter::default() })?;
    let pieces = Pieces::of(&report);
    if report.clusters.is_empty() {
        return Ok(Value::Null);
    }
    let row: Value = serde_json::from_slice(&pieces.row(0)?)?;
    let some = ["headline", "size", "sources", "first", "last", "origin", "flags"];
    Ok(some.into_iter().map(|name| (name.to_owned(), row[name].clone())).collect::<Map<_, _>>().into())
}

/// Whether nothing but an address on the web came; a text of one line is read as a headline.
fn is_address(story: &Story) -> bool {
    let text = if story.body.trim().is_empty() { story.headline.trim() } else { story.body.trim() };
    (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace)
}

/// The answer, the number of the cluster, and, if wanted, what ties the story to the closest one.
fn answer(index: &Index, story: &Story, shown: Shown) -> Result<Value, Problem> {
    let answer = index.query(story)?;
    let mut told = serde_json::to_value(&answer)?;
    let in_report = answer.cluster.as_ref().or(answer.of.as_ref());
    told["number"] = match in_report {
        Some(id) => json!(index.number_of_id(id)?),
        None => Value::Null,
    };
    let closest = match (&answer.of, shown.evidence || shown.page) {
        (Some(id), true) => index.story(id)?,
        _ => None,
    };
    let tied = closest.map(|closest| explain::told(index, (&closest, story), shown.page)).transpose()?;
    told["report"] = match &answer.cluster {
        Some(id) => report_of(index, id)?,
        None => Value::Null,
    };
    // A sentence or a quotation is a version of nothing, but may stand in what others wrote.
    let found_in = if answer.hits.is_empty() { index.found_in(story)? } else { Vec::new() };
    told["found_in"] = with_standings(index, found_in)?;
    told["evidence"] =
        tied.as_ref().filter(|_| shown.evidence).map_or(Value::Null, |tied| tied["explanation"].clone());
    if shown.page {
        told["page"] = tied.map_or(Value::Null, |mut tied| tied["page"].take());
    }
    Ok(told)
}

/// Stories that hold a passage, each with where it stands, if it was killed or corrected.
fn with_standings(index: &Index, found: Vec<Found>) -> Result<Value, Problem> {
    let (mut looked_at, mut standings) = (BTreeSet::new(), BTreeMap::new());
    let mut told = Vec::with_capacity(found.len());
    for one in found {
        if !looked_at.contains(&one.id) {
            let report = index.report(&Filter { story: Some(one.id.clone()), ..Filter::default() })?;
            looked_at.extend(report.stories.iter().map(|story| story.id.clone()));
            standings.extend(report.standings().into_iter().map(|(id, standing)| (id.to_owned(), standing)));
        }
        let mut row = serde_json::to_value(&one)?;
        if let Some(standing) = standings.get(&one.id) {
            row["standing"] = json!(standing);
        }
        told.push(row);
    }
    Ok(told.into())
}
