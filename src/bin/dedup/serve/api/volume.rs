//! From a source or a report to how many of its stories came when.

use super::super::desk::Desk;
use super::super::problem::Problem;
use super::Params;
use super::search::moment;
use axum::Json;
use axum::extract::State;
use dedup::index::{Filter, Volume};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Asked {
    source: Option<String>,
    id: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

/// `GET /api/v1/volume`: of a source, or of the report that holds a story.
pub(in super::super) async fn volume(
    State(desk): State<Arc<Desk>>,
    Params(asked): Params<Asked>,
) -> Result<Json<Volume>, Problem> {
    let time = |name, text: Option<String>| text.map(|text| moment(name, &text)).transpose();
    let (since, until) = (time("since", asked.since)?, time("until", asked.until)?);
    let filter = Filter { since, until, ..Filter::default() };
    let volume = match (asked.source, asked.id) {
        (Some(source), None) => {
            desk.readers.read(move |index| Ok(index.volume_of_source(&source, &filter)?)).await?
        }
        (None, Some(id)) if since.is_none() && until.is_none() => {
            let volume = desk.readers.read(move |index| Ok(index.volume_of_report(&id)?)).await?;
            volume.ok_or_else(Problem::no_story)?
        }
        _ => return Err(Problem::unreadable("expected `source`, with `since` and `until` or not, or `id`")),
    };
    Ok(Json(volume))
}
