//! From what is built into the program to the page, its style and script, and the description of
//! the API. Nothing here says anything of a story.

use axum::http::header;
use axum::response::IntoResponse;
use dedup::report::html::{STYLE, VIEWS};
use std::sync::LazyLock;

/// The views of the report, and what a living index has beside them, in a scope of its own.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let parts = [
        include_str!("assets/source.js"),
        include_str!("assets/finder.js"),
        include_str!("assets/feed.js"),
        include_str!("assets/kills.js"),
        include_str!("assets/pickup.js"),
        include_str!("assets/saved.js"),
        include_str!("assets/search.js"),
        include_str!("assets/live.js"),
    ];
    format!("(() => {{\n\"use strict\";\n{VIEWS}{}}})();\n", parts.concat())
});

static SHEET: LazyLock<String> = LazyLock::new(|| format!("{STYLE}{}", include_str!("assets/live.css")));

const PAGE: &str = include_str!("assets/page.html");

const OPENAPI: &str = include_str!("openapi.json");

/// What is built in is looked for anew on each visit, or a newer program would meet an old script.
fn built_in(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")], text)
}

/// `GET /`.
pub(super) async fn page() -> impl IntoResponse {
    built_in("text/html; charset=utf-8", PAGE)
}

/// `GET /desk.css`.
pub(super) async fn style() -> impl IntoResponse {
    built_in("text/css; charset=utf-8", SHEET.as_str())
}

/// `GET /desk.js`.
pub(super) async fn script() -> impl IntoResponse {
    built_in("text/javascript; charset=utf-8", SCRIPT.as_str())
}

/// `GET /openapi.json`.
pub(super) async fn openapi() -> impl IntoResponse {
    built_in("application/json", OPENAPI)
}
