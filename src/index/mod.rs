//! From stories as they come to an index on disk that knows every report it has seen.
//!
//! An [`Index`] is one SQLite file. It takes stories in any order, answers in milliseconds whether
//! a report has been seen, and holds at level copy exactly the clusters that a
//! [`Scanner`](crate::Scanner) would make of the same stories.
//!
//! ```
//! use dedup::{Config, Level, Story, index::{Index, Seen}};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("wire.db");
//!
//! let config = Config::builder().level(Level::Copy).build()?;
//! let mut index = Index::open_or_create(&path, &config)?;
//! let text = "The ferry ran aground off the cape on Sunday with 212 people aboard.";
//! index.add(&[Story::new("afp-1", text)])?;
//!
//! let answer = index.query(&Story::new("post-7", text))?;
//! assert_eq!(answer.seen, Seen::Identical);
//! assert_eq!(answer.of.as_deref(), Some("afp-1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Who may do what at once
//!
//! One process writes ([`Index::open_or_create`], [`Index::open`]); it holds a lock on the file
//! `PATH.lock`, and a second one waits and is then told who holds it; writers that are to share an
//! index hold it for a step each ([`Index::taking_turns`]). Any number of processes and
//! threads read meanwhile, each by a handle of its own ([`Index::open_read_only`]); each of their
//! calls sees the stories of one moment. An `Index` can be sent to another thread, not shared.
//!
//! # What is kept safe
//!
//! When a call that writes returns, what it did is on the disk; a call that fails has done
//! nothing. Every value that an answer is made from carries a seal, so that a damaged file gives
//! an error ([`ErrorKind::Damaged`]) and not a wrong answer.
//!
//! # Incremental equals batch
//!
//! At levels identical and copy the index keeps every verified tie, and cuts the connected
//! components that a step has touched anew, by the code of a scan. The clusters after any order of
//! steps are those of a scan, with two bounds: where 2,048 texts share a band, newcomers are
//! compared with the oldest 256 of them (a scan compares with other leaders), and components of
//! more than 1,024 texts are cut when [`Index::settle`] is called or the index is closed. At level
//! rewrite a scan weighs words and phrases by the whole corpus, and an index by what it holds when
//! the story comes; see `step/rewrite.rs`.
//!
//! # The file
//!
//! ARCHITECTURE.md has the format. `file` holds what stands there, `step` what changes it, `question`
//! what only reads.

mod file;
mod question;
mod step;
#[cfg(test)]
mod tests;

pub use file::lately::Lately;
pub use file::sought::Sought;
pub use file::words::{Listed, WordList};
pub use question::arrivals::{Arrival, Earlier, News};
pub use question::found::Found;
pub use question::list::Filter;
pub use question::placed::Placed;
pub use question::recall::{Live, Published, Recall};
pub use question::recent::{Counts, Recent};
pub use question::search::{Order, Search};
pub use question::stats::Stats;
pub use question::translations::Translated;
pub use question::version::Version;
pub use question::volume::Volume;
pub use step::answer::{Answer, Hit, Seen};
pub use step::load::{Filled, Loaded};

use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::rare::Sampling;
use crate::story::Story;
use crate::wire::Publishers;
use file::failure::{Done, Fault};
use file::fingerprint::{Fresh, Press};
use file::header;
use file::lock::{WriterLock, beside};
use file::rows::State;
use file::store::{self, Store};
use file::tail::Tail;
use file::weights::Profiles;
use file::words::{self, Words};
use jiff::Timestamp;
use question::walk::TEXTS;
use std::cell::{Cell, Ref, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use step::lookup::SETS;

/// A living index of stories on disk.
pub struct Index {
    path: PathBuf,
    store: Store,
    /// What is not filed yet, as far as it was read.
    tail: RefCell<Tail>,
    sets: RefCell<Lately<u32, Arc<Vec<u64>>>>,
    press: RefCell<Press>,
    profiles: RefCell<Profiles>,
    /// Of stories that were searched.
    texts: RefCell<Lately<u32, Arc<Story>>>,
    /// The list of words beside the file, once there is one.
    words: RefCell<Option<Words>>,
    /// Which outlets are of one publisher, for reports.
    newsrooms: Arc<Publishers>,
    /// The first story that may name a source.
    silent: Cell<u32>,
    /// Classes that were walked to find components.
    #[cfg(test)]
    walked: Cell<u64>,
}

/// How long a writer waits for another one, by default.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long a step of a writer that takes turns waits for the step of another: settling a large
/// index takes minutes.
pub const TURN: Duration = Duration::from_secs(600);

impl Index {
    /// Opens the index at `path` to write it, or makes it with `config`.
    ///
    /// Level, threshold, shingle, furniture, window, linkage, what is kept, the model, languages, noise,
    /// lexicon and publishers are settings of the file; the others of `config` are not kept. Waits [`PATIENCE`] for another writer.
    ///
    /// # Errors
    /// [`ErrorKind::OtherSettings`] if it was made with other settings, naming the first;
    /// [`ErrorKind::Locked`], saying who writes it; [`ErrorKind::Format`] for a file of another
    /// version; [`ErrorKind::Damaged`]; [`ErrorKind::Network`] on a network file system;
    /// [`ErrorKind::Io`].
    pub fn open_or_create(path: impl AsRef<Path>, config: &Config) -> Result<Self> {
        let path = path.as_ref();
        Self::of(path, store::open_or_create(path, config, PATIENCE))
    }

    /// Opens an index that is there to write it, with the settings it was made with; waits up to
    /// `patience` for another writer.
    ///
    /// # Errors
    /// Those of [`Index::open_or_create`] but for other settings; [`ErrorKind::Io`] if there is
    /// none.
    pub fn open(path: impl AsRef<Path>, patience: Duration) -> Result<Self> {
        let path = path.as_ref();
        Self::of(path, store::open(path, patience))
    }

    /// Whether `path` is an index, of whatever format, or one of the files that go with one: its
    /// lock and what SQLite keeps beside it. For whoever is about to write a file.
    pub fn owns(path: impl AsRef<Path>) -> bool {
        let path = path.as_ref();
        let shown = path.to_string_lossy();
        let beside = [
            "-wal",
            "-shm",
            "-journal",
            ".lock",
            ".turn",
            ".settle",
            ".words",
            ".words-wal",
            ".words-shm",
            ".handled",
        ];
        store::is_index(path)
            || beside
                .iter()
                .any(|end| shown.strip_suffix(end).is_some_and(|db| store::is_index(Path::new(db))))
    }

    /// Opens an index to read it, whoever writes it meanwhile. Nothing is written, so the folder
    /// may be read-only.
    ///
    /// # Errors
    /// Those of [`Index::open`] but for the lock.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::of(path, store::open_read_only(path))
    }

    /// Brings what waits in journals (`PATH-wal`) into the index at `path` and its list of words, so that
    /// the files alone say all. For whoever has closed an index that others read or wrote meanwhile; where
    /// somebody still has it open, as much as can be is brought in.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::Damaged`]; nothing is lost, and whoever writes next does it.
    pub fn bring_in(path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        for path in [path.to_owned(), beside(path, words::SUFFIX)] {
            store::bring_in(&path).map_err(|fault| fault.of(&path))?;
        }
        Ok(())
    }

    fn of(path: &Path, store: Done<Store>) -> Result<Self> {
        let made = store.and_then(|store| {
            let press = RefCell::new(Press::new(&store.config)?);
            Ok(Self {
                path: path.to_owned(),
                newsrooms: Arc::clone(store.config.publishers()),
                store,
                tail: RefCell::default(),
                sets: RefCell::new(Lately::within(SETS)),
                press,
                profiles: RefCell::default(),
                texts: RefCell::new(Lately::within(TEXTS)),
                words: RefCell::default(),
                silent: Cell::default(),
                #[cfg(test)]
                walked: Cell::default(),
            })
        });
        made.map_err(|fault| fault.of(path))
    }

    /// The settings that the index was made with.
    pub fn config(&self) -> &Config {
        &self.store.config
    }

    /// Says which outlets are of one publisher, for the reports of this handle; it is not kept. What
    /// the index keeps apart stays so.
    #[must_use]
    pub fn with_publishers(mut self, publishers: impl Into<Arc<Publishers>>) -> Self {
        self.newsrooms = publishers.into();
        self
    }

    /// Whether the index can be used with the settings of `asked`.
    ///
    /// # Errors
    /// [`ErrorKind::OtherSettings`], naming the first that differs.
    pub fn accepts(&self, asked: &Config) -> Result<()> {
        header::check(&self.store.config, asked).map_err(|fault| fault.of(&self.path))
    }

    /// Where the index is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `step` in a transaction that is durable when this returns, or has done nothing.
    fn write<T>(&mut self, step: impl FnOnce(&Self, &mut State) -> Done<T>) -> Result<T> {
        let done = self.transact(step);
        done.map_err(|fault| {
            // What it held in memory may be of what was taken back.
            let _ = self.store.db.execute_batch("ROLLBACK");
            self.tail.borrow_mut().forget();
            self.sets.borrow_mut().forget();
            self.profiles.borrow_mut().forget();
            self.silent.set(0);
            fault.of(&self.path)
        })
    }

    /// Gives the right to write back, and takes it anew for each step, so that several writers take
    /// turns; a step waits up to `patience` for the one in hand.
    #[must_use]
    pub fn taking_turns(mut self, patience: Duration) -> Self {
        self.store.turns = Some(patience);
        self.store.lock = None;
        self
    }

    /// The right to write for one step; `None` where it is held anyway.
    fn turn(&self) -> Done<Option<WriterLock>> {
        match (&self.store.lock, self.store.turns) {
            (Some(_), _) => Ok(None),
            (None, Some(patience)) => WriterLock::take(&self.path, patience).map(Some),
            (None, None) => {
                let text = "opened to be read only; open it to write";
                Err(Error::new(ErrorKind::Io, text).into())
            }
        }
    }

    fn transact<T>(&self, step: impl FnOnce(&Self, &mut State) -> Done<T>) -> Done<T> {
        let _turn = self.turn()?;
        let db = &self.store.db;
        db.execute_batch("BEGIN IMMEDIATE")?;
        let mut state = State::read(db)?;
        self.tail.borrow_mut().catch_up(db, &state)?;
        let done = step(self, &mut state)?;
        state.write(db)?;
        db.execute_batch("COMMIT")?;
        self.tail.borrow_mut().agrees(&state);
        Ok(done)
    }

    /// Runs `look` on the stories of one moment.
    fn read<T>(&self, look: impl FnOnce(&Self, &State) -> Done<T>) -> Result<T> {
        let db = &self.store.db;
        let looked = (|| {
            db.execute_batch("BEGIN")?;
            look(self, &State::read(db)?)
        })();
        // A read leaves nothing to keep; if it cannot even be ended, the next one says so.
        let _ = db.execute_batch("ROLLBACK");
        looked.map_err(|fault: Fault| fault.of(&self.path))
    }

    /// The list of words, if there is one by now.
    fn words(&self) -> Option<Ref<'_, Words>> {
        if self.words.borrow().is_none() {
            *self.words.borrow_mut() = Words::open(&self.path);
        }
        Ref::filter_map(self.words.borrow(), Option::as_ref).ok()
    }

    /// How many stories a search for a text looks through one by one, since no list of words has them
    /// yet: numbers beyond those that a [`WordList`] has taken in.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::Damaged`].
    pub fn unlisted(&self) -> Result<u32> {
        self.read(|index, state| {
            let known = index.words().and_then(|words| words.known(index, state));
            Ok(state.next_story - 1 - known.unwrap_or_default().min(state.next_story - 1))
        })
    }

    /// Turns stories into what is kept of them, on all threads where there are many.
    fn pressed(&self, stories: &[crate::Story], sampling: Sampling) -> Done<Vec<Fresh>> {
        /// Stories below which starting threads takes longer.
        const MANY: usize = 16;
        if stories.len() < MANY {
            let mut press = self.press.borrow_mut();
            return stories.iter().map(|story| press.press(story.clone(), sampling)).collect();
        }
        step::load::pressed(&self.store.config, stories, sampling)
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        if self.store.lock.is_some() || self.store.turns.is_some() {
            // Whoever wants to know of a failure calls it before.
            let _ = self.settle_if_due();
        }
    }
}

/// Which rare shingles count once about so many more `bytes` of text are in: what a scan of all
/// would say.
fn sampling(state: &State, bytes: u64) -> Sampling {
    /// Bytes of a token and what follows it.
    const TOKEN: u64 = 6;
    Sampling::of(state.tokens + bytes / TOKEN)
}

/// The time of the machine, in seconds since 1970. It is kept with a story and decides only when
/// one without a time of its own expires.
fn now() -> i64 {
    Timestamp::now().as_second()
}
