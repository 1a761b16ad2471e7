//! From a notice that an editor has dealt with to a mark that all see.

use super::super::desk::Desk;
use super::super::handled::Mark;
use super::super::problem::Problem;
use super::Part;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;

/// `GET /api/v1/handled`: the marks, the oldest first.
pub(in super::super) async fn all(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({"handled": at_the_file(&desk, |desk| desk.handled.all()).await?})))
}

/// `PUT /api/v1/handled/{id}`.
pub(in super::super) async fn set(
    State(desk): State<Arc<Desk>>,
    Part(id): Part<String>,
) -> Result<Json<Value>, Problem> {
    let known = id.clone();
    let number = desk.readers.read(move |index| Ok(index.number_of_id(&known)?)).await?;
    number.ok_or_else(Problem::no_story)?;
    marked(&desk, id, Some(Timestamp::now().as_second())).await
}

/// `DELETE /api/v1/handled/{id}`.
pub(in super::super) async fn unset(
    State(desk): State<Arc<Desk>>,
    Part(id): Part<String>,
) -> Result<Json<Value>, Problem> {
    marked(&desk, id, None).await
}

async fn marked(desk: &Arc<Desk>, id: String, since: Option<i64>) -> Result<Json<Value>, Problem> {
    let marks: Vec<Mark> = at_the_file(desk, move |desk| {
        desk.handled.mark(&id, since)?;
        desk.handled.all()
    })
    .await?;
    Ok(Json(json!({"handled": marks})))
}

async fn at_the_file<T: Send + 'static>(
    desk: &Arc<Desk>,
    step: impl FnOnce(&Desk) -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let desk = Arc::clone(desk);
    let done = tokio::task::spawn_blocking(move || step(&desk)).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error| {
        crate::messages::say(&format!("cannot keep marks beside the index: {error}"));
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "marks cannot be kept beside the index; the log of the server says why",
        )
    })
}
