//! From a source to who carried its stories, for the desk or as a file.

use super::super::desk::Desk;
use super::super::problem::Problem;
use super::Params;
use super::search::moment;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dedup::index::Filter;
use dedup::report::pickup::Pickup;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Asked {
    source: String,
    since: Option<String>,
    until: Option<String>,
    #[serde(default)]
    format: Form,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    #[default]
    Json,
    Jsonl,
    Csv,
    Gexf,
    GraphMl,
}

impl Form {
    /// Media type and the extension of a file.
    fn named(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application/json", "json"),
            Self::Jsonl => ("application/jsonl", "jsonl"),
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Gexf => ("application/xml", "gexf"),
            Self::GraphMl => ("application/xml", "graphml"),
        }
    }
}

/// `GET /api/v1/pickup`.
pub(in super::super) async fn pickup(
    State(desk): State<Arc<Desk>>,
    Params(asked): Params<Asked>,
) -> Result<impl IntoResponse, Problem> {
    let time = |name, text: Option<String>| text.map(|text| moment(name, &text)).transpose();
    let (since, until) = (time("since", asked.since)?, time("until", asked.until)?);
    let (form, source) = (asked.format, asked.source);
    let filter = Filter { since, until, ..Filter::default() };
    let bytes = desk
        .readers
        .read(move |index| {
            let (report, stories) = index.report_of_source(&source, &filter)?;
            let mut pickup = Pickup::of(&report, &source);
            pickup.stories = usize::try_from(stories).unwrap_or(usize::MAX);
            if stories == 0 {
                return Err(Problem::missing("the index has no story of this source at that time"));
            }
            let mut bytes = Vec::new();
            match form {
                Form::Json => serde_json::to_writer(&mut bytes, &pickup)?,
                Form::Jsonl => pickup.write_jsonl(&mut bytes)?,
                Form::Csv => pickup.write_csv(&mut bytes)?,
                Form::Gexf => pickup.write_gexf(&mut bytes)?,
                Form::GraphMl => pickup.write_graphml(&mut bytes)?,
            }
            Ok(bytes)
        })
        .await?;
    let (media_type, extension) = form.named();
    let disposition = match form {
        Form::Json => "inline".to_owned(),
        _ => format!("attachment; filename=\"pickup.{extension}\""),
    };
    Ok(([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes))
}
