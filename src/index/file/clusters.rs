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
    /// What stands for all that the row says.
    pub(in crate::index) fn seal(&self) -> i64 {
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

    /// The numbers of the clusters that stories are in, in their order; in none is one that is gone.
    /// Nothing is checked: whoever shows a cluster reads all of its rows.
    pub(in crate::index) fn around(
        db: &rusqlite::Connection,
        stories: &[u32],
    ) -> Done<Vec<(u32, Option<u32>)>> {
        let sql = "SELECT value, cluster FROM json_each(?1) \
                   LEFT JOIN stories ON story = value LEFT JOIN classes USING(class)";
        let mut select = db.prepare_cached(sql)?;
        let rows = select.query_map([listed(stories)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The numbers of the clusters of stories, each once, in the order that `by` says; as unchecked as
    /// [`ClusterRow::around`].
    pub(in crate::index) fn ranked(db: &rusqlite::Connection, stories: &[u32], by: &str) -> Done<Vec<u32>> {
        let sql = format!(
            "SELECT cluster FROM clusters WHERE cluster IN (SELECT classes.cluster FROM json_each(?1) \
             CROSS JOIN stories ON story = value CROSS JOIN classes USING(class)) ORDER BY {by}, cluster"
        );
        let mut select = db.prepare_cached(&sql)?;
        let rows = select.query_map([listed(stories)], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The next stories above or below one, in order, each with the number of its cluster; as unchecked
    /// as [`ClusterRow::around`].
    pub(in crate::index) fn along(
        db: &rusqlite::Connection,
        (at, newest_first): (u32, bool),
        most: u32,
    ) -> Done<Vec<(u32, Option<u32>)>> {
        let (which, order) = if newest_first { ("<", "DESC") } else { (">", "ASC") };
        let sql = format!(
            "SELECT story, cluster FROM stories LEFT JOIN classes USING(class) \
             WHERE story {which} ?1 ORDER BY story {order} LIMIT ?2"
        );
        let mut select = db.prepare_cached(&sql)?;
        let rows = select.query_map([at, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The stories of a cluster, by class and number; as unchecked as [`ClusterRow::around`].
    pub(in crate::index) fn members(db: &rusqlite::Connection, cluster: u32) -> Done<Vec<u32>> {
        let sql = "SELECT story FROM classes INDEXED BY classes_of_cluster CROSS JOIN stories USING(class) \
                   WHERE cluster = ?1 ORDER BY classes.class, story";
        let mut select = db.prepare_cached(sql)?;
        let rows = select.query_map([cluster], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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

/// Numbers as SQLite takes many of them in one value.
fn listed(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    format!("[{}]", numbers.join(","))
}
