//! From a file that is followed to how far its stories were taken in.

use crate::error::Result;
use crate::index::Index;
use rusqlite::OptionalExtension;

impl Index {
    /// The mark that was set for `source`, whatever its caller means by it; `None` if none was.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn watched(&self, source: &str) -> Result<Option<String>> {
        self.read(|index, _| {
            let mut select = index.store.db.prepare_cached("SELECT mark FROM watched WHERE source = ?1")?;
            Ok(select.query_row([source], |row| row.get(0)).optional()?)
        })
    }

    /// Keeps a mark for `source`, so that who follows it can go on from there.
    ///
    /// # Errors
    /// Those of [`Index::add`].
    pub fn set_watched(&mut self, source: &str, mark: &str) -> Result<()> {
        self.write(|index, _| {
            index
                .store
                .db
                .execute("INSERT OR REPLACE INTO watched(source, mark) VALUES(?1, ?2)", [source, mark])?;
            Ok(())
        })
    }
}
