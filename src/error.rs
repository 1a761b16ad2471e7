//! From a failure to one sentence: the opaque [`Error`] with its [`ErrorKind`].
//!
//! One error type serves the whole library. It imports nothing of ours, its constructors are
//! private to the crate, and what a caller may branch on is the kind. The text names the place
//! (file and line where there is one), what was expected, what came, and the way out.

use std::fmt;
use std::path::{Path, PathBuf};

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, in terms a caller can act on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is outside its range or contradicts another one.
    Config,
    /// A file or stream could not be opened, read or written.
    Io,
    /// Bytes came, but not in the form that was expected.
    Input,
    /// A story changed, or vanished, between two readings of one run.
    Changed,
    /// An index was made with other settings than those asked for.
    OtherSettings,
    /// Another process is writing the index.
    Locked,
    /// The bytes of an index are not those that were written.
    Damaged,
    /// An index was written in a format that this version does not read.
    Format,
    /// An index lies on a network file system, which cannot keep it safe.
    Network,
}

/// The one error of this crate: a kind, a sentence, and the place where it happened.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    place: Option<Place>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Where in the input a failure happened.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The file, or `-` for standard input.
    pub path: PathBuf,
    /// The line, from 1; of a file without lines the record or row; 0 where the failure concerns
    /// the whole file.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        Ok(())
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None, source: None }
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    pub(crate) fn io(path: &Path, doing: &str, source: std::io::Error) -> Self {
        Self {
            kind: ErrorKind::Io,
            message: format!("cannot {doing}: {source}"),
            place: Some(Place { path: path.to_owned(), line: 0 }),
            source: Some(Box::new(source)),
        }
    }

    /// The same error, said to have happened at `line` of `path`.
    pub(crate) fn at(mut self, path: &Path, line: u64) -> Self {
        self.place = Some(Place { path: path.to_owned(), line });
        self
    }

    /// What went wrong, for callers that branch on it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where it happened, if the failure has a place in the input.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The sentence without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_place_and_way_out() {
        let error = Error::input("expected a JSON object, found `[`; give one story a line")
            .at(Path::new("a/b.jsonl"), 7);
        assert_eq!(
            error.to_string(),
            "a/b.jsonl:7: expected a JSON object, found `[`; give one story a line"
        );
        assert_eq!(error.kind(), ErrorKind::Input);
        assert_eq!(error.place().map(|p| p.line), Some(7));
    }

    #[test]
    fn the_cause_is_kept() {
        let cause = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "permission denied");
        let error = Error::io(Path::new("x"), "read", cause);
        assert_eq!(error.to_string(), "x: cannot read: permission denied");
        assert!(std::error::Error::source(&error).is_some());
    }
}
