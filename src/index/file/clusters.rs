//! From a cluster to its row, and back.

use super::failure::{Done, damage};
use super::seal::Seal;
use crate::similarity::Similarity;
use rusqlite::{OptionalExtension, params};

/// A cluster as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::index) struct ClusterRow {
    /// The canonical.
    pub(in crate::index) cluster: u32,
    pub(in crate::index) classes: u32,
    pub(in crate::index) stories: u32,
    pub(in crate::index) weakest: Similarity,
}

impl ClusterRow {
    fn seal(&self) -> i64 {
        let seal = Seal::new("clusters").number(self.cluster).number(self.classes).number(self.stories);
        seal.number(self.weakest.millionths()).value()
    }

    fn of(row: &rusqlite::Row<'_>) -> Done<Self> {
        let weakest = Similarity::from_millionths(row.get(3)?);
        let found = Self { cluster: row.get(0)?, classes: row.get(1)?, stories: row.get(2)?, weakest };
        if row.get::<_, i64>(4)? != found.seal() {
            return damage(format!("cluster {} does not agree with its seal", found.cluster));
        }
        Ok(found)
    }

    pub(in crate::index) fn read(db: &rusqlite::Connection, cluster: u32) -> Done<Self> {
        let mut select = db.prepare_cached(
            "SELECT cluster, classes, stories, weakest, seal FROM clusters WHERE cluster = ?1",
        )?;
        match select.query_row([cluster], |row| Ok(Self::of(row))).optional()? {
            Some(row) => row,
            None => damage(format!("cluster {cluster} is missing")),
        }
    }

    /// How many clusters there are.
    pub(in crate::index) fn count(db: &rusqlite::Connection) -> Done<usize> {
        let count: i64 = db.query_row("SELECT count(*) FROM clusters", [], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    pub(in crate::index) fn write(&self, db: &rusqlite::Connection) -> Done<()> {
        db.prepare_cached(
            "INSERT OR REPLACE INTO clusters(cluster, classes, stories, weakest, seal) VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![self.cluster, self.classes, self.stories, self.weakest.millionths(), self.seal()])?;
        Ok(())
    }
}
