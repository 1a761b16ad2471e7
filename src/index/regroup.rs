//! From classes whose ties changed to the clusters that a scan of all stories would make.
//!
//! Linkage looks at one connected component at a time, so it is enough to cut those anew that a
//! step has touched, with the code and in the order of a scan. Components beyond
//! [`ALL_PAIRS`] classes are cut when a run of steps ends ([`Index::settle`]); until then a
//! newcomer follows its closest neighbour.

use super::Index;
use super::add::member;
use super::failure::{Done, damage};
use super::rows::{ClassRow, StoryRow};
use super::seal::Seal;
use super::ties::{self, Half};
use crate::cluster::linkage::ALL_PAIRS;
use crate::config::Level;
use crate::relation::Relation;
use crate::scan::group::{Likeness, linked};
use crate::scan::pairs::Verified;
use crate::scan::rewrite::Families;
use crate::similarity::Similarity;
use ahash::{AHashMap, AHashSet};
use rusqlite::{OptionalExtension, params};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Classes whose ties or stories changed.
pub(super) type Touched = BTreeSet<u32>;

/// A connected component with all ties inside.
struct Part {
    rows: Vec<ClassRow>,
    /// Each tie once, from the side of the first.
    ties: Vec<(u32, Half)>,
}

/// A cluster as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ClusterRow {
    /// The canonical.
    pub(super) cluster: u32,
    pub(super) classes: u32,
    pub(super) stories: u32,
    pub(super) weakest: Similarity,
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

    pub(super) fn read(db: &rusqlite::Connection, cluster: u32) -> Done<Self> {
        let mut select = db.prepare_cached(
            "SELECT cluster, classes, stories, weakest, seal FROM clusters WHERE cluster = ?1",
        )?;
        match select.query_row([cluster], |row| Ok(Self::of(row))).optional()? {
            Some(row) => row,
            None => damage(format!("cluster {cluster} is missing")),
        }
    }

    /// Every cluster, by number.
    pub(super) fn all(db: &rusqlite::Connection) -> Done<Vec<Self>> {
        let mut select =
            db.prepare("SELECT cluster, classes, stories, weakest, seal FROM clusters ORDER BY cluster")?;
        let mut rows = select.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Self::of(row)?);
        }
        Ok(found)
    }

    fn write(&self, db: &rusqlite::Connection) -> Done<()> {
        db.prepare_cached(
            "INSERT OR REPLACE INTO clusters(cluster, classes, stories, weakest, seal) VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![self.cluster, self.classes, self.stories, self.weakest.millionths(), self.seal()])?;
        Ok(())
    }
}

impl Index {
    /// Cuts the components that hold `touched` anew; `all` of them, or only those of some size.
    pub(super) fn regroup(&self, touched: &Touched, all: bool) -> Done<()> {
        let mut seen = AHashSet::new();
        let (mut parts, mut late) = (Vec::new(), Vec::new());
        for &class in touched {
            if seen.contains(&class) {
                continue;
            }
            match self.part_of(class, if all { usize::MAX } else { ALL_PAIRS })? {
                Some(part) => {
                    seen.extend(part.rows.iter().map(|row| row.class));
                    parts.push(part);
                }
                None => late.push(class),
            }
        }
        let db = &self.store.db;
        let former = parts.iter().flat_map(|part| &part.rows).filter_map(|row| row.cluster);
        for cluster in former.collect::<BTreeSet<u32>>() {
            db.prepare_cached("DELETE FROM clusters WHERE cluster = ?1")?.execute([cluster])?;
        }
        for part in parts {
            self.cut(part)?;
        }
        late.into_iter().try_for_each(|class| self.follow(class))
    }

    /// The component of `class`, unless it has more than `most` classes.
    fn part_of(&self, class: u32, most: usize) -> Done<Option<Part>> {
        let (db, level) = (&self.store.db, self.store.config.level());
        let mut part = Part { rows: Vec::new(), ties: Vec::new() };
        let (mut queue, mut met) = (vec![class], AHashSet::from_iter([class]));
        while let Some(class) = queue.pop() {
            let row = ClassRow::read(db, class)?;
            let ties = ties::of_class(db, class)?;
            if ties.len() != row.ties as usize {
                return damage(format!("class {class} has {} ties, expected {}", ties.len(), row.ties));
            }
            part.rows.push(row);
            for tie in ties {
                if tie.joins(level) && met.insert(tie.other) {
                    queue.push(tie.other);
                }
                if class < tie.other {
                    part.ties.push((class, tie));
                }
            }
            if met.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(part))
    }

    /// Makes the clusters of a component; the rows of those it had are gone.
    fn cut(&self, Part { rows, ties }: Part) -> Done<()> {
        let (db, config) = (&self.store.db, &self.store.config);
        let mut placed: Vec<(String, ClassRow)> =
            rows.into_iter().map(|row| Ok((self.id_of(row.least)?, row))).collect::<Done<_>>()?;
        placed.sort_unstable_by(|x, y| x.0.cmp(&y.0));
        let rows: Vec<ClassRow> = placed.into_iter().map(|(_, row)| row).collect();
        let place: AHashMap<u32, u32> = rows.iter().zip(0..).map(|(row, place)| (row.class, place)).collect();
        let sized = |class: u32| place.get(&class).map(|&place| (place, rows[place as usize].shingles));
        let inside = ties.iter().filter_map(|(a, tie)| Some(tie.verified(sized(*a)?, sized(tie.other)?)));
        let mut ties: Vec<Verified> = inside.collect();
        ties.sort_unstable_by_key(|tie| (tie.a, tie.b));
        let copies: Vec<Verified> = ties.iter().copied().filter(|tie| tie.relation == Relation::Copy && tie.judged.is_none()).collect();
        let leaders = Families::of(rows.len(), &copies).leader;
        let is_open = rows.len() > 2 && config.level() < Level::Rewrite;
        let sets: Vec<Arc<Vec<u64>>> =
            if is_open { rows.iter().map(|row| self.shingles(row)).collect::<Done<_>>()? } else { Vec::new() };
        let shingles = |place: u32| sets.get(place as usize).map_or(Cow::Borrowed(&[][..]), |set| Cow::Borrowed(&set[..]));
        let likeness = Likeness::new(config, &ties, &leaders, &shingles);
        let groups = linked(config, rows.len(), &ties, &likeness);
        let mut cluster_of = vec![None; rows.len()];
        let grouped = groups.into_iter().map(|group| (group.members, group.weakest));
        let linked: Vec<(Vec<u32>, Similarity)> = grouped.collect();
        let mut alone = vec![true; rows.len()];
        linked.iter().flat_map(|(members, _)| members).for_each(|&place| alone[place as usize] = false);
        let alone = (0..rows.len() as u32)
            .filter(|&place| alone[place as usize] && rows[place as usize].stories > 1)
            .map(|place| (vec![place], Similarity::ONE));
        for (members, weakest) in linked.into_iter().chain(alone) {
            let cluster = self.canonical(members.iter().map(|&place| &rows[place as usize]))?;
            let stories = members.iter().map(|&place| rows[place as usize].stories).sum();
            ClusterRow { cluster, classes: members.len() as u32, stories, weakest }.write(db)?;
            members.iter().for_each(|&place| cluster_of[place as usize] = Some(cluster));
        }
        for (mut row, cluster) in rows.into_iter().zip(cluster_of) {
            if row.cluster != cluster {
                row.cluster = cluster;
                row.write(db)?;
            }
        }
        Ok(())
    }

    /// The story that is kept of those that are kept of `classes`.
    pub(super) fn canonical<'a>(&self, classes: impl Iterator<Item = &'a ClassRow>) -> Done<u32> {
        let kept: Vec<(StoryRow, u32)> = classes
            .map(|row| Ok((StoryRow::read(&self.store.db, row.kept)?, row.tokens)))
            .collect::<Done<_>>()?;
        let members: Vec<_> = kept.iter().map(|(row, tokens)| member(row, *tokens)).collect();
        Ok(kept[self.store.config.keep().choose(&members)].0.story)
    }

    /// Lets a class of a large component follow its closest neighbour, and notes that it waits.
    fn follow(&self, class: u32) -> Done<()> {
        let (db, level) = (&self.store.db, self.store.config.level());
        db.prepare_cached("INSERT OR IGNORE INTO stale(class) VALUES(?1)")?.execute([class])?;
        let mut row = ClassRow::read(db, class)?;
        if row.cluster.is_some() {
            return Ok(());
        }
        let mut closest: Option<(f64, u32)> = None;
        for tie in ties::of_class(db, class)?.into_iter().filter(|tie| tie.joins(level)) {
            let other = ClassRow::read(db, tie.other)?;
            let score = tie.verified((0, row.shingles), (1, other.shingles)).score;
            if let Some(cluster) = other.cluster
                && closest.is_none_or(|(best, _)| score > best)
            {
                closest = Some((score, cluster));
            }
        }
        if let Some((_, cluster)) = closest {
            self.grow(cluster, row.stories, 1)?;
            row.cluster = Some(cluster);
            row.write(db)?;
        }
        Ok(())
    }

    /// Counts more stories and classes into a cluster.
    pub(super) fn grow(&self, cluster: u32, stories: u32, classes: u32) -> Done<()> {
        let mut row = ClusterRow::read(&self.store.db, cluster)?;
        row.stories += stories;
        row.classes += classes;
        row.write(&self.store.db)
    }

    /// Cuts the components that wait, in the transaction at hand.
    pub(super) fn cut_stale(&self) -> Done<()> {
        let db = &self.store.db;
        let mut select = db.prepare_cached("SELECT class FROM stale")?;
        let stale: Touched = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        if !stale.is_empty() {
            self.regroup(&stale, true)?;
            db.execute("DELETE FROM stale", [])?;
        }
        Ok(())
    }
}
