//! From an index to its figures.

use crate::error::Result;
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::Done;
use crate::index::file::rows::{State, StoryRow};
use crate::time::Time;
use rusqlite::OptionalExtension;
use serde::Serialize;

/// Figures of an index. As JSON, an object with these fields.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Stats {
    /// Stories that are in.
    pub stories: u64,
    /// Different texts among them, but for empty ones.
    pub texts: u64,
    /// Clusters of two stories or more.
    pub clusters: u64,
    /// Stories that are in a cluster.
    pub clustered: u64,
    /// Verified ties of two texts.
    pub ties: u64,
    /// Texts of large components that are cut anew when the index settles.
    pub waiting: u64,
    /// The earliest time of a story, if any has one: a day where it has no hour.
    pub first: Option<Time>,
    /// The latest.
    pub last: Option<Time>,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of it that are packed texts.
    pub text_bytes: u64,
}

impl Index {
    /// The figures of the index. Cost: a look at every row, but for the texts: about a second a
    /// million stories.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn stats(&self) -> Result<Stats> {
        self.read(Self::figures)
    }

    fn figures(&self, state: &State) -> Done<Stats> {
        let db = &self.store.db;
        let number = |sql: &str| -> Done<u64> {
            Ok(db.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?.unwrap_or_default().cast_unsigned())
        };
        // A day and a moment at its midnight stand in the order of times.
        let time = |order: &str| -> Done<Option<Time>> {
            let sql =
                format!("SELECT story FROM stories WHERE time IS NOT NULL ORDER BY {order}, story LIMIT 1");
            let story = db.query_row(&sql, [], |row| row.get(0)).optional()?;
            story.map_or(Ok(None), |story| Ok(StoryRow::read(db, story)?.time))
        };
        Ok(Stats {
            stories: state.stories,
            texts: state.classes,
            clusters: ClusterRow::count(db)? as u64,
            clustered: number("SELECT sum(stories) FROM clusters")?,
            ties: number("SELECT count(*) FROM ties")? / 2,
            waiting: self.waiting()?,
            first: time("time, nanos < 0, nanos")?,
            last: time("time DESC, nanos < 0 DESC, nanos DESC")?,
            bytes: number("PRAGMA page_count")? * number("PRAGMA page_size")?,
            text_bytes: number("SELECT sum(length(text)) FROM texts")?,
        })
    }
}
