//! From questions to answers: a small pool of handles that only read, each on a blocking thread.

use super::problem::Problem;
use dedup::Index;
use dedup::wire::Publishers;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Questions that may wait for a handle, for each handle.
const WAITING: usize = 64;

/// The pool.
pub(super) struct Readers {
    path: PathBuf,
    newsrooms: Arc<Publishers>,
    idle: Mutex<Vec<Index>>,
    handles: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// How many of these there are.
    most: usize,
}

impl Readers {
    /// Opens the first handle, so that what is wrong with the index is known at the start.
    pub(super) fn open(path: PathBuf, newsrooms: Arc<Publishers>, count: usize) -> dedup::Result<Arc<Self>> {
        let most = count * WAITING;
        let first = Index::open_read_only(&path)?.with_publishers(Arc::clone(&newsrooms));
        Ok(Arc::new(Self {
            path,
            newsrooms,
            idle: Mutex::new(vec![first]),
            handles: Arc::new(Semaphore::new(count)),
            places: Arc::new(Semaphore::new(most)),
            most,
        }))
    }

    /// Runs `look` on a handle. A question that nobody waits for any more is still looked at to its
    /// end, and keeps its handle until then.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&Index) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Problem::busy("too many questions are waiting; try again"))?;
        let handle = Arc::clone(&self.handles).acquire_owned().await;
        let handle = handle.map_err(|_| Problem::busy("the server is stopping"))?;
        let readers = Arc::clone(self);
        let looked = tokio::task::spawn_blocking(move || {
            let _held = (place, handle);
            let index = match readers.idle().pop() {
                Some(index) => index,
                None => Index::open_read_only(&readers.path)?.with_publishers(Arc::clone(&readers.newsrooms)),
            };
            let looked = look(&index);
            readers.idle().push(index);
            looked
        });
        looked.await.unwrap_or_else(|_| Err(Problem::busy("the question could not be looked at")))
    }

    /// How long what goes on beside the questions rests when it has worked for so long: not at all where
    /// nobody asks, else so that it takes as much of the machine as one who does.
    pub(super) fn rest(&self, worked: Duration) -> Duration {
        let asking = self.most - self.places.available_permits();
        worked.saturating_mul(u32::try_from(asking).unwrap_or(u32::MAX))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Index>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dedup::Config;

    #[test]
    fn what_goes_on_beside_rests_for_each_who_asks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        Index::open_or_create(&path, &Config::default()).unwrap();
        let readers = Readers::open(path, Arc::new(Publishers::default()), 1).unwrap();
        let worked = Duration::from_millis(10);
        assert_eq!(readers.rest(worked), Duration::ZERO);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let among = Arc::clone(&readers);
        let rest = runtime.block_on(readers.read(move |_| Ok(among.rest(worked)))).unwrap();
        assert_eq!((rest, readers.rest(worked)), (worked, Duration::ZERO));
    }
}
