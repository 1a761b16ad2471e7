//! From an index that grows, whoever adds to it, to a feed of arrivals (server-sent events).

use super::desk::Desk;
use super::news;
use super::problem::Problem;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How often the index is asked whether it has grown.
const PACE: Duration = Duration::from_millis(500);
/// Arrivals that are told of at once; of a larger load, the last ones.
const MOST: u32 = 200;
/// Listeners at once.
const LISTENERS: usize = 256;

/// An arrival as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Told {
    number: u32,
    pub(super) json: Arc<str>,
    /// Whether a desk should hear of it unasked.
    pub(super) is_news: bool,
}

/// Hands arrivals to whoever listens.
pub(super) struct Feed {
    sender: broadcast::Sender<Told>,
    places: Arc<Semaphore>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self { sender: broadcast::channel(2 * MOST as usize).0, places: Arc::new(Semaphore::new(LISTENERS)) }
    }

    /// What comes from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Told> {
        self.sender.subscribe()
    }

    /// How many listen.
    pub(super) fn listeners(&self) -> usize {
        LISTENERS - self.places.available_permits()
    }

    /// Follows the index until the server stops.
    pub(super) async fn follow(desk: Arc<Desk>) {
        let mut stopped = desk.stop.subscribe();
        let mut told = None;
        loop {
            if let Ok(last) = desk.readers.read(|index| Ok(index.last_number()?)).await {
                let since = told.unwrap_or(last);
                if last > since && desk.feed.sender.receiver_count() > 0 {
                    for arrival in
                        arrivals(&desk, since.max(last.saturating_sub(MOST))).await.unwrap_or_default()
                    {
                        // An error says that nobody listens any more.
                        let _ = desk.feed.sender.send(arrival);
                    }
                }
                told = Some(last);
            }
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                () = desk.grown.notified() => {}
                () = stopping(&mut stopped) => return,
            }
        }
    }
}

/// Returns once the server stops.
async fn stopping(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn arrivals(desk: &Desk, after: u32) -> Result<Vec<Told>, Problem> {
    desk.readers
        .read(move |index| {
            let told = |arrival: &dedup::index::Arrival| {
                let is_news = news::usual().any(|kind| arrival.news.contains(&kind));
                Ok(Told {
                    number: arrival.story.number,
                    json: serde_json::to_string(arrival)?.into(),
                    is_news,
                })
            };
            index.arrivals(Some(after), MOST)?.iter().map(told).collect()
        })
        .await
}

/// What one listener waits for.
struct Listening {
    desk: Arc<Desk>,
    receiver: broadcast::Receiver<Told>,
    stopped: watch::Receiver<bool>,
    /// What came while it was away.
    missed: VecDeque<Told>,
    /// The number that was sent last.
    sent: u32,
    _place: OwnedSemaphorePermit,
}

/// `GET /api/v1/events`: arrivals as they come. After `Last-Event-ID`, first those that came since,
/// 200 at most.
pub(super) async fn events(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let place = Arc::clone(&desk.feed.places).try_acquire_owned();
    let place = place.map_err(|_| Problem::busy("too many listen to the feed; try again"))?;
    let receiver = desk.feed.subscribe();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u32>().ok());
    let now = desk.readers.read(|index| Ok(index.last_number()?)).await?;
    let missed = match last {
        Some(last) if last < now => arrivals(&desk, last.max(now.saturating_sub(MOST))).await?,
        _ => Vec::new(),
    };
    let stopped = desk.stop.subscribe();
    let listening = Listening {
        desk,
        receiver,
        stopped,
        missed: missed.into(),
        sent: last.map_or(now, |last| last.min(now)),
        _place: place,
    };
    let ready = Event::default().event("ready").data(format!("{{\"last\":{now}}}"));
    let first = stream::once(async { Ok(ready) });
    let rest = stream::unfold(listening, next);
    Ok(Sse::new(stream::StreamExt::chain(first, rest))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

async fn next(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    loop {
        let told = if let Some(told) = listening.missed.pop_front() {
            told
        } else {
            tokio::select! {
                told = listening.receiver.recv() => match told {
                    Ok(told) => told,
                    Err(RecvError::Lagged(_)) => {
                        let missed = arrivals(&listening.desk, listening.sent).await.unwrap_or_default();
                        listening.missed = missed.into();
                        continue;
                    }
                    Err(RecvError::Closed) => return None,
                },
                () = stopping(&mut listening.stopped) => return None,
            }
        };
        if told.number > listening.sent {
            listening.sent = told.number;
            let event = Event::default().event("arrival").id(told.number.to_string()).data(&*told.json);
            return Some((Ok(event), listening));
        }
    }
}
