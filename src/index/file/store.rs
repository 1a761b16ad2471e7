//! From a path to an open database: made whole or not at all, checked before it is used.

use super::failure::{Done, damage};
use super::header;
use super::lock::{WriterLock, beside, refuse_network};
use super::rows::State;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// Pages that SQLite holds, in KiB.
const CACHE: i32 = 96 << 10;
/// Bytes of a page of a new file: of one of 4 kB the texts leave a third empty, and one of 16 kB takes longer
/// to read than what a question looks for in it.
const PAGE: i32 = 8 << 10;
/// Bytes of the journal that stay when it is empty.
const JOURNAL: i32 = 64 << 20;

/// A database with its settings, and the lock of whoever writes it.
pub(in crate::index) struct Store {
    pub(in crate::index) db: Connection,
    pub(in crate::index) config: Config,
    pub(in crate::index) lock: Option<WriterLock>,
    /// How long each step waits for the lock, where it is held for a step and not for a life.
    pub(in crate::index) turns: Option<Duration>,
}

/// Whether the file at `path` is an index, or is said to be one: it may be of any format, and damaged.
pub(in crate::index) fn is_index(path: &Path) -> bool {
    let mut mark = [0; 4];
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(header::APPLICATION_AT))?;
        file.read_exact(&mut mark)
    });
    mark.reverse();
    read.is_ok() && mark == header::APPLICATION.to_le_bytes()
}

/// Opens the index at `path` to write it; makes it with `config` where there is none.
pub(in crate::index) fn open_or_create(path: &Path, config: &Config, patience: Duration) -> Done<Store> {
    refuse_network(path)?;
    let lock = WriterLock::take(path, patience)?;
    if !path.exists() {
        create(path, config)?;
    }
    let store = open_locked(path, lock)?;
    header::check(&store.config, config)?;
    Ok(store)
}

/// Opens the index at `path` to write it.
pub(in crate::index) fn open(path: &Path, patience: Duration) -> Done<Store> {
    refuse_network(path)?;
    must_be_there(path)?;
    open_locked(path, WriterLock::take(path, patience)?)
}

fn must_be_there(path: &Path) -> Done<()> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() => Ok(()),
        Ok(_) => Err(Error::new(ErrorKind::Io, "expected an index, found a folder").into()),
        Err(error) => {
            let text = format!("cannot open the index: {error}; `dedup index add` makes one");
            Err(Error::new(ErrorKind::Io, text).into())
        }
    }
}

fn open_locked(path: &Path, lock: WriterLock) -> Done<Store> {
    must_be_there(path)?;
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | FLAGS)?;
    // For readers that hold a lock for a moment; writers are kept out by the lock file.
    db.busy_timeout(Duration::from_secs(30))?;
    let config = prepare(&db, path, header::FORMAT)?;
    State::read(&db)?;
    Ok(Store { db, config, lock: Some(lock), turns: None })
}

/// Opens an index of an older format, whose stories alone can be read.
pub(in crate::index) fn open_older(path: &Path) -> Done<(Connection, Config)> {
    refuse_network(path)?;
    must_be_there(path)?;
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | FLAGS)?;
    db.busy_timeout(Duration::from_secs(30))?;
    let config = prepare(&db, path, header::OLDEST)?;
    Ok((db, config))
}

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_URI);

/// Opens the index at `path` to read it, whoever writes it meanwhile.
pub(in crate::index) fn open_read_only(path: &Path) -> Done<Store> {
    refuse_network(path)?;
    must_be_there(path)?;
    let plain = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | FLAGS)?;
    plain.busy_timeout(Duration::from_secs(30))?;
    let readable = plain.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    let cannot = readable.is_err_and(|error| {
        matches!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
        )
    });
    // In a folder that cannot be written SQLite cannot share memory with a writer. Where no
    // journal waits there is no writer, and the file alone says all.
    let db = if cannot && !has_journal(path) {
        let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let address = format!("file:{escaped}?immutable=1");
        Connection::open_with_flags(address, OpenFlags::SQLITE_OPEN_READ_ONLY | FLAGS)?
    } else {
        plain
    };
    let config = prepare(&db, path, header::FORMAT)?;
    State::read(&db)?;
    Ok(Store { db, config, lock: None, turns: None })
}

/// Brings what waits in the journal of the database at `path` into it, and lets the journal go unless
/// somebody else has the database open.
pub(in crate::index) fn bring_in(path: &Path) -> Done<()> {
    if !has_journal(path) {
        return Ok(());
    }
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | FLAGS)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    db.close().map_err(|(_, error)| error.into())
}

fn has_journal(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|about| about.len() > 0)
}

/// Sets what holds for a connection, and checks that the file can be an index.
fn prepare(db: &Connection, path: &Path, oldest: i32) -> Done<Config> {
    db.set_prepared_statement_cache_capacity(64);
    keep_plans(db)?;
    db.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -{CACHE}; PRAGMA temp_store = MEMORY;
         PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = {JOURNAL};"
    ))?;
    whole(db, path)?;
    header::read(db, oldest)
}

/// Makes plans that look at no bound value. Else a statement that compares or limits by one is planned
/// anew whenever it comes from the cache, which takes longer than to run it.
pub(super) fn keep_plans(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Checks that nothing was cut off the file. While a journal waits, its pages may not be in the
/// file yet; what is missing then is noticed when it is read.
fn whole(db: &Connection, path: &Path) -> Done<()> {
    let length = fs::metadata(path).map_err(|error| Error::io(path, "read", error))?.len();
    if length == 0 {
        return damage("the file is empty");
    }
    // Through SQLite: to close the file that it has open, by another handle, would undo its locks.
    let number = |pragma: &str| db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0));
    let expected = number("page_size")? * number("page_count")?;
    if !has_journal(path) && length < expected.cast_unsigned() {
        return damage(format!("cut off: expected {expected} bytes, found {length}"));
    }
    Ok(())
}

/// Makes the index beside its place and puts it there once it is whole: a process that ends
/// meanwhile leaves no half of one.
fn create(path: &Path, config: &Config) -> Done<()> {
    let new = beside(path, ".new");
    for leftover in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(beside(&new, leftover));
    }
    let db = Connection::open(&new)?;
    db.execute_batch(&format!(
        "PRAGMA page_size = {PAGE}; PRAGMA synchronous = FULL; PRAGMA application_id = {};
         PRAGMA user_version = {}; BEGIN;",
        header::APPLICATION,
        header::FORMAT
    ))?;
    db.execute_batch(include_str!("schema.sql"))?;
    header::write(&db, config)?;
    State::new().write(&db)?;
    db.execute_batch("COMMIT")?;
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.close().map_err(|(_, error)| error)?;
    let failed = |error| Error::io(path, "make the index", error);
    fs::rename(&new, path).map_err(failed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Not every system lets a folder be written through; those that do not keep names anyway.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}
