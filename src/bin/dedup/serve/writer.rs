//! From stories to add and ids to remove, one step after the other, to an index: the one thread
//! that writes.

use super::problem::Problem;
use dedup::index::Answer;
use dedup::{Index, Story};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Steps that may wait.
const WAITING: usize = 64;
/// How long nothing must come until large components are cut anew.
const QUIET: Duration = Duration::from_secs(5);

enum Step {
    Add(Vec<Story>, oneshot::Sender<dedup::Result<Vec<Answer>>>),
    Remove(Vec<String>, oneshot::Sender<dedup::Result<Vec<String>>>),
}

/// Hands steps to the thread that writes.
#[derive(Clone)]
pub(super) struct Writer(SyncSender<Step>);

impl Writer {
    /// Starts the thread. It ends, with all that was handed to it done, once the last `Writer` is
    /// gone.
    pub(super) fn start(index: Index) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (sender, receiver) = sync_channel(WAITING);
        let thread =
            std::thread::Builder::new().name("writer".into()).spawn(move || work(index, &receiver))?;
        Ok((Self(sender), thread))
    }

    /// Adds stories; they are on the disk when this returns.
    pub(super) async fn add(&self, stories: Vec<Story>) -> Result<Vec<Answer>, Problem> {
        self.done(|told| Step::Add(stories, told)).await
    }

    /// Removes stories, and gives the ids that none had.
    pub(super) async fn remove(&self, ids: Vec<String>) -> Result<Vec<String>, Problem> {
        self.done(|told| Step::Remove(ids, told)).await
    }

    async fn done<T>(
        &self,
        step: impl FnOnce(oneshot::Sender<dedup::Result<T>>) -> Step,
    ) -> Result<T, Problem> {
        let (told, answer) = oneshot::channel();
        self.0.try_send(step(told)).map_err(|error| match error {
            TrySendError::Full(_) => Problem::busy("too many stories are waiting to be added; try again"),
            TrySendError::Disconnected(_) => Problem::busy("the server is stopping"),
        })?;
        match answer.await {
            Ok(done) => Ok(done?),
            Err(_) => Err(Problem::busy("the server is stopping")),
        }
    }
}

fn work(mut index: Index, steps: &Receiver<Step>) {
    let mut settled = true;
    loop {
        // Whoever asked may be gone; what was handed over is done all the same.
        match steps.recv_timeout(QUIET) {
            Ok(Step::Add(stories, told)) => drop(told.send(index.add(&stories))),
            Ok(Step::Remove(ids, told)) => drop(told.send(index.remove(&ids))),
            Err(RecvTimeoutError::Timeout) => {
                if !settled && let Err(error) = index.settle_if_due() {
                    crate::messages::say(&error.to_string());
                }
                settled = true;
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        settled = false;
    }
}
