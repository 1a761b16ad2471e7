//! From what is looked for among the clusters to a file of all that matches, for another tool.

use super::super::desk::Desk;
use super::super::problem::Problem;
use super::Listed;
use super::search::Asked;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use dedup::Index;
use dedup::report::html::{Pieces, Selection};
use dedup::report::{Csv, Gexf, GraphMl, Jsonl, Nodes, Writer};
use std::sync::Arc;

/// Clusters of one file.
const MOST: usize = 50_000;
/// Clusters that are looked at in one go where more than rows decides.
const AT_ONCE: usize = 500;

const REPORTS: HeaderName = HeaderName::from_static("dedup-reports");
const LEFT_OUT: HeaderName = HeaderName::from_static("dedup-left-out");

/// `GET /api/v1/export`: the headers say how many clusters are in it, and how many were left out.
pub(in super::super) async fn export(
    State(desk): State<Arc<Desk>>,
    Listed(given): Listed,
) -> Result<impl IntoResponse, Problem> {
    let asked = Asked::of(given)?;
    if asked.limit.is_some() || asked.before.is_some() {
        return Err(Problem::unreadable(
            "an export has no pages: neither `limit` nor `before` is known here",
        ));
    }
    let (writer, media_type, file): (Box<dyn Writer + Send>, _, _) = match asked.format.as_deref() {
        None | Some("jsonl") => (Box::new(Jsonl { singles: false }), "application/jsonl", "reports.jsonl"),
        Some("csv") => (Box::new(Csv::default()), "text/csv; charset=utf-8", "reports.csv"),
        Some("graphml") => {
            (Box::new(GraphMl { nodes: Nodes::Stories }), "application/xml", "reports.graphml")
        }
        Some("gexf") => (Box::new(Gexf { nodes: Nodes::Stories }), "application/xml", "reports.gexf"),
        Some(_) => {
            return Err(Problem::senseless("expected jsonl, csv, graphml or gexf for `format`"));
        }
    };
    let (bytes, reports, left_out) = desk
        .readers
        .read(move |index| {
            let mut clusters = index.matching(&asked.search)?;
            if !asked.selection.is_empty() {
                clusters = selected(index, &clusters, &asked.selection)?;
            }
            let left_out = clusters.len().saturating_sub(MOST);
            clusters.truncate(MOST);
            let mut bytes = Vec::new();
            let mut report = index.report_of_clusters(&clusters)?;
            if let Some(keep) = &asked.stands {
                report.stand_by(keep);
            }
            writer.write(&report, &mut bytes)?;
            Ok((bytes, report.clusters.len(), left_out))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        (REPORTS, reports.to_string()),
        (LEFT_OUT, left_out.to_string()),
    ];
    Ok((headers, bytes))
}

/// Those of the clusters that are selected, in their order.
fn selected(index: &Index, clusters: &[u32], selection: &Selection) -> Result<Vec<u32>, Problem> {
    let mut taken = Vec::new();
    for some in clusters.chunks(AT_ONCE) {
        let report = index.report_of_clusters(some)?;
        let pieces = Pieces::of(&report);
        for (place, cluster) in report.clusters.iter().enumerate() {
            if pieces.selected_row(place, selection)?.is_some() {
                taken.extend(index.number_of_id(&report.stories[cluster.canonical as usize].id)?);
            }
        }
    }
    Ok(taken)
}
