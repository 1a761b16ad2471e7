//! From an index and settings to what all requests share.

use super::feed::Feed;
use super::handled::Handled;
use super::metrics::Metrics;
use super::problem::Problem;
use super::rate::Rate;
use super::readers::Readers;
use super::rows::Rows;
use super::tokens::Tokens;
use super::webhook::Webhook;
use super::writer::Writer;
use axum::http::StatusCode;
use dedup::Config;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// Who asks: the holder of a token, or an address.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Client {
    Token(usize),
    Address(IpAddr),
}

/// What all requests share.
pub(super) struct Desk {
    pub(super) config: Config,
    pub(super) readers: Arc<Readers>,
    pub(super) rows: Arc<Rows>,
    /// None where nobody may write, and once the server stops.
    pub(super) writer: Mutex<Option<Writer>>,
    pub(super) tokens: Tokens,
    /// Whether only this machine is served.
    pub(super) on_loopback: bool,
    pub(super) rate: Rate<Client>,
    pub(super) time_limit: Duration,
    pub(super) max_body: usize,
    pub(super) metrics: Metrics,
    pub(super) feed: Feed,
    pub(super) sources: Remembered,
    pub(super) handled: Handled,
    /// Who is told the news.
    pub(super) webhook: Option<Arc<Webhook>>,
    /// Told when stories were added.
    pub(super) grown: Notify,
    /// True once the server stops.
    pub(super) stop: watch::Sender<bool>,
    /// Whether requests are logged.
    pub(super) logs: bool,
}

/// An answer that is dear to find and may be a minute old.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Option<(Instant, Value)>>);

impl Remembered {
    const FRESH: Duration = Duration::from_secs(60);

    pub(super) fn get(&self) -> Option<Value> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|(since, _)| since.elapsed() < Self::FRESH).map(|(_, value)| value.clone())
    }

    pub(super) fn keep(&self, value: &Value) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), value.clone()));
    }
}

impl Desk {
    pub(super) fn writer(&self) -> Result<Writer, Problem> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        writer.ok_or_else(|| {
            Problem::new(StatusCode::FORBIDDEN, "this server takes no stories; start it with --write-token")
        })
    }
}
