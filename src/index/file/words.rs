//! From the texts of an index to a list of which story holds which word, in a file beside it.
//!
//! `PATH.words` is made from the index alone and can be made again at any time: it is brought up to
//! date in bounded steps by whoever keeps it, under a lock of its own, and never by who adds stories.
//! It says where to look: words alone it knows, phrases are looked for in the stored texts that it
//! names, and stories that it does not know yet are looked through one by one.

use super::corpus;
use super::failure::{Done, Fault, damage};
use super::lock::beside;
use super::rows::{State, StoryRow};
use super::sought::{self, Terms};
use super::store::keep_plans;
use crate::error::Result;
use crate::index::Index;
use rayon::prelude::*;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Raised whenever words are told otherwise; a list of another number is made anew.
const FORMAT: i32 = 2;
/// What the file of a list is called beside its index.
pub(in crate::index) const SUFFIX: &str = ".words";
/// Stories of a step.
const STEP: u32 = 500;
/// Marks that are held against the index.
const MARKS: u32 = 64;

/// Words are told by this program: whatever is not ASCII is a letter to SQLite. Neither texts nor
/// places are kept. Beginnings of up to six letters have lists of their own: of a longer one those of all
/// words that begin so are laid together for each search, and of `their` or `which` that took 10 ms. The
/// last story of each step is marked, with its seal.
const SCHEMA: &str = "
    CREATE VIRTUAL TABLE words USING fts5(
        text, content = '', detail = none, columnsize = 0, tokenize = 'ascii', prefix = '2 3 4 5 6');
    CREATE TABLE marks(story INTEGER PRIMARY KEY, seal INTEGER NOT NULL);";

/// A list as it is read.
pub(in crate::index) struct Words(Connection);

impl Words {
    /// The list of the index at `path`; `None` where there is none that can be read.
    pub(in crate::index) fn open(path: &Path) -> Option<Self> {
        let path = beside(path, SUFFIX);
        if !path.is_file() {
            return None;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).ok()?;
        db.busy_timeout(Duration::from_secs(5)).ok()?;
        (format(&db).ok()? == FORMAT).then_some(Self(db))
    }

    /// The number of the last story that is in the list, if it is one of this index.
    pub(in crate::index) fn known(&self, index: &Index, state: &State) -> Option<u32> {
        known(&self.0, index, state).ok().flatten()
    }

    /// Up to `most` stories with a number between the two that may hold all terms, the latest first
    /// or last. They hold them all where only words are asked for.
    pub(in crate::index) fn stories(
        &self,
        terms: &Terms,
        (after, before): (u32, u32),
        newest_first: bool,
        most: usize,
    ) -> Done<Vec<u32>> {
        let order = if newest_first { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid > ?2 AND rowid < ?3 ORDER BY rowid {order} LIMIT ?4"
        );
        let mut select = self.0.prepare_cached(&sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = select.query_map((terms.asked(), after, before, most), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn format(db: &Connection) -> rusqlite::Result<i32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The last story that is marked, 0 of an empty list; `None` if its marks are of another index.
fn known(db: &Connection, index: &Index, state: &State) -> Done<Option<u32>> {
    let mut select = db.prepare_cached("SELECT story, seal FROM marks ORDER BY story DESC LIMIT ?1")?;
    let marks = select.query_map([MARKS], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?)))?;
    let mut last = None;
    for mark in marks {
        let (story, seal) = mark?;
        let last = *last.get_or_insert(story);
        if story >= state.next_story {
            return Ok(None);
        }
        // Of stories that are gone nothing can be said.
        if let Some(row) = StoryRow::find(&index.store.db, story)? {
            return Ok((row.seal() == seal).then_some(last));
        }
    }
    Ok(Some(last.unwrap_or_default()))
}

/// Keeps the list of words of an index up to date.
pub struct WordList {
    index: Index,
    path: PathBuf,
    db: Connection,
}

/// How far a list of words has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Listed {
    /// The number of the last story that is in it.
    pub known: u32,
    /// The number of the last story of the index.
    pub last: u32,
}

impl WordList {
    /// Opens the list of the index at `path`, or makes it.
    ///
    /// # Errors
    /// Those of [`Index::open_read_only`]; [`ErrorKind::Io`](crate::ErrorKind::Io) where the folder
    /// cannot be written: a search looks through texts one by one then.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let index = Index::open_read_only(path)?;
        let path = beside(index.path(), SUFFIX);
        let db = opened(&path).map_err(|fault| fault.of(&path))?;
        Ok(Self { index, path, db })
    }

    /// Takes in up to 500 stories that it does not have. Cost: some 0.1 s; nothing where all
    /// are in, or another process takes them in.
    ///
    /// # Errors
    /// Those of [`WordList::open`].
    pub fn step(&mut self) -> Result<Listed> {
        let stepped = self.stepped().or_else(|fault| {
            if !is_broken(&fault) {
                return Err(fault);
            }
            self.db = made_anew(&self.path)?;
            self.stepped()
        });
        stepped.map_err(|fault| fault.of(&self.path))
    }

    fn stepped(&mut self) -> Done<Listed> {
        let (index, db) = (&self.index, &self.db);
        let read = index.read(|index, state| {
            let known = known(db, index, state)?;
            let mut after = known.unwrap_or_default();
            let stories = corpus::stories_after(&index.store.db, &mut after, STEP)?;
            Ok((known, stories, state.next_story - 1))
        });
        let (known, stories, last) = read.map_err(Fault::Known)?;
        if stories.is_empty() && known.is_some() {
            return Ok(Listed { known: last, last });
        }
        let (before, mark) =
            (known.unwrap_or_default(), stories.last().map(|(row, _)| (row.story, row.seal())));
        let texts: Vec<(u32, String)> =
            stories.into_par_iter().map(|(row, story)| (row.story, sought::words(&story))).collect();
        if let Err(error) = db.execute_batch("BEGIN IMMEDIATE") {
            // Another process is at it.
            return match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy) => Ok(Listed { known: before, last }),
                _ => Err(error.into()),
            };
        }
        let written = written(db, (known, before), &texts, mark);
        if written.is_err() {
            let _ = db.execute_batch("ROLLBACK");
        }
        let came = written?;
        Ok(Listed { known: if came { mark.map_or(before, |(story, _)| story) } else { before }, last })
    }
}

/// Writes a step, unless another process wrote it meanwhile; gives whether it did.
fn written(
    db: &Connection,
    (known, before): (Option<u32>, u32),
    texts: &[(u32, String)],
    mark: Option<(u32, i64)>,
) -> Done<bool> {
    if known.is_none() {
        db.execute_batch("INSERT INTO words(words) VALUES('delete-all'); DELETE FROM marks;")?;
    }
    let now: u32 = db.query_row("SELECT coalesce(max(story), 0) FROM marks", [], |row| row.get(0))?;
    if now != before {
        db.execute_batch("ROLLBACK")?;
        return Ok(false);
    }
    let mut insert = db.prepare_cached("INSERT INTO words(rowid, text) VALUES(?1, ?2)")?;
    for (story, words) in texts {
        insert.execute((story, words))?;
    }
    if let Some((story, seal)) = mark {
        db.execute("INSERT INTO marks(story, seal) VALUES(?1, ?2)", (story, seal))?;
    }
    db.execute_batch("COMMIT")?;
    Ok(true)
}

fn opened(path: &Path) -> Done<Connection> {
    connected(path).or_else(|fault| if is_broken(&fault) { made_anew(path) } else { Err(fault) })
}

/// The list as it is, or an empty one where there is none.
fn connected(path: &Path) -> Done<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_millis(100))?;
    keep_plans(&db)?;
    // What a crash takes back is made again.
    db.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;")?;
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    match format(&db)? {
        FORMAT => Ok(db),
        0 => {
            db.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;"))?;
            Ok(db)
        }
        other => damage(format!("a list of words of format {other}")),
    }
}

/// Whether it helps to make the list anew.
fn is_broken(fault: &Fault) -> bool {
    match fault {
        Fault::Damage(_) => true,
        Fault::Sql(error) => {
            matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        }
        Fault::Known(_) => false,
    }
}

fn made_anew(path: &Path) -> Done<Connection> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(beside(path, suffix));
    }
    connected(path)
}
