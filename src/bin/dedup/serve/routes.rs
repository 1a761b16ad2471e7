//! From a path to the function that answers it, and to the right that it needs.

use super::api::{about, atom, clusters, explain, export, handled, pickup, query, stories, volume};
use super::desk::Desk;
use super::problem::Problem;
use super::tokens::Right;
use super::{feed, gate, pages};
use axum::Router;
use axum::http::{Method, StatusCode};
use axum::middleware;
use axum::routing::{get, post, put};
use std::sync::Arc;

/// Paths that show nothing of stories.
const OPEN: [&str; 5] = ["/", "/desk.css", "/desk.js", "/health", "/openapi.json"];

/// The right that a request needs.
pub(super) fn needed(method: &Method, route: &str) -> Right {
    match (method.as_str(), route) {
        (_, route) if OPEN.contains(&route) => Right::Nothing,
        ("POST", "/api/v1/stories" | "/api/v1/remove") | ("DELETE", "/api/v1/stories/{id}") => Right::Write,
        _ => Right::Read,
    }
}

/// All routes, within the gate.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(pages::page))
        .route("/desk.css", get(pages::style))
        .route("/desk.js", get(pages::script))
        .route("/openapi.json", get(pages::openapi))
        .route("/health", get(about::health))
        .route("/metrics", get(about::metrics))
        .route("/api/v1/stats", get(about::stats))
        .route("/api/v1/flows", get(about::flows))
        .route("/api/v1/sources", get(about::sources))
        .route("/api/v1/export", get(export::export))
        .route("/api/v1/atom", get(atom::feed))
        .route("/api/v1/pickup", get(pickup::pickup))
        .route("/api/v1/query", post(query::query))
        .route("/api/v1/stories", post(stories::add))
        .route("/api/v1/stories/{id}", get(stories::one).delete(stories::remove))
        .route("/api/v1/remove", post(stories::remove_all))
        .route("/api/v1/clusters", get(clusters::list))
        .route("/api/v1/clusters/{id}", get(clusters::one))
        .route("/api/v1/numbers/{number}", get(clusters::number))
        .route("/api/v1/recall", post(clusters::recall_text))
        .route("/api/v1/recall/{id}", get(clusters::recall))
        .route("/api/v1/explain", get(explain::ids).post(explain::text))
        .route("/api/v1/arrivals", get(clusters::arrivals))
        .route("/api/v1/events", get(feed::events))
        .route("/api/v1/volume", get(volume::volume))
        .route("/api/v1/handled", get(handled::all))
        .route("/api/v1/handled/{id}", put(handled::set).delete(handled::unset))
        .fallback(|| async {
            Problem::missing("nothing is at this address; /openapi.json says what is where")
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take that method")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), gate::pass))
        .with_state(desk)
}
