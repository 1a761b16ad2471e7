//! From what is asked of clusters to rows of the list, pages of one, copies to recall, arrivals.

use super::super::desk::Desk;
use super::super::intake;
use super::super::problem::Problem;
use super::super::readers::Readers;
use super::super::rows::Rows;
use super::search::Asked;
use super::{Listed, Params, Part};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use dedup::Index;
use dedup::index::{Placed, Recall, Recent};
use dedup::report::html::{Pieces, Selection};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// Clusters of the largest page.
const MOST: usize = 200;

/// A number of entries from 1 to 200.
pub(super) fn checked_limit(limit: Option<usize>, usual: usize) -> Result<usize, Problem> {
    match limit {
        Some(limit) if !(1..=MOST).contains(&limit) => {
            Err(Problem::senseless(format!("expected a limit from 1 to {MOST}, found {limit}")))
        }
        limit => Ok(limit.unwrap_or(usual)),
    }
}

/// Clusters that are laid out for one page, beyond those that are shown.
const LAID_OUT: usize = 400;

/// `GET /api/v1/clusters`: a page of clusters, the one with the latest story first unless another
/// order is asked for.
pub(in super::super) async fn list(
    State(desk): State<Arc<Desk>>,
    Listed(given): Listed,
) -> Result<impl IntoResponse, Problem> {
    let asked = Asked::of(given)?;
    let limit = checked_limit(asked.limit, 50)?;
    let kept = Arc::clone(&desk.rows);
    let page = desk.readers.read(move |index| listed(index, &kept, &asked, limit)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], page))
}

/// Makes the rows of the largest reports before anybody asks: they stand on many pages in order of size, and
/// one of hundreds of versions takes as long as all others of its page. Who asks meanwhile goes before.
pub(in super::super) async fn warm(readers: Arc<Readers>, kept: Arc<Rows>) {
    /// Reports, and how many of them in one go.
    const ALL: usize = 1_000;
    const STEP: usize = 20;
    let mut before = None;
    for _ in 0..ALL / STEP {
        let (kept, began) = (Arc::clone(&kept), Instant::now());
        let step = move |index: &Index| rows(index, &kept, &Asked { before, ..Asked::largest() }, STEP);
        // Who asks for what cannot be read is told.
        let Ok((_, Some(next))) = readers.read(step).await else { return };
        before = Some(next);
        tokio::time::sleep(readers.rest(began.elapsed())).await;
    }
}

/// The page as JSON.
fn listed(index: &Index, kept: &Rows, asked: &Asked, limit: usize) -> Result<String, Problem> {
    let (clusters, next) = rows(index, kept, asked, limit)?;
    let mut page = format!("{{\"clusters\":[{}],\"next\":{}", clusters.join(","), json!(next));
    if !asked.search.text.is_empty() {
        page.extend([",\"unlisted\":", &index.unlisted()?.to_string()]);
    }
    page.push('}');
    Ok(page)
}

/// The rows of a page, and where the next one begins.
fn rows(
    index: &Index,
    kept: &Rows,
    asked: &Asked,
    limit: usize,
) -> Result<(Vec<Arc<str>>, Option<u32>), Problem> {
    let (mut clusters, mut next, mut laid_out) = (Vec::new(), asked.before, 0);
    // Rows that anything else decides are made for whoever asks.
    let is_plain = asked.selection.is_empty() && asked.stands.is_none();
    loop {
        let wanted = limit - clusters.len();
        let mut known = HashMap::new();
        let mut recent = index.recent_beyond(&asked.search, next, wanted, |placed| {
            let row = is_plain.then(|| kept.get(placed)).flatten();
            row.map(|row| known.insert(placed.number, row)).is_some()
        })?;
        if let Some(keep) = &asked.stands {
            recent.report.stand_by(keep);
        }
        let found = recent.order.len();
        let pieces = Pieces::of(&recent.report);
        for placed in &recent.order {
            if let Some(row) = known.remove(&placed.number) {
                clusters.push(row);
            } else if let Some(row) = row(&recent, &pieces, placed, &asked.selection)? {
                if is_plain {
                    kept.keep(placed, &row);
                }
                clusters.push(row);
            }
        }
        (next, laid_out) = (recent.next, laid_out + found);
        // Fewer than were wanted: enough was looked at for one page.
        if next.is_none() || clusters.len() >= limit || found < wanted || laid_out >= LAID_OUT {
            break;
        }
    }
    Ok((clusters, next))
}

/// The row of a cluster as the list shows it, if it is selected: number and id of the canonical first.
fn row(
    recent: &Recent,
    pieces: &Pieces<'_>,
    placed: &Placed,
    selection: &Selection,
) -> Result<Option<Arc<str>>, Problem> {
    let Some(place) = placed.place else { return Ok(None) };
    let Some(row) = pieces.selected_row(place, selection)? else { return Ok(None) };
    let canonical = recent.report.clusters[place].canonical as usize;
    let id = serde_json::to_string(&recent.report.stories[canonical].id)?;
    let rest = String::from_utf8_lossy(row.strip_prefix(b"{").unwrap_or(&row));
    Ok(Some(format!("{{\"number\":{},\"id\":{id},{rest}", placed.number).into()))
}

/// Number and id of the canonical, then the rest.
fn named(rest: Value, number: u32, id: &str) -> Value {
    let mut object = Map::new();
    object.insert("number".into(), number.into());
    object.insert("id".into(), id.into());
    if let Value::Object(rest) = rest {
        object.extend(rest);
    }
    Value::Object(object)
}

/// The page of the cluster that holds the story of `id`, or why there is none.
fn page(index: &Index, id: &str) -> Result<Value, Problem> {
    let report = index.report_with_texts(id)?;
    if report.stories.is_empty() {
        return Err(Problem::no_story());
    }
    let Some(cluster) = report.clusters.first() else {
        return Err(Problem::missing("this story is in no cluster: no other story is a version of it"));
    };
    let canonical = &report.stories[cluster.canonical as usize].id;
    let number = index.number_of_id(canonical)?.ok_or_else(Problem::no_story)?;
    let page = serde_json::from_slice(&Pieces::of(&report).report(0)?)?;
    Ok(named(page, number, canonical))
}

/// `GET /api/v1/clusters/{id}`.
pub(in super::super) async fn one(
    State(desk): State<Arc<Desk>>,
    Part(id): Part<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(desk.readers.read(move |index| page(index, &id)).await?))
}

/// `GET /api/v1/numbers/{number}`: the id of the story with this number.
pub(in super::super) async fn number(
    State(desk): State<Arc<Desk>>,
    Part(number): Part<u32>,
) -> Result<Json<Value>, Problem> {
    let id = desk.readers.read(move |index| Ok(index.id_of_number(number)?)).await?;
    let id = id.ok_or_else(|| Problem::missing("no story of the index has this number"))?;
    Ok(Json(json!({"number": number, "id": id})))
}

/// `GET /api/v1/recall/{id}`: what a notice of the index takes back, and who still carries it.
pub(in super::super) async fn recall(
    State(desk): State<Arc<Desk>>,
    Part(id): Part<String>,
) -> Result<Json<Value>, Problem> {
    let found = desk.readers.read(move |index| Ok(index.recall_id(&id)?)).await?;
    Ok(Json(recalled(&found.ok_or_else(Problem::no_story)?)))
}

/// `POST /api/v1/recall`: the same for a notice that is given.
pub(in super::super) async fn recall_text(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let notice = intake::story_of(intake::json(&desk, &headers, body).await?)?;
    let found = desk.readers.read(move |index| Ok(index.recall(&notice)?)).await?;
    Ok(Json(recalled(&found)))
}

fn recalled(found: &Recall) -> Value {
    json!({"notice": found.notice, "named": found.named, "killed": found.killed, "live": found.live})
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Since {
    after: Option<u32>,
    limit: Option<usize>,
}

/// `GET /api/v1/arrivals`: stories as they came; the last ones, unless `after` says since when.
pub(in super::super) async fn arrivals(
    State(desk): State<Arc<Desk>>,
    Params(Since { after, limit }): Params<Since>,
) -> Result<Json<Value>, Problem> {
    let limit = checked_limit(limit, 50)?;
    let arrivals = desk.readers.read(move |index| Ok(index.arrivals(after, limit as u32)?)).await?;
    Ok(Json(json!({"arrivals": arrivals})))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dedup::wire::Publishers;
    use dedup::{Config, Story};

    #[test]
    fn the_rows_of_the_largest_reports_are_made_before_anybody_asks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        let stories: Vec<Story> = (0..100)
            .map(|number| {
                let words: Vec<String> = (0..60).map(|word| format!("w{}x{word}", number / 2)).collect();
                Story::new(number.to_string(), words.join(" "))
            })
            .collect();
        Index::open_or_create(&path, &Config::default()).unwrap().add(&stories).unwrap();
        let readers = Readers::open(path.clone(), Arc::new(Publishers::default()), 2).unwrap();
        let kept = Arc::new(Rows::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(warm(readers, Arc::clone(&kept)));
        let (mut known, index) = (0, Index::open_read_only(&path).unwrap());
        index
            .recent_beyond(&Asked::largest().search, None, 100, |placed| {
                known += usize::from(kept.get(placed).is_some());
                false
            })
            .unwrap();
        assert_eq!(known, 50);
    }
}
