//! From classes whose ties changed to the clusters that a scan of all stories would make.
//!
//! Linkage looks at one connected component at a time, so it is enough to cut those anew that a
//! step has touched, with the code and in the order of a scan. Components beyond
//! [`ALL_PAIRS`] classes are cut when a run of steps ends ([`Index::settle`]); until then a
//! newcomer follows its closest neighbour.

use crate::cluster::components;
use crate::cluster::linkage::ALL_PAIRS;
use crate::config::Level;
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::{Done, damage};
use crate::index::file::rows::{ClassRow, StoryRow};
use crate::index::file::ties::{self, Half};
use crate::relation::tie::Verified;
use crate::scan::families::Families;
use crate::scan::group::{self, Group, Likeness, linked};
use crate::scan::kept_apart::KeptApart;
use crate::similarity::{Overlap, Similarity};
use ahash::{AHashMap, AHashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Classes whose ties or stories changed.
pub(in crate::index) type Touched = BTreeSet<u32>;

/// A cluster and the places of its classes.
type Cut = (ClusterRow, Vec<u32>);

/// A connected component with all ties inside.
struct Part {
    rows: Vec<ClassRow>,
    /// Each tie once, from the side of the first.
    ties: Vec<(u32, Half)>,
}

impl Index {
    /// Cuts the components that hold `touched` anew; `all` of them, or only those of some size.
    pub(in crate::index) fn regroup(&self, touched: &Touched, all: bool) -> Done<()> {
        let mut seen = AHashSet::new();
        let (mut parts, mut late) = (Vec::new(), Vec::new());
        for &class in touched {
            if seen.contains(&class) {
                continue;
            }
            let walked = match all {
                false if self.hangs_on_waiting(class)? => None,
                false => self.part_of(class, ALL_PAIRS)?,
                true => self.part_of(class, usize::MAX)?,
            };
            if let Some(part) = walked {
                seen.extend(part.rows.iter().map(|row| row.class));
                parts.push(part);
            } else {
                self.wait(class)?;
                late.push(class);
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

    /// All classes of the components that hold `touched`, by number.
    pub(in crate::index) fn components(&self, touched: &Touched) -> Done<Touched> {
        let mut found = Touched::new();
        for &class in touched {
            if !found.contains(&class)
                && let Some(part) = self.part_of(class, usize::MAX)?
            {
                found.extend(part.rows.iter().map(|row| row.class));
            }
        }
        Ok(found)
    }

    /// Notes that a class of a large component waits, and those that are joined to it: whoever comes
    /// to one of them next need not walk the component again.
    fn wait(&self, class: u32) -> Done<()> {
        let (db, level) = (&self.store.db, self.store.config.level());
        let ties = ties::of_class(db, &ClassRow::read(db, class)?)?;
        let joined = ties.iter().filter(|tie| tie.joins(level)).map(|tie| tie.other);
        let mut insert = db.prepare_cached("INSERT OR IGNORE INTO stale(class) VALUES(?1)")?;
        for class in joined.chain([class]) {
            insert.execute([class])?;
        }
        Ok(())
    }

    /// Whether a class is joined to one that waits: then its component is too large, and nobody need
    /// walk it to know.
    fn hangs_on_waiting(&self, class: u32) -> Done<bool> {
        let (db, level) = (&self.store.db, self.store.config.level());
        let mut waits = db.prepare_cached("SELECT EXISTS(SELECT 1 FROM stale WHERE class = ?1)")?;
        for tie in ties::of_class(db, &ClassRow::read(db, class)?)?.into_iter().filter(|tie| tie.joins(level))
        {
            if waits.query_row([tie.other], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The component of `class`, unless it has more than `most` classes.
    fn part_of(&self, class: u32, most: usize) -> Done<Option<Part>> {
        let (db, level) = (&self.store.db, self.store.config.level());
        let mut part = Part { rows: Vec::new(), ties: Vec::new() };
        let (mut queue, mut met) = (vec![class], AHashSet::from_iter([class]));
        while let Some(class) = queue.pop() {
            #[cfg(test)]
            self.walked.set(self.walked.get() + 1);
            let row = ClassRow::read(db, class)?;
            let ties = ties::of_class(db, &row)?;
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
    fn cut(&self, part: Part) -> Done<()> {
        let db = &self.store.db;
        let (rows, clusters) = self.clusters_of(part)?;
        let mut cluster_of = vec![None; rows.len()];
        for (cluster, places) in &clusters {
            cluster.write(db)?;
            places.iter().for_each(|&place| cluster_of[place as usize] = Some(cluster.cluster));
        }
        for (mut row, cluster) in rows.into_iter().zip(cluster_of) {
            if row.cluster != cluster {
                row.cluster = cluster;
                row.write(db)?;
            }
        }
        Ok(())
    }

    /// The clusters that a scan would make of a component, each with the places of its classes
    /// among the rows, which are put in the order of a scan.
    fn clusters_of(&self, Part { rows, ties }: Part) -> Done<(Vec<ClassRow>, Vec<Cut>)> {
        let config = &self.store.config;
        let mut placed: Vec<(String, ClassRow)> =
            rows.into_iter().map(|row| Ok((self.id_of(row.least)?, row))).collect::<Done<_>>()?;
        placed.sort_unstable_by(|x, y| x.0.cmp(&y.0));
        let rows: Vec<ClassRow> = placed.into_iter().map(|(_, row)| row).collect();
        let place: AHashMap<u32, u32> = rows.iter().zip(0..).map(|(row, place)| (row.class, place)).collect();
        let sized = |class: u32| place.get(&class).map(|&place| (place, rows[place as usize].shingles));
        let inside = ties.iter().filter_map(|(a, tie)| Some(tie.verified(sized(*a)?, sized(tie.other)?)));
        let mut ties: Vec<Verified> = inside.collect();
        ties.sort_unstable_by_key(|tie| (tie.a, tie.b));
        let copies = || ties.iter().filter(|tie| tie.is_copy()).map(|tie| (tie.a, tie.b));
        let leaders = Families::of(rows.len(), copies()).leader;
        let sets = self.copied(&rows, copies())?;
        let untied = |a: u32, b: u32| Overlap::of_sorted(&sets[a as usize], &sets[b as usize]).similarity();
        let earliest: Vec<Option<i64>> = match config.level() {
            Level::Rewrite => rows.iter().map(|row| self.earliest(row)).collect::<Done<_>>()?,
            _ => Vec::new(),
        };
        let times = |place: u32| earliest[place as usize];
        let likeness = if config.level() < Level::Rewrite {
            Likeness::of_copies(rows.len(), &ties, &untied)
        } else {
            let copies = group::copies(config, rows.len(), &ties, &untied);
            Likeness::of_rewrites(config, &ties, &leaders, copies, &times)
        };
        let mut linked = linked(config, rows.len(), &ties, &likeness);
        if config.publishers().keeps_any_apart() {
            linked = self.parted(&rows, &ties, linked)?;
        }
        let mut groups: Vec<(Vec<u32>, Similarity)> =
            linked.into_iter().map(|group| (group.members, group.weakest)).collect();
        let mut alone = vec![true; rows.len()];
        groups.iter().flat_map(|(members, _)| members).for_each(|&place| alone[place as usize] = false);
        let repeated = (0..rows.len())
            .filter(|&place| alone[place] && rows[place].stories > 1)
            .map(|place| place as u32);
        groups.extend(repeated.map(|place| (vec![place], Similarity::ONE)));
        let cluster = |(members, weakest): (Vec<u32>, Similarity)| {
            let inside = || members.iter().map(|&place| &rows[place as usize]);
            let (cluster, stories) = (self.canonical(inside())?, inside().map(|row| row.stories).sum());
            Ok((ClusterRow { cluster, classes: members.len() as u32, stories, weakest }, members))
        };
        let clusters = groups.into_iter().map(cluster).collect::<Done<_>>()?;
        Ok((rows, clusters))
    }

    /// Clusters of classes in which no two are of outlets that must not be tied.
    fn parted(&self, rows: &[ClassRow], ties: &[Verified], groups: Vec<Group>) -> Done<Vec<Group>> {
        let sides = rows.iter().map(|row| Ok(self.kept_from_of(row)?.sides)).collect::<Done<_>>()?;
        Ok(KeptApart::known(self.store.config.publishers(), sides).part(ties, groups))
    }

    /// The shingles of those of `rows` that more than one other may be a copy of, by their places.
    fn copied(
        &self,
        rows: &[ClassRow],
        copies: impl Iterator<Item = (u32, u32)>,
    ) -> Done<Vec<Arc<Vec<u64>>>> {
        let mut sets = vec![Arc::default(); rows.len()];
        for part in components(rows.len(), copies).iter().filter(|part| part.len() > 2) {
            for &place in part {
                sets[place as usize] = self.shingles(&rows[place as usize])?;
            }
        }
        Ok(sets)
    }

    /// When the first story of a class was published, in seconds since 1970.
    fn earliest(&self, row: &ClassRow) -> Done<Option<i64>> {
        let stories = StoryRow::all_of(&self.store.db, row)?;
        Ok(stories.iter().filter_map(|story| story.time).map(crate::time::Time::latest_second).min())
    }

    /// Checks that every cluster is what a scan would make of its component.
    pub(in crate::index) fn check_clusters(&self, classes: &[u32]) -> Done<()> {
        let db = &self.store.db;
        let (mut seen, mut count) = (AHashSet::new(), 0);
        for &class in classes {
            if seen.contains(&class) {
                continue;
            }
            let Some(part) = self.part_of(class, usize::MAX)? else { continue };
            seen.extend(part.rows.iter().map(|row| row.class));
            let (rows, clusters) = self.clusters_of(part)?;
            let mut expected = vec![None; rows.len()];
            for (cluster, places) in &clusters {
                if ClusterRow::read(db, cluster.cluster)? != *cluster {
                    return damage(format!("cluster {} is not what its stories make", cluster.cluster));
                }
                places.iter().for_each(|&place| expected[place as usize] = Some(cluster.cluster));
            }
            if let Some((row, _)) = rows.iter().zip(&expected).find(|(row, cluster)| row.cluster != **cluster)
            {
                return damage(format!("class {} is in another cluster than its ties say", row.class));
            }
            count += clusters.len();
        }
        let found = ClusterRow::count(db)?;
        if found == count { Ok(()) } else { damage(format!("{found} clusters, expected {count}")) }
    }

    /// The story that is kept of those that are kept of `classes`.
    pub(in crate::index) fn canonical<'a>(&self, classes: impl Iterator<Item = &'a ClassRow>) -> Done<u32> {
        let kept: Vec<(StoryRow, u32)> = classes
            .map(|row| Ok((StoryRow::read(&self.store.db, row.kept)?, row.tokens)))
            .collect::<Done<_>>()?;
        let members: Vec<_> = kept.iter().map(|(row, tokens)| row.member(*tokens)).collect();
        Ok(kept[self.store.config.keep().choose(&members)].0.story)
    }

    /// Lets a class of a large component follow its closest neighbour until it is cut.
    fn follow(&self, class: u32) -> Done<()> {
        let (db, level) = (&self.store.db, self.store.config.level());
        let mut row = ClassRow::read(db, class)?;
        if row.cluster.is_some() {
            return Ok(());
        }
        let publishers = self.store.config.publishers();
        let kept = if publishers.keeps_any_apart() { Some(self.kept_from_of(&row)?) } else { None };
        let mut closest: Option<(f64, u32)> = None;
        for tie in ties::of_class(db, &row)?.into_iter().filter(|tie| tie.joins(level)) {
            let other = ClassRow::read(db, tie.other)?;
            let score = tie.verified((0, row.shingles), (1, other.shingles)).score;
            if let Some(cluster) = other.cluster
                && closest.is_none_or(|(best, _)| score > best)
                && self.may_join(cluster, kept.as_ref())?
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
    pub(in crate::index) fn grow(&self, cluster: u32, stories: u32, classes: u32) -> Done<()> {
        let mut row = ClusterRow::read(&self.store.db, cluster)?;
        row.stories += stories;
        row.classes += classes;
        row.write(&self.store.db)
    }

    /// How many classes of large components wait to be cut.
    pub(in crate::index) fn waiting(&self) -> Done<u64> {
        let count: i64 = self.store.db.query_row("SELECT count(*) FROM stale", [], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }

    /// Cuts the components that wait, in the transaction at hand.
    pub(in crate::index) fn cut_stale(&self) -> Done<()> {
        let stale = self.stale()?;
        if !stale.is_empty() {
            self.regroup(&stale, true)?;
            self.store.db.execute("DELETE FROM stale", [])?;
        }
        Ok(())
    }

    /// Those classes.
    pub(in crate::index) fn stale(&self) -> Done<Touched> {
        let mut select = self.store.db.prepare_cached("SELECT class FROM stale")?;
        let stale = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(stale)
    }
}
