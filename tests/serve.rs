//! From requests to a running `dedup serve` to what it answers, refuses and tells.
#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and may print")]

#[path = "serve/api.rs"]
mod api;
#[path = "serve/arrivals.rs"]
mod arrivals;
#[path = "serve/description.rs"]
mod description;
#[path = "serve/fuzzed.rs"]
mod fuzzed;
#[path = "serve/guarded.rs"]
mod guarded;
#[path = "serve/handled.rs"]
mod handled;
#[path = "serve/hostile.rs"]
mod hostile;
#[path = "serve/limits.rs"]
mod limits;
#[path = "serve/searched.rs"]
mod searched;
#[path = "serve/server.rs"]
mod server;
#[path = "serve/stopping.rs"]
mod stopping;
#[path = "serve/volume.rs"]
mod volume;
#[path = "serve/webhook.rs"]
mod webhook;
