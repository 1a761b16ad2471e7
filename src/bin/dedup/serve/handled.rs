//! From what editors have dealt with to a file beside the index, so that all see the same.

use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Marks that are kept: the last ones.
const MOST: usize = 10_000;

/// Notices that are dealt with.
pub(super) struct Handled {
    path: PathBuf,
    /// Held while the file is written anew.
    turn: Mutex<()>,
}

/// A notice that is dealt with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Mark {
    /// Its id.
    pub(super) id: String,
    /// Since when, in seconds since 1970.
    pub(super) since: i64,
}

impl Handled {
    /// The marks of the index at `path`.
    pub(super) fn beside(path: &Path) -> Self {
        let mut name = OsString::from(path);
        name.push(".handled");
        Self { path: name.into(), turn: Mutex::default() }
    }

    /// All marks, the oldest first; another server over the same index may have set some.
    pub(super) fn all(&self) -> io::Result<Vec<Mark>> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Sets the mark of a notice, or takes it away with `None`. The file is whole at any time.
    pub(super) fn mark(&self, id: &str, since: Option<i64>) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut marks = self.all()?;
        if since.is_some() && marks.iter().any(|mark| mark.id == id) {
            return Ok(());
        }
        marks.retain(|mark| mark.id != id);
        marks.extend(since.map(|since| Mark { id: id.to_owned(), since }));
        let more = marks.len().saturating_sub(MOST);
        marks.drain(..more);
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(&serde_json::to_vec(&marks)?)?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_last_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wire.db");
        let handled = Handled::beside(&path);
        assert_eq!(handled.all().unwrap(), []);
        handled.mark("kill/1", Some(5)).unwrap();
        handled.mark("kill/2", Some(6)).unwrap();
        handled.mark("kill/1", Some(9)).unwrap();
        let mark = |id: &str, since| Mark { id: id.into(), since };
        let again = Handled::beside(&path);
        assert_eq!(again.all().unwrap(), [mark("kill/1", 5), mark("kill/2", 6)]);
        again.mark("kill/1", None).unwrap();
        assert_eq!(handled.all().unwrap(), [mark("kill/2", 6)]);
        let many: Vec<Mark> = (0..MOST).map(|n| mark(&format!("n{n}"), 1)).collect();
        std::fs::write(&handled.path, serde_json::to_vec(&many).unwrap()).unwrap();
        handled.mark("last", Some(1)).unwrap();
        let all = handled.all().unwrap();
        assert_eq!((all.len(), all[0].id.as_str()), (MOST, "n1"));
    }
}
