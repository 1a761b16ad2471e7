//! From an index of an older format to one of this program's, by the texts that are in it.

use super::merge::STEP;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::index::file::corpus;
use crate::index::file::failure::{Done, Fault};
use crate::index::file::header;
use crate::index::file::lock::{WriterLock, beside};
use crate::index::file::store;
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::time::Duration;

impl Index {
    /// Brings the index at `path` up to the format of this program, and gives how many stories it
    /// has; `None` if it is of that format. What is known of its stories is made anew from their
    /// texts, beside the file, which is replaced in one step once that is whole. Cost: that of
    /// adding all stories.
    ///
    /// # Errors
    /// [`ErrorKind::Format`](crate::ErrorKind::Format) for a later format; those of [`Index::open`]
    /// and [`Index::add`]; the file is as it was then.
    pub fn upgrade(path: impl AsRef<Path>, patience: Duration) -> Result<Option<u64>> {
        let path = path.as_ref();
        let of = |fault: Fault| fault.of(path);
        let _lock = WriterLock::take(path, patience).map_err(of)?;
        let (db, config) = store::open_older(path).map_err(of)?;
        if header::format(&db).map_err(of)? == header::FORMAT {
            return Ok(None);
        }
        let new_path = beside(path, ".upgrade");
        remove_leftovers(&new_path);
        let mut new = Self::open_or_create(&new_path, &config)?;
        let mut after = 0;
        let added = new.carry(&mut || {
            let stories = corpus::stories_after(&db, &mut after, STEP).map_err(of)?;
            Ok(stories.into_iter().map(|(row, story)| (story, row.added)).collect())
        })?;
        for (source, mark) in marks(&db).map_err(of)? {
            new.set_watched(&source, &mark)?;
        }
        new.settle()?;
        // Closed, each is one file again, without a journal beside it.
        drop(new);
        db.close().map_err(|(_, error)| of(error.into()))?;
        fs::rename(&new_path, path).map_err(|error| Error::io(path, "replace the index", error))?;
        remove_leftovers(&new_path);
        Ok(Some(added.added))
    }
}

/// What may lie there of an upgrade that was stopped.
fn remove_leftovers(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock", ".turn", ".settle"] {
        let _ = fs::remove_file(beside(path, suffix));
    }
}

/// Where `watch` has come to.
fn marks(db: &Connection) -> Done<Vec<(String, String)>> {
    let mut select = db.prepare("SELECT source, mark FROM watched ORDER BY source")?;
    let marks = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(marks.collect::<std::result::Result<_, _>>()?)
}
