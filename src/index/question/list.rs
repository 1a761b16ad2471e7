//! From the rows of an index to the [`Report`] that a scan of its stories would give.

use crate::error::Result;
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::{Done, damage};
use crate::index::file::fingerprint::{dispatch, unpack, url};
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::ties::{self, Half};
use crate::relation::tie::Verified;
use crate::report::{Detail, Report, StoryInfo};
use crate::scan::fetch::detail;
use crate::scan::group::{Group, membership};
use crate::scan::lay;
use crate::scan::noisy;
use crate::scan::pairs::Classes;
use crate::story::{Ordinal, Story};
use crate::wire;
use ahash::AHashMap;
use jiff::Timestamp;
use rayon::prelude::*;
use rusqlite::OptionalExtension;
use std::borrow::Cow;
use std::sync::Arc;

/// Texts that are unpacked at once, and from how many on all threads.
const AT_ONCE: usize = 4_096;
const FEW: usize = 512;

/// Classes from which it is quicker to read all ties, if they are at least one in so many of all.
const MANY_CLASSES: usize = 1_000;
const MOST_CLASSES: u64 = 4;

/// Which clusters and singles are asked for; all by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only those with a story of this time or later.
    pub since: Option<Timestamp>,
    /// Only those with a story before this time.
    pub until: Option<Timestamp>,
    /// Only those with a story of this source, without regard to ASCII case.
    pub source: Option<String>,
    /// Only clusters of so many stories or more; singles count as one.
    pub least: u32,
    /// Only the cluster, or the single, that holds the story of this id.
    pub story: Option<String>,
}

impl Filter {
    pub(in crate::index) fn takes(&self, row: &StoryRow) -> bool {
        let since = self.since.is_none_or(|since| row.time.is_some_and(|time| time.start() >= since));
        let until = self.until.is_none_or(|until| row.time.is_some_and(|time| time.start() < until));
        since && until && self.source.as_ref().is_none_or(|source| source.eq_ignore_ascii_case(&row.source))
    }
}

/// The rows that a report is made of.
struct Rows {
    /// By id.
    stories: Vec<StoryRow>,
    classes: AHashMap<u32, ClassRow>,
    /// The place of the first story of a class, by class.
    first: AHashMap<u32, Ordinal>,
}

impl Index {
    /// The stories of the index with their clusters and pairs, as a scan would report them.
    /// Cost: all stories are looked at, and the texts of those in clusters are read; some seconds
    /// a million. With [`Filter::story`], one cluster is.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn report(&self, filter: &Filter) -> Result<Report> {
        self.read(|index, state| {
            let rows = match &filter.story {
                Some(id) => index.rows_around(state, id)?,
                None => index.all_rows(state)?,
            };
            index.report_of(rows, filter)
        })
    }

    /// All rows.
    pub(super) fn all_rows(&self, state: &State) -> Done<(Vec<StoryRow>, Vec<ClassRow>)> {
        let (db, mut stories, mut classes) = (&self.store.db, Vec::new(), Vec::new());
        StoryRow::all(db, |row| {
            stories.push(row);
            Ok(())
        })?;
        ClassRow::all(db, 0, |row| {
            classes.push(row);
            Ok(())
        })?;
        if (stories.len() as u64, classes.len() as u64) != (state.stories, state.classes) {
            let text = format!(
                "{} stories and {} classes, expected {} and {}",
                stories.len(),
                classes.len(),
                state.stories,
                state.classes
            );
            return damage(text);
        }
        Ok((stories, classes))
    }

    /// The rows of the cluster of a story; none if there is no such story.
    pub(in crate::index) fn rows_around(
        &self,
        state: &State,
        id: &str,
    ) -> Done<(Vec<StoryRow>, Vec<ClassRow>)> {
        let db = &self.store.db;
        self.tail.borrow_mut().catch_up(db, state)?;
        let Some(story) = self.find_story(state, id)? else { return Ok((Vec::new(), Vec::new())) };
        if story.class == 0 {
            return Ok((vec![story], Vec::new()));
        }
        let class = ClassRow::read(db, story.class)?;
        let classes = match class.cluster {
            Some(cluster) => self.classes_of(cluster)?,
            None => vec![class],
        };
        let mut stories = Vec::new();
        for class in &classes {
            stories.extend(StoryRow::all_of(db, class)?);
        }
        Ok((stories, classes))
    }

    /// All classes of a cluster.
    pub(in crate::index) fn classes_of(&self, cluster: u32) -> Done<Vec<ClassRow>> {
        let found = ClassRow::of_cluster(&self.store.db, cluster)?;
        let expected = ClusterRow::read(&self.store.db, cluster)?.classes;
        if found.len() == expected as usize {
            return Ok(found);
        }
        damage(format!("cluster {cluster} has {} classes, expected {expected}", found.len()))
    }

    pub(in crate::index) fn report_of(
        &self,
        rows: (Vec<StoryRow>, Vec<ClassRow>),
        filter: &Filter,
    ) -> Done<Report> {
        let (config, rows) = (&self.store.config, chosen(rows, filter)?);
        let place = |class: u32| rows.first.get(&class).map(|&place| (place, rows.classes[&class].shingles));
        let mut found: Vec<Verified> = Vec::new();
        for (a, half) in self.ties_among(&rows)? {
            if let (Some(a), Some(b)) = (place(a), place(half.other)) {
                found.push(half.verified(a, b));
            }
        }
        found.sort_unstable_by_key(|tie| (tie.a, tie.b));
        let (classes, groups) = (rows.by_class(), self.groups(&rows)?);
        let cluster_of = membership(groups.iter().map(|group| &group.members[..]), rows.stories.len());
        let size = |story: Ordinal| rows.classes[&rows.stories[story as usize].class].shingles;
        let ties = lay::ties(config, &classes, size, found, &cluster_of);
        let mut shown = vec![false; rows.stories.len()];
        let tied = ties.iter().flat_map(|tie| [tie.a, tie.b]);
        let grouped = groups.iter().flat_map(|group| group.members.iter().copied());
        tied.chain(grouped).for_each(|story| shown[story as usize] = true);
        let details = self.details(&rows.stories, &shown)?;
        let info = |(row, detail): (StoryRow, _)| StoryInfo {
            tokens: rows.classes.get(&row.class).map_or(0, |class| class.tokens),
            url: url(row.dispatch.as_deref()),
            dispatch: dispatch(row.dispatch.as_deref()),
            id: row.id,
            source: row.source,
            time: row.time,
            detail,
        };
        let stories: Vec<StoryInfo> = rows.stories.into_iter().zip(details).map(info).collect();
        let (pairs, clusters) = lay::laid(config, &stories, ties, groups);
        let publishers = Arc::clone(&self.newsrooms);
        Ok(Report { stories, pairs, clusters, model: *config.model(), publishers, ..Report::default() })
    }

    /// Every tie of two classes of `rows`, once.
    fn ties_among(&self, rows: &Rows) -> Done<Vec<(u32, Half)>> {
        let (db, mut found) = (&self.store.db, Vec::new());
        let mut counts: AHashMap<u32, u32> = AHashMap::new();
        let mut take = |a: u32, half: Half| {
            *counts.entry(a).or_default() += 1;
            if a < half.other {
                found.push((a, half));
            }
            Ok(())
        };
        let classes = rows.classes.len();
        if classes > MANY_CLASSES && classes as u64 * MOST_CLASSES > State::read(db)?.classes {
            ties::all(db, take)?;
        } else {
            for row in rows.classes.values() {
                ties::of_class(db, row)?.into_iter().try_for_each(|half| take(row.class, half))?;
            }
        }
        for (class, row) in &rows.classes {
            let count = counts.get(class).copied().unwrap_or_default();
            if count != row.ties {
                return damage(format!("class {class} has {count} ties, expected {}", row.ties));
            }
        }
        Ok(found)
    }

    /// The clusters of `rows`, by first member.
    fn groups(&self, rows: &Rows) -> Done<Vec<Group>> {
        let mut members: AHashMap<u32, Vec<Ordinal>> = AHashMap::new();
        for (row, place) in rows.stories.iter().zip(0..) {
            if let Some(cluster) = rows.classes.get(&row.class).and_then(|class| class.cluster) {
                members.entry(cluster).or_default().push(place);
            }
        }
        let of = |(cluster, members): (u32, Vec<Ordinal>)| {
            let row = ClusterRow::read(&self.store.db, cluster)?;
            if row.stories as usize != members.len() {
                let (found, expected) = (members.len(), row.stories);
                return damage(format!("cluster {cluster} has {found} stories, expected {expected}"));
            }
            Ok(Group { members, weakest: row.weakest })
        };
        let mut groups: Vec<Group> = members.into_iter().map(of).collect::<Done<_>>()?;
        groups.sort_unstable_by_key(|group| group.members[0]);
        Ok(groups)
    }

    /// Whether any story says who speaks. As in a scan: where none does, there is nobody to credit.
    pub(in crate::index) fn is_voiced(&self) -> Done<bool> {
        let db = &self.store.db;
        // Numbers are never given twice, so whoever was silent up to there stays so.
        let sql = "SELECT story FROM stories WHERE story >= ?1 AND source <> '' ORDER BY story LIMIT 1";
        let voice = db.prepare_cached(sql)?.query_row([self.silent.get()], |row| row.get(0)).optional()?;
        let end = || db.query_row("SELECT coalesce(max(story), 0) + 1 FROM stories", [], |row| row.get(0));
        self.silent.set(voice.map_or_else(end, Ok)?);
        Ok(voice.is_some())
    }

    /// What is shown of the stories that are `shown`, from their texts.
    fn details(&self, rows: &[StoryRow], shown: &[bool]) -> Done<Vec<Option<Box<Detail>>>> {
        let mut details = vec![None; rows.len()];
        let wanted: Vec<usize> = (0..rows.len()).filter(|&place| shown[place]).collect();
        let is_voiced = self.is_voiced()?;
        for places in wanted.chunks(AT_ONCE) {
            let packed = places.iter().map(|&place| Ok((place, self.packed(rows[place].story)?)));
            let packed: Vec<(usize, Vec<u8>)> = packed.collect::<Done<_>>()?;
            let config = &self.store.config;
            let make = |(place, packed): (usize, Vec<u8>)| {
                let row = &rows[place];
                let mut story = Story { id: row.id.clone(), source: row.source.clone(), ..Story::default() };
                unpack(&mut story, &packed)?;
                wire::prepare(&mut story, config.keep_furniture());
                let noise = noisy::share_of(config, &story.body);
                Ok((place, Box::new(Detail { noise, ..detail(Cow::Owned(story), is_voiced) })))
            };
            // Whoever asks for a few is one of many who ask.
            let made: Vec<(usize, Box<Detail>)> = if places.len() < FEW {
                packed.into_iter().map(make).collect::<Done<_>>()?
            } else {
                packed.into_par_iter().map(make).collect::<Done<_>>()?
            };
            for (place, detail) in made {
                details[place] = Some(detail);
            }
        }
        Ok(details)
    }
}

/// Those of the rows that the filter takes, by id.
fn chosen((mut stories, classes): (Vec<StoryRow>, Vec<ClassRow>), filter: &Filter) -> Done<Rows> {
    let classes: AHashMap<u32, ClassRow> = classes.into_iter().map(|row| (row.class, row)).collect();
    let cluster = |row: &StoryRow| classes.get(&row.class).and_then(|class| class.cluster);
    if stories.iter().any(|row| row.class > 0 && !classes.contains_key(&row.class)) {
        return damage("a story is of a class that is missing");
    }
    let mut taken: AHashMap<u32, (u32, bool)> = AHashMap::new();
    for row in &stories {
        if let Some(cluster) = cluster(row) {
            let (count, takes) = taken.entry(cluster).or_default();
            *count += 1;
            *takes |= filter.takes(row);
        }
    }
    stories.retain(|row| match cluster(row) {
        Some(cluster) => taken[&cluster].1 && taken[&cluster].0 >= filter.least,
        None => filter.takes(row) && filter.least <= 1,
    });
    stories.par_sort_unstable_by(|x, y| x.id.cmp(&y.id));
    let mut first = AHashMap::new();
    for (row, place) in stories.iter().zip(0..) {
        if row.class > 0 {
            first.entry(row.class).or_insert(place);
        }
    }
    Ok(Rows { stories, classes, first })
}

impl Rows {
    /// The classes as a scan knows them: by the places of their stories.
    fn by_class(&self) -> Classes {
        let mut members: AHashMap<u32, Vec<Ordinal>> = AHashMap::new();
        for (row, place) in self.stories.iter().zip(0..) {
            if row.class > 0 {
                members.entry(row.class).or_default().push(place);
            }
        }
        let mut comparable: Vec<Ordinal> = members.values().map(|members| members[0]).collect();
        comparable.sort_unstable();
        let mut repeated: Vec<Vec<Ordinal>> = members.into_values().filter(|m| m.len() > 1).collect();
        repeated.sort_unstable_by_key(|members| members[0]);
        Classes::known(comparable, repeated)
    }
}
