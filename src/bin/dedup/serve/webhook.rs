//! From what a desk should hear of to a program elsewhere: each arrival with news is posted to an
//! address as JSON, one after the other, tried again within bounds, and never waited for by the desk.

use super::desk::Desk;
use super::feed::Told;
use crate::exit::Failure;
use crate::messages;
use axum::http::Uri;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pauses before a further try; after the last one the event is given up.
const PAUSES: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(4), Duration::from_secs(16), Duration::from_secs(64)];

/// Where events are posted. The address may hold a secret: only its host is ever told.
pub(super) struct Webhook {
    url: String,
    host: String,
    agent: ureq::Agent,
    pub(super) counts: Counts,
}

/// What became of the events.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) posted: AtomicU64,
    /// Given up, or passed over because too many waited.
    pub(super) lost: AtomicU64,
}

impl Webhook {
    /// The address as given, `env:NAME` for one that the environment holds.
    pub(super) fn of(given: &str) -> Result<Self, Failure> {
        let fatal = |text: String| Failure::Fatal(text);
        let url = match given.strip_prefix("env:") {
            Some(name) => std::env::var(name).map_err(|_| {
                fatal(format!("expected an address in the environment variable {name}, found none"))
            })?,
            None => given.to_owned(),
        };
        let uri: Option<Uri> = url.parse().ok();
        let uri = uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
        let host = uri.as_ref().and_then(Uri::host).filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| {
            fatal(
                "expected an address such as https://example.com/hook for --webhook, found another form"
                    .into(),
            )
        })?;
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
        Ok(Self { host: host.to_owned(), url, agent: config.build().into(), counts: Counts::default() })
    }

    /// One try.
    fn post(&self, json: &str) -> Result<(), String> {
        let sent = self.agent.post(&self.url).header("Content-Type", "application/json").send(json);
        match sent {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(format!("it answered {}", response.status().as_u16())),
            Err(ureq::Error::StatusCode(status)) => Err(format!("it answered {status}")),
            Err(ureq::Error::Timeout(_)) => Err("it took too long".to_owned()),
            // The words of other errors may name the address.
            Err(_) => Err("it cannot be reached".to_owned()),
        }
    }
}

/// Posts news until the server stops.
pub(super) async fn follow(desk: Arc<Desk>, hook: Arc<Webhook>, mut news: Receiver<Told>) {
    let mut stopped = desk.stop.subscribe();
    loop {
        let told = tokio::select! {
            told = news.recv() => told,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        match told {
            Ok(told) if told.is_news => {
                tokio::select! {
                    () = deliver(&hook, told.json) => {}
                    _ = stopped.wait_for(|stop| *stop) => return,
                }
            }
            Ok(_) => {}
            Err(RecvError::Lagged(missed)) => {
                hook.counts.lost.fetch_add(missed, Ordering::Relaxed);
                messages::say(&format!("{} is too slow: {missed} arrivals were not posted", hook.host));
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Tries until an event is taken, or given up.
async fn deliver(hook: &Arc<Webhook>, json: Arc<str>) {
    let mut pauses = PAUSES.iter();
    loop {
        let (one, text) = (Arc::clone(hook), Arc::clone(&json));
        let tried = tokio::task::spawn_blocking(move || one.post(&text)).await;
        let fault = match tried {
            Ok(Ok(())) => {
                hook.counts.posted.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Ok(Err(fault)) => fault,
            Err(_) => "it could not be tried".to_owned(),
        };
        let Some(pause) = pauses.next() else {
            hook.counts.lost.fetch_add(1, Ordering::Relaxed);
            messages::say(&format!("an event was not posted to {}: {fault}", hook.host));
            return;
        };
        tokio::time::sleep(*pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_kind_is_refused_and_a_secret_is_not_told() {
        for wrong in ["", "example.com/hook", "file:///etc/passwd", "javascript:alert(1)", "http://"] {
            let Err(Failure::Fatal(sentence)) = Webhook::of(wrong) else { panic!("{wrong} is refused") };
            assert!(sentence.starts_with("expected an address such as"), "{sentence}");
        }
        let hook = Webhook::of("https://hooks.example/services/T0/s3cret").unwrap();
        assert_eq!(hook.host, "hooks.example");
        assert!(Webhook::of("env:DEDUP_NO_SUCH_VARIABLE").is_err());
    }
}
