//! From an index that grows to the list of words beside it, kept up to date step by step: what a
//! search for a text looks in. Nobody who adds stories waits for it.

use super::desk::Desk;
use crate::messages;
use dedup::index::WordList;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often it is looked whether stories came.
const PACE: Duration = Duration::from_millis(500);
/// How long to wait where the list cannot be kept, such as in a folder that cannot be written.
const AGAIN: Duration = Duration::from_secs(60);

/// Keeps the list of the index at `path` until the server stops, and lets who asks meanwhile go before.
pub(super) async fn keep(desk: Arc<Desk>, path: PathBuf) {
    let mut stopped = desk.stop.subscribe();
    let mut kept: Option<WordList> = None;
    let mut is_told = false;
    loop {
        let (list, path, began) = (kept.take(), path.clone(), Instant::now());
        let stepped = tokio::task::spawn_blocking(move || {
            let mut list = list.map_or_else(|| WordList::open(&path), Ok)?;
            let listed = list.step()?;
            Ok::<_, dedup::Error>((list, listed))
        });
        let rest = match stepped.await {
            Ok(Ok((list, listed))) => {
                kept = Some(list);
                if listed.known < listed.last { desk.readers.rest(began.elapsed()) } else { PACE }
            }
            Ok(Err(error)) => {
                if !is_told {
                    messages::say(&format!("texts are searched one by one: {error}"));
                }
                is_told = true;
                AGAIN
            }
            Err(_) => return,
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}
