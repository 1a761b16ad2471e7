//! From what goes wrong inside an index to the one [`Error`] of the crate.

use crate::error::{Error, ErrorKind};
use rusqlite::ErrorCode;
use std::path::Path;

/// What went wrong, before it is known which file to name.
#[derive(Debug)]
pub(in crate::index) enum Fault {
    /// SQLite said so.
    Sql(rusqlite::Error),
    /// What was read cannot have been written; the text names what.
    Damage(String),
    /// An error that already says all.
    Known(Error),
}

/// A result inside the index.
pub(in crate::index) type Done<T> = std::result::Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Known(error)
    }
}

/// A fault for bytes that cannot have been written.
pub(in crate::index) fn damage<T>(what: impl Into<String>) -> Done<T> {
    Err(Fault::Damage(what.into()))
}

/// What to do about damage.
pub(in crate::index) const WAY_OUT: &str =
    "restore the file from a copy, or make the index anew; `dedup index verify` lists the damage";

impl Fault {
    /// The error that names the file.
    pub(in crate::index) fn of(self, path: &Path) -> Error {
        match self {
            Self::Known(error) if error.place().is_some() => error,
            Self::Known(error) => error.at(path, 0),
            Self::Damage(what) => {
                Error::new(ErrorKind::Damaged, format!("damaged: {what}; {WAY_OUT}")).at(path, 0)
            }
            Self::Sql(error) => of_sqlite(&error).at(path, 0),
        }
    }
}

fn of_sqlite(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::new(ErrorKind::Damaged, format!("damaged: {error}; {WAY_OUT}"))
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::new(ErrorKind::Locked, "another process is writing the index; wait until it is done")
        }
        Some(ErrorCode::DiskFull) => Error::new(
            ErrorKind::Io,
            "the disk is full; nothing of this step was added: make room and add it again",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Error::new(
            ErrorKind::Io,
            format!("cannot open or write the index: {error}; check the rights of the file and its folder"),
        ),
        Some(ErrorCode::SystemIoFailure) => {
            Error::new(ErrorKind::Io, format!("cannot read or write the index: {error}"))
        }
        // A value of another type than was written, a row that must be there, a schema that is gone.
        _ => Error::new(ErrorKind::Damaged, format!("damaged: {error}; {WAY_OUT}")),
    }
}
